/*  =========================================================================
    test_relink - links that are taken out and put in again while servers run

    Goal: whoever reads another topology forgets nothing, and links that stay
    notice nothing.  Method: the assignment's ring in the simulated world.
    =========================================================================
*/

#include "sim/ring.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

//  Names of clients of a crowd, about a window's worth of locations
#define CROWD 600


static void
s_tell_crowd (world_t *world, unsigned server, int second)
{
    char client [16];
    for (int at = 0; at < CROWD; at++) {
        snprintf (client, sizeof (client), "c%d", at);
        ring_tell (world, server, client, second);
    }
}


static void
a_ring_without_a_link_hears_all (void **state)
{
    world_t *world = *state;
    ring_tell (world, ALFORD, "kiwi", 1);
    world_unlink (world, ALFORD, HAMILTON);
    ring_tell (world, HAMILTON, "emu", 1);
    world_run (world, 4 * BEAT_MS);
    for (unsigned peer = 0; peer < 2; peer++) {
        const char *name = server_peer (world_server (world, ALFORD), peer);
        assert_true (!name || strcmp (name, "Hamilton") != 0);
        name = server_peer (world_server (world, HAMILTON), peer);
        assert_true (!name || strcmp (name, "Alford") != 0);
    }
    ring_assert_all_hold (world, "Alford", "kiwi", 1);
    ring_assert_all_hold (world, "Hamilton", "emu", 1);
}


//  What was said meanwhile came the other way, and is not sent again

static void
a_link_that_comes_back_costs_nothing (void **state)
{
    world_t *world = *state;
    s_tell_crowd (world, ALFORD, 1);
    world_run (world, BEAT_MS);
    world_unlink (world, ALFORD, HAMILTON);
    world_run (world, 2 * BEAT_MS);
    s_tell_crowd (world, HAMILTON, 2);
    world_run (world, 2 * BEAT_MS);
    uint64_t before = world_tally (world).audits;
    world_link (world, ALFORD, HAMILTON);
    world_run (world, 4 * BEAT_MS);
    s_tell_crowd (world, ALFORD, 3);
    assert_in_range (world_settle (world, RING_LIMIT_MS), 0, BEAT_MS);
    world_run (world, 2 * BEAT_MS);
    assert_true (world_rests (world));
    assert_int_equal (world_tally (world).audits, before);
    ring_assert_all_hold (world, "Alford", "c7", 3);
}


//  All but one keep all their links

static void
a_server_that_comes_later_learns_all (void **state)
{
    world_t *world = *state;
    world_unlink (world, WELSH, ALFORD);
    world_unlink (world, WELSH, BALL);
    world_kill (world, WELSH);
    world_run (world, 2 * BEAT_MS);
    s_tell_crowd (world, HOLIDAY, 1);
    world_start (world, WELSH);
    world_run (world, 2 * BEAT_MS);
    assert_string_equal (world_find (world, WELSH, "c7"), "");
    world_link (world, WELSH, ALFORD);
    world_link (world, WELSH, BALL);
    assert_in_range (world_settle (world, RING_LIMIT_MS), 0, 4 * BEAT_MS);
    ring_assert_all_hold (world, "Holiday", "c7", 1);
    assert_int_equal (
        server_link (world_server (world, HAMILTON), 0).resumes +
            server_link (world_server (world, HAMILTON), 1).resumes,
        2);
}


#define CASE(name)                                                             \
    cmocka_unit_test_setup_teardown (name, ring_set_up, ring_tear_down)

int
main (void)
{
    const struct CMUnitTest tests [] = {
        CASE (a_ring_without_a_link_hears_all),
        CASE (a_link_that_comes_back_costs_nothing),
        CASE (a_server_that_comes_later_learns_all),
    };
    return cmocka_run_group_tests_name ("relink", tests, NULL, NULL);
}
