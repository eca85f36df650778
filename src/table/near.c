/*  =========================================================================
    near - questions about where clients are
    =========================================================================
*/

#include "table/near.h"

#include "table/descent.h"
#include "table/table_parts.h"

#include <assert.h>

#define ALL ((1u << SPHERE_BITS) - 1)

//  A search for the nearest
typedef struct {
    descent_t descent;
    sphere_from_t from;
    double most;          //  sphere_far of what is too far
    near_found_t *found;  //  A heap with the farthest on top; far, not metres
    size_t count;
    size_t limit;
} search_t;


bool
near_is_kept (const table_t *table)
{
    return table_keeps_near (table);
}


//  Put the last of the heap where it belongs, from a hole on down

static void
s_sink (near_found_t *heap, size_t count, size_t hole, near_found_t last)
{
    for (size_t below = 2 * hole + 1; below < count; below = 2 * hole + 1) {
        if (below + 1 < count && heap [below + 1].metres > heap [below].metres)
            below++;
        if (heap [below].metres <= last.metres)
            break;
        heap [hole] = heap [below];
        hole = below;
    }
    heap [hole] = last;
}


static void
s_keep (search_t *self, near_found_t found)
{
    if (self->count == self->limit) {
        s_sink (self->found, self->count, 0, found);
        return;
    }
    size_t hole = self->count++;
    while (hole && self->found [(hole - 1) / 2].metres < found.metres) {
        self->found [hole] = self->found [(hole - 1) / 2];
        hole = (hole - 1) / 2;
    }
    self->found [hole] = found;
}


//  Return true if what is no nearer than that is of no use

static bool
s_is_too_far (const search_t *self, double far)
{
    return self->count == self->limit ? far >= self->found [0].metres
                                      : far > self->most;
}


//  Return true if the record is in a square that is near enough

static bool
s_may_be_near (const search_t *self, const cells_spot_t *spot)
{
    const sphere_part_t *part = &self->descent.part;
    sphere_square_t square = {spot->x & ALL, spot->y & ALL, 1};
    return ((square.x - part->x) & ALL) <= part->width &&
           square.y - part->y <= part->height &&
           !s_is_too_far (self, sphere_far_least (&self->from, square));
}


//  Look at the records of a cell.  Those that may be near enough are measured

static void
s_measure (search_t *self, arena_ref_t ref, double least)
{
    descent_t *descent = &self->descent;
    while (ref && descent->looks && !s_is_too_far (self, least)) {
        const cells_spot_t *spot = cells_spot (descent->cells, ref);
        descent->looks--;
        if (s_may_be_near (self, spot)) {
            double far = sphere_far (&self->from, descent_place (descent, ref));
            if (!s_is_too_far (self, far))
                s_keep (self, (near_found_t){far, descent_line (descent, ref)});
        }
        ref = spot->next;
    }
}


//  Have the quarters looked at that are near enough, the nearest first: it is
//  put last.  If there is only one, how far it is does not matter yet

static void
s_approach (search_t *self, const descent_cell_t *outer)
{
    descent_cell_t inner [4];
    descent_cell_t *near [4];
    size_t count = descent_enter (&self->descent, outer, inner);
    if (count == 1) {
        descent_put (&self->descent, inner);
        return;
    }
    size_t near_count = 0;
    for (size_t next = 0; next < count; next++) {
        sphere_square_t square = {
            inner [next].x, inner [next].y, descent_size (inner [next].level)};
        double far = inner [next].far = sphere_far_least (&self->from, square);
        if (s_is_too_far (self, far))
            continue;
        size_t at = near_count++;
        for (; at && near [at - 1]->far < far; at--)
            near [at] = near [at - 1];
        near [at] = &inner [next];
    }
    for (size_t at = 0; at < near_count; at++)
        descent_put (&self->descent, near [at]);
}


//  Take the farthest off the heap, again and again

static void
s_sort (near_found_t *found, size_t count)
{
    for (size_t left = count; left > 1; left--) {
        near_found_t last = found [left - 1];
        found [left - 1] = found [0];
        s_sink (found, left - 1, 0, last);
    }
}


size_t
near_find (const table_t *table, sphere_place_t place, double metres,
    near_found_t *found, size_t limit, size_t *looks)
{
    search_t self;
    descent_cell_t cell;
    assert (limit);
    self.from = sphere_from (place);
    self.most = sphere_far_of (metres);
    self.found = found;
    self.count = 0;
    self.limit = limit;
    descent_begin (&self.descent, table_cells (table),
        sphere_around (&self.from, metres), *looks);
    while (descent_next (&self.descent, &cell))
        if (!s_is_too_far (&self, cell.far)) {
            if (cell.cell->split)
                s_approach (&self, &cell);
            else
                s_measure (&self, cell.cell->ref, cell.far);
        }
    s_sort (found, self.count);
    for (size_t at = 0; at < self.count; at++)
        found [at].metres = sphere_metres_of (found [at].metres);
    *looks = self.descent.looks;
    return self.count;
}
