//  Goal: the assignment's five servers, in its ring, know what they are told,
//  whatever dies, breaks or stands still.  Method: the simulated world with
//  the real core, without faults but those a case makes.

#include "sim/world.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { ALFORD, HAMILTON, HOLIDAY, BALL, WELSH, SERVERS };

#define BEAT_MS FLOOD_BEAT_MS

//  Far more than anything here should take
#define LIMIT_MS (10 * BEAT_MS)

static const char *const s_names [SERVERS] = {
    "Alford", "Hamilton", "Holiday", "Ball", "Welsh"};


static world_t *
s_ring (uint64_t seed)
{
    world_options_t options = options_default ();
    options.seed = seed;
    options.names = s_names;
    return world_new (&options);
}


static int
s_set_up (void **state)
{
    *state = s_ring (1);
    world_run (*state, BEAT_MS);
    return 0;
}


static int
s_tear_down (void **state)
{
    world_t *world = *state;
    world_destroy (&world);
    return 0;
}


//  Tell the server that the client was at UCLA at this second after the start

static const char *
s_tell (world_t *world, unsigned server, const char *client, int second)
{
    char line [200];
    snprintf (line, sizeof (line), "IAMAT %s +34.068930-118.445127 %d.5",
        client, BOX_EPOCH_SECONDS + second);
    return world_say (world, server, line);
}


//  All servers agree, and hold what `server` told the client

static void
s_assert_all_hold (
    world_t *world, const char *server, const char *client, int second)
{
    assert_true (world_settle (world, LIMIT_MS) >= 0);
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


//  "When given a location by a client, the server should propagate it"

static void
an_update_at_each_server_is_everywhere (void **state)
{
    world_t *world = *state;
    for (unsigned server = 0; server < SERVERS; server++) {
        s_tell (world, server, s_names [server], 1);
        world_run (world, 5);
        assert_true (world_agrees (world));
        s_assert_all_hold (world, s_names [server], s_names [server], 1);
    }
}


//  A newer location of one client at another server replaces the older one

static void
the_newest_location_is_everywhere (void **state)
{
    world_t *world = *state;
    for (unsigned server = 0; server < SERVERS; server++) {
        s_tell (world, server, "kiwi", 10 + (int) server);
        world_run (world, 5);
        s_assert_all_hold (world, s_names [server], "kiwi", 10 + (int) server);
    }
    s_tell (world, ALFORD, "kiwi", 3);
    world_run (world, BEAT_MS);
    s_assert_all_hold (world, "Welsh", "kiwi", 14);
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

    static const char at [] = "AT Alford +0.607985550 kiwi.cs.ucla.edu"
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


//  A ring has two ways

static void
with_one_link_dead_all_hear (void **state)
{
    world_t *world = *state;
    world_cut (world, ALFORD, HAMILTON);
    world_run (world, 10);
    s_tell (world, ALFORD, "kiwi", 1);
    s_tell (world, HAMILTON, "emu", 1);
    world_run (world, 10);
    s_assert_all_hold (world, "Alford", "kiwi", 1);
    s_assert_all_hold (world, "Hamilton", "emu", 1);
}


//  "if Hamilton goes down, Holiday still hears of updates at Alford"

static void
with_one_server_dead_the_others_hear (void **state)
{
    world_t *world = *state;
    world_kill (world, HAMILTON);
    s_tell (world, ALFORD, "kiwi", 1);
    world_run (world, 10);
    s_assert_all_hold (world, "Alford", "kiwi", 1);
    assert_null (s_tell (world, HAMILTON, "emu", 1));
}


//  A restarted server is empty, and learns what it knew and what it missed

static void
a_restarted_server_learns_all (void **state)
{
    world_t *world = *state;
    s_tell (world, HAMILTON, "before", 1);
    s_tell (world, BALL, "moves", 1);
    world_run (world, BEAT_MS);
    world_kill (world, HAMILTON);
    s_tell (world, ALFORD, "meanwhile", 2);
    s_tell (world, HOLIDAY, "moves", 2);
    world_run (world, 20 * BEAT_MS);
    world_start (world, HAMILTON);
    assert_string_equal (world_find (world, HAMILTON, "before"), "");

    assert_in_range (world_settle (world, LIMIT_MS), 0, 2000);
    s_assert_all_hold (world, "Hamilton", "before", 1);
    s_assert_all_hold (world, "Alford", "meanwhile", 2);
    s_assert_all_hold (world, "Holiday", "moves", 2);
}


//  One that is back before anybody missed it is empty all the same

static void
a_server_restarted_at_once_learns_all (void **state)
{
    world_t *world = *state;
    s_tell (world, HAMILTON, "kiwi", 1);
    world_run (world, BEAT_MS);
    world_kill (world, HAMILTON);
    world_start (world, HAMILTON);
    assert_in_range (world_settle (world, LIMIT_MS), 0, 2000);
    s_assert_all_hold (world, "Hamilton", "kiwi", 1);
}


//  All but one start anew: the one fills the others

static void
one_that_remembers_is_enough (void **state)
{
    world_t *world = *state;
    s_tell (world, ALFORD, "kiwi", 1);
    world_run (world, BEAT_MS);
    for (unsigned server = HAMILTON; server < SERVERS; server++)
        world_kill (world, server);
    world_run (world, BEAT_MS);
    for (unsigned server = HAMILTON; server < SERVERS; server++)
        world_start (world, server);
    assert_in_range (world_settle (world, LIMIT_MS), 0, 3000);
    s_assert_all_hold (world, "Alford", "kiwi", 1);
}


//  Two and three servers, each side told of the same client: the newest wins

static void
a_healed_partition_has_the_newest_of_both (void **state)
{
    world_t *world = *state;
    world_cut (world, HAMILTON, HOLIDAY);
    world_cut (world, WELSH, ALFORD);
    s_tell (world, ALFORD, "kiwi", 2);
    s_tell (world, BALL, "kiwi", 1);
    s_tell (world, HAMILTON, "emu", 1);
    s_tell (world, HOLIDAY, "emu", 2);
    s_tell (world, ALFORD, "left", 1);
    s_tell (world, WELSH, "right", 1);
    world_run (world, 20 * BEAT_MS);
    assert_false (world_agrees (world));
    assert_string_equal (world_find (world, ALFORD, "right"), "");
    assert_string_equal (world_find (world, HOLIDAY, "left"), "");

    world_mend (world, HAMILTON, HOLIDAY);
    world_mend (world, WELSH, ALFORD);
    assert_in_range (world_settle (world, LIMIT_MS), 0, 2000);
    s_assert_all_hold (world, "Alford", "kiwi", 2);
    s_assert_all_hold (world, "Holiday", "emu", 2);
    s_assert_all_hold (world, "Alford", "left", 1);
    s_assert_all_hold (world, "Welsh", "right", 1);
}


//  Every client moves many times while a server stands still; of each, only
//  the last place goes to it then

static void
a_paused_server_resumes_with_what_changed (void **state)
{
    enum { CLIENTS = 20, MOVES = 10 };
    world_t *world = *state;
    char client [20];
    for (int at = 0; at < 5 * CLIENTS; at++) {
        snprintf (client, sizeof (client), "still%d", at);
        s_tell (world, WELSH, client, 1);
    }
    world_run (world, BEAT_MS);
    world_pause (world, HAMILTON);
    world_run (world, 4 * BEAT_MS);
    uint64_t before = world_records (world, ALFORD, HAMILTON);
    uint64_t before_other = world_records (world, HOLIDAY, HAMILTON);
    for (int move = 0; move < MOVES; move++) {
        for (int at = 0; at < CLIENTS; at++) {
            snprintf (client, sizeof (client), "client%d", at);
            s_tell (world, BALL, client, 10 + move);
        }
        world_run (world, 3 * BEAT_MS);
    }
    world_resume (world, HAMILTON);
    assert_in_range (world_settle (world, LIMIT_MS), 0, 2000);
    world_run (world, 5 * BEAT_MS);
    s_assert_all_hold (world, "Ball", "client7", 10 + MOVES - 1);
    assert_in_range (
        world_records (world, ALFORD, HAMILTON) - before, 1, CLIENTS);
    assert_in_range (
        world_records (world, HOLIDAY, HAMILTON) - before_other, 1, CLIENTS);
}


//  A link that was away brings what changed, once

static void
a_mended_link_brings_what_changed (void **state)
{
    enum { CLIENTS = 40, MOVES = 5 };
    world_t *world = *state;
    world_cut (world, ALFORD, HAMILTON);
    world_cut (world, ALFORD, WELSH);
    world_run (world, 10);
    uint64_t before = world_records (world, HAMILTON, ALFORD);
    for (int move = 0; move < MOVES; move++)
        for (int at = 0; at < CLIENTS; at++) {
            char client [20];
            snprintf (client, sizeof (client), "client%d", at);
            s_tell (world, HAMILTON, client, 1 + move);
        }
    world_run (world, 10 * BEAT_MS);
    world_mend (world, ALFORD, HAMILTON);
    assert_in_range (world_settle (world, LIMIT_MS), 0, 2000);
    world_run (world, 10 * BEAT_MS);
    assert_int_equal (
        world_records (world, HAMILTON, ALFORD) - before, CLIENTS);
    flood_link_t link = server_link (world_server (world, HAMILTON), 0);
    assert_int_equal (link.behind, 0);
    assert_int_equal (link.rewinds, 0);
}


//  Equal stamps of one client at two servers, or at one with two places: all
//  servers choose the same

static void
equal_stamps_settle_the_same_everywhere (void **state)
{
    world_t *world = *state;
    s_tell (world, ALFORD, "kiwi", 1);
    s_tell (world, HOLIDAY, "kiwi", 1);
    world_say (world, BALL, "IAMAT emu +1-1 1479413885");
    world_say (world, BALL, "IAMAT emu +2-2 1479413885");
    world_say (world, ALFORD, "IAMAT emu +3-3 1479413885.0");
    world_run (world, 50);
    assert_true (world_agrees (world));
    //  All were heard at one moment: the server's name decides, then the text
    s_assert_all_hold (world, "Holiday", "kiwi", 1);
    assert_string_equal (world_find (world, WELSH, "emu"),
        "AT Ball +0.000000000 emu +2-2 1479413885");
}


//  A phone a year ahead does not freeze: its stamp counts as the server's time

static void
a_future_stamp_gives_way (void **state)
{
    world_t *world = *state;
    s_tell (world, ALFORD, "kiwi", 31536000);
    world_run (world, 100);
    s_assert_all_hold (world, "Alford", "kiwi", 31536000);
    s_tell (world, BALL, "kiwi", 5);
    world_run (world, 100);
    s_assert_all_hold (world, "Ball", "kiwi", 5);
}


//  A repeated command is answered, but travels once

static void
a_repeated_update_does_not_travel (void **state)
{
    world_t *world = *state;
    s_tell (world, ALFORD, "kiwi", 1);
    world_run (world, 100);
    uint64_t before = world_records (world, BALL, WELSH);
    s_tell (world, BALL, "kiwi", 1);
    world_run (world, BEAT_MS);
    assert_int_equal (world_records (world, BALL, WELSH), before);
    s_assert_all_hold (world, "Alford", "kiwi", 1);
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
            s_tell (world, server, "kiwi", (int) server));
        line [strcspn (line, "\n")] = 0;
        world_run (world, 3 * BEAT_MS);
        assert_in_range (
            world_copies (world, line), SERVERS - 1, 2 * 5 - (SERVERS - 1));
    }
}


static world_t *
s_pair (void)
{
    world_options_t options = options_default ();
    options.servers = 2;
    options.names = s_names;
    world_t *world = world_new (&options);
    world_run (world, BEAT_MS);
    return world;
}


//  A message that vanishes while its connection stands is noticed by the next,
//  which does not join to what was got, and is sent again

static void
a_lost_message_is_noticed_and_sent_again (void **state)
{
    (void) state;
    world_t *world = s_pair ();
    world_silence (world, ALFORD, HAMILTON);
    s_tell (world, ALFORD, "kiwi", 1);
    world_run (world, 10);
    world_mend (world, ALFORD, HAMILTON);
    assert_false (world_agrees (world));
    assert_in_range (world_settle (world, LIMIT_MS), 0, 1500);
    assert_int_equal (server_link (world_server (world, HAMILTON), 0).naks, 1);
    assert_int_equal (server_link (world_server (world, ALFORD), 0).rewinds, 1);
    assert_int_equal (world_records (world, ALFORD, HAMILTON), 2);
    world_destroy (&world);
}


//  A link that breaks while a message is on its way brings it when mended

static void
what_was_on_a_broken_link_is_sent_again (void **state)
{
    (void) state;
    world_t *world = s_pair ();
    s_tell (world, ALFORD, "kiwi", 1);
    world_cut (world, ALFORD, HAMILTON);
    world_mend (world, ALFORD, HAMILTON);
    assert_in_range (world_settle (world, LIMIT_MS), 0, 1500);
    assert_int_equal (world_records (world, ALFORD, HAMILTON), 2);
    world_destroy (&world);
}


//  Connections of both directions are needed; the ring's other way serves

static void
with_a_link_dead_one_way_all_hear (void **state)
{
    world_t *world = *state;
    world_cut_way (world, ALFORD, HAMILTON);
    s_tell (world, ALFORD, "kiwi", 1);
    world_run (world, 5 * BEAT_MS);
    assert_true (world_agrees (world));
    s_tell (world, HAMILTON, "emu", 1);
    world_run (world, 5 * BEAT_MS);
    assert_true (world_agrees (world));
}


//  A link that swallows everything is down after three heartbeats, and comes
//  back by itself

static void
a_silent_link_is_noticed_and_comes_back (void **state)
{
    world_t *world = *state;
    world_silence (world, ALFORD, HAMILTON);
    world_run (world, FLOOD_SILENCE_MS + 2 * CORE_TICK_MS + BEAT_MS);
    assert_false (server_link (world_server (world, HAMILTON), 0).up);
    world_mend (world, ALFORD, HAMILTON);
    world_run (world, 2 * BEAT_MS);
    assert_true (server_link (world_server (world, HAMILTON), 0).up);
}


//  A clock that is an hour off, or steps, moves no timer, and all agree

static void
a_clock_that_steps_does_no_harm (void **state)
{
    world_t *world = *state;
    world_skew (world, ALFORD, 3600000);
    s_tell (world, ALFORD, "kiwi", 3600);
    s_tell (world, BALL, "kiwi", 1);
    world_run (world, 5 * BEAT_MS);
    world_skew (world, ALFORD, -7200000);
    world_run (world, 5 * BEAT_MS);
    s_assert_all_hold (world, "Alford", "kiwi", 3600);
    for (unsigned peer = 0; peer < 2; peer++)
        assert_int_equal (
            server_link (world_server (world, ALFORD), peer).resumes, 1);
}


//  The whole of a short life, by its seed

static uint64_t
s_life (uint64_t seed)
{
    world_t *world = s_ring (seed);
    for (unsigned server = 0; server < SERVERS; server++)
        s_tell (world, server, "kiwi", (int) server);
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
    s_tell (world, HAMILTON, "kiwi", 1);
    world_run (world, BEAT_MS);
    assert_true (world_story (world, "Alford * link to Welsh up\n"
                                     "Holiday * link to Hamilton up\n"
                                     "Hamilton * link to Holiday up\n"
                                     "Alford * link to Hamilton up\n"
                                     "Welsh * link to Ball up\n"
                                     "Ball * link to Holiday up\n"
                                     "Ball * link to Welsh up\n"
                                     "Holiday * link to Ball up\n"
                                     "Welsh * link to Alford up\n"
                                     "Hamilton * link to Alford up\n"));
    world_kill (world, HAMILTON);
    world_run (world, 5 * BEAT_MS);
    assert_true (world_story (world,
        "Holiday * link to Hamilton down: connection lost\n"
        "Alford * link to Hamilton down: connection lost\n"));
    world_start (world, HAMILTON);
    world_run (world, 5 * BEAT_MS);
    assert_true (world_story (world,
        "Hamilton * link to Holiday up\n"
        "Hamilton * link to Alford up\n"
        "Holiday * link to Hamilton up\n"
        "Holiday * resync to Hamilton starts: it has 0 of 1 changes\n"
        "Holiday * resync to Hamilton done: 1 records\n"
        "Alford * link to Hamilton up\n"
        "Alford * resync to Hamilton starts: it has 0 of 1 changes\n"
        "Alford * resync to Hamilton done: 1 records\n"));
}


#define CASE(name) cmocka_unit_test_setup_teardown (name, s_set_up, s_tear_down)

int
main (void)
{
    const struct CMUnitTest tests [] = {
        CASE (an_update_at_each_server_is_everywhere),
        CASE (the_newest_location_is_everywhere),
        CASE (replies_are_those_of_the_assignment),
        CASE (with_one_link_dead_all_hear),
        CASE (with_one_server_dead_the_others_hear),
        CASE (a_restarted_server_learns_all),
        CASE (a_server_restarted_at_once_learns_all),
        CASE (one_that_remembers_is_enough),
        CASE (a_healed_partition_has_the_newest_of_both),
        CASE (a_paused_server_resumes_with_what_changed),
        CASE (a_mended_link_brings_what_changed),
        CASE (equal_stamps_settle_the_same_everywhere),
        CASE (a_future_stamp_gives_way),
        CASE (a_repeated_update_does_not_travel),
        CASE (copies_of_one_update_are_bounded),
        cmocka_unit_test (a_lost_message_is_noticed_and_sent_again),
        cmocka_unit_test (what_was_on_a_broken_link_is_sent_again),
        CASE (with_a_link_dead_one_way_all_hear),
        CASE (a_silent_link_is_noticed_and_comes_back),
        CASE (a_clock_that_steps_does_no_harm),
        cmocka_unit_test (one_seed_tells_one_story),
        CASE (a_kill_and_a_restart_are_in_the_journals),
    };
    return cmocka_run_group_tests_name ("ring", tests, NULL, NULL);
}
