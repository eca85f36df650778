/*  =========================================================================
    test_rota - which listener is visited next
    =========================================================================
*/

#include "unit/spans.h"
#include "web/rota.h"

#define MANY 200

typedef struct {
    rota_member_t member;
    unsigned visits;
} listener_t;

typedef struct {
    rota_t rota;
    listener_t listeners [MANY];
} crowd_t;


static void
s_begin (crowd_t *self, unsigned count)
{
    *self = (crowd_t){.rota.count = 0};
    rota_init (&self->rota);
    for (unsigned at = 0; at < count; at++)
        rota_add (&self->rota, &self->listeners [at].member);
}


//  Visit who is due.  Returns how many were

static unsigned
s_visit (crowd_t *self)
{
    unsigned count = 0;
    rota_member_t *next;
    for (; (next = rota_next (&self->rota)); count++)
        ((listener_t *) next)->visits++;
    assert_false (rota_has_more (&self->rota));
    return count;
}


static void
each_is_visited_ten_times_a_second (void **state)
{
    crowd_t crowd;
    (void) state;
    for (unsigned count = 1; count <= 100; count += 33) {
        s_begin (&crowd, count);
        for (int ms = 0; ms < 1000; ms++) {
            rota_spend (&crowd.rota, 1);
            //  And not all at the same millisecond
            assert_in_range (s_visit (&crowd), 0, 1);
        }
        for (unsigned at = 0; at < count; at++)
            assert_int_equal (crowd.listeners [at].visits, 10);
    }
}


static void
of_many_one_is_visited_each_millisecond (void **state)
{
    crowd_t crowd;
    (void) state;
    s_begin (&crowd, MANY);
    for (int turn = 0; turn < 500; turn++) {
        rota_spend (&crowd.rota, 2);
        assert_int_equal (s_visit (&crowd), 2);
    }
    for (unsigned at = 0; at < MANY; at++)
        assert_int_equal (crowd.listeners [at].visits, 5);
}


static void
however_much_time_has_passed_each_is_visited_once (void **state)
{
    crowd_t crowd;
    static const int64_t times_ms [] = {200, 1000, INT64_MAX};
    (void) state;
    for (size_t row = 0; row < 3; row++) {
        s_begin (&crowd, MANY);
        rota_spend (&crowd.rota, times_ms [row]);
        rota_spend (&crowd.rota, times_ms [row]);
        assert_int_equal (s_visit (&crowd), MANY);
        for (unsigned at = 0; at < MANY; at++)
            assert_int_equal (crowd.listeners [at].visits, 1);
    }
    s_begin (&crowd, 0);
    rota_spend (&crowd.rota, INT64_MAX);
    assert_int_equal (s_visit (&crowd), 0);
}


static void
who_was_put_off_comes_after_who_is_due_in_that_order (void **state)
{
    crowd_t crowd;
    (void) state;
    s_begin (&crowd, 5);
    //  Who is both is visited once
    rota_put_off (&crowd.rota, &crowd.listeners [0].member);
    rota_put_off (&crowd.rota, &crowd.listeners [3].member);
    rota_put_off (&crowd.rota, &crowd.listeners [2].member);
    rota_put_off (&crowd.rota, &crowd.listeners [4].member);
    rota_put_off (&crowd.rota, &crowd.listeners [3].member);
    rota_take_back (&crowd.rota, &crowd.listeners [2].member);
    rota_take_back (&crowd.rota, &crowd.listeners [2].member);
    rota_spend (&crowd.rota, 20);
    static const unsigned order [] = {0, 3, 4};
    for (size_t row = 0; row < 3; row++)
        assert_ptr_equal (
            rota_next (&crowd.rota), &crowd.listeners [order [row]].member);
    assert_false (rota_has_more (&crowd.rota));
}


static void
who_is_put_off_waits_for_a_later_turn (void **state)
{
    crowd_t crowd;
    (void) state;
    s_begin (&crowd, 3);
    rota_put_off (&crowd.rota, &crowd.listeners [0].member);
    rota_put_off (&crowd.rota, &crowd.listeners [1].member);
    for (unsigned turn = 0; turn < 10; turn++) {
        unsigned next = turn % 2;
        assert_true (rota_has_more (&crowd.rota));
        rota_spend (&crowd.rota, 0);
        assert_ptr_equal (
            rota_next (&crowd.rota), &crowd.listeners [next].member);
        rota_put_off (&crowd.rota, &crowd.listeners [next].member);
    }
    //  That was all of what one turn had before it was over
    assert_null (rota_next (&crowd.rota));
    assert_true (rota_has_more (&crowd.rota));
}


//  Visit as many as the turn has time for, each of which leaves something

static void
s_visit_some (crowd_t *self, unsigned most, const rota_member_t *but)
{
    rota_member_t *next;
    for (; most && (next = rota_next (&self->rota)); most--) {
        ((listener_t *) next)->visits++;
        if (next != but)
            rota_put_off (&self->rota, next);
    }
}


static void
who_is_due_does_not_wait_for_those_who_are_put_off (void **state)
{
    crowd_t crowd;
    (void) state;
    s_begin (&crowd, 5);
    for (unsigned turn = 0; turn < 1000; turn++) {
        rota_spend (&crowd.rota, 1);
        s_visit_some (&crowd, 4, &crowd.listeners [4].member);
    }
    assert_int_equal (crowd.listeners [4].visits, 10);
    for (unsigned at = 0; at < 4; at++)
        assert_in_range (crowd.listeners [at].visits, 900, 1000);
}


//  Though more are due in each turn than it has time for

static void
all_have_as_many_visits (void **state)
{
    crowd_t crowd;
    (void) state;
    s_begin (&crowd, MANY);
    for (unsigned turn = 0; turn < MANY; turn++) {
        rota_spend (&crowd.rota, 5);
        s_visit_some (&crowd, 3, NULL);
    }
    for (unsigned at = 0; at < MANY; at++)
        assert_int_equal (crowd.listeners [at].visits, 3);
}


static void
who_left_is_not_visited (void **state)
{
    crowd_t crowd;
    (void) state;
    s_begin (&crowd, 3);
    rota_put_off (&crowd.rota, &crowd.listeners [0].member);
    rota_spend (&crowd.rota, 1000);
    rota_drop (&crowd.rota, &crowd.listeners [0].member);
    rota_drop (&crowd.rota, &crowd.listeners [2].member);
    rota_member_t *next;
    while ((next = rota_next (&crowd.rota)))
        assert_ptr_equal (next, &crowd.listeners [1].member);
    rota_drop (&crowd.rota, &crowd.listeners [1].member);
    assert_false (rota_has_more (&crowd.rota));
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        cmocka_unit_test (each_is_visited_ten_times_a_second),
        cmocka_unit_test (of_many_one_is_visited_each_millisecond),
        cmocka_unit_test (however_much_time_has_passed_each_is_visited_once),
        cmocka_unit_test (who_was_put_off_comes_after_who_is_due_in_that_order),
        cmocka_unit_test (who_is_put_off_waits_for_a_later_turn),
        cmocka_unit_test (who_is_due_does_not_wait_for_those_who_are_put_off),
        cmocka_unit_test (all_have_as_many_visits),
        cmocka_unit_test (who_left_is_not_visited),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
