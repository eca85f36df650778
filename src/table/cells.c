/*  =========================================================================
    cells - where on Earth the records of a table are
    =========================================================================
*/

#include "table/cells.h"

#include <assert.h>
#include <endian.h>

#define HEAD ((arena_ref_t) (sizeof (cells_spot_t) / ARENA_UNIT))
#define QUARTERS_SIZE (4 * sizeof (cell_t))

_Static_assert(sizeof (cells_spot_t) % ARENA_UNIT == 0,
    "a reference can name what is behind it");


void
cells_init (cells_t *self, arena_t *arena, const index_t *index)
{
    *self = (cells_t){.arena = arena, .index = index};
}


void
cells_begin (cells_t *self)
{
    self->head = HEAD;
}


sphere_square_t
cells_square (const cells_t *self, span_t place)
{
    return self->head ? sphere_square (sphere_read (place))
                      : (sphere_square_t){.size = 0};
}


cells_spot_t *
cells_spot (const cells_t *self, arena_ref_t ref)
{
    return arena_at (self->arena, ref - HEAD);
}


//  A hash of the client's hash: who is told it knows nothing of the index

uint64_t
cells_order (const cells_t *self, arena_ref_t ref)
{
    const change_t *record = arena_at (self->arena, ref);
    uint64_t hash = htole64 (index_hash_client (self->index, record));
    return index_hash (
        self->index, (span_t){(const char *) &hash, sizeof (hash)});
}


unsigned
cells_quarter (unsigned level, uint32_t x, uint32_t y, uint64_t order)
{
    if (level >= SPHERE_BITS)
        return (unsigned) (order >> (62 - 2 * (level - SPHERE_BITS)) & 3);
    unsigned shift = SPHERE_BITS - 1 - level;
    return (y >> shift & 1) << 1 | (x >> shift & 1);
}


cell_t *
cells_quarters (const cells_t *self, const cell_t *cell)
{
    return arena_at (self->arena, cell->ref);
}


//  Where a record is: all that it takes to find its cell
typedef struct {
    uint32_t x;
    uint32_t y;
    arena_ref_t ref;
} where_t;


static where_t
s_where (const cells_t *self, arena_ref_t ref)
{
    const cells_spot_t *spot = cells_spot (self, ref);
    return (where_t){spot->x & UINT32_MAX, spot->y & UINT32_MAX, ref};
}


//  Return the quarter, of a cell at this level, that the record is in

static inline cell_t *
s_inner (const cells_t *self, const cell_t *cell, unsigned level, where_t where)
{
    uint64_t order = level < SPHERE_BITS ? 0 : cells_order (self, where.ref);
    return cells_quarters (self, cell) +
           cells_quarter (level, where.x, where.y, order);
}


//  Return the cell the record is in, with its level, when each cell on the way
//  has got so many more records

static cell_t *
s_find (cells_t *self, arena_ref_t ref, uint32_t more, unsigned *level)
{
    where_t where = s_where (self, ref);
    cell_t *cell = &self->root;
    for (*level = 0;; ++*level) {
        cell->count += more & (UINT32_MAX >> 1);
        if (!cell->split)
            return cell;
        cell = s_inner (self, cell, *level, where);
    }
}


//  Put the record in the list of a cell

static void
s_link (cells_t *self, cell_t *cell, unsigned level, arena_ref_t ref)
{
    cells_spot_t *spot = cells_spot (self, ref);
    spot->level = level & 63;
    spot->previous = 0;
    spot->next = cell->ref;
    if (cell->ref)
        cells_spot (self, cell->ref)->previous = ref;
    cell->ref = ref;
}


//  Divide what is in the cell among quarters, which have been taken for it

static void
s_split (cells_t *self, cell_t *cell, unsigned level, arena_ref_t quarters)
{
    arena_ref_t ref = cell->ref;
    *cell = (cell_t){.ref = quarters, .count = cell->count, .split = 1};
    for (int quarter = 0; quarter < 4; quarter++)
        cells_quarters (self, cell) [quarter] = (cell_t){.ref = 0};
    while (ref) {
        arena_ref_t next = cells_spot (self, ref)->next;
        if (next)
            __builtin_prefetch (cells_spot (self, next));
        cell_t *inner = s_inner (self, cell, level, s_where (self, ref));
        inner->count++;
        s_link (self, inner, level + 1, ref);
        ref = next;
    }
}


void
cells_add (cells_t *self, arena_ref_t ref, sphere_square_t square, size_t spare)
{
    if (!self->head)
        return;
    unsigned level;
    cells_spot_t *spot = cells_spot (self, ref);
    spot->x = square.x & ((1u << SPHERE_BITS) - 1);
    spot->y = square.y & ((1u << SPHERE_BITS) - 1);
    cell_t *cell = s_find (self, ref, 1, &level);
    s_link (self, cell, level, ref);
    while (cell->count > CELLS_SPLIT && level < CELLS_LEVELS) {
        size_t growth = arena_growth (self->arena, QUARTERS_SIZE);
        if (growth > spare || !arena_reserve (self->arena, QUARTERS_SIZE, 0))
            break;
        spare -= growth;
        arena_ref_t quarters = arena_take (self->arena, QUARTERS_SIZE);
        //  The memory may have moved
        s_split (self, s_find (self, ref, 0, &level), level, quarters);
        cell = s_find (self, ref, 0, &level);
    }
}


bool
cells_stays (cells_t *self, arena_ref_t ref, sphere_square_t square)
{
    if (!self->head)
        return true;
    cells_spot_t *spot = cells_spot (self, ref);
    unsigned level = spot->level < SPHERE_BITS ? spot->level : SPHERE_BITS;
    bool stays = ((spot->x ^ square.x) | (spot->y ^ square.y)) >>
                     (SPHERE_BITS - level) ==
                 0;
    if (stays) {
        spot->x = square.x & ((1u << SPHERE_BITS) - 1);
        spot->y = square.y & ((1u << SPHERE_BITS) - 1);
    }
    return stays;
}


//  Make one list of what is in the quarters of a cell, which is little: of its
//  quarters only one can have quarters itself, as there must be more in those

static void
s_merge (cells_t *self, cell_t *cell, unsigned level)
{
    cell_t split = *cell;
    cell->ref = 0;
    cell->split = 0;
    while (split.split) {
        arena_ref_t quarters = split.ref;
        split.split = 0;
        for (unsigned quarter = 0; quarter < 4; quarter++) {
            cell_t inner =
                ((cell_t *) arena_at (self->arena, quarters)) [quarter];
            if (inner.split)
                split = inner;
            while (!inner.split && inner.ref) {
                arena_ref_t next = cells_spot (self, inner.ref)->next;
                s_link (self, cell, level, inner.ref);
                inner.ref = next;
            }
        }
        arena_give (self->arena, quarters, QUARTERS_SIZE);
    }
}


void
cells_remove (cells_t *self, arena_ref_t ref)
{
    if (!self->head)
        return;
    cell_t *few = NULL;  //  The largest that is to be one again
    unsigned few_level = 0;
    unsigned level = 0;
    where_t where = s_where (self, ref);
    cell_t *cell = &self->root;
    for (; cell->count--, cell->split; level++) {
        if (!few && cell->count <= CELLS_MERGED) {
            few = cell;
            few_level = level;
        }
        cell = s_inner (self, cell, level, where);
    }
    const cells_spot_t *spot = cells_spot (self, ref);
    if (spot->previous)
        cells_spot (self, spot->previous)->next = spot->next;
    else
        cell->ref = spot->next;
    if (spot->next)
        cells_spot (self, spot->next)->previous = spot->previous;
    if (few)
        s_merge (self, few, few_level);
}
