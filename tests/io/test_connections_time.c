/*  =========================================================================
    test_connections_time - clients that let time go by

    One that says nothing is closed, but not one that waits for us.
    =========================================================================
*/

#include "io/connections_case.h"
#include "io/later.h"


static void
a_silent_client_is_closed_a_busy_one_is_not (void **state)
{
    connections_case_t *self = *state;
    self->options.idle_seconds = 60;
    connections_case_serve (self);
    wire_t *silent = connections_case_connect (self);
    wire_t *dripping = connections_case_connect (self);
    wire_t *talking = connections_case_connect (self);
    wire_t *held = connections_case_connect (self);
    self->holds = 1;
    wire_say (held, "x\n");
    REACH (self->stage, &held->lines, 1);
    wire_say (dripping, "x\nx");
    REACH (self->stage, &dripping->lines, 1);
    for (size_t count = 1; count <= 3; count++) {
        assert_int_equal (self->closed, 0);
        later_by (20000);
        wire_say (talking, "x\n");
        REACH (self->stage, &talking->lines, count);
    }
    REACH (self->stage, &silent->closed, 1);
    REACH (self->stage, &dripping->closed, 1);
    assert_int_equal (self->closed, 2);
    assert_string_equal (self->why, "idle");
    wire_destroy (&silent);
    wire_destroy (&dripping);
    connections_hold (self->clients, self->last, false);
    wire_end (held);
    REACH (self->stage, &held->closed, 1);
    wire_destroy (&held);
    wire_end (talking);
    connections_case_part (self, &talking);
}


//  Who neither reads nor closes after the goodbye is closed all the same

static void
a_goodbye_is_not_waited_for_longer_than_seconds (void **state)
{
    connections_case_t *self = *state;
    wire_t *wire = connections_case_connect (self);
    connections_close (self->clients, self->last);
    connections_flush (self->clients);
    wire_deafen (wire, true);
    later_by (2000);
    REACH (self->stage, &self->closed, 1);
    assert_string_equal (self->why, "told goodbye");
    wire_destroy (&wire);
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        CASE (a_silent_client_is_closed_a_busy_one_is_not),
        CASE (a_goodbye_is_not_waited_for_longer_than_seconds),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
