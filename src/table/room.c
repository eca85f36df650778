/*  =========================================================================
    room - the memory that a table may take, and the pieces for its records
    =========================================================================
*/

#include "table/room.h"

//  Known clients may take this part of size_max beyond it, and cells that
#define KEPT_PART 8
#define CELLS_PART 16


size_t
room_used (const room_t *self)
{
    return arena_used (self->arena) + index_size (self->index);
}


size_t
room_limit (const room_t *self)
{
    return self->size_max + self->size_max / KEPT_PART;
}


size_t
room_for_cells (const room_t *self)
{
    size_t used = room_used (self);
    size_t limit = self->size_max + self->size_max / CELLS_PART;
    return used < limit ? limit - used : 0;
}


//  Return the units of the arena before each record

static arena_ref_t
s_head (const room_t *self)
{
    return self->cells ? CELLS_HEAD : 0;
}


size_t
room_piece (const room_t *self, size_t line_size)
{
    return (size_t) s_head (self) * ARENA_UNIT + CHANGE_SIZE (line_size);
}


bool
room_has (const room_t *self, size_t size, size_t more, size_t limit)
{
    return room_used (self) + arena_growth (self->arena, size) + more <= limit;
}


arena_ref_t
room_take (room_t *self, size_t size)
{
    arena_ref_t ref = arena_take (self->arena, size) + s_head (self);
    if (self->cells)
        cells_leave_out (&self->cells->cells, ref);
    return ref;
}


void
room_give (room_t *self, arena_ref_t ref, size_t size)
{
    if (self->cells)
        cells_remove (&self->cells->cells, ref);
    arena_give (self->arena, ref - s_head (self), size);
}
