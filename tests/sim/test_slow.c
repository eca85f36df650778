/*  =========================================================================
    test_slow - servers behind slow lines

    Goal: a line that is slow, and full, is not taken for one that is dead, and
    nothing is sent twice because of it.  Method: the simulated world with the
    real core; a line of 4 Mbit/s with the buffers of a real one, all an eighth
    as large, and tables that take it a minute.  The rules that see to it can be
    left out, and are missed then.
    =========================================================================
*/

#include "sim/ring.h"
#include "sim/storm.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define CROWD 4000

//  Changes that who is no source sends, too
#define RECENT 256

//  kbit/s, and so many ms for the crowd
#define RATE 500
#define CROWD_MS ((int64_t) CROWD * STORM_CROWD_SIZE * 8 / RATE)
#define LIMIT_MS (4 * CROWD_MS)

//  What came of a story
typedef struct {
    int64_t took_ms;   //  Until all agreed, or loading was over; -1 = never
    uint64_t rewinds;  //  Of all streams
    uint64_t records;  //  Sent
    uint64_t downs;    //  Of links
    size_t loaded;     //  Clients known when loading was over
    bool told;         //  What was told at the end was known soon
} outcome_t;


static world_options_t
s_options (unsigned servers)
{
    world_options_t options = options_default ();
    options.servers = servers;
    options.names = ring_names;
    options.rate = (range_t){RATE, RATE};
    options.delay = (range_t){20, 20};
    options.buffer = (range_t){512, 512};
    options.window = 8;
    options.unchecked = true;
    options.quiet = true;
    return options;
}


static void
s_note (outcome_t *outcome, world_t *world, tally_t before)
{
    tally_t after = world_tally (world);
    outcome->records = after.records - before.records;
    outcome->rewinds = after.rewinds - before.rewinds;
    outcome->downs = after.downs - before.downs;
}


//  Hamilton stands still for as long as it takes until its link is down, and up
//  again while much is on its way

static void
s_stop_for_long (world_t *world)
{
    world_pause (world, HAMILTON);
    world_run (world, 4 * BEAT_MS);
    world_resume (world, HAMILTON);
}


//  A table comes to a peer that stands still for a while

static outcome_t
s_flap (const world_options_t *options)
{
    world_t *world = world_new (options);
    world_run (world, 3 * BEAT_MS);
    tally_t before = world_tally (world);
    storm_crowd (world, ALFORD, 0, CROWD);
    world_run (world, CROWD_MS / 2);
    s_stop_for_long (world);
    outcome_t outcome = {.took_ms = world_settle (world, LIMIT_MS)};
    ring_tell (world, ALFORD, "kiwi", 60);
    world_run (world, 5 * BEAT_MS);
    outcome.told = *world_find (world, HAMILTON, "kiwi") != 0;
    s_note (&outcome, world, before);
    world_destroy (&world);
    return outcome;
}


//  Two halves of a table meet, and one of the two stands still for a while

static outcome_t
s_meet (const world_options_t *options)
{
    world_t *world = world_new (options);
    world_run (world, 3 * BEAT_MS);
    tally_t before = world_tally (world);
    world_cut (world, ALFORD, HAMILTON);
    storm_crowd (world, ALFORD, 0, CROWD / 2);
    storm_crowd (world, HAMILTON, CROWD / 2, CROWD);
    world_run (world, 5 * BEAT_MS);
    world_mend (world, ALFORD, HAMILTON);
    world_run (world, CROWD_MS / 8);
    s_stop_for_long (world);
    outcome_t outcome = {.took_ms = world_settle (world, LIMIT_MS)};
    world_run (world, 30 * BEAT_MS);
    s_note (&outcome, world, before);
    world_destroy (&world);
    return outcome;
}


//  One of the ring is killed, and starts anew

static outcome_t
s_restart (const world_options_t *options)
{
    world_t *world = world_new (options);
    world_run (world, 3 * BEAT_MS);
    storm_crowd (world, HOLIDAY, 0, CROWD);
    assert_true (world_settle (world, LIMIT_MS) >= 0);
    world_run (world, 5 * BEAT_MS);
    world_kill (world, WELSH);
    world_run (world, BEAT_MS);
    tally_t before = world_tally (world);
    world_start (world, WELSH);
    outcome_t outcome = {.took_ms = 0};
    for (; outcome.took_ms < LIMIT_MS &&
           server_status (world_server (world, WELSH)).loading;
         outcome.took_ms += CORE_TICK_MS)
        world_run (world, CORE_TICK_MS);
    outcome.loaded = server_status (world_server (world, WELSH)).clients_known;
    world_settle (world, LIMIT_MS);
    world_run (world, 5 * BEAT_MS);
    s_note (&outcome, world, before);
    world_destroy (&world);
    return outcome;
}


static void
a_flap_costs_what_was_on_its_way (void **state)
{
    (void) state;
    world_options_t options = s_options (2);
    outcome_t outcome = s_flap (&options);
    assert_in_range (outcome.took_ms, 0, CROWD_MS * 6 / 10);
    assert_int_equal (outcome.rewinds, 0);
    assert_in_range (outcome.records, CROWD, CROWD * 105 / 100);
    assert_true (outcome.told);
}


static void
two_full_ways_hold_each_other_up_but_not_for_ever (void **state)
{
    (void) state;
    world_options_t options = s_options (2);
    outcome_t outcome = s_meet (&options);
    assert_in_range (outcome.took_ms, 0, CROWD_MS);
    assert_int_equal (outcome.rewinds, 0);
    assert_in_range (outcome.records, CROWD, CROWD * 105 / 100);
}


static void
a_full_line_is_not_a_dead_one (void **state)
{
    (void) state;
    world_options_t options = s_options (SERVERS);
    outcome_t outcome = s_restart (&options);
    assert_int_equal (outcome.downs, 0);
    assert_int_equal (outcome.rewinds, 0);
    assert_int_equal (outcome.loaded, CROWD);
    assert_in_range (outcome.took_ms, 0, CROWD_MS * 13 / 10);
    //  The table once, and what peers said last
    assert_in_range (outcome.records, CROWD, CROWD + (SERVERS - 1) * RECENT);
}


//  All that a socket and a kernel take is on its way, and sent again

static void
without_a_window_much_is_sent_again (void **state)
{
    (void) state;
    world_options_t options = s_options (2);
    options.no_window = true;
    outcome_t outcome = s_flap (&options);
    assert_true (outcome.records > CROWD * 110 / 100);
}


//  Streams of both go back to where they were, again and again

static void
without_acknowledgements_of_it_it_is_sent_for_ever (void **state)
{
    (void) state;
    world_options_t options = s_options (2);
    options.no_window = options.no_late_acks = true;
    outcome_t outcome = s_meet (&options);
    assert_true (outcome.rewinds > 50);
    assert_true (outcome.records > (size_t) 2 * CROWD);
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        cmocka_unit_test (a_flap_costs_what_was_on_its_way),
        cmocka_unit_test (two_full_ways_hold_each_other_up_but_not_for_ever),
        cmocka_unit_test (a_full_line_is_not_a_dead_one),
        cmocka_unit_test (without_a_window_much_is_sent_again),
        cmocka_unit_test (without_acknowledgements_of_it_it_is_sent_for_ever),
    };
    return cmocka_run_group_tests_name ("slow", tests, NULL, NULL);
}
