/*  =========================================================================
    test_cells_keeper - where clients are, kept up with the changes

    Many clients move, without anybody who asks; then all are asked for, beside
    where they said they were.
    =========================================================================
*/

#include "unit/chance.h"
#include "unit/spans.h"

#include "table/near.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CLIENTS 20000

typedef struct {
    table_t *table;
    chance_t chance;
    unsigned stamp;
    sphere_place_t places [CLIENTS];
    span_t lines [CLIENTS];
} model_t;

static model_t model;


static int
s_setup (void **state)
{
    model = (model_t){.chance = chance_new (1)};
    model.table = table_new (
        (const unsigned char *) "0123456789abcdef", (size_t) 1 << 30);
    table_keep_near (model.table);
    *state = &model;
    return 0;
}


static int
s_teardown (void **state)
{
    (void) state;
    table_destroy (&model.table);
    return 0;
}


//  The line is longer or shorter

static void
s_move_to (model_t *self, size_t client, sphere_place_t place,
    table_result_t (*put) (table_t *, const location_t *, int))
{
    char line [128];
    location_t location;
    int decimals = (int) chance_below (&self->chance, 4) + 5;
    int size = snprintf (line, sizeof (line),
        "AT A +0.000000000 c%zu %+.*f%+.*f %u", client, decimals,
        place.latitude, decimals, place.longitude, ++self->stamp);
    self->places [client] = place;
    location_reread (&location, (span_t){line, (size_t) size});
    assert_int_equal (put (self->table, &location, TABLE_DOOR), TABLE_STORED);
}


//  Within a city, or all over the Earth

static void
s_move (model_t *self, size_t client,
    table_result_t (*put) (table_t *, const location_t *, int))
{
    double north = (double) chance_below (&self->chance, 1000) / 1000;
    double east = (double) chance_below (&self->chance, 1000) / 1000;
    bool far = chance_below (&self->chance, 4) == 0;
    s_move_to (self, client,
        far ? (sphere_place_t){north * 180 - 90, east * 360 - 180}
            : (sphere_place_t){48 + north / 5, 2 + east / 5},
        put);
}


//  All of the first clients that are from a latitude on are found, and no other

static void
s_check (model_t *self, size_t count, double south)
{
    near_box_t box = {-180, south, 180, 90};
    near_cursor_t cursor = {0};
    size_t looks = 1000000;
    static bool is_found [CLIENTS];
    memset (is_found, 0, sizeof (is_found));
    size_t found =
        near_in_box (self->table, &box, &cursor, self->lines, CLIENTS, &looks);
    assert_true (looks > 0);
    while (found--) {
        location_t location;
        location_reread (&location, self->lines [found]);
        size_t client = strtoul (location.client.data + 1, NULL, 10);
        assert_true (client < count && !is_found [client]);
        is_found [client] = true;
    }
    for (size_t client = 0; client < count; client++)
        assert_int_equal (
            is_found [client], self->places [client].latitude >= south);
}


static void
whoever_moved_since_the_last_question_is_found (void **state)
{
    model_t *self = *state;
    for (size_t client = 0; client < CLIENTS; client++)
        s_move (self, client, table_put);
    for (int round = 0; round < 4; round++) {
        s_check (self, CLIENTS, -90);
        s_check (self, CLIENTS, 48.0503);
        for (int move = 0; move < round * 7777; move++)
            s_move (self, chance_below (&self->chance, CLIENTS), table_put);
    }
}


//  Seen by the memory that cells take: the first tick leaves some to be put,
//  the last does not

static void
each_tick_puts_a_part_of_who_moved (void **state)
{
    model_t *self = *state;
    for (size_t client = 0; client < 5000; client++)
        s_move (self, client, table_put);
    table_follow (self->table);
    size_t first = table_size (self->table);
    for (int tick = 1; tick < 5; tick++)
        table_follow (self->table);
    size_t last = table_size (self->table);
    s_check (self, 5000, -90);
    assert_true (first < last);
    assert_int_equal (table_size (self->table), last);
}


//  When one leaves a quarter that is one cell again, another that was to go to
//  another cell within it stays

static void
who_stays_since_another_left_is_found (void **state)
{
    model_t *self = *state;
    for (int client = 0; client < 20; client++)
        s_move_to (self, (size_t) client,
            (sphere_place_t){10 + client * 4, 10 + client * 8}, table_put);
    s_check (self, 20, -90);
    for (int client = 9; client < 20; client++)
        s_move_to (self, (size_t) client, (sphere_place_t){-10 - client, -100},
            table_put);
    s_check (self, 20, -90);
    s_move_to (self, 0, (sphere_place_t){-20, -20}, table_put);
    s_move_to (self, 1, (sphere_place_t){80, 170}, table_put);
    s_check (self, 20, -90);
    s_check (self, 20, 0);
}


//  Up to a hundredth of a degree

static double
s_step (model_t *self)
{
    return (double) chance_below (&self->chance, 2001) / 1e5 - 0.01;
}


//  As many steps as make cells of some become one again, between questions

static void
who_walks_is_found (void **state)
{
    model_t *self = *state;
    const size_t walkers = 200;
    for (size_t client = 0; client < walkers; client++)
        s_move_to (self, client, (sphere_place_t){48, 2}, table_put);
    for (int round = 0; round < 4000; round++) {
        for (int step = 0; step < 64; step++) {
            size_t client = chance_below (&self->chance, walkers);
            sphere_place_t place = self->places [client];
            place.latitude += s_step (self);
            place.longitude += s_step (self);
            s_move_to (self, client, place, table_put);
        }
        s_check (self, walkers, -90);
        s_check (self, walkers, 48.000005);
    }
}


//  What was loaded is no change, and nothing that is read as one

static void
who_was_loaded_is_found_too (void **state)
{
    model_t *self = *state;
    for (size_t client = 0; client < 3000; client++)
        s_move (self, client, client % 3 ? table_load : table_put);
    s_check (self, 3000, -90);
    for (size_t client = 0; client < 3000; client += 2)
        s_move (self, client, client % 4 ? table_load : table_put);
    s_check (self, 3000, 48.1);
}


static void
who_is_dropped_before_a_question_is_not (void **state)
{
    model_t *self = *state;
    for (size_t client = 0; client < 3000; client++)
        s_move (self, client, table_put);
    s_check (self, 3000, -90);
    for (size_t client = 1000; client < 3000; client++) {
        char id [16];
        snprintf (id, sizeof (id), "c%zu", client);
        s_move (self, client, table_put);
        table_drop (self->table, span_of (id));
    }
    s_check (self, 1000, -90);
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        cmocka_unit_test_setup_teardown (
            whoever_moved_since_the_last_question_is_found, s_setup,
            s_teardown),
        cmocka_unit_test_setup_teardown (
            each_tick_puts_a_part_of_who_moved, s_setup, s_teardown),
        cmocka_unit_test_setup_teardown (
            who_stays_since_another_left_is_found, s_setup, s_teardown),
        cmocka_unit_test_setup_teardown (
            who_walks_is_found, s_setup, s_teardown),
        cmocka_unit_test_setup_teardown (
            who_was_loaded_is_found_too, s_setup, s_teardown),
        cmocka_unit_test_setup_teardown (
            who_is_dropped_before_a_question_is_not, s_setup, s_teardown),
    };
    return cmocka_run_group_tests_name ("cells_keeper", tests, NULL, NULL);
}
