/*  =========================================================================
    test_cells - where on Earth the records of a table are

    Records come, move and go at random; after each step all cells are counted,
    and all links followed.
    =========================================================================
*/

#include "unit/chance.h"
#include "unit/shortage.h"
#include "unit/spans.h"

#include "table/cells.h"

#include <stdio.h>
#include <string.h>

#define RECORDS 3000
#define RECORD_SIZE (sizeof (cells_spot_t) + CHANGE_SIZE (40))
#define PLENTY ((size_t) 1 << 30)
#define MANY 32  //  More than a cell has without a split

typedef struct {
    arena_t *arena;
    change_list_t changes;
    index_t index;
    cells_t cells;
    chance_t chance;
    arena_ref_t refs [RECORDS];  //  0 = is not there
    unsigned levels [RECORDS];   //  As they were
    size_t seen;
} model_t;

static model_t model;


static int
s_setup (void **state)
{
    memset (&model, 0, sizeof (model));
    model.arena = arena_new ();
    change_list_init (&model.changes, model.arena);
    index_init (&model.index, (const unsigned char *) "0123456789abcdef",
        &model.changes);
    cells_init (&model.cells, model.arena, &model.index);
    model.chance = chance_new (1);
    *state = &model;
    return 0;
}


static int
s_teardown (void **state)
{
    (void) state;
    index_clear (&model.index);
    arena_destroy (&model.arena);
    return 0;
}


//  Return a square that is anywhere within the first so many steps

static sphere_square_t
s_choose (model_t *self, unsigned bits)
{
    uint32_t x = (uint32_t) chance_below (&self->chance, 1u << bits);
    return (sphere_square_t){
        x, (uint32_t) chance_below (&self->chance, 1u << bits), 1};
}


static void
s_add (model_t *self, size_t number, sphere_square_t square)
{
    char line [64];
    snprintf (
        line, sizeof (line), "AT A +0.000000000 c%06zu +1+1 123456", number);
    arena_ref_t ref = arena_take (self->arena, RECORD_SIZE) + CELLS_HEAD;
    change_write (changes_at (&self->changes, ref), span_of (line), 18);
    self->refs [number] = ref;
    cells_leave_out (&self->cells, ref);
    cells_put (&self->cells, ref, square);
}


static void
s_move (model_t *self, size_t number, sphere_square_t square)
{
    arena_ref_t ref = self->refs [number];
    if (!cells_stays (&self->cells, ref, square))
        cells_put (&self->cells, ref, square);
}


static void
s_remove (model_t *self, size_t number)
{
    cells_remove (&self->cells, self->refs [number]);
    arena_give (self->arena, self->refs [number] - CELLS_HEAD, RECORD_SIZE);
    self->refs [number] = 0;
}


//  Follow a list, of a cell of which the higher bits are these.  Returns how
//  many are in it

static size_t
s_count_list (
    model_t *self, arena_ref_t ref, unsigned level, uint32_t x, uint32_t y)
{
    size_t count = 0;
    unsigned shift = level < SPHERE_BITS ? SPHERE_BITS - level : 0;
    arena_ref_t previous = 0;
    for (; ref; ref = cells_spot (&self->cells, ref)->next) {
        const cells_spot_t *spot = cells_spot (&self->cells, ref);
        assert_int_equal (spot->previous, previous);
        assert_int_equal (spot->level, level);
        assert_int_equal ((uint64_t) spot->x >> shift, x);
        assert_int_equal ((uint64_t) spot->y >> shift, y);
        previous = ref;
        count++;
    }
    return count;
}


static size_t
s_check (
    model_t *self, const cell_t *cell, unsigned level, uint32_t x, uint32_t y)
{
    size_t count = 0;
    if (!cell->split)
        count = s_count_list (self, cell->ref, level, x, y);
    else {
        cells_quarters_t *quarters = cells_quarters (&self->cells, cell);
        assert_true (cell->count > CELLS_MERGED);
        count = s_count_list (self, quarters->rest, level, x, y);
        self->seen++;
        for (unsigned at = 0; at < 4; at++)
            count +=
                level < SPHERE_BITS
                    ? s_check (self, &quarters->quarters [at], level + 1,
                          2 * x + (at & 1), 2 * y + (at >> 1))
                    : s_check (self, &quarters->quarters [at], level + 1, x, y);
    }
    assert_int_equal (count, cell->count);
    return count;
}


static void
s_check_all (model_t *self, size_t count)
{
    self->seen = 0;
    assert_int_equal (s_check (self, &self->cells.root, 0, 0, 0), count);
    assert_int_equal (self->seen, self->cells.split);
}


//  Return how many records have got into other cells since it was called last

static size_t
s_count_moved (model_t *self)
{
    size_t moved = 0;
    for (size_t number = 0; number < RECORDS; number++)
        if (self->refs [number]) {
            unsigned level =
                cells_spot (&self->cells, self->refs [number])->level;
            moved += level != self->levels [number];
            self->levels [number] = level;
        }
    return moved;
}


//  Without memory there is one list of all; with it that is parted, but bit by
//  bit

static void
no_call_moves_more_than_some (void **state)
{
    model_t *self = *state;
    for (size_t number = 0; number < RECORDS / 2; number++)
        s_add (self, number, s_choose (self, SPHERE_BITS));
    s_check_all (self, RECORDS / 2);
    assert_int_equal (self->cells.split, 0);
    self->cells.spare = PLENTY;
    (void) s_count_moved (self);
    for (size_t number = RECORDS / 2; number < RECORDS; number++) {
        s_add (self, number, s_choose (self, SPHERE_BITS));
        self->levels [number] =
            cells_spot (&self->cells, self->refs [number])->level;
        assert_true (s_count_moved (self) <= CELLS_MOVES);
        if (number % 100 == 0)
            s_check_all (self, number + 1);
    }
    assert_true (self->cells.split > RECORDS / CELLS_SPLIT / 4);
    assert_true (self->cells.root.split &&
                 !cells_quarters (&self->cells, &self->cells.root)->rest);
}


static void
what_is_left_over_can_be_settled_at_once (void **state)
{
    model_t *self = *state;
    for (size_t number = 0; number < RECORDS - 1; number++)
        s_add (self, number, s_choose (self, SPHERE_BITS));
    self->cells.spare = PLENTY;
    s_add (self, RECORDS - 1, s_choose (self, SPHERE_BITS));
    size_t looks = 1000;
    cells_settle (&self->cells, &self->cells.root, 0, &looks);
    assert_int_equal (looks, 0);
    s_check_all (self, RECORDS);
    looks = RECORDS;
    cells_settle (&self->cells, &self->cells.root, 0, &looks);
    assert_int_equal (looks, 1000 + CELLS_MOVES);
    s_check_all (self, RECORDS);
}


//  Many in a few squares, in a town, or all over the Earth

static void
records_come_move_and_go (void **state)
{
    model_t *self = *state;
    size_t count = 0;
    unsigned bits = SPHERE_BITS;
    for (int step = 0; step < 60000; step++) {
        size_t number = chance_below (&self->chance, RECORDS);
        if (step % 5000 == 0) {
            static const unsigned all_bits [] = {SPHERE_BITS, 12, 1, 0};
            bits = all_bits [chance_below (&self->chance, 4)];
            self->cells.spare = chance_below (&self->chance, 3) ? PLENTY : 0;
        }
        if (!self->refs [number]) {
            s_add (self, number, s_choose (self, bits));
            count++;
        }
        else if (chance_below (&self->chance, 8) == 0) {
            s_remove (self, number);
            count--;
        }
        else
            s_move (self, number, s_choose (self, bits));
        if (step % 200 == 0)
            s_check_all (self, count);
    }
    for (size_t number = 0; number < RECORDS; number++)
        if (self->refs [number])
            s_remove (self, number);
    s_check_all (self, 0);
    assert_int_equal (self->cells.split, 0);
}


//  So many that a cell is split, so close together that it takes many cells

static void
costly_places_take_no_more_than_others_leave (void **state)
{
    model_t *self = *state;
    self->cells.spare = PLENTY;
    for (size_t number = 0; number < RECORDS;) {
        sphere_square_t square = s_choose (self, SPHERE_BITS);
        for (int one = 0; one <= CELLS_SPLIT && number < RECORDS; one++)
            s_add (self, number++, square);
        assert_true (self->cells.split * sizeof (cells_quarters_t) <=
                     number * CELLS_EACH);
    }
    s_check_all (self, RECORDS);
}


//  If there is none, that is not tried again and again

static void
memory_is_asked_for_only_to_split (void **state)
{
    model_t *self = *state;
    self->cells.spare = PLENTY;
    for (size_t number = 0; number < MANY; number++)
        s_add (self, number, s_choose (self, SPHERE_BITS));
    shortage_begin (0, 1);
    while (arena_reserve (self->arena, ARENA_UNIT, 0))
        arena_take (self->arena, ARENA_UNIT);
    assert_true (shortage_end () > 0);
    shortage_begin (0, 1);
    for (size_t number = 0; number < CELLS_SPLIT; number++)
        s_move (self, number, s_choose (self, SPHERE_BITS));
    assert_int_equal (shortage_end (), 0);
    shortage_begin (0, 1);
    for (size_t number = 0; number < MANY; number++)
        s_move (self, number, s_choose (self, 0));
    assert_true (shortage_end () > 0);
    s_check_all (self, MANY);
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        cmocka_unit_test_setup_teardown (
            no_call_moves_more_than_some, s_setup, s_teardown),
        cmocka_unit_test_setup_teardown (
            what_is_left_over_can_be_settled_at_once, s_setup, s_teardown),
        cmocka_unit_test_setup_teardown (
            records_come_move_and_go, s_setup, s_teardown),
        cmocka_unit_test_setup_teardown (
            costly_places_take_no_more_than_others_leave, s_setup, s_teardown),
        cmocka_unit_test_setup_teardown (
            memory_is_asked_for_only_to_split, s_setup, s_teardown),
    };
    return cmocka_run_group_tests_name ("cells", tests, NULL, NULL);
}
