/*  =========================================================================
    test_settled - what no stream brings is found at once

    A server that meets a peer anew may lack what it had before, and what
    it loads: that is found at once, under any load, and a server that ends
    waits for it.
    =========================================================================
*/

#include "unit/ball.h"

#include <stdio.h>


//  More than the changes that any peer is asked for
#define CHANGES 5000


static bool
s_knows (const relay_t *self, unsigned server, const char *client)
{
    location_t location;
    return table_find (
        self->members [server].table, span_of (client), &location);
}


//  Clients of both move all the time, so streams never rest

static void
s_work (relay_t *self, int64_t ms)
{
    static int stamp = 200;
    for (int64_t end_ms = self->clock_ms + ms; self->clock_ms < end_ms;) {
        stamp++;
        relay_put_many (self, ALFORD, 2, stamp);
        relay_put_many (self, BALL, 3, stamp);
        relay_run (self, self->step_ms);
    }
}


//  Alford has changed much, and so has Ball, which starts anew and takes new
//  clients meanwhile: each has what the other was never sent

static void
s_meet (relay_t *self)
{
    self->clock_ms = 9000000;  //  All stamps are of the past
    relay_settle (self);
    relay_put_many (self, ALFORD, CHANGES, 100);
    relay_put_many (self, ALFORD, CHANGES, 101);
    relay_run (self, 2000);
    relay_cut (self, ALFORD, BALL);
    relay_restart (self, BALL, RELAY_KEY);
    relay_cut (self, ALFORD, BALL);
    relay_put_many (self, BALL, CHANGES, 101);
    relay_put (self, ALFORD, "AT Alford +0.000000000 kiwi +1+1 100");
    relay_put (self, BALL, "AT Ball +0.000000000 plum +1+1 100");
    relay_run (self, 2000);
    relay_forget (self);
    relay_mend (self, ALFORD, BALL);
}


static void
who_meets_anew_is_audited_at_once_under_any_load (void **state)
{
    relay_t *self = *state;
    s_meet (self);
    s_work (self, 1500);
    assert_true (s_knows (self, BALL, "kiwi"));
    assert_true (s_knows (self, ALFORD, "plum"));
    assert_in_range (relay_link (self, ALFORD, BALL).audits, 1, 2);
    assert_true (self->wires [ALFORD][BALL].state.flags & MESSAGE_SETTLED);
    assert_true (self->wires [BALL][ALFORD].state.flags & MESSAGE_SETTLED);
}


//  Neither has more to say of it, and each heard all

static void
an_audit_says_when_it_is_over (void **state)
{
    relay_t *self = *state;
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
    uint64_t audits = relay_link (self, ALFORD, BALL).audits;
    s_work (self, 20000);
    assert_int_equal (relay_link (self, ALFORD, BALL).audits, audits);
}


//  The STATE that tells Ball that its LEAF came goes before the answer

static void
who_is_to_answer_says_that_the_audit_goes_on (void **state)
{
    relay_t *self = *state;
    const wire_t *wire = &self->wires [ALFORD][BALL];
    ball_says_state (self, 0, "-");
    relay_run (self, 100);
    assert_true (relay_link (self, ALFORD, BALL).up);
    assert_false (wire->state.flags & MESSAGE_AUDITING);
    size_t states = wire->states;
    ball_says (self, BALL_SAYS "LEAF\n0000 AAAAAAAA\n");
    self->clock_ms += FLOOD_BEAT_MS;
    relay_pass (self);
    assert_int_equal (wire->states, states + 1);
    assert_int_equal (wire->audits, 0);
    assert_true (wire->state.flags & MESSAGE_AUDITING);
    relay_pass (self);
    assert_int_equal (wire->audits, 1);
}


//  Ball loads from Holiday what Alford never hears of by its stream

static void
what_a_peer_loads_is_got_from_it (void **state)
{
    relay_t *self = *state;
    self->clock_ms = 9000000;  //  All stamps are of the past
    relay_cut (self, BALL, HOLIDAY);
    relay_put_many (self, HOLIDAY, CHANGES, 100);
    relay_run (self, 3000);
    assert_int_equal (table_count (self->members [BALL].table), 0);
    relay_mend (self, BALL, HOLIDAY);
    s_work (self, 2000);
    assert_int_equal (table_count (self->members [BALL].table), CHANGES);
    assert_int_equal (table_count (self->members [ALFORD].table), CHANGES);
    assert_true (self->wires [BALL][ALFORD].records >= CHANGES);
}


//  Before a server ends, each peer has taken what it lacked

static void
who_leaves_waits_until_all_is_taken (void **state)
{
    relay_t *self = *state;
    s_meet (self);
    relay_step (self, EVENT_STOP, ALFORD, ALFORD);
    const flood_t *flood = self->members [ALFORD].flood;
    int64_t waited_ms = 0;
    assert_true (flood_is_passed_on (flood));  //  Nobody is up
    do {
        s_work (self, self->step_ms);
        waited_ms += self->step_ms;
        assert_true (s_knows (self, BALL, "kiwi") ||
                     !relay_link (self, ALFORD, BALL).up ||
                     !flood_is_passed_on (flood));
    } while (waited_ms < 3000);
    assert_true (flood_is_passed_on (flood));
    assert_true (s_knows (self, BALL, "kiwi"));
}


static void
what_is_not_acknowledged_is_not_passed_on (void **state)
{
    relay_t *self = *state;
    relay_settle (self);
    const flood_t *flood = self->members [ALFORD].flood;
    relay_lose (self, BALL, ALFORD, true);
    relay_put (self, ALFORD, "AT Alford +0.000000000 kiwi +1+1 100");
    relay_step (self, EVENT_STOP, ALFORD, ALFORD);
    relay_run (self, 500);
    assert_true (s_knows (self, BALL, "kiwi"));
    assert_false (flood_is_passed_on (flood));
    relay_lose (self, BALL, ALFORD, false);
    relay_run (self, 1500);
    assert_true (flood_is_passed_on (flood));
}


//  Not beyond what it knew then: others go on

static void
what_comes_after_the_end_began_is_not_waited_for (void **state)
{
    relay_t *self = *state;
    relay_settle (self);
    const flood_t *flood = self->members [ALFORD].flood;
    relay_put (self, ALFORD, "AT Alford +0.000000000 kiwi +1+1 100");
    relay_run (self, 1000);
    relay_step (self, EVENT_STOP, ALFORD, ALFORD);
    relay_put (self, ALFORD, "AT Alford +0.000000000 fig +1+1 100");
    assert_true (flood_is_passed_on (flood));
}


//  A source that began to load itself has put records where its stream has
//  been: what its BATCH calls all is not

static void
a_source_that_loads_meanwhile_is_not_all_there_is (void **state)
{
    relay_t *self = *state;
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
    assert_int_equal (relay_notes (self, ALFORD, "loading 1000 clients"), 2);
}


int
main (void)
{
    const struct CMUnitTest cases [] = {
        PAIR (who_meets_anew_is_audited_at_once_under_any_load),
        PAIR (an_audit_says_when_it_is_over),
        ROW (what_a_peer_loads_is_got_from_it),
        BALL_CASE (who_is_to_answer_says_that_the_audit_goes_on),
        BALL_CASE (a_source_that_loads_meanwhile_is_not_all_there_is),
        PAIR (who_leaves_waits_until_all_is_taken),
        PAIR (what_is_not_acknowledged_is_not_passed_on),
        PAIR (what_comes_after_the_end_began_is_not_waited_for),
    };
    return cmocka_run_group_tests (cases, NULL, NULL);
}
