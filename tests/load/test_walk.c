/*  =========================================================================
    test_walk - the ids of one connection, in an order of no use to a cache
    =========================================================================
*/

#include "unit/spans.h"

#include "load/walk.h"

#include <string.h>

#define IDS_MAX 1000

static const struct {
    uint32_t connections;
    uint32_t ids;
} s_sizes [] = {{1, 1}, {1, 2}, {1, 3}, {1, 1000}, {7, 1000}, {50, 1000},
    {50, 51}, {50, 50}, {499, 998}, {1000, 1000}};


//  In a round each id comes once, and from one connection

static void
each_id_comes_once_in_a_round (void **state)
{
    (void) state;
    for (size_t at = 0; at < COUNT (s_sizes); at++) {
        unsigned seen [IDS_MAX] = {0};
        for (uint32_t who = 0; who < s_sizes [at].connections; who++) {
            walk_t self;
            walk_init (&self, who, s_sizes [at].connections, s_sizes [at].ids);
            for (uint32_t turn = 0; turn < 3 * self.count; turn++) {
                uint32_t id = walk_next (&self);
                assert_in_range (id, 0, s_sizes [at].ids - 1);
                assert_int_equal (id % s_sizes [at].connections, who);
                seen [id]++;
            }
        }
        for (uint32_t id = 0; id < s_sizes [at].ids; id++)
            assert_int_equal (seen [id], 3);
    }
}


static void
few_ids_are_shared (void **state)
{
    (void) state;
    for (uint32_t who = 0; who < 10; who++) {
        walk_t self;
        walk_init (&self, who, 10, 3);
        for (int turn = 0; turn < 3; turn++)
            assert_int_equal (walk_next (&self), who % 3);
    }
}


//  Next to each other in time are not neighbours in the table

static void
neighbours_are_far_apart (void **state)
{
    (void) state;
    walk_t self;
    walk_init (&self, 0, 1, 1000);
    uint32_t before = walk_next (&self);
    for (int turn = 0; turn < 1000; turn++) {
        uint32_t id = walk_next (&self);
        assert_true ((id > before ? id - before : before - id) > 300);
        before = id;
    }
}


int
main (void)
{
    const struct CMUnitTest cases [] = {
        cmocka_unit_test (each_id_comes_once_in_a_round),
        cmocka_unit_test (few_ids_are_shared),
        cmocka_unit_test (neighbours_are_far_apart),
    };
    return cmocka_run_group_tests (cases, NULL, NULL);
}
