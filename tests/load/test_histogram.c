/*  =========================================================================
    test_histogram - how long things took, in little memory

    Against a sorted list of the same values, of all sizes.
    =========================================================================
*/

#include "unit/chance.h"
#include "unit/spans.h"

#include "load/histogram.h"

#include <math.h>
#include <stdlib.h>

#define VALUES 20000

static const double s_parts [] = {0, 0.001, 0.1, 0.5, 0.9, 0.99, 0.999, 1};


static int
s_setup (void **state)
{
    *state = histogram_new ();
    return 0;
}


static int
s_teardown (void **state)
{
    histogram_t *self = *state;
    histogram_destroy (&self);
    return self != NULL;
}


static int
s_compare (const void *one, const void *other)
{
    const int64_t *left = one, *right = other;
    return (*left > *right) - (*left < *right);
}


//  What is said of a quantile is never less than it, and at most 1/128 more

static void
s_check (const histogram_t *self, const int64_t *sorted, size_t count)
{
    for (size_t at = 0; at < COUNT (s_parts); at++) {
        size_t rank = (size_t) ceil (s_parts [at] * (double) count);
        int64_t exact = sorted [rank ? rank - 1 : 0];
        int64_t found = histogram_quantile (self, s_parts [at]);
        assert_true (found >= exact);
        assert_true (found - exact <= exact / 128);
    }
}


static void
quantiles_of_any_size_are_near (void **state)
{
    histogram_t *self = *state;
    chance_t chance = chance_new (3);
    static int64_t values [VALUES];
    double sum = 0;
    for (size_t at = 0; at < VALUES; at++) {
        values [at] = (int64_t) (chance_next (&chance) >>
                                 (1 + chance_below (&chance, 63)));
        sum += (double) values [at];
        histogram_record (self, values [at]);
    }
    qsort (values, VALUES, sizeof (*values), s_compare);

    s_check (self, values, VALUES);
    assert_int_equal (histogram_count (self), VALUES);
    assert_true (histogram_max (self) == values [VALUES - 1]);
    assert_true (fabs (histogram_mean (self) - sum / VALUES) < sum / 1e12);
}


//  Up to 255 each value has a cell of its own, and at the edges of cells
//  nothing falls between

static void
each_edge_is_in_a_cell (void **state)
{
    histogram_t *self = *state;
    for (int64_t value = 0; value < 256; value++) {
        histogram_clear (self);
        histogram_record (self, value);
        histogram_record (self, INT64_MAX);
        assert_int_equal (histogram_quantile (self, 0.5), value);
    }
    for (int bit = 8; bit < 63; bit++)
        for (int64_t value = (INT64_C (1) << bit) - 1;
             value <= (INT64_C (1) << bit) + 1; value++) {
            histogram_clear (self);
            histogram_record (self, value);
            histogram_record (self, INT64_MAX);
            s_check (self, (int64_t []){value, INT64_MAX}, 2);
        }
}


static void
nothing_is_no_time (void **state)
{
    histogram_t *self = *state;
    assert_int_equal (histogram_count (self), 0);
    assert_int_equal (histogram_quantile (self, 0.99), -1);
    assert_int_equal (histogram_max (self), -1);
    assert_true (histogram_mean (self) == -1);
}


//  A clock that is read late is no reason to fail

static void
before_its_time_is_no_time (void **state)
{
    histogram_t *self = *state;
    histogram_record (self, -5);
    assert_int_equal (histogram_count (self), 1);
    assert_int_equal (histogram_quantile (self, 1), 0);
}


static void
what_is_cleared_is_forgotten (void **state)
{
    histogram_t *self = *state;
    histogram_record (self, 1000000);
    histogram_clear (self);
    nothing_is_no_time (state);
}


#define CASE(name) cmocka_unit_test_setup_teardown (name, s_setup, s_teardown)

int
main (void)
{
    const struct CMUnitTest cases [] = {
        CASE (quantiles_of_any_size_are_near),
        CASE (each_edge_is_in_a_cell),
        CASE (nothing_is_no_time),
        CASE (before_its_time_is_no_time),
        CASE (what_is_cleared_is_forgotten),
    };
    return cmocka_run_group_tests (cases, NULL, NULL);
}
