/*  =========================================================================
    herd_time - what time it is, by most clocks of a server and its peers
    =========================================================================
*/

#include "wire/herd_time.h"

#include <assert.h>
#include <stdlib.h>


bool
readings_best (const readings_t *self, int64_t *ahead_ms)
{
    unsigned kept =
        self->count < HERD_TIME_READINGS ? self->count : HERD_TIME_READINGS;
    for (unsigned index = 0; index < kept; index++)
        if (index == 0 || self->ahead_ms [index] > *ahead_ms)
            *ahead_ms = self->ahead_ms [index];
    return kept > 0;
}


//  A delayed reading is behind the best; one far ahead, or far behind, is of a
//  clock that was set.  A link that delays by so much is down

void
readings_add (readings_t *self, int64_t wall_ms, int64_t clock_ms)
{
    int64_t ahead_ms = wall_ms - clock_ms;
    int64_t best_ms;
    if (readings_best (self, &best_ms) &&
        (ahead_ms - best_ms > HERD_TIME_APART_MS ||
            best_ms - ahead_ms > HERD_TIME_APART_MS))
        self->count = 0;
    //  The count needs not tell more than that all are kept
    if (self->count == 2 * HERD_TIME_READINGS)
        self->count = HERD_TIME_READINGS;
    self->ahead_ms [self->count++ % HERD_TIME_READINGS] = ahead_ms;
}


static int
s_compare_times (const void *one_p, const void *other_p)
{
    const int64_t *one = one_p;
    const int64_t *other = other_p;
    return (*one > *other) - (*one < *other);
}


int64_t
herd_time_median (int64_t *values, size_t count)
{
    assert (count);
    qsort (values, count, sizeof (int64_t), s_compare_times);
    return values [(count - 1) / 2];
}
