/*  =========================================================================
    audit_schedule - when two servers compare their tables

    When each has all that the other sent, the roots must be equal: if they are
    not, one of the two begins an audit: at once, whatever streams do, where
    either may lack what no stream brings; now and then, if streams never rest;
    and they back off, later and later, if audits mend nothing.

    Section 4.7 of docs/protocol.md.
    =========================================================================
*/

#ifndef FLOOD_AUDIT_SCHEDULE_H
#define FLOOD_AUDIT_SCHEDULE_H

#include "flood/flooding.h"

//  The link came up, or both have the same table: forget what audits did not
//  mend.
void
audit_schedule_restart (link_t *link, int64_t clock_ms);

//  The link went down: an audit over it is over.
void
audit_schedule_down (flood_t *self, link_t *link);

//  The peer said something of an audit, or sent what that mends.
void
audit_schedule_touch (const taking_t *taking);

//  Return true if we have said all there is to be said of an audit, and the
//  peer has heard it.
bool
audit_schedule_is_done (const link_t *link);

//  A STATE came, and what else it says has been taken: an audit may be over, or
//  begin.
void
audit_schedule_hear (const taking_t *taking);

//  To be called on every tick: ends what is over, and notes what was mended.
void
audit_schedule_tick (flood_t *self, int64_t clock_ms, effects_t *effects);

#endif
