/*  =========================================================================
    take - what a peer's message makes of us
    =========================================================================
*/

#include "core/take.h"

#include <inttypes.h>
#include <string.h>

//  Who is met for the first time, and changed no more than this, is asked for
//  all its changes; from others only new ones, and the audit finds the rest
#define CHANGES_MAX 4096

//  No server's digest has fewer levels: a line about a leaf would be about so
//  much of the table that answering it could take minutes
#define DEPTH_LEAST 4

//  A link whose connection is said to be lost is believed in again after this
#define LOST_NOTICE_MS (2 * (int64_t) FLOOD_SILENCE_MS)

//  What is being taken: passed down, so that nobody needs to remember it
typedef struct {
    flood_t *flood;
    link_t *link;
    const message_t *message;
    const event_t *event;
    effects_t *effects;
} taking_t;


static void
s_refuse (const taking_t *taking, refusal_t why, span_t text)
{
    refusals_add (&taking->flood->refusals, why,
        &(refused_t){.peer = taking->link ? taking->link->name : NULL,
            .size = text.size,
            .clock_ms = taking->event->clock_ms},
        taking->effects);
}


static link_t *
s_find (flood_t *self, span_t name)
{
    for (unsigned peer = 0; peer < self->link_count; peer++)
        if (span_equal (name, span_of (self->links [peer].name)))
            return &self->links [peer];
    return NULL;
}


void
take_down (flood_t *self, link_t *link, const char *why, int64_t clock_ms,
    effects_t *effects)
{
    link_down (link, why, clock_ms, effects);
    if (self->source == link) {
        self->source = NULL;
        self->met_ms = clock_ms;
    }
    if (self->audited == link)
        self->audited = NULL;
}


void
take_loaded (flood_t *self, effects_t *effects)
{
    self->loading = false;
    self->source = NULL;
    effects_note (
        effects, "loaded: %zu clients known", atlas_count (self->atlas));
}


//  While we load, one neighbour that has much more, and does not load itself,
//  sends us all it has

static void
s_load_from (const taking_t *taking)
{
    flood_t *self = taking->flood;
    const message_t *message = taking->message;
    if (!self->loading || self->source || message->flags & MESSAGE_LOADING ||
        message->count <= 2 * atlas_count (self->atlas))
        return;
    self->source = taking->link;
    self->source_to = message->tail;
    taking->link->stream.got = 0;
    taking->link->nak_due = taking->link->state_due = true;
    taking->link->nak_ms = taking->event->clock_ms;
    effects_note (taking->effects, "loading %" PRIu64 " clients from %s",
        message->count, taking->link->name);
}


//  A process that we do not know speaks in the neighbour's name: it started
//  anew, or we did

static void
s_meet (const taking_t *taking)
{
    link_t *link = taking->link;
    const message_t *message = taking->message;
    take_down (taking->flood, link, "it started anew", taking->event->clock_ms,
        taking->effects);
    link->retired = link->incarnation;
    link->incarnation = message->incarnation;
    bool young = message->tail <= ATLAS_LSN_BASE + CHANGES_MAX;
    stream_renew (&link->stream, young ? ATLAS_LSN_BASE : message->tail);
    link->state_due = true;
}


//  The neighbour speaks to our process, and says what it has of us.  If it does
//  not hear us any more, the link is none: streams would go nowhere

static void
s_acknowledged (const taking_t *taking)
{
    flood_t *self = taking->flood;
    link_t *link = taking->link;
    uint64_t got = taking->message->got;
    unsigned flags = taking->message->flags;
    int64_t clock_ms = taking->event->clock_ms;
    link->named_ms = clock_ms;
    //  Should a notice of our connection be lost, it comes up all the same
    bool reachable =
        link->connected || clock_ms - link->lost_ms > LOST_NOTICE_MS;
    if (flags & MESSAGE_DEAF)
        take_down (
            self, link, "it does not hear us", clock_ms, taking->effects);
    else if (!link->seen.up && reachable) {
        link_up (link, got, clock_ms, taking->effects);
        if (!self->met)
            self->met_ms = clock_ms;
        self->met = true;
    }
    else if (flags & MESSAGE_NAK && got < link->stream.position)
        link_rewind (link, got, clock_ms, taking->effects);
    else
        link_acknowledge (link, got, clock_ms, taking->effects);
}


//  One of the two begins audits, so that they don't do the work twice

static bool
s_may_audit (const taking_t *taking)
{
    const flood_t *self = taking->flood;
    return !self->no_audit && !self->audited && !self->loading &&
           !(taking->message->flags & MESSAGE_LOADING) &&
           strcmp (self->name, taking->link->name) < 0;
}


static void
s_audit (const taking_t *taking, bool drained)
{
    flood_t *self = taking->flood;
    link_t *link = taking->link;
    const message_t *message = taking->message;
    int64_t clock_ms = taking->event->clock_ms;
    if (!s_may_audit (taking) ||
        !link_begin_audit (link, message->count, drained, clock_ms))
        return;
    self->audited = link;
    self->audited_ms = clock_ms;
    effects_note (taking->effects,
        "audit with %s starts: it has %" PRIu64 " clients, root %016" PRIx64
        "; we have %zu, root %016" PRIx64,
        link->name, message->count, message->root, atlas_count (self->atlas),
        digest_root (atlas_digest (self->atlas)));
}


//  When each has all that the other had, the roots must be equal; if so much
//  happens that this never is, look now and then all the same

static void
s_compare_roots (const taking_t *taking)
{
    flood_t *self = taking->flood;
    link_t *link = taking->link;
    const message_t *message = taking->message;
    bool equal = message->root == digest_root (atlas_digest (self->atlas));
    if (equal) {
        link_agree (link, taking->event->clock_ms);
        if (self->audited == link)
            self->audited = NULL;
        if (self->loading && !(message->flags & MESSAGE_LOADING))
            take_loaded (self, taking->effects);
        return;
    }
    bool drained = message->got == atlas_lsn (self->atlas) &&
                   message->tail == link->stream.got;
    if (self->source == link && link->stream.got >= self->source_to)
        take_loaded (self, taking->effects);
    if (!link->seen.up || message->flags & MESSAGE_SWEEPING ||
        expiry_is_sweeping (self->expiry) ||
        message->floor != (uint64_t) expiry_floor (self->expiry))
        return;
    link->seen.roots_differ += drained;
    s_audit (taking, drained);
}


//  A floor of the future is a clock that is wrong: it is not believed

static void
s_join_floor (const taking_t *taking)
{
    link_t *link = taking->link;
    int64_t floor = taking->message->floor > INT64_MAX
                        ? INT64_MAX
                        : (int64_t) taking->message->floor;
    int64_t skew =
        expiry_join (taking->flood->expiry, floor, taking->event->now);
    if (skew > 0 && link->seen.skew_seconds == 0)
        effects_note (taking->effects,
            "%s drops locations by a clock %" PRId64
            " s ahead of ours, at least",
            link->name, skew);
    link->seen.skew_seconds = skew;
}


//  A stream is between two processes: one that was meant for our predecessor,
//  or comes from the neighbour's, says nothing of what we have

static void
s_hear (const taking_t *taking)
{
    link_t *link = taking->link;
    const message_t *message = taking->message;
    if (message->receiver != taking->flood->incarnation ||
        message->incarnation != link->incarnation)
        return;
    //  Nobody can have more of a stream than there is
    if (message->kind == MESSAGE_STATE && link->stream.got > message->tail)
        link->stream.got = message->tail;
    link_hear (link, message, taking->event->clock_ms);
}


static void
s_take_state (const taking_t *taking)
{
    link_t *link = taking->link;
    const message_t *message = taking->message;
    if (message->incarnation != link->incarnation)
        s_meet (taking);
    link->flags = message->flags;
    link->depth = message->depth;
    s_load_from (taking);
    if (message->receiver == taking->flood->incarnation)
        s_acknowledged (taking);
    else
        link->state_due = true;
    s_hear (taking);
    s_join_floor (taking);
    s_compare_roots (taking);
}


static void
s_take_record (const taking_t *taking, span_t line, bool loading)
{
    flood_t *self = taking->flood;
    flood_link_t *seen = &taking->link->seen;
    int from = (int) (taking->link - self->links);
    location_t location;
    if (!location_parse (&location, line)) {
        s_refuse (taking, REFUSED_RECORD, line);
        return;
    }
    switch (loading ? atlas_load (self->atlas, &location, from)
                    : atlas_put (self->atlas, &location, from)) {
    case ATLAS_STORED:
        if (taking->message->kind == MESSAGE_PUT)
            seen->repairs++;
        else
            seen->records_new++;
        break;
    case ATLAS_SAME:
        seen->records_same++;
        break;
    case ATLAS_OLDER:
        seen->records_old++;
        break;
    case ATLAS_EXPIRED:
        seen->records_expired++;
        break;
    case ATLAS_FULL:
        s_refuse (taking, REFUSED_FULL, line);
        break;
    }
}


static void
s_take_records (const taking_t *taking)
{
    const flood_t *self = taking->flood;
    bool loading = self->source == taking->link &&
                   taking->message->kind == MESSAGE_BATCH &&
                   taking->message->previous < self->source_to;
    span_t body = taking->message->body;
    while (body.size)
        s_take_record (taking, span_until (&body, '\n'), loading);
}


//  Lines of an audit: it moves

static void
s_take_audit (const taking_t *taking)
{
    flood_t *self = taking->flood;
    link_t *link = taking->link;
    const message_t *message = taking->message;
    unsigned depth = digest_depth (atlas_digest (self->atlas));
    if (link->depth < depth)
        depth = (unsigned) link->depth;
    link->seen.audit_in += taking->event->text.size;
    if (self->audited == link)
        self->audited_ms = taking->event->clock_ms;
    if (message->kind == MESSAGE_PUT) {
        link->repaired_ms = taking->event->clock_ms;
        link->state_due = true;
        s_take_records (taking);
    }
    else if (depth < DEPTH_LEAST ||
             (link->seen.up && audit_receive (link->audit, message->kind,
                                   message->body, depth)))
        s_refuse (taking, REFUSED_AUDIT, message->body);
}


static void
s_take (const taking_t *taking)
{
    link_t *link = taking->link;
    effects_heard (taking->effects, link->name);
    link->seen.messages_in++;
    link->seen.bytes_in += taking->event->text.size;
    if (taking->message->kind == MESSAGE_STATE)
        s_take_state (taking);
    else if (taking->message->kind == MESSAGE_BATCH) {
        s_take_records (taking);
        s_hear (taking);
    }
    else
        s_take_audit (taking);
    //  A life that is over, or not yet known, proves nothing of the present one
    if (taking->message->incarnation == link->incarnation)
        link->heard_ms = taking->event->clock_ms;
    else
        link->stream.fresh = atlas_lsn (taking->flood->atlas);
}


//  While we talk with one process of the neighbour's name, no other takes its
//  place: not the one before, nor a new one, unless our connection was lost, as
//  it is when a process ends

static bool
s_is_twin (const taking_t *taking)
{
    const link_t *link = taking->link;
    uint64_t incarnation = taking->message->incarnation;
    bool taken = link->seen.up && link->connected;
    return incarnation != link->incarnation &&
           (taken || incarnation == link->retired) &&
           taking->event->clock_ms - link->heard_ms <= FLOOD_SILENCE_MS;
}


void
take_message (flood_t *self, const event_t *event, effects_t *effects)
{
    message_t message;
    message_parse (&message, event->text);
    taking_t taking = {
        self, s_find (self, message.sender), &message, event, effects};
    if (message.kind == MESSAGE_BAD)
        s_refuse (&taking, REFUSED_BAD, event->text);
    else if (message.herd != self->herd)
        s_refuse (&taking, REFUSED_HERD, event->text);
    else if (span_equal (message.sender, span_of (self->name)))
        s_refuse (&taking, REFUSED_ECHO, event->text);
    else if (!taking.link)
        s_refuse (&taking, REFUSED_STRANGER, event->text);
    else if (s_is_twin (&taking))
        s_refuse (&taking, REFUSED_TWIN, event->text);
    else
        s_take (&taking);
}
