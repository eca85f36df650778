/*  =========================================================================
    test_ring - the assignment's ring of five, and what clients tell it

    Goal: all five servers know what any is told, in the assignment's words
    and order.  Method: the simulated world with the real core, without faults
    but those a case makes.
    =========================================================================
*/

#include "sim/ring.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>


//  "When given a location by a client, the server should propagate it"

static void
an_update_at_each_server_is_everywhere (void **state)
{
    world_t *world = *state;
    for (unsigned server = 0; server < SERVERS; server++) {
        ring_tell (world, server, ring_names [server], 1);
        world_run (world, 5);
        assert_true (world_agrees (world));
        ring_assert_all_hold (
            world, ring_names [server], ring_names [server], 1);
    }
}


//  A newer location of one client at another server replaces the older one

static void
the_newest_location_is_everywhere (void **state)
{
    world_t *world = *state;
    for (unsigned server = 0; server < SERVERS; server++) {
        ring_tell (world, server, "kiwi", 10 + (int) server);
        world_run (world, 5);
        ring_assert_all_hold (
            world, ring_names [server], "kiwi", 10 + (int) server);
    }
    ring_tell (world, ALFORD, "kiwi", 3);
    world_run (world, BEAT_MS);
    ring_assert_all_hold (world, "Welsh", "kiwi", 14);
}


//  "AT Alford +0.263873386 kiwi.cs.ucla.edu ..."; the server that was told
//  answers in all of them; "? " and the line for the rest

static void
replies_are_those_of_the_assignment (void **state)
{
    world_t *world = *state;
    assert_string_equal (
        world_say (world, BALL, "WHATSAT kiwi.cs.ucla.edu 10 5"),
        "? WHATSAT kiwi.cs.ucla.edu 10 5\n");
    assert_string_equal (world_say (world, ALFORD, "AT Alford +0.1 kiwi"),
        "? AT Alford +0.1 kiwi\n");
    assert_string_equal (world_say (world, ALFORD, " \t"), "");

    static const char at [] = "AT Alford +2.607985550 kiwi.cs.ucla.edu"
                              " +34.068930-118.445127 1479413884.392014450\n";
    assert_string_equal (world_say (world, ALFORD,
                             "IAMAT kiwi.cs.ucla.edu +34.068930-118.445127"
                             " 1479413884.392014450"),
        at);
    world_run (world, 5);
    for (unsigned server = 0; server < SERVERS; server++) {
        const char *reply =
            world_say (world, server, "WHATSAT kiwi.cs.ucla.edu 10 5");
        assert_memory_equal (reply, at, sizeof (at) - 1);
        assert_string_equal (reply + strlen (reply) - 4, "\n}\n\n");
    }
}


//  Equal stamps of one client at two servers, or at one with two places: all
//  servers choose the same

static void
equal_stamps_settle_the_same_everywhere (void **state)
{
    world_t *world = *state;
    ring_tell (world, ALFORD, "kiwi", 1);
    ring_tell (world, HOLIDAY, "kiwi", 1);
    world_say (world, BALL, "IAMAT emu +1-1 1479413885");
    world_say (world, BALL, "IAMAT emu +2-2 1479413885");
    world_say (world, ALFORD, "IAMAT emu +3-3 1479413885.0");
    world_run (world, 50);
    assert_true (world_agrees (world));
    //  All were heard at one moment: the server's name decides, then the text
    ring_assert_all_hold (world, "Holiday", "kiwi", 1);
    assert_string_equal (world_find (world, WELSH, "emu"),
        "AT Ball +2.000000000 emu +2-2 1479413885");
}


//  A phone a year ahead does not freeze: its stamp counts as the server's time

static void
a_future_stamp_gives_way (void **state)
{
    world_t *world = *state;
    ring_tell (world, ALFORD, "kiwi", 31536000);
    world_run (world, 100);
    ring_assert_all_hold (world, "Alford", "kiwi", 31536000);
    ring_tell (world, BALL, "kiwi", 5);
    world_run (world, 100);
    ring_assert_all_hold (world, "Ball", "kiwi", 5);
}


//  A repeated command is answered, but travels once

static void
a_repeated_update_does_not_travel (void **state)
{
    world_t *world = *state;
    ring_tell (world, ALFORD, "kiwi", 1);
    world_run (world, 100);
    uint64_t before = world_records (world, BALL, WELSH);
    ring_tell (world, BALL, "kiwi", 1);
    world_run (world, BEAT_MS);
    assert_int_equal (world_records (world, BALL, WELSH), before);
    ring_assert_all_hold (world, "Alford", "kiwi", 1);
}


//  Without faults an update crosses a link at most twice, and not the way back
//  on which it first came: 2E - (V - 1) copies

static void
copies_of_one_update_are_bounded (void **state)
{
    world_t *world = *state;
    for (unsigned server = 0; server < SERVERS; server++) {
        char line [200];
        snprintf (line, sizeof (line), "%s",
            ring_tell (world, server, "kiwi", (int) server));
        line [strcspn (line, "\n")] = 0;
        world_run (world, 3 * BEAT_MS);
        assert_in_range (
            world_copies (world, line), SERVERS - 1, 2 * 5 - (SERVERS - 1));
    }
}


//  A clock that is an hour off, or steps, moves no timer, and all agree

static void
a_clock_that_steps_does_no_harm (void **state)
{
    world_t *world = *state;
    world_skew (world, ALFORD, 3600000);
    world_run (world, BEAT_MS);
    ring_tell (world, ALFORD, "kiwi", 3600);
    ring_tell (world, BALL, "kiwi", 1);
    world_run (world, 5 * BEAT_MS);
    world_skew (world, ALFORD, -7200000);
    world_run (world, 5 * BEAT_MS);
    ring_assert_all_hold (world, "Alford", "kiwi", 3600);
    for (unsigned peer = 0; peer < 2; peer++)
        assert_int_equal (
            server_link (world_server (world, ALFORD), peer).resumes, 1);
}


//  The whole of a short life, by its seed

static uint64_t
s_life (uint64_t seed)
{
    world_t *world = ring_new (seed);
    for (unsigned server = 0; server < SERVERS; server++)
        ring_tell (world, server, "kiwi", (int) server);
    world_run (world, BEAT_MS);
    world_kill (world, BALL);
    world_run (world, BEAT_MS);
    world_start (world, BALL);
    world_run (world, 3 * BEAT_MS);
    uint64_t hash = world_hash (world);
    world_destroy (&world);
    return hash;
}


static void
one_seed_tells_one_story (void **state)
{
    (void) state;
    uint64_t hash = s_life (7);
    assert_true (s_life (7) == hash);
    assert_false (s_life (8) == hash);
}


//  What the journals say of a death and a return

static void
a_kill_and_a_restart_are_in_the_journals (void **state)
{
    world_t *world = *state;
    ring_tell (world, HAMILTON, "kiwi", 1);
    world_run (world, BEAT_MS);
    assert_true (world_story (world, "Alford * link to Welsh up\n"
                                     "Holiday * link to Hamilton up\n"
                                     "Hamilton * link to Holiday up\n"
                                     "Alford * link to Hamilton up\n"
                                     "Welsh * link to Ball up\n"
                                     "Ball * link to Holiday up\n"
                                     "Welsh * link to Alford up\n"
                                     "Ball * link to Welsh up\n"
                                     "Hamilton * link to Alford up\n"
                                     "Holiday * link to Ball up\n"
                                     "Holiday * loaded: 0 clients known\n"
                                     "Hamilton * loaded: 0 clients known\n"
                                     "Alford * loaded: 0 clients known\n"
                                     "Ball * loaded: 0 clients known\n"
                                     "Welsh * loaded: 0 clients known\n"));
    world_kill (world, HAMILTON);
    world_run (world, 5 * BEAT_MS);
    assert_true (world_story (world,
        "Holiday * link to Hamilton down: connection lost\n"
        "Alford * link to Hamilton down: connection lost\n"));
    world_start (world, HAMILTON);
    world_run (world, 5 * BEAT_MS);
    assert_true (world_story (world,
        "Hamilton * loading 1 clients from Alford\n"
        "Alford * link to Hamilton up\n"
        "Alford * resync to Hamilton starts: all 1 clients\n"
        "Alford * resync to Hamilton done: 1 records\n"
        "Holiday * link to Hamilton up\n"
        "Holiday * resync to Hamilton starts: 1 changes\n"
        "Holiday * resync to Hamilton done: 1 records\n"
        "Hamilton * link to Alford up\n"
        "Hamilton * link to Holiday up\n"
        "Hamilton * loaded: 1 clients known\n"));
}


#define CASE(name)                                                             \
    cmocka_unit_test_setup_teardown (name, ring_set_up, ring_tear_down)

int
main (void)
{
    const struct CMUnitTest tests [] = {
        CASE (an_update_at_each_server_is_everywhere),
        CASE (the_newest_location_is_everywhere),
        CASE (replies_are_those_of_the_assignment),
        CASE (equal_stamps_settle_the_same_everywhere),
        CASE (a_future_stamp_gives_way),
        CASE (a_repeated_update_does_not_travel),
        CASE (copies_of_one_update_are_bounded),
        CASE (a_clock_that_steps_does_no_harm),
        cmocka_unit_test (one_seed_tells_one_story),
        CASE (a_kill_and_a_restart_are_in_the_journals),
    };
    return cmocka_run_group_tests_name ("ring", tests, NULL, NULL);
}
