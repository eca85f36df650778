/*  =========================================================================
    clients_case - a room of clients that answers, and the other ends
    =========================================================================
*/

#include "io/clients_case.h"

#include <inttypes.h>

#define PORT_BASE 16200


static void
s_tell (clients_case_t *self, const char *what, const event_t *event)
{
    size_t room = sizeof (self->story) - self->story_size;
    int size = snprintf (self->story + self->story_size, room,
        "%s %" PRIu64 "%s%.*s, ", what, event->client,
        event->text.size ? " " : "", (int) event->text.size, event->text.data);
    assert (size >= 0 && (size_t) size < room);
    self->story_size += (size_t) size;
}


static void
s_answer (clients_case_t *self, const event_t *event)
{
    self->lines++;
    clients_reply (self->clients, event->client, span_of ("> "));
    clients_reply (self->clients, event->client, event->text);
    clients_reply (self->clients, event->client, span_of ("\n"));
    self->answered += event->text.size + 3;
    self->kept_own += self->keeps;
    if (self->holds && --self->holds == 0)
        clients_hold (self->clients, event->client, true);
    if (self->stops)
        clients_stop (self->clients);
}


static void
s_event (void *context, const event_t *event)
{
    clients_case_t *self = context;
    self->address = event->address;
    switch (event->kind) {
    case EVENT_CLIENT_OPENED:
        self->opened++;
        self->last = event->client;
        break;
    case EVENT_CLIENT_LINE:
        if (self->tells)
            s_tell (self, "line", event);
        s_answer (self, event);
        break;
    case EVENT_CLIENT_LONG:
        clients_reply (self->clients, event->client, span_of ("? too long\n"));
        clients_close (self->clients, event->client);
        break;
    case EVENT_CLIENT_ENDED:
        if (self->tells)
            s_tell (self, "ended", event);
        clients_close (self->clients, event->client);
        break;
    case EVENT_CLIENT_CLOSED:
        self->closed++;
        snprintf (self->why, sizeof (self->why), "%.*s", (int) event->text.size,
            event->text.data);
        break;
    case EVENT_CLIENTS_FULL:
        self->refused++;
        break;
    case EVENT_ADDRESS_FULL:
        self->refused_addresses++;
        break;
    default:
        assert (false);
    }
}


static size_t
s_kept (void *context, uint64_t client)
{
    const clients_case_t *self = context;
    return client == 0              ? self->kept
           : client == self->keeper ? self->kept_own
                                    : 0;
}


static void
s_turn (void *context)
{
    clients_case_t *self = context;
    if (!self->clients)
        return;
    clients_flush (self->clients);
    clients_counts_t counts = clients_counts (self->clients);
    self->pauses = (size_t) counts.pauses;
    if (counts.waiting_size > self->waiting_most)
        self->waiting_most = counts.waiting_size;
}


static void
s_tick (void *context)
{
    clients_case_t *self = context;
    if (self->clients)
        clients_tick (self->clients);
    s_turn (self);
}


void
clients_case_serve (clients_case_t *self)
{
    clients_destroy (&self->clients);
    self->clients =
        clients_new (self->stage->watch, &self->options, s_event, self);
    assert_non_null (self->clients);
}


int
clients_case_new (void **state)
{
    clients_case_t *self = zmalloc (sizeof (clients_case_t));
    self->stage = loop_case_new (PORT_BASE);
    self->stage->context = self;
    self->stage->turn = s_turn;
    self->stage->tick = s_tick;
    self->options = (clients_options_t){.address = "127.0.0.1",
        .port = loop_case_port (self->stage),
        .line_size_max = LINE_SIZE_MAX,
        .output_size_max = OUTPUT_SIZE_MAX,
        .output_stall_seconds = 60,
        .clients_max = 5000,
        .waiting_size_max = WAITING_SIZE_MAX,
        .kept = s_kept};
    clients_case_serve (self);
    *state = self;
    return 0;
}


int
clients_case_free (void **state)
{
    clients_case_t *self = *state;
    clients_destroy (&self->clients);
    loop_case_destroy (&self->stage);
    free (self);
    return 0;
}


wire_t *
clients_case_connect (clients_case_t *self)
{
    size_t opened = self->opened;
    wire_t *wire = wire_connect (self->stage, self->options.port);
    REACH (self->stage, &self->opened, opened + 1);
    return wire;
}


void
clients_case_part (clients_case_t *self, wire_t **wire_p)
{
    REACH (self->stage, &(*wire_p)->closed, 1);
    wire_destroy (wire_p);
    REACH (self->stage, &self->closed, self->opened);
    assert_int_equal (clients_count (self->clients), 0);
    assert_false (clients_has_output (self->clients));
    assert_int_equal (clients_counts (self->clients).waiting_size, self->kept);
}
