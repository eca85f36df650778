/*  =========================================================================
    timing - what peers say of clocks and of the time to live

    Notes what differs, at once and once an hour, and keeps herd time.

    Section 4.9 of docs/protocol.md.
    =========================================================================
*/

#ifndef FLOOD_TIMING_H
#define FLOOD_TIMING_H

#include "flood/flooding.h"

//  A location that was heard later than that after herd time is of a clock that
//  is wrong.
#define TIMING_FUTURE_SECONDS 600

//  Read our clocks: to be called first, on every event.
void
timing_start (flood_t *self, const event_t *event);

//  A STATE came.
void
timing_hear (const taking_t *taking);

//  To be called on every tick.
void
timing_tick (flood_t *self, const event_t *event, effects_t *effects);

//  Return by how many ms the peer's clock is ahead of ours; 0 if that is
//  not known.
int64_t
timing_difference_ms (const flood_t *self, const link_t *link);

//  Return herd time at the event.
instant_t
timing_herd (const flood_t *self, const event_t *event);

//  Return when we hear what comes with the event: by our clock, or by herd time
//  if they differ by more than HERD_TIME_APART_MS.
instant_t
timing_heard (const flood_t *self, const event_t *event);

#endif
