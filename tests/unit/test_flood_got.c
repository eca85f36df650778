/*  =========================================================================
    test_flood_got - keeping the tables of peers equal: what we have

    Alford alone, with messages made by hand in Ball's name: how far Alford says
    that it has Ball's stream, and what it makes of Ball's root.
    =========================================================================
*/

#include "unit/ball.h"

static table_t *
s_table (const relay_t *self)
{
    return self->members [ALFORD].table;
}


//  prev <= got: got := max (got, last).  Otherwise a gap: keep got, NAK at most
//  once per T

static void
a_gap_is_not_passed_over (void **state)
{
    relay_t *self = *state;
    bool nak;
    ball_says_state (self, 0, "-");
    ball_says (
        self, BALL_SAYS "BATCH " LSN "0 5 0 1000000000000\n" BALL_KIWI "\n");
    assert_int_equal (ball_is_told (self, 1000, &nak), 5);
    assert_false (nak);
    for (int times = 0; times < 10; times++)
        ball_says (self,
            BALL_SAYS "BATCH " LSN "7 2 0 1000000000000\n" BALL_PLUM "\n");
    assert_int_equal (table_count (s_table (self)), 2);
    assert_int_equal (relay_link (self, ALFORD, BALL).naks, 1);
    assert_int_equal (ball_is_told (self, 50, &nak), 5);
    assert_true (nak);
    ball_says (
        self, BALL_SAYS "BATCH " LSN "2 2 0 1000000000000\n" BALL_KIWI "\n");
    assert_int_equal (ball_is_told (self, 1000, &nak), 5);
    assert_false (nak);
    ball_says (
        self, BALL_SAYS "BATCH " LSN "4 5 0 1000000000000\n" BALL_KIWI "\n");
    assert_int_equal (ball_is_told (self, 1000, &nak), 9);
    assert_false (nak);
}


//  Its stream, and what it has of ours, begin anew

static void
another_process_of_a_peer_starts_at_nothing (void **state)
{
    relay_t *self = *state;
    bool nak;
    relay_put_many (self, ALFORD, 3, 100);
    ball_says_state (self, 3, "-");
    assert_int_equal (relay_link (self, ALFORD, BALL).behind, 0);
    ball_says (
        self, BALL_SAYS "BATCH " LSN "0 5 0 1000000000000\n" BALL_KIWI "\n");
    assert_int_equal (ball_is_told (self, 1000, &nak), 5);
    relay_step (self, EVENT_PEER_DOWN, ALFORD, BALL);
    relay_step (self, EVENT_PEER_UP, ALFORD, BALL);
    ball_says (self,
        "ZHERD/2 AAAAAAAABI0 Ball AAAAAAAAADM "
        "AAAAAAAAAAB 0 0 BATCH " LSN "0 9 0 1000000000000\n" BALL_PLUM "\n");
    assert_int_equal (ball_is_told (self, 1000, &nak), 5);
    ball_lives (self, 0xcc, 0);
    assert_int_equal (ball_is_told (self, 1000, &nak), 0);
    assert_int_equal (table_count (s_table (self)), 5);
    assert_false (relay_link (self, ALFORD, BALL).up);
}


//  Who is met and changed little is asked for all its changes, who changed much
//  only for the last 256 and new ones: the audit finds the rest

static void
a_young_peer_is_asked_for_all_its_changes (void **state)
{
    relay_t *self = *state;
    bool nak;
    relay_run (self, 1500);
    assert_false (flood_is_loading (self->members [ALFORD].flood));
    ball_lives (self, 0xb1, 4096);
    assert_int_equal (ball_is_told (self, 1000, &nak), 0);
    ball_lives (self, 0xb2, 4097);
    assert_int_equal (ball_is_told (self, 1000, &nak), 4097 - 256);
    ball_lives (self, 0xb3, 1);
    assert_int_equal (ball_is_told (self, 1000, &nak), 0);
    assert_false (nak);
}


//  What was meant for the process before, or comes from another of the
//  peer's, says nothing of what we have; its records are good

static void
a_stream_is_between_two_processes (void **state)
{
    relay_t *self = *state;
    bool nak;
    ball_says_state (self, 0, "-");
    ball_says (self, "ZHERD/2 AAAAAAAABI0 Ball AAAAAAAAAC7 AAAAAAAAAAJ 0 0 "
                     "BATCH " LSN "0 5 0 1000000000000\n" BALL_KIWI "\n");
    assert_int_equal (ball_is_told (self, 1000, &nak), 0);
    relay_step (self, EVENT_PEER_DOWN, ALFORD, BALL);
    ball_says (self, "ZHERD/2 AAAAAAAABI0 Ball AAAAAAAAAC8 AAAAAAAAAAB 0 0 "
                     "BATCH " LSN "0 5 0 1000000000000\n" BALL_PLUM "\n");
    assert_int_equal (ball_is_told (self, 1000, &nak), 0);
    assert_false (nak);
    assert_int_equal (table_count (s_table (self)), 2);
}


//  Nobody can have more of a stream than there is

static void
a_stream_that_is_shorter_than_believed_is_believed (void **state)
{
    relay_t *self = *state;
    bool nak;
    ball_says_state (self, 0, "-");
    ball_says (
        self, BALL_SAYS "BATCH " LSN "0 9 0 1000000000000\n" BALL_KIWI "\n");
    assert_int_equal (ball_is_told (self, 1000, &nak), 9);
    ball_says_state (self, 0, "-");
    assert_int_equal (ball_is_told (self, 1000, &nak), 0);
    assert_false (nak);
}


static void
tables_of_unequal_floors_are_not_compared (void **state)
{
    relay_t *self = *state;
    ball_says_state (self, 0, "-");
    for (int beat = 0; beat < 40; beat++) {
        ball_says_root (self, "AEjRWeJq83v", 1);
        relay_run (self, 1000);
    }
    assert_int_equal (relay_link (self, ALFORD, BALL).roots_differ, 0);
    assert_int_equal (relay_link (self, ALFORD, BALL).audits, 0);
}


static void
a_difference_counts_whenever_it_is_seen (void **state)
{
    relay_t *self = *state;
    static const char *const roots [] = {
        "AEjRWeJq83v", "AEjRWeJq83v", "AAAAAAAAAAA", "AEjRWeJq83v"};
    ball_says_state (self, 0, "-");
    for (size_t at = 0; at < COUNT (roots); at++)
        ball_says_root (self, roots [at], 0);
    assert_int_equal (relay_link (self, ALFORD, BALL).roots_differ, 3);
}


int
main (void)
{
    const struct CMUnitTest cases [] = {
        BALL_CASE (a_gap_is_not_passed_over),
        BALL_CASE (another_process_of_a_peer_starts_at_nothing),
        BALL_CASE (a_young_peer_is_asked_for_all_its_changes),
        BALL_CASE (a_stream_is_between_two_processes),
        BALL_CASE (a_stream_that_is_shorter_than_believed_is_believed),
        BALL_CASE (tables_of_unequal_floors_are_not_compared),
        BALL_CASE (a_difference_counts_whenever_it_is_seen),
    };
    return cmocka_run_group_tests (cases, NULL, NULL);
}
