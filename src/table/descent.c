/*  =========================================================================
    descent - from the cell of all records down to those that somebody asks for
    =========================================================================
*/

#include "table/descent.h"

#include <assert.h>

#define ALL ((1u << SPHERE_BITS) - 1)


void
descent_begin (
    descent_t *self, cells_t *cells, sphere_part_t part, size_t looks)
{
    self->cells = cells;
    self->part = part;
    self->looks = looks;
    self->size = 1;
    self->stack [0] = (descent_cell_t){.cell = &cells->root};
}


bool
descent_next (descent_t *self, descent_cell_t *cell)
{
    if (!self->size || !self->looks)
        return false;
    *cell = self->stack [--self->size];
    self->looks--;
    if (!cell->cell->split)
        return true;
    const cells_quarters_t *quarters = cells_quarters (self->cells, cell->cell);
    if (quarters->rest)
        cells_settle (self->cells, cell->cell, cell->level, &self->looks);
    return !quarters->rest;
}


uint32_t
descent_size (unsigned level)
{
    return level < SPHERE_BITS ? 1u << (SPHERE_BITS - level) : 1;
}


static void
s_describe (const descent_t *self, const descent_cell_t *outer,
    unsigned quarter, descent_cell_t *inner)
{
    *inner = *outer;
    inner->level++;
    inner->cell =
        &cells_quarters (self->cells, outer->cell)->quarters [quarter];
    if (outer->level < SPHERE_BITS) {
        uint32_t size = descent_size (inner->level);
        inner->x += quarter & 1 ? size : 0;
        inner->y += quarter & 2 ? size : 0;
    }
    else
        inner->order |= (uint64_t) quarter
                        << (62 - 2 * (outer->level - SPHERE_BITS));
}


//  Return true if a part of the cell may be where to look

static bool
s_overlaps (const sphere_part_t *part, const descent_cell_t *cell)
{
    uint32_t size = descent_size (cell->level);
    return (((cell->x - part->x) & ALL) <= part->width ||
               ((part->x - cell->x) & ALL) < size) &&
           cell->y <= part->y + part->height && cell->y + size > part->y;
}


static void
s_prefetch (const descent_t *self, const cell_t *cell)
{
    if (cell->split)
        __builtin_prefetch (cells_quarters (self->cells, cell));
    else
        __builtin_prefetch (cells_spot (self->cells, cell->ref));
}


size_t
descent_enter (const descent_t *self, const descent_cell_t *outer,
    descent_cell_t inner [4])
{
    size_t count = 0;
    for (unsigned quarter = 0; quarter < 4; quarter++) {
        s_describe (self, outer, quarter, &inner [count]);
        if (inner [count].cell->count &&
            s_overlaps (&self->part, &inner [count]))
            s_prefetch (self, inner [count++].cell);
    }
    return count;
}


void
descent_put (descent_t *self, const descent_cell_t *cell)
{
    assert (self->size < DESCENT_MAX);
    self->stack [self->size++] = *cell;
}


span_t
descent_line (const descent_t *self, arena_ref_t ref)
{
    const change_t *record = arena_at (self->cells->arena, ref);
    return (span_t){record->line, record->size};
}


sphere_place_t
descent_place (const descent_t *self, arena_ref_t ref)
{
    span_t rest = change_rest (arena_at (self->cells->arena, ref));
    span_until (&rest, ' ');
    return sphere_read (rest);
}
