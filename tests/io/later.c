/*  =========================================================================
    later - a clock that tests put forward
    =========================================================================
*/

#include "io/later.h"

#include "loop/clock.h"

#include <time.h>

static int64_t s_later_ms;


void
later_by (int64_t ms)
{
    s_later_ms += ms;
}


int64_t
clock_ns (void)
{
    struct timespec time;
    clock_gettime (CLOCK_MONOTONIC, &time);
    return (int64_t) time.tv_sec * 1000000000 + time.tv_nsec +
           s_later_ms * 1000000;
}


int64_t
clock_ms (void)
{
    return clock_ns () / 1000000;
}


instant_t
clock_now (void)
{
    struct timespec time;
    clock_gettime (CLOCK_REALTIME, &time);
    return (instant_t){time.tv_sec + s_later_ms / 1000, time.tv_nsec};
}


int64_t
clock_stamp (event_t *event)
{
    int64_t now_ns = clock_ns ();
    event->now = clock_now ();
    event->clock_ms = now_ns / 1000000;
    return now_ns;
}
