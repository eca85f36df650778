/*  =========================================================================
    links - who our peers are, and how that changes

    A peer has an index, which is its bit in the mask of every record.  A
    link that is removed still tells its peer so, and both take what the
    other had, before its index is free.  Whoever gets the index next finds the
    bits of the one before, and no sweep has to clear them: a mask counts only
    in records that changed since a link met the peer's process, as after a
    peer started anew, and to those only the present one has added its bit.
    =========================================================================
*/

#ifndef FLOOD_LINKS_H
#define FLOOD_LINKS_H

#include "flood/flooding.h"

//  A link that is removed ends after so long, whatever its peer lacks: all
//  that goes over other links.
#define LINKS_PARTING_MS ((int64_t) 5000)

//  Take an EVENT_PEER_ADDED, for an index that is free, or that of a link that
//  is removed.  If that is to the same peer it stays as it was; else it
//  ends at once.  Returns false if there is no memory for a link.
bool
links_add (flood_t *self, const event_t *event, effects_t *effects);

//  Take an EVENT_PEER_REMOVED: the link ends soon.
void
links_remove (flood_t *self, const event_t *event);

//  To be called on every tick: ends what is over, and says so in an effect.
void
links_tick (flood_t *self, int64_t clock_ms, effects_t *effects);

//  Free all links.
void
links_clear (flood_t *self);

#endif
