/*  =========================================================================
    near - questions about where clients are
    =========================================================================
*/

#include "table/near.h"

#include "table/table_parts.h"

#include <assert.h>

//  Bits of a square's number
#define NUMBER_BITS (2 * SPHERE_BITS)

//  Cells still to be looked at: three of each level, and all of the deepest
#define AHEAD_MAX (3 * CELLS_LEVELS + 1)

//  A cell and where it is
typedef struct {
    cell_t cell;
    uint32_t x;
    uint32_t y;
    unsigned level;
    uint64_t order;  //  The first bits, of cells below the grid
    double far;      //  At least, in a search for the nearest
} ahead_t;

//  A search for the nearest
typedef struct {
    const cells_t *cells;
    sphere_from_t from;
    double most;          //  sphere_far of what is too far
    near_found_t *found;  //  A heap with the farthest on top; far, not metres
    size_t count;
    size_t limit;
    size_t looks;
    size_t size;  //  Of ahead
    ahead_t ahead [AHEAD_MAX];
} search_t;

//  A walk over a box
typedef struct {
    const cells_t *cells;
    const near_box_t *box;
    sphere_square_t first;  //  South-western corner
    uint32_t width;         //  Steps beyond it that belong to the box
    uint32_t height;        //
    near_cursor_t start;    //  Those before it are passed over
    size_t looks;
    size_t size;  //  Of ahead
    ahead_t ahead [AHEAD_MAX];
} walk_t;


bool
near_is_kept (const table_t *table)
{
    return table_cells (table)->head;
}


static span_t
s_line (const cells_t *cells, arena_ref_t ref)
{
    const change_t *record = arena_at (cells->arena, ref);
    return (span_t){record->line, record->size};
}


//  Return where the client is, word for word

static sphere_place_t
s_place (const cells_t *cells, arena_ref_t ref)
{
    span_t rest = change_rest (arena_at (cells->arena, ref));
    span_until (&rest, ' ');
    return sphere_read (span_until (&rest, ' '));
}


static uint32_t
s_size (unsigned level)
{
    return level < SPHERE_BITS ? 1u << (SPHERE_BITS - level) : 1;
}


//  Describe one of the quarters, at which somebody will look soon

static ahead_t
s_quarter (const cells_t *cells, const ahead_t *outer, unsigned quarter)
{
    ahead_t inner = *outer;
    inner.level++;
    inner.cell = cells_quarters (cells, &outer->cell) [quarter];
    if (outer->level < SPHERE_BITS) {
        uint32_t size = s_size (inner.level);
        inner.x += quarter & 1 ? size : 0;
        inner.y += quarter & 2 ? size : 0;
    }
    else
        inner.order |= (uint64_t) quarter
                       << (62 - 2 * (outer->level - SPHERE_BITS));
    return inner;
}


static void
s_prefetch (const cells_t *cells, const cell_t *cell)
{
    if (cell->split)
        __builtin_prefetch (cells_quarters (cells, cell));
    else if (cell->ref)
        __builtin_prefetch (cells_spot (cells, cell->ref));
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


//  Look at the records of a cell.  Those whose squares are near enough are
//  measured

static void
s_measure (search_t *self, arena_ref_t ref, double least)
{
    while (ref && self->looks && !s_is_too_far (self, least)) {
        const cells_spot_t *spot = cells_spot (self->cells, ref);
        self->looks--;
        sphere_square_t square = {
            spot->x & UINT32_MAX, spot->y & UINT32_MAX, 1};
        if (!s_is_too_far (self, sphere_far_least (&self->from, square))) {
            double far = sphere_far (&self->from, s_place (self->cells, ref));
            if (!s_is_too_far (self, far))
                s_keep (self, (near_found_t){far, s_line (self->cells, ref)});
        }
        ref = spot->next;
    }
}


//  Have the quarters looked at, the nearest first: it is put last

static void
s_approach (search_t *self, const ahead_t *outer)
{
    ahead_t *ahead = self->ahead + self->size;
    size_t count = 0;
    for (unsigned quarter = 0; quarter < 4; quarter++) {
        ahead_t inner = s_quarter (self->cells, outer, quarter);
        if (inner.cell.count == 0)
            continue;
        sphere_square_t square = {inner.x, inner.y, s_size (inner.level)};
        inner.far = sphere_far_least (&self->from, square);
        if (s_is_too_far (self, inner.far))
            continue;
        s_prefetch (self->cells, &inner.cell);
        size_t at = count++;
        for (; at && ahead [at - 1].far < inner.far; at--)
            ahead [at] = ahead [at - 1];
        ahead [at] = inner;
    }
    self->size += count;
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
    search_t self = {.cells = table_cells (table),
        .from = sphere_from (place),
        .most = sphere_far_of (metres),
        .found = found,
        .limit = limit,
        .looks = *looks};
    assert (self.cells->head && limit);
    self.ahead [self.size++] = (ahead_t){.cell = self.cells->root};
    while (self.size && self.looks) {
        ahead_t ahead = self.ahead [--self.size];
        self.looks--;
        if (s_is_too_far (&self, ahead.far))
            continue;
        if (ahead.cell.split)
            s_approach (&self, &ahead);
        else
            s_measure (&self, ahead.cell.ref, ahead.far);
    }
    s_sort (found, self.count);
    for (size_t at = 0; at < self.count; at++)
        found [at].metres = sphere_metres_of (found [at].metres);
    *looks = self.looks;
    return self.count;
}


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
s_last (const ahead_t *ahead)
{
    uint64_t first = s_number (ahead->x, ahead->y);
    if (ahead->level <= SPHERE_BITS)
        return (near_cursor_t){
            first + (((uint64_t) 1 << (NUMBER_BITS - 2 * ahead->level)) - 1),
            UINT64_MAX};
    return (near_cursor_t){
        first, ahead->order | UINT64_MAX >> (2 * (ahead->level - SPHERE_BITS))};
}


static near_cursor_t
s_after (near_cursor_t at)
{
    return at.order < UINT64_MAX ? (near_cursor_t){at.square, at.order + 1}
                                 : (near_cursor_t){at.square + 1, 0};
}


//  Return true if a part of the cell may be in the box

static bool
s_overlaps (const walk_t *self, const ahead_t *ahead)
{
    uint32_t size = s_size (ahead->level);
    uint32_t all = (1u << SPHERE_BITS) - 1;
    return (((ahead->x - self->first.x) & all) <= self->width ||
               ((self->first.x - ahead->x) & all) < size) &&
           ahead->y <= self->first.y + self->height &&
           ahead->y + size > self->first.y;
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


//  Return the first record of a cell, in its order, from the start on that is
//  in the box, and its place in the order; or 0

static arena_ref_t
s_pick (walk_t *self, arena_ref_t ref, near_cursor_t *at)
{
    arena_ref_t first = 0;
    while (ref) {
        const cells_spot_t *spot = cells_spot (self->cells, ref);
        near_cursor_t place = {
            s_number (spot->x & UINT32_MAX, spot->y & UINT32_MAX), 0};
        if (self->looks)
            self->looks--;
        if (place.square >= self->start.square &&
            (!first || place.square <= at->square)) {
            place.order = cells_order (self->cells, ref);
            if (!s_is_before (place, self->start) &&
                (!first || s_is_before (place, *at)) &&
                near_box_has (self->box, s_place (self->cells, ref))) {
                first = ref;
                *at = place;
            }
        }
        ref = spot->next;
    }
    return first;
}


//  Have those of the quarters looked at that may have some to find, in order:
//  the first is put last

static void
s_enter (walk_t *self, const ahead_t *outer)
{
    for (unsigned quarter = 4; quarter-- > 0;) {
        ahead_t inner = s_quarter (self->cells, outer, quarter);
        if (inner.cell.count == 0 || !s_overlaps (self, &inner) ||
            s_is_before (s_last (&inner), self->start))
            continue;
        s_prefetch (self->cells, &inner.cell);
        self->ahead [self->size++] = inner;
    }
}


//  Read the corners.  A whole turn is all steps, not none

static void
s_begin_walk (walk_t *self)
{
    const near_box_t *box = self->box;
    uint32_t all = (1u << SPHERE_BITS) - 1;
    self->first = sphere_square ((sphere_place_t){box->south, box->west});
    sphere_square_t last =
        sphere_square ((sphere_place_t){box->north, box->east});
    self->height = last.y - self->first.y;
    self->width = (last.x - self->first.x) & all;
    //  West and east in one column: a narrow box, or one around the Earth
    if (last.x == self->first.x &&
        (box->west > box->east || box->east - box->west > 180))
        self->width = all;
}


bool
near_next (const table_t *table, const near_box_t *box, near_cursor_t *cursor,
    span_t *line, size_t *looks)
{
    walk_t self = {.cells = table_cells (table),
        .box = box,
        .start = *cursor,
        .looks = *looks};
    arena_ref_t found = 0;
    near_cursor_t at;
    assert (self.cells->head && box->south <= box->north);
    s_begin_walk (&self);
    self.ahead [self.size++] = (ahead_t){.cell = self.cells->root};
    while (self.size && self.looks && !found) {
        ahead_t ahead = self.ahead [--self.size];
        self.looks--;
        if (ahead.cell.split)
            s_enter (&self, &ahead);
        else
            found = s_pick (&self, ahead.cell.ref, &at);
        //  All of the cell is passed
        if (!found && !ahead.cell.split)
            self.start = s_after (s_last (&ahead));
    }
    *looks = self.looks;
    *cursor = found ? s_after (at) : self.start;
    if (found)
        *line = s_line (self.cells, found);
    return found;
}
