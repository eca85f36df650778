/*  =========================================================================
    test_links - who our peers are, and how that changes

    Links are added and removed while the server goes on: nothing is forgotten,
    and an index serves one peer after the other.
    =========================================================================
*/

#include "flood/links.h"

#include "unit/relay.h"

#define CLIENTS 100


static bool
s_is_linked (const relay_t *self, unsigned server, unsigned peer)
{
    return flood_peer (self->members [server].flood, peer) != NULL;
}


static void
one_that_is_removed_hears_of_it_and_is_gone (void **state)
{
    relay_t *self = *state;
    relay_settle (self);
    relay_remove (self, ALFORD, BALL);
    assert_true (s_is_linked (self, ALFORD, 0));
    relay_run (self, CORE_TICK_MS);
    assert_story (self->members [ALFORD].effects,
        "* link to Ball removed\n* link to Ball down: it is removed\n"
        "0 parted\n");
    assert_false (s_is_linked (self, ALFORD, 0));
    relay_run (self, 4000);
    assert_int_equal (
        relay_notes (self, BALL, "link to Alford down: it left"), 1);
    assert_int_equal (relay_notes (self, BALL, "Holiday"), 0);
    assert_int_equal (relay_notes (self, HOLIDAY, ""), 0);
}


//  What it says afterwards is a stranger's

static void
one_that_is_gone_is_told_nothing_more (void **state)
{
    relay_t *self = *state;
    relay_settle (self);
    relay_remove (self, ALFORD, BALL);
    relay_run (self, 200);
    assert_int_equal (
        relay_notes (self, ALFORD, "a server we have no link to"), 1);
    relay_forget (self);
    relay_put (self, BALL, "AT Ball +0.000000000 kiwi +1+1 100");
    relay_run (self, 1000);
    assert_int_equal (self->wires [ALFORD][BALL].states, 0);
    assert_int_equal (relay_count (self, ALFORD), 1);
    assert_true (relay_agrees (self));
}


static void
both_take_first_what_the_other_has (void **state)
{
    relay_t *self = *state;
    relay_settle (self);
    relay_put_many (self, ALFORD, CLIENTS, 100);
    relay_put (self, BALL, "AT Ball +0.000000000 kiwi +1+1 100");
    relay_lose (self, ALFORD, BALL, true);
    relay_turn (self);
    relay_remove (self, ALFORD, BALL);
    relay_run (self, 1000);
    assert_true (s_is_linked (self, ALFORD, 0));
    relay_lose (self, ALFORD, BALL, false);
    relay_run (self, LINKS_PARTING_MS - 1100);
    assert_false (s_is_linked (self, ALFORD, 0));
    assert_int_equal (relay_count (self, ALFORD), CLIENTS + 1);
    assert_true (relay_agrees (self));
}


static void
one_that_takes_nothing_is_not_waited_for_long (void **state)
{
    relay_t *self = *state;
    relay_settle (self);
    relay_put_many (self, ALFORD, CLIENTS, 100);
    relay_lose (self, ALFORD, BALL, true);
    relay_remove (self, ALFORD, BALL);
    relay_run (self, LINKS_PARTING_MS + (int64_t) 2 * CORE_TICK_MS);
    assert_false (s_is_linked (self, ALFORD, 0));
}


static void
one_that_is_not_there_is_not_waited_for (void **state)
{
    relay_t *self = *state;
    relay_settle (self);
    relay_cut (self, ALFORD, BALL);
    relay_remove (self, ALFORD, BALL);
    relay_run (self, CORE_TICK_MS);
    assert_false (s_is_linked (self, ALFORD, 0));
}


//  No link that stays blinks

static void
one_that_is_added_again_in_time_stays (void **state)
{
    relay_t *self = *state;
    relay_settle (self);
    relay_remove (self, ALFORD, BALL);
    relay_add (self, ALFORD, 0, BALL);
    relay_run (self, 2 * LINKS_PARTING_MS);
    assert_story (self->members [ALFORD].effects,
        "* link to Ball removed\n* link to Ball added\n");
    assert_story (self->members [BALL].effects, "");
    assert_int_equal (relay_link (self, ALFORD, BALL).resumes, 1);
}


//  Alford has all from Ball, and says so in each record's mask; at Ball's index
//  is Holiday now, and has nothing

static void
who_gets_an_index_gets_what_the_one_before_had (void **state)
{
    relay_t *self = *state;
    relay_settle (self);
    relay_cut (self, BALL, HOLIDAY);
    relay_put_many (self, BALL, CLIENTS, 100);
    relay_run (self, 1000);
    assert_int_equal (relay_count (self, ALFORD), CLIENTS);
    relay_remove (self, ALFORD, BALL);
    relay_run (self, 200);
    assert_false (s_is_linked (self, ALFORD, 0));
    relay_add (self, ALFORD, 0, HOLIDAY);
    relay_add (self, HOLIDAY, 1, ALFORD);
    relay_mend (self, ALFORD, HOLIDAY);
    relay_run (self, 3000);
    assert_int_equal (relay_count (self, HOLIDAY), CLIENTS);
    assert_int_equal (self->wires [ALFORD][HOLIDAY].records, CLIENTS);
    assert_int_equal (self->wires [ALFORD][HOLIDAY].audits, 0);
}


static void
an_index_that_is_being_left_may_be_taken (void **state)
{
    relay_t *self = *state;
    relay_settle (self);
    relay_put_many (self, ALFORD, CLIENTS, 100);
    relay_lose (self, ALFORD, BALL, true);
    relay_remove (self, ALFORD, BALL);
    relay_add (self, ALFORD, 0, HOLIDAY);
    relay_add (self, HOLIDAY, 1, ALFORD);
    assert_story (self->members [ALFORD].effects,
        "* link to Ball removed\n* link to Ball down: it is removed\n"
        "* link to Holiday added\n");
    relay_mend (self, ALFORD, HOLIDAY);
    relay_run (self, 3000);
    assert_true (relay_link (self, ALFORD, HOLIDAY).up);
    assert_true (relay_agrees (self));
}


//  Its neighbour did not forget it, nor how many bytes came over it

static void
one_that_is_removed_on_one_side_alone_comes_back (void **state)
{
    relay_t *self = *state;
    relay_settle (self);
    relay_put_many (self, ALFORD, 20 * CLIENTS, 100);
    relay_run (self, 1000);
    relay_remove (self, ALFORD, BALL);
    relay_run (self, 200);
    assert_false (s_is_linked (self, ALFORD, 0));
    relay_add (self, ALFORD, 0, BALL);
    relay_step (self, EVENT_PEER_UP, ALFORD, BALL);
    relay_put_many (self, ALFORD, 20 * CLIENTS, 200);
    relay_run (self, 2000);
    assert_true (relay_link (self, ALFORD, BALL).up);
    assert_true (relay_agrees (self));
}


//  Nothing that was kept for a link points to nowhere when it is gone

static void
a_source_may_be_removed (void **state)
{
    relay_t *self = *state;
    relay_settle (self);
    relay_put_many (self, BALL, CLIENTS, 100);
    relay_run (self, 1000);
    relay_restart (self, ALFORD, RELAY_KEY);
    while (!relay_notes (self, ALFORD, "loading"))
        relay_run (self, self->step_ms);
    unsigned source = relay_notes (self, ALFORD, "from Ball") ? BALL : HOLIDAY;
    relay_lose (self, source, ALFORD, true);
    relay_remove (self, ALFORD, source);
    relay_run (self, LINKS_PARTING_MS + 1000);
    assert_false (relay_is_loading (self, ALFORD));
    assert_true (relay_agrees (self));
}


//  Each takes a place in the table, which is given back

static void
links_that_come_and_go_cost_nothing (void **state)
{
    relay_t *self = *state;
    relay_settle (self);
    size_t before = table_size (self->members [ALFORD].table);
    for (int times = 0; times < 200; times++) {
        relay_cut (self, ALFORD, BALL);
        relay_remove (self, ALFORD, BALL);
        relay_run (self, CORE_TICK_MS);
        relay_add (self, ALFORD, 0, BALL);
        relay_mend (self, ALFORD, BALL);
        effects_clear (self->members [ALFORD].effects);
    }
    assert_int_equal (table_size (self->members [ALFORD].table), before);
    relay_run (self, 3000);
    assert_true (relay_link (self, ALFORD, BALL).up);
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        TRIANGLE (one_that_is_removed_hears_of_it_and_is_gone),
        TRIANGLE (one_that_is_gone_is_told_nothing_more),
        PAIR (both_take_first_what_the_other_has),
        PAIR (one_that_takes_nothing_is_not_waited_for_long),
        PAIR (one_that_is_not_there_is_not_waited_for),
        PAIR (one_that_is_added_again_in_time_stays),
        ROW (who_gets_an_index_gets_what_the_one_before_had),
        ROW (an_index_that_is_being_left_may_be_taken),
        PAIR (one_that_is_removed_on_one_side_alone_comes_back),
        TRIANGLE (a_source_may_be_removed),
        PAIR (links_that_come_and_go_cost_nothing),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
