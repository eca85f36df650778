/*  =========================================================================
    test_staircase - finds a quantile of a time by yes and no

    Of times drawn from distributions whose quantiles are known: log-normal,
    as waiting in a herd is, narrow and wide, far below the guess and above.
    =========================================================================
*/

#include "unit/chance.h"
#include "unit/spans.h"

#include "load/staircase.h"

#include <math.h>
#include <stdlib.h>

#define GUESS_NS 1000000
#define STAIRS 5
#define ANSWERS 300

//  Standard deviations from a normal distribution's middle to nine tenths
#define NINE_TENTHS 1.2816

static const struct {
    double middle_ns;
    double deviation;  //  Of the logarithm
} s_times [] = {{300e3, 0.1}, {300e3, 0.5}, {30e3, 0.3}, {20e6, 0.3}, {1e6, 1}};


//  Box and Muller's

static double
s_draw (chance_t *chance, double middle_ns, double deviation)
{
    double one = ((double) (chance_next (chance) >> 11) + 1) / 9007199254740992;
    double other = (double) (chance_next (chance) >> 11) / 9007199254740992;
    double normal = sqrt (-2 * log (one)) * cos (2 * acos (-1) * other);
    return middle_ns * exp (deviation * normal);
}


static int
s_compare (const void *one, const void *other)
{
    const int64_t *left = one, *right = other;
    return (*left > *right) - (*left < *right);
}


//  The median of what several found

static int64_t
s_find (chance_t *chance, double part, size_t times)
{
    int64_t found_ns [STAIRS];
    for (size_t at = 0; at < STAIRS; at++) {
        staircase_t self;
        staircase_init (&self, part, GUESS_NS);
        for (int turn = 0; turn < ANSWERS; turn++) {
            double took_ns = s_draw (
                chance, s_times [times].middle_ns, s_times [times].deviation);
            int64_t delay_ns = staircase_delay_ns (&self);
            staircase_answer (&self, delay_ns, took_ns <= (double) delay_ns);
        }
        found_ns [at] = staircase_found_ns (&self);
    }
    qsort (found_ns, STAIRS, sizeof (*found_ns), s_compare);
    return found_ns [STAIRS / 2];
}


//  How far off what is found may be: a sixth of a deviation, and 3 %

static void
s_check (double part, double deviations)
{
    chance_t chance = chance_new (11);
    for (size_t at = 0; at < COUNT (s_times); at++) {
        double deviation = s_times [at].deviation;
        double exact = log (s_times [at].middle_ns) + deviations * deviation;
        double found = log ((double) s_find (&chance, part, at));
        assert_true (fabs (found - exact) < 0.03 + deviation / 6);
    }
}


static void
finds_the_median (void **state)
{
    (void) state;
    s_check (0.5, 0);
}


static void
finds_nine_tenths (void **state)
{
    (void) state;
    s_check (0.9, NINE_TENTHS);
}


static void
no_delay_may_be_enough (void **state)
{
    (void) state;
    staircase_t self;
    staircase_init (&self, 0.5, GUESS_NS);
    for (int turn = 0; turn < ANSWERS; turn++)
        staircase_answer (&self, staircase_delay_ns (&self), true);
    assert_in_range (staircase_found_ns (&self), 900, 1100);
    assert_true (staircase_is_settled (&self));
}


static void
nothing_is_found_at_once (void **state)
{
    (void) state;
    staircase_t self;
    staircase_init (&self, 0.5, GUESS_NS);
    staircase_answer (&self, GUESS_NS, false);
    assert_true (staircase_delay_ns (&self) > GUESS_NS);
    for (int turn = 0; turn < 10; turn++) {
        assert_false (staircase_is_settled (&self));
        staircase_answer (&self, staircase_delay_ns (&self), turn % 2);
    }
}


int
main (void)
{
    const struct CMUnitTest cases [] = {
        cmocka_unit_test (finds_the_median),
        cmocka_unit_test (finds_nine_tenths),
        cmocka_unit_test (no_delay_may_be_enough),
        cmocka_unit_test (nothing_is_found_at_once),
    };
    return cmocka_run_group_tests (cases, NULL, NULL);
}
