/*  =========================================================================
    test_away - a region that is away for longer than clients live

    Goal: when a region, or NATS, comes back after more than an hour, all
    regions have the newest of what still lives, and nothing else.  Method: the
    simulated world, with expiry in tables and in the stream, which is purged
    while one region is away.
    =========================================================================
*/

#include "sim/world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define MINUTE_MS ((int64_t) 60000)
#define CALM_MS MINUTE_MS
#define TTL_SECONDS 1800
#define LINE_SIZE 200

//  Three regions of two servers, n and n + 3, of which the first is a gateway;
//  and who hears clients of each
enum { REGIONS = 3, SERVERS = 6, EAST = 3, WEST = 4, NORTH = 5 };

//  Lines in the stream in the end: of "both" there are two regions'
#define LINES 5


//  A client is somewhere now.  Copies the AT line to the buffer

static void
s_tell (world_t *world, unsigned server, const char *client, char *line)
{
    char iamat [LINE_SIZE];
    snprintf (iamat, sizeof iamat, "IAMAT %s +34.068930-118.445127 %lld.5",
        client, (long long) world_clock (world, server).seconds - 1);
    const char *reply = world_say (world, server, iamat);
    assert_non_null (reply);
    snprintf (line, LINE_SIZE, "%.*s", (int) strcspn (reply, "\n"), reply);
    assert_memory_equal (line, "AT ", 3);
}


static void
s_run (world_t *world, int minutes)
{
    for (; minutes > 0; minutes--)
        world_run (world, MINUTE_MS);
    assert_null (world_broken (world));
}


static void
s_assert_held (
    world_t *world, unsigned region, const char *client, const char *line)
{
    for (unsigned server = region; server < SERVERS; server += REGIONS)
        assert_string_equal (world_find (world, server, client), line);
}


static void
s_assert_all_hold (world_t *world, const char *client, const char *line)
{
    for (unsigned region = 0; region < REGIONS; region++)
        s_assert_held (world, region, client, line);
}


static engine_t *
s_engine (const world_t *world)
{
    engine_t *engine = gateways_engine (world_gateways (world));
    engine_set_time (engine, network_now_us (world_network (world)));
    return engine;
}


//  What is told while the first region has no stream, which the others may have
//  or not: if so, it is purged when it has what lives to the end

static void
s_pass_an_hour (world_t *world, bool others_meet)
{
    char both [LINE_SIZE], older [LINE_SIZE], own [LINE_SIZE];
    char gone [LINE_SIZE], kept [LINE_SIZE], news [LINE_SIZE];
    s_run (world, 5);
    s_tell (world, WEST, "gone", gone);
    s_run (world, 15);
    s_assert_held (world, WEST - EAST, "gone", gone);
    s_run (world, 15);
    s_tell (world, WEST, "both", older);
    s_run (world, 10);
    s_tell (world, EAST, "both", both);
    s_tell (world, WEST, "kept", kept);
    s_run (world, 10);
    if (others_meet)
        engine_purge (s_engine (world));
    s_run (world, 10);
    s_tell (world, EAST, "own", own);
    s_tell (world, NORTH, "news", news);
    s_run (world, 1);
    s_assert_held (world, 0, "news", "");
    s_assert_held (world, 1, "news", others_meet ? news : "");
    s_assert_held (world, 1, "own", "");
    s_assert_held (world, 1, "both", older);
    engine_go_on (s_engine (world));
    engine_mend (s_engine (world), 0);
    assert_in_range (world_settle (world, CALM_MS), 0, CALM_MS);
    s_assert_all_hold (world, "both", both);
    s_assert_all_hold (world, "kept", kept);
    s_assert_all_hold (world, "own", own);
    s_assert_all_hold (world, "news", news);
    s_assert_all_hold (world, "gone", "");
    assert_int_equal (engine_counts (s_engine (world)).kept, LINES + REGIONS);
}


static world_t *
s_world (uint64_t seed)
{
    char old [LINE_SIZE];
    world_options_t options = options_default ();
    options.seed = seed;
    options.regions = REGIONS;
    options.servers = SERVERS;
    options.ttl_seconds = TTL_SECONDS;
    options.ocean = (range_t){1, 50 * (unsigned) seed};
    world_t *world = world_new (&options);
    s_run (world, 1);
    s_tell (world, EAST, "old", old);
    s_run (world, 1);
    s_assert_all_hold (world, "old", old);
    return world;
}


static void
a_region_that_was_away_for_an_hour_has_what_lives (void **state)
{
    (void) state;
    world_t *world = s_world (2);
    engine_cut (s_engine (world), 0);
    s_pass_an_hour (world, true);
    s_assert_all_hold (world, "old", "");
    world_destroy (&world);
}


static void
so_have_all_when_nats_was_away (void **state)
{
    (void) state;
    world_t *world = s_world (3);
    engine_stop (s_engine (world));
    s_pass_an_hour (world, false);
    s_assert_all_hold (world, "old", "");
    world_destroy (&world);
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        cmocka_unit_test (a_region_that_was_away_for_an_hour_has_what_lives),
        cmocka_unit_test (so_have_all_when_nats_was_away),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
