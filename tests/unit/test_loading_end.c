/*  =========================================================================
    test_loading_end - keeping the tables of peers equal: when all is here

    A server that starts waits for what its peers know, and no longer.
    =========================================================================
*/

#include "flood/loading.h"
#include "unit/ball.h"

#define CLIENTS 5000


//  Each tells how far around it nobody knows anybody

static void
when_all_are_empty_nobody_waits_long (void **state)
{
    relay_t *self = *state;
    relay_run (self, 300);
    for (unsigned server = 0; server < 3; server++) {
        assert_false (relay_is_loading (self, server));
        assert_int_equal (relay_notes (self, server, "loading"), 0);
        assert_int_equal (
            relay_notes (self, server, "loaded: 0 clients known"), 1);
    }
}


//  Who does not answer is waited for a second; and if it comes later with much,
//  it is loaded from all the same

static void
who_hears_nobody_waits_a_second (void **state)
{
    relay_t *self = *state;
    relay_run (self, 950);
    assert_true (relay_is_loading (self, ALFORD));
    assert_true (self->wires [ALFORD][BALL].state.flags & MESSAGE_LOADING);
    relay_run (self, 100);
    assert_false (relay_is_loading (self, ALFORD));
    ball_says_rich (self, 5, "-");
    assert_true (relay_is_loading (self, ALFORD));
    assert_int_equal (relay_notes (self, ALFORD, "loading 1000 clients"), 1);
}


//  A peer that loads from another is waited for as long as it gets on; who
//  only says so is not

static void
who_loads_from_another_is_waited_for (void **state)
{
    relay_t *self = *state;
    for (unsigned beat = 0; beat < 60; beat++) {
        ball_says_much (self, 5, 1000 + beat, "loading source=Holiday");
        relay_run (self, 1000);
        assert_true (relay_is_loading (self, ALFORD));
        assert_int_equal (relay_notes (self, ALFORD, "loading"), 0);
    }
    for (unsigned beat = 0; beat < 32; beat++) {
        ball_says_rich (self, 5, "loading source=Holiday");
        relay_run (self, 1000);
    }
    assert_false (relay_is_loading (self, ALFORD));
    ball_says_rich (self, 5, "-");
    assert_int_equal (relay_notes (self, ALFORD, "loading 1000 clients"), 1);
}


static void
who_has_no_peers_does_not_load (void **state)
{
    relay_t *self = *state;
    self->linked [ALFORD][BALL] = false;
    relay_restart (self, ALFORD, RELAY_KEY);
    assert_false (relay_is_loading (self, ALFORD));
    self->linked [ALFORD][BALL] = true;
    relay_restart (self, ALFORD, RELAY_KEY);
    assert_true (relay_is_loading (self, ALFORD));
}


//  Loading ends when roots are equal

static void
equal_roots_end_it_at_once (void **state)
{
    relay_t *self = *state;
    relay_settle (self);
    relay_restart (self, BALL, RELAY_KEY);
    relay_run (self, 200);
    assert_false (relay_is_loading (self, BALL));
    relay_put_many (self, ALFORD, CLIENTS, 100);
    relay_run (self, 1000);
    relay_restart (self, BALL, RELAY_KEY);
    relay_run (self, 1500);
    assert_int_equal (relay_count (self, BALL), CLIENTS);
    assert_false (relay_is_loading (self, BALL));
}


//  A source that never gives what it has is left after 30 s

static void
loading_ends_after_half_a_minute (void **state)
{
    relay_t *self = *state;
    for (int beat = 0; beat < 29; beat++) {
        ball_says_rich (self, 9, "-");
        ball_says (
            self, BALL_SAYS "BATCH 0 1 9 1000000000000\n" BALL_KIWI "\n");
        assert_true (relay_is_loading (self, ALFORD));
        relay_run (self, 1000);
    }
    for (int beat = 0; beat < 3; beat++) {
        ball_says_rich (self, 9, "-");
        relay_run (self, 1000);
    }
    assert_false (relay_is_loading (self, ALFORD));
    assert_int_equal (relay_notes (self, ALFORD, "loading 1000 clients"), 1);
}


//  Its stream up to the tail it had then is there

static void
loading_ends_with_the_sources_stream (void **state)
{
    relay_t *self = *state;
    ball_says_rich (self, 5, "-");
    ball_says (
        self, BALL_SAYS "BATCH 0 " LSN "4 1 1000000000000\n" BALL_KIWI "\n");
    ball_says_rich (self, 5, "-");
    assert_true (relay_is_loading (self, ALFORD));
    ball_says (
        self, BALL_SAYS "BATCH " LSN "4 4 0 1000000000000\n" BALL_PLUM "\n");
    ball_says_rich (self, 8, "-");
    assert_false (relay_is_loading (self, ALFORD));
    assert_int_equal (table_lsn (self->members [ALFORD].table), TABLE_LSN_BASE);
    //  From here on all is a change
    ball_says (self, BALL_SAYS "BATCH " LSN "8 1 0 1000000000000\n"
                               "AT Ball +0.000000000 fig +1+1 100\n");
    assert_int_equal (
        table_lsn (self->members [ALFORD].table), TABLE_LSN_BASE + 1);
}


//  What the source hears while it sends its table is a change, and goes on

static void
what_the_source_hears_meanwhile_is_a_change (void **state)
{
    relay_t *self = *state;
    ball_says_rich (self, 5, "-");
    ball_says (
        self, BALL_SAYS "BATCH 0 " LSN "5 3 1000000000000\n" BALL_KIWI "\n");
    assert_int_equal (table_lsn (self->members [ALFORD].table), TABLE_LSN_BASE);
    ball_says (self, BALL_SAYS "BATCH " LSN "5 1 2 1000000000000\n"
                               "AT Ball +0.000000000 fig +1+1 100\n");
    assert_true (relay_is_loading (self, ALFORD));
    assert_int_equal (
        table_lsn (self->members [ALFORD].table), TABLE_LSN_BASE + 1);
}


//  Two that have all of one who is not loading need nothing of each other

static void
two_that_have_all_do_not_wait_for_each_other (void **state)
{
    relay_t *self = *state;
    relay_settle (self);
    relay_put_many (self, ALFORD, CLIENTS, 100);
    relay_run (self, 2000);
    relay_restart (self, BALL, RELAY_KEY);
    relay_restart (self, HOLIDAY, RELAY_KEY);
    relay_run (self, LOADING_WAIT_MS / 2);
    for (unsigned server = BALL; server <= HOLIDAY; server++) {
        assert_int_equal (relay_count (self, server), CLIENTS);
        assert_false (relay_is_loading (self, server));
    }
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        TRIANGLE (when_all_are_empty_nobody_waits_long),
        BALL_CASE (who_hears_nobody_waits_a_second),
        BALL_CASE (who_loads_from_another_is_waited_for),
        PAIR (who_has_no_peers_does_not_load),
        TRIANGLE (equal_roots_end_it_at_once),
        BALL_CASE (loading_ends_after_half_a_minute),
        BALL_CASE (loading_ends_with_the_sources_stream),
        BALL_CASE (what_the_source_hears_meanwhile_is_a_change),
        TRIANGLE (two_that_have_all_do_not_wait_for_each_other),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
