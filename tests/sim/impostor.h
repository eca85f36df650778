/*  =========================================================================
    impostor - a peer that speaks in the name of another
    =========================================================================
*/

#ifndef SIM_IMPOSTOR_H
#define SIM_IMPOSTOR_H

#include "sim/box.h"
#include "sim/chance.h"

//  Give the server in the box what the peer of that name forges in the name and
//  by the codes of who sent the event's message: weather_forgery.  Nothing
//  happens if that is the same peer, or the text no message.
void
impostor_speak (
    chance_t *chance, box_t *box, const event_t *event, const char *name);

#endif
