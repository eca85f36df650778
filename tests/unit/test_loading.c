/*  =========================================================================
    test_loading - keeping the tables of peers equal: an empty one

    A server that starts with nothing is filled once, by one peer, and is
    left in peace meanwhile.
    =========================================================================
*/

#include "unit/ball.h"


//  More than the changes that any peer is asked for
#define CLIENTS 5000

//  So many of its last changes who is no source sends, too
#define RECENT 256


//  All know all; then Ball starts anew and begins to load, but has not got
//  anything yet.  Return whom it asks

static unsigned
s_begin (relay_t *self)
{
    relay_settle (self);
    relay_put_many (self, ALFORD, CLIENTS, 100);
    relay_run (self, 2000);
    relay_restart (self, BALL, RELAY_KEY);
    relay_forget (self);
    for (int pass = 0; pass < 1000 && !relay_notes (self, BALL, "loading");
         pass++)
        if (relay_pass (self) == 0)
            self->clock_ms += 10;
    assert_int_equal (relay_count (self, BALL), 0);
    assert_int_equal (relay_notes (self, BALL, "loading 5000 clients"), 1);
    return relay_notes (self, BALL, "from Alford") ? ALFORD : HOLIDAY;
}


//  The table once, from one peer; from the other only what came last

static void
one_peer_sends_all_and_the_other_its_last (void **state)
{
    relay_t *self = *state;
    unsigned source = s_begin (self);
    unsigned other = source == ALFORD ? HOLIDAY : ALFORD;
    relay_run (self, 2500);
    assert_true (relay_agrees (self));
    assert_false (relay_is_loading (self, BALL));
    assert_int_equal (self->wires [source][BALL].records, CLIENTS);
    assert_int_equal (self->wires [other][BALL].records, RECENT);
    assert_int_equal (relay_notes (self, BALL, "loading"), 1);
    assert_int_equal (
        relay_notes (self, BALL, "loaded: 5000 clients known"), 1);
    relay_run (self, 60000);
    assert_int_equal (self->wires [source][BALL].records, CLIENTS);
    for (unsigned server = 0; server < 3; server++)
        assert_int_equal (self->wires [server][BALL].audits, 0);
}


//  Others wait for who loads

static void
who_begins_to_load_tells_all_peers (void **state)
{
    relay_t *self = *state;
    relay_settle (self);
    relay_put_many (self, ALFORD, CLIENTS, 100);
    relay_run (self, 2000);
    relay_cut (self, ALFORD, BALL);
    relay_restart (self, BALL, RELAY_KEY);
    relay_restart (self, HOLIDAY, RELAY_KEY);
    relay_put (self, BALL, BALL_KIWI);
    relay_run (self, 2100);
    relay_mend (self, ALFORD, BALL);
    while (!relay_notes (self, BALL, "loading 5000 clients") &&
           relay_pass (self) > 0)
        self->clock_ms++;
    assert_true (relay_is_loading (self, BALL));
    self->clock_ms += 50;
    relay_pass (self);
    assert_true (self->wires [BALL][HOLIDAY].state.source.size > 0);
}


//  What was loaded is no change: nobody else is sent it, but what came last

static void
what_was_loaded_is_not_sent_on (void **state)
{
    relay_t *self = *state;
    unsigned source = s_begin (self);
    unsigned other = source == ALFORD ? HOLIDAY : ALFORD;
    relay_run (self, 5000);
    assert_true (relay_agrees (self));
    assert_int_equal (
        table_lsn (self->members [BALL].table), TABLE_LSN_BASE + RECENT);
    assert_true (self->wires [BALL][source].records <= RECENT);
    assert_int_equal (self->wires [BALL][other].records, 0);
    assert_int_equal (relay_link (self, BALL, ALFORD).behind, 0);
}


//  What a client said while it was away does not wait for the whole table

static void
what_came_last_comes_first (void **state)
{
    relay_t *self = *state;
    location_t location;
    relay_settle (self);
    relay_put_many (self, ALFORD, CLIENTS, 100);
    relay_put (self, ALFORD, BALL_KIWI);
    relay_run (self, 2000);
    relay_restart (self, BALL, RELAY_KEY);
    table_t *table = self->members [BALL].table;
    for (int pass = 0;
         pass < 1000 && !table_find (table, SPAN ("kiwi"), &location); pass++)
        if (relay_pass (self) == 0)
            self->clock_ms += 10;
    assert_true (relay_is_loading (self, BALL));
    assert_in_range (relay_count (self, BALL), 1, CLIENTS * 3 / 4);
}


//  But to who asks for all: what was loaded can be loaded from here

static void
who_has_loaded_can_be_loaded_from (void **state)
{
    relay_t *self = *state;
    relay_settle (self);
    relay_put_many (self, ALFORD, CLIENTS, 100);
    relay_run (self, 2000);
    relay_restart (self, BALL, RELAY_KEY);
    relay_settle (self);
    assert_true (relay_agrees (self));
    relay_restart (self, HOLIDAY, RELAY_KEY);
    relay_settle (self);
    assert_true (relay_agrees (self));
    relay_restart (self, ALFORD, RELAY_KEY);
    relay_settle (self);
    assert_true (relay_agrees (self));
    assert_int_equal (relay_count (self, ALFORD), CLIENTS);
}


static void
a_source_that_is_lost_is_replaced (void **state)
{
    relay_t *self = *state;
    unsigned source = s_begin (self);
    unsigned other = source == ALFORD ? HOLIDAY : ALFORD;
    relay_cut (self, source, BALL);
    relay_run (self, 2000);
    assert_int_equal (relay_count (self, BALL), CLIENTS);
    assert_int_equal (self->wires [other][BALL].records, CLIENTS + RECENT);
    assert_int_equal (relay_notes (self, BALL, "loading"), 2);
    relay_mend (self, source, BALL);
    relay_run (self, 10000);
    assert_true (relay_agrees (self));
    assert_int_equal (self->wires [source][BALL].audits, 0);
}


//  Half is there: it goes on with another, or the audit finds the rest

static void
a_source_may_be_lost_at_any_time (void **state)
{
    for (int passes = 1; passes < 16; passes += 2) {
        relay_triangle (state);
        relay_t *self = *state;
        unsigned source = s_begin (self);
        self->clock_ms += 60;
        for (int pass = 0; pass < passes; pass++)
            relay_pass (self);
        relay_cut (self, source, BALL);
        relay_run (self, 6000);
        assert_false (relay_is_loading (self, BALL));
        assert_int_equal (relay_count (self, BALL), CLIENTS);
        assert_true (relay_agrees (self));
        relay_free (state);
    }
}


//  Who was a source and was lost is one no more when it is back, for another is

static void
a_source_that_is_back_too_late_is_none (void **state)
{
    relay_t *self = *state;
    unsigned lost = s_begin (self);
    unsigned other = lost == ALFORD ? HOLIDAY : ALFORD;
    relay_cut (self, lost, BALL);
    for (int pass = 0; pass < 1000 && relay_notes (self, BALL, "loading") < 2;
         pass++)
        if (relay_pass (self) == 0)
            self->clock_ms += 10;
    relay_lose (self, other, BALL, true);
    relay_mend (self, lost, BALL);
    relay_run (self, 200);
    assert_true (relay_link (self, BALL, lost).up);
    assert_true (relay_is_loading (self, BALL));
    relay_lose (self, other, BALL, false);
    relay_run (self, 10000);
    assert_true (relay_agrees (self));
    assert_false (relay_is_loading (self, BALL));
    assert_in_range (self->wires [lost][BALL].records, 0, CLIENTS / 4);
}


static void
a_source_that_starts_anew_is_none (void **state)
{
    relay_t *self = *state;
    unsigned source = s_begin (self);
    relay_restart (self, source, RELAY_KEY);
    relay_run (self, 10000);
    assert_true (relay_agrees (self));
    assert_int_equal (relay_count (self, BALL), CLIENTS);
}


static void
two_may_load_from_a_third (void **state)
{
    relay_t *self = *state;
    relay_settle (self);
    relay_put_many (self, HOLIDAY, CLIENTS, 100);
    relay_run (self, 2000);
    relay_restart (self, ALFORD, RELAY_KEY);
    relay_restart (self, BALL, RELAY_KEY);
    relay_forget (self);
    relay_run (self, 10000);
    assert_true (relay_agrees (self));
    assert_int_equal (self->wires [HOLIDAY][ALFORD].records, CLIENTS);
    assert_int_equal (self->wires [HOLIDAY][BALL].records, CLIENTS);
    assert_int_equal (self->wires [ALFORD][BALL].records, 0);
    assert_int_equal (self->wires [BALL][ALFORD].records, 0);
    assert_int_equal (self->wires [ALFORD][BALL].audits, 0);
}


//  Two that load may load from each other, too

static void
who_loads_from_nobody_is_a_source (void **state)
{
    relay_t *self = *state;
    ball_says_rich (self, 5, "loading");
    assert_int_equal (relay_notes (self, ALFORD, "loading 1000 clients"), 1);
}


//  A client comes meanwhile: that is a change like any other

static void
what_a_client_says_meanwhile_is_flooded (void **state)
{
    relay_t *self = *state;
    s_begin (self);
    relay_put (self, BALL, BALL_KIWI);
    relay_put (self, BALL, "AT Ball +0.000000000 c7 +1+1 200");
    relay_put (self, BALL, "AT Ball +0.000000000 c8 +1+1 50");
    relay_run (self, 3000);
    assert_true (relay_agrees (self));
    for (unsigned server = 0; server < 3; server++) {
        location_t location;
        table_t *table = self->members [server].table;
        assert_true (table_find (table, SPAN ("kiwi"), &location));
        assert_true (table_find (table, SPAN ("c7"), &location));
        assert_text (location.stamp, "200");
        assert_true (table_find (table, SPAN ("c8"), &location));
        assert_text (location.stamp, "100");
    }
    //  Three by the client, and one of them by the source again
    assert_int_equal (
        table_lsn (self->members [BALL].table), TABLE_LSN_BASE + RECENT + 4);
    assert_true (self->wires [BALL][ALFORD].records +
                     self->wires [BALL][HOLIDAY].records <=
                 RECENT + 8);
}


//  What others say meanwhile is a change too, and goes on

static void
what_changes_elsewhere_meanwhile_arrives (void **state)
{
    relay_t *self = *state;
    s_begin (self);
    self->clock_ms += 60;
    for (int pass = 0; pass < 20; pass++) {
        relay_put_many (self, ALFORD, 10, 200 + pass);
        relay_put_many (self, HOLIDAY, 20, 190 + pass);
        relay_pass (self);
    }
    relay_run (self, 3000);
    assert_true (relay_agrees (self));
    assert_int_equal (relay_count (self, BALL), CLIENTS);
}


//  Who knows little more is no source: an audit is cheaper

static void
not_everybody_is_a_source (void **state)
{
    relay_t *self = *state;
    relay_put_many (self, ALFORD, 500, 100);
    ball_says_rich (self, 5, "-");
    assert_int_equal (relay_notes (self, ALFORD, "loading"), 0);
}


//  The end of a stream is told to who loads, and once

static void
who_loads_is_not_told_the_same_for_ever (void **state)
{
    relay_t *self = *state;
    ball_says_rich (self, 5, "loading source=Holiday");
    relay_run (self, 1000);
    relay_forget (self);
    relay_put (self, ALFORD, BALL_KIWI);
    ball_says_rich (self, 5, "loading source=Holiday");
    relay_run (self, 1000);
    assert_in_range (self->wires [ALFORD][BALL].states, 2, 3);
}


//  Peers do not start descents with who loads

static void
who_loads_is_not_audited (void **state)
{
    relay_t *self = *state;
    ball_says_state (self, 0, "-");
    relay_run (self, 3000);
    assert_false (relay_is_loading (self, ALFORD));
    relay_put_many (self, ALFORD, 500, 100);
    for (int beat = 0; beat < 40; beat++) {
        ball_says_state (self, 500, "loading");
        relay_run (self, 1000);
    }
    assert_int_equal (relay_link (self, ALFORD, BALL).audits, 0);
    ball_says_state (self, 500, "-");
    assert_int_equal (relay_link (self, ALFORD, BALL).audits, 1);
}


static void
who_loads_audits_nobody (void **state)
{
    relay_t *self = *state;
    for (int beat = 0; beat < 5; beat++) {
        ball_says_rich (self, 5, "loading source=Holiday");
        assert_true (relay_is_loading (self, ALFORD));
        assert_int_equal (relay_link (self, ALFORD, BALL).audits, 0);
        relay_run (self, 1000);
    }
}


#define CASE(name) TRIANGLE (name)

int
main (void)
{
    const struct CMUnitTest cases [] = {
        CASE (one_peer_sends_all_and_the_other_its_last),
        ROW (who_begins_to_load_tells_all_peers),
        CASE (what_was_loaded_is_not_sent_on),
        CASE (what_came_last_comes_first),
        CASE (who_has_loaded_can_be_loaded_from),
        CASE (a_source_that_is_lost_is_replaced),
        cmocka_unit_test (a_source_may_be_lost_at_any_time),
        CASE (a_source_that_is_back_too_late_is_none),
        CASE (a_source_that_starts_anew_is_none),
        CASE (two_may_load_from_a_third),
        BALL_CASE (who_loads_from_nobody_is_a_source),
        CASE (what_a_client_says_meanwhile_is_flooded),
        CASE (what_changes_elsewhere_meanwhile_arrives),
        BALL_CASE (not_everybody_is_a_source),
        BALL_CASE (who_loads_is_not_told_the_same_for_ever),
        BALL_CASE (who_loads_is_not_audited),
        BALL_CASE (who_loads_audits_nobody),
    };
    return cmocka_run_group_tests (cases, NULL, NULL);
}
