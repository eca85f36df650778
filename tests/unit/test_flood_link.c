/*  =========================================================================
    test_flood_link - keeping the tables of peers equal: the links

    How a link comes up and goes down, what is noted of that, and what is sent
    when nothing changes.
    =========================================================================
*/

#include "unit/relay.h"

#include <string.h>

#define KIWI "AT Alford +0.000000000 kiwi +1+1 100"


static void
two_that_hear_each_other_are_linked (void **state)
{
    relay_t *self = *state;
    assert_false (relay_link (self, ALFORD, BALL).up);
    relay_run (self, 200);
    assert_true (relay_link (self, ALFORD, BALL).up);
    assert_true (relay_link (self, BALL, ALFORD).up);
    relay_run (self, 10000);
    assert_story (self->members [ALFORD].effects,
        "* link to Ball up\n* loaded: 0 clients known\n");
    assert_story (self->members [BALL].effects,
        "* link to Alford up\n* loaded: 0 clients known\n");
    assert_string_equal (relay_link (self, ALFORD, BALL).name, "Ball");
    assert_int_equal (relay_link (self, ALFORD, BALL).resumes, 1);
}


static void
in_sync_there_are_heartbeats_only (void **state)
{
    relay_t *self = *state;
    relay_put_many (self, ALFORD, 100, 100);
    relay_settle (self);
    relay_run (self, 60000);
    const wire_t *wire = &self->wires [ALFORD][BALL];
    assert_int_equal (wire->batches, 0);
    assert_in_range (wire->states, 59, 61);
    assert_true (wire->size_max <= 200);
    assert_true (wire->gap_ms >= FLOOD_BEAT_MS);
}


static void
silence_of_three_beats_is_down (void **state)
{
    relay_t *self = *state;
    relay_settle (self);
    relay_lose (self, BALL, ALFORD, true);
    relay_lose (self, ALFORD, BALL, true);
    relay_run (self, 1900);
    assert_true (relay_link (self, ALFORD, BALL).up);
    relay_run (self, 1300);
    assert_false (relay_link (self, ALFORD, BALL).up);
    relay_run (self, 60000);
    assert_story (
        self->members [ALFORD].effects, "* link to Ball down: nothing heard\n");
    relay_lose (self, BALL, ALFORD, false);
    relay_lose (self, ALFORD, BALL, false);
    relay_run (self, 2000);
    assert_story (self->members [ALFORD].effects, "* link to Ball up\n");
}


//  Not from when it comes up, but from when both have what the other had

static void
a_link_is_in_sync_when_both_have_all (void **state)
{
    relay_t *self = *state;
    assert_false (relay_link (self, ALFORD, BALL).in_sync);
    assert_int_equal (relay_link (self, ALFORD, BALL).heard, 0);
    relay_put_many (self, ALFORD, 5000, 1);
    relay_settle (self);
    relay_run (self, 3000);
    flood_link_t link = relay_link (self, ALFORD, BALL);
    assert_true (link.in_sync);
    assert_true (relay_link (self, BALL, ALFORD).in_sync);
    assert_in_range (
        link.heard, self->clock_ms / 1000 - 2, self->clock_ms / 1000);
    relay_cut (self, ALFORD, BALL);
    assert_false (relay_link (self, ALFORD, BALL).in_sync);
    relay_restart (self, BALL, RELAY_KEY);
    relay_mend (self, ALFORD, BALL);
    bool before = false;
    for (int turn = 0; turn < 1000; turn++) {
        relay_turn (self);
        link = relay_link (self, ALFORD, BALL);
        before |= link.up && !link.in_sync && relay_count (self, BALL) < 5000;
        if (link.in_sync)
            break;
        self->clock_ms += CORE_TICK_MS;
    }
    assert_true (before);
    relay_run (self, 5000);
    assert_true (relay_link (self, ALFORD, BALL).in_sync);
    assert_int_equal (relay_count (self, BALL), 5000);
}


//  One notice per transition

static void
a_link_that_is_down_does_not_go_down_again (void **state)
{
    relay_t *self = *state;
    relay_cut (self, ALFORD, BALL);
    assert_story (self->members [ALFORD].effects, "");
    relay_mend (self, ALFORD, BALL);
    relay_settle (self);
    for (int times = 0; times < 3; times++) {
        relay_cut (self, ALFORD, BALL);
        relay_run (self, 5000);
    }
    assert_story (self->members [ALFORD].effects,
        "* link to Ball down: connection lost\n");
    assert_story (self->members [BALL].effects,
        "* link to Alford down: connection lost\n");
}


//  LEAVING: peers note it and do not alarm

static void
a_peer_that_said_so_has_left (void **state)
{
    relay_t *self = *state;
    relay_settle (self);
    relay_step (self, EVENT_STOP, BALL, BALL);
    relay_run (self, 100);
    assert_story (self->members [ALFORD].effects, "");
    relay_cut (self, ALFORD, BALL);
    assert_story (
        self->members [ALFORD].effects, "* link to Ball down: it left\n");
    relay_restart (self, BALL, RELAY_KEY);
    relay_mend (self, ALFORD, BALL);
    relay_run (self, 1000);
    relay_forget (self);
    relay_cut (self, ALFORD, BALL);
    assert_story (self->members [ALFORD].effects,
        "* link to Ball down: connection lost\n");
}


//  Not more often than 50 ms, whatever makes one due

static void
a_state_leaves_every_50_ms_at_most (void **state)
{
    relay_t *self = *state;
    relay_settle (self);
    for (int step = 0; step < 100; step++) {
        relay_step (self, EVENT_PEER_UP, ALFORD, BALL);
        relay_run (self, 10);
    }
    assert_in_range (self->wires [ALFORD][BALL].states, 15, 21);
    assert_true (self->wires [ALFORD][BALL].gap_ms >= 50);
}


static void
while_a_link_is_down_only_states_are_sent (void **state)
{
    relay_t *self = *state;
    relay_settle (self);
    relay_lose (self, BALL, ALFORD, true);
    relay_run (self, 5000);
    relay_forget (self);
    relay_put_many (self, ALFORD, 10, 100);
    relay_run (self, 10000);
    assert_int_equal (self->wires [ALFORD][BALL].batches, 0);
    assert_in_range (self->wires [ALFORD][BALL].states, 9, 11);
}


//  Roots that differ with nothing left to send are audited; an audit that moves
//  nothing any more is over after 2 s, and what it left is found by the next

static void
tables_that_cannot_agree_are_audited_in_turn (void **state)
{
    relay_t *self = *state;
    relay_restart (self, BALL, "another key here");
    relay_put (self, ALFORD, KIWI);
    relay_run (self, 60000);
    flood_link_t link = relay_link (self, ALFORD, BALL);
    assert_true (link.roots_differ > 50);
    assert_in_range (link.audits, 4, 6);
    assert_int_equal (
        relay_notes (self, ALFORD, "audit with Ball starts"), link.audits);
    assert_int_equal (relay_link (self, BALL, ALFORD).audits, 0);
    assert_true (self->wires [ALFORD][BALL].bytes < 20000);
    assert_true (self->wires [BALL][ALFORD].bytes < 20000);
}


static void
tables_that_agree_are_not_noted (void **state)
{
    relay_t *self = *state;
    for (int stamp = 100; stamp < 160; stamp++) {
        relay_put_many (self, ALFORD, stamp % 7, stamp);
        relay_put_many (self, HOLIDAY, stamp % 5, stamp);
        relay_run (self, 330);
    }
    for (unsigned one = 0; one < 3; one++)
        for (unsigned other = 0; other < 3; other++)
            if (one != other)
                assert_int_equal (
                    relay_link (self, one, other).roots_differ, 0);
    relay_run (self, 1000);
    assert_true (relay_agrees (self));
}


//  If it does not hear us, the link is none: streams would go nowhere

static void
a_link_of_one_way_does_not_come_up (void **state)
{
    relay_t *self = *state;
    relay_lose (self, ALFORD, BALL, true);
    relay_run (self, 60000);
    assert_false (relay_link (self, ALFORD, BALL).up);
    assert_false (relay_link (self, BALL, ALFORD).up);
    assert_int_equal (relay_link (self, ALFORD, BALL).resumes, 0);
    assert_true (self->wires [BALL][ALFORD].state.flags & MESSAGE_DEAF);
    assert_false (self->wires [ALFORD][BALL].state.flags & MESSAGE_DEAF);
}


static void
a_link_that_loses_one_way_goes_down (void **state)
{
    relay_t *self = *state;
    relay_settle (self);
    relay_lose (self, ALFORD, BALL, true);
    relay_put_many (self, ALFORD, 10, 100);
    relay_run (self, 60000);
    assert_false (relay_link (self, ALFORD, BALL).up);
    assert_true (relay_link (self, ALFORD, BALL).rewinds <= 1);
    assert_int_equal (relay_link (self, BALL, ALFORD).resumes, 1);
    assert_int_equal (
        relay_notes (self, ALFORD, "link to Ball down: it does not hear us"),
        1);
    assert_int_equal (
        relay_notes (self, BALL, "link to Alford down: nothing heard"), 1);
    assert_true (relay_notes (self, ALFORD, "") <= 2);
    assert_true (self->wires [ALFORD][BALL].records <= 20);

    relay_lose (self, ALFORD, BALL, false);
    relay_run (self, 2500);
    assert_true (relay_link (self, ALFORD, BALL).up);
    assert_true (relay_agrees (self));
}


//  Ball is deaf to Alford, but heard of the changes from Holiday and said so:
//  they are not acknowledged, but nothing has to be sent

static void
a_resync_is_noted_if_something_is_sent (void **state)
{
    relay_t *self = *state;
    relay_settle (self);
    relay_lose (self, ALFORD, BALL, true);
    relay_put_many (self, ALFORD, 10, 100);
    relay_run (self, 5000);
    relay_lose (self, ALFORD, BALL, false);
    relay_run (self, 2500);
    assert_true (relay_agrees (self));
    assert_story (self->members [ALFORD].effects,
        "* link to Ball down: it does not hear us\n"
        "* link to Ball up\n");
    assert_story (self->members [BALL].effects,
        "* link to Alford down: nothing heard\n"
        "* link to Alford up\n");
}


//  Hello, acknowledgement, heartbeat and root digest in one

static void
a_state_tells_all_there_is_to_tell (void **state)
{
    relay_t *self = *state;
    message_t message;
    table_t *table = self->members [ALFORD].table;
    relay_settle (self);
    relay_put_many (self, ALFORD, 3, 100);
    relay_put_many (self, ALFORD, 3, 101);
    relay_run (self, 1000);
    relay_put (self, BALL, KIWI);
    relay_run (self, 1000);
    self->clock_ms += FLOOD_BEAT_MS;
    message_parse (
        &message, flood_next (self->members [ALFORD].flood, 0, self->clock_ms,
                      self->buffer, self->members [ALFORD].effects));
    assert_int_equal (message.kind, MESSAGE_STATE);
    assert_int_equal (message.herd, RELAY_HERD);
    assert_text (message.sender, "Alford");
    assert_int_equal (message.incarnation, 1);
    assert_int_equal (message.previous, TABLE_LSN_BASE + 7);
    assert_int_equal (message.last, TABLE_LSN_BASE + 7);
    assert_int_equal (message.tail, TABLE_LSN_BASE + 7);
    assert_int_equal (message.receiver, 2);
    assert_int_equal (message.got, TABLE_LSN_BASE + 4);
    assert_int_equal (message.count, 4);
    assert_true (message.root == digest_root (table_digest (table)));
    assert_int_equal (message.floor, 0);
    assert_int_equal (message.flags, MESSAGE_SETTLED);
}


int
main (void)
{
    const struct CMUnitTest cases [] = {
        PAIR (two_that_hear_each_other_are_linked),
        PAIR (in_sync_there_are_heartbeats_only),
        PAIR (silence_of_three_beats_is_down),
        PAIR (a_link_is_in_sync_when_both_have_all),
        PAIR (a_link_that_is_down_does_not_go_down_again),
        PAIR (a_peer_that_said_so_has_left),
        PAIR (a_state_leaves_every_50_ms_at_most),
        PAIR (while_a_link_is_down_only_states_are_sent),
        PAIR (a_link_of_one_way_does_not_come_up),
        PAIR (a_link_that_loses_one_way_goes_down),
        TRIANGLE (a_resync_is_noted_if_something_is_sent),
        PAIR (a_state_tells_all_there_is_to_tell),
        PAIR (tables_that_cannot_agree_are_audited_in_turn),
        TRIANGLE (tables_that_agree_are_not_noted),
    };
    return cmocka_run_group_tests (cases, NULL, NULL);
}
