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


static const change_t *
s_record (const slots_t *self, size_t slot)
{
    return changes_at (self->changes, self->refs [slot]);
}


static uint64_t
s_hash_client (const slots_t *self, const change_t *record)
{
    span_t rest = change_rest (record);
    return slots_hash (self, span_until (&rest, ' '));
}


//  A client ID has no blank in it, so one ends where the other does

static bool
s_is_of (const change_t *record, span_t client)
{
    span_t rest = change_rest (record);
    return client.size < rest.size && rest.data [client.size] == ' ' &&
           memcmp (rest.data, client.data, client.size) == 0;
}


//  As far into the table as the hash, with its leaf multiplied, is into all: no
//  power of two is needed, so the table can grow by half and waste less

static size_t
s_home (const slots_t *self, uint64_t hash)
{
    __extension__ typedef unsigned __int128 wide_t;
    hash += (hash >> LEAF_SHIFT) * (SCATTER - 1) << LEAF_SHIFT;
    return (size_t) ((wide_t) hash * self->room >> 64);
}


static size_t
s_after (const slots_t *self, size_t slot)
{
    return slot + 1 < self->room ? slot + 1 : 0;
}


//  Return how far it is from one slot on to the other

static size_t
s_distance (const slots_t *self, size_t from, size_t to)
{
    return to >= from ? to - from : to + self->room - from;
}


static void
s_make (slots_t *self, size_t room)
{
    self->room = room;
    self->refs = calloc (room, sizeof (arena_ref_t));
    self->tags = calloc (room, 1);
    assert (self->refs && self->tags);
}


void
slots_init (slots_t *self, const unsigned char *key, const changes_t *changes)
{
    memcpy (self->key, key, SLOTS_KEY_SIZE);
    self->changes = changes;
    self->count = 0;
    s_make (self, ROOM_LEAST);
}


void
slots_clear (slots_t *self)
{
    free (self->refs);
    free (self->tags);
}


size_t
slots_find (const slots_t *self, span_t client, uint64_t hash)
{
    size_t slot = s_home (self, hash);
    while (self->refs [slot]) {
        if (self->tags [slot] == (uint8_t) hash &&
            s_is_of (s_record (self, slot), client))
            break;
        slot = s_after (self, slot);
    }
    return slot;
}


static void
s_set (slots_t *self, uint64_t hash, arena_ref_t ref)
{
    size_t slot = s_home (self, hash);
    while (self->refs [slot])
        slot = s_after (self, slot);
    self->refs [slot] = ref;
    self->tags [slot] = (uint8_t) hash;
}


//  Add half as many slots.  Old ones are walked in order, so new ones are
//  filled nearly in order too

static void
s_grow (slots_t *self)
{
    slots_t old = *self;
    s_make (self, old.room + old.room / 2);
    for (size_t slot = 0; slot < old.room; slot++)
        if (old.refs [slot])
            s_set (self, s_hash_client (&old, s_record (&old, slot)),
                old.refs [slot]);
    slots_clear (&old);
}


size_t
slots_growth (const slots_t *self)
{
    bool full = (self->count + 1) * ALL_PARTS > self->room * FULL_PARTS;
    return full ? slots_size (self) / 2 : 0;
}


void
slots_take (slots_t *self, uint64_t hash, arena_ref_t ref)
{
    if (slots_growth (self))
        s_grow (self);
    s_set (self, hash, ref);
    self->count++;
}


//  Those behind the free slot that could not stand at home move up, so that no
//  search ends too early

void
slots_free (slots_t *self, size_t slot)
{
    for (size_t at = s_after (self, slot); self->refs [at];
         at = s_after (self, at)) {
        uint64_t hash = s_hash_client (self, s_record (self, at));
        size_t home = s_home (self, hash);
        if (s_distance (self, home, at) >= s_distance (self, slot, at)) {
            self->refs [slot] = self->refs [at];
            self->tags [slot] = self->tags [at];
            slot = at;
        }
    }
    self->refs [slot] = 0;
    self->count--;
}


//  From the slot that is home to the first hash of the prefix to that of the
//  last; and behind, up to a free one, those that found their home taken.  What
//  is more than a leaf is all over the table

bool
slots_next (const slots_t *self, slots_walk_t *walk)
{
    unsigned shift = walk->level ? 64 - 4 * walk->level : 0;
    uint64_t first = walk->prefix << shift;
    uint64_t last =
        walk->level ? first + (((uint64_t) 1 << shift) - 1) : UINT64_MAX;
    bool whole = walk->level < LEAF_LEVEL;
    size_t home = whole ? 0 : s_home (self, first);
    size_t own = whole ? self->room : s_home (self, last) - home + 1;
    while (walk->slots < self->room) {
        size_t slot = home + walk->slots;
        if (slot >= self->room)
            slot -= self->room;
        if (!self->refs [slot] && walk->slots >= own)
            break;
        walk->slots++;
        if (!self->refs [slot])
            continue;
        const change_t *record = s_record (self, slot);
        walk->line = (span_t){record->line, record->size};
        walk->hash = s_hash_client (self, record);
        if (walk->hash >= first && walk->hash <= last) {
            walk->check = slots_hash (self, walk->line);
            return true;
        }
    }
    return false;
}


size_t
slots_size (const slots_t *self)
{
    return self->room * (sizeof (arena_ref_t) + 1);
}
