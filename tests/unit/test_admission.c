/*  =========================================================================
    test_admission - who is let in, and who was not

    What is counted and noted of those who are refused.  test_quota tells how an
    address is limited, test_server_full whom that concerns.
    =========================================================================
*/

#include "unit/story.h"

#include "base/key.h"
#include "command/admission.h"

static const unsigned char s_key [KEY_SIZE] = "0123456789abcde";

#define HOME 0x7F000001u
#define AWAY 0xC0A80109u


static int
s_setup (void **state)
{
    *state = admission_new (s_key, 7, 5);
    return 0;
}


static int
s_teardown (void **state)
{
    admission_t *self = *state;
    admission_destroy (&self);
    return self != NULL;
}


//  Each kind by itself, with the last one's address once a minute

static void
who_is_refused_is_counted_and_noted_once_a_minute (void **state)
{
    admission_t *self = *state;
    effects_t *effects = effects_new ();
    event_t event = {.address = address_of_v4 (HOME), .clock_ms = 1000};
    for (int count = 0; count < 100; count++)
        admission_refuse (self, &event, REFUSED_NEWCOMER, effects);
    event.address = address_of_v4 (AWAY);
    admission_refuse (self, &event, REFUSED_ADDRESS, effects);
    event.clock_ms += 60000;
    admission_refuse (self, &event, REFUSED_NEWCOMER, effects);
    admission_refuse (self, &event, REFUSED_CLIENT, effects);
    assert_story (effects,
        "* refused a new client: one more than new_clients_per_minute, from "
        "127.0.0.1, 1 so far\n"
        "* refused a connection: one more than connections_per_address, from "
        "192.168.1.9, 1 so far\n"
        "* refused a new client: one more than new_clients_per_minute, from "
        "192.168.1.9, 101 so far\n"
        "* refused a connection: no room within connections_max, from "
        "192.168.1.9, 1 so far\n");
    assert_int_equal (
        admission_refusals (self)->counts [REFUSED_NEWCOMER], 101);
    assert_int_equal (admission_refusals (self)->counts [REFUSED_ADDRESS], 1);
    assert_int_equal (admission_refusals (self)->counts [REFUSED_CLIENT], 1);
    assert_int_equal (admission_refusals (self)->counts [REFUSED_FULL], 0);
    effects_destroy (&effects);
}


//  Its address is unknown then

static void
why_who_is_gone_was_refused_is_noted (void **state)
{
    admission_t *self = *state;
    effects_t *effects = effects_new ();
    event_t event = {.kind = EVENT_CALLER_UNMET,
        .text = span_of ("it is plain"),
        .clock_ms = 1000};
    admission_refuse_event (self, &event, effects);
    event.clock_ms += 60000;
    event.address = address_of_v4 (HOME);
    admission_refuse_event (self, &event, effects);
    assert_story (effects,
        "* refused a connection to the mesh: it is plain, gone before it was "
        "seen, 1 so far\n"
        "* refused a connection to the mesh: it is plain, from 127.0.0.1, 2 so "
        "far\n");
    effects_destroy (&effects);
}


#define CASE(name) cmocka_unit_test_setup_teardown (name, s_setup, s_teardown)

int
main (void)
{
    const struct CMUnitTest cases [] = {
        CASE (who_is_refused_is_counted_and_noted_once_a_minute),
        CASE (why_who_is_gone_was_refused_is_noted),
    };
    return cmocka_run_group_tests (cases, NULL, NULL);
}
