/*  =========================================================================
    cells - where on Earth the records of a table are
    =========================================================================
*/

#include "table/cells.h"

#include <assert.h>
#include <endian.h>

#define ALL ((1u << SPHERE_BITS) - 1)

//  The level of a record that is in no cell
#define NONE 63

_Static_assert(sizeof (cells_spot_t) % ARENA_UNIT == 0,
    "a reference can name what is behind it");
_Static_assert(CELLS_LEVELS < NONE, "no cell is at the level of none");


void
cells_init (cells_t *self, arena_t *arena, const index_t *index)
{
    *self = (cells_t){.arena = arena, .index = index};
}


cells_spot_t *
cells_spot (const cells_t *self, arena_ref_t ref)
{
    return arena_at (self->arena, ref - CELLS_HEAD);
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


//  Return which quarter of its cell at a level a square is in, 0 to 3: south
//  before north, then west before east.  Below the grid it is the order's

static unsigned
s_quarter (unsigned level, uint32_t x, uint32_t y, uint64_t order)
{
    if (level >= SPHERE_BITS)
        return (unsigned) (order >> (62 - 2 * (level - SPHERE_BITS)) & 3);
    unsigned shift = SPHERE_BITS - 1 - level;
    return (y >> shift & 1) << 1 | (x >> shift & 1);
}


cells_quarters_t *
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
    return (where_t){spot->x & ALL, spot->y & ALL, ref};
}


//  Return the quarter, of a cell at this level, that the record is in

static inline cell_t *
s_inner (const cells_t *self, const cell_t *cell, unsigned level, where_t where)
{
    uint64_t order = level < SPHERE_BITS ? 0 : cells_order (self, where.ref);
    return cells_quarters (self, cell)->quarters +
           s_quarter (level, where.x, where.y, order);
}


//  Return where the first of the cell's own records is named

static arena_ref_t *
s_list (const cells_t *self, cell_t *cell)
{
    return cell->split ? &cells_quarters (self, cell)->rest : &cell->ref;
}


//  Put the record among the cell's own

static void
s_link (cells_t *self, cell_t *cell, unsigned level, arena_ref_t ref)
{
    arena_ref_t *first = s_list (self, cell);
    cells_spot_t *spot = cells_spot (self, ref);
    spot->level = level & 63;
    spot->previous = 0;
    spot->next = *first;
    if (*first)
        cells_spot (self, *first)->previous = ref;
    *first = ref;
}


static void
s_unlink (cells_t *self, cell_t *cell, arena_ref_t ref)
{
    const cells_spot_t *spot = cells_spot (self, ref);
    if (spot->previous)
        cells_spot (self, spot->previous)->next = spot->next;
    else
        *s_list (self, cell) = spot->next;
    if (spot->next)
        cells_spot (self, spot->next)->previous = spot->previous;
}


void
cells_settle (cells_t *self, cell_t *cell, unsigned level, size_t *looks)
{
    arena_ref_t ref = cells_quarters (self, cell)->rest;
    for (; ref && *looks; --*looks) {
        arena_ref_t next = cells_spot (self, ref)->next;
        if (next)
            __builtin_prefetch (cells_spot (self, next));
        cell_t *inner = s_inner (self, cell, level, s_where (self, ref));
        inner->count++;
        s_link (self, inner, level + 1, ref);
        ref = next;
    }
    cells_quarters (self, cell)->rest = ref;
    if (ref)
        cells_spot (self, ref)->previous = 0;
}


//  Return true if there is memory for quarters, which then can be taken

static bool
s_may_split (cells_t *self)
{
    size_t size = sizeof (cells_quarters_t);
    return (self->split + 1) * size <= self->root.count * (size_t) CELLS_EACH &&
           arena_growth (self->arena, size) <= self->spare &&
           arena_reserve (self->arena, size, 0);
}


//  All that is in the cell becomes the rest of it

static void
s_split (cells_t *self, cell_t *cell)
{
    self->spare -= arena_growth (self->arena, sizeof (cells_quarters_t));
    self->split++;
    arena_ref_t ref = arena_take (self->arena, sizeof (cells_quarters_t));
    cells_quarters_t *quarters = arena_at (self->arena, ref);
    *quarters = (cells_quarters_t){.rest = cell->ref};
    cell->ref = ref;
    cell->split = 1;
}


//  Return the cell at a level where the record is

static cell_t *
s_find (cells_t *self, unsigned level, where_t where)
{
    cell_t *cell = &self->root;
    for (unsigned outer = 0; outer < level; outer++)
        cell = s_inner (self, cell, outer, where);
    return cell;
}


//  Put the record into a cell at a level, or a part of it.  Cells may be
//  elsewhere in memory then

static void
s_add (cells_t *self, cell_t *cell, unsigned level, where_t where)
{
    size_t moves = CELLS_MOVES;
    for (;; level++) {
        cell->count++;
        if (!cell->split)
            break;
        if (cells_quarters (self, cell)->rest)
            cells_settle (self, cell, level, &moves);
        cell = s_inner (self, cell, level, where);
    }
    s_link (self, cell, level, where.ref);
    if (cell->count > CELLS_SPLIT && level < CELLS_LEVELS &&
        s_may_split (self)) {
        cell = s_find (self, level, where);
        s_split (self, cell);
        cells_settle (self, cell, level, &moves);
    }
}


//  Make one list of what is in a cell, which is little: of its quarters only
//  one can have quarters itself, as there must be more in those

static void
s_merge (cells_t *self, cell_t *cell, unsigned level)
{
    cell_t split = *cell;
    cell->ref = 0;
    cell->split = 0;
    while (split.split) {
        arena_ref_t ref = split.ref;
        const cells_quarters_t quarters = *cells_quarters (self, &split);
        arena_ref_t lists [5] = {quarters.rest};
        split.split = 0;
        for (int quarter = 0; quarter < 4; quarter++)
            if (quarters.quarters [quarter].split)
                split = quarters.quarters [quarter];
            else
                lists [1 + quarter] = quarters.quarters [quarter].ref;
        for (int list = 0; list < 5; list++)
            while (lists [list]) {
                arena_ref_t next = cells_spot (self, lists [list])->next;
                s_link (self, cell, level, lists [list]);
                lists [list] = next;
            }
        arena_give (self->arena, ref, sizeof (cells_quarters_t));
        self->split--;
    }
}


//  Take the record out of a cell at a level, or the part of it where it is

static void
s_take_out (cells_t *self, cell_t *cell, unsigned level, where_t where)
{
    cell_t *few = NULL;  //  The largest that is to be one again
    unsigned few_level = 0;
    unsigned last = cells_spot (self, where.ref)->level;
    for (;; level++) {
        cell->count--;
        if (!few && cell->split && cell->count <= CELLS_MERGED) {
            few = cell;
            few_level = level;
        }
        if (level == last)
            break;
        cell = s_inner (self, cell, level, where);
    }
    s_unlink (self, cell, where.ref);
    if (few)
        s_merge (self, few, few_level);
}


void
cells_leave_out (cells_t *self, arena_ref_t ref)
{
    cells_spot (self, ref)->level = NONE;
}


bool
cells_stays (cells_t *self, arena_ref_t ref, sphere_square_t square)
{
    cells_spot_t *spot = cells_spot (self, ref);
    if (spot->level == NONE)
        return false;
    unsigned level = spot->level < SPHERE_BITS ? spot->level : SPHERE_BITS;
    bool stays = ((spot->x ^ square.x) | (spot->y ^ square.y)) >>
                     (SPHERE_BITS - level) ==
                 0;
    if (stays) {
        spot->x = square.x & ALL;
        spot->y = square.y & ALL;
    }
    return stays;
}


void
cells_prefetch (const cells_t *self, arena_ref_t ref, sphere_square_t square)
{
    const cells_spot_t *spot = cells_spot (self, ref);
    if (spot->level != NONE && spot->previous)
        __builtin_prefetch (cells_spot (self, spot->previous), 1);
    if (spot->level != NONE && spot->next)
        __builtin_prefetch (cells_spot (self, spot->next), 1);
    const cell_t *cell = &self->root;
    where_t where = {square.x, square.y, ref};
    for (unsigned level = 0; cell->split && level < SPHERE_BITS; level++)
        cell = s_inner (self, cell, level, where);
    if (cell->ref)
        __builtin_prefetch (arena_at (self->arena, cell->ref - CELLS_HEAD), 1);
}


//  Cells that both squares are in keep their counts

void
cells_put (cells_t *self, arena_ref_t ref, sphere_square_t square)
{
    cells_spot_t *spot = cells_spot (self, ref);
    where_t old = s_where (self, ref);
    where_t new = {square.x, square.y, ref};
    cell_t *cell = &self->root;
    unsigned level = 0;
    if (spot->level != NONE) {
        unsigned both =
            (unsigned) __builtin_clz ((old.x ^ new.x) | (old.y ^ new.y)) -
            (32 - SPHERE_BITS);
        assert (spot->level > both);
        for (; level < both; level++)
            cell = s_inner (self, cell, level, new);
        s_take_out (self, s_inner (self, cell, level, old), level + 1, old);
        cell = s_inner (self, cell, level, new);
        level++;
    }
    spot->x = new.x &ALL;
    spot->y = new.y &ALL;
    s_add (self, cell, level, new);
}


void
cells_remove (cells_t *self, arena_ref_t ref)
{
    if (cells_spot (self, ref)->level != NONE)
        s_take_out (self, &self->root, 0, s_where (self, ref));
}
