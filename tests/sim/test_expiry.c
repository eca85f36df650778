/*  =========================================================================
    test_expiry - herds that forget

    Goal: with a time to live, all servers forget who was not heard of, and
    nobody else, also when a clock is wrong.  Method: the assignment's ring,
    and storms after which everything expires; the ledger excuses what may be
    gone by the holder's own clock.
    =========================================================================
*/

#include "sim/ring.h"
#include "sim/storm.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define TTL_SECONDS 320

//  A floor is up to a sixteenth late, and a sweep takes some ticks
#define FORGOTTEN_MS ((TTL_SECONDS + TTL_SECONDS / 16 + 60) * BEAT_MS)


static world_t *
s_ring (void)
{
    world_options_t options = options_default ();
    options.names = ring_names;
    options.ttl_seconds = TTL_SECONDS;
    world_t *world = world_new (&options);
    world_run (world, 3 * BEAT_MS);
    return world;
}


//  Tell the server that the client is somewhere now

static void
s_tell_now (world_t *world, unsigned server, const char *client)
{
    int64_t now = world_clock (world, server).seconds;
    ring_tell (world, server, client, (int) (now - BOX_EPOCH_SECONDS));
}


static size_t
s_clients (const world_t *world, unsigned server)
{
    return server_status (world_server (world, server)).clients_known;
}


static void
who_is_silent_is_forgotten_everywhere (void **state)
{
    (void) state;
    world_t *world = s_ring ();
    s_tell_now (world, ALFORD, "silent");
    for (int beat = 0; beat < FORGOTTEN_MS / BEAT_MS; beat += 10) {
        s_tell_now (world, (unsigned) beat % SERVERS, "kiwi");
        world_run (world, 10 * BEAT_MS);
        assert_null (world_broken (world));
    }
    for (unsigned server = 0; server < SERVERS; server++) {
        assert_string_equal (world_find (world, server, "silent"), "");
        assert_string_not_equal (world_find (world, server, "kiwi"), "");
    }
    assert_true (world_agrees (world));
    world_destroy (&world);
}


//  Nobody forgets by the clock of one that is wrong, and one that starts anew
//  does not bring back what was forgotten

static void
a_wrong_clock_is_not_believed (void **state)
{
    (void) state;
    world_t *world = s_ring ();
    s_tell_now (world, ALFORD, "kiwi");
    world_run (world, BEAT_MS);
    world_skew (world, BALL, 3600000);
    world_run (world, 60 * BEAT_MS);
    for (unsigned server = 0; server < SERVERS; server++)
        assert_int_equal (s_clients (world, server), 1);
    assert_in_range (
        server_link (world_server (world, WELSH), 0).clock_difference_seconds +
            server_link (world_server (world, WELSH), 1)
                .clock_difference_seconds,
        3590, 3610);
    world_run (world, FORGOTTEN_MS);
    for (unsigned server = 0; server < SERVERS; server++)
        assert_int_equal (s_clients (world, server), 0);
    assert_null (world_broken (world));
    world_destroy (&world);
}


//  No audit takes a difference of floors for one of tables

static void
different_floors_are_not_audited (void **state)
{
    (void) state;
    world_t *world = s_ring ();
    for (int at = 0; at < 40; at++) {
        char client [20];
        snprintf (client, sizeof (client), "client%d", at);
        s_tell_now (world, (unsigned) at % SERVERS, client);
        world_run (world, 20 * BEAT_MS);
    }
    assert_null (world_broken (world));
    assert_int_equal (world_tally (world).repairs, 0);
    assert_int_equal (world_tally (world).audits, 0);
    world_destroy (&world);
}


//  Whatever happens while it expires

static void
after_any_storm_all_is_forgotten (void **state)
{
    (void) state;
    for (uint64_t seed = 1; seed <= STORM_SHARE (5); seed++) {
        world_options_t options = storm_options (seed, 8);
        options.ttl_seconds = TTL_SECONDS;
        options.skew_ms = 0;
        //  Changed digits may make a clock of the year 3000
        options.corrupt = 0;
        world_t *world = world_new (&options);
        storm_run (world, &options, 90 * BEAT_MS);
        world_calm (world);
        world_run (world, FORGOTTEN_MS + 60 * BEAT_MS);
        bool broken = world_broken (world);
        bool agreed = world_agrees (world);
        size_t clients = s_clients (world, 0);
        world_destroy (&world);
        if (broken || !agreed || clients)
            fail_msg ("seed %" PRIu64 " still knows %zu", seed, clients);
    }
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        cmocka_unit_test (who_is_silent_is_forgotten_everywhere),
        cmocka_unit_test (a_wrong_clock_is_not_believed),
        cmocka_unit_test (different_floors_are_not_audited),
        cmocka_unit_test (after_any_storm_all_is_forgotten),
    };
    return cmocka_run_group_tests_name ("expiry", tests, NULL, NULL);
}
