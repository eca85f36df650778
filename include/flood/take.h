/*  =========================================================================
    take - what a peer's message makes of us

    The hearing half of flood/flood.
    =========================================================================
*/

#ifndef FLOOD_TAKE_H
#define FLOOD_TAKE_H

#include "flood/flooding.h"

//  Take an EVENT_PEER_MESSAGE.  If it is from a peer and well formed, an
//  EFFECT_HEARD says so.
void
take_message (flood_t *self, const event_t *event, effects_t *effects);

//  The link is down, for the reason why.
void
take_down (flood_t *self, link_t *link, const char *why, int64_t clock_ms,
    effects_t *effects);

#endif
