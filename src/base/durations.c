/*  =========================================================================
    durations - how long things took: a histogram
    =========================================================================
*/

#include "base/durations.h"

//  X (nanoseconds, as a number of seconds)
#define BOUNDS(X)                                                              \
    X (10000, "1e-05")                                                         \
    X (25000, "2.5e-05")                                                       \
    X (50000, "5e-05")                                                         \
    X (100000, "0.0001")                                                       \
    X (250000, "0.00025")                                                      \
    X (500000, "0.0005")                                                       \
    X (1000000, "0.001")                                                       \
    X (2500000, "0.0025")                                                      \
    X (5000000, "0.005")                                                       \
    X (10000000, "0.01")                                                       \
    X (25000000, "0.025")                                                      \
    X (50000000, "0.05")                                                       \
    X (100000000, "0.1")                                                       \
    X (250000000, "0.25")                                                      \
    X (500000000, "0.5")                                                       \
    X (1000000000, "1")                                                        \
    X (2500000000, "2.5")                                                      \
    X (5000000000, "5")                                                        \
    X (10000000000, "10")                                                      \
    X (60000000000, "60")

#define BOUND_NS(ns, text) INT64_C (ns),
#define BOUND_TEXT(ns, text) (text),

static const int64_t s_bounds_ns [DURATIONS_BOUNDS] = {BOUNDS (BOUND_NS)};
static const char *const s_bounds [DURATIONS_BOUNDS] = {BOUNDS (BOUND_TEXT)};


void
durations_add (durations_t *self, int64_t duration_ns, uint64_t count)
{
    if (duration_ns < 0)
        duration_ns = 0;
    size_t index = 0;
    while (index < DURATIONS_BOUNDS && duration_ns > s_bounds_ns [index])
        index++;
    self->counts [index] += count;
    self->seconds += (double) duration_ns * 1e-9 * (double) count;
}


uint64_t
durations_count (const durations_t *self)
{
    uint64_t count = 0;
    for (size_t index = 0; index <= DURATIONS_BOUNDS; index++)
        count += self->counts [index];
    return count;
}


const char *
durations_bound (size_t index)
{
    return s_bounds [index];
}
