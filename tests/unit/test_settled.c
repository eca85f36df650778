/*  =========================================================================
    test_settled - what no stream brings is found at once

    A server that meets a neighbour anew may lack what it had before, and what
    it loads: that is found at once, under any load, and a server that ends
    waits for it.
    =========================================================================
*/

#include "unit/ball.h"

#include <stdio.h>


//  More than the changes that any neighbour is asked for
#define CHANGES 5000


static bool
s_knows (const pump_t *self, unsigned server, const char *client)
{
    location_t location;
    return atlas_find (
        self->members [server].atlas, span_of (client), &location);
}


//  Clients of both move all the time, so streams never rest

static void
s_work (pump_t *self, int64_t ms)
{
    static int stamp = 200;
    for (int64_t end_ms = self->clock_ms + ms; self->clock_ms < end_ms;) {
        stamp++;
        pump_put_many (self, ALFORD, 2, stamp);
        pump_put_many (self, BALL, 3, stamp);
        pump_run (self, self->step_ms);
    }
}


//  Alford has changed much, and so has Ball, which starts anew and takes new
//  clients meanwhile: each has what the other was never sent

static void
s_meet (pump_t *self)
{
    self->clock_ms = 9000000;  //  All stamps are of the past
    pump_settle (self);
    pump_put_many (self, ALFORD, CHANGES, 100);
    pump_put_many (self, ALFORD, CHANGES, 101);
    pump_run (self, 2000);
    pump_cut (self, ALFORD, BALL);
    pump_restart (self, BALL, PUMP_KEY);
    pump_cut (self, ALFORD, BALL);
    pump_put_many (self, BALL, CHANGES, 101);
    pump_put (self, ALFORD, "AT Alford +0.000000000 kiwi +1+1 100");
    pump_put (self, BALL, "AT Ball +0.000000000 plum +1+1 100");
    pump_run (self, 2000);
    pump_forget (self);
    pump_mend (self, ALFORD, BALL);
}


static void
who_meets_anew_is_audited_at_once_under_any_load (void **state)
{
    pump_t *self = *state;
    s_meet (self);
    s_work (self, 1500);
    assert_true (s_knows (self, BALL, "kiwi"));
    assert_true (s_knows (self, ALFORD, "plum"));
    assert_in_range (pump_link (self, ALFORD, BALL).audits, 1, 2);
    assert_true (self->wires [ALFORD][BALL].state.flags & MESSAGE_SETTLED);
    assert_true (self->wires [BALL][ALFORD].state.flags & MESSAGE_SETTLED);
}


//  Neither has more to say of it, and each heard all

static void
an_audit_says_when_it_is_over (void **state)
{
    pump_t *self = *state;
    s_meet (self);
    bool seen = false;
    for (int step = 0; step < 150; step++) {
        s_work (self, self->step_ms);
        seen |=
            (self->wires [ALFORD][BALL].state.flags & MESSAGE_AUDITING) != 0;
    }
    assert_true (seen);
    assert_false (self->wires [ALFORD][BALL].state.flags & MESSAGE_AUDITING);
    assert_false (self->wires [BALL][ALFORD].state.flags & MESSAGE_AUDITING);
    //  Being settled, they are left in peace for half a minute
    uint64_t audits = pump_link (self, ALFORD, BALL).audits;
    s_work (self, 20000);
    assert_int_equal (pump_link (self, ALFORD, BALL).audits, audits);
}


//  Ball loads from Holiday what Alford never hears of by its stream

static void
what_a_neighbour_loads_is_got_from_it (void **state)
{
    pump_t *self = *state;
    self->clock_ms = 9000000;  //  All stamps are of the past
    pump_cut (self, BALL, HOLIDAY);
    pump_put_many (self, HOLIDAY, CHANGES, 100);
    pump_run (self, 3000);
    assert_int_equal (atlas_count (self->members [BALL].atlas), 0);
    pump_mend (self, BALL, HOLIDAY);
    s_work (self, 2000);
    assert_int_equal (atlas_count (self->members [BALL].atlas), CHANGES);
    assert_int_equal (atlas_count (self->members [ALFORD].atlas), CHANGES);
    assert_true (self->wires [BALL][ALFORD].records >= CHANGES);
}


//  Before a server ends, each neighbour has taken what it lacked

static void
who_leaves_waits_until_all_is_taken (void **state)
{
    pump_t *self = *state;
    s_meet (self);
    pump_step (self, EVENT_STOP, ALFORD, ALFORD);
    const flood_t *flood = self->members [ALFORD].flood;
    int64_t waited_ms = 0;
    assert_true (flood_is_passed_on (flood));  //  Nobody is up
    do {
        s_work (self, self->step_ms);
        waited_ms += self->step_ms;
        assert_true (s_knows (self, BALL, "kiwi") ||
                     !pump_link (self, ALFORD, BALL).up ||
                     !flood_is_passed_on (flood));
    } while (waited_ms < 3000);
    assert_true (flood_is_passed_on (flood));
    assert_true (s_knows (self, BALL, "kiwi"));
}


static void
what_is_not_acknowledged_is_not_passed_on (void **state)
{
    pump_t *self = *state;
    pump_settle (self);
    const flood_t *flood = self->members [ALFORD].flood;
    pump_lose (self, BALL, ALFORD, true);
    pump_put (self, ALFORD, "AT Alford +0.000000000 kiwi +1+1 100");
    pump_step (self, EVENT_STOP, ALFORD, ALFORD);
    pump_run (self, 500);
    assert_true (s_knows (self, BALL, "kiwi"));
    assert_false (flood_is_passed_on (flood));
    pump_lose (self, BALL, ALFORD, false);
    pump_run (self, 1500);
    assert_true (flood_is_passed_on (flood));
}


//  Not beyond what it knew then: others go on

static void
what_comes_after_the_end_began_is_not_waited_for (void **state)
{
    pump_t *self = *state;
    pump_settle (self);
    const flood_t *flood = self->members [ALFORD].flood;
    pump_put (self, ALFORD, "AT Alford +0.000000000 kiwi +1+1 100");
    pump_run (self, 1000);
    pump_step (self, EVENT_STOP, ALFORD, ALFORD);
    pump_put (self, ALFORD, "AT Alford +0.000000000 fig +1+1 100");
    assert_true (flood_is_passed_on (flood));
}


//  A source that began to load itself has put records where its stream has
//  been: what its BATCH calls all is not

static void
a_source_that_loads_meanwhile_is_not_all_there_is (void **state)
{
    pump_t *self = *state;
    ball_says_rich (self, 5, "-");
    ball_says (self, BALL_SAYS "BATCH 0 " LSN "5 0 " LSN "0\n" BALL_KIWI "\n");
    assert_true (flood_is_loading (self->members [ALFORD].flood));
    ball_says_rich (self, 5, "loading loaded=7 source=Holiday");
    assert_true (flood_is_loading (self->members [ALFORD].flood));
    //  All of it is asked for anew
    for (int beat = 0; beat < 2; beat++) {
        ball_says_rich (self, 5, "- loaded=9");
        assert_true (flood_is_loading (self->members [ALFORD].flood));
    }
    assert_int_equal (pump_notes (self, ALFORD, "loading 1000 clients"), 2);
}


int
main (void)
{
    const struct CMUnitTest cases [] = {
        PAIR (who_meets_anew_is_audited_at_once_under_any_load),
        PAIR (an_audit_says_when_it_is_over),
        ROW (what_a_neighbour_loads_is_got_from_it),
        BALL_CASE (a_source_that_loads_meanwhile_is_not_all_there_is),
        PAIR (who_leaves_waits_until_all_is_taken),
        PAIR (what_is_not_acknowledged_is_not_passed_on),
        PAIR (what_comes_after_the_end_began_is_not_waited_for),
    };
    return cmocka_run_group_tests (cases, NULL, NULL);
}
