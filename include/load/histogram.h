/*  =========================================================================
    histogram - how long things took, in little memory

    Log-linear: each power of two of nanoseconds has 128 cells of equal
    width, so a quantile is at most 1/128 above the value it stands for,
    whatever its size, and recording is a few instructions.
    =========================================================================
*/

#ifndef LOAD_HISTOGRAM_H
#define LOAD_HISTOGRAM_H

#include <stdint.h>

typedef struct histogram_t histogram_t;

//  Make an empty histogram.  Never returns NULL.
histogram_t *
histogram_new (void);

//  Free it and set *self_p to NULL.
void
histogram_destroy (histogram_t **self_p);

//  Forget all values.
void
histogram_clear (histogram_t *self);

//  Count one value of so many nanoseconds; below 0 counts as 0.
void
histogram_record (histogram_t *self, int64_t value_ns);

//  Return how many values were recorded.
uint64_t
histogram_count (const histogram_t *self);

//  Return the least value that the given part of all values, 0 to 1, does not
//  exceed: never less than that, and at most 1/128 more; -1 if there is none.
int64_t
histogram_quantile (const histogram_t *self, double part);

//  Return the greatest value, exactly, and the mean; -1 if there is none.
int64_t
histogram_max (const histogram_t *self);

double
histogram_mean (const histogram_t *self);

#endif
