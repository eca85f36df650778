/*  =========================================================================
    flood - keeping the tables of peers equal
    =========================================================================
*/

#include "flood/flood.h"

#include "flood/audit_schedule.h"
#include "flood/links.h"
#include "flood/loading.h"
#include "flood/restore.h"
#include "flood/state.h"
#include "flood/take.h"
#include "flood/timing.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>


flood_t *
flood_new (const flood_options_t *options, table_t *table)
{
    assert (options->peer_count <= TABLE_PEERS_MAX);
    assert (options->incarnation);
    flood_t *self = calloc (1, sizeof (flood_t));
    assert (self);
    self->options = *options;
    self->options.peers = NULL;
    self->name = strdup (options->name);
    assert (self->name && strlen (self->name) <= 64);
    self->options.name = self->name;
    self->table = table;
    self->expiry = expiry_new (table, options->ttl_seconds);
    self->start_ms = INT64_MAX;
    self->wrong_noted_ms = INT64_MIN / 2;
    self->restoring = options->restoring;
    self->clock_sound = !self->restoring;
    self->loading = self->restoring;
    for (unsigned peer = 0; peer < options->peer_count; peer++) {
        if (!options->peers [peer])
            continue;
        bool added = links_add (self,
            &(event_t){.peer = peer, .text = span_of (options->peers [peer])},
            NULL);
        assert (added);
        self->loading = true;
    }
    return self;
}


void
flood_destroy (flood_t **self_p)
{
    flood_t *self = *self_p;
    if (self) {
        links_clear (self);
        expiry_destroy (&self->expiry);
        free (self->name);
        free (self);
        *self_p = NULL;
    }
}


void
flood_configure (flood_t *self, unsigned hops, int64_t ttl_seconds)
{
    self->options.hops = hops;
    self->options.ttl_seconds = ttl_seconds;
    expiry_set_ttl (self->expiry, ttl_seconds);
}


//  Not on every tick, as it has the digest brought up to date

static void
s_scrub_digest (flood_t *self, int64_t clock_ms, effects_t *effects)
{
    size_t wrong = table_scrub (self->table);
    self->scrubbed_ms = clock_ms;
    self->wrong_sums += wrong;
    if (wrong)
        effects_note (effects, NOTICE_MEMORY_ALTERED,
            "%zu sums are not those of their records: memory was altered",
            wrong);
}


static void
s_tick (flood_t *self, const event_t *event, effects_t *effects)
{
    int64_t clock_ms = event->clock_ms;
    link_state_tick (self, event, effects);
    links_tick (self, clock_ms, effects);
    hearsay_check (self, clock_ms);
    audit_schedule_tick (self, clock_ms, effects);
    loading_check (self, clock_ms, effects);
    timing_tick (self, event, effects);
    restore_tick (self, event, effects);
    size_t dropped = expiry_tick (self->expiry,
        self->clock_sound ? timing_herd (self, event) : (instant_t){0, 0});
    if (dropped)
        effects_note (effects, NOTICE_EXPIRED, "%zu clients expired", dropped);
    table_follow (self->table);
    if (clock_ms - self->scrubbed_ms >= FLOOD_BEAT_MS)
        s_scrub_digest (self, clock_ms, effects);
}


static link_t *
s_at (const flood_t *self, unsigned peer)
{
    assert (peer < self->indices && self->by_index [peer]);
    return self->by_index [peer];
}


//  Our connection to a peer was made or lost

static void
s_take_connection (flood_t *self, const event_t *event, effects_t *effects)
{
    link_t *link = s_at (self, event->peer);
    bool lost = event->kind == EVENT_PEER_DOWN;
    if (lost)
        link->lost_ms = event->clock_ms;
    link_state_take (
        &(taking_t){
            .flood = self, .link = link, .event = event, .effects = effects},
        lost ? LINK_DISCONNECTED : LINK_CONNECTED);
}


static void
s_begin_leaving (flood_t *self)
{
    self->leaving = true;
    self->leaving_lsn = table_lsn (self->table);
    state_tell_all (self);
}


//  Without memory there is no link, which is said like its end

static void
s_add (flood_t *self, const event_t *event, effects_t *effects)
{
    bool added = links_add (self, event, effects);
    effects_tell (effects, added ? NOTICE_LINK_ADDED : NOTICE_LINK_NOT_ADDED,
        "link to %.*s %s", (int) event->text.size, event->text.data,
        added ? "added" : "not added: no memory is left");
    if (!added)
        effects_add (effects, EFFECT_PARTED, 0, 0)->peer = event->peer;
}


static void
s_remove (flood_t *self, const event_t *event, effects_t *effects)
{
    links_remove (self, event);
    effects_tell (effects, NOTICE_LINK_REMOVED, "link to %s removed",
        s_at (self, event->peer)->name);
}


//  What came to many links goes on over few: so the sockets of the rest are not
//  asked if they take it

static void
s_take_message (flood_t *self, const event_t *event, effects_t *effects)
{
    take_message (self, event, effects);
    for (link_t *link = self->links; link; link = link->next)
        link_pass (link);
}


void
flood_step (flood_t *self, const event_t *event, effects_t *effects)
{
    if (self->start_ms == INT64_MAX)
        self->start_ms = event->clock_ms;
    timing_start (self, event);
    if (event->kind == EVENT_PEER_MESSAGE)
        s_take_message (self, event, effects);
    else if (event->kind == EVENT_PEER_ADDED)
        s_add (self, event, effects);
    else if (event->kind == EVENT_PEER_REMOVED)
        s_remove (self, event, effects);
    else if (event->kind == EVENT_PEER_UP || event->kind == EVENT_PEER_DOWN)
        s_take_connection (self, event, effects);
    else if (event->kind == EVENT_PEER_UNMET)
        effects_note (effects, NOTICE_LINK_FAILS, "no link to %s: %.*s",
            s_at (self, event->peer)->name, (int) event->text.size,
            event->text.data);
    else if (event->kind == EVENT_TICK)
        s_tick (self, event, effects);
    else if (event->kind == EVENT_STOP)
        s_begin_leaving (self);
    else
        restore_step (self, event, effects);
}


//  An event brings the time that a STATE tells

static bool
s_has_time (const flood_t *self)
{
    return self->start_ms != INT64_MAX;
}


//  Choose what is to be said and write its body to the buffer.  Returns the
//  body's size; the message's kind is MESSAGE_BAD if there is nothing

static size_t
s_write_body (flood_t *self, link_t *link, int64_t clock_ms, message_t *message,
    char *body, effects_t *effects)
{
    size_t size = 0;
    if (state_is_due (link, clock_ms)) {
        state_write (self, link, clock_ms, message, body);
        return 0;
    }
    if (link_is_up (link))
        size = link_write (link, &message->kind, body, effects);
    if (size == 0)
        message->kind =
            link_is_up (link) && window_is_due (&link->window, clock_ms)
                ? MESSAGE_BATCH
                : MESSAGE_BAD;
    return size;
}


//  The head goes before the body, and is known only when the body is

span_t
flood_next (flood_t *self, unsigned peer, int64_t clock_ms, char *buffer,
    effects_t *effects)
{
    link_t *link = s_at (self, peer);
    if (!s_has_time (self))
        return (span_t){NULL, 0};
    char *body = buffer + MESSAGE_HEAD_SIZE_MAX;
    char head [MESSAGE_HEAD_SIZE_MAX];
    message_t message = {.herd = self->options.herd,
        .sender = span_of (self->name),
        .incarnation = self->options.incarnation,
        .receiver = link->incarnation};
    size_t size = s_write_body (self, link, clock_ms, &message, body, effects);
    if (message.kind == MESSAGE_BAD)
        return (span_t){NULL, 0};
    message.sent = link->window.sent;
    message.taken = window_tell (&link->window);
    message.previous = link->stream.previous;
    message.last = link->stream.position;
    message.tail = table_lsn (self->table);
    message.got = link->stream.got;
    message.left = link->stream.left_by;
    if (message.kind == MESSAGE_STATE || message.kind == MESSAGE_BATCH) {
        link->stream.previous = link->stream.position;
        link->stream.left_by = 0;
    }
    size_t head_size = message_print (&message, head);
    memcpy (body - head_size, head, head_size);
    link_sent (link, head_size + size, clock_ms);
    if (message.kind != MESSAGE_STATE && message.kind != MESSAGE_BATCH)
        link->audit_sent = link->window.sent;
    else if (message.last > message.previous)
        link->stream_sent = link->window.sent;
    if (message.kind == MESSAGE_STATE && link->told_sent == UINT64_MAX)
        link->told_sent = link->window.sent;
    return (span_t){body - head_size, head_size + size};
}


bool
flood_has_next (const flood_t *self, unsigned peer, int64_t clock_ms)
{
    const link_t *link = peer < self->indices ? self->by_index [peer] : NULL;
    if (!link || !s_has_time (self))
        return false;
    return state_is_due (link, clock_ms) || link_has_next (link) ||
           (link_is_up (link) && window_is_due (&link->window, clock_ms));
}


//  Return true if the peer has what we knew when we began to leave

static bool
s_has_all (const flood_t *self, const link_t *link)
{
    return link->stream.acked >= self->leaving_lsn && !link->stream.spared &&
           link->flags & MESSAGE_SETTLED;
}


bool
flood_is_passed_on (const flood_t *self)
{
    for (const link_t *link = self->links; link; link = link->next)
        if (link_is_up (link) && !s_has_all (self, link))
            return false;
    return true;
}


unsigned
flood_peers (const flood_t *self)
{
    return self->indices;
}


const char *
flood_peer (const flood_t *self, unsigned peer)
{
    const link_t *link = peer < self->indices ? self->by_index [peer] : NULL;
    return link ? link->name : NULL;
}


flood_link_t
flood_link (const flood_t *self, unsigned peer)
{
    const link_t *link = s_at (self, peer);
    flood_link_t seen = link->seen;
    seen.up = link_is_up (link);
    seen.repairs = link->repairs;
    if (link->seen.resumes)
        seen.behind = table_lsn (self->table) - link->stream.acked;
    //  Numbers of changes that newer ones made obsolete count in that, and for
    //  who has nothing of ours those down to zero
    if (seen.behind > table_count (self->table))
        seen.behind = table_count (self->table);
    seen.in_sync = seen.up && link->settled && !link->apart &&
                   link->flags & MESSAGE_SETTLED && link->resync_to == 0;
    seen.clock_difference_seconds = timing_difference_ms (self, link) / 1000;
    return seen;
}


instant_t
flood_heard (const flood_t *self, const event_t *event)
{
    instant_t heard = timing_heard (self, event);
    int64_t floor = table_floor (self->table);
    return heard.seconds < floor ? (instant_t){floor, 0} : heard;
}


bool
flood_is_twin (const flood_t *self)
{
    return self->twin;
}


bool
flood_is_loading (const flood_t *self)
{
    return self->loading;
}


bool
flood_is_clock_sound (const flood_t *self)
{
    return self->clock_sound;
}


size_t
flood_mark (const flood_t *self, char *buffer)
{
    return restore_mark (self, buffer);
}


int64_t
flood_floor (const flood_t *self)
{
    return expiry_floor (self->expiry);
}


const durations_t *
flood_ages (const flood_t *self)
{
    return &self->ages;
}


uint64_t
flood_wrong_sums (const flood_t *self)
{
    return self->wrong_sums;
}


uint64_t
flood_refused (const flood_t *self)
{
    return refusals_sum (&self->refusals);
}


const refusals_t *
flood_refusals (const flood_t *self)
{
    return &self->refusals;
}
