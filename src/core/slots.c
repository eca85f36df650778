/*  =========================================================================
    slots - where a client's record stands
    =========================================================================
*/

#include "core/slots.h"

#include <assert.h>
#include <sodium/crypto_shorthash.h>
#include <stdlib.h>
#include <string.h>

#define BITS_LEAST 10

//  The table is at most 13/16 full
#define FULL_PARTS 13
#define ALL_PARTS 16


uint64_t
slots_hash (const slots_t *self, span_t text)
{
    uint64_t hash;
    crypto_shorthash_siphash24 ((unsigned char *) &hash,
        (const unsigned char *) text.data, text.size, self->key);
    return hash;
}


static span_t
s_line (const slots_t *self, size_t slot)
{
    const change_t *record = changes_at (self->changes, self->refs [slot]);
    return (span_t){record->line, record->size};
}


//  Return the client of an AT line: its fourth word

static span_t
s_client (span_t line)
{
    for (int word = 0; word < 3; word++)
        span_until (&line, ' ');
    return span_until (&line, ' ');
}


static size_t
s_mask (const slots_t *self)
{
    return ((size_t) 1 << self->bits) - 1;
}


static size_t
s_home (const slots_t *self, uint64_t hash)
{
    return (size_t) (hash >> (64 - self->bits));
}


static void
s_make (slots_t *self, unsigned bits)
{
    self->bits = bits;
    self->refs = calloc ((size_t) 1 << bits, sizeof (arena_ref_t));
    self->tags = calloc ((size_t) 1 << bits, 1);
    assert (self->refs && self->tags);
}


void
slots_init (slots_t *self, const unsigned char *key, const changes_t *changes)
{
    memcpy (self->key, key, SLOTS_KEY_SIZE);
    self->changes = changes;
    self->count = 0;
    s_make (self, BITS_LEAST);
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
            span_equal (s_client (s_line (self, slot)), client))
            break;
        slot = (slot + 1) & s_mask (self);
    }
    return slot;
}


static void
s_set (slots_t *self, span_t client, uint64_t hash, arena_ref_t ref)
{
    size_t slot = slots_find (self, client, hash);
    self->refs [slot] = ref;
    self->tags [slot] = (uint8_t) hash;
}


//  Double the slots.  Old ones are walked in order, so new ones are filled
//  nearly in order too

static void
s_grow (slots_t *self)
{
    slots_t old = *self;
    s_make (self, old.bits + 1);
    for (size_t slot = 0; slot <= s_mask (&old); slot++)
        if (old.refs [slot]) {
            span_t client = s_client (s_line (&old, slot));
            s_set (self, client, slots_hash (self, client), old.refs [slot]);
        }
    slots_clear (&old);
}


size_t
slots_growth (const slots_t *self)
{
    bool full =
        (self->count + 1) * ALL_PARTS > (s_mask (self) + 1) * FULL_PARTS;
    return full ? slots_size (self) : 0;
}


bool
slots_take (slots_t *self, span_t client, uint64_t hash, arena_ref_t ref)
{
    bool full = slots_growth (self) > 0;
    if (full)
        s_grow (self);
    s_set (self, client, hash, ref);
    self->count++;
    return full;
}


//  Those behind the free slot that could not stand at home move up, so that no
//  search ends too early

void
slots_free (slots_t *self, size_t slot)
{
    size_t mask = s_mask (self);
    for (size_t at = (slot + 1) & mask; self->refs [at]; at = (at + 1) & mask) {
        uint64_t hash = slots_hash (self, s_client (s_line (self, at)));
        size_t home = s_home (self, hash);
        if (((at - home) & mask) >= ((at - slot) & mask)) {
            self->refs [slot] = self->refs [at];
            self->tags [slot] = self->tags [at];
            slot = at;
        }
    }
    self->refs [slot] = 0;
    self->count--;
}


//  From the slot that is home to the first hash of the prefix to that of the
//  last; and behind, up to a free one, those that found their home taken

bool
slots_next (const slots_t *self, slots_walk_t *walk)
{
    unsigned shift = walk->level ? 64 - 4 * walk->level : 0;
    uint64_t first = walk->prefix << shift;
    uint64_t last =
        walk->level ? first + (((uint64_t) 1 << shift) - 1) : UINT64_MAX;
    size_t home = s_home (self, first);
    size_t own = s_home (self, last) - home + 1;
    while (walk->slots <= s_mask (self)) {
        size_t slot = (home + walk->slots) & s_mask (self);
        if (!self->refs [slot] && walk->slots >= own)
            break;
        walk->slots++;
        if (!self->refs [slot])
            continue;
        walk->line = s_line (self, slot);
        walk->hash = slots_hash (self, s_client (walk->line));
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
    return (s_mask (self) + 1) * (sizeof (arena_ref_t) + 1);
}
