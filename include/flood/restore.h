/*  =========================================================================
    restore - what our own disk brings back

    Who starts from a disk is loading until all of it is read, and names itself
    as the source: so peers wait, and draw nothing from half a table.  What
    comes is believed as it is, whatever our clock shows, and is no change.  A
    mark says how far we had the streams of our peers: with those that are
    still the same process we go on from there, as after a short outage.

    After that a clock that is wrong must not empty the table: until ours agrees
    with the herd's, or, where there is none, is not before the newest record
    that came from the disk, nothing expires.

    Section 4.6.3 of docs/protocol.md.
    =========================================================================
*/

#ifndef FLOOD_RESTORE_H
#define FLOOD_RESTORE_H

#include "flood/flooding.h"

//  Take an EVENT_DISK_*.
void
restore_step (flood_t *self, const event_t *event, effects_t *effects);

//  A process of the peer is met, and it is known what to ask it for: only for
//  what is new, as long as we do not know what we lack.
void
restore_meet (const taking_t *taking);

//  The link went down.
void
restore_down (flood_t *self, const link_t *link);

//  Return true if what the peer streamed while we were away is on its way.
bool
restore_is_resuming (const flood_t *self, const link_t *link, int64_t clock_ms);

//  To be called on every tick: go on with a stream, and see whether
//  the clock can be believed.
void
restore_tick (flood_t *self, const event_t *event, effects_t *effects);

//  Write what a copy of the table is good for, when it has all that we know, to
//  the buffer of FLOOD_MARK_SIZE_MAX bytes:
//
//      CLIENTS number
//      FLOOR seconds
//      PEER name incarnation got loaded
//
//  and so on, the latter for peers of which we have all they had.  Returns
//  its size.
size_t
restore_mark (const flood_t *self, char *buffer);

#endif
