/*  =========================================================================
    test_slow - servers behind slow lines

    Goal: a line that is slow, and full, is not taken for one that is dead, and
    nothing is sent twice because of it.  Method: the simulated world with the
    real core; lines of a few Mbit/s with the buffers of real ones, and tables
    that take them half a minute.  The rules that see to it can be switched off,
    and are missed then.
    =========================================================================
*/

#include "sim/ring.h"
#include "sim/storm.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <stdlib.h>

#include <cmocka.h>

#define CROWD 4000

//  4 Mbit/s: so many ms for the crowd
#define RATE 500
#define CROWD_MS ((int64_t) CROWD * STORM_CROWD_SIZE * 8 / RATE)

//  Tables are equal after this, come what may
#define LIMIT_MS (20 * CROWD_MS)

//  What came of a story
typedef struct {
    int64_t took_ms;   //  Until all agreed
    uint64_t rewinds;  //  Of the streams of interest
    uint64_t records;  //  Sent
    uint64_t downs;    //  Of links
    size_t loaded;     //  Clients known when loading was over
    bool told;         //  What was told meanwhile was known soon
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
    options.quiet = !getenv ("STORY");
    if (getenv ("ABL_W"))
        options.no_window = true;
    if (getenv ("ABL_A"))
        options.no_late_acks = true;
    return options;
}


static bool
s_knows (world_t *world, unsigned server, const char *client)
{
    return *world_find (world, server, client) != 0;
}


//  A neighbour stands still for four seconds while a table comes to it: its
//  link is down, and up again with a pipe that is full

static outcome_t
s_flap (world_options_t options)
{
    world_t *world = world_new (&options);
    world_run (world, 3 * BEAT_MS);
    uint64_t before = world_tally (world).records;
    storm_crowd (world, ALFORD, 0, CROWD);
    world_run (world, CROWD_MS / 2);
    world_pause (world, HAMILTON);
    world_run (world, 4 * BEAT_MS);
    world_resume (world, HAMILTON);
    outcome_t outcome = {.took_ms = world_settle (world, LIMIT_MS)};
    ring_tell (world, ALFORD, "kiwi", 60);
    world_run (world, 5 * BEAT_MS);
    if (getenv ("STORY")) {
        world_run (world, 60 * BEAT_MS);
        fprintf (stderr, "behind %lu\n",
            server_link (world_server (world, ALFORD), 0).behind);
        FILE *f = stderr;
        (void) f;
        world_story (world, "");
    }
    outcome.told = s_knows (world, HAMILTON, "kiwi");
    outcome.records = world_tally (world).records - before;
    outcome.rewinds = server_link (world_server (world, ALFORD), 0).rewinds;
    world_destroy (&world);
    return outcome;
}


//  Two halves of a table meet on a line, and one of the two stands still for
//  four seconds then

static outcome_t
s_meet (world_options_t options)
{
    world_t *world = world_new (&options);
    world_run (world, 3 * BEAT_MS);
    world_cut (world, ALFORD, HAMILTON);
    storm_crowd (world, ALFORD, 0, CROWD / 2);
    storm_crowd (world, HAMILTON, CROWD / 2, CROWD);
    world_run (world, 5 * BEAT_MS);
    world_mend (world, ALFORD, HAMILTON);
    world_run (world, CROWD_MS / 8);
    tally_t before = world_tally (world);
    world_pause (world, HAMILTON);
    world_run (world, 4 * BEAT_MS);
    world_resume (world, HAMILTON);
    outcome_t outcome = {.took_ms = world_settle (world, LIMIT_MS)};
    world_run (world, 30 * BEAT_MS);
    tally_t after = world_tally (world);
    outcome.records = after.records;
    outcome.rewinds = after.rewinds - before.rewinds;
    outcome.downs = after.downs - before.downs;
    world_destroy (&world);
    return outcome;
}


//  One of the ring is killed, and starts at once

static outcome_t
s_restart (world_options_t options)
{
    world_t *world = world_new (&options);
    world_run (world, 3 * BEAT_MS);
    storm_crowd (world, HOLIDAY, 0, CROWD);
    int64_t filled_ms = world_settle (world, LIMIT_MS);
    assert_true (filled_ms >= 0);
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
    if (getenv ("STORY2"))
        world_story (world, "");
    outcome.loaded = server_status (world_server (world, WELSH)).clients_known;
    world_settle (world, LIMIT_MS);
    world_run (world, 5 * BEAT_MS);
    tally_t after = world_tally (world);
    outcome.downs = after.downs - before.downs;
    outcome.records = after.records - before.records;
    world_destroy (&world);
    return outcome;
}


//  What was on its way before the flap is acknowledged after it

static void
a_flap_does_not_send_a_stream_back_for_ever (void **state)
{
    (void) state;
    outcome_t outcome = s_flap (s_options (2));
    printf ("took %ld of %ld rewinds %lu records %lu told %d\n",
        outcome.took_ms, CROWD_MS, outcome.rewinds, outcome.records,
        outcome.told);
    assert_in_range (outcome.took_ms, 0, CROWD_MS);
    assert_in_range (outcome.rewinds, 0, 3);
    assert_in_range (outcome.records, CROWD, CROWD * 13 / 10);
    assert_true (outcome.told);
}


static void
a_full_line_is_not_a_dead_one (void **state)
{
    (void) state;
    outcome_t outcome = s_restart (s_options (SERVERS));
    printf ("took %ld of %ld loaded %zu downs %lu records %lu\n",
        outcome.took_ms, CROWD_MS, outcome.loaded, outcome.downs,
        outcome.records);
    assert_int_equal (outcome.downs, 0);
    assert_int_equal (outcome.loaded, CROWD);
    assert_in_range (outcome.took_ms, 0, CROWD_MS * 13 / 10);
    assert_in_range (outcome.records, CROWD, CROWD * 11 / 10);
}


static void
two_tables_meet (void **state)
{
    (void) state;
    outcome_t outcome = s_meet (s_options (2));
    printf ("meet took %ld of %ld rewinds %lu records %lu downs %lu\n",
        outcome.took_ms, CROWD_MS, outcome.rewinds, outcome.records,
        outcome.downs);
}

int
main (void)
{
    const struct CMUnitTest tests [] = {
        cmocka_unit_test (two_tables_meet),
        cmocka_unit_test (a_flap_does_not_send_a_stream_back_for_ever),
        cmocka_unit_test (a_full_line_is_not_a_dead_one),
    };
    return cmocka_run_group_tests_name ("slow", tests, NULL, NULL);
}
