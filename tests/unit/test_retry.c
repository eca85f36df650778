/*  =========================================================================
    test_retry - when a connection is tried again
    =========================================================================
*/

#include "unit/spans.h"

#include "mqtt/retry.h"


//  Return how long it waits after a failure now

static int64_t
s_wait (retry_t *retry, int64_t now_ms)
{
    int64_t wait_ms = 0;
    retry_failed (retry, now_ms);
    while (!retry_is_due (retry, now_ms + wait_ms))
        wait_ms++;
    return wait_ms;
}


static void
the_first_try_is_at_once (void **state)
{
    retry_t retry = {0};
    (void) state;
    assert_true (retry_is_due (&retry, 0));
}


static void
each_wait_is_twice_the_last_until_8_s (void **state)
{
    static const int64_t waits [] = {
        250, 500, 1000, 2000, 4000, 8000, 8000, 8000};
    retry_t retry = {0};
    (void) state;
    for (size_t index = 0; index < COUNT (waits); index++)
        assert_int_equal (s_wait (&retry, 1000000), waits [index]);
}


static void
a_connection_that_stood_is_tried_quickly (void **state)
{
    retry_t retry = {0};
    (void) state;
    for (int times = 0; times < 9; times++)
        s_wait (&retry, 1);
    retry_connected (&retry, 1000);
    assert_int_equal (s_wait (&retry, 9001), 250);
}


//  However much longer that is than what was waited

static void
one_that_stands_for_less_than_8_s_is_not (void **state)
{
    static const int64_t waits [] = {250, 500, 1000, 2000, 4000, 8000};
    retry_t retry = {0};
    int64_t now_ms = 1000000;
    (void) state;
    for (size_t index = 0; index < COUNT (waits); index++) {
        retry_connected (&retry, now_ms);
        now_ms += 7999;
        assert_int_equal (s_wait (&retry, now_ms), waits [index]);
        now_ms += waits [index];
    }
}


static void
one_that_is_cut_at_once_is_not (void **state)
{
    retry_t retry = {0};
    (void) state;
    for (int times = 0; times < 9; times++)
        s_wait (&retry, 1);
    for (int times = 0; times < 9; times++) {
        retry_connected (&retry, 1000);
        assert_int_equal (s_wait (&retry, 9000), 8000);
    }
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        cmocka_unit_test (the_first_try_is_at_once),
        cmocka_unit_test (each_wait_is_twice_the_last_until_8_s),
        cmocka_unit_test (a_connection_that_stood_is_tried_quickly),
        cmocka_unit_test (one_that_stands_for_less_than_8_s_is_not),
        cmocka_unit_test (one_that_is_cut_at_once_is_not),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
