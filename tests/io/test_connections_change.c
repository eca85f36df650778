/*  =========================================================================
    test_connections_change - limits of clients that change while they talk
    =========================================================================
*/

#include "io/connections_case.h"


//  Who is there stays, though there are more than may be

static void
fewer_may_connect_and_those_there_stay (void **state)
{
    connections_case_t *self = *state;
    wire_t *one = connections_case_connect (self);
    wire_t *other = connections_case_connect (self);
    self->options.connections_max = 1;
    connections_change (self->clients, &self->options);
    wire_t *third = wire_connect (self->stage, self->options.port);
    REACH (self->stage, &self->refused, 1);
    assert_int_equal (connections_count (self->clients), 2);
    wire_destroy (&third);
    wire_destroy (&one);
    wire_destroy (&other);
}


//  Connections that were made without a limit count, too

static void
addresses_are_counted_before_there_is_a_limit (void **state)
{
    connections_case_t *self = *state;
    wire_t *one = connections_case_connect (self);
    wire_t *other = connections_case_connect (self);
    self->options.connections_per_address = 2;
    connections_change (self->clients, &self->options);
    wire_t *third = wire_connect (self->stage, self->options.port);
    REACH (self->stage, &self->refused_addresses, 1);
    wire_destroy (&third);
    wire_destroy (&one);
    REACH (self->stage, &self->closed, 1);
    third = connections_case_connect (self);
    wire_destroy (&third);
    wire_destroy (&other);
}


static void
a_shorter_line_is_too_long_at_once (void **state)
{
    connections_case_t *self = *state;
    wire_t *wire = connections_case_connect (self);
    wire_say (wire, "12345678");
    self->options.line_size_max = 4;
    loop_case_rest (self->stage);
    connections_change (self->clients, &self->options);
    wire_say (wire, "9\n");
    REACH (self->stage, &self->closed, 1);
    wire_destroy (&wire);
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        CASE (fewer_may_connect_and_those_there_stay),
        CASE (addresses_are_counted_before_there_is_a_limit),
        CASE (a_shorter_line_is_too_long_at_once),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
