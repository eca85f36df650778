/*  =========================================================================
    test_rules - the simulator finds fault where there is some

    Goal: a world that is well is so because its rules can fail.  Method: the
    ledger is told of tables and messages that break one rule each; the knobs
    are turned by words, as on a command line.
    =========================================================================
*/

#include "sim/ledger.h"
#include "sim/options.h"
#include "sim/storm.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define OLD "AT Alford +0.000000000 kiwi +1-1 1479413884"
#define NEW "AT Alford +0.000000000 kiwi +1-1 1479413885"


//  The server has so many changes and clients

static void
s_end (ledger_t *ledger, unsigned server, uint64_t changes, size_t clients,
    bool loading)
{
    ledger_ends (ledger, server,
        &(server_status_t){
            .changes = changes, .clients_known = clients, .loading = loading});
}


//  Two servers; the first holds the old location, and both were told

static int
s_set_up (void **state)
{
    ledger_t *ledger = ledger_new (2, false);
    ledger_born (ledger, 0, "Alford", 7, false);
    ledger_born (ledger, 1, "Ball", 8, false);
    for (unsigned server = 0; server < 2; server++)
        ledger_clocks (ledger, server, 1479413885, 1479413885);
    ledger_said (ledger, span_of (OLD));
    ledger_said (ledger, span_of (NEW));
    ledger_holds (ledger, 0, span_of ("kiwi"), span_of (OLD));
    s_end (ledger, 0, 1, 1, false);
    assert_null (ledger_broken (ledger));
    *state = ledger;
    return 0;
}


static int
s_tear_down (void **state)
{
    ledger_t *ledger = *state;
    ledger_destroy (&ledger);
    return 0;
}


static void
s_assert_broken (const ledger_t *ledger, const char *rule)
{
    const char *broken = ledger_broken (ledger);
    assert_non_null (broken);
    assert_memory_equal (broken, rule, strlen (rule));
}


static void
a_location_may_not_be_forgotten (void **state)
{
    ledger_t *ledger = *state;
    ledger_holds (ledger, 0, span_of ("kiwi"), span_of (""));
    s_assert_broken (ledger, "forgotten");
}


static void
a_table_may_not_go_back (void **state)
{
    ledger_t *ledger = *state;
    ledger_holds (ledger, 0, span_of ("kiwi"), span_of (NEW));
    assert_null (ledger_broken (ledger));
    ledger_holds (ledger, 0, span_of ("kiwi"), span_of (OLD));
    s_assert_broken (ledger, "forgotten");
}


static void
a_location_may_not_be_invented (void **state)
{
    ledger_t *ledger = *state;
    ledger_holds (ledger, 1, span_of ("emu"),
        span_of ("AT Alford +0.000000000 emu +1-1 1479413884"));
    s_assert_broken (ledger, "invented");
}


static void
a_change_has_one_number (void **state)
{
    ledger_t *ledger = *state;
    s_end (ledger, 0, 2, 1, false);
    s_assert_broken (ledger, "uncounted");
}


//  What is loaded has no number, but only while a server loads

static void
a_server_that_loads_does_not_count_new_clients (void **state)
{
    ledger_t *ledger = *state;
    ledger_holds (ledger, 1, span_of ("kiwi"), span_of (OLD));
    s_end (ledger, 1, 0, 1, true);
    assert_null (ledger_broken (ledger));
    ledger_holds (ledger, 1, span_of ("kiwi"), span_of (NEW));
    s_end (ledger, 1, 1, 1, false);
    assert_null (ledger_broken (ledger));
}


static void
a_change_of_a_known_client_counts_while_loading_too (void **state)
{
    ledger_t *ledger = *state;
    ledger_holds (ledger, 1, span_of ("kiwi"), span_of (OLD));
    s_end (ledger, 1, 0, 1, true);
    ledger_holds (ledger, 1, span_of ("kiwi"), span_of (NEW));
    s_end (ledger, 1, 0, 1, true);
    s_assert_broken (ledger, "uncounted");
}


static void
a_server_that_has_loaded_counts_new_clients (void **state)
{
    ledger_t *ledger = *state;
    s_end (ledger, 1, 0, 0, false);
    ledger_holds (ledger, 1, span_of ("kiwi"), span_of (OLD));
    s_end (ledger, 1, 0, 1, false);
    s_assert_broken (ledger, "uncounted");
}


static void
who_says_it_has_a_log_has_it (void **state)
{
    ledger_t *ledger = *state;
    message_t message = {.kind = MESSAGE_STATE,
        .receiver = 7,
        .flags = MESSAGE_SETTLED,
        .got = TABLE_LSN_BASE};
    ledger_sent (ledger, 1, 0, &message);
    assert_null (ledger_broken (ledger));
    message.receiver = 6;
    message.got = TABLE_LSN_BASE + 1;
    ledger_sent (ledger, 1, 0, &message);
    assert_null (ledger_broken (ledger));
    message.receiver = 7;
    ledger_sent (ledger, 1, 0, &message);
    s_assert_broken (ledger, "pretended");
}


//  A position alone claims nothing, nor does an audit of which a part was lost

static void
who_is_not_settled_or_blind_claims_nothing (void **state)
{
    ledger_t *ledger = *state;
    message_t message = {
        .kind = MESSAGE_STATE, .receiver = 7, .got = TABLE_LSN_BASE + 1};
    ledger_sent (ledger, 1, 0, &message);
    assert_null (ledger_broken (ledger));
    message.flags = MESSAGE_SETTLED;
    ledger_blinded (ledger, 0, 1);
    ledger_sent (ledger, 1, 0, &message);
    assert_null (ledger_broken (ledger));
    ledger_holds (ledger, 1, span_of ("kiwi"), span_of (OLD));
    ledger_sent (ledger, 1, 0, &message);
    ledger_holds (ledger, 0, span_of ("kiwi"), span_of (NEW));
    s_end (ledger, 0, 2, 1, false);
    message.got = TABLE_LSN_BASE + 2;
    ledger_sent (ledger, 1, 0, &message);
    s_assert_broken (ledger, "pretended");
}


static void
what_is_of_the_future_may_be_refused (void **state)
{
    ledger_t *ledger = *state;
    message_t message = {.kind = MESSAGE_STATE,
        .receiver = 7,
        .flags = MESSAGE_SETTLED,
        .got = TABLE_LSN_BASE + 1};
    ledger_clocks (ledger, 1, 1479413000, 1479413000);
    ledger_heard (ledger, 1, span_of (OLD));
    ledger_sent (ledger, 1, 0, &message);
    assert_null (ledger_broken (ledger));
}


static void
what_is_of_the_future_may_not_be_believed (void **state)
{
    ledger_t *ledger = *state;
    ledger_clocks (ledger, 1, 1479413000, 1479413000);
    ledger_holds (ledger, 1, span_of ("kiwi"), span_of (OLD));
    s_assert_broken (ledger, "believed");
}


static void
who_has_a_newer_location_has_the_log (void **state)
{
    ledger_t *ledger = *state;
    message_t message = {.kind = MESSAGE_STATE,
        .receiver = 7,
        .flags = MESSAGE_SETTLED,
        .got = TABLE_LSN_BASE + 1};
    ledger_holds (ledger, 1, span_of ("kiwi"), span_of (NEW));
    ledger_sent (ledger, 1, 0, &message);
    assert_null (ledger_broken (ledger));
}


//  What one loaded is in no stream, but for who asks from its beginning

static void
who_began_at_the_beginning_has_what_was_loaded (void **state)
{
    ledger_t *ledger = *state;
    ledger_holds (ledger, 1, span_of ("kiwi"), span_of (OLD));
    s_end (ledger, 1, 0, 1, false);
    ledger_died (ledger, 0);
    ledger_born (ledger, 0, "Alford", 9, false);
    message_t message = {.kind = MESSAGE_STATE,
        .receiver = 8,
        .flags = MESSAGE_SETTLED,
        .got = TABLE_LSN_BASE};
    ledger_sent (ledger, 0, 1, &message);
    assert_null (ledger_broken (ledger));
    message.got = 0;
    ledger_sent (ledger, 0, 1, &message);
    assert_null (ledger_broken (ledger));
    message.got = TABLE_LSN_BASE;
    ledger_sent (ledger, 0, 1, &message);
    s_assert_broken (ledger, "pretended");
}


//  Who was robbed does not pretend; but it has no excuse for what is newer

static void
who_was_robbed_is_excused (void **state)
{
    ledger_t *ledger = *state;
    message_t message = {.kind = MESSAGE_STATE,
        .receiver = 7,
        .flags = MESSAGE_SETTLED,
        .got = TABLE_LSN_BASE + 1};
    ledger_holds (ledger, 1, span_of ("kiwi"), span_of (OLD));
    s_end (ledger, 1, 1, 1, false);
    ledger_robbed (ledger, 1, span_of ("kiwi"));
    s_end (ledger, 1, 1, 0, false);
    ledger_sent (ledger, 1, 0, &message);
    assert_null (ledger_broken (ledger));
    ledger_holds (ledger, 0, span_of ("kiwi"), span_of (NEW));
    s_end (ledger, 0, 2, 1, false);
    message.got = TABLE_LSN_BASE + 2;
    ledger_sent (ledger, 1, 0, &message);
    s_assert_broken (ledger, "pretended");
}


static void
what_was_altered_may_be_held (void **state)
{
    ledger_t *ledger = *state;
    ledger_altered (
        ledger, 0, span_of ("AT Ball +0.000000000 kiwi +1-1 1479413880"));
    s_end (ledger, 0, 1, 1, false);
    assert_null (ledger_broken (ledger));
    ledger_holds (ledger, 0, span_of ("kiwi"), span_of (OLD));
    s_end (ledger, 0, 2, 1, false);
    assert_null (ledger_broken (ledger));
}


//  Servers may agree, and yet on less than they had

static void
agreement_is_on_the_newest (void **state)
{
    ledger_t *ledger = *state;
    assert_false (ledger_agrees (ledger));
    ledger_holds (ledger, 1, span_of ("kiwi"), span_of (OLD));
    assert_true (ledger_agrees (ledger));
    ledger_holds (ledger, 1, span_of ("kiwi"), span_of (NEW));
    assert_false (ledger_agrees (ledger));
    ledger_promise (ledger);
    ledger_died (ledger, 1);
    assert_false (ledger_agrees (ledger));
    ledger_holds (ledger, 0, span_of ("kiwi"), span_of (NEW));
    assert_true (ledger_agrees (ledger));
}


static void
copies_are_counted (void **state)
{
    ledger_t *ledger = *state;
    message_t message = {.kind = MESSAGE_BATCH, .body = span_of (OLD "\n")};
    ledger_sent (ledger, 0, 1, &message);
    ledger_sent (ledger, 1, 0, &message);
    assert_int_equal (ledger_copies (ledger, OLD), 2);
    assert_int_equal (ledger_copies (ledger, NEW), 0);
}


static void
words_make_a_world_and_print_again (void **state)
{
    (void) state;
    static const char *const words [] = {"seed=18446744073709551615",
        "servers=20", "graph=tree", "loss=12.5", "rate=256-1000000", "delay=20",
        "delay_max_us=1000", "unchecked=1"};
    world_options_t options = options_default ();
    for (size_t at = 0; at < sizeof (words) / sizeof (words [0]); at++)
        assert_int_equal (options_set (&options, words [at]), 0);
    assert_int_equal (options.graph, WORLD_TREE);
    char text [512];
    options_print (&options, text, sizeof (text));
    for (size_t at = 0; at < sizeof (words) / sizeof (words [0]); at++)
        assert_non_null (strstr (text, words [at]));

    //  They make it out of the world that make sim takes for a seed, too
    options = storm_options (7, 40);
    char copy [512];
    char *rest = copy;
    snprintf (copy, sizeof (copy), "%s", text + 1);
    for (const char *word; (word = strsep (&rest, " "));)
        assert_int_equal (options_set (&options, word), 0);
    char again [512];
    options_print (&options, again, sizeof (again));
    assert_string_equal (again, text);
}


static void
words_that_make_no_sense_change_nothing (void **state)
{
    (void) state;
    static const char *const words [] = {"", "servers", "servers=", "servers=0",
        "servers=1001", "servers=5x", "servers=-5", "graph=star", "loss=101",
        "loss=-1", "loss=", "seeds=1", "seed=18446744073709551616", "window=0",
        "rate=", "rate=2-1", "rate=1-", "rate=-1", "rate=1-2-3", "delay=60001",
        "trace=2", "=1"};
    world_options_t options = options_default ();
    char before [512];
    options_print (&options, before, sizeof (before));
    for (size_t at = 0; at < sizeof (words) / sizeof (words [0]); at++)
        assert_int_equal (options_set (&options, words [at]), -1);
    char after [512];
    options_print (&options, after, sizeof (after));
    assert_string_equal (after, before);
}


#define CASE(name) cmocka_unit_test_setup_teardown (name, s_set_up, s_tear_down)

int
main (void)
{
    const struct CMUnitTest tests [] = {
        CASE (a_location_may_not_be_forgotten),
        CASE (a_table_may_not_go_back),
        CASE (a_location_may_not_be_invented),
        CASE (a_change_has_one_number),
        CASE (a_server_that_loads_does_not_count_new_clients),
        CASE (a_change_of_a_known_client_counts_while_loading_too),
        CASE (a_server_that_has_loaded_counts_new_clients),
        CASE (who_began_at_the_beginning_has_what_was_loaded),
        CASE (who_was_robbed_is_excused),
        CASE (what_was_altered_may_be_held),
        CASE (who_says_it_has_a_log_has_it),
        CASE (who_is_not_settled_or_blind_claims_nothing),
        CASE (what_is_of_the_future_may_be_refused),
        CASE (what_is_of_the_future_may_not_be_believed),
        CASE (who_has_a_newer_location_has_the_log),
        CASE (agreement_is_on_the_newest),
        CASE (copies_are_counted),
        cmocka_unit_test (words_make_a_world_and_print_again),
        cmocka_unit_test (words_that_make_no_sense_change_nothing),
    };
    return cmocka_run_group_tests_name ("rules", tests, NULL, NULL);
}
