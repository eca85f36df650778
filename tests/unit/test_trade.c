/*  =========================================================================
    test_trade - what a gateway says to other regions, and takes of them

    Gate, of region east, whose other server is Alford; Welsh is of west.
    =========================================================================
*/

#include "core/server.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <cmocka.h>

#define NOW 1479413884

typedef struct {
    server_t *server;
    trade_t *trade;
    effects_t *effects;
    int64_t clock_ms;
} gate_t;

static const char *const s_servers [] = {"Alford", "Gate", "Late"};


static int
s_new (void **state)
{
    gate_t *self = calloc (1, sizeof (gate_t));
    assert_non_null (self);
    self->server = server_new (&(server_options_t){.name = "Gate",
        .herd = "test",
        .secret = "",
        .incarnation = 7,
        .table_size_max = 1048576,
        .waiting_max = 1,
        .ttl_seconds = 3600,
        .gateway = {"east", s_servers, 2}});
    self->trade = server_trade (self->server);
    self->effects = effects_new ();
    self->clock_ms = 1000;
    *state = self;
    return 0;
}


static int
s_free (void **state)
{
    gate_t *self = *state;
    server_destroy (&self->server);
    effects_destroy (&self->effects);
    free (self);
    return 0;
}


//  Its line, heard so many seconds from now on

static const char *
s_line (const char *server, const char *client, int seconds)
{
    static char line [LOCATION_LINE_SIZE_MAX + 1];
    snprintf (line, sizeof line, "AT %s +0.000000000 %s +1+2 %d", server,
        client, NOW + seconds);
    return line;
}


//  A peer tells it

static void
s_tell (gate_t *self, const char *server, const char *client, int seconds)
{
    location_t location;
    assert_true (
        location_parse (&location, span_of (s_line (server, client, seconds))));
    assert_int_equal (
        table_put (server_table (self->server), &location, 0), TABLE_STORED);
}


static void
s_step (gate_t *self, event_kind_t kind, const char *speaker, const char *text)
{
    effects_clear (self->effects);
    server_step (self->server,
        &(event_t){.kind = kind,
            .now = {NOW, 0},
            .clock_ms = self->clock_ms,
            .speaker = speaker,
            .text = span_of (text)},
        self->effects);
}


static void
s_bring (gate_t *self, const char *speaker, const char *line)
{
    s_step (self, EVENT_REGION_RECORD, speaker, line);
}


//  The next that is published is of this subject and line; or there is none

static uint64_t
s_expect (gate_t *self, const char *subject, const char *line)
{
    trade_item_t item;
    size_t looks = 1000;
    char text [TRADE_SUBJECT_SIZE_MAX];
    bool found = trade_next (self->trade, &item, &looks);
    assert_int_equal (found, subject != NULL);
    if (!found)
        return 0;
    span_t written = {text, trade_print (self->trade, item.line, text)};
    assert_true (span_equal (written, span_of (subject)));
    assert_true (span_equal (item.line, span_of (line)));
    return item.number;
}


static void
s_expect_none (gate_t *self)
{
    s_expect (self, NULL, NULL);
    assert_false (trade_has_next (self->trade));
}


static uint64_t
s_refused (const gate_t *self, refusal_t why)
{
    return server_status (self->server).refusals [why];
}


static bool
s_knows (gate_t *self, const char *line)
{
    location_t wanted, found;
    assert_true (location_parse (&wanted, span_of (line)));
    return table_find (server_table (self->server), wanted.client, &found) &&
           span_equal (found.line, wanted.line);
}


static void
what_servers_of_the_region_heard_is_published_once (void **state)
{
    gate_t *self = *state;
    s_tell (self, "Alford", "kiwi.cs", 0);
    s_tell (self, "Welsh", "other", 0);
    s_tell (self, "Gate", "*", 0);
    s_tell (self, "Alford2", "third", 0);
    s_expect (self, "east.kiwi=2Ecs", s_line ("Alford", "kiwi.cs", 0));
    s_expect (self, "east.=2A", s_line ("Gate", "*", 0));
    s_expect_none (self);
    s_tell (self, "Alford", "kiwi.cs", 1);
    s_tell (self, "Alford", "kiwi.cs", 2);
    s_expect (self, "east.kiwi=2Ecs", s_line ("Alford", "kiwi.cs", 2));
    s_expect_none (self);
    assert_int_equal (trade_counts (self->trade).published, 3);
}


static void
nothing_that_the_stream_brought_is_published (void **state)
{
    gate_t *self = *state;
    s_bring (self, "west.a", s_line ("Welsh", "a", 0));
    s_bring (self, "east.b", s_line ("Alford", "b", 0));
    s_tell (self, "Alford", "c", 0);
    s_bring (self, "east.c", s_line ("Alford", "c", 0));
    s_expect_none (self);
    region_counts_t counts = trade_counts (self->trade);
    assert_int_equal (counts.delivered, 1);
    assert_int_equal (counts.own, 2);
    assert_int_equal (counts.records_new, 2);
    assert_int_equal (counts.records_same, 1);
    assert_true (s_knows (self, s_line ("Welsh", "a", 0)));
    assert_true (s_knows (self, s_line ("Alford", "b", 0)));
}


static void
what_the_stream_has_older_is_published (void **state)
{
    gate_t *self = *state;
    s_tell (self, "Alford", "a", 5);
    s_bring (self, "east.a", s_line ("Alford", "a", 0));
    s_bring (self, "west.b", s_line ("Welsh", "b", 0));
    s_tell (self, "Alford", "b", 9);
    s_expect (self, "east.a", s_line ("Alford", "a", 5));
    s_expect (self, "east.b", s_line ("Alford", "b", 9));
    s_expect_none (self);
    assert_int_equal (trade_counts (self->trade).records_old, 1);
}


static void
what_no_peer_could_bring_is_refused_and_counted (void **state)
{
    gate_t *self = *state;
    static const char *const bad [] = {"", "AT", "AT Welsh +0 a +1+2 1",
        "AT Welsh +0.000000000 a +91+2 1479413884",
        "AT Welsh +0.000000000 a +1+2 1479413884\n",
        "AT We*sh +0.000000000 a +1+2 1479413884"};
    for (size_t row = 0; row < sizeof bad / sizeof *bad; row++)
        s_bring (self, "west.a", bad [row]);
    assert_int_equal (s_refused (self, REFUSED_RECORD), 6);
    assert_int_equal (server_status (self->server).refused, 6);
    s_bring (self, "west.a", s_line ("Welsh", "a", 700));
    assert_int_equal (s_refused (self, REFUSED_FUTURE), 1);
    assert_int_equal (server_status (self->server).clients_known, 0);
    s_bring (self, "west.a", s_line ("Welsh", "a", 500));
    assert_int_equal (server_status (self->server).clients_known, 1);
    table_set_floor (server_table (self->server), NOW - 3600);
    s_bring (self, "west.old", s_line ("Welsh", "old", -3601));
    assert_int_equal (trade_counts (self->trade).records_expired, 1);
    assert_int_equal (server_status (self->server).clients_known, 1);
}


static void
a_record_has_the_subject_of_its_client (void **state)
{
    gate_t *self = *state;
    static const char *const wrong [] = {"west.b", "west.", "west", "", ".a",
        "we*st.a", "west.a.a", "west.A", "west.=61", "-.a",
        "a23456789012345678901234567890123.a"};
    size_t count = sizeof wrong / sizeof *wrong;
    for (size_t row = 0; row < count; row++)
        s_bring (self, wrong [row], s_line ("Welsh", "a", 0));
    assert_int_equal (s_refused (self, REFUSED_SUBJECT), count);
    assert_int_equal (server_status (self->server).clients_known, 0);
}


static void
another_region_does_not_speak_for_our_servers (void **state)
{
    gate_t *self = *state;
    s_bring (self, "west.a", s_line ("Alford", "a", 0));
    assert_int_equal (s_refused (self, REFUSED_ORIGIN), 1);
    assert_int_equal (effects_count (self->effects), 1);
    assert_false (s_knows (self, s_line ("Alford", "a", 0)));
    s_bring (self, "east.a", s_line ("Alford", "a", 0));
    assert_int_equal (s_refused (self, REFUSED_ORIGIN), 1);
    assert_true (s_knows (self, s_line ("Alford", "a", 0)));
}


static bool
s_noted (const gate_t *self, const char *text)
{
    if (effects_count (self->effects) != 1)
        return false;
    const effect_t *note = effects_at (self->effects, 0);
    return note->notice == NOTICE_REGION_NAMES &&
           span_equal (note->text, span_of (text));
}


static void
regions_that_meet_say_whose_name_both_have (void **state)
{
    gate_t *self = *state;
    s_step (self, EVENT_REGION_MET, "west", "Welsh Alford2 alford");
    assert_int_equal (effects_count (self->effects), 0);
    s_step (self, EVENT_REGION_MET, "west", "Welsh Alford");
    assert_true (s_noted (self,
        "region west has a server Alford, too: what it heard is refused"));
    s_step (self, EVENT_REGION_MET, "east", "Alford Gate");
    assert_int_equal (effects_count (self->effects), 0);
    s_step (self, EVENT_REGION_MET, "east", "Alford");
    assert_true (s_noted (
        self, "another gateway says that region east has no server Gate"));
    char names [RESIDENTS_SIZE_MAX];
    size_t size = residents_print (trade_residents (self->trade), names);
    assert_true (span_equal ((span_t){names, size}, span_of ("Alford Gate")));
}


static void
what_is_not_acknowledged_is_published_again (void **state)
{
    gate_t *self = *state;
    s_tell (self, "Alford", "a", 0);
    s_tell (self, "Alford", "b", 0);
    s_tell (self, "Alford", "c", 0);
    uint64_t a = s_expect (self, "east.a", s_line ("Alford", "a", 0));
    uint64_t b = s_expect (self, "east.b", s_line ("Alford", "b", 0));
    uint64_t c = s_expect (self, "east.c", s_line ("Alford", "c", 0));
    trade_acknowledge (self->trade, a);
    trade_acknowledge (self->trade, c);
    trade_acknowledge (self->trade, c);
    trade_acknowledge (self->trade, 77);
    s_tell (self, "Alford", "b", 1);
    trade_rewind (self->trade);
    trade_acknowledge (self->trade, b);
    s_expect (self, "east.c", s_line ("Alford", "c", 0));
    b = s_expect (self, "east.b", s_line ("Alford", "b", 1));
    s_expect_none (self);
    trade_acknowledge (self->trade, b - 1);
    trade_acknowledge (self->trade, b);
    assert_int_equal (trade_counts (self->trade).in_flight, 0);
    assert_int_equal (trade_counts (self->trade).acknowledged, 4);
    trade_rewind (self->trade);
    s_expect_none (self);
}


static void
a_stream_that_lost_messages_is_told_those (void **state)
{
    gate_t *self = *state;
    s_tell (self, "Alford", "a", 0);
    s_bring (self, "east.b", s_line ("Alford", "b", 0));
    uint64_t a = s_expect (self, "east.a", s_line ("Alford", "a", 0));
    trade_acknowledge (self->trade, a);
    s_expect_none (self);
    trade_restart (self->trade);
    size_t looks = 2;
    assert_false (trade_prepare (self->trade, &looks));
    looks = 2;
    assert_true (trade_prepare (self->trade, &looks));
    assert_int_equal (looks, 1);
    s_bring (self, "east.b", s_line ("Alford", "b", 0));
    s_expect (self, "east.a", s_line ("Alford", "a", 0));
    s_expect_none (self);
}


static void
what_was_loaded_in_bulk_is_published_too (void **state)
{
    gate_t *self = *state;
    location_t location;
    s_tell (self, "Alford", "a", 0);
    s_expect (self, "east.a", s_line ("Alford", "a", 0));
    for (int client = 0; client < 2; client++) {
        const char *line = s_line ("Alford", client ? "c" : "b", 0);
        assert_true (location_parse (&location, span_of (line)));
        table_load (server_table (self->server), &location, 0);
    }
    s_expect (self, "east.b", s_line ("Alford", "b", 0));
    s_expect (self, "east.c", s_line ("Alford", "c", 0));
    s_expect_none (self);
}


static void
so_many_are_on_their_way_and_no_more (void **state)
{
    gate_t *self = *state;
    trade_item_t item;
    char client [16];
    size_t looks = SIZE_MAX;
    for (int count = 0; count < TRADE_FLIGHTS_MAX + 5; count++) {
        snprintf (client, sizeof client, "c%d", count);
        s_tell (self, "Alford", client, 0);
    }
    for (int count = 0; count < TRADE_FLIGHTS_MAX; count++)
        assert_true (trade_next (self->trade, &item, &looks));
    assert_false (trade_has_next (self->trade));
    assert_false (trade_next (self->trade, &item, &looks));
    trade_acknowledge (self->trade, 1);
    assert_true (trade_next (self->trade, &item, &looks));
    assert_false (trade_next (self->trade, &item, &looks));
    assert_int_equal (trade_counts (self->trade).behind, 4);
}


static void
looks_at_records_are_counted (void **state)
{
    gate_t *self = *state;
    trade_item_t item;
    char client [16];
    size_t looks = 10;
    for (int count = 0; count < 15; count++) {
        snprintf (client, sizeof client, "c%d", count);
        s_tell (self, "Welsh", client, 0);
    }
    assert_false (trade_next (self->trade, &item, &looks));
    assert_int_equal (looks, 0);
    assert_true (trade_has_next (self->trade));
    looks = 10;
    assert_false (trade_next (self->trade, &item, &looks));
    assert_int_equal (looks, 5);
    assert_false (trade_has_next (self->trade));
}


static void
what_a_server_new_in_the_file_heard_is_published (void **state)
{
    gate_t *self = *state;
    s_tell (self, "Late", "a", 0);
    s_expect_none (self);
    trade_configure (self->trade, s_servers, 3);
    s_expect (self, "east.a", s_line ("Late", "a", 0));
    trade_configure (self->trade, s_servers, 2);
    s_expect_none (self);
}


static void
what_was_refused_for_now_is_asked_for_again_more_and_more_rarely (void **state)
{
    gate_t *self = *state;
    assert_false (trade_wants_all (self->trade, INT64_MAX));
    for (int64_t wait_ms = 60000; wait_ms <= 240000; wait_ms *= 2) {
        s_bring (self, "west.a", s_line ("Welsh", "a", 9999));
        self->clock_ms += wait_ms - 1;
        assert_false (trade_wants_all (self->trade, self->clock_ms));
        self->clock_ms++;
        assert_true (trade_wants_all (self->trade, self->clock_ms));
        assert_false (trade_wants_all (self->trade, self->clock_ms));
    }
    self->clock_ms += 10000000;
    s_bring (self, "west.a", s_line ("Welsh", "a", 9999));
    assert_true (trade_wants_all (self->trade, self->clock_ms + 60000));
}


#define CASE(name) cmocka_unit_test_setup_teardown (name, s_new, s_free)

int
main (void)
{
    const struct CMUnitTest tests [] = {
        CASE (what_servers_of_the_region_heard_is_published_once),
        CASE (nothing_that_the_stream_brought_is_published),
        CASE (what_the_stream_has_older_is_published),
        CASE (what_no_peer_could_bring_is_refused_and_counted),
        CASE (a_record_has_the_subject_of_its_client),
        CASE (another_region_does_not_speak_for_our_servers),
        CASE (regions_that_meet_say_whose_name_both_have),
        CASE (what_is_not_acknowledged_is_published_again),
        CASE (a_stream_that_lost_messages_is_told_those),
        CASE (what_was_loaded_in_bulk_is_published_too),
        CASE (so_many_are_on_their_way_and_no_more),
        CASE (looks_at_records_are_counted),
        CASE (what_a_server_new_in_the_file_heard_is_published),
        CASE (what_was_refused_for_now_is_asked_for_again_more_and_more_rarely),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
