/*  =========================================================================
    test_store_growth - how large the table on disk becomes

    A server whose generations may be hardly larger than its table.
    =========================================================================
*/

#include "io/store_case.h"

#include "loop/clock.h"

//  Waited for, and many more than it takes
#define TURNS_MAX 20000


static void
a_generation_that_has_grown_is_replaced (void **state)
{
    store_case_t *self = *state;
    self->options.spare_size = 1000;
    store_case_restart (self);
    for (unsigned time = 1; time <= 20; time++) {
        store_case_tell (self, 0, 1000, time);
        store_case_settle (self);
    }
    store_case_tell (self, 0, 1000, 21);
    store_case_settle (self);
    store_counts_t counts = store_counts (self->store);
    assert_true (counts.generation > 3);
    assert_true (
        counts.bytes < 6 * table_lines_size (server_table (self->server)));
    store_case_restart (self);
    assert_int_equal (store_case_count (self, 0, 1000, 21), 1000);
}


//  In each turn more change than a turn writes when it has time

static void
clients_who_change_all_the_time_hold_no_generation_up (void **state)
{
    store_case_t *self = *state;
    self->options.spare_size = 1000;
    store_case_restart (self);
    store_case_tell (self, 0, 4000, 1);
    store_case_settle (self);
    self->stage->turn = NULL;
    uint64_t first = store_counts (self->store).generation;
    unsigned time = 1;
    while (store_counts (self->store).generation < first + 3) {
        assert_true (++time < TURNS_MAX);
        unsigned client = time % 4 * 1000;
        store_case_tell (self, client, client + 1000, time);
        store_turn (self->store, clock_ms ());
    }
    store_finish (self->store, 60000);
    store_case_kill (self);
    assert_true (store_case_open (self));
    while (store_is_loading (self->store))
        store_turn (self->store, clock_ms ());
    for (unsigned back = 0; back < 4; back++) {
        unsigned client = (time - back) % 4 * 1000;
        assert_int_equal (
            store_case_count (self, client, client + 1000, time - back), 1000);
    }
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        STORE_CASE (a_generation_that_has_grown_is_replaced),
        STORE_CASE (clients_who_change_all_the_time_hold_no_generation_up),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
