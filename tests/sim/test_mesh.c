/*  =========================================================================
    test_mesh - servers that all have links to each other

    Goal: what a client told one server goes to each of the others once, from
    that server; and whoever does not get it from there has it from the others.
    Method: the simulated world with the real core, without faults but those a
    case makes, and without audits, which would mend what is missed.
    =========================================================================
*/

#include "sim/ring.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

//  TOLD is the server that clients tell, NEAR is one of its peers
enum { TOLD, NEAR, FAR, MESH = 8 };

//  Until servers hear each other well
#define WARM_MS (14 * BEAT_MS)


static int
s_set_up (void **state)
{
    world_options_t options = options_default ();
    options.graph = WORLD_MESH;
    options.servers = MESH;
    options.no_audit = true;
    *state = world_new (&options);
    world_run (*state, WARM_MS);
    return 0;
}


static uint64_t
s_rewinds (const world_t *world)
{
    return world_tally (world).rewinds;
}


//  Return how often the location was sent when all had it

static uint64_t
s_copies (world_t *world, unsigned server, const char *client)
{
    char line [200];
    snprintf (line, sizeof (line), "%s", ring_tell (world, server, client, 20));
    line [strcspn (line, "\n")] = 0;
    assert_true (world_settle (world, RING_LIMIT_MS) >= 0);
    world_run (world, 2 * BEAT_MS);
    return world_copies (world, line);
}


//  Only the peer near to it hears the server that is told; it still has all
//  connections, and the others do not know yet

static void
s_tell_one (world_t *world)
{
    for (unsigned server = FAR; server < MESH; server++)
        world_silence (world, TOLD, server);
    ring_tell (world, TOLD, "kiwi", 20);
    world_run (world, 100);
    for (unsigned server = NEAR; server < MESH; server++)
        assert_int_equal (
            *world_find (world, server, "kiwi"), server == NEAR ? 'A' : 0);
}


static void
s_assert_held (world_t *world, unsigned from)
{
    assert_true (world_settle (world, RING_LIMIT_MS) >= 0);
    for (unsigned server = from; server < MESH; server++)
        assert_int_equal (*world_find (world, server, "kiwi"), 'A');
}


static void
each_server_is_sent_an_update_once (void **state)
{
    world_t *world = *state;
    for (unsigned server = 0; server < MESH; server++) {
        char client [20];
        snprintf (client, sizeof (client), "kiwi%u", server);
        assert_int_equal (s_copies (world, server, client), MESH - 1);
    }
    assert_int_equal (s_rewinds (world), 0);
}


//  The others have a copy each for who lost the link, and who sent one last has
//  none back

static void
without_a_link_others_pass_on (void **state)
{
    world_t *world = *state;
    world_cut (world, TOLD, FAR);
    world_run (world, 100);
    assert_int_equal (
        s_copies (world, TOLD, "kiwi"), MESH - 2 + MESH - 2 + MESH - 3);
    world_mend (world, TOLD, FAR);
    world_run (world, WARM_MS);
    assert_int_equal (s_copies (world, TOLD, "emu"), MESH - 1);
}


static void
what_a_dead_server_told_one_all_hear (void **state)
{
    world_t *world = *state;
    s_tell_one (world);
    world_kill (world, TOLD);
    s_assert_held (world, NEAR);
}


static void
what_a_silent_server_told_one_all_hear (void **state)
{
    world_t *world = *state;
    s_tell_one (world);
    s_assert_held (world, NEAR);
}


//  The same, and the one says more, so that its stream goes on behind what it
//  left out, and the others say that they have all of that

static void
s_tell_one_and_go_on (world_t *world)
{
    s_tell_one (world);
    ring_tell (world, NEAR, "emu", 20);
    world_run (world, 100);
}


//  Who leaves has said what it had left out, before the others know why

static void
who_leaves_keeps_nothing_to_itself (void **state)
{
    world_t *world = *state;
    s_tell_one_and_go_on (world);
    world_leave (world, NEAR);
    int64_t limit_ms = BEAT_MS / 2;
    while (!server_status (world_server (world, NEAR)).passed_on && limit_ms--)
        world_run (world, 1);
    world_kill (world, NEAR);
    world_kill (world, TOLD);
    for (unsigned server = FAR; server < MESH; server++)
        assert_int_equal (*world_find (world, server, "kiwi"), 'A');
}


//  The same of a link that is removed

static void
a_link_that_ends_keeps_nothing_to_itself (void **state)
{
    world_t *world = *state;
    s_tell_one_and_go_on (world);
    for (unsigned server = FAR; server < MESH; server++)
        world_unlink (world, NEAR, server);
    world_run (world, BEAT_MS / 2);
    world_kill (world, TOLD);
    world_kill (world, NEAR);
    for (unsigned server = FAR; server < MESH; server++)
        assert_int_equal (*world_find (world, server, "kiwi"), 'A');
}


//  Updates that never rest start no audits, and cost no more

static void
a_busy_mesh_sends_each_update_once (void **state)
{
    world_t *world = *state;
    tally_t before = world_tally (world);
    for (unsigned number = 0; number < 400; number++) {
        char client [20];
        snprintf (client, sizeof (client), "kiwi%u", number);
        ring_tell (world, number % MESH, client, 20);
        world_run (world, 13);
    }
    world_run (world, BEAT_MS);
    tally_t after = world_tally (world);
    assert_int_equal (after.records - before.records, 400 * (MESH - 1));
    assert_int_equal (after.rewinds, before.rewinds);
}


//  With audits on, none begins while servers say different things of what is on
//  its way

static void
what_is_on_its_way_starts_no_audit (void **state)
{
    (void) state;
    world_options_t options = options_default ();
    options.graph = WORLD_MESH;
    options.servers = MESH;
    options.delay_min_us = 1000;
    options.delay_max_us = 300000;
    world_t *world = world_new (&options);
    world_run (world, WARM_MS);
    tally_t before = world_tally (world);
    for (int second = 0; second < 60; second++) {
        ring_tell (world, (unsigned) second % MESH, "kiwi", second);
        world_run (world, 700);
    }
    assert_int_equal (world_tally (world).audits, before.audits);
    world_destroy (&world);
}


#define CASE(name)                                                             \
    cmocka_unit_test_setup_teardown (name, s_set_up, ring_tear_down)

int
main (void)
{
    const struct CMUnitTest tests [] = {
        CASE (each_server_is_sent_an_update_once),
        CASE (without_a_link_others_pass_on),
        CASE (what_a_dead_server_told_one_all_hear),
        CASE (what_a_silent_server_told_one_all_hear),
        CASE (who_leaves_keeps_nothing_to_itself),
        CASE (a_link_that_ends_keeps_nothing_to_itself),
        CASE (a_busy_mesh_sends_each_update_once),
        cmocka_unit_test (what_is_on_its_way_starts_no_audit),
    };
    return cmocka_run_group_tests_name ("mesh", tests, NULL, NULL);
}
