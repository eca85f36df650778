/*  =========================================================================
    histogram - how long things took, in little memory
    =========================================================================
*/

#include "load/histogram.h"

#include <czmq.h>
#include <math.h>

#define CELL_BITS 7
#define CELLS (1 << CELL_BITS)

//  A row for each power of two from CELLS on, and one for all below
#define ROWS (64 - CELL_BITS)

struct histogram_t {
    uint64_t count;
    int64_t max_ns;
    double sum_ns;
    uint64_t cells [ROWS * CELLS];
};


histogram_t *
histogram_new (void)
{
    return zmalloc (sizeof (histogram_t));
}


void
histogram_destroy (histogram_t **self_p)
{
    free (*self_p);
    *self_p = NULL;
}


void
histogram_clear (histogram_t *self)
{
    memset (self, 0, sizeof (*self));
}


//  The highest bit chooses the row, the next CELL_BITS the cell

static size_t
s_cell (int64_t value_ns)
{
    if (value_ns < CELLS)
        return (size_t) value_ns;
    int shift = 63 - CELL_BITS - __builtin_clzll ((uint64_t) value_ns);
    return (size_t) shift * CELLS + (size_t) (value_ns >> shift);
}


//  The greatest value that is counted in the cell

static int64_t
s_value (size_t cell)
{
    if (cell < CELLS)
        return (int64_t) cell;
    size_t shift = cell / CELLS - 1;
    uint64_t top = cell - shift * CELLS;
    return (int64_t) (((top + 1) << shift) - 1);
}


void
histogram_record (histogram_t *self, int64_t value_ns)
{
    if (value_ns < 0)
        value_ns = 0;
    self->cells [s_cell (value_ns)]++;
    self->count++;
    self->sum_ns += (double) value_ns;
    if (value_ns > self->max_ns)
        self->max_ns = value_ns;
}


uint64_t
histogram_count (const histogram_t *self)
{
    return self->count;
}


int64_t
histogram_quantile (const histogram_t *self, double part)
{
    uint64_t wanted = (uint64_t) ceil (part * (double) self->count);
    uint64_t seen = 0;
    const size_t cells = sizeof (self->cells) / sizeof (*self->cells);
    for (size_t cell = 0; cell < cells && self->count; cell++) {
        seen += self->cells [cell];
        if (seen && seen >= wanted) {
            int64_t value = s_value (cell);
            return value < self->max_ns ? value : self->max_ns;
        }
    }
    return histogram_max (self);
}


int64_t
histogram_max (const histogram_t *self)
{
    return self->count ? self->max_ns : -1;
}


double
histogram_mean (const histogram_t *self)
{
    return self->count ? self->sum_ns / (double) self->count : -1;
}
