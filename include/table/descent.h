/*  =========================================================================
    descent - from the cell of all records down to those that somebody asks for

    The caller says where on Earth to look, and in which order to enter the
    quarters of a cell.  Cells that are elsewhere are passed over.
    =========================================================================
*/

#ifndef TABLE_DESCENT_H
#define TABLE_DESCENT_H

#include "table/cells.h"

//  A cell and where it is.
typedef struct {
    cell_t *cell;
    uint32_t x;
    uint32_t y;
    unsigned level;
    uint64_t order;  //  The first bits, of cells below the grid
    double far;      //  Whoever sorts quarters: how far it is at least
} descent_cell_t;

//  Cells still to be looked at: three of each level, and all of the deepest.
#define DESCENT_MAX (3 * CELLS_LEVELS + 1)

//  A descent is large, and of the stack nobody reads what was not written.
typedef struct {
    cells_t *cells;      //  Borrowed
    sphere_part_t part;  //  Where to look
    size_t looks;        //  That are left, at cells and records
    size_t size;
    descent_cell_t stack [DESCENT_MAX];
} descent_t;

//  Begin above all cells.
void
descent_begin (
    descent_t *self, cells_t *cells, sphere_part_t part, size_t looks);

//  Take the cell that was put last.  If it is split, all that is in it is in
//  its quarters.  Returns false if there is none, or no looks are left.
bool
descent_next (descent_t *self, descent_cell_t *cell);

//  Describe the quarters of a cell that have records and a part to look at, in
//  order, to who will look at them soon.  Returns how many they are, 0 to 4.
size_t
descent_enter (const descent_t *self, const descent_cell_t *outer,
    descent_cell_t inner [4]);

//  Put a cell that was described.
void
descent_put (descent_t *self, const descent_cell_t *cell);

//  Return the size of a cell at this level, in steps of the grid.
uint32_t
descent_size (unsigned level);

//  Return the AT line of a record, and where its client is, word for word.
span_t
descent_line (const descent_t *self, arena_ref_t ref);
sphere_place_t
descent_place (const descent_t *self, arena_ref_t ref);

#endif
