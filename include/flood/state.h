/*  =========================================================================
    state - the STATE message, written and read

    A STATE is a link's heartbeat: it tells what we know, and how far we have
    the peer's stream.

    Section 4.2 of docs/protocol.md; 4.6.1 says when one is sent.
    =========================================================================
*/

#ifndef FLOOD_STATE_H
#define FLOOD_STATE_H

#include "flood/flooding.h"

//  Return true if it is time for a STATE.
bool
state_is_due (const link_t *link, int64_t clock_ms);

//  Let each peer have a STATE at once.
void
state_tell_all (flood_t *self);

//  Write what we tell the peer into the message, all but the positions of
//  streams, which any message may have; with room for HEARSAY_SIZE bytes that
//  last as long as the message.  It counts as told.
void
state_write (const flood_t *self, link_t *link, int64_t clock_ms,
    message_t *message, char *codes);

//  Take a STATE: give each room what is for it.
void
state_take (const taking_t *taking);

#endif
