/*  =========================================================================
    relay - a few floods, wired by hand
    =========================================================================
*/

#include "unit/relay.h"

#include "unit/story.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define START_MS 1000000
#define STEP_MS 10
static const char *const s_names [RELAY_SERVERS] = {
    "Alford", "Ball", "Holiday"};


static void
s_end (member_t *member)
{
    flood_destroy (&member->flood);
    table_destroy (&member->table);
    effects_destroy (&member->effects);
}


static unsigned
s_peer (const relay_t *self, unsigned server, unsigned other)
{
    const member_t *member = &self->members [server];
    unsigned peer = 0;
    while (member->peers [peer] != other)
        peer++;
    assert (peer < member->peer_count);
    return peer;
}


static void
s_step (relay_t *self, unsigned server, event_t event)
{
    const member_t *member = &self->members [server];
    event.clock_ms = self->clock_ms;
    event.now.seconds = self->clock_ms / 1000 + self->skew_seconds [server];
    event.now.nanoseconds = self->clock_ms % 1000 * 1000000;
    flood_step (member->flood, &event, member->effects);
}


void
relay_step (relay_t *self, event_kind_t kind, unsigned server, unsigned other)
{
    event_t event = {.kind = kind};
    if (kind == EVENT_PEER_UP || kind == EVENT_PEER_DOWN)
        event.peer = s_peer (self, server, other);
    s_step (self, server, event);
}


void
relay_restore (relay_t *self, unsigned server, event_kind_t kind, span_t text)
{
    s_step (self, server, (event_t){.kind = kind, .text = text});
}


void
relay_replace (relay_t *self, unsigned server, const char *key)
{
    member_t *member = &self->members [server];
    s_end (member);
    *member = (member_t){.effects = effects_new (),
        .incarnation = ++self->incarnations,
        .table = table_new ((const unsigned char *) key, self->size_max)};
    const char *peers [RELAY_SERVERS] = {NULL};
    for (unsigned other = 0; other < RELAY_SERVERS; other++)
        if (self->linked [server][other]) {
            peers [member->peer_count] = s_names [other];
            member->peers [member->peer_count++] = other;
        }
    member->flood =
        flood_new (&(flood_options_t){.name = s_names [server],
                       .herd = RELAY_HERD,
                       .incarnation = member->incarnation,
                       .peers = peers,
                       .peer_count = member->peer_count,
                       .hops = self->count - 1,
                       .ttl_seconds = self->ttl_seconds,
                       .clock_least_seconds = self->clock_least_seconds,
                       .restoring = self->restoring,
                       .no_audit = self->no_audit},
            member->table);
    for (unsigned peer = 0; peer < member->peer_count; peer++)
        relay_step (self, EVENT_PEER_UP, server, member->peers [peer]);
}


void
relay_restart (relay_t *self, unsigned server, const char *key)
{
    relay_replace (self, server, key);
    for (unsigned other = 0; other < self->count; other++)
        if (self->linked [other][server]) {
            relay_step (self, EVENT_PEER_DOWN, other, server);
            relay_step (self, EVENT_PEER_UP, other, server);
        }
}


void
relay_add (relay_t *self, unsigned server, unsigned peer, unsigned other)
{
    member_t *member = &self->members [server];
    member->peers [peer] = other;
    if (member->peer_count <= peer)
        member->peer_count = peer + 1;
    s_step (self, server,
        (event_t){.kind = EVENT_PEER_ADDED,
            .peer = peer,
            .text = span_of (s_names [other])});
}


void
relay_remove (relay_t *self, unsigned server, unsigned other)
{
    s_step (self, server,
        (event_t){
            .kind = EVENT_PEER_REMOVED, .peer = s_peer (self, server, other)});
}


static relay_t *
s_new (unsigned count, bool triangle)
{
    relay_t *self = calloc (1, sizeof (relay_t));
    assert (self);
    self->buffer = malloc (FLOOD_ROOM);
    assert (self->buffer);
    self->clock_ms = START_MS;
    self->step_ms = STEP_MS;
    self->count = count;
    self->size_max = (size_t) 1 << 28;
    for (unsigned one = 0; one < count; one++)
        for (unsigned other = 0; other < count; other++)
            self->linked [one][other] = one + 1 == other || other + 1 == one ||
                                        (triangle && one != other);
    for (unsigned server = 0; server < count; server++)
        relay_replace (self, server, RELAY_KEY);
    relay_forget (self);
    return self;
}


int
relay_pair (void **state)
{
    *state = s_new (2, false);
    return 0;
}


int
relay_row (void **state)
{
    *state = s_new (3, false);
    return 0;
}


int
relay_triangle (void **state)
{
    *state = s_new (3, true);
    return 0;
}


int
relay_free (void **state)
{
    relay_t *self = *state;
    relay_forget (self);
    for (unsigned server = 0; server < self->count; server++)
        s_end (&self->members [server]);
    transcript_destroy (&self->transcript);
    free (self->buffer);
    free (self);
    return 0;
}


void
relay_put (relay_t *self, unsigned server, const char *line)
{
    location_t location = spans_location (line);
    table_put (self->members [server].table, &location, TABLE_DOOR);
}


void
relay_put_many (relay_t *self, unsigned server, int clients, int stamp)
{
    for (int at = 0; at < clients; at++) {
        char line [96];
        snprintf (line, sizeof line, "AT %s +0.000000000 c%d +1+1 %d",
            s_names [server], at, stamp);
        relay_put (self, server, line);
    }
}


size_t
relay_count (const relay_t *self, unsigned server)
{
    return table_count (self->members [server].table);
}


bool
relay_is_loading (const relay_t *self, unsigned server)
{
    return flood_is_loading (self->members [server].flood);
}


void
relay_receive (relay_t *self, unsigned server, span_t text)
{
    s_step (self, server, (event_t){.kind = EVENT_PEER_MESSAGE, .text = text});
}


size_t
relay_pass (relay_t *self)
{
    size_t passed = 0;
    for (unsigned server = 0; server < self->count; server++)
        for (unsigned peer = 0; peer < self->members [server].peer_count;
             peer++) {
            const member_t *member = &self->members [server];
            unsigned other = member->peers [peer];
            if (!flood_peer (member->flood, peer))
                continue;
            bool may = flood_has_next (member->flood, peer, self->clock_ms);
            span_t text = flood_next (member->flood, peer, self->clock_ms,
                self->buffer, member->effects);
            if (text.size == 0)
                continue;
            assert (may);
            passed++;
            wire_count (&self->wires [server][other], text, self->clock_ms);
            bool lossy = self->wires [server][other].lossy;
            if (self->transcript)
                transcript_add (self->transcript, text, s_names [other],
                    self->members [other].incarnation, lossy);
            if (!lossy)
                relay_receive (self, other, text);
        }
    return passed;
}


//  A server may have work to do before it has something to say

static bool
s_has_next (const relay_t *self)
{
    for (unsigned server = 0; server < self->count; server++) {
        const member_t *member = &self->members [server];
        for (unsigned peer = 0; peer < member->peer_count; peer++)
            if (flood_has_next (member->flood, peer, self->clock_ms))
                return true;
    }
    return false;
}


void
relay_turn (relay_t *self)
{
    int turns = 0;
    while (relay_pass (self) > 0 || s_has_next (self))
        assert (++turns < 1000);
}


void
relay_run (relay_t *self, int64_t ms)
{
    for (int64_t end_ms = self->clock_ms + ms; self->clock_ms < end_ms;) {
        self->clock_ms += self->step_ms;
        if (self->clock_ms % CORE_TICK_MS == 0)
            for (unsigned server = 0; server < self->count; server++)
                relay_step (self, EVENT_TICK, server, server);
        relay_turn (self);
    }
}


void
relay_lose (relay_t *self, unsigned from, unsigned to, bool lossy)
{
    self->wires [from][to].lossy = lossy;
}


static void
s_disconnect (relay_t *self, unsigned from, unsigned to)
{
    relay_lose (self, from, to, true);
    relay_step (self, EVENT_PEER_DOWN, from, to);
}


void
relay_cut (relay_t *self, unsigned one, unsigned other)
{
    s_disconnect (self, one, other);
    s_disconnect (self, other, one);
}


void
relay_mend (relay_t *self, unsigned one, unsigned other)
{
    relay_lose (self, one, other, false);
    relay_lose (self, other, one, false);
    relay_step (self, EVENT_PEER_UP, one, other);
    relay_step (self, EVENT_PEER_UP, other, one);
}


flood_link_t
relay_link (const relay_t *self, unsigned server, unsigned other)
{
    return flood_link (
        self->members [server].flood, s_peer (self, server, other));
}


void
relay_settle (relay_t *self)
{
    relay_run (self, 3000);
    for (unsigned one = 0; one < self->count; one++) {
        assert (!flood_is_loading (self->members [one].flood));
        for (unsigned other = 0; other < self->count; other++)
            assert (
                !self->linked [one][other] || relay_link (self, one, other).up);
    }
    relay_forget (self);
}


size_t
relay_notes (const relay_t *self, unsigned server, const char *text)
{
    return story_notes (self->members [server].effects, text);
}


bool
relay_agrees (const relay_t *self)
{
    const digest_t *first = table_digest (self->members [0].table);
    for (unsigned server = 1; server < self->count; server++) {
        const digest_t *digest = table_digest (self->members [server].table);
        if (digest_root (digest) != digest_root (first))
            return false;
    }
    return true;
}


void
relay_listen (relay_t *self)
{
    self->transcript = transcript_new ();
}


void
relay_forget (relay_t *self)
{
    for (unsigned from = 0; from < self->count; from++) {
        effects_clear (self->members [from].effects);
        for (unsigned to = 0; to < self->count; to++)
            wire_forget (&self->wires [from][to]);
    }
}
