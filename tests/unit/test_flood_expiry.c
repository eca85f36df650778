/*  =========================================================================
    test_flood_expiry - keeping the tables of peers equal: forgetting

    Floods with a time to live, and clocks that agree or don't.  Clients live
    for 1600 s, and the floor rises every 100 s.
    =========================================================================
*/

#include "unit/ball.h"

#include <stdio.h>

#define TTL 1600


//  Servers start anew with a time to live, and clocks ahead by so much

static void
s_begin (relay_t *self, int64_t skew_seconds)
{
    self->ttl_seconds = TTL;
    self->clock_ms += 3000000;
    self->step_ms = CORE_TICK_MS;
    self->skew_seconds [BALL] = skew_seconds;
    for (unsigned server = 0; server < self->count; server++)
        relay_restart (self, server, RELAY_KEY);
    relay_settle (self);
    relay_run (self, 30000);
}


static int64_t
s_floor (const relay_t *self, unsigned server)
{
    return flood_floor (self->members [server].flood);
}


//  Every 10 s another client tells another server its location

static void
s_live (relay_t *self, int seconds)
{
    for (int second = 0; second < seconds; second += 10) {
        char line [96];
        snprintf (line, sizeof (line), "AT Alford +0.000000000 s%d +1+1 %d",
            second, (int) (self->clock_ms / 1000));
        relay_put (self, (unsigned) second / 10 % self->count, line);
        relay_run (self, 10000);
    }
}


//  All drop what was heard before the same floor, so tables stay comparable

static void
all_forget_the_same (void **state)
{
    relay_t *self = *state;
    s_begin (self, 0);
    s_live (self, 2400);
    int64_t now = self->clock_ms / 1000;
    for (unsigned server = 0; server < self->count; server++) {
        assert_in_range (s_floor (self, server), now - TTL - 130, now - TTL);
        assert_in_range (relay_count (self, server), 158, 175);
        assert_true (relay_notes (self, server, "clients expired") > 3);
    }
    assert_true (relay_agrees (self));
    assert_int_equal (relay_link (self, ALFORD, BALL).audits, 0);
}


//  A clock a little ahead: the later floor is joined when the own clock allows

static void
a_little_skew_does_no_harm (void **state)
{
    relay_t *self = *state;
    s_begin (self, 3);
    s_live (self, 2400);
    relay_run (self, 60000);
    assert_true (relay_agrees (self));
    assert_true (self->wires [ALFORD][BALL].records +
                     self->wires [BALL][ALFORD].records <=
                 240);
    //  While one sweeps and the other does not yet, their roots differ though
    //  their floors don't: that is no reason to audit
    assert_int_equal (relay_link (self, ALFORD, BALL).audits, 0);
    assert_int_equal (relay_link (self, ALFORD, BALL).roots_differ, 0);
}


//  A floor ahead of our own is that of a clock that is wrong, and not believed.
//  The clock is noted once an hour

static void
a_floor_of_the_future_is_not_believed (void **state)
{
    relay_t *self = *state;
    s_begin (self, 0);
    self->skew_seconds [BALL] = 3600;
    s_live (self, 1000);
    assert_in_range (
        relay_link (self, ALFORD, BALL).clock_difference_seconds, 3400, 3700);
    assert_true (relay_link (self, BALL, ALFORD).clock_difference_seconds < 0);
    assert_int_equal (relay_notes (self, ALFORD, "the clock of Ball"), 1);
    assert_true (s_floor (self, ALFORD) <= self->clock_ms / 1000 - TTL);
    assert_int_equal (relay_count (self, ALFORD), 50);

    //  Unequal floors are not compared: nothing goes to and fro
    assert_int_equal (relay_link (self, ALFORD, BALL).roots_differ, 0);
    assert_int_equal (relay_link (self, ALFORD, BALL).audits, 0);
}


//  What we dropped, or they did, is not brought back by who still has it

static void
who_is_below_the_floor_is_not_brought_back (void **state)
{
    relay_t *self = *state;
    s_begin (self, 3600);
    relay_put (self, ALFORD, "AT Alford +0.000000000 kiwi +1+1 4035");
    relay_run (self, 60000);
    assert_int_equal (relay_count (self, ALFORD), 1);
    assert_int_equal (relay_count (self, BALL), 0);
    assert_int_equal (relay_link (self, BALL, ALFORD).records_expired, 1);
    relay_run (self, 2000000);
    assert_int_equal (relay_count (self, ALFORD), 0);
}


//  One forgets, the other never does: their tables are none to compare

static void
who_never_forgets_is_not_compared_with (void **state)
{
    relay_t *self = *state;
    self->clock_ms += 3000000;
    self->step_ms = CORE_TICK_MS;
    self->ttl_seconds = TTL;
    relay_restart (self, ALFORD, RELAY_KEY);
    self->ttl_seconds = 0;
    relay_restart (self, BALL, RELAY_KEY);
    relay_settle (self);
    s_live (self, 3000);
    assert_int_equal (relay_count (self, BALL), 300);
    assert_true (relay_count (self, ALFORD) < 200);
    assert_int_equal (relay_link (self, ALFORD, BALL).audits, 0);
}


//  A server that starts anew has no floor yet: it takes the peers', and
//  loads nothing that is below

static void
who_starts_anew_takes_over_the_floor (void **state)
{
    relay_t *self = *state;
    s_begin (self, 0);
    s_live (self, 3000);
    relay_restart (self, BALL, RELAY_KEY);
    relay_run (self, 60000);
    assert_true (relay_agrees (self));
    assert_int_equal (s_floor (self, ALFORD), s_floor (self, BALL));
}


//  What expires is gone also from the middle of a stream

static void
what_expired_holds_no_stream_up (void **state)
{
    relay_t *self = *state;
    s_begin (self, 0);
    s_live (self, 500);
    relay_cut (self, ALFORD, BALL);
    s_live (self, 1000);
    relay_run (self, 3000000);
    assert_int_equal (relay_count (self, ALFORD), 0);
    relay_mend (self, ALFORD, BALL);
    char line [64];
    snprintf (line, sizeof (line), "AT Alford +0.000000000 kiwi +1+1 %d",
        (int) (self->clock_ms / 1000));
    relay_put (self, ALFORD, line);
    relay_run (self, 60000);
    assert_int_equal (relay_link (self, ALFORD, BALL).behind, 0);
    assert_int_equal (relay_count (self, BALL), 1);
    assert_true (relay_agrees (self));
}


int
main (void)
{
    const struct CMUnitTest cases [] = {
        PAIR (all_forget_the_same),
        TRIANGLE (a_little_skew_does_no_harm),
        PAIR (a_floor_of_the_future_is_not_believed),
        PAIR (who_is_below_the_floor_is_not_brought_back),
        PAIR (who_never_forgets_is_not_compared_with),
        PAIR (who_starts_anew_takes_over_the_floor),
        PAIR (what_expired_holds_no_stream_up),
    };
    return cmocka_run_group_tests (cases, NULL, NULL);
}
