/*  =========================================================================
    pump - where core and rooms meet
    =========================================================================
*/

#include "io/pump.h"

#include "loop/clock.h"

#include <assert.h>

//  Messages for one peer a turn: a long resync shares the loop
#define MESSAGES_MAX 16


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


//  Let the peer take what its socket takes

static void
s_feed (pump_t *self, unsigned peer, int64_t now_ms)
{
    for (int count = 0; server_has_next (self->server, peer, now_ms) &&
                        mesh_can_send (self->mesh, peer);
         count++) {
        if (count == MESSAGES_MAX) {
            self->more = true;
            return;
        }
        span_t message = server_next (
            self->server, peer, now_ms, self->buffer, self->effects);
        if (message.size) {
            mesh_send (self->mesh, peer, message);
            journal_message (self->journal, '>',
                span_of (server_peer (self->server, peer)), message);
        }
        s_perform_all (self, message);
    }
}


void
pump_turn (void *context)
{
    pump_t *self = context;
    int64_t now_ms = clock_ms ();
    //  Whoever is expelled is an event of its own
    if (self->expel) {
        self->expel = false;
        mesh_expel (self->mesh);
    }
    self->more = mesh_turn (self->mesh);
    places_turn (self->places);
    for (unsigned peer = 0; peer < server_peers (self->server); peer++)
        s_feed (self, peer, now_ms);
    if (self->store)
        self->more |= store_turn (self->store, now_ms);
    connections_flush (self->clients);
    web_turn (self->web, now_ms);
    journal_turn (self->journal);
}
