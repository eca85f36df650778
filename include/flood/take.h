/*  =========================================================================
    take - the entrance for messages of peers

    Whose message is taken and whose is refused; to which room it goes; and
    which of its AT lines are kept.

    Section 4.2 of docs/protocol.md.
    =========================================================================
*/

#ifndef FLOOD_TAKE_H
#define FLOOD_TAKE_H

#include "flood/flooding.h"

//  Take an EVENT_PEER_MESSAGE.  If it is from a peer and well formed, an
//  EFFECT_HEARD says so.
void
take_message (flood_t *self, const event_t *event, effects_t *effects);

#endif
