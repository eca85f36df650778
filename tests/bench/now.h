/*  =========================================================================
    now - seconds, for what is measured in C
    =========================================================================
*/

#ifndef BENCH_NOW_H
#define BENCH_NOW_H

#include <time.h>

//  Return seconds on a clock that nobody sets.
static inline double
now_seconds (void)
{
    struct timespec now;
    clock_gettime (CLOCK_MONOTONIC, &now);
    return (double) now.tv_sec + (double) now.tv_nsec / 1e9;
}

#endif
