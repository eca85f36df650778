/*  =========================================================================
    take - what a peer's message makes of us

    The receiving half of core/flood, and the state both halves share.
    =========================================================================
*/

#ifndef CORE_TAKE_H
#define CORE_TAKE_H

#include "core/expiry.h"
#include "core/link.h"
#include "core/refusals.h"

struct flood_t {
    char *name;
    uint64_t herd;
    uint64_t incarnation;
    atlas_t *atlas;
    expiry_t *expiry;
    bool no_audit;
    bool leaving;
    bool loading;        //  We started empty and have not caught up
    bool met;            //  A link was up
    int64_t met_ms;      //  When the first came up, or the source was lost
    link_t *source;      //  Who sends us its whole table, or NULL
    uint64_t source_to;  //  Its lsn up to which that goes
    link_t *audited;     //  With whom we go down the digests, or NULL
    int64_t audited_ms;  //  When that last moved
    link_t *links;
    unsigned link_count;
    int64_t scrubbed_ms;  //  When the table last was, in part
    uint64_t wrong_sums;  //  Found by that
    refusals_t refusals;
};

//  Take an EVENT_PEER_MESSAGE.
void
take_message (flood_t *self, const event_t *event, effects_t *effects);

//  The link is down, for the reason why.
void
take_down (flood_t *self, link_t *link, const char *why, int64_t clock_ms,
    effects_t *effects);

//  We have loaded what there was to load.
void
take_loaded (flood_t *self, effects_t *effects);

#endif
