/*  =========================================================================
    arena - many small pieces of memory, 4 bytes a reference
    =========================================================================
*/

#include "table/arena.h"

#include "base/spare.h"

#include <assert.h>
#include <stdlib.h>

#define UNIT ARENA_UNIT

//  Units at the start, and those left out so that no reference is 0
#define ROOM_LEAST 8192
#define RESERVED 1

struct arena_t {
    uint64_t *memory;
    size_t used;  //  Units handed out since the start
    size_t room;  //  Units allocated
    arena_ref_t given [ARENA_SIZE_MAX / UNIT + 1];  //  Pieces given back, by
                                                    //  units, linked
};


static size_t
s_units (size_t size)
{
    assert (size <= ARENA_SIZE_MAX);
    return size ? (size + UNIT - 1) / UNIT : 1;
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

static bool
s_grow (arena_t *self, size_t units)
{
    size_t room = self->room ? self->room : ROOM_LEAST;
    while (room < units)
        room += room / 2;
    if (room > UINT32_MAX)
        room = UINT32_MAX;
    if (room < units || !spare_is_left ((room - self->room) * UNIT))
        return false;
    uint64_t *memory = realloc (self->memory, room * UNIT);
    if (!memory)
        return false;
    self->memory = memory;
    self->room = room;
    return true;
}


bool
arena_reserve (arena_t *self, size_t size, size_t more)
{
    size_t units = s_units (size);
    if (self->given [units])
        return true;
    units += self->used + more / UNIT;
    return units <= self->room || s_grow (self, units);
}


arena_ref_t
arena_take (arena_t *self, size_t size)
{
    size_t units = s_units (size);
    arena_ref_t ref = self->given [units];
    if (ref) {
        self->given [units] = (arena_ref_t) self->memory [ref];
        return ref;
    }
    bool fits =
        self->used + units <= self->room || s_grow (self, self->used + units);
    assert (fits);
    ref = (arena_ref_t) self->used;
    self->used += units;
    return ref;
}


void
arena_give (arena_t *self, arena_ref_t ref, size_t size)
{
    size_t units = s_units (size);
    self->memory [ref] = self->given [units];
    self->given [units] = ref;
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
    return self->given [units] ? 0 : units * UNIT;
}


size_t
arena_used (const arena_t *self)
{
    return self->used * UNIT;
}
