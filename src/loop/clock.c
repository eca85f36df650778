/*  =========================================================================
    clock - when something happened
    =========================================================================
*/

#include "loop/clock.h"

#include <time.h>


int64_t
clock_ms (void)
{
    return clock_ns () / 1000000;
}


int64_t
clock_ns (void)
{
    struct timespec time;
    clock_gettime (CLOCK_MONOTONIC, &time);
    return (int64_t) time.tv_sec * 1000000000 + time.tv_nsec;
}


instant_t
clock_now (void)
{
    struct timespec time;
    clock_gettime (CLOCK_REALTIME, &time);
    return (instant_t){time.tv_sec, time.tv_nsec};
}


int64_t
clock_stamp (event_t *event)
{
    int64_t now_ns = clock_ns ();
    event->now = clock_now ();
    event->clock_ms = now_ns / 1000000;
    return now_ns;
}
