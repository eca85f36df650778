/*  =========================================================================
    twins - two processes of one name

    The first stays as long as it is heard: a second one is refused.  It finds
    out by itself that it is, since its connections stand and nobody speaks to
    it.
    =========================================================================
*/

#ifndef FLOOD_TWINS_H
#define FLOOD_TWINS_H

#include "flood/flooding.h"

//  Return true if the message is of a second process of the peer's name.
bool
twins_is_second (const taking_t *taking);

//  To be called on every tick: sees whether we are a second process ourselves,
//  and notes it.
void
twins_tick (flood_t *self, int64_t clock_ms, effects_t *effects);

#endif
