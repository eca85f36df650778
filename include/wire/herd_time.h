/*  =========================================================================
    herd_time - what time it is, by most clocks of a server and its peers

    A server whose clock is wrong would have its locations believed for years,
    or never.  So it asks its peers: herd time is the lower median of its
    own clock and theirs.  Clocks are compared with the steady one of this
    machine, so that a step of ours is no step of theirs; of a peer the
    least delayed of its last readings counts.

    Section 4.9 of docs/protocol.md.
    =========================================================================
*/

#ifndef WIRE_HERD_TIME_H
#define WIRE_HERD_TIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

//  Readings of a clock that are kept.
#define HERD_TIME_READINGS 8

//  Two clocks that differ by more are said to.
#define HERD_TIME_APART_MS 5000

//  Voters that a median needs: of two, nobody knows who is right.
#define HERD_TIME_VOTERS 3

//  One peer's clock.  All zero has no reading.
typedef struct {
    int64_t ahead_ms [HERD_TIME_READINGS];  //  Of our steady clock, at arrival
    unsigned count;                         //  Readings so far
} readings_t;

//  Take a reading: the clock showed wall_ms, POSIX time, when ours that never
//  steps showed clock_ms or shortly before.  One that no delay explains is a
//  step of that clock: those before are forgotten.
void
readings_add (readings_t *self, int64_t wall_ms, int64_t clock_ms);

//  Return true and how far the clock is ahead of our steady one, or false if it
//  was never read.
bool
readings_best (const readings_t *self, int64_t *ahead_ms);

//  Sort the values, of which there must be one at least, and return their lower
//  median.
int64_t
herd_time_median (int64_t *values, size_t count);

#endif
