/*  =========================================================================
    cells - where on Earth the records of a table are

    A square of the grid with many records is split into quarters, each a cell
    again, wherever that is: so a cell of a city is as small as its crowd is
    dense, and an ocean is one.  Records of a cell are linked.  Those in one
    square of the grid are parted by a hash of their clients, the same at all
    servers of a herd, so a million in one place are not one list.

    What is known of a record stands in its own memory, before it: a client that
    moves and stays in its cell costs no look elsewhere.  Quarters are pieces of
    the arena.  If there is no memory for them a cell is not split, and what it
    holds is found, if later.
    =========================================================================
*/

#ifndef TABLE_CELLS_H
#define TABLE_CELLS_H

#include "table/index.h"
#include "table/sphere.h"

//  Levels of cells: those of the grid, then those of the hash.
#define CELLS_LEVELS (SPHERE_BITS + 16)

//  A cell of more than so many is split; quarters of so few become one again.
#define CELLS_SPLIT 16
#define CELLS_MERGED 8

typedef struct {
    arena_ref_t ref;      //  Its first record, 0 = none; or its four quarters
    uint32_t count : 31;  //  Records in it
    uint32_t split : 1;   //  It has quarters
} cell_t;

//  Stands before each record.
typedef struct {
    uint64_t x : SPHERE_BITS;  //  Its square
    uint64_t y : SPHERE_BITS;  //
    uint64_t level : 6;        //  Of its cell; that of all is 0
    arena_ref_t previous;      //  In the cell; 0 = none
    arena_ref_t next;          //
} cells_spot_t;

//  Part of the table's structure.
typedef struct cells_t {
    arena_ref_t head;      //  Units of the arena before each record; 0 if
                           //  nothing is kept
    arena_t *arena;        //  Borrowed
    const index_t *index;  //  Borrowed
    cell_t root;           //  All there are
} cells_t;

//  Make *self empty.  Nothing is kept, and what is called does nothing, before
//  cells_begin.
void
cells_init (cells_t *self, arena_t *arena, const index_t *index);

void
cells_begin (cells_t *self);

//  Return the square of a place as sphere_read takes it.
sphere_square_t
cells_square (const cells_t *self, span_t place);

//  Return what stands before the record; good until the next arena_take.
cells_spot_t *
cells_spot (const cells_t *self, arena_ref_t ref);

//  Return the number that orders the records of one square of the grid.
uint64_t
cells_order (const cells_t *self, arena_ref_t ref);

//  Return which quarter of its cell at a level a square is in, 0 to 3: south
//  before north, then west before east.  Below the grid it is the order's.
unsigned
cells_quarter (unsigned level, uint32_t x, uint32_t y, uint64_t order);

//  Return the first of the four quarters of a cell that is split.
cell_t *
cells_quarters (const cells_t *self, const cell_t *cell);

//  Put the record, which is written, where it is.  So many bytes may be taken
//  for quarters.
void
cells_add (
    cells_t *self, arena_ref_t ref, sphere_square_t square, size_t spare);

//  Let the record be at the square and return true if that is in the cell where
//  it is; else false.
bool
cells_stays (cells_t *self, arena_ref_t ref, sphere_square_t square);

//  The record, which is still as it was, goes.
void
cells_remove (cells_t *self, arena_ref_t ref);

#endif
