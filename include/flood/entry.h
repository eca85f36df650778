/*  =========================================================================
    entry - which locations of others are kept

    One rule for all that did not come from a client of ours, whoever brought
    it: a peer, or a stream of other regions.
    =========================================================================
*/

#ifndef FLOOD_ENTRY_H
#define FLOOD_ENTRY_H

#include "flood/flood.h"

//  As table_result_t has it; or it was heard in the future: it would be
//  believed for as long.
typedef enum {
    ENTRY_STORED = TABLE_STORED,
    ENTRY_SAME = TABLE_SAME,
    ENTRY_OLDER = TABLE_OLDER,
    ENTRY_EXPIRED = TABLE_EXPIRED,
    ENTRY_FULL = TABLE_FULL,
    ENTRY_FUTURE
} entry_t;

//  Keep the location if it may be kept, and is newer.  Who is at the table's
//  bit from is known to have it then.  In bulk, as table_load has it.  now is
//  herd time.
entry_t
entry_put (flood_t *self, const location_t *location, instant_t now, int from,
    bool bulk);

//  The same for one that no peer sent, at the time of the event; and its age.
entry_t
entry_take (flood_t *self, const location_t *location, const event_t *event,
    int from, int64_t *age_ns);

//  Return how long ago it was heard, now being herd time; a year at most, and
//  below zero if it was heard in the future, a year there at most.
int64_t
entry_age_ns (const location_t *location, instant_t now);

#endif
