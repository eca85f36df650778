/*  =========================================================================
    test_loading - keeping the atlases of neighbours equal: an empty one

    A server that starts with nothing is filled once, by one neighbour, and is
    left in peace meanwhile.
    =========================================================================
*/

#include "unit/ball.h"


//  More than the changes that any neighbour is asked for
#define CLIENTS 5000

//  So many of its last changes who is no source sends, too
#define RECENT 256


//  All know all; then Ball starts anew and begins to load, but has not got
//  anything yet.  Return whom it asks

static unsigned
s_begin (pump_t *self)
{
    pump_settle (self);
    pump_put_many (self, ALFORD, CLIENTS, 100);
    pump_run (self, 2000);
    pump_restart (self, BALL, PUMP_KEY);
    pump_forget (self);
    for (int pass = 0; pass < 1000 && !pump_notes (self, BALL, "loading");
         pass++)
        if (pump_pass (self) == 0)
            self->clock_ms += 10;
    assert_int_equal (pump_count (self, BALL), 0);
    assert_int_equal (pump_notes (self, BALL, "loading 5000 clients"), 1);
    return pump_notes (self, BALL, "from Alford") ? ALFORD : HOLIDAY;
}


//  The table once, from one neighbour; from the other only what came last

static void
one_neighbour_sends_all_and_the_other_its_last (void **state)
{
    pump_t *self = *state;
    unsigned source = s_begin (self);
    unsigned other = source == ALFORD ? HOLIDAY : ALFORD;
    pump_run (self, 2500);
    assert_true (pump_agrees (self));
    assert_false (pump_is_loading (self, BALL));
    assert_int_equal (self->wires [source][BALL].records, CLIENTS);
    assert_int_equal (self->wires [other][BALL].records, RECENT);
    assert_int_equal (pump_notes (self, BALL, "loading"), 1);
    assert_int_equal (pump_notes (self, BALL, "loaded: 5000 clients known"), 1);
    pump_run (self, 60000);
    assert_int_equal (self->wires [source][BALL].records, CLIENTS);
    for (unsigned server = 0; server < 3; server++)
        assert_int_equal (self->wires [server][BALL].audits, 0);
}


//  Others wait for who loads

static void
who_begins_to_load_tells_all_neighbours (void **state)
{
    pump_t *self = *state;
    pump_settle (self);
    pump_put_many (self, ALFORD, CLIENTS, 100);
    pump_run (self, 2000);
    pump_cut (self, ALFORD, BALL);
    pump_restart (self, BALL, PUMP_KEY);
    pump_restart (self, HOLIDAY, PUMP_KEY);
    pump_put (self, BALL, BALL_KIWI);
    pump_run (self, 2100);
    pump_mend (self, ALFORD, BALL);
    while (!pump_notes (self, BALL, "loading 5000 clients") &&
           pump_pass (self) > 0)
        self->clock_ms++;
    assert_true (pump_is_loading (self, BALL));
    self->clock_ms += 50;
    pump_pass (self);
    assert_true (self->wires [BALL][HOLIDAY].state.source.size > 0);
}


//  What was loaded is no change: nobody else is sent it, but what came last

static void
what_was_loaded_is_not_sent_on (void **state)
{
    pump_t *self = *state;
    unsigned source = s_begin (self);
    unsigned other = source == ALFORD ? HOLIDAY : ALFORD;
    pump_run (self, 5000);
    assert_true (pump_agrees (self));
    assert_int_equal (
        atlas_lsn (self->members [BALL].atlas), ATLAS_LSN_BASE + RECENT);
    assert_true (self->wires [BALL][source].records <= RECENT);
    assert_int_equal (self->wires [BALL][other].records, 0);
    assert_int_equal (pump_link (self, BALL, ALFORD).behind, 0);
}


//  What a client said while it was away does not wait for the whole table

static void
what_came_last_comes_first (void **state)
{
    pump_t *self = *state;
    location_t location;
    pump_settle (self);
    pump_put_many (self, ALFORD, CLIENTS, 100);
    pump_put (self, ALFORD, BALL_KIWI);
    pump_run (self, 2000);
    pump_restart (self, BALL, PUMP_KEY);
    atlas_t *atlas = self->members [BALL].atlas;
    for (int pass = 0;
         pass < 1000 && !atlas_find (atlas, SPAN ("kiwi"), &location); pass++)
        if (pump_pass (self) == 0)
            self->clock_ms += 10;
    assert_true (pump_is_loading (self, BALL));
    assert_in_range (pump_count (self, BALL), 1, CLIENTS * 3 / 4);
}


//  But to who asks for all: what was loaded can be loaded from here

static void
who_has_loaded_can_be_loaded_from (void **state)
{
    pump_t *self = *state;
    pump_settle (self);
    pump_put_many (self, ALFORD, CLIENTS, 100);
    pump_run (self, 2000);
    pump_restart (self, BALL, PUMP_KEY);
    pump_settle (self);
    assert_true (pump_agrees (self));
    pump_restart (self, HOLIDAY, PUMP_KEY);
    pump_settle (self);
    assert_true (pump_agrees (self));
    pump_restart (self, ALFORD, PUMP_KEY);
    pump_settle (self);
    assert_true (pump_agrees (self));
    assert_int_equal (pump_count (self, ALFORD), CLIENTS);
}


static void
a_source_that_is_lost_is_replaced (void **state)
{
    pump_t *self = *state;
    unsigned source = s_begin (self);
    unsigned other = source == ALFORD ? HOLIDAY : ALFORD;
    pump_cut (self, source, BALL);
    pump_run (self, 2000);
    assert_int_equal (pump_count (self, BALL), CLIENTS);
    assert_int_equal (self->wires [other][BALL].records, CLIENTS + RECENT);
    assert_int_equal (pump_notes (self, BALL, "loading"), 2);
    pump_mend (self, source, BALL);
    pump_run (self, 10000);
    assert_true (pump_agrees (self));
    assert_int_equal (self->wires [source][BALL].audits, 0);
}


//  Half is there: it goes on with another, or the audit finds the rest

static void
a_source_may_be_lost_at_any_time (void **state)
{
    for (int passes = 1; passes < 16; passes += 2) {
        pump_triangle (state);
        pump_t *self = *state;
        unsigned source = s_begin (self);
        self->clock_ms += 60;
        for (int pass = 0; pass < passes; pass++)
            pump_pass (self);
        pump_cut (self, source, BALL);
        pump_run (self, 6000);
        assert_false (pump_is_loading (self, BALL));
        assert_int_equal (pump_count (self, BALL), CLIENTS);
        assert_true (pump_agrees (self));
        pump_free (state);
    }
}


//  Who was a source and was lost is one no more when it is back, for another is

static void
a_source_that_is_back_too_late_is_none (void **state)
{
    pump_t *self = *state;
    unsigned lost = s_begin (self);
    unsigned other = lost == ALFORD ? HOLIDAY : ALFORD;
    pump_cut (self, lost, BALL);
    for (int pass = 0; pass < 1000 && pump_notes (self, BALL, "loading") < 2;
         pass++)
        if (pump_pass (self) == 0)
            self->clock_ms += 10;
    pump_lose (self, other, BALL, true);
    pump_mend (self, lost, BALL);
    pump_run (self, 200);
    assert_true (pump_link (self, BALL, lost).up);
    assert_true (pump_is_loading (self, BALL));
    pump_lose (self, other, BALL, false);
    pump_run (self, 10000);
    assert_true (pump_agrees (self));
    assert_false (pump_is_loading (self, BALL));
    assert_in_range (self->wires [lost][BALL].records, 0, CLIENTS / 4);
}


static void
a_source_that_starts_anew_is_none (void **state)
{
    pump_t *self = *state;
    unsigned source = s_begin (self);
    pump_restart (self, source, PUMP_KEY);
    pump_run (self, 10000);
    assert_true (pump_agrees (self));
    assert_int_equal (pump_count (self, BALL), CLIENTS);
}


static void
two_may_load_from_a_third (void **state)
{
    pump_t *self = *state;
    pump_settle (self);
    pump_put_many (self, HOLIDAY, CLIENTS, 100);
    pump_run (self, 2000);
    pump_restart (self, ALFORD, PUMP_KEY);
    pump_restart (self, BALL, PUMP_KEY);
    pump_forget (self);
    pump_run (self, 10000);
    assert_true (pump_agrees (self));
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
    pump_t *self = *state;
    ball_says_rich (self, 5, "loading");
    assert_int_equal (pump_notes (self, ALFORD, "loading 1000 clients"), 1);
}


//  A client comes meanwhile: that is a change like any other

static void
what_a_client_says_meanwhile_is_flooded (void **state)
{
    pump_t *self = *state;
    s_begin (self);
    pump_put (self, BALL, BALL_KIWI);
    pump_put (self, BALL, "AT Ball +0.000000000 c7 +1+1 200");
    pump_put (self, BALL, "AT Ball +0.000000000 c8 +1+1 50");
    pump_run (self, 3000);
    assert_true (pump_agrees (self));
    for (unsigned server = 0; server < 3; server++) {
        location_t location;
        atlas_t *atlas = self->members [server].atlas;
        assert_true (atlas_find (atlas, SPAN ("kiwi"), &location));
        assert_true (atlas_find (atlas, SPAN ("c7"), &location));
        assert_text (location.stamp, "200");
        assert_true (atlas_find (atlas, SPAN ("c8"), &location));
        assert_text (location.stamp, "100");
    }
    //  Three by the client, and one of them by the source again
    assert_int_equal (
        atlas_lsn (self->members [BALL].atlas), ATLAS_LSN_BASE + RECENT + 4);
    assert_true (self->wires [BALL][ALFORD].records +
                     self->wires [BALL][HOLIDAY].records <=
                 RECENT + 8);
}


//  What others say meanwhile is a change too, and goes on

static void
what_changes_elsewhere_meanwhile_arrives (void **state)
{
    pump_t *self = *state;
    s_begin (self);
    self->clock_ms += 60;
    for (int pass = 0; pass < 20; pass++) {
        pump_put_many (self, ALFORD, 10, 200 + pass);
        pump_put_many (self, HOLIDAY, 20, 190 + pass);
        pump_pass (self);
    }
    pump_run (self, 3000);
    assert_true (pump_agrees (self));
    assert_int_equal (pump_count (self, BALL), CLIENTS);
}


//  Who knows little more is no source: an audit is cheaper

static void
not_everybody_is_a_source (void **state)
{
    pump_t *self = *state;
    pump_put_many (self, ALFORD, 500, 100);
    ball_says_rich (self, 5, "-");
    assert_int_equal (pump_notes (self, ALFORD, "loading"), 0);
}


//  The end of a stream is told to who loads, and once

static void
who_loads_is_not_told_the_same_for_ever (void **state)
{
    pump_t *self = *state;
    ball_says_rich (self, 5, "loading source=Holiday");
    pump_run (self, 1000);
    pump_forget (self);
    pump_put (self, ALFORD, BALL_KIWI);
    ball_says_rich (self, 5, "loading source=Holiday");
    pump_run (self, 1000);
    assert_in_range (self->wires [ALFORD][BALL].states, 2, 3);
}


//  Neighbours do not start descents with who loads

static void
who_loads_is_not_audited (void **state)
{
    pump_t *self = *state;
    ball_says_state (self, 0, "-");
    pump_run (self, 3000);
    assert_false (pump_is_loading (self, ALFORD));
    pump_put_many (self, ALFORD, 500, 100);
    for (int beat = 0; beat < 40; beat++) {
        ball_says_state (self, 500, "loading");
        pump_run (self, 1000);
    }
    assert_int_equal (pump_link (self, ALFORD, BALL).audits, 0);
    ball_says_state (self, 500, "-");
    assert_int_equal (pump_link (self, ALFORD, BALL).audits, 1);
}


static void
who_loads_audits_nobody (void **state)
{
    pump_t *self = *state;
    for (int beat = 0; beat < 5; beat++) {
        ball_says_rich (self, 5, "loading source=Holiday");
        assert_true (pump_is_loading (self, ALFORD));
        assert_int_equal (pump_link (self, ALFORD, BALL).audits, 0);
        pump_run (self, 1000);
    }
}


#define CASE(name) TRIANGLE (name)

int
main (void)
{
    const struct CMUnitTest cases [] = {
        CASE (one_neighbour_sends_all_and_the_other_its_last),
        ROW (who_begins_to_load_tells_all_neighbours),
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
