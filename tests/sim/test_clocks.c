/*  =========================================================================
    test_clocks - servers whose clocks are wrong

    Goal: nobody's clock but one's own, and that of most, decides what is newer;
    nothing is lost by a wrong one, though it may have to wait.  Method: the
    assignment's ring in the simulated world with the real core.
    =========================================================================
*/

#include "sim/ring.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define AHEAD_MS ((int64_t) 900000)
#define YEAR_MS ((int64_t) 365 * 24 * 3600000)

//  What was heard so long ahead is taken
#define FUTURE_MS ((int64_t) 600000)


static bool
s_knows (world_t *world, unsigned server, const char *client)
{
    return *world_find (world, server, client) != 0;
}


static void
s_assert_heard_now (world_t *world, unsigned server, const char *client)
{
    location_t location;
    assert_true (location_parse (
        &location, span_of (world_find (world, server, client))));
    assert_in_range (location.heard.seconds - BOX_EPOCH_SECONDS, 0, 100);
}


//  Ball's peers and Ball itself go by the clocks of most

static void
one_wrong_clock_of_three_moves_nothing (void **state)
{
    world_t *world = *state;
    world_skew (world, BALL, YEAR_MS);
    world_run (world, 3 * BEAT_MS);
    ring_tell (world, BALL, "kiwi", 1);
    ring_tell (world, WELSH, "emu", 1);
    ring_tell (world, HOLIDAY, "owl", 1);
    ring_assert_all_hold (world, "Ball", "kiwi", 1);
    ring_assert_all_hold (world, "Welsh", "emu", 1);
    ring_assert_all_hold (world, "Holiday", "owl", 1);
    for (unsigned server = 0; server < SERVERS; server++) {
        s_assert_heard_now (world, server, "kiwi");
        s_assert_heard_now (world, server, "emu");
        s_assert_heard_now (world, server, "owl");
        assert_int_equal (server_status (world_server (world, server))
                              .refusals [REFUSED_FUTURE],
            0);
    }
}


//  What Ball heard alone, by a clock a quarter of an hour ahead, waits until
//  its time has come; what it hears among others does not

static void
what_was_heard_ahead_is_delayed_not_lost (void **state)
{
    world_t *world = *state;
    world_cut (world, BALL, HOLIDAY);
    world_cut (world, BALL, WELSH);
    world_run (world, 5 * BEAT_MS);
    world_skew (world, BALL, AHEAD_MS);
    world_run (world, BEAT_MS);
    ring_tell (world, BALL, "kiwi", 1);
    world_run (world, BEAT_MS);
    world_mend (world, BALL, HOLIDAY);
    world_mend (world, BALL, WELSH);
    world_run (world, 5 * BEAT_MS);
    assert_false (s_knows (world, WELSH, "kiwi"));
    assert_true (
        server_status (world_server (world, WELSH)).refusals [REFUSED_FUTURE] >
        0);
    ring_tell (world, BALL, "emu", 2);
    world_run (world, BEAT_MS);
    assert_true (s_knows (world, ALFORD, "emu"));
    world_skew (world, BALL, -AHEAD_MS);
    world_run (world, AHEAD_MS - FUTURE_MS - 60 * BEAT_MS);
    assert_false (s_knows (world, WELSH, "kiwi"));
    assert_true (world_settle (world, FUTURE_MS) >= 0);
    ring_assert_all_hold (world, "Ball", "kiwi", 1);
}


//  What is forged stays where it is

static void
nobody_takes_what_is_heard_years_ahead (void **state)
{
    world_t *world = *state;
    ring_tell (world, ALFORD, "kiwi", 1);
    ring_assert_all_hold (world, "Alford", "kiwi", 1);
    world_alter (
        world, BALL, "AT Ball +0.000000000 kiwi +9-9 1579413884.000000000");
    world_run (world, 20 * BEAT_MS);
    ring_tell (world, ALFORD, "kiwi", 2);
    world_run (world, 5 * BEAT_MS);
    for (unsigned server = 0; server < SERVERS; server++)
        if (server != BALL)
            s_assert_heard_now (world, server, "kiwi");
    assert_true (
        server_status (world_server (world, WELSH)).refusals [REFUSED_FUTURE] +
            server_status (world_server (world, HOLIDAY))
                .refusals [REFUSED_FUTURE] >
        0);
}


#define CASE(name)                                                             \
    cmocka_unit_test_setup_teardown (name, ring_set_up, ring_tear_down)

int
main (void)
{
    const struct CMUnitTest tests [] = {
        CASE (one_wrong_clock_of_three_moves_nothing),
        CASE (what_was_heard_ahead_is_delayed_not_lost),
        CASE (nobody_takes_what_is_heard_years_ahead),
    };
    return cmocka_run_group_tests_name ("clocks", tests, NULL, NULL);
}
