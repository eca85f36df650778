/*  =========================================================================
    index - where a client's record stands
    =========================================================================
*/

#include "table/index.h"

#include "base/spare.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define ROOM_LEAST 1024

//  The table is at most 13/16 full
#define FULL_PARTS 13
#define ALL_PARTS 16

//  While it grows, so many old slots are moved for each record that is put: all
//  are before the new ones are full
#define MOVES 4

//  A hole in a row that is longer than twice this is filled by one of so many
//  from all over the row, if one of them may stand there
#define LEAP_LOOKS 16

//  To find the end of a row costs as much as a record for each so many slots
#define INDEX_PER_LOOK 16

//  The memory is asked for records so many slots before a walk is there
#define AHEAD 4

//  Records of one leaf, the first digits of the hash, are neighbours; but the
//  next leaf is elsewhere: what comes in the order of its hashes, as from an
//  audit, would pile up in one part of the table
#define LEAF_LEVEL 4
#define LEAF_SHIFT (64 - 4 * LEAF_LEVEL)
#define SCATTER UINT64_C (0x9E37)  //  Odd; 2^16 over the golden ratio


uint64_t
index_hash (const index_t *self, span_t text)
{
    return key_hash (self->key, text);
}


uint64_t
index_hash_client (const index_t *self, const change_t *record)
{
    span_t rest = change_rest (record);
    return index_hash (self, span_until (&rest, ' '));
}


static const change_t *
s_record (const index_t *self, const slot_t *slot)
{
    return changes_at (self->changes, slot->ref);
}


//  A client ID has no blank in it, so one ends where the other does

static bool
s_is_of (const change_t *record, span_t client)
{
    span_t rest = change_rest (record);
    return client.size < rest.size && rest.data [client.size] == ' ' &&
           memcmp (rest.data, client.data, client.size) == 0;
}


//  Return where a search for the hash begins: as far into the table as the
//  hash, with its leaf multiplied, is into all.  No power of two is needed, so
//  the table can grow by half and waste less

static size_t
s_home (const index_table_t *table, uint64_t hash)
{
    __extension__ typedef unsigned __int128 wide_t;
    hash += (hash >> LEAF_SHIFT) * (SCATTER - 1) << LEAF_SHIFT;
    return (size_t) ((wide_t) hash * table->room >> 64);
}


//  Return how far it is from one slot on to the other

static size_t
s_distance (const index_table_t *table, size_t from, size_t to)
{
    return to >= from ? to - from : to + table->room - from;
}


//  Return the slot that is so far on from the one

static size_t
s_onward (const index_table_t *table, size_t from, size_t distance)
{
    size_t rest = table->room - from;
    return distance < rest ? from + distance : distance - rest;
}


//  Return where what is left begins if the slot was moved, else the slot

static size_t
s_left (const index_table_t *table, size_t at)
{
    return s_distance (table, table->first, at) < table->moved
               ? s_onward (table, table->first, table->moved)
               : at;
}


void
index_init (
    index_t *self, const unsigned char *key, const change_list_t *changes)
{
    *self = (index_t){.changes = changes, .table.room = ROOM_LEAST};
    self->table.slots = calloc (ROOM_LEAST, sizeof (slot_t));
    assert (self->table.slots);
    memcpy (self->key, key, INDEX_KEY_SIZE);
}


void
index_clear (index_t *self)
{
    free (self->table.slots);
    free (self->old.slots);
}


//  Return the client's slot in the table, or the free one that ends the search

static slot_t *
s_find_slot (const index_t *self, const index_table_t *table, span_t client,
    uint64_t hash)
{
    size_t at = s_left (table, s_home (table, hash));
    while (table->slots [at].ref) {
        const slot_t *slot = &table->slots [at];
        if (slot->tag == (uint8_t) hash &&
            s_is_of (s_record (self, slot), client))
            break;
        at = s_onward (table, at, 1);
    }
    return &table->slots [at];
}


slot_t *
index_find (const index_t *self, span_t client, uint64_t hash)
{
    slot_t *slot = s_find_slot (self, &self->table, client, hash);
    if (!slot->ref && self->old.room) {
        slot_t *old = s_find_slot (self, &self->old, client, hash);
        if (old->ref)
            slot = old;
    }
    return slot;
}


void
index_prefetch (const index_t *self, uint64_t hash)
{
    const index_table_t *table = &self->table;
    size_t at = s_left (table, s_home (table, hash));
    change_list_prefetch (self->changes, table->slots [at].ref);
}


//  Fill the first free slot from the home of the hash on

static void
s_fill (index_table_t *table, uint64_t hash, arena_ref_t ref)
{
    size_t at = s_home (table, hash);
    while (table->slots [at].ref)
        at = s_onward (table, at, 1);
    table->slots [at] = (slot_t){ref, (uint8_t) hash};
}


static void
s_prefetch (const index_t *self, const index_table_t *table, size_t at)
{
    if (at + AHEAD < table->room)
        change_list_prefetch (self->changes, table->slots [at + AHEAD].ref);
}


//  Move what is in the next old slot

static void
s_move_slot (index_t *self)
{
    size_t at = s_onward (&self->old, self->old.first, self->old.moved);
    slot_t *slot = &self->old.slots [at];
    s_prefetch (self, &self->old, at);
    if (slot->ref) {
        uint64_t hash = index_hash_client (self, s_record (self, slot));
        s_fill (&self->table, hash, slot->ref);
        slot->ref = 0;
    }
    if (++self->old.moved == self->old.room) {
        free (self->old.slots);
        self->old = (index_table_t){.room = 0};
    }
}


void
index_grow (index_t *self)
{
    for (int moves = 0; self->old.room && moves < MOVES; moves++)
        s_move_slot (self);
}


size_t
index_growth (const index_t *self)
{
    size_t room = self->table.room;
    bool full = (self->count + 1) * ALL_PARTS > room * FULL_PARTS;
    return full ? room / 2 * sizeof (slot_t) : 0;
}


//  Begin a table of so many slots.  Returns false if there is no memory for it

static bool
s_widen (index_t *self, size_t room)
{
    index_table_t table = {.room = room};
    table.slots = spare_calloc (room, sizeof (slot_t));
    if (!table.slots)
        return false;
    while (self->old.room)
        s_move_slot (self);
    self->old = self->table;
    self->table = table;
    while (self->old.slots [self->old.first].ref)
        self->old.first++;
    return true;
}


bool
index_reserve (index_t *self)
{
    size_t room = self->table.room;
    return !index_growth (self) || s_widen (self, room + room / 2);
}


void
index_expect (index_t *self, size_t count)
{
    size_t room = count / FULL_PARTS * ALL_PARTS + ALL_PARTS;
    if (room > self->table.room && !self->old.room)
        (void) s_widen (self, room);
}


void
index_take (index_t *self, uint64_t hash, arena_ref_t ref)
{
    assert (!index_growth (self));
    s_fill (&self->table, hash, ref);
    self->count++;
}


//  Fill the hole with what stands there, if it may.  Returns false if its home
//  is behind the hole

static bool
s_fill_hole (const index_t *self, index_table_t *table, size_t hole, size_t at)
{
    const slot_t *slot = &table->slots [at];
    uint64_t hash = index_hash_client (self, s_record (self, slot));
    size_t home = s_home (table, hash);
    bool may = s_distance (table, home, at) >= s_distance (table, hole, at);
    if (may)
        table->slots [hole] = *slot;
    return may;
}


//  Fill the hole with one from far behind it, if one of some tried may stand
//  there.  Returns how far on the hole then is, 0 if none may

static size_t
s_leap (const index_t *self, index_table_t *table, size_t hole, size_t row)
{
    for (size_t try = 0; try < LEAP_LOOKS; try++) {
        size_t leap = row - 1 - try * row / LEAP_LOOKS;
        if (s_fill_hole (self, table, hole, s_onward (table, hole, leap)))
            return leap;
    }
    return 0;
}


//  Those behind the hole that could not stand at home move up, so that no
//  search ends too early.  In a long row it is mostly enough to move a few from
//  far behind, and those between need not be looked at

static size_t
s_close_gap (const index_t *self, index_table_t *table, size_t hole)
{
    size_t end = s_onward (table, hole, 1);
    while (table->slots [end].ref)
        end = s_onward (table, end, 1);
    size_t row = s_distance (table, hole, end);
    size_t looks = row / INDEX_PER_LOOK;
    for (size_t leap = 1; leap && row > (size_t) 2 * LEAP_LOOKS; row -= leap) {
        leap = s_leap (self, table, hole, row);
        hole = s_onward (table, hole, leap);
        looks += LEAP_LOOKS;
    }
    looks += row;
    for (size_t at = s_onward (table, hole, 1); at != end;
         at = s_onward (table, at, 1))
        if (s_fill_hole (self, table, hole, at))
            hole = at;
    table->slots [hole].ref = 0;
    return looks;
}


size_t
index_free (index_t *self, span_t client, uint64_t hash)
{
    index_table_t *table = &self->table;
    slot_t *slot = s_find_slot (self, table, client, hash);
    if (!slot->ref) {
        table = &self->old;
        slot = s_find_slot (self, table, client, hash);
    }
    self->count--;
    return 1 + s_close_gap (self, table, (size_t) (slot - table->slots));
}


//  Return where a walk begins in a table, and how many slots from there on are
//  home to the prefix.  Behind them, up to a free one, are those that found
//  their home taken.  What is more than a leaf is all over the table

static size_t
s_part (const index_table_t *table, const table_walk_t *walk, size_t *own)
{
    if (walk->level < LEAF_LEVEL) {
        *own = table->room;
        return 0;
    }
    unsigned shift = 64 - 4 * walk->level;
    uint64_t first = walk->prefix << shift;
    uint64_t last = first + (((uint64_t) 1 << shift) - 1);
    size_t home = s_home (table, first);
    *own = s_home (table, last) - home + 1;
    return home;
}


static void
s_look_at_slot (const index_t *self, const slot_t *slot, table_walk_t *walk)
{
    const change_t *record = s_record (self, slot);
    walk->hash = index_hash_client (self, record);
    walk->line = (span_t){record->line, 0};
    if (!walk->level || walk->hash >> (64 - 4 * walk->level) == walk->prefix) {
        walk->line.size = record->size;
        walk->check = index_hash (self, walk->line);
    }
}


static bool
s_step_in_table (
    const index_t *self, const index_table_t *table, table_walk_t *walk)
{
    size_t own;
    size_t start = s_part (table, walk, &own);
    while (walk->seen < table->room) {
        size_t at = s_onward (table, start, walk->seen);
        size_t moved = s_distance (table, at, s_left (table, at));
        const slot_t *slot = &table->slots [at];
        if (!slot->ref && walk->seen >= own)
            break;
        walk->seen += moved ? moved : 1;
        s_prefetch (self, table, at);
        if (slot->ref) {
            s_look_at_slot (self, slot, walk);
            return true;
        }
    }
    return false;
}


bool
index_step (const index_t *self, table_walk_t *walk)
{
    if (!walk->onward && s_step_in_table (self, &self->table, walk))
        return true;
    if (!walk->onward)
        walk->seen = 0;
    walk->onward = true;
    return s_step_in_table (self, &self->old, walk);
}


size_t
index_size (const index_t *self)
{
    return self->table.room * sizeof (slot_t);
}
