/*  =========================================================================
    test_herd_time - what time it is, by most clocks of a neighbourhood
    =========================================================================
*/

#include "unit/spans.h"

#include "wire/herd_time.h"

#define EPOCH INT64_C (1479413884000)


static int64_t
s_best (const readings_t *readings)
{
    int64_t ahead_ms = 0;
    assert_true (readings_best (readings, &ahead_ms));
    return ahead_ms;
}


static void
a_clock_that_was_never_read_has_no_reading (void **state)
{
    (void) state;
    readings_t readings = {.count = 0};
    int64_t ahead_ms;
    assert_false (readings_best (&readings, &ahead_ms));
}


static void
of_the_last_eight_the_least_delayed_counts (void **state)
{
    (void) state;
    readings_t readings = {.count = 0};
    static const int64_t delays_ms [] = {
        900, 40, 700, 3, 800, 500, 600, 2000, 30, 20, 10};
    for (size_t at = 0; at < COUNT (delays_ms); at++) {
        int64_t clock_ms = 1000 * (int64_t) at;
        readings_add (&readings, EPOCH + clock_ms - delays_ms [at], clock_ms);
    }
    assert_int_equal (s_best (&readings), EPOCH - 3);
    //  The quickest is not the last eight's for ever
    for (int64_t clock_ms = 11000; clock_ms < 19000; clock_ms += 1000)
        readings_add (&readings, EPOCH + clock_ms - 50, clock_ms);
    assert_int_equal (s_best (&readings), EPOCH - 50);
}


static void
many_readings_are_as_good_as_few (void **state)
{
    (void) state;
    readings_t readings = {.count = 0};
    for (int64_t clock_ms = 0; clock_ms < 100000; clock_ms += 10)
        readings_add (&readings, EPOCH + clock_ms - clock_ms % 90, clock_ms);
    assert_int_equal (s_best (&readings), EPOCH);
}


//  An hour is no delay

static void
a_clock_that_is_set_is_believed_at_once (void **state)
{
    (void) state;
    static const int64_t steps_ms [] = {3600000, -3600000, 6000, -6000};
    for (size_t at = 0; at < COUNT (steps_ms); at++) {
        readings_t readings = {.count = 0};
        for (int64_t clock_ms = 0; clock_ms < 10000; clock_ms += 1000)
            readings_add (&readings, EPOCH + clock_ms - 5, clock_ms);
        readings_add (&readings, EPOCH + steps_ms [at] + 11000 - 7, 11000);
        assert_int_equal (s_best (&readings), EPOCH + steps_ms [at] - 7);
    }
}


static void
the_median_is_the_lower_one (void **state)
{
    (void) state;
    assert_int_equal (herd_time_median ((int64_t []){7}, 1), 7);
    assert_int_equal (herd_time_median ((int64_t []){9, 7}, 2), 7);
    assert_int_equal (herd_time_median ((int64_t []){9, -7, 8}, 3), 8);
    assert_int_equal (herd_time_median ((int64_t []){1, 9, 3, 2}, 4), 2);
    assert_int_equal (
        herd_time_median ((int64_t []){5, INT64_MAX, 6, INT64_MIN, 4}, 5), 5);
}


int
main (void)
{
    const struct CMUnitTest cases [] = {
        cmocka_unit_test (a_clock_that_was_never_read_has_no_reading),
        cmocka_unit_test (of_the_last_eight_the_least_delayed_counts),
        cmocka_unit_test (many_readings_are_as_good_as_few),
        cmocka_unit_test (a_clock_that_is_set_is_believed_at_once),
        cmocka_unit_test (the_median_is_the_lower_one),
    };
    return cmocka_run_group_tests (cases, NULL, NULL);
}
