/*  =========================================================================
    test_flood_audit - keeping the tables of peers equal: digests

    What no stream can know of, such as a record that one has lost behind its
    own back, is found by the roots and mended.  And how floods forget.
    =========================================================================
*/

#include "unit/ball.h"

#include "wire/window.h"

#include <stdio.h>


static table_t *
s_table (const relay_t *self, unsigned server)
{
    return self->members [server].table;
}


//  Lose records of a server behind its back

static void
s_lose (relay_t *self, unsigned server, int first, int end)
{
    for (int client = first; client < end; client++) {
        char name [16];
        snprintf (name, sizeof (name), "c%d", client);
        table_drop (s_table (self, server), span_of (name));
    }
}


static void
s_settle_with (relay_t *self, int clients)
{
    relay_settle (self);
    relay_put_many (self, ALFORD, clients, 100);
    relay_run (self, 3000);
    assert_true (relay_agrees (self));
    relay_forget (self);
}


//  Roots must be equal when each has all that the other sent

static void
a_record_that_was_lost_is_found (void **state)
{
    relay_t *self = *state;
    s_settle_with (self, 2000);
    for (unsigned server = 0; server < 2; server++) {
        s_lose (self, server, 7, 8);
        relay_run (self, 1200);
        assert_true (relay_agrees (self));
        assert_int_equal (table_count (s_table (self, server)), 2000);
        assert_int_equal (relay_link (self, ALFORD, BALL).audits, server + 1);
        assert_int_equal (relay_link (self, server, !server).repairs, 1);
        size_t bytes = self->wires [ALFORD][BALL].bytes;
        bytes += self->wires [BALL][ALFORD].bytes;
        assert_true (bytes <= 1300);
        relay_forget (self);
    }
    assert_int_equal (relay_link (self, BALL, ALFORD).audits, 0);
}


//  What happened can be read

static void
an_audit_is_noted (void **state)
{
    relay_t *self = *state;
    s_settle_with (self, 100);
    s_lose (self, BALL, 10, 30);
    relay_run (self, 10000);
    assert_true (relay_agrees (self));
    assert_int_equal (relay_notes (self, ALFORD, "audit with Ball starts"), 1);
    assert_int_equal (
        relay_notes (self, ALFORD, "it has 80 clients, root "), 1);
    assert_int_equal (relay_notes (self, ALFORD, "we have 100, root "), 1);
    assert_story (self->members [BALL].effects,
        "* audit with Alford mended 20 records here\n");
    relay_run (self, 60000);
    assert_story (self->members [BALL].effects, "");
}


//  It is there, but nobody ever says so: stream, digest and count agree

static void
what_is_mended_is_flooded_on (void **state)
{
    relay_t *self = *state;
    s_settle_with (self, 100);
    s_lose (self, BALL, 10, 30);
    s_lose (self, HOLIDAY, 20, 40);
    relay_run (self, 10000);
    assert_true (relay_agrees (self));
    for (unsigned server = 0; server < 3; server++)
        assert_int_equal (table_count (s_table (self, server)), 100);
}


static void
all_at_odds_are_made_equal (void **state)
{
    relay_t *self = *state;
    s_settle_with (self, 3000);
    s_lose (self, ALFORD, 0, 1000);
    s_lose (self, BALL, 1000, 2000);
    s_lose (self, HOLIDAY, 2000, 3000);
    relay_run (self, 10000);
    assert_true (relay_agrees (self));
    assert_int_equal (table_count (s_table (self, HOLIDAY)), 3000);
}


//  Under constant change, now and then all the same

static void
streams_that_never_rest_are_audited_too (void **state)
{
    relay_t *self = *state;
    self->clock_ms = 9000000;  //  All stamps are of the past
    s_settle_with (self, 100);
    s_lose (self, BALL, 50, 51);
    for (int step = 0; step < 3300; step++) {
        relay_put_many (self, ALFORD, 2, 200 + step);
        relay_put_many (self, BALL, 3, 100 + step);
        relay_run (self, 10);
        if (step == 2500)
            assert_int_equal (table_count (s_table (self, BALL)), 99);
    }
    assert_int_equal (table_count (s_table (self, BALL)), 100);
    assert_in_range (relay_link (self, ALFORD, BALL).audits, 1, 2);
    relay_run (self, 1000);
    assert_true (relay_agrees (self));
}


static void
an_audit_that_is_cut_off_is_begun_again (void **state)
{
    relay_t *self = *state;
    s_settle_with (self, 500);
    for (int passes = 1; passes < 12; passes++) {
        s_lose (self, BALL, 100, 200);
        while (!relay_notes (self, ALFORD, "audit with Ball starts"))
            relay_run (self, 10);
        relay_cut (self, ALFORD, BALL);
        relay_run (self, 100 * (int64_t) passes);
        relay_mend (self, ALFORD, BALL);
        relay_run (self, 6000);
        assert_true (relay_agrees (self));
        relay_forget (self);
    }
}


//  A bit flips in memory: no sum knows of it until it is summed up anew, in six
//  minutes at the latest

static void
memory_that_was_altered_is_mended (void **state)
{
    relay_t *self = *state;
    location_t location;
    s_settle_with (self, 500);
    assert_true (table_find (s_table (self, BALL), SPAN ("c7"), &location));
    spans_alter (location.place);
    relay_run (self, 360000);
    assert_int_equal (flood_wrong_sums (self->members [ALFORD].flood), 0);
    assert_int_equal (flood_wrong_sums (self->members [BALL].flood), 1);
    assert_int_equal (relay_notes (self, BALL, "memory was altered"), 1);
    assert_true (relay_agrees (self));
    location_t other;
    assert_true (table_find (s_table (self, ALFORD), SPAN ("c7"), &other));
    assert_true (table_find (s_table (self, BALL), SPAN ("c7"), &location));
    assert_true (span_equal (location.line, other.line));
}


//  Let differences be: for the simulator alone

static void
without_audits_a_loss_stays (void **state)
{
    relay_t *self = *state;
    self->no_audit = true;
    relay_restart (self, ALFORD, RELAY_KEY);
    relay_restart (self, BALL, RELAY_KEY);
    s_settle_with (self, 100);
    s_lose (self, BALL, 10, 11);
    relay_run (self, 40000);
    assert_false (relay_agrees (self));
    assert_int_equal (relay_link (self, ALFORD, BALL).audits, 0);
    assert_true (relay_link (self, ALFORD, BALL).roots_differ > 30);
}


//  Alford has more clients than there is room for at Ball

static void
s_overfill (relay_t *self)
{
    self->size_max = 100000;
    relay_restart (self, BALL, RELAY_KEY);
    relay_settle (self);
    relay_put_many (self, ALFORD, 3000, 100);
    relay_run (self, 1000);
    assert_in_range (table_count (s_table (self, BALL)), 500, 1500);
    relay_forget (self);
}


//  An audit costs as much as is not shared: if it mends nothing, the next ones
//  are begun later and later

static void
tables_that_cannot_agree_are_audited_less_and_less (void **state)
{
    relay_t *self = *state;
    s_overfill (self);
    relay_run (self, 60000);
    assert_in_range (
        relay_notes (self, ALFORD, "audit with Ball starts"), 3, 5);
    uint64_t audits = relay_link (self, ALFORD, BALL).audits;
    for (int stamp = 101; stamp < 101 + 1200; stamp++) {
        relay_put_many (self, ALFORD, stamp % 8 == 0 ? 3000 : 0, stamp);
        relay_run (self, 1000);
    }
    uint64_t more = relay_link (self, ALFORD, BALL).audits;
    assert_in_range (more - audits, 4, 6);
    //  They are 256 s apart at most
    relay_run (self, 800000);
    assert_in_range (relay_link (self, ALFORD, BALL).audits - more, 2, 4);
}


//  Not even between audits, though each has all that the other sent

static void
tables_that_cannot_agree_are_not_in_sync (void **state)
{
    relay_t *self = *state;
    s_settle_with (self, 100);
    assert_true (relay_link (self, ALFORD, BALL).in_sync);
    s_overfill (self);
    relay_run (self, 60000);
    assert_false (relay_link (self, ALFORD, BALL).in_sync);
    assert_false (relay_link (self, BALL, ALFORD).in_sync);
    table_set_size_max (s_table (self, BALL), SIZE_MAX / 2);
    relay_run (self, 300000);
    assert_true (relay_agrees (self));
    assert_true (relay_link (self, ALFORD, BALL).in_sync);
    assert_true (relay_link (self, BALL, ALFORD).in_sync);
}


//  What can be mended is, as fast as ever, when the link comes up anew

static void
a_link_that_comes_up_is_audited_at_once (void **state)
{
    relay_t *self = *state;
    s_overfill (self);
    relay_run (self, 200000);
    s_lose (self, ALFORD, 0, 1);
    relay_cut (self, ALFORD, BALL);
    relay_mend (self, ALFORD, BALL);
    uint64_t audits = relay_link (self, ALFORD, BALL).audits;
    relay_run (self, 4000);
    assert_int_equal (table_count (s_table (self, ALFORD)), 3000);
    assert_in_range (
        relay_link (self, ALFORD, BALL).audits, audits + 2, audits + 3);
}


//  ... and when it is seen that something was mended: Ball forgets some clients
//  and takes others

static void
what_was_mended_is_followed_by_the_next_audit (void **state)
{
    relay_t *self = *state;
    s_overfill (self);
    relay_run (self, 200000);
    size_t count = table_count (s_table (self, BALL));
    s_lose (self, BALL, 0, 50);
    while (table_count (s_table (self, BALL)) < count)
        relay_run (self, 1000);
    uint64_t audits = relay_link (self, ALFORD, BALL).audits;
    relay_run (self, 4000);
    assert_in_range (
        relay_link (self, ALFORD, BALL).audits, audits + 1, audits + 2);
}


//  An audit that nothing is heard of for 2 s is over

static void
an_audit_without_answers_ends (void **state)
{
    relay_t *self = *state;
    ball_says_state (self, 0, "-");
    relay_run (self, 3000);
    for (int beat = 0; beat < 6; beat++) {
        ball_says_root (self, "AEjRWeJq83v", 0);
        relay_run (self, 1000);
    }
    assert_int_equal (relay_link (self, ALFORD, BALL).audits, 2);
}


//  Ball is met, and then takes no more: Alford's window is full of its stream

static uint64_t
s_fill_window (relay_t *self)
{
    ball_says_state (self, 0, "-");
    relay_run (self, 1000);
    ball_says_state (self, 0, "-");
    uint64_t taken = self->wires [ALFORD][BALL].sent;
    relay_put_many (self, ALFORD, 3000, 100);
    relay_run (self, 100);
    assert_true (self->wires [ALFORD][BALL].sent > taken + WINDOW_LEAST);
    return taken;
}


//  Ball says that, and has taken no more than this

static void
s_says_having (relay_t *self, uint64_t taken, const char *text)
{
    self->wires [ALFORD][BALL].sent = taken;
    ball_says (self, text);
    relay_run (self, 1000);
}


//  What nobody can hear yet is no reason to begin anew

static void
an_audit_that_waits_for_the_line_goes_on (void **state)
{
    relay_t *self = *state;
    uint64_t taken = s_fill_window (self);
    for (int beat = 0; beat < 6; beat++)
        s_says_having (self, taken,
            BALL_SAYS "STATE " LSN "0 0 0 " LSN "0 0 AAAAAAAAAAA 0 -\n");
    assert_int_equal (relay_link (self, ALFORD, BALL).audits, 1);
    assert_int_equal (self->wires [ALFORD][BALL].audits, 0);
    ball_says_state (self, 0, "-");
    relay_run (self, 100);
    assert_int_equal (relay_link (self, ALFORD, BALL).audits, 1);
    assert_int_equal (self->wires [ALFORD][BALL].audits, 1);
}


//  Nobody says anything but sums of so large a part of the table: to answer it
//  would be to go through that

static void
a_leaf_that_is_no_leaf_is_refused (void **state)
{
    relay_t *self = *state;
    relay_put_many (self, ALFORD, 3000, 100);
    ball_says_state (self, 0, "-");
    relay_turn (self);
    relay_forget (self);
    uint64_t refused = flood_refused (self->members [ALFORD].flood);
    ball_says (self, BALL_SAYS "WANT\n- AAAAAAAA\n0 AAAAAAAA\n"
                               "00 AAAAAAAA\n000 AAAAAAAA\n");
    ball_says (self, BALL_SAYS "LEAF\n- \n0 \n00 \n000 \n");
    assert_int_equal (
        flood_refused (self->members [ALFORD].flood), refused + 2);
    relay_turn (self);
    assert_int_equal (self->wires [ALFORD][BALL].audits, 0);
}


//  Until a peer is up it is sent nothing but STATEs; but what it has to
//  give is taken

static void
before_a_link_is_up_nothing_is_answered (void **state)
{
    relay_t *self = *state;
    relay_put_many (self, ALFORD, 3, 100);
    ball_says (self,
        BALL_SAYS "NODE\n- AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
                  "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
                  "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n");
    ball_says (self, BALL_SAYS "PUT\n" BALL_PLUM "\n");
    relay_run (self, 5000);
    assert_int_equal (self->wires [ALFORD][BALL].audits, 0);
    assert_int_equal (table_count (s_table (self, ALFORD)), 4);
    assert_int_equal (relay_link (self, ALFORD, BALL).repairs, 1);
}


//  A line that is no good costs a counter, and a line of the log a minute

static void
a_senseless_line_is_refused_and_noted (void **state)
{
    relay_t *self = *state;
    ball_says_state (self, 0, "-");
    effects_clear (self->members [ALFORD].effects);
    for (int times = 0; times < 5; times++)
        ball_says (self, BALL_SAYS "LEAF\nhello\n- A\n");
    assert_story (self->members [ALFORD].effects,
        "* refused a line that no audit has, 10 bytes, from Ball, 1 so far\n");
    assert_int_equal (flood_refused (self->members [ALFORD].flood), 5);
    relay_turn (self);
    assert_int_equal (self->wires [ALFORD][BALL].audits, 0);
}


int
main (void)
{
    const struct CMUnitTest cases [] = {
        PAIR (a_record_that_was_lost_is_found),
        PAIR (an_audit_is_noted),
        TRIANGLE (what_is_mended_is_flooded_on),
        TRIANGLE (all_at_odds_are_made_equal),
        PAIR (streams_that_never_rest_are_audited_too),
        PAIR (an_audit_that_is_cut_off_is_begun_again),
        PAIR (memory_that_was_altered_is_mended),
        PAIR (without_audits_a_loss_stays),
        PAIR (tables_that_cannot_agree_are_audited_less_and_less),
        PAIR (tables_that_cannot_agree_are_not_in_sync),
        PAIR (a_link_that_comes_up_is_audited_at_once),
        PAIR (what_was_mended_is_followed_by_the_next_audit),
        BALL_CASE (an_audit_without_answers_ends),
        BALL_CASE (an_audit_that_waits_for_the_line_goes_on),
        BALL_CASE (a_leaf_that_is_no_leaf_is_refused),
        BALL_CASE (before_a_link_is_up_nothing_is_answered),
        BALL_CASE (a_senseless_line_is_refused_and_noted),
    };
    return cmocka_run_group_tests (cases, NULL, NULL);
}
