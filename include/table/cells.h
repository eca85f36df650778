/*  =========================================================================
    cells - where on Earth the records of a table are

    A square of the grid with many records is split into quarters, each a cell
    again, wherever that is: so a cell of a city is as small as its crowd is
    dense, and an ocean is one.  Records of a cell are linked.  Those in one
    square of the grid are parted by a hash of their clients, the same at all
    servers of a herd, so a million in one place are not one list.

    What is known of a record stands in its own memory, before it: a client that
    moves and stays in its cell costs no look elsewhere.  Quarters are pieces of
    the arena.  If there is no memory for them, or clients are where cells are
    costly, a cell is not split, and what it holds is found, if later.

    No call moves more than some records.  A cell that is split keeps a list of
    the rest, which go on to its quarters when others come by, a level at a
    time.
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

//  Records that one call moves from cell to cell at most.
#define CELLS_MOVES 64

//  Bytes of quarters for each record, at most: of those all over the Earth or
//  in a city it takes 2.
#define CELLS_EACH 16

typedef struct {
    arena_ref_t ref;      //  Its first record, 0 = none; or its quarters
    uint32_t count : 31;  //  Records in it
    uint32_t split : 1;   //  It has quarters
} cell_t;

typedef struct {
    cell_t quarters [4];
    arena_ref_t rest;  //  The first of those that are in no quarter yet
} cells_quarters_t;

//  Stands before each record.
typedef struct {
    uint64_t x : SPHERE_BITS;  //  The square where it was found last
    uint64_t y : SPHERE_BITS;  //
    uint64_t level : 6;        //  Of its cell; that of all is 0
    arena_ref_t previous;      //  In the cell; 0 = none
    arena_ref_t next;          //
} cells_spot_t;

//  Units of the arena that it takes.
#define CELLS_HEAD ((arena_ref_t) (sizeof (cells_spot_t) / ARENA_UNIT))

//  Part of the owner's structure.
typedef struct {
    arena_t *arena;        //  Borrowed
    const index_t *index;  //  Borrowed
    size_t spare;          //  Bytes that may be taken for quarters: the owner's
    size_t split;          //  Cells that have quarters
    cell_t root;           //  All there are
} cells_t;

//  Make *self empty.
void
cells_init (cells_t *self, arena_t *arena, const index_t *index);

//  Return what stands before the record; good until the next arena_take.
cells_spot_t *
cells_spot (const cells_t *self, arena_ref_t ref);

//  Return the number that orders the records of one square of the grid.
uint64_t
cells_order (const cells_t *self, arena_ref_t ref);

//  Return what a cell that is split has; good until the next arena_take.
cells_quarters_t *
cells_quarters (const cells_t *self, const cell_t *cell);

//  The record, which is new, is in no cell.
void
cells_leave_out (cells_t *self, arena_ref_t ref);

//  Let the record be at the square and return true if that is in the cell where
//  it is; else false.
bool
cells_stays (cells_t *self, arena_ref_t ref, sphere_square_t square);

//  Prefetch the memory that it takes to put the record at the square, which is
//  soon done.
void
cells_prefetch (const cells_t *self, arena_ref_t ref, sphere_square_t square);

//  Put the record, which is in no cell, or in one where it does not stay, into
//  that of the square.  Takes the memory for quarters from *self's spare.
void
cells_put (cells_t *self, arena_ref_t ref, sphere_square_t square);

//  The record goes, if it is in a cell.
void
cells_remove (cells_t *self, arena_ref_t ref);

//  Move the rest of a cell at a level, which is split, to its quarters, over
//  *looks records at most, which are counted down.
void
cells_settle (cells_t *self, cell_t *cell, unsigned level, size_t *looks);

#endif
