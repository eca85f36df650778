/*  =========================================================================
    near_box - who is in a box
    =========================================================================
*/

#include "table/near.h"

#include "table/descent.h"
#include "table/table_parts.h"

#include <assert.h>

#define ALL ((1u << SPHERE_BITS) - 1)

//  Bits of a square's number
#define NUMBER_BITS (2 * SPHERE_BITS)

//  Those of one cell that a walk finds at a time
#define PICKED_MAX 32

//  One that a walk has found, and its place in the order
typedef struct {
    near_cursor_t at;
    arena_ref_t ref;
} picked_t;

//  A walk over a box
typedef struct {
    descent_t descent;
    const near_box_t *box;
    near_cursor_t start;  //  Those before it are passed over
    picked_t picked [PICKED_MAX];
} walk_t;


//  Put a zero before each bit

static uint64_t
s_spread (uint64_t bits)
{
    bits = (bits | bits << 16) & UINT64_C (0x0000FFFF0000FFFF);
    bits = (bits | bits << 8) & UINT64_C (0x00FF00FF00FF00FF);
    bits = (bits | bits << 4) & UINT64_C (0x0F0F0F0F0F0F0F0F);
    bits = (bits | bits << 2) & UINT64_C (0x3333333333333333);
    return (bits | bits << 1) & UINT64_C (0x5555555555555555);
}


static uint64_t
s_number (uint32_t x, uint32_t y)
{
    return s_spread (y) << 1 | s_spread (x);
}


static bool
s_is_before (near_cursor_t one, near_cursor_t other)
{
    return one.square != other.square ? one.square < other.square
                                      : one.order < other.order;
}


//  Return the last place in the order of cells that is in the cell

static near_cursor_t
s_last (const descent_cell_t *cell)
{
    uint64_t first = s_number (cell->x, cell->y);
    if (cell->level <= SPHERE_BITS)
        return (near_cursor_t){
            first + (((uint64_t) 1 << (NUMBER_BITS - 2 * cell->level)) - 1),
            UINT64_MAX};
    return (near_cursor_t){
        first, cell->order | UINT64_MAX >> (2 * (cell->level - SPHERE_BITS))};
}


static near_cursor_t
s_after (near_cursor_t at)
{
    return at.order < UINT64_MAX ? (near_cursor_t){at.square, at.order + 1}
                                 : (near_cursor_t){at.square + 1, 0};
}


//  The date line has two longitudes

static bool
s_is_between (const near_box_t *box, double longitude)
{
    return box->west <= box->east
               ? longitude >= box->west && longitude <= box->east
               : longitude >= box->west || longitude <= box->east;
}


bool
near_box_has (const near_box_t *box, sphere_place_t place)
{
    return place.latitude >= box->south && place.latitude <= box->north &&
           (s_is_between (box, place.longitude) ||
               (place.longitude <= -180 && s_is_between (box, 180)) ||
               (place.longitude >= 180 && s_is_between (box, -180)));
}


//  Pick the first records of a list, in order, from the start on that are in
//  the box, so many at most.  Returns false if the looks are used up before all
//  were looked at

static bool
s_pick (walk_t *self, arena_ref_t ref, size_t most, size_t *count)
{
    descent_t *descent = &self->descent;
    picked_t *picked = self->picked;
    const cells_spot_t *spot;
    *count = 0;
    for (; ref && descent->looks; ref = spot->next) {
        spot = cells_spot (descent->cells, ref);
        near_cursor_t at = {s_number (spot->x & ALL, spot->y & ALL), 0};
        bool full = *count == most;
        descent->looks--;
        if (at.square < self->start.square ||
            (full && at.square > picked [most - 1].at.square))
            continue;
        at.order = cells_order (descent->cells, ref);
        if (s_is_before (at, self->start) ||
            (full && !s_is_before (at, picked [most - 1].at)) ||
            !near_box_has (self->box, descent_place (descent, ref)))
            continue;
        size_t hole = full ? most - 1 : (*count)++;
        for (; hole && s_is_before (at, picked [hole - 1].at); hole--)
            picked [hole] = picked [hole - 1];
        picked [hole] = (picked_t){at, ref};
    }
    return !ref;
}


//  Give the lines of those of a cell that is not split, so many at most, and be
//  behind what was given, or behind all there are.  Returns how many were given

static size_t
s_give (walk_t *self, const descent_cell_t *cell, span_t *lines, size_t limit)
{
    size_t given = 0;
    size_t count = PICKED_MAX;
    while (given < limit && count == PICKED_MAX) {
        size_t most = limit - given < PICKED_MAX ? limit - given : PICKED_MAX;
        if (!s_pick (self, cell->cell->ref, most, &count))
            return given;
        for (size_t at = 0; at < count; at++) {
            lines [given++] =
                descent_line (&self->descent, self->picked [at].ref);
            self->start = s_after (self->picked [at].at);
        }
    }
    if (given < limit)
        self->start = s_after (s_last (cell));
    return given;
}


//  Have those of the quarters looked at that may have some to find, in order:
//  the first is put last

static void
s_enter (walk_t *self, const descent_cell_t *outer)
{
    descent_cell_t inner [4];
    for (size_t at = descent_enter (&self->descent, outer, inner); at > 0; at--)
        if (!s_is_before (s_last (&inner [at - 1]), self->start))
            descent_put (&self->descent, &inner [at - 1]);
}


//  Return the squares of a box.  A whole turn is all steps, not none

static sphere_part_t
s_part (const near_box_t *box)
{
    sphere_square_t first =
        sphere_square ((sphere_place_t){box->south, box->west});
    sphere_square_t last =
        sphere_square ((sphere_place_t){box->north, box->east});
    sphere_part_t part = {
        first.x, first.y, (last.x - first.x) & ALL, last.y - first.y};
    //  West and east in one column: a narrow box, or one around the Earth
    if (last.x == first.x &&
        (box->west > box->east || box->east - box->west > 180))
        part.width = ALL;
    return part;
}


size_t
near_in_box (const table_t *table, const near_box_t *box, near_cursor_t *cursor,
    span_t *lines, size_t limit, size_t *looks)
{
    walk_t self;
    descent_cell_t cell;
    size_t count = 0;
    assert (box->south <= box->north);
    self.box = box;
    self.start = *cursor;
    descent_begin (&self.descent, table_cells (table), s_part (box), *looks);
    while (count < limit && descent_next (&self.descent, &cell))
        if (cell.cell->split)
            s_enter (&self, &cell);
        else
            count += s_give (&self, &cell, lines + count, limit - count);
    *looks = self.descent.looks;
    *cursor = self.start;
    return count;
}
