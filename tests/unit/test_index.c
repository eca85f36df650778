/*  =========================================================================
    test_index - where a client's record stands

    Against a model that is a plain list: clients come and go, most of them
    with homes near the end of the table, so that they stand in one long row
    that goes on at its start; and so they do while the table grows.
    =========================================================================
*/

#include "unit/chance.h"
#include "unit/shortage.h"
#include "unit/spans.h"

#include "base/spare.h"
#include "table/index.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CLIENTS 1200

typedef struct {
    char client [24];
    uint64_t hash;
    arena_ref_t ref;  //  0 if it is away
} item_t;

typedef struct {
    arena_t *arena;
    change_list_t changes;
    index_t slots;
    item_t items [CLIENTS];
} model_t;

static model_t s_table;


static int
s_setup (void **state)
{
    memset (&s_table, 0, sizeof (s_table));
    s_table.arena = arena_new ();
    change_list_init (&s_table.changes, s_table.arena);
    index_init (&s_table.slots, (const unsigned char *) "0123456789abcdef",
        &s_table.changes);
    *state = &s_table;
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


static uint64_t
s_hash (const model_t *self, const char *client)
{
    return index_hash (&self->slots, span_of (client));
}


static slot_t *
s_find (const model_t *self, const item_t *item)
{
    return index_find (&self->slots, span_of (item->client), item->hash);
}


//  Fill in clients whose homes are in the last or first parts of 128 in all.
//  While the table is empty, all are found at home

static void
s_choose_clients (model_t *self, chance_t *chance, size_t last, size_t first)
{
    for (size_t at = 0; at < CLIENTS;) {
        item_t *item = &self->items [at];
        snprintf (item->client, sizeof (item->client), "c%016zx",
            (size_t) chance_next (chance));
        item->hash = s_hash (self, item->client);
        size_t home = (size_t) (s_find (self, item) - self->slots.table.slots);
        size_t part = home * 128 / self->slots.table.room;
        at += part >= 128 - last || part < first;
    }
}


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


static void
s_free (model_t *self, item_t *item)
{
    index_free (&self->slots, span_of (item->client), item->hash);
    size_t size = changes_at (&self->changes, item->ref)->size;
    arena_give (self->arena, item->ref, sizeof (change_t) + size);
    item->ref = 0;
}


static void
s_check_all (const model_t *self)
{
    size_t count = 0;
    for (size_t at = 0; at < CLIENTS; at++) {
        const slot_t *slot = s_find (self, &self->items [at]);
        assert_int_equal (slot->ref, self->items [at].ref);
        count += self->items [at].ref != 0;
    }
    assert_int_equal (self->slots.count, count);
}


static bool
s_is_below (uint64_t hash, unsigned level, uint64_t prefix)
{
    return level == 0 || hash >> (64 - 4 * level) == prefix;
}


//  The walk gives each record below the prefix once

static void
s_check_walk (const model_t *self, unsigned level, uint64_t prefix)
{
    size_t expected = 0;
    for (size_t at = 0; at < CLIENTS; at++)
        expected += self->items [at].ref &&
                    s_is_below (self->items [at].hash, level, prefix);
    size_t count = 0;
    uint64_t sum = 0;
    table_walk_t walk = {.level = level, .prefix = prefix};
    while (index_step (&self->slots, &walk)) {
        if (!walk.line.size)
            continue;
        assert_true (s_is_below (walk.hash, level, prefix));
        assert_true (walk.check == index_hash (&self->slots, walk.line));
        sum += walk.hash;
        count++;
    }
    assert_int_equal (count, expected);
    for (size_t at = 0; at < CLIENTS; at++)
        if (self->items [at].ref &&
            s_is_below (self->items [at].hash, level, prefix))
            sum -= self->items [at].hash;
    assert_true (sum == 0);
}


//  A prefix of one of the clients, or any

static void
s_check_some_walk (const model_t *self, chance_t *chance)
{
    unsigned level = (unsigned) chance_below (chance, 17);
    uint64_t hash = chance_below (chance, 4)
                        ? self->items [chance_below (chance, CLIENTS)].hash
                        : chance_next (chance);
    s_check_walk (self, level, level ? hash >> (64 - 4 * level) : 0);
}


//  A client comes or goes, if then there are no more than so many

static void
s_live_a_little (model_t *self, chance_t *chance, size_t most)
{
    item_t *item = &self->items [chance_below (chance, CLIENTS)];
    if (item->ref)
        s_free (self, item);
    else if (self->slots.count < most)
        s_take (self, item);
}


//  They come and go

static void
s_live (model_t *self, chance_t *chance, int rounds, size_t most)
{
    for (int round = 0; round < rounds; round++) {
        s_live_a_little (self, chance, most);
        if (round % 4 == 0)
            s_check_some_walk (self, chance);
        if (round % 64 == 0)
            s_check_all (self);
    }
    s_check_all (self);
}


static void
an_empty_table_has_nobody (void **state)
{
    model_t *self = *state;
    s_check_all (self);
    for (unsigned level = 0; level <= 16; level++) {
        s_check_walk (self, level, 0);
        uint64_t all = UINT64_MAX;
        s_check_walk (self, level, level ? all >> (64 - 4 * level) : 0);
    }
}


static void
clients_come_and_go_anywhere (void **state)
{
    chance_t chance = chance_new (4401);
    s_choose_clients (*state, &chance, 64, 64);
    s_live (*state, &chance, 3000, CLIENTS);
}


//  All want the last slots: the row goes round the end

static void
a_row_may_go_round_the_end (void **state)
{
    chance_t chance = chance_new (4402);
    s_choose_clients (*state, &chance, 1, 0);
    s_live (*state, &chance, 3000, 40);
    s_live (*state, &chance, 2000, CLIENTS);
}


//  Those that went round the end stand among those at home at the start

static void
two_rows_may_meet_at_the_end (void **state)
{
    chance_t chance = chance_new (4403);
    s_choose_clients (*state, &chance, 2, 2);
    s_live (*state, &chance, 3000, 60);
    s_live (*state, &chance, 2000, CLIENTS);
}


//  What grows is told before, and is never more than 13/16 full

static void
a_table_grows_as_it_said (void **state)
{
    model_t *self = *state;
    for (int at = 0; at < 20000; at++) {
        item_t item;
        snprintf (item.client, sizeof (item.client), "%d", at);
        item.hash = s_hash (self, item.client);
        index_grow (&self->slots);
        size_t expected = index_size (&self->slots);
        expected += index_growth (&self->slots);
        s_take (self, &item);
        assert_int_equal (index_size (&self->slots), expected);
        assert_true (self->slots.count * 16 <= self->slots.table.room * 13);
        assert_int_equal (s_find (self, &item)->ref, item.ref);
    }
    assert_int_equal (self->slots.count, 20000);
    table_walk_t walk = {.level = 0};
    size_t count = 0;
    while (index_step (&self->slots, &walk))
        count++;
    assert_int_equal (count, 20000);
}


//  Begin to grow; then clients come and go, and some moves are made

static void
s_live_and_grow (model_t *self, chance_t *chance)
{
    for (size_t at = 0; at < CLIENTS; at++)
        s_take (self, &self->items [at]);
    assert_true (self->slots.old.room);
    for (int round = 0; self->slots.old.room; round++) {
        for (int client = 0; client < 4; client++)
            s_live_a_little (self, chance, CLIENTS);
        s_check_some_walk (self, chance);
        if (round % 16 == 0)
            s_check_all (self);
        index_grow (&self->slots);
    }
    s_check_all (self);
}


static void
while_it_grows_clients_come_and_go (void **state)
{
    static const size_t parts [][2] = {{64, 64}, {1, 0}, {2, 2}, {0, 9}};
    for (size_t at = 0; at < COUNT (parts); at++) {
        s_setup (state);
        chance_t chance = chance_new (4404 + at);
        s_choose_clients (*state, &chance, parts [at][0], parts [at][1]);
        s_live_and_grow (*state, &chance);
        s_teardown (state);
    }
}


//  Nobody waits for a large table to be moved

static void
it_grows_a_little_for_each_client (void **state)
{
    model_t *self = *state;
    size_t grown = 0;
    for (int at = 0; at < 200000; at++) {
        item_t item;
        snprintf (item.client, sizeof (item.client), "%d", at);
        item.hash = s_hash (self, item.client);
        size_t moved = self->slots.old.moved;
        index_grow (&self->slots);
        assert_true (self->slots.old.moved <= moved + 4);
        //  All was moved before it grows again
        assert_true (!self->slots.old.room || !index_growth (&self->slots));
        grown += index_growth (&self->slots) != 0;
        s_take (self, &item);
    }
    assert_in_range (grown, 10, 20);
}


//  What would leave the rest of the server too little is not taken

static bool
s_is_refused (model_t *self)
{
    shortage_begin (0, SPARE_SIZE);
    bool refused = !index_reserve (&self->slots);
    shortage_end ();
    return refused;
}


static void
a_table_leaves_memory_to_others (void **state)
{
    model_t *self = *state;
    for (int at = 0; !s_is_refused (self); at++) {
        item_t item;
        snprintf (item.client, sizeof (item.client), "%d", at);
        item.hash = s_hash (self, item.client);
        index_grow (&self->slots);
        s_take (self, &item);
    }
    size_t size = index_size (&self->slots);
    assert_true (size <= SPARE_FREE_SIZE);
    assert_true (3 * size / 2 > SPARE_FREE_SIZE);
    assert_true (index_reserve (&self->slots));
}


//  A walk costs as much as there are records in its part: what is seen of the
//  table is no more than that part and the row behind

static void
a_walk_sees_its_part_only (void **state)
{
    model_t *self = *state;
    for (int at = 0; at < 20000; at++) {
        item_t item;
        snprintf (item.client, sizeof (item.client), "%d", at);
        item.hash = s_hash (self, item.client);
        index_grow (&self->slots);
        s_take (self, &item);
    }
    size_t seen = 0;
    for (uint64_t prefix = 0; prefix < 65536; prefix++) {
        table_walk_t walk = {.level = 4, .prefix = prefix};
        while (index_step (&self->slots, &walk))
            ;
        seen += walk.seen;
    }
    assert_true (seen < (size_t) 16 * 65536);
}


static int
s_compare_hashes (const void *one, const void *other)
{
    uint64_t first = ((const item_t *) one)->hash;
    uint64_t second = ((const item_t *) other)->hash;
    return (first > second) - (first < second);
}


//  Return how many slots the longest row of taken ones has: nobody is looked
//  for further

static size_t
s_longest_row (const index_t *slots)
{
    size_t longest = 0;
    size_t row = 0;
    for (size_t at = 0; at < slots->table.room; at++) {
        row = slots->table.slots [at].ref ? row + 1 : 0;
        if (row > longest)
            longest = row;
    }
    return longest;
}


//  As they do from an audit: then too they stand all over the table

static void
clients_may_come_in_the_order_of_their_hashes (void **state)
{
    model_t *self = *state;
    size_t count = 20000;
    item_t *items = calloc (count, sizeof (item_t));
    assert_non_null (items);
    for (size_t at = 0; at < count; at++) {
        snprintf (items [at].client, sizeof (items [at].client), "%zu", at);
        items [at].hash = s_hash (self, items [at].client);
    }
    qsort (items, count, sizeof (item_t), s_compare_hashes);
    for (size_t at = 0; at < count; at++) {
        index_grow (&self->slots);
        s_take (self, &items [at]);
        if (at % 1000 == 0)
            assert_true (s_longest_row (&self->slots) < 250);
    }
    free (items);
}


//  Ids that differ where none looks first: tag and home are the hash's

static void
the_key_decides_where_a_client_stands (void **state)
{
    const model_t *self = *state;
    index_t other;
    index_init (
        &other, (const unsigned char *) "fedcba9876543210", &self->changes);
    assert_true (index_hash (&other, SPAN ("kiwi")) != s_hash (self, "kiwi"));
    index_clear (&other);
}


#define CASE(name) cmocka_unit_test_setup_teardown (name, s_setup, s_teardown)

int
main (void)
{
    const struct CMUnitTest cases [] = {
        CASE (an_empty_table_has_nobody),
        CASE (clients_come_and_go_anywhere),
        CASE (a_row_may_go_round_the_end),
        CASE (two_rows_may_meet_at_the_end),
        CASE (a_table_grows_as_it_said),
        cmocka_unit_test (while_it_grows_clients_come_and_go),
        CASE (it_grows_a_little_for_each_client),
        CASE (a_table_leaves_memory_to_others),
        CASE (a_walk_sees_its_part_only),
        CASE (clients_may_come_in_the_order_of_their_hashes),
        CASE (the_key_decides_where_a_client_stands),
    };
    return cmocka_run_group_tests (cases, NULL, NULL);
}
