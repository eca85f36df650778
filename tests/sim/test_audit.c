/*  =========================================================================
    test_audit - what no stream can mend, and herds that are without

    Goal: a difference that nobody sent is found and mended by the digests, and
    counted; and the simulator notices when audits, or the whole order of
    locations, are missing.  Method: records are taken or altered behind a
    server's back in the assignment's ring; the same seeds run with and without
    what makes herds agree.
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

//  A heartbeat until it shows, a descent, a heartbeat until the next begins
#define MEND_MS (4 * BEAT_MS)

//  Storms, what each may take, and the herd afterwards
#define SEEDS STORM_SHARE (100)
#define STORM_MS (10 * BEAT_MS)
#define LIMIT_MS (15 * BEAT_MS)


static void
s_fill (world_t *world)
{
    for (int at = 0; at < 40; at++) {
        char client [20];
        snprintf (client, sizeof (client), "client%d", at);
        ring_tell (world, (unsigned) at % SERVERS, client, 1);
    }
    world_run (world, 3 * BEAT_MS);
    assert_true (world_agrees (world));
    assert_int_equal (world_tally (world).audits, 0);
}


static void
a_record_that_vanished_is_mended (void **state)
{
    world_t *world = *state;
    s_fill (world);
    for (unsigned server = 0; server < SERVERS; server++) {
        world_rob (world, server, "client7");
        assert_false (world_agrees (world));
        assert_in_range (world_settle (world, MEND_MS), 0, MEND_MS);
        world_run (world, 5 * BEAT_MS);
        assert_int_equal (world_tally (world).repairs, server + 1);
    }
    ring_assert_all_hold (world, "Holiday", "client7", 1);
}


//  One that nobody had said goes too

static void
an_older_record_in_its_place_is_mended (void **state)
{
    world_t *world = *state;
    s_fill (world);
    for (unsigned server = 0; server < SERVERS; server++) {
        world_alter (world, server,
            "AT Holiday +0.000000000 client7 +1.0-1.0 1479413880");
        assert_false (world_agrees (world));
        assert_in_range (world_settle (world, MEND_MS), 0, MEND_MS);
        world_run (world, 5 * BEAT_MS);
        assert_int_equal (world_tally (world).repairs, server + 1);
    }
    ring_assert_all_hold (world, "Holiday", "client7", 1);
}


//  Nobody can know it from news: all take it

static void
a_newer_record_in_its_place_is_believed (void **state)
{
    static const char line [] =
        "AT Holiday +0.000000000 client7 +1.0-1.0 1479413900";
    world_t *world = *state;
    s_fill (world);
    world_alter (world, BALL, line);
    assert_in_range (world_settle (world, MEND_MS), 0, MEND_MS);
    for (unsigned server = 0; server < SERVERS; server++)
        assert_string_equal (world_find (world, server, "client7"), line);
}


static void
many_differences_are_mended_in_one_descent (void **state)
{
    world_t *world = *state;
    s_fill (world);
    for (int at = 0; at < 40; at += 2) {
        char client [20];
        snprintf (client, sizeof (client), "client%d", at);
        world_rob (world, ALFORD, client);
    }
    assert_in_range (world_settle (world, MEND_MS), 0, MEND_MS);
    world_run (world, 5 * BEAT_MS);
    assert_int_equal (world_tally (world).repairs, 20);
    assert_in_range (world_tally (world).audits, 1, 2);
}


//  Where one knows, and the next, and nobody else: it goes from hand to hand

static void
a_record_only_one_knows_goes_all_the_way (void **state)
{
    (void) state;
    world_options_t options = options_default ();
    options.servers = 12;
    options.graph = WORLD_TREE;
    world_t *world = world_new (&options);
    world_run (world, 3 * BEAT_MS);
    world_alter (world, 7, "AT s7 +0.000000000 kiwi +1.0-1.0 1479413884");
    assert_in_range (world_settle (world, LIMIT_MS), 0, LIMIT_MS);
    //  The rest is a stream again
    assert_in_range (world_tally (world).repairs, 1, 3);
    world_destroy (&world);
}


//  Two servers are told at once, with equal stamps, that one client is at two
//  places: each has other news first

static void
s_say_both (world_t *world, unsigned servers)
{
    int64_t stamp = world_clock (world, 0).seconds;
    for (unsigned server = 0, said = 0; server < servers && said < 2;
         server++) {
        char line [80];
        snprintf (line, sizeof (line), "IAMAT both +%u-118.445127 %" PRId64,
            server, stamp);
        if (world_server (world, server)) {
            world_say (world, server, line);
            said++;
        }
    }
}


//  Return how many of the same storms end in herds that agree

static unsigned
s_agree (bool no_audit, bool stamps_only)
{
    unsigned count = 0;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        world_options_t options = storm_options (seed, 12);
        options.no_audit = no_audit;
        options.stamps_only = stamps_only;
        options.quiet = true;
        world_t *world = world_new (&options);
        storm_run (world, &options, STORM_MS);
        s_say_both (world, options.servers);
        world_calm (world);
        count += world_settle (world, LIMIT_MS) >= 0;
        world_destroy (&world);
    }
    return count;
}


static void
without_audits_some_herds_never_agree (void **state)
{
    (void) state;
    assert_in_range (s_agree (true, false), SEEDS * 3 / 10, SEEDS * 9 / 10);
}


static void
with_stamps_alone_most_herds_never_agree (void **state)
{
    (void) state;
    assert_in_range (s_agree (false, true), 1, SEEDS / 2);
}


static void
with_both_all_agree (void **state)
{
    (void) state;
    assert_int_equal (s_agree (false, false), SEEDS);
}


#define CASE(name)                                                             \
    cmocka_unit_test_setup_teardown (name, ring_set_up, ring_tear_down)

int
main (void)
{
    const struct CMUnitTest tests [] = {
        CASE (a_record_that_vanished_is_mended),
        CASE (an_older_record_in_its_place_is_mended),
        CASE (a_newer_record_in_its_place_is_believed),
        CASE (many_differences_are_mended_in_one_descent),
        cmocka_unit_test (a_record_only_one_knows_goes_all_the_way),
        cmocka_unit_test (without_audits_some_herds_never_agree),
        cmocka_unit_test (with_stamps_alone_most_herds_never_agree),
        cmocka_unit_test (with_both_all_agree),
    };
    return cmocka_run_group_tests_name ("audit", tests, NULL, NULL);
}
