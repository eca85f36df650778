/*  =========================================================================
    flood - keeping the atlases of neighbours equal
    =========================================================================
*/

#include "core/flood.h"

#include "core/take.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

//  Loading ends after this at the latest, from the first link on
#define LOADING_MS 30000

//  Nothing to load, or nothing more heard of an audit, for so long: it ends
#define PATIENCE_MS (2 * (int64_t) FLOOD_BEAT_MS)


flood_t *
flood_new (const flood_options_t *options, atlas_t *atlas)
{
    assert (options->peer_count <= ATLAS_NEIGHBOURS_MAX);
    assert (options->incarnation);
    flood_t *self = calloc (1, sizeof (flood_t));
    assert (self);
    self->name = strdup (options->name);
    assert (self->name && strlen (self->name) <= 64);
    self->herd = options->herd;
    self->incarnation = options->incarnation;
    self->no_audit = options->no_audit;
    self->atlas = atlas;
    self->expiry = expiry_new (atlas, options->ttl_seconds);
    self->link_count = options->peer_count;
    self->loading = self->link_count > 0;
    self->links = calloc (self->link_count + 1, sizeof (link_t));
    assert (self->links);
    for (unsigned peer = 0; peer < self->link_count; peer++)
        link_init (&self->links [peer], options->peers [peer], atlas, peer);
    return self;
}


void
flood_destroy (flood_t **self_p)
{
    flood_t *self = *self_p;
    if (self) {
        for (unsigned peer = 0; peer < self->link_count; peer++)
            link_clear (&self->links [peer]);
        expiry_destroy (&self->expiry);
        free (self->links);
        free (self->name);
        free (self);
        *self_p = NULL;
    }
}


static void
s_tick_link (flood_t *self, link_t *link, int64_t clock_ms, effects_t *effects)
{
    if (link->seen.up && clock_ms - link->heard_ms > FLOOD_SILENCE_MS)
        take_down (self, link, "nothing heard", clock_ms, effects);
    else if (link->seen.up && clock_ms - link->named_ms > FLOOD_SILENCE_MS)
        take_down (self, link, "it talks to another process of our name",
            clock_ms, effects);
    if (link->seen.repairs > link->repairs_noted &&
        clock_ms - link->repaired_ms > PATIENCE_MS) {
        effects_note (effects, "audit with %s mended %" PRIu64 " records here",
            link->name, link->seen.repairs - link->repairs_noted);
        link->repairs_noted = link->seen.repairs;
    }
}


//  Return true if no neighbour that is up has anything to load

static bool
s_has_no_source (const flood_t *self, int64_t clock_ms)
{
    return !self->source && clock_ms - self->met_ms > PATIENCE_MS;
}


//  Not on every tick, as it has the digest brought up to date

static void
s_scrub (flood_t *self, int64_t clock_ms, effects_t *effects)
{
    size_t wrong = atlas_scrub (self->atlas);
    self->scrubbed_ms = clock_ms;
    self->wrong_sums += wrong;
    if (wrong)
        effects_note (effects,
            "%zu sums are not those of their records: memory was altered",
            wrong);
}


static void
s_tick (flood_t *self, const event_t *event, effects_t *effects)
{
    int64_t clock_ms = event->clock_ms;
    for (unsigned peer = 0; peer < self->link_count; peer++)
        s_tick_link (self, &self->links [peer], clock_ms, effects);
    if (self->audited && audit_has_next (self->audited->audit))
        self->audited_ms = clock_ms;
    else if (self->audited && clock_ms - self->audited_ms > PATIENCE_MS)
        self->audited = NULL;
    if (self->loading && self->met &&
        (s_has_no_source (self, clock_ms) ||
            clock_ms - self->met_ms > LOADING_MS))
        take_loaded (self, effects);
    size_t dropped = expiry_tick (self->expiry, event->now);
    if (dropped)
        effects_note (effects, "%zu clients expired", dropped);
    if (clock_ms - self->scrubbed_ms >= FLOOD_BEAT_MS)
        s_scrub (self, clock_ms, effects);
}


static void
s_leave (flood_t *self)
{
    self->leaving = true;
    for (unsigned peer = 0; peer < self->link_count; peer++)
        self->links [peer].state_due = true;
}


void
flood_step (flood_t *self, const event_t *event, effects_t *effects)
{
    assert (event->peer < self->link_count || !self->link_count ||
            event->kind == EVENT_PEER_MESSAGE);
    link_t *link = &self->links [event->peer];
    if (event->kind == EVENT_PEER_MESSAGE)
        take_message (self, event, effects);
    else if (event->kind == EVENT_PEER_UP)
        link->connected = link->state_due = true;
    else if (event->kind == EVENT_PEER_DOWN) {
        link->connected = false;
        link->lost_ms = event->clock_ms;
        take_down (self, link, "connection lost", event->clock_ms, effects);
    }
    else if (event->kind == EVENT_TICK)
        s_tick (self, event, effects);
    else if (event->kind == EVENT_STOP)
        s_leave (self);
}


static void
s_write_state (
    const flood_t *self, link_t *link, int64_t clock_ms, message_t *message)
{
    const digest_t *digest = atlas_digest (self->atlas);
    bool deaf = clock_ms - link->heard_ms > FLOOD_SILENCE_MS;
    message->kind = MESSAGE_STATE;
    message->tail = atlas_lsn (self->atlas);
    message->got = link->stream.got;
    message->count = atlas_count (self->atlas);
    message->root = digest_root (digest);
    message->depth = digest_depth (digest);
    message->floor = (uint64_t) expiry_floor (self->expiry);
    message->flags =
        (link->nak_due ? MESSAGE_NAK : 0u) |
        (self->leaving ? MESSAGE_LEAVING : 0u) |
        (self->loading ? MESSAGE_LOADING : 0u) | (deaf ? MESSAGE_DEAF : 0u) |
        (expiry_is_sweeping (self->expiry) ? MESSAGE_SWEEPING : 0u);
    link->state_due = link->nak_due = false;
}


//  The head goes before the body, and is known only when the body is

span_t
flood_next (flood_t *self, unsigned peer, int64_t clock_ms, char *buffer,
    effects_t *effects)
{
    assert (peer < self->link_count);
    link_t *link = &self->links [peer];
    char *body = buffer + MESSAGE_HEAD_SIZE_MAX;
    char head [MESSAGE_HEAD_SIZE_MAX];
    size_t size = 0;
    message_t message = {.herd = self->herd,
        .sender = span_of (self->name),
        .incarnation = self->incarnation,
        .receiver = link->incarnation};
    if (link_is_state_due (link, clock_ms)) {
        s_write_state (self, link, clock_ms, &message);
        link->state_ms = clock_ms;
    }
    else if (link->seen.up)
        size = link_write (link, &message.kind, body, effects);
    if (message.kind != MESSAGE_STATE && size == 0)
        return (span_t){NULL, 0};
    message.previous = link->stream.previous;
    message.last = link->stream.position;
    if (message.kind == MESSAGE_STATE || message.kind == MESSAGE_BATCH)
        link->stream.previous = link->stream.position;
    size_t head_size = message_print (&message, head);
    memcpy (body - head_size, head, head_size);
    link->seen.messages_out++;
    link->seen.bytes_out += head_size + size;
    return (span_t){body - head_size, head_size + size};
}


bool
flood_has_next (const flood_t *self, unsigned peer, int64_t clock_ms)
{
    assert (peer < self->link_count);
    const link_t *link = &self->links [peer];
    return link_is_state_due (link, clock_ms) || link_has_next (link);
}


flood_link_t
flood_link (const flood_t *self, unsigned peer)
{
    assert (peer < self->link_count);
    const link_t *link = &self->links [peer];
    flood_link_t seen = link->seen;
    seen.behind = atlas_lsn (self->atlas) - link->stream.acked;
    return seen;
}


bool
flood_is_loading (const flood_t *self)
{
    return self->loading;
}


int64_t
flood_floor (const flood_t *self)
{
    return expiry_floor (self->expiry);
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
