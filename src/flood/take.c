/*  =========================================================================
    take - the entrance for messages of peers
    =========================================================================
*/

#include "flood/take.h"

#include "flood/audit_schedule.h"
#include "flood/entry.h"
#include "flood/loading.h"
#include "flood/state.h"
#include "flood/timing.h"

#include <inttypes.h>
#include <string.h>


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
s_find_link (flood_t *self, span_t name)
{
    link_t *link = self->links;
    while (link && !span_equal (name, span_of (link->name)))
        link = link->next;
    return link;
}


static void
s_count_record (const taking_t *taking, span_t line, entry_t result, bool bulk)
{
    flood_link_t *seen = &taking->link->seen;
    switch (result) {
    case ENTRY_STORED:
        if (taking->message->kind == MESSAGE_PUT)
            taking->link->repairs++;
        else
            seen->records_new++;
        if (bulk)
            loading_count (taking);
        break;
    case ENTRY_SAME:
        seen->records_same++;
        break;
    case ENTRY_OLDER:
        seen->records_old++;
        break;
    case ENTRY_EXPIRED:
        seen->records_expired++;
        break;
    case ENTRY_FULL:
        s_refuse (taking, REFUSED_FULL, line);
        break;
    case ENTRY_FUTURE:
        s_refuse (taking, REFUSED_FUTURE, line);
        break;
    }
}


static void
s_take_record (const taking_t *taking, span_t line, instant_t now, bool bulk)
{
    flood_t *self = taking->flood;
    location_t location;
    if (!location_parse (&location, line)) {
        s_refuse (taking, REFUSED_RECORD, line);
        return;
    }
    entry_t result =
        entry_put (self, &location, now, (int) taking->link->index, bulk);
    s_count_record (taking, line, result, bulk);
    if (result == ENTRY_STORED && !bulk &&
        taking->message->kind == MESSAGE_BATCH)
        durations_add (&self->ages, entry_age_ns (&location, now), 1);
}


static void
s_take_records (const taking_t *taking)
{
    bool bulk = loading_is_bulk (taking);
    instant_t now = timing_herd (taking->flood, taking->event);
    span_t body = taking->message->body;
    while (body.size)
        s_take_record (taking, span_until (&body, '\n'), now, bulk);
}


static void
s_take_audit (const taking_t *taking)
{
    link_t *link = taking->link;
    const message_t *message = taking->message;
    link->seen.audit_in += taking->event->text.size;
    link->state_due = true;
    audit_schedule_touch (taking);
    if (message->kind == MESSAGE_PUT)
        s_take_records (taking);
    else if (link_is_up (link) &&
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
    if (!link_state_is_ours (taking))
        return;
    if (link_is_up (link))
        link_acknowledge (
            link, message->got, taking->event->clock_ms, taking->effects);
    link_hear (taking);
    loading_hear (taking);
}


//  A life that is over, or not yet known, proves nothing of the present one

static void
s_doubt (const taking_t *taking)
{
    taking->link->stream.fresh = table_lsn (taking->flood->table);
    hearsay_doubt (taking->flood);
}


static void
s_take_from_peer (const taking_t *taking)
{
    link_t *link = taking->link;
    effects_heard (taking->effects, link->name);
    link->seen.messages_in++;
    link->seen.heard = taking->event->now.seconds;
    link->seen.bytes_in += taking->event->text.size;
    if (taking->message->kind == MESSAGE_STATE)
        state_take (taking);
    else {
        link_measure (taking);
        if (taking->message->kind == MESSAGE_BATCH)
            s_take_batch (taking);
        else
            s_take_audit (taking);
    }
    if (taking->message->incarnation != link->incarnation)
        s_doubt (taking);
}


//  Whom we refuse is not waited for

static void
s_refuse_peer (const taking_t *taking, refusal_t why)
{
    if (taking->link)
        link_state_take (taking, LINK_BARRED);
    s_refuse (taking, why, taking->event->text);
}


static void
s_refuse_version (const taking_t *taking)
{
    refusals_t *refusals = &taking->flood->refusals;
    if (refusals_count (refusals, REFUSED_VERSION, taking->event->clock_ms))
        effects_note (taking->effects, NOTICE_REFUSED,
            "refused a message of ZHERD/%" PRIu64
            ": this server speaks ZHERD/%d, %" PRIu64 " so far",
            taking->message->version, MESSAGE_VERSION,
            refusals->counts [REFUSED_VERSION]);
}


//  Where links have keys we know who speaks, whatever name the message has

static bool
s_is_speaker (const event_t *event, const message_t *message)
{
    return !event->speaker ||
           span_equal (message->sender, span_of (event->speaker));
}


static void
s_refuse_speaker (const taking_t *taking)
{
    refusals_add (&taking->flood->refusals, REFUSED_SPEAKER,
        &(refused_t){.peer = taking->event->speaker,
            .size = taking->event->text.size,
            .clock_ms = taking->event->clock_ms},
        taking->effects);
}


void
take_message (flood_t *self, const event_t *event, effects_t *effects)
{
    message_t message;
    message_parse (&message, event->text);
    taking_t taking = {
        self, s_find_link (self, message.sender), &message, event, effects};
    if (message.kind == MESSAGE_BAD)
        s_refuse (&taking, REFUSED_BAD, event->text);
    else if (message.kind == MESSAGE_OTHER)
        s_refuse_version (&taking);
    else if (!s_is_speaker (event, &message))
        s_refuse_speaker (&taking);
    else if (message.herd != self->options.herd)
        s_refuse_peer (&taking, REFUSED_HERD);
    else if (span_equal (message.sender, span_of (self->name)))
        s_refuse (&taking, REFUSED_ECHO, event->text);
    else if (!taking.link)
        s_refuse (&taking, REFUSED_STRANGER, event->text);
    else if (link_state_is_second (&taking))
        s_refuse_peer (&taking, REFUSED_TWIN);
    else
        s_take_from_peer (&taking);
}
