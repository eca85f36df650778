/*  =========================================================================
    cells_keeper - where clients are, kept up with the changes

    A reader of the changes, as the digest's keeper is, and a little behind
    them.  So a move does not touch the cells at once: many clients are put into
    cells together, while memory is prefetched for the next ones; and a client
    that moves often is put once for all its moves.  Whoever asks gets cells
    that are up to date.
    =========================================================================
*/

#ifndef TABLE_CELLS_KEEPER_H
#define TABLE_CELLS_KEEPER_H

#include "table/cells.h"

//  Part of the owner's structure.
typedef struct {
    cells_t cells;
    change_list_t *changes;  //  Borrowed
    arena_ref_t cursor;      //  Behind what is in its cell
    uint64_t lsn;            //  Of the last that is
} cells_keeper_t;

//  Make *self keep where the records are, of which there are none.
void
cells_keeper_init (
    cells_keeper_t *self, const index_t *index, change_list_t *changes);

//  Put a record that is no change into its cell.  Here and below spare bytes
//  may be taken for cells.
void
cells_keeper_add (cells_keeper_t *self, arena_ref_t ref, size_t spare);

//  Return true if it is so far behind that cells_keeper_follow is to be called.
bool
cells_keeper_is_behind (const cells_keeper_t *self);

//  Put the records of the next changes, some hundred at most, into their cells.
void
cells_keeper_follow (cells_keeper_t *self, size_t spare);

//  The same for all changes there are, as has to be done before somebody asks
//  for the cells.
void
cells_keeper_catch_up (cells_keeper_t *self, size_t spare);

#endif
