/*  =========================================================================
    test_devices - what a server is told, and what waits
    =========================================================================
*/

#include "unit/spans.h"

#include "base/key.h"
#include "mqtt/devices.h"

#include <stdio.h>

#define MAX 3

static int
s_setup (void **state)
{
    static const unsigned char key [KEY_SIZE] = {7};
    *state = devices_new (MAX, key);
    return *state == NULL;
}


static int
s_teardown (void **state)
{
    devices_t *devices = *state;
    devices_destroy (&devices);
    return 0;
}


//  Put a report of that second

static devices_put_t
s_put (devices_t *self, const char *id, int second)
{
    char line [64];
    snprintf (line, sizeof (line), "IAMAT %s +1+2 %d", id, second);
    return devices_put (
        self, span_of (id), span_of (line), (instant_t){second, 0});
}


//  A server takes what it was told of the ID

static devices_reply_t
s_take (devices_t *self, const char *id)
{
    char reply [96];
    snprintf (
        reply, sizeof (reply), "AT One +0.000000000 %s +1+2 1479413884", id);
    return devices_reply (self, span_of (reply));
}


static void
s_check_counts (
    const devices_t *self, size_t waiting, size_t told, size_t refused)
{
    assert_int_equal (devices_waiting (self), waiting);
    assert_int_equal (devices_told (self), told);
    assert_int_equal (devices_refused (self), refused);
}


static void
what_waits_longest_is_told_first (void **state)
{
    devices_t *devices = *state;
    assert_int_equal (s_put (devices, "a", 5), DEVICES_NEW);
    assert_int_equal (s_put (devices, "b", 4), DEVICES_NEW);
    assert_text (devices_tell (devices), "IAMAT a +1+2 5");
    assert_text (devices_tell (devices), "IAMAT b +1+2 4");
    assert_int_equal (devices_tell (devices).size, 0);
}


static void
a_newer_report_takes_the_place_of_one_that_waits (void **state)
{
    devices_t *devices = *state;
    s_put (devices, "a", 5);
    s_put (devices, "b", 1);
    assert_int_equal (s_put (devices, "a", 6), DEVICES_REPLACES);
    assert_int_equal (s_put (devices, "a", 6), DEVICES_REPLACES);
    assert_int_equal (s_put (devices, "a", 5), DEVICES_OLDER);
    assert_text (devices_tell (devices), "IAMAT a +1+2 6");
    s_check_counts (devices, 1, 1, 0);
}


static void
what_is_taken_is_forgotten (void **state)
{
    devices_t *devices = *state;
    s_put (devices, "a", 5);
    devices_tell (devices);
    assert_int_equal (s_take (devices, "a"), DEVICES_TAKEN);
    s_check_counts (devices, 0, 0, 0);
    assert_int_equal (s_put (devices, "a", 1), DEVICES_NEW);
}


static void
a_report_that_comes_before_the_reply_is_told_next (void **state)
{
    devices_t *devices = *state;
    s_put (devices, "a", 5);
    devices_tell (devices);
    assert_int_equal (s_put (devices, "a", 6), DEVICES_REPLACES);
    s_check_counts (devices, 0, 1, 0);
    assert_int_equal (s_take (devices, "a"), DEVICES_TAKEN);
    s_check_counts (devices, 1, 0, 0);
    assert_text (devices_tell (devices), "IAMAT a +1+2 6");
    assert_int_equal (s_take (devices, "a"), DEVICES_TAKEN);
    s_check_counts (devices, 0, 0, 0);
}


static void
what_a_server_did_not_reply_to_is_told_the_next (void **state)
{
    devices_t *devices = *state;
    s_put (devices, "a", 5);
    devices_tell (devices);
    s_put (devices, "a", 6);
    devices_untell (devices);
    s_check_counts (devices, 1, 0, 0);
    assert_text (devices_tell (devices), "IAMAT a +1+2 6");
    assert_int_equal (s_take (devices, "a"), DEVICES_TAKEN);
    s_check_counts (devices, 0, 0, 0);
}


static void
what_is_refused_waits_until_it_is_tried_again (void **state)
{
    devices_t *devices = *state;
    s_put (devices, "a", 5);
    devices_tell (devices);
    assert_int_equal (
        devices_reply (devices, span_of ("? IAMAT a +1+2 5")), DEVICES_REFUSED);
    s_check_counts (devices, 0, 0, 1);
    assert_int_equal (devices_tell (devices).size, 0);
    devices_retry (devices);
    assert_text (devices_tell (devices), "IAMAT a +1+2 5");
}


static void
a_newer_report_of_a_refused_device_is_told (void **state)
{
    devices_t *devices = *state;
    s_put (devices, "a", 5);
    devices_tell (devices);
    devices_reply (devices, span_of ("? IAMAT a +1+2 5"));
    s_put (devices, "a", 6);
    s_check_counts (devices, 1, 0, 0);
}


static void
devices_beyond_the_limit_are_dropped (void **state)
{
    devices_t *devices = *state;
    s_put (devices, "a", 1);
    s_put (devices, "b", 1);
    s_put (devices, "c", 1);
    assert_int_equal (s_put (devices, "d", 1), DEVICES_FULL);
    assert_int_equal (s_put (devices, "a", 2), DEVICES_REPLACES);
    devices_tell (devices);
    assert_int_equal (s_put (devices, "d", 1), DEVICES_FULL);
    s_take (devices, "a");
    assert_int_equal (s_put (devices, "d", 1), DEVICES_NEW);
}


static void
only_a_reply_of_that_device_counts (void **state)
{
    static const char *const replies [] = {"", "?", "? IAMAT",
        "? IAMAT b +1+2 5", "? WHATSAT a 1 1", "? too many clients", "AT",
        "AT One +0.000000000 b +1+2 5", "AT One 0 a +1+2 5", "HTTP/1.1 400",
        "IAMAT a +1+2 5"};
    devices_t *devices = *state;
    s_put (devices, "b", 5);
    devices_tell (devices);
    assert_int_equal (s_take (devices, "b"), DEVICES_TAKEN);
    assert_int_equal (s_take (devices, "b"), DEVICES_NONSENSE);
    s_put (devices, "a", 5);
    assert_int_equal (s_take (devices, "a"), DEVICES_NONSENSE);
    devices_tell (devices);
    for (size_t index = 0; index < COUNT (replies); index++)
        assert_row (devices_reply (devices, span_of (replies [index])) ==
                        DEVICES_NONSENSE,
            replies [index]);
    s_check_counts (devices, 0, 1, 0);
}


#define CASE(name) cmocka_unit_test_setup_teardown (name, s_setup, s_teardown)

int
main (void)
{
    const struct CMUnitTest tests [] = {
        CASE (what_waits_longest_is_told_first),
        CASE (a_newer_report_takes_the_place_of_one_that_waits),
        CASE (what_is_taken_is_forgotten),
        CASE (a_report_that_comes_before_the_reply_is_told_next),
        CASE (what_a_server_did_not_reply_to_is_told_the_next),
        CASE (what_is_refused_waits_until_it_is_tried_again),
        CASE (a_newer_report_of_a_refused_device_is_told),
        CASE (devices_beyond_the_limit_are_dropped),
        CASE (only_a_reply_of_that_device_counts),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
