/*  =========================================================================
    test_rules - the simulator finds fault where there is some

    Goal: a world that is well is so because its rules can fail.  Method: the
    ledger is told of tables and messages that break one rule each; the knobs
    are turned by words, as on a command line.
    =========================================================================
*/

#include "sim/ledger.h"
#include "sim/options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define OLD "AT Alford +0.000000000 kiwi +1-1 1479413884"
#define NEW "AT Alford +0.000000000 kiwi +1-1 1479413885"


//  Two servers; the first holds the old location, and both were told

static int
s_set_up (void **state)
{
    ledger_t *ledger = ledger_new (2, false);
    ledger_born (ledger, 0, 7);
    ledger_born (ledger, 1, 8);
    ledger_said (ledger, span_of (OLD));
    ledger_said (ledger, span_of (NEW));
    ledger_holds (ledger, 0, span_of ("kiwi"), span_of (OLD));
    ledger_ends (ledger, 0, 1, 1);
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
    ledger_ends (ledger, 0, 2, 1);
    s_assert_broken (ledger, "uncounted");
}


static void
who_says_it_has_a_log_has_it (void **state)
{
    ledger_t *ledger = *state;
    message_t message = {.kind = MESSAGE_STATE, .got_incarnation = 7};
    ledger_sent (ledger, 1, 0, &message);
    assert_null (ledger_broken (ledger));
    message.got_incarnation = 6;
    message.got = 1;
    ledger_sent (ledger, 1, 0, &message);
    assert_null (ledger_broken (ledger));
    message.got_incarnation = 7;
    ledger_sent (ledger, 1, 0, &message);
    s_assert_broken (ledger, "pretended");
}


static void
who_has_a_newer_location_has_the_log (void **state)
{
    ledger_t *ledger = *state;
    message_t message = {.kind = MESSAGE_STATE, .got_incarnation = 7, .got = 1};
    ledger_holds (ledger, 1, span_of ("kiwi"), span_of (NEW));
    ledger_sent (ledger, 1, 0, &message);
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
        "servers=20", "graph=tree", "loss=12.5", "delay_max_us=1000",
        "unchecked=1"};
    world_options_t options = options_default ();
    for (size_t at = 0; at < sizeof (words) / sizeof (words [0]); at++)
        assert_int_equal (options_set (&options, words [at]), 0);
    assert_int_equal (options.graph, WORLD_TREE);
    char text [200];
    options_print (&options, text, sizeof (text));
    assert_string_equal (text,
        " seed=18446744073709551615 servers=20 graph=tree loss=12.5"
        " delay_max_us=1000 unchecked=1");
}


static void
words_that_make_no_sense_change_nothing (void **state)
{
    (void) state;
    static const char *const words [] = {"", "servers", "servers=", "servers=0",
        "servers=1001", "servers=5x", "servers=-5", "graph=star", "loss=101",
        "loss=-1", "loss=", "seeds=1", "seed=18446744073709551616", "window=0",
        "trace=2", "=1"};
    world_options_t options = options_default ();
    for (size_t at = 0; at < sizeof (words) / sizeof (words [0]); at++)
        assert_int_equal (options_set (&options, words [at]), -1);
    char text [200];
    options_print (&options, text, sizeof (text));
    assert_string_equal (text, " seed=1");
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
        CASE (who_says_it_has_a_log_has_it),
        CASE (who_has_a_newer_location_has_the_log),
        CASE (agreement_is_on_the_newest),
        CASE (copies_are_counted),
        cmocka_unit_test (words_make_a_world_and_print_again),
        cmocka_unit_test (words_that_make_no_sense_change_nothing),
    };
    return cmocka_run_group_tests_name ("rules", tests, NULL, NULL);
}
