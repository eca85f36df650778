/*  =========================================================================
    take - what a peer's message makes of us
    =========================================================================
*/

#include "flood/take.h"

#include "flood/audit_schedule.h"
#include "flood/loading.h"
#include "flood/timing.h"
#include "flood/twins.h"

#include <inttypes.h>
#include <string.h>

//  Who is new to us and changed no more than this is asked for all its changes;
//  others for recent ones, so that these do not wait until a table is loaded
#define CHANGES_MAX 4096
#define RECENT_CHANGES 256

//  A link whose connection is said to be lost is believed in again after this
#define LOST_NOTICE_MS (2 * (int64_t) FLOOD_SILENCE_MS)


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
    link_t *link = self->links;
    while (link && !span_equal (name, span_of (link->name)))
        link = link->next;
    return link;
}


void
take_down (flood_t *self, link_t *link, const char *why, int64_t clock_ms,
    effects_t *effects)
{
    link_down (link, why, clock_ms, effects);
    loading_down (self, link);
    if (self->audited == link)
        self->audited = NULL;
}


//  A process that we do not know speaks in the peer's name: it started
//  anew, or we did.  If all it has are a few changes, its stream brings them;
//  else it may become our source, or an audit finds what we lack

static void
s_meet (const taking_t *taking)
{
    link_t *link = taking->link;
    const message_t *message = taking->message;
    take_down (taking->flood, link, "it started anew", taking->event->clock_ms,
        taking->effects);
    link->retired = link->incarnation;
    link->incarnation = message->incarnation;
    bool young = message->tail <= TABLE_LSN_BASE + CHANGES_MAX &&
                 message->loaded == 0 && !taking->flood->loading &&
                 !loading_is_worth (taking->flood, message->count);
    bool all = young || message->tail < TABLE_LSN_BASE + RECENT_CHANGES;
    stream_renew (
        &link->stream, all ? TABLE_LSN_BASE : message->tail - RECENT_CHANGES);
    window_renew (&link->window);
    link->audit_sent = 0;
    link->audit_heard = false;
    link->clock.count = 0;
    link->loaded = message->loaded;
    link->settled = message->count == 0 || young;
    link->drawing = false;
    link->drawn = 0;
    link->grown_ms = taking->event->clock_ms;
    link->refused = false;
    link->state_due = true;
}


//  The peer speaks to our process, and says what it has of us.  If it does
//  not hear us any more, the link is none: streams would go nowhere

static void
s_acknowledged (const taking_t *taking)
{
    flood_t *self = taking->flood;
    link_t *link = taking->link;
    uint64_t got = taking->message->got;
    unsigned flags = taking->message->flags;
    int64_t clock_ms = taking->event->clock_ms;
    //  Should a notice of our connection be lost, it comes up all the same
    bool reachable =
        link->connected || clock_ms - link->lost_ms > LOST_NOTICE_MS;
    if (flags & MESSAGE_DEAF)
        take_down (
            self, link, "it does not hear us", clock_ms, taking->effects);
    else if (!link->seen.up && reachable) {
        link_up (link, got, clock_ms, taking->effects);
        audit_schedule_restart (link, clock_ms);
        loading_up (self, link, clock_ms);
    }
    else if (flags & MESSAGE_NAK && got < link->stream.position)
        link_rewind (link, got, clock_ms, taking->effects);
    else
        link_acknowledge (link, got, clock_ms, taking->effects);
}


static void
s_join_floor (const taking_t *taking)
{
    const flood_t *self = taking->flood;
    uint64_t floor = taking->message->floor;
    (void) expiry_join (self->expiry,
        floor > INT64_MAX ? INT64_MAX : (int64_t) floor,
        timing_herd (self, taking->event));
}


//  A stream is between two processes: one that was meant for our predecessor,
//  or comes from the peer's, says nothing of what we have

static bool
s_is_ours (const taking_t *taking)
{
    return taking->message->receiver == taking->flood->options.incarnation &&
           taking->message->incarnation == taking->link->incarnation;
}


static void
s_hear (const taking_t *taking)
{
    link_t *link = taking->link;
    const message_t *message = taking->message;
    //  Nobody can have more of a stream than there is
    if (message->kind == MESSAGE_STATE && link->stream.got > message->tail)
        link->stream.got = message->tail;
    link_hear (link, message, taking->event->clock_ms);
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
s_note_state (const taking_t *taking)
{
    link_t *link = taking->link;
    const message_t *message = taking->message;
    link->flags = message->flags;
    if (!s_is_ours (taking))  //  With another process of ours, it is
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


//  What any message to our process tells of the line

static void
s_measure (const taking_t *taking)
{
    link_t *link = taking->link;
    const message_t *message = taking->message;
    int64_t clock_ms = taking->event->clock_ms;
    if (message->incarnation != link->incarnation)
        return;
    link->heard_ms = clock_ms;
    link->named = message->receiver;
    if (message->receiver != taking->flood->options.incarnation)
        return;
    link->named_ms = clock_ms;
    window_hear (&link->window, message->sent, taking->event->text.size);
    window_acknowledge (&link->window, message->taken, clock_ms);
    if (message->body.size)
        window_owe (&link->window, message->tail > message->last, clock_ms);
}


static void
s_take_state (const taking_t *taking)
{
    link_t *link = taking->link;
    if (taking->message->incarnation != link->incarnation)
        s_meet (taking);
    s_measure (taking);
    s_note_state (taking);
    timing_hear (taking);
    if (s_is_ours (taking)) {
        s_acknowledged (taking);
        s_hear (taking);
    }
    else
        link->state_due = true;
    loading_hear (taking);
    s_join_floor (taking);
    audit_schedule_hear (taking);
}


static void
s_count_record (
    const taking_t *taking, span_t line, table_result_t result, bool bulk)
{
    flood_link_t *seen = &taking->link->seen;
    switch (result) {
    case TABLE_STORED:
        if (taking->message->kind == MESSAGE_PUT)
            seen->repairs++;
        else
            seen->records_new++;
        taking->flood->loaded += bulk;
        taking->link->drawn += bulk;
        break;
    case TABLE_SAME:
        seen->records_same++;
        break;
    case TABLE_OLDER:
        seen->records_old++;
        break;
    case TABLE_EXPIRED:
        seen->records_expired++;
        break;
    case TABLE_FULL:
        s_refuse (taking, REFUSED_FULL, line);
        break;
    }
}


//  What was heard in the future is of a clock that is wrong, and would be
//  believed for as long

static void
s_take_record (
    const taking_t *taking, span_t line, int64_t heard_most, bool bulk)
{
    flood_t *self = taking->flood;
    int from = (int) taking->link->index;
    location_t location;
    if (!location_parse (&location, line))
        s_refuse (taking, REFUSED_RECORD, line);
    else if (location.heard.seconds > heard_most)
        s_refuse (taking, REFUSED_FUTURE, line);
    else
        s_count_record (taking, line,
            bulk ? table_load (self->table, &location, from)
                 : table_put (self->table, &location, from),
            bulk);
}


static void
s_take_records (const taking_t *taking)
{
    bool bulk = loading_is_bulk (taking);
    instant_t now = timing_herd (taking->flood, taking->event);
    span_t body = taking->message->body;
    while (body.size)
        s_take_record (taking, span_until (&body, '\n'),
            now.seconds + TIMING_FUTURE_SECONDS, bulk);
}


static void
s_take_audit (const taking_t *taking)
{
    flood_t *self = taking->flood;
    link_t *link = taking->link;
    const message_t *message = taking->message;
    link->seen.audit_in += taking->event->text.size;
    link->state_due = true;
    if (s_is_ours (taking) && link->seen.up)
        audit_schedule_touch (link);
    if (self->audited == link)
        self->audited_ms = taking->event->clock_ms;
    if (message->kind == MESSAGE_PUT) {
        link->repaired_ms = taking->event->clock_ms;
        s_take_records (taking);
    }
    else if (link->seen.up &&
             audit_receive (link->audit, message->kind, message->body))
        s_refuse (taking, REFUSED_AUDIT, message->body);
}


//  An empty BATCH is an acknowledgement.  One with more to come waits for one

static void
s_take_batch (const taking_t *taking)
{
    link_t *link = taking->link;
    const message_t *message = taking->message;
    s_take_records (taking);
    if (!s_is_ours (taking))
        return;
    if (link->seen.up)
        link_acknowledge (
            link, message->got, taking->event->clock_ms, taking->effects);
    s_hear (taking);
    loading_hear (taking);
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
    else {
        s_measure (taking);
        if (taking->message->kind == MESSAGE_BATCH)
            s_take_batch (taking);
        else
            s_take_audit (taking);
    }
    //  A life that is over, or not yet known, proves nothing of the present one
    if (taking->message->incarnation != link->incarnation)
        link->stream.fresh = table_lsn (taking->flood->table);
}


//  Whom we refuse is not waited for

static void
s_refuse_peer (const taking_t *taking, refusal_t why)
{
    if (taking->link)
        taking->link->refused = true;
    s_refuse (taking, why, taking->event->text);
}


static void
s_refuse_version (const taking_t *taking)
{
    refusals_t *refusals = &taking->flood->refusals;
    if (refusals_count (refusals, REFUSED_VERSION, taking->event->clock_ms))
        effects_note (taking->effects,
            "refused a message of ZHERD/%" PRIu64
            ": this server speaks ZHERD/%d, %" PRIu64 " so far",
            taking->message->version, MESSAGE_VERSION,
            refusals->counts [REFUSED_VERSION]);
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
    else if (message.kind == MESSAGE_OTHER)
        s_refuse_version (&taking);
    else if (message.herd != self->options.herd)
        s_refuse_peer (&taking, REFUSED_HERD);
    else if (span_equal (message.sender, span_of (self->name)))
        s_refuse (&taking, REFUSED_ECHO, event->text);
    else if (!taking.link)
        s_refuse (&taking, REFUSED_STRANGER, event->text);
    else if (twins_is_second (&taking))
        s_refuse_peer (&taking, REFUSED_TWIN);
    else
        s_take (&taking);
}
