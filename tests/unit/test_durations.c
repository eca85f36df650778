/*  =========================================================================
    test_durations - how long things took: a histogram

    Durations at, before and behind each bound.
    =========================================================================
*/

#include "base/durations.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>


//  As a number that Prometheus reads, and larger than the one before

static void
bounds_go_up_from_ten_microseconds_to_a_minute (void **state)
{
    (void) state;
    double before = 0;
    for (size_t index = 0; index < DURATIONS_BOUNDS; index++) {
        char *end;
        double bound = strtod (durations_bound (index), &end);
        assert_int_equal (*end, 0);
        assert_true (bound > before);
        before = bound;
    }
    assert_string_equal (durations_bound (0), "1e-05");
    assert_string_equal (durations_bound (DURATIONS_BOUNDS - 1), "60");
}


static void
a_bound_counts_what_is_not_longer (void **state)
{
    (void) state;
    for (size_t index = 0; index < DURATIONS_BOUNDS; index++) {
        durations_t self = {.seconds = 0};
        int64_t bound_ns =
            (int64_t) (strtod (durations_bound (index), NULL) * 1e9 + 0.5);
        durations_add (&self, bound_ns, 2);
        durations_add (&self, bound_ns + 1, 3);
        assert_int_equal (self.counts [index], 2);
        assert_int_equal (self.counts [index + 1], 3);
        assert_int_equal (durations_count (&self), 5);
        double seconds = (double) bound_ns * 5e-9;
        assert_true (self.seconds > seconds * 0.999 &&
                     self.seconds < seconds * 1.001 + 1e-8);
    }
}


static void
what_clocks_make_negative_counts_as_nothing (void **state)
{
    (void) state;
    durations_t self = {.seconds = 0};
    durations_add (&self, INT64_MIN, 1);
    durations_add (&self, INT64_MAX, 1);
    assert_int_equal (self.counts [0], 1);
    assert_int_equal (self.counts [DURATIONS_BOUNDS], 1);
    assert_true (self.seconds > 9e9 && self.seconds < 1e10);
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        cmocka_unit_test (bounds_go_up_from_ten_microseconds_to_a_minute),
        cmocka_unit_test (a_bound_counts_what_is_not_longer),
        cmocka_unit_test (what_clocks_make_negative_counts_as_nothing),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
