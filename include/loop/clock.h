/*  =========================================================================
    clock - when something happened

    The only place where the system is asked for the time.
    =========================================================================
*/

#ifndef LOOP_CLOCK_H
#define LOOP_CLOCK_H

#include "core/event.h"

//  Write the time into the event: both its clocks.  Returns the time of the
//  second as clock_ns does.
int64_t
clock_stamp (event_t *event);

//  Return milliseconds of a clock that never steps.
int64_t
clock_ms (void);

//  Return nanoseconds of the same clock.
int64_t
clock_ns (void);

//  Return POSIX time.
instant_t
clock_now (void);

#endif
