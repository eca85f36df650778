/*  =========================================================================
    test_pace - who may make a request, and since when
    =========================================================================
*/

#include "unit/spans.h"

#include "load/pace.h"

#define CALLERS 4
#define BEGIN_NS 5000


//  Let whoever's turn it is owe what is due.  Returns how many that were.

static unsigned
s_call_due (pace_t *self, turns_t *turns, int64_t now_ns)
{
    unsigned count = 0;
    uint32_t caller;
    for (; pace_due (self, now_ns, &caller); count++)
        pace_owe (self, &turns [caller], 1);
    return count;
}


static void
without_a_rate_all_are_made_at_once (void **state)
{
    (void) state;
    pace_t self = {.callers = 1, .stop_ns = INT64_MAX, .left = 3};
    turns_t turns = {0};
    int64_t since_ns;
    for (int64_t now_ns = 1; now_ns <= 3; now_ns++) {
        assert_false (pace_is_over (&self, now_ns));
        assert_true (pace_take (&self, &turns, now_ns, &since_ns));
        assert_int_equal (since_ns, now_ns);
    }
    assert_true (pace_is_over (&self, 4));
    assert_false (pace_take (&self, &turns, 4, &since_ns));
    assert_int_equal (pace_next_ns (&self, 4), INT64_MAX);
}


static void
nothing_is_made_when_time_is_over (void **state)
{
    (void) state;
    pace_t self = {.callers = 1, .stop_ns = 100, .left = 3};
    turns_t turns = {0};
    int64_t since_ns;
    assert_int_equal (pace_next_ns (&self, 99), 100);
    assert_true (pace_take (&self, &turns, 99, &since_ns));
    assert_false (pace_take (&self, &turns, 100, &since_ns));
    assert_true (pace_is_over (&self, 100));
    assert_int_equal (pace_next_ns (&self, 100), INT64_MAX);
}


//  At 1,000 a second one is due each millisecond, each the next caller's

static void
requests_are_due_evenly (void **state)
{
    (void) state;
    pace_t self = {.rate = 1000,
        .callers = CALLERS,
        .begin_ns = BEGIN_NS,
        .stop_ns = INT64_MAX,
        .left = 100};
    turns_t turns [CALLERS] = {{0, 0}, {0, 1}, {0, 2}, {0, 3}};
    for (uint64_t index = 0; index < 100; index++) {
        int64_t due_ns = BEGIN_NS + (int64_t) index * 1000000;
        int64_t since_ns;
        assert_int_equal (pace_next_ns (&self, due_ns - 1), due_ns);
        assert_int_equal (s_call_due (&self, turns, due_ns - 1), 0);
        assert_int_equal (s_call_due (&self, turns, due_ns), 1);
        for (size_t who = 0; who < CALLERS; who++)
            assert_int_equal (
                pace_take (&self, &turns [who], due_ns, &since_ns),
                who == index % CALLERS);
    }
    assert_true (pace_is_over (&self, 0));
    assert_int_equal (self.late, 0);
}


//  Nobody had room for a while: time is counted from when they were due

static void
what_was_not_made_was_due_all_the_same (void **state)
{
    (void) state;
    pace_t self = {.rate = 1000,
        .callers = CALLERS,
        .begin_ns = BEGIN_NS,
        .stop_ns = INT64_MAX,
        .left = 8};
    turns_t turns [CALLERS] = {{0, 0}, {0, 1}, {0, 2}, {0, 3}};
    int64_t now_ns = BEGIN_NS + 7000000, since_ns;
    assert_int_equal (s_call_due (&self, turns, now_ns), 8);
    assert_int_equal (self.owed, 8);
    assert_int_equal (self.late, 6);
    for (int64_t round = 0; round < 2; round++)
        for (int64_t who = 0; who < CALLERS; who++) {
            assert_true (pace_take (&self, &turns [who], now_ns, &since_ns));
            assert_int_equal (
                since_ns, BEGIN_NS + (round * CALLERS + who) * 1000000);
        }
    assert_true (pace_is_over (&self, now_ns));
}


static void
what_is_due_is_not_made_when_time_is_over (void **state)
{
    (void) state;
    pace_t self = {
        .rate = 1000, .callers = 1, .stop_ns = 2000000, .left = UINT64_MAX};
    turns_t turns = {0};
    int64_t since_ns;
    assert_int_equal (s_call_due (&self, &turns, 9000000), 2);
    assert_false (pace_take (&self, &turns, 9000000, &since_ns));
    assert_true (pace_is_over (&self, 9000000));
    assert_int_equal (self.owed, 2);
}


static void
who_leaves_takes_along_what_was_due (void **state)
{
    (void) state;
    pace_t self = {.callers = 2, .stop_ns = INT64_MAX};
    turns_t turns [2] = {{0}};
    int64_t since_ns;
    pace_owe (&self, &turns [0], 3);
    pace_owe (&self, &turns [1], 1);
    assert_int_equal (pace_leave (&self, &turns [0]), 3);
    assert_false (pace_take (&self, &turns [0], 1, &since_ns));
    assert_false (pace_is_over (&self, 1));
    assert_true (pace_take (&self, &turns [1], 1, &since_ns));
    assert_int_equal (since_ns, 1);
    assert_true (pace_is_over (&self, 1));
}


//  At a rate, who goes on makes those that are due from then on

static void
who_comes_back_makes_what_is_due_later (void **state)
{
    (void) state;
    pace_t self = {.rate = 1000,
        .callers = 2,
        .begin_ns = BEGIN_NS,
        .stop_ns = INT64_MAX,
        .left = 100};
    turns_t turns = {.due_index = 1};
    int64_t since_ns;
    pace_owe (&self, &turns, 3);
    assert_int_equal (pace_leave (&self, &turns), 3);
    assert_false (pace_has (&self, &turns, BEGIN_NS));
    pace_owe (&self, &turns, 1);
    assert_true (pace_has (&self, &turns, BEGIN_NS));
    assert_true (pace_take (&self, &turns, BEGIN_NS, &since_ns));
    assert_int_equal (since_ns, BEGIN_NS + 7 * 1000000);
}


int
main (void)
{
    const struct CMUnitTest cases [] = {
        cmocka_unit_test (without_a_rate_all_are_made_at_once),
        cmocka_unit_test (nothing_is_made_when_time_is_over),
        cmocka_unit_test (requests_are_due_evenly),
        cmocka_unit_test (what_was_not_made_was_due_all_the_same),
        cmocka_unit_test (what_is_due_is_not_made_when_time_is_over),
        cmocka_unit_test (who_leaves_takes_along_what_was_due),
        cmocka_unit_test (who_comes_back_makes_what_is_due_later),
    };
    return cmocka_run_group_tests (cases, NULL, NULL);
}
