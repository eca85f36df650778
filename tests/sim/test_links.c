/*  =========================================================================
    test_links - servers and links that fail, one at a time

    Goal: whatever dies, breaks or stands still in the assignment's ring, the
    others hear, and who was away learns everything.  Method: the simulated
    world with the real core, without faults but those a case makes; or two
    servers, who hear of things from nobody but each other.
    =========================================================================
*/

#include "sim/ring.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>


//  A ring has two ways

static void
with_one_link_dead_all_hear (void **state)
{
    world_t *world = *state;
    world_cut (world, ALFORD, HAMILTON);
    world_run (world, 10);
    ring_tell (world, ALFORD, "kiwi", 1);
    ring_tell (world, HAMILTON, "emu", 1);
    world_run (world, 10);
    ring_assert_all_hold (world, "Alford", "kiwi", 1);
    ring_assert_all_hold (world, "Hamilton", "emu", 1);
}


//  "if Hamilton goes down, Holiday still hears of updates at Alford"

static void
with_one_server_dead_the_others_hear (void **state)
{
    world_t *world = *state;
    world_kill (world, HAMILTON);
    ring_tell (world, ALFORD, "kiwi", 1);
    world_run (world, 10);
    ring_assert_all_hold (world, "Alford", "kiwi", 1);
    assert_null (ring_tell (world, HAMILTON, "emu", 1));
}


//  A restarted server is empty, and learns what it knew and what it missed

static void
a_restarted_server_learns_all (void **state)
{
    world_t *world = *state;
    ring_tell (world, HAMILTON, "before", 1);
    ring_tell (world, BALL, "moves", 1);
    world_run (world, BEAT_MS);
    world_kill (world, HAMILTON);
    ring_tell (world, ALFORD, "meanwhile", 2);
    ring_tell (world, HOLIDAY, "moves", 2);
    world_run (world, 20 * BEAT_MS);
    world_start (world, HAMILTON);
    assert_string_equal (world_find (world, HAMILTON, "before"), "");

    assert_in_range (world_settle (world, RING_LIMIT_MS), 0, 2000);
    ring_assert_all_hold (world, "Hamilton", "before", 1);
    ring_assert_all_hold (world, "Alford", "meanwhile", 2);
    ring_assert_all_hold (world, "Holiday", "moves", 2);
}


//  One that is back before anybody missed it is empty all the same

static void
a_server_restarted_at_once_learns_all (void **state)
{
    world_t *world = *state;
    ring_tell (world, HAMILTON, "kiwi", 1);
    world_run (world, BEAT_MS);
    world_kill (world, HAMILTON);
    world_start (world, HAMILTON);
    assert_in_range (world_settle (world, RING_LIMIT_MS), 0, 2000);
    ring_assert_all_hold (world, "Hamilton", "kiwi", 1);
}


//  A peer that does not know yet that a server died tells the new process
//  how far the old one's stream went.  That is no news for the new one

static void
a_server_restarted_before_a_heartbeat_learns_all (void **state)
{
    world_t *world = *state;
    ring_tell (world, HAMILTON, "kiwi", 1);
    world_run (world, 5);
    world_kill (world, HAMILTON);
    world_start (world, HAMILTON);
    assert_in_range (world_settle (world, RING_LIMIT_MS), 0, 2000);
    ring_assert_all_hold (world, "Hamilton", "kiwi", 1);
}


//  All but one start anew: the one fills the others

static void
one_that_remembers_is_enough (void **state)
{
    world_t *world = *state;
    ring_tell (world, ALFORD, "kiwi", 1);
    world_run (world, BEAT_MS);
    for (unsigned server = HAMILTON; server < SERVERS; server++)
        world_kill (world, server);
    world_run (world, BEAT_MS);
    for (unsigned server = HAMILTON; server < SERVERS; server++)
        world_start (world, server);
    assert_in_range (world_settle (world, RING_LIMIT_MS), 0, 3000);
    ring_assert_all_hold (world, "Alford", "kiwi", 1);
}


//  Two and three servers, each side told of the same client: the newest wins

static void
a_healed_partition_has_the_newest_of_both (void **state)
{
    world_t *world = *state;
    world_cut (world, HAMILTON, HOLIDAY);
    world_cut (world, WELSH, ALFORD);
    ring_tell (world, ALFORD, "kiwi", 2);
    ring_tell (world, BALL, "kiwi", 1);
    ring_tell (world, HAMILTON, "emu", 1);
    ring_tell (world, HOLIDAY, "emu", 2);
    ring_tell (world, ALFORD, "left", 1);
    ring_tell (world, WELSH, "right", 1);
    world_run (world, 20 * BEAT_MS);
    assert_false (world_agrees (world));
    assert_string_equal (world_find (world, ALFORD, "right"), "");
    assert_string_equal (world_find (world, HOLIDAY, "left"), "");

    world_mend (world, HAMILTON, HOLIDAY);
    world_mend (world, WELSH, ALFORD);
    assert_in_range (world_settle (world, RING_LIMIT_MS), 0, 2000);
    ring_assert_all_hold (world, "Alford", "kiwi", 2);
    ring_assert_all_hold (world, "Holiday", "emu", 2);
    ring_assert_all_hold (world, "Alford", "left", 1);
    ring_assert_all_hold (world, "Welsh", "right", 1);
}


//  Every client moves many times while a server stands still; of each, only
//  the last place goes to it then

static void
a_paused_server_resumes_with_what_changed (void **state)
{
    enum { CLIENTS = 20, MOVES = 10 };
    world_t *world = *state;
    char client [20];
    for (int at = 0; at < 5 * CLIENTS; at++) {
        snprintf (client, sizeof (client), "still%d", at);
        ring_tell (world, WELSH, client, 1);
    }
    world_run (world, BEAT_MS);
    world_pause (world, HAMILTON);
    world_run (world, 4 * BEAT_MS);
    uint64_t before = world_records (world, ALFORD, HAMILTON);
    uint64_t before_other = world_records (world, HOLIDAY, HAMILTON);
    for (int move = 0; move < MOVES; move++) {
        for (int at = 0; at < CLIENTS; at++) {
            snprintf (client, sizeof (client), "client%d", at);
            ring_tell (world, BALL, client, 10 + move);
        }
        world_run (world, 3 * BEAT_MS);
    }
    world_resume (world, HAMILTON);
    assert_in_range (world_settle (world, RING_LIMIT_MS), 0, 2000);
    world_run (world, 5 * BEAT_MS);
    ring_assert_all_hold (world, "Ball", "client7", 10 + MOVES - 1);
    uint64_t one = world_records (world, ALFORD, HAMILTON) - before;
    uint64_t other = world_records (world, HOLIDAY, HAMILTON) - before_other;
    assert_in_range (one, 0, CLIENTS);
    assert_in_range (other, 0, CLIENTS);
    assert_true (one + other >= CLIENTS);
}


//  A link that was away brings what changed, once

static void
a_mended_link_brings_what_changed (void **state)
{
    enum { CLIENTS = 40, MOVES = 5 };
    world_t *world = *state;
    ring_tell (world, HAMILTON, "still", 1);
    world_run (world, BEAT_MS);
    world_cut (world, ALFORD, HAMILTON);
    world_cut (world, ALFORD, WELSH);
    world_run (world, 10);
    uint64_t before = world_records (world, HAMILTON, ALFORD);
    for (int move = 0; move < MOVES; move++)
        for (int at = 0; at < CLIENTS; at++) {
            char client [20];
            snprintf (client, sizeof (client), "client%d", at);
            ring_tell (world, HAMILTON, client, 1 + move);
        }
    world_run (world, 10 * BEAT_MS);
    world_mend (world, ALFORD, HAMILTON);
    assert_in_range (world_settle (world, RING_LIMIT_MS), 0, 2000);
    world_run (world, 10 * BEAT_MS);
    assert_int_equal (
        world_records (world, HAMILTON, ALFORD) - before, CLIENTS);
    flood_link_t link = server_link (world_server (world, HAMILTON), 0);
    assert_int_equal (link.behind, 0);
    assert_int_equal (link.rewinds, 0);
}


//  Connections of both directions are needed; the ring's other way serves

static void
with_a_link_dead_one_way_all_hear (void **state)
{
    world_t *world = *state;
    world_cut_way (world, ALFORD, HAMILTON);
    ring_tell (world, ALFORD, "kiwi", 1);
    world_run (world, 5 * BEAT_MS);
    assert_true (world_agrees (world));
    ring_tell (world, HAMILTON, "emu", 1);
    world_run (world, 5 * BEAT_MS);
    assert_true (world_agrees (world));
}


//  A link that swallows everything is down after three heartbeats, and comes
//  back by itself

static void
a_silent_link_is_noticed_and_comes_back (void **state)
{
    world_t *world = *state;
    world_silence (world, ALFORD, HAMILTON);
    world_run (world, 4 * BEAT_MS + CORE_TICK_MS);
    assert_false (server_link (world_server (world, HAMILTON), 0).up);
    world_mend (world, ALFORD, HAMILTON);
    world_run (world, 2 * BEAT_MS);
    assert_true (server_link (world_server (world, HAMILTON), 0).up);
}


//  Two servers, with nobody to hear of things from but each other

static world_t *
s_pair (world_options_t options)
{
    options.servers = 2;
    options.names = ring_names;
    world_t *world = world_new (&options);
    world_run (world, BEAT_MS);
    return world;
}


//  A message that vanishes while its connection stands is noticed by the next,
//  which does not join to what was got, and is sent again

static void
a_lost_message_is_noticed_and_sent_again (void **state)
{
    (void) state;
    world_t *world = s_pair (options_default ());
    world_silence (world, ALFORD, HAMILTON);
    ring_tell (world, ALFORD, "kiwi", 1);
    world_run (world, 10);
    world_mend (world, ALFORD, HAMILTON);
    assert_false (world_agrees (world));
    assert_in_range (world_settle (world, RING_LIMIT_MS), 0, 1500);
    assert_int_equal (server_link (world_server (world, HAMILTON), 0).naks, 1);
    assert_int_equal (server_link (world_server (world, ALFORD), 0).rewinds, 1);
    assert_int_equal (world_records (world, ALFORD, HAMILTON), 2);
    world_destroy (&world);
}


//  A link that breaks while a message is on its way brings it when mended

static void
what_was_on_a_broken_link_is_sent_again (void **state)
{
    (void) state;
    world_t *world = s_pair (options_default ());
    ring_tell (world, ALFORD, "kiwi", 1);
    world_cut (world, ALFORD, HAMILTON);
    world_mend (world, ALFORD, HAMILTON);
    assert_in_range (world_settle (world, RING_LIMIT_MS), 0, 1500);
    assert_int_equal (world_records (world, ALFORD, HAMILTON), 2);
    world_destroy (&world);
}


//  Nor is a message that was meant for the old process and leaves out what
//  that had

static void
a_stream_for_a_dead_process_is_not_the_new_ones (void **state)
{
    (void) state;
    world_t *world = s_pair (options_default ());
    ring_tell (world, HAMILTON, "kiwi", 1);
    world_run (world, 5);
    world_cut_way (world, ALFORD, HAMILTON);
    world_run (world, 6 * BEAT_MS);
    ring_tell (world, ALFORD, "emu", 1);
    world_kill (world, HAMILTON);
    world_start (world, HAMILTON);
    //  The new one hears before it is heard
    world_mend (world, ALFORD, HAMILTON);
    world_cut_way (world, HAMILTON, ALFORD);
    world_run (world, BEAT_MS);
    world_mend (world, ALFORD, HAMILTON);
    assert_in_range (world_settle (world, RING_LIMIT_MS), 0, 2000);
    assert_string_not_equal (world_find (world, HAMILTON, "kiwi"), "");
    world_destroy (&world);
}


//  What a dead process said may arrive when its successor has been heard: the
//  successor does not know it for that

static void
late_words_of_a_dead_process_are_not_the_new_ones (void **state)
{
    (void) state;
    world_options_t options = options_default ();
    options.rate = (range_t){80, 80};
    options.late = 100;
    world_t *world = s_pair (options);
    char line [6000];
    snprintf (line, sizeof (line), "IAMAT %0*d +1+1 1479413884", 5000, 0);
    world_say (world, HAMILTON, line);
    world_kill (world, HAMILTON);
    world_start (world, HAMILTON);
    world_run (world, 5 * BEAT_MS);
    assert_true (world_settle (world, RING_LIMIT_MS) >= 0);
    world_destroy (&world);
}


#define CASE(name)                                                             \
    cmocka_unit_test_setup_teardown (name, ring_set_up, ring_tear_down)

int
main (void)
{
    const struct CMUnitTest tests [] = {
        CASE (with_one_link_dead_all_hear),
        CASE (with_one_server_dead_the_others_hear),
        CASE (a_restarted_server_learns_all),
        CASE (a_server_restarted_at_once_learns_all),
        CASE (a_server_restarted_before_a_heartbeat_learns_all),
        CASE (one_that_remembers_is_enough),
        CASE (a_healed_partition_has_the_newest_of_both),
        CASE (a_paused_server_resumes_with_what_changed),
        CASE (a_mended_link_brings_what_changed),
        CASE (with_a_link_dead_one_way_all_hear),
        CASE (a_silent_link_is_noticed_and_comes_back),
        cmocka_unit_test (a_lost_message_is_noticed_and_sent_again),
        cmocka_unit_test (what_was_on_a_broken_link_is_sent_again),
        cmocka_unit_test (a_stream_for_a_dead_process_is_not_the_new_ones),
        cmocka_unit_test (late_words_of_a_dead_process_are_not_the_new_ones),
    };
    return cmocka_run_group_tests_name ("links", tests, NULL, NULL);
}
