/*  =========================================================================
    room - the memory that a table may take, and the pieces for its records

    New clients are admitted up to size_max.  After that, known clients may
    still move, and their lines may grow: a part of the memory is kept for that.
    Cells take no more than half of it, since they can do with less.
    =========================================================================
*/

#ifndef TABLE_ROOM_H
#define TABLE_ROOM_H

#include "table/cells_keeper.h"

//  Part of the table's structure.
typedef struct {
    arena_t *arena;         //  Borrowed
    const index_t *index;   //  Borrowed
    cells_keeper_t *cells;  //  NULL = nobody asks where clients are
    size_t size_max;
} room_t;

//  Return the bytes held; what all may take; and what is left for cells.
size_t
room_used (const room_t *self);
size_t
room_limit (const room_t *self);
size_t
room_for_cells (const room_t *self);

//  Return the bytes of the piece for a record with such a line, with what
//  stands before it.
size_t
room_piece (const room_t *self, size_t line_size);

//  Return true if a piece of so many bytes, and more beside it, can be had
//  within the limit.
bool
room_has (const room_t *self, size_t size, size_t more, size_t limit);

//  Return a record in a piece of so many bytes, which arena_reserve has said
//  can be taken.  It is not written, and in no cell.
arena_ref_t
room_take (room_t *self, size_t size);

//  Give the piece of a record back, which is taken out of its cell.
void
room_give (room_t *self, arena_ref_t ref, size_t size);

#endif
