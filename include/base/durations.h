/*  =========================================================================
    durations - how long things took: a histogram

    Counts by bounds from 10 microseconds to a minute, three a decade.
    =========================================================================
*/

#ifndef BASE_DURATIONS_H
#define BASE_DURATIONS_H

#include <stddef.h>
#include <stdint.h>

#define DURATIONS_BOUNDS 20

//  Part of the owner's structure; all zero is none.
typedef struct {
    uint64_t counts [DURATIONS_BOUNDS + 1];  //  Of each bound, and beyond
    double seconds;                          //  Of all together
} durations_t;

//  Count so many of that duration.  One below zero, as clocks that differ give,
//  counts as zero.
void
durations_add (durations_t *self, int64_t duration_ns, uint64_t count);

//  Return how many were counted in all.
uint64_t
durations_count (const durations_t *self);

//  Return the bound at the index, from 0 to DURATIONS_BOUNDS - 1, in seconds: a
//  duration counts there if it is not longer.
const char *
durations_bound (size_t index);

#endif
