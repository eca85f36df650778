/*  =========================================================================
    test_index_rows - where a client's record stands: long rows

    Clients that all want the same few slots stand in one row of thousands.
    Nothing that is done with one of them, or with the table, may cost a look at
    all the others.
    =========================================================================
*/

#include "unit/chance.h"
#include "unit/crowd.h"
#include "unit/spans.h"

#include "table/index.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CLIENTS 5000

typedef struct {
    char client [24];
    uint64_t hash;
    arena_ref_t ref;
} item_t;

typedef struct {
    arena_t *arena;
    change_list_t changes;
    index_t slots;
    item_t items [CLIENTS];
} model_t;

static model_t s_table;


static void
s_take (model_t *self, item_t *item)
{
    static const char head [] = "AT A +0.000000000 ";
    char line [80];
    int size =
        snprintf (line, sizeof (line), "%s%s +1+1 5", head, item->client);
    item->ref = arena_take (self->arena, sizeof (change_t) + (size_t) size);
    change_t *record = changes_at (&self->changes, item->ref);
    change_write (record, (span_t){line, (size_t) size}, sizeof (head) - 1);
    assert_true (index_reserve (&self->slots));
    index_take (&self->slots, item->hash, item->ref);
}


//  All want the same slots; the table is just growing

static int
s_setup (void **state)
{
    model_t *self = &s_table;
    memset (self, 0, sizeof (s_table));
    self->arena = arena_new ();
    change_list_init (&self->changes, self->arena);
    index_init (&self->slots, (const unsigned char *) "0123456789abcdef",
        &self->changes);
    for (size_t at = 0; at < CLIENTS; at++) {
        item_t *item = &self->items [at];
        snprintf (item->client, sizeof (item->client), CROWD "%zu", at);
        item->hash = index_hash (&self->slots, span_of (item->client));
        index_grow (&self->slots);
        s_take (self, item);
    }
    assert_true (self->slots.old.room);
    *state = self;
    return 0;
}


static int
s_teardown (void **state)
{
    model_t *self = *state;
    index_clear (&self->slots);
    arena_destroy (&self->arena);
    return 0;
}


static arena_ref_t
s_find (const model_t *self, size_t at)
{
    const item_t *item = &self->items [at];
    return index_find (&self->slots, span_of (item->client), item->hash)->ref;
}


//  A row is closed by one from its end: those between are not looked at

static void
a_long_row_is_closed_by_its_end (void **state)
{
    model_t *self = *state;
    chance_t chance = chance_new (4408);
    static size_t order [CLIENTS];
    chance_shuffle (&chance, order, CLIENTS);
    for (size_t at = 0; at < CLIENTS; at++) {
        const item_t *item = &self->items [order [at]];
        crowd_hashes ();
        size_t looks =
            index_free (&self->slots, span_of (item->client), item->hash);
        size_t hashes = crowd_hashes ();
        assert_true (looks >= hashes);
        assert_true (hashes <= 200);
        assert_true (looks <= 300 + 2 * CLIENTS / 16);
        assert_int_equal (s_find (self, order [at]), 0);
        if (at % 100 == 0)
            for (size_t other = at + 1; other < CLIENTS; other++)
                assert_int_equal (s_find (self, order [other]),
                    self->items [order [other]].ref);
    }
    assert_int_equal (self->slots.count, 0);
}


//  However long its rows are, a table that grows moves a little at a time, and
//  all are found meanwhile

static void
a_long_row_is_moved_a_little_at_a_time (void **state)
{
    model_t *self = *state;
    for (size_t gone = 0; self->slots.old.room; gone++) {
        for (size_t at = 0; at < CLIENTS; at++)
            assert_int_equal (
                s_find (self, at), at < gone ? 0 : self->items [at].ref);
        for (int times = 0; times < 40 && self->slots.old.room; times++) {
            size_t moved = self->slots.old.moved;
            crowd_hashes ();
            index_grow (&self->slots);
            assert_true (crowd_hashes () <= 4);
            assert_true (
                !self->slots.old.room || self->slots.old.moved == moved + 4);
        }
        const item_t *item = &self->items [gone];
        index_free (&self->slots, span_of (item->client), item->hash);
    }
}


//  Each step looks at one record at most

static void
a_walk_goes_step_by_step (void **state)
{
    model_t *self = *state;
    table_walk_t walk = {.level = 5, .prefix = CROWD_LEAF << 4 | 7};
    size_t found = 0;
    size_t steps = 0;
    crowd_hashes ();
    for (; index_step (&self->slots, &walk); steps++) {
        assert_in_range (crowd_hashes (), 1, 2);
        assert_int_equal (walk.line.size > 0, walk.hash >> 44 == walk.prefix);
        found += walk.line.size > 0;
    }
    assert_int_equal (crowd_hashes (), 0);
    size_t expected = 0;
    for (size_t at = 0; at < CLIENTS; at++)
        expected += self->items [at].hash >> 44 == walk.prefix;
    assert_int_equal (found, expected);
    assert_in_range (steps, found, CLIENTS);
}


#define CASE(name) cmocka_unit_test_setup_teardown (name, s_setup, s_teardown)

int
main (void)
{
    const struct CMUnitTest cases [] = {
        CASE (a_long_row_is_closed_by_its_end),
        CASE (a_long_row_is_moved_a_little_at_a_time),
        CASE (a_walk_goes_step_by_step),
    };
    return cmocka_run_group_tests (cases, NULL, NULL);
}
