//  Goal: whatever happens, no rule is broken on the way, and in calm the herd
//  soon agrees on the newest of all it knew.  Method: many seeds of the
//  simulated world.  First safety: faults, checked at every step.  Then
//  liveness: faults end, and a bound on the heartbeats until all agree.

#include "sim/storm.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define SEEDS 300
#define STORM_MS 15000

//  Silence of 3 beats, a stalled stream of 3 more, and what is told then
#define CALM_MS (10 * FLOOD_BEAT_MS)


static int64_t
s_weather (uint64_t seed, unsigned servers_max)
{
    world_options_t options = storm_options (seed, servers_max);
    options.trace = getenv ("TRACE") != NULL;
    world_t *world = world_new (&options);
    storm_run (world, seed, STORM_MS);
    world_calm (world);
    int64_t took_ms = world_settle (world, CALM_MS);
    if (took_ms < 0)
        print_message ("seed %" PRIu64 "\n", seed);
    world_destroy (&world);
    return took_ms;
}


static void
all (void **state)
{
    (void) state;
    int64_t worst = 0;
    int bad = 0;
    int from = getenv ("FROM") ? atoi (getenv ("FROM")) : 1;
    int to = getenv ("TO") ? atoi (getenv ("TO")) : SEEDS;
    for (int seed = from; seed <= to; seed++) {
        int64_t took = s_weather ((uint64_t) seed, 20);
        if (took > worst)
            worst = took;
        bad += took < 0;
    }
    print_message ("worst %ld bad %d\n", (long) worst, bad);
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        cmocka_unit_test (all),
    };
    return cmocka_run_group_tests_name ("storm", tests, NULL, NULL);
}
