/*  =========================================================================
    test_link_state - the states of a link, and what moves it between them

    Every state with every event, as section 4.6.1 of the protocol has them:
    change one cell of the table and a row here fails.
    =========================================================================
*/

#include "flood/link.h"

#include "unit/spans.h"

#include <stdio.h>

typedef struct {
    link_state_t state;
    link_event_t event;
    link_state_t next;
    link_action_t action;
} row_t;

static const row_t s_rows [] = {
    //  We have no connection: only a new one leads on.  A peer that speaks to
    //  us is taken at its word, but nothing is sent where nothing arrives
    {LINK_LOST, LINK_CONNECTED, LINK_CALLING, LINK_GREET},
    {LINK_LOST, LINK_DISCONNECTED, LINK_LOST, LINK_FALL},
    {LINK_LOST, LINK_REMOVED, LINK_LOST, LINK_FALL},
    {LINK_LOST, LINK_MET, LINK_LOST, LINK_RENEW},
    {LINK_LOST, LINK_NAMED, LINK_LOST, LINK_HEED},
    {LINK_LOST, LINK_DEAF, LINK_LOST, LINK_FALL},
    {LINK_LOST, LINK_SILENT, LINK_LOST, LINK_NOTHING},
    {LINK_LOST, LINK_OUSTED, LINK_LOST, LINK_NOTHING},
    {LINK_LOST, LINK_LEAVES, LINK_LOST, LINK_NOTHING},
    {LINK_LOST, LINK_STAYS, LINK_LOST, LINK_NOTHING},
    {LINK_LOST, LINK_BARRED, LINK_LOST, LINK_NOTHING},

    //  We call: the first STATE to our process brings the link up
    {LINK_CALLING, LINK_CONNECTED, LINK_CALLING, LINK_GREET},
    {LINK_CALLING, LINK_DISCONNECTED, LINK_LOST, LINK_FALL},
    {LINK_CALLING, LINK_REMOVED, LINK_LOST, LINK_FALL},
    {LINK_CALLING, LINK_MET, LINK_CALLING, LINK_RENEW},
    {LINK_CALLING, LINK_NAMED, LINK_UP, LINK_RISE},
    {LINK_CALLING, LINK_DEAF, LINK_CALLING, LINK_FALL},
    {LINK_CALLING, LINK_SILENT, LINK_CALLING, LINK_NOTHING},
    {LINK_CALLING, LINK_OUSTED, LINK_CALLING, LINK_NOTHING},
    {LINK_CALLING, LINK_LEAVES, LINK_CALLING, LINK_NOTHING},
    {LINK_CALLING, LINK_STAYS, LINK_CALLING, LINK_NOTHING},
    {LINK_CALLING, LINK_BARRED, LINK_REFUSED, LINK_NOTHING},

    //  Somebody else speaks in its name: it may come all the same
    {LINK_REFUSED, LINK_CONNECTED, LINK_REFUSED, LINK_GREET},
    {LINK_REFUSED, LINK_DISCONNECTED, LINK_LOST, LINK_FALL},
    {LINK_REFUSED, LINK_REMOVED, LINK_LOST, LINK_FALL},
    {LINK_REFUSED, LINK_MET, LINK_CALLING, LINK_RENEW},
    {LINK_REFUSED, LINK_NAMED, LINK_UP, LINK_RISE},
    {LINK_REFUSED, LINK_DEAF, LINK_REFUSED, LINK_FALL},
    {LINK_REFUSED, LINK_SILENT, LINK_REFUSED, LINK_NOTHING},
    {LINK_REFUSED, LINK_OUSTED, LINK_REFUSED, LINK_NOTHING},
    {LINK_REFUSED, LINK_LEAVES, LINK_REFUSED, LINK_NOTHING},
    {LINK_REFUSED, LINK_STAYS, LINK_REFUSED, LINK_NOTHING},
    {LINK_REFUSED, LINK_BARRED, LINK_REFUSED, LINK_NOTHING},

    //  It is up: every STATE acknowledges; whatever ends it is noted
    {LINK_UP, LINK_CONNECTED, LINK_UP, LINK_GREET},
    {LINK_UP, LINK_DISCONNECTED, LINK_LOST, LINK_FALL},
    {LINK_UP, LINK_REMOVED, LINK_LOST, LINK_FALL},
    {LINK_UP, LINK_MET, LINK_CALLING, LINK_RENEW},
    {LINK_UP, LINK_NAMED, LINK_UP, LINK_HEED},
    {LINK_UP, LINK_DEAF, LINK_CALLING, LINK_FALL},
    {LINK_UP, LINK_SILENT, LINK_CALLING, LINK_FALL},
    {LINK_UP, LINK_OUSTED, LINK_CALLING, LINK_FALL},
    {LINK_UP, LINK_LEAVES, LINK_LEAVING, LINK_NOTHING},
    {LINK_UP, LINK_STAYS, LINK_UP, LINK_NOTHING},
    {LINK_UP, LINK_BARRED, LINK_UP, LINK_NOTHING},

    //  The same for a peer about to end, which may think better of it
    {LINK_LEAVING, LINK_CONNECTED, LINK_LEAVING, LINK_GREET},
    {LINK_LEAVING, LINK_DISCONNECTED, LINK_LOST, LINK_FALL},
    {LINK_LEAVING, LINK_REMOVED, LINK_LOST, LINK_FALL},
    {LINK_LEAVING, LINK_MET, LINK_CALLING, LINK_RENEW},
    {LINK_LEAVING, LINK_NAMED, LINK_LEAVING, LINK_HEED},
    {LINK_LEAVING, LINK_DEAF, LINK_CALLING, LINK_FALL},
    {LINK_LEAVING, LINK_SILENT, LINK_CALLING, LINK_FALL},
    {LINK_LEAVING, LINK_OUSTED, LINK_CALLING, LINK_FALL},
    {LINK_LEAVING, LINK_LEAVES, LINK_LEAVING, LINK_NOTHING},
    {LINK_LEAVING, LINK_STAYS, LINK_UP, LINK_NOTHING},
    {LINK_LEAVING, LINK_BARRED, LINK_LEAVING, LINK_NOTHING},
};


static void
every_state_and_event_has_its_next_state_and_action (void **state)
{
    (void) state;
    for (size_t index = 0; index < COUNT (s_rows); index++) {
        const row_t *row = &s_rows [index];
        char name [64];
        link_step_t step = link_state_step (row->state, row->event);
        snprintf (name, sizeof (name), "state %d, event %d", (int) row->state,
            (int) row->event);
        assert_row (step.next == row->next, name);
        assert_row (step.action == row->action, name);
    }
}


//  The rows above are all there are, each once

static void
no_state_and_event_is_left_out (void **state)
{
    (void) state;
    bool seen [LINK_STATES][LINK_EVENTS] = {{false}};
    for (size_t index = 0; index < COUNT (s_rows); index++) {
        assert_false (seen [s_rows [index].state][s_rows [index].event]);
        seen [s_rows [index].state][s_rows [index].event] = true;
    }
    assert_int_equal (COUNT (s_rows), LINK_STATES * LINK_EVENTS);
}


static void
streams_go_in_two_of_the_states (void **state)
{
    (void) state;
    for (link_state_t at = 0; at < LINK_STATES; at++)
        assert_int_equal (link_is_up (&(link_t){.state = at}),
            at == LINK_UP || at == LINK_LEAVING);
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        cmocka_unit_test (every_state_and_event_has_its_next_state_and_action),
        cmocka_unit_test (no_state_and_event_is_left_out),
        cmocka_unit_test (streams_go_in_two_of_the_states),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
