/*  =========================================================================
    slots - where a client's record stands
    =========================================================================
*/

#include "core/slots.h"

#include <assert.h>
#include <sodium/crypto_shorthash.h>
#include <stdlib.h>
#include <string.h>

#define ROOM_LEAST 1024

//  The table is at most 13/16 full
#define FULL_PARTS 13
#define ALL_PARTS 16

//  While it grows, at least so many old slots are moved for each record that is
//  put: all are before the new ones are full
#define MOVES 4

//  The memory is asked for records so many slots before a walk is there
#define AHEAD 4

//  Records of one leaf, the first digits of the hash, are neighbours; but the
//  next leaf is elsewhere: what comes in the order of its hashes, as from an
//  audit, would pile up in one part of the table
#define LEAF_LEVEL 4
#define LEAF_SHIFT (64 - 4 * LEAF_LEVEL)
#define SCATTER UINT64_C (0x9E37)  //  Odd; 2^16 over the golden ratio


uint64_t
slots_hash (const slots_t *self, span_t text)
{
    uint64_t hash;
    crypto_shorthash_siphash24 ((unsigned char *) &hash,
        (const unsigned char *) text.data, text.size, self->key);
    return hash;
}


uint64_t
slots_hash_client (const slots_t *self, const change_t *record)
{
    span_t rest = change_rest (record);
    return slots_hash (self, span_until (&rest, ' '));
}


static const change_t *
s_record (const slots_t *self, const slot_t *slot)
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
s_home (const slots_table_t *table, uint64_t hash)
{
    __extension__ typedef unsigned __int128 wide_t;
    hash += (hash >> LEAF_SHIFT) * (SCATTER - 1) << LEAF_SHIFT;
    return (size_t) ((wide_t) hash * table->room >> 64);
}


static size_t
s_after (const slots_table_t *table, size_t at)
{
    return at + 1 < table->room ? at + 1 : 0;
}


//  Return how far it is from one slot on to the other

static size_t
s_distance (const slots_table_t *table, size_t from, size_t to)
{
    return to >= from ? to - from : to + table->room - from;
}


static slots_table_t
s_table (size_t room)
{
    slots_table_t table = {calloc (room, sizeof (slot_t)), room};
    assert (table.slots);
    return table;
}


void
slots_init (slots_t *self, const unsigned char *key, const changes_t *changes)
{
    *self = (slots_t){.changes = changes, .table = s_table (ROOM_LEAST)};
    memcpy (self->key, key, SLOTS_KEY_SIZE);
}


void
slots_clear (slots_t *self)
{
    free (self->table.slots);
    free (self->old.slots);
}


//  Return the client's slot in the table, or the free one that ends the search

static slot_t *
s_find (const slots_t *self, const slots_table_t *table, span_t client,
    uint64_t hash)
{
    size_t at = s_home (table, hash);
    while (table->slots [at].ref) {
        const slot_t *slot = &table->slots [at];
        if (slot->tag == (uint8_t) hash &&
            s_is_of (s_record (self, slot), client))
            break;
        at = s_after (table, at);
    }
    return &table->slots [at];
}


slot_t *
slots_find (const slots_t *self, span_t client, uint64_t hash)
{
    slot_t *slot = s_find (self, &self->table, client, hash);
    if (!slot->ref && self->old.room) {
        slot_t *old = s_find (self, &self->old, client, hash);
        if (old->ref)
            slot = old;
    }
    return slot;
}


//  Fill the first free slot from the home of the hash on

static void
s_fill (slots_table_t *table, uint64_t hash, arena_ref_t ref)
{
    size_t at = s_home (table, hash);
    while (table->slots [at].ref)
        at = s_after (table, at);
    table->slots [at] = (slot_t){ref, (uint8_t) hash};
}


static void
s_expect (const slots_t *self, const slots_table_t *table, size_t at)
{
    if (at + AHEAD < table->room)
        changes_expect (self->changes, table->slots [at + AHEAD].ref);
}


//  Move what is in the next old slot

static void
s_move (slots_t *self)
{
    slot_t *slot = &self->old.slots [self->moved];
    s_expect (self, &self->old, self->moved);
    if (slot->ref) {
        uint64_t hash = slots_hash_client (self, s_record (self, slot));
        s_fill (&self->table, hash, slot->ref);
        slot->ref = 0;
    }
    if (++self->moved == self->old.room) {
        free (self->old.slots);
        self->old = (slots_table_t){NULL, 0};
    }
}


//  Whole rows are moved, so that a search in what is left never ends too early

void
slots_grow (slots_t *self)
{
    for (int moves = 0;
         self->old.room && (moves < MOVES || self->old.slots [self->moved].ref);
         moves++)
        s_move (self);
}


size_t
slots_growth (const slots_t *self)
{
    size_t room = self->table.room;
    bool full = (self->count + 1) * ALL_PARTS > room * FULL_PARTS;
    return full ? room / 2 * sizeof (slot_t) : 0;
}


void
slots_take (slots_t *self, uint64_t hash, arena_ref_t ref)
{
    if (slots_growth (self)) {
        while (self->old.room)
            s_move (self);
        self->old = self->table;
        self->table = s_table (self->old.room + self->old.room / 2);
        self->moved = 0;
    }
    s_fill (&self->table, hash, ref);
    self->count++;
}


//  Those behind the hole that could not stand at home move up, so that no
//  search ends too early

static void
s_close (const slots_t *self, slots_table_t *table, size_t hole)
{
    for (size_t at = s_after (table, hole); table->slots [at].ref;
         at = s_after (table, at)) {
        uint64_t hash =
            slots_hash_client (self, s_record (self, &table->slots [at]));
        size_t home = s_home (table, hash);
        if (s_distance (table, home, at) >= s_distance (table, hole, at)) {
            table->slots [hole] = table->slots [at];
            hole = at;
        }
    }
    table->slots [hole].ref = 0;
}


void
slots_free (slots_t *self, span_t client, uint64_t hash)
{
    slots_table_t *table = &self->table;
    slot_t *slot = s_find (self, table, client, hash);
    if (!slot->ref) {
        table = &self->old;
        slot = s_find (self, table, client, hash);
    }
    s_close (self, table, (size_t) (slot - table->slots));
    self->count--;
}


//  From the slot that is home to the first hash of the prefix to that of the
//  last; and behind, up to a free one, those that found their home taken.  What
//  is more than a leaf is all over the table

static bool
s_next (const slots_t *self, const slots_table_t *table, slots_walk_t *walk)
{
    unsigned shift = walk->level ? 64 - 4 * walk->level : 0;
    uint64_t first = walk->prefix << shift;
    uint64_t last =
        walk->level ? first + (((uint64_t) 1 << shift) - 1) : UINT64_MAX;
    bool whole = walk->level < LEAF_LEVEL;
    size_t home = whole ? 0 : s_home (table, first);
    size_t own = whole ? table->room : s_home (table, last) - home + 1;
    while (walk->slots < table->room) {
        size_t at = home + walk->slots;
        if (at >= table->room)
            at -= table->room;
        const slot_t *slot = &table->slots [at];
        if (!slot->ref && walk->slots >= own)
            break;
        walk->slots++;
        s_expect (self, table, at);
        if (!slot->ref)
            continue;
        const change_t *record = s_record (self, slot);
        walk->line = (span_t){record->line, record->size};
        walk->hash = slots_hash_client (self, record);
        if (walk->hash >= first && walk->hash <= last) {
            walk->check = slots_hash (self, walk->line);
            return true;
        }
    }
    return false;
}


bool
slots_next (const slots_t *self, slots_walk_t *walk)
{
    if (!walk->old && !s_next (self, &self->table, walk)) {
        walk->old = true;
        walk->slots = 0;
    }
    return walk->old ? s_next (self, &self->old, walk) : true;
}


size_t
slots_size (const slots_t *self)
{
    return self->table.room * sizeof (slot_t);
}
