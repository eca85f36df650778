/*  =========================================================================
    state - the STATE message, written and read
    =========================================================================
*/

#include "flood/state.h"

#include "flood/audit_schedule.h"
#include "flood/loading.h"
#include "flood/restore.h"
#include "flood/timing.h"

//  STATEs that are due at once still keep this distance, so that two servers
//  of one name cannot make us answer each other for ever
#define STATE_LEAST_MS 50

//  A link whose connection is said to be lost is believed in again after this
#define LOST_NOTICE_MS (2 * (int64_t) FLOOD_SILENCE_MS)


bool
state_is_due (const link_t *link, int64_t clock_ms)
{
    int64_t since_ms = clock_ms - link->state_ms;
    return since_ms >= FLOOD_BEAT_MS ||
           (link->state_due && since_ms >= STATE_LEAST_MS);
}


void
state_tell_all (flood_t *self)
{
    for (link_t *link = self->links; link; link = link->next)
        link->state_due = true;
}


static unsigned
s_flags (const flood_t *self, const link_t *link, int64_t clock_ms)
{
    bool deaf = clock_ms - link->heard_ms > FLOOD_SILENCE_MS;
    bool auditing = self->audited == link || !audit_schedule_is_done (link);
    return (link->nak_due ? MESSAGE_NAK : 0u) |
           (self->leaving || link->removed_ms ? MESSAGE_LEAVING : 0u) |
           (self->loading ? MESSAGE_LOADING : 0u) | (deaf ? MESSAGE_DEAF : 0u) |
           (expiry_is_sweeping (self->expiry) ? MESSAGE_SWEEPING : 0u) |
           (link->settled ? MESSAGE_SETTLED : 0u) |
           (auditing ? MESSAGE_AUDITING : 0u);
}


void
state_write (const flood_t *self, link_t *link, int64_t clock_ms,
    message_t *message, char *codes)
{
    const digest_t *digest = table_digest (self->table);
    int64_t wall_ms = clock_ms + self->own_ahead_ms;
    hearsay_tell (self, link, clock_ms, message, codes);
    message->kind = MESSAGE_STATE;
    message->count = table_count (self->table);
    message->root = digest_root (digest);
    message->floor = (uint64_t) expiry_floor (self->expiry);
    message->flags = s_flags (self, link, clock_ms);
    message->clock_ms = wall_ms > 0 ? (uint64_t) wall_ms : 0;
    message->ttl = (uint64_t) self->options.ttl_seconds;
    message->loaded = self->loaded - link->drawn;
    message->nobody = loading_nobody (self);
    if (self->source)
        message->source = span_of (self->source->name);
    else if (self->restoring)
        message->source = span_of (self->name);
    link->state_due = link->nak_due = false;
    link->told = link->removed_ms;
    link->state_ms = clock_ms;
}


//  Return true if it loads from somebody, and tell whether that is we

static bool
s_is_sourced (const taking_t *taking, bool *from_us)
{
    span_t source = taking->message->source;
    *from_us = span_equal (source, span_of (taking->flood->name));
    return source.size && !*from_us;
}


static void
s_note_peer (const taking_t *taking)
{
    link_t *link = taking->link;
    const message_t *message = taking->message;
    link->flags = message->flags;
    if (!link_state_is_ours (taking))  //  With another process of ours, it is
        link->flags &= ~(unsigned) MESSAGE_SETTLED;
    if (message->count > link->count)
        link->grown_ms = taking->event->clock_ms;
    link->count = message->count;
    link->tail = message->tail;
    link->nobody = message->nobody;
    link->sourced = s_is_sourced (taking, &link->draws);
    //  What it loads it streams to nobody
    if (message->loaded != link->loaded)
        link->settled = false;
    link->loaded = message->loaded;
}


//  The peer speaks to our process, and says what it has of us.  If it does
//  not hear us any more, the link is none: streams would go nowhere

static void
s_take_ours (const taking_t *taking)
{
    const link_t *link = taking->link;
    bool deaf = taking->message->flags & MESSAGE_DEAF;
    //  Should a notice of our connection be lost, it comes up all the same
    if (!deaf && link->state == LINK_LOST &&
        taking->event->clock_ms - link->lost_ms > LOST_NOTICE_MS)
        link_state_take (taking, LINK_CONNECTED);
    link_state_take (taking, deaf ? LINK_DEAF : LINK_NAMED);
    link_hear (taking);
}


static void
s_join_floor (const taking_t *taking)
{
    const flood_t *self = taking->flood;
    uint64_t floor = taking->message->floor;
    if (!self->clock_sound)
        return;
    (void) expiry_join (self->expiry,
        floor > INT64_MAX ? INT64_MAX : (int64_t) floor,
        timing_herd (self, taking->event));
}


//  The peer is about to end: that is why its link goes down, if it does

static void
s_take_leaving (const taking_t *taking)
{
    bool leaves = taking->message->flags & MESSAGE_LEAVING;
    link_state_take (taking, leaves ? LINK_LEAVES : LINK_STAYS);
}


void
state_take (const taking_t *taking)
{
    link_t *link = taking->link;
    if (taking->message->incarnation != link->incarnation)
        link_state_take (taking, LINK_MET);
    link_measure (taking);
    s_note_peer (taking);
    timing_hear (taking);
    s_take_leaving (taking);
    if (link_state_is_ours (taking)) {
        s_take_ours (taking);
        //  The link may have come up by that
        s_take_leaving (taking);
        hearsay_hear (taking);
    }
    else
        link->state_due = true;
    loading_hear (taking);
    s_join_floor (taking);
    audit_schedule_hear (taking);
}
