/*  =========================================================================
    arena - many small pieces of memory, 4 bytes a reference
    =========================================================================
*/

#include "core/arena.h"

#include <assert.h>
#include <stdlib.h>

//  References count in units of 8 bytes
#define UNIT 8

//  Up to so many units every size has a list of its own; larger ones are
//  rounded up to a power of two, one list each
#define EXACT_MAX 256
#define LISTS (EXACT_MAX + 32)

//  Units at the start, and those left out so that no reference is 0
#define ROOM_LEAST 8192
#define RESERVED 1

struct arena_t {
    uint64_t *memory;
    size_t used;                //  Units handed out since the start
    size_t room;                //  Units allocated
    arena_ref_t given [LISTS];  //  Pieces given back, by size, linked
};


static size_t
s_units (size_t size)
{
    size_t units = (size + UNIT - 1) / UNIT;
    if (units > EXACT_MAX) {
        size_t power = EXACT_MAX;
        while (power < units)
            power *= 2;
        units = power;
    }
    return units ? units : 1;
}


static size_t
s_list (size_t units)
{
    size_t list = units;
    if (units > EXACT_MAX)
        for (list = EXACT_MAX; units > EXACT_MAX; units /= 2)
            list++;
    assert (list < LISTS);
    return list;
}


arena_t *
arena_new (void)
{
    arena_t *self = calloc (1, sizeof (arena_t));
    assert (self);
    self->used = RESERVED;
    return self;
}


void
arena_destroy (arena_t **self_p)
{
    arena_t *self = *self_p;
    if (self) {
        free (self->memory);
        free (self);
        *self_p = NULL;
    }
}


//  Room grows by half; pages that were never used cost nothing

static void
s_grow (arena_t *self, size_t units)
{
    while (self->room < self->used + units)
        self->room = self->room ? self->room + self->room / 2 : ROOM_LEAST;
    self->memory = realloc (self->memory, self->room * UNIT);
    assert (self->memory);
}


arena_ref_t
arena_take (arena_t *self, size_t size)
{
    size_t units = s_units (size);
    size_t list = s_list (units);
    arena_ref_t ref = self->given [list];
    if (ref)
        self->given [list] = (arena_ref_t) self->memory [ref];
    else {
        if (self->used + units > self->room)
            s_grow (self, units);
        assert (self->used + units <= UINT32_MAX);
        ref = (arena_ref_t) self->used;
        self->used += units;
    }
    return ref;
}


void
arena_give (arena_t *self, arena_ref_t ref, size_t size)
{
    size_t list = s_list (s_units (size));
    self->memory [ref] = self->given [list];
    self->given [list] = ref;
}


void *
arena_at (const arena_t *self, arena_ref_t ref)
{
    return self->memory + ref;
}


bool
arena_same_room (size_t one, size_t other)
{
    return s_units (one) == s_units (other);
}


size_t
arena_growth (const arena_t *self, size_t size)
{
    size_t units = s_units (size);
    return self->given [s_list (units)] ? 0 : units * UNIT;
}


size_t
arena_used (const arena_t *self)
{
    return self->used * UNIT;
}
