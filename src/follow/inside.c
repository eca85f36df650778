/*  =========================================================================
    inside - who is inside of an area
    =========================================================================
*/

#include "follow/inside.h"

#include <assert.h>
#include <stdlib.h>

#define ROOM_LEAST 16

//  What a slot holds that has no client; two hashes stand for others
#define FREE 0
#define TAKEN_OUT 1
#define CLIENTS 2

#define SAMPLE_SHIFT 32


static uint64_t
s_value (uint64_t hash)
{
    return hash < CLIENTS ? hash + CLIENTS : hash;
}


//  Return the value's slot, or the free one that ends its row.  There is one

static uint64_t *
s_find (const inside_t *self, uint64_t value)
{
    size_t at = (size_t) value & (self->room - 1);
    while (self->slots [at] != value && self->slots [at] != FREE)
        at = (at + 1) & (self->room - 1);
    return &self->slots [at];
}


//  Make room for one more, and forget who was taken out

static void
s_grow (inside_t *self)
{
    inside_t old = *self;
    size_t at = 0;
    uint64_t hash;
    self->room = ROOM_LEAST;
    while (self->room < 2 * (old.count + 1))
        self->room *= 2;
    self->slots = calloc (self->room, sizeof (uint64_t));
    assert (self->slots);
    self->used = self->count = 0;
    while (inside_next (&old, &at, &hash))
        inside_add (self, hash);
    free (old.slots);
}


void
inside_clear (inside_t *self)
{
    free (self->slots);
    *self = (inside_t){.slots = NULL};
}


size_t
inside_size (const inside_t *self)
{
    return self->room * sizeof (uint64_t);
}


size_t
inside_find (const inside_t *self, uint64_t hash)
{
    if (self->count == 0)
        return self->room;
    const uint64_t *slot = s_find (self, s_value (hash));
    return *slot == FREE ? self->room : (size_t) (slot - self->slots);
}


bool
inside_add (inside_t *self, uint64_t hash)
{
    if (inside_find (self, hash) < self->room)
        return false;
    if (self->used >= self->room / 4 * 3)
        s_grow (self);
    *s_find (self, s_value (hash)) = s_value (hash);
    self->used++;
    self->count++;
    return true;
}


//  Slots go by the lowest bits, the table by the highest

bool
inside_is_sample (uint64_t hash, uint64_t one_of)
{
    return (hash >> SAMPLE_SHIFT & (one_of - 1)) == 0;
}


void
inside_thin (inside_t *self, uint64_t one_of)
{
    inside_t old = *self;
    size_t at = 0;
    uint64_t hash;
    *self = (inside_t){.slots = NULL};
    while (inside_next (&old, &at, &hash))
        if (inside_is_sample (hash, one_of))
            inside_add (self, hash);
    inside_clear (&old);
}


bool
inside_remove (inside_t *self, uint64_t hash)
{
    size_t at = inside_find (self, hash);
    if (at == self->room)
        return false;
    self->slots [at] = TAKEN_OUT;
    self->count--;
    return true;
}


bool
inside_next (const inside_t *self, size_t *at, uint64_t *hash)
{
    while (*at < self->room) {
        uint64_t value = self->slots [(*at)++];
        if (value >= CLIENTS) {
            *hash = value;
            return true;
        }
    }
    return false;
}
