/*  =========================================================================
    pump - where core and rooms meet
    =========================================================================
*/

#include "io/pump.h"

#include "loop/clock.h"

#include <assert.h>

//  Messages for one peer a turn: a long resync shares the loop
#define MESSAGES_MAX 16

//  So long a peer rests after a message with a body that is smaller than that
#define REST_MS 3
#define REST_SIZE 8192


static void
s_perform (pump_t *self, const effect_t *effect)
{
    switch (effect->kind) {
    case EFFECT_REPLY:
        if (effect->connection > EVENT_REQUESTS)
            web_reply (self->web, effect->connection, effect->text);
        else
            connections_reply (self->clients, effect->connection, effect->text);
        break;
    case EFFECT_HOLD:
        connections_hold (self->clients, effect->connection, true);
        break;
    case EFFECT_RELEASE:
        connections_hold (self->clients, effect->connection, false);
        break;
    case EFFECT_CLOSE:
        connections_close (self->clients, effect->connection);
        break;
    case EFFECT_FETCH:
        places_fetch (self->places, effect);
        break;
    case EFFECT_PARTED:
        mesh_part (self->mesh, effect->peer);
        self->expel = true;
        break;
    case EFFECT_NOTE:
    case EFFECT_HEARD:
        break;
    }
}


//  Perform what the core wants done, because of that text if it is a message

static void
s_perform_all (pump_t *self, span_t text)
{
    size_t count = effects_count (self->effects);
    for (size_t index = 0; index < count; index++) {
        const effect_t *effect = effects_at (self->effects, index);
        if (effect->kind == EFFECT_HEARD)
            journal_message (self->journal, '<', effect->text, text);
        else
            journal_effect (self->journal, effect);
        s_perform (self, effect);
    }
    effects_clear (self->effects);
}


void
pump_event (void *context, const event_t *event)
{
    pump_t *self = context;
    assert (effects_count (self->effects) == 0);
    journal_event (self->journal, event);
    server_step (self->server, event, self->effects);
    s_perform_all (self, event->text);
}


void
pump_tell (void *context, uint64_t connection, char sign, span_t text)
{
    pump_t *self = context;
    journal_request (self->journal, clock_now (), sign, connection, text);
}


size_t
pump_kept (void *context, uint64_t connection)
{
    const pump_t *self = context;
    return server_waiting_size (self->server, connection);
}


//  Another turn is wanted at that time at the latest

static void
s_want (pump_t *self, int64_t ms)
{
    if (ms < self->next_ms)
        self->next_ms = ms;
}


//  Return true if the peer rests after this message: not after one that has a
//  head alone, as those that acknowledge do, which would delay what comes after
//  a pause

static bool
s_is_to_rest (span_t message)
{
    const char *end = memchr (message.data, '\n', message.size);
    return message.size < REST_SIZE && end &&
           end + 1 < message.data + message.size;
}


//  Let the peer take what its socket takes

static void
s_feed (pump_t *self, unsigned peer, int64_t now_ms)
{
    int64_t rest_ms = self->rest_ms [peer];
    for (int count = 0; server_has_next (self->server, peer, now_ms); count++) {
        if (now_ms < rest_ms || count == MESSAGES_MAX) {
            s_want (self, rest_ms);
            return;
        }
        if (!mesh_can_send (self->mesh, peer))
            return;
        span_t message = server_next (
            self->server, peer, now_ms, self->buffer, self->effects);
        if (message.size) {
            mesh_send (self->mesh, peer, message);
            journal_message (self->journal, '>',
                span_of (server_peer (self->server, peer)), message);
            if (s_is_to_rest (message))
                self->rest_ms [peer] = now_ms + REST_MS;
        }
        s_perform_all (self, message);
    }
}


void
pump_turn (void *context)
{
    pump_t *self = context;
    int64_t now_ms = clock_ms ();
    //  There may be no event in this turn to tell the time
    if (now_ms >= self->next_ms)
        journal_at (self->journal, clock_now ());
    //  Whoever is expelled is an event of its own
    if (self->expel) {
        self->expel = false;
        mesh_expel (self->mesh);
    }
    self->next_ms = INT64_MAX;
    bool more = mesh_turn (self->mesh);
    places_turn (self->places);
    //  What other regions say leaves for the peers in this turn
    if (self->abroad)
        more |= self->abroad->turn (self->region, now_ms);
    for (unsigned peer = 0; peer < server_peers (self->server); peer++)
        s_feed (self, peer, now_ms);
    connections_flush (self->clients);
    if (self->store)
        more |= store_turn (self->store, now_ms);
    more |= web_turn (self->web, now_ms);
    journal_turn (self->journal);
    if (more)
        s_want (self, 0);
}
