/*  =========================================================================
    test_rate_limit - when not to ask the Places provider

    Both clocks are the test's: budgets of a second and of a day, and the
    breaker.
    =========================================================================
*/

#include "lookup/rate_limit.h"

#include <stdarg.h>
#include <string.h>

#include <setjmp.h>
#include <cmocka.h>

#define NOON 43200
#define DAY 86400

//  Some time since the machine was started
#define START_MS 5000000


static rate_limit_reason_t
s_take (rate_limit_t *self, int64_t seconds, int64_t clock_ms)
{
    return rate_limit_take (self, (instant_t){seconds, 0}, START_MS + clock_ms);
}


static void
s_fail (rate_limit_t *self, int times, int64_t clock_ms)
{
    for (int count = 0; count < times; count++) {
        assert_int_equal (s_take (self, NOON, clock_ms), RATE_LIMIT_NONE);
        rate_limit_report (self, GOOGLE_UNKNOWN_ERROR, START_MS + clock_ms);
    }
}


static void
without_limits_there_is_no_limit (void **state)
{
    rate_limit_t self;
    (void) state;
    memset (&self, 0xA5, sizeof (self));
    rate_limit_init (&self, 0, 0);
    for (int count = 0; count < 100000; count++)
        assert_int_equal (s_take (&self, NOON, 0), RATE_LIMIT_NONE);
}


//  What is not spent in a second is not saved up

static void
a_second_has_its_budget (void **state)
{
    rate_limit_t self;
    (void) state;
    rate_limit_init (&self, 10, 0);
    for (int second = 0; second < 10; second++) {
        int taken = 0;
        int64_t clock_ms = second * INT64_C (3000);
        while (s_take (&self, NOON, clock_ms) == RATE_LIMIT_NONE)
            taken++;
        assert_int_equal (taken, 10);
        assert_int_equal (s_take (&self, NOON, clock_ms), RATE_LIMIT_BUDGET);
    }
}


//  A token comes every hundred milliseconds, neither sooner nor later

static void
a_second_s_budget_comes_back_bit_by_bit (void **state)
{
    rate_limit_t self;
    int taken = 0;
    (void) state;
    rate_limit_init (&self, 10, 0);
    while (s_take (&self, NOON, 0) == RATE_LIMIT_NONE)
        taken++;
    assert_int_equal (s_take (&self, NOON, 90), RATE_LIMIT_BUDGET);
    for (int64_t clock_ms = 110; clock_ms <= 1000110; clock_ms += 10)
        taken += s_take (&self, NOON, clock_ms) == RATE_LIMIT_NONE;
    assert_in_range (taken, 10 + 9999, 10 + 10001);
}


static void
a_budget_of_one_a_second_is_kept (void **state)
{
    rate_limit_t self;
    (void) state;
    rate_limit_init (&self, 1, 0);
    assert_int_equal (s_take (&self, NOON, 0), RATE_LIMIT_NONE);
    assert_int_equal (s_take (&self, NOON, 999), RATE_LIMIT_BUDGET);
    assert_int_equal (s_take (&self, NOON, 1001), RATE_LIMIT_NONE);
    assert_int_equal (s_take (&self, NOON, 1500), RATE_LIMIT_BUDGET);
}


//  Days are those of UTC.  What was refused was not spent

static void
a_day_has_its_budget (void **state)
{
    rate_limit_t self;
    (void) state;
    rate_limit_init (&self, 0, 3);
    for (int day = 20000; day < 20003; day++) {
        for (int count = 0; count < 3; count++)
            assert_int_equal (
                s_take (&self, (int64_t) day * DAY, 0), RATE_LIMIT_NONE);
        for (int count = 0; count < 3; count++)
            assert_int_equal (s_take (&self, (int64_t) day * DAY + DAY - 1, 0),
                RATE_LIMIT_BUDGET);
    }
}


//  A request that the second refused does not count for the day

static void
a_refusal_is_not_spent (void **state)
{
    rate_limit_t self;
    (void) state;
    rate_limit_init (&self, 1, 2);
    assert_int_equal (s_take (&self, NOON, 0), RATE_LIMIT_NONE);
    for (int count = 0; count < 10; count++)
        assert_int_equal (s_take (&self, NOON, 0), RATE_LIMIT_BUDGET);
    assert_int_equal (s_take (&self, NOON, 2000), RATE_LIMIT_NONE);
    assert_int_equal (s_take (&self, NOON, 4000), RATE_LIMIT_BUDGET);
}


static void
five_failures_in_a_row_open_the_breaker (void **state)
{
    rate_limit_t self;
    (void) state;
    rate_limit_init (&self, 0, 0);
    s_fail (&self, RATE_LIMIT_FAILURES - 1, 0);
    assert_int_equal (s_take (&self, NOON, 0), RATE_LIMIT_NONE);
    rate_limit_report (&self, GOOGLE_NONE, START_MS);
    s_fail (&self, RATE_LIMIT_FAILURES - 1, 0);
    assert_int_equal (s_take (&self, NOON, 0), RATE_LIMIT_NONE);
    rate_limit_report (&self, GOOGLE_UNKNOWN_ERROR, START_MS);
    assert_int_equal (s_take (&self, NOON, 0), RATE_LIMIT_BROKEN);
    assert_int_equal (
        s_take (&self, NOON, RATE_LIMIT_OPEN_MS - 1), RATE_LIMIT_BROKEN);
}


//  While the one has not come back, and ten seconds after it failed, nobody
//  else is let through

static void
one_request_shows_whether_it_still_fails (void **state)
{
    rate_limit_t self;
    int64_t now_ms = RATE_LIMIT_OPEN_MS;
    (void) state;
    rate_limit_init (&self, 0, 0);
    s_fail (&self, RATE_LIMIT_FAILURES, 0);
    assert_int_equal (s_take (&self, NOON, now_ms), RATE_LIMIT_NONE);
    assert_int_equal (s_take (&self, NOON, now_ms), RATE_LIMIT_BROKEN);
    now_ms += 3000;
    rate_limit_report (&self, GOOGLE_UNKNOWN_ERROR, START_MS + now_ms);
    now_ms += RATE_LIMIT_OPEN_MS;
    assert_int_equal (s_take (&self, NOON, now_ms - 1), RATE_LIMIT_BROKEN);
    assert_int_equal (s_take (&self, NOON, now_ms), RATE_LIMIT_NONE);
    rate_limit_report (&self, GOOGLE_NONE, START_MS + now_ms);
    for (int count = 0; count < 100; count++)
        assert_int_equal (s_take (&self, NOON, now_ms), RATE_LIMIT_NONE);
    s_fail (&self, RATE_LIMIT_FAILURES, now_ms);
    assert_int_equal (s_take (&self, NOON, now_ms), RATE_LIMIT_BROKEN);
}


static void
what_the_breaker_refuses_is_not_spent (void **state)
{
    rate_limit_t self;
    (void) state;
    rate_limit_init (&self, 0, RATE_LIMIT_FAILURES + 1);
    s_fail (&self, RATE_LIMIT_FAILURES, 0);
    for (int count = 0; count < 10; count++)
        assert_int_equal (s_take (&self, NOON, 0), RATE_LIMIT_BROKEN);
    assert_int_equal (
        s_take (&self, NOON, RATE_LIMIT_OPEN_MS), RATE_LIMIT_NONE);
    rate_limit_report (&self, GOOGLE_NONE, START_MS + RATE_LIMIT_OPEN_MS);
    assert_int_equal (
        s_take (&self, NOON, RATE_LIMIT_OPEN_MS), RATE_LIMIT_BUDGET);
}


#define LIMIT GOOGLE_OVER_QUERY_LIMIT
#define DENIED GOOGLE_REQUEST_DENIED


//  The provider says no, and what is said of it is that it is left alone for so
//  long, and why; nothing is asked until then, and one thing afterwards

static void
s_check_hold (
    rate_limit_t *self, int64_t after_s, int64_t expected_ms, int64_t *at_ms)
{
    assert_int_equal (
        rate_limit_hold (self, LIMIT, after_s, START_MS + *at_ms), expected_ms);
    assert_int_equal (s_take (self, NOON, *at_ms), RATE_LIMIT_BROKEN);
    *at_ms += expected_ms;
    assert_true (rate_limit_is_shut (self, START_MS + *at_ms - 1));
    assert_int_equal (s_take (self, NOON, *at_ms - 1), RATE_LIMIT_BROKEN);
    assert_int_equal (self->status, LIMIT);
    assert_false (rate_limit_is_shut (self, START_MS + *at_ms));
    assert_int_equal (s_take (self, NOON, *at_ms), RATE_LIMIT_NONE);
    assert_int_equal (s_take (self, NOON, *at_ms), RATE_LIMIT_BROKEN);
}


static void
it_is_left_alone_until_when_it_said (void **state)
{
    rate_limit_t self;
    int64_t at_ms = 0;
    (void) state;
    rate_limit_init (&self, 0, 0);
    s_check_hold (&self, 1, 1000, &at_ms);
    s_check_hold (&self, 3600, 3600000, &at_ms);
    s_check_hold (&self, 1, 1000, &at_ms);
    s_check_hold (&self, INT64_MAX, RATE_LIMIT_DAY_S * INT64_C (1000), &at_ms);
    rate_limit_report (&self, GOOGLE_NONE, START_MS + at_ms);
    for (int count = 0; count < 100; count++)
        assert_int_equal (s_take (&self, NOON, at_ms), RATE_LIMIT_NONE);
}


//  Half a minute, then twice as long each time, up to ten minutes; and anew
//  after an answer

static void
it_is_left_alone_for_longer_each_time_if_it_did_not_say (void **state)
{
    static const int64_t expected_s [] = {30, 60, 120, 240, 480, 600, 600, 600};
    rate_limit_t self;
    int64_t at_ms = 0;
    (void) state;
    rate_limit_init (&self, 0, 0);
    for (int round = 0; round < 2; round++) {
        for (size_t at = 0; at < 8; at++)
            s_check_hold (&self, 0, expected_s [at] * 1000, &at_ms);
        rate_limit_report (&self, GOOGLE_NONE, START_MS + at_ms);
    }
}


//  Those under way when it was said, whatever becomes of them, change nothing

static void
what_was_under_way_does_not_shorten_it (void **state)
{
    rate_limit_t self;
    (void) state;
    rate_limit_init (&self, 0, 0);
    assert_int_equal (rate_limit_hold (&self, DENIED, 0, START_MS), 30000);
    for (int count = 0; count < 2 * RATE_LIMIT_FAILURES; count++) {
        rate_limit_report (&self, GOOGLE_UNKNOWN_ERROR, START_MS + 100);
        rate_limit_report (&self, GOOGLE_NONE, START_MS + 200);
        assert_int_equal (rate_limit_hold (&self, LIMIT, 0, START_MS + 300), 0);
        assert_int_equal (rate_limit_hold (&self, LIMIT, 5, START_MS + 400), 0);
    }
    assert_int_equal (self.status, DENIED);
    assert_int_equal (s_take (&self, NOON, 29999), RATE_LIMIT_BROKEN);
    assert_int_equal (s_take (&self, NOON, 30000), RATE_LIMIT_NONE);
    assert_int_equal (
        rate_limit_hold (&self, LIMIT, 0, START_MS + 30000), 60000);
}


//  The latest moment counts; it is news if it is much later

static void
a_later_moment_counts (void **state)
{
    rate_limit_t self;
    (void) state;
    rate_limit_init (&self, 0, 0);
    assert_int_equal (rate_limit_hold (&self, DENIED, 0, START_MS), 30000);
    assert_int_equal (rate_limit_hold (&self, LIMIT, 100, START_MS), 100000);
    assert_int_equal (self.status, LIMIT);
    assert_int_equal (rate_limit_hold (&self, LIMIT, 100, START_MS + 500), 0);
    assert_int_equal (s_take (&self, NOON, 100499), RATE_LIMIT_BROKEN);
    assert_int_equal (s_take (&self, NOON, 100500), RATE_LIMIT_NONE);
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        cmocka_unit_test (without_limits_there_is_no_limit),
        cmocka_unit_test (a_second_has_its_budget),
        cmocka_unit_test (a_second_s_budget_comes_back_bit_by_bit),
        cmocka_unit_test (a_budget_of_one_a_second_is_kept),
        cmocka_unit_test (a_day_has_its_budget),
        cmocka_unit_test (a_refusal_is_not_spent),
        cmocka_unit_test (five_failures_in_a_row_open_the_breaker),
        cmocka_unit_test (one_request_shows_whether_it_still_fails),
        cmocka_unit_test (what_the_breaker_refuses_is_not_spent),
        cmocka_unit_test (it_is_left_alone_until_when_it_said),
        cmocka_unit_test (
            it_is_left_alone_for_longer_each_time_if_it_did_not_say),
        cmocka_unit_test (what_was_under_way_does_not_shorten_it),
        cmocka_unit_test (a_later_moment_counts),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
