/*  =========================================================================
    ring - the five servers of the assignment, for tests

    =========================================================================
*/

#include "sim/ring.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

const char *const ring_names [SERVERS] = {
    "Alford", "Hamilton", "Holiday", "Ball", "Welsh"};


world_t *
ring_new (uint64_t seed)
{
    world_options_t options = options_default ();
    options.seed = seed;
    options.names = ring_names;
    return world_new (&options);
}


int
ring_set_up (void **state)
{
    *state = ring_new (1);
    world_run (*state, 3 * BEAT_MS);
    return 0;
}


int
ring_tear_down (void **state)
{
    world_t *world = *state;
    world_destroy (&world);
    return 0;
}


const char *
ring_tell (world_t *world, unsigned server, const char *client, int second)
{
    char line [200];
    snprintf (line, sizeof (line), "IAMAT %s +34.068930-118.445127 %d.5",
        client, BOX_EPOCH_SECONDS + second);
    return world_say (world, server, line);
}


void
ring_assert_all_hold (
    world_t *world, const char *server, const char *client, int second)
{
    assert_true (world_settle (world, RING_LIMIT_MS) >= 0);
    char start [100];
    char end [100];
    snprintf (start, sizeof (start), "AT %s ", server);
    snprintf (end, sizeof (end), " %s +34.068930-118.445127 %d.5", client,
        BOX_EPOCH_SECONDS + second);
    for (unsigned at = 0; at < SERVERS; at++) {
        if (!world_server (world, at))
            continue;
        const char *line = world_find (world, at, client);
        assert_memory_equal (line, start, strlen (start));
        assert_true (strlen (line) > strlen (end));
        assert_string_equal (line + strlen (line) - strlen (end), end);
    }
}
