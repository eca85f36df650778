/*  =========================================================================
    connections_case - a room of clients that answers, and the other ends
    =========================================================================
*/

#include "io/connections_case.h"

#include <inttypes.h>

#define PORT_BASE 16200


static void
s_tell (connections_case_t *self, const char *what, const event_t *event)
{
    size_t room = sizeof (self->story) - self->story_size;
    int size = snprintf (self->story + self->story_size, room,
        "%s %" PRIu64 "%s%.*s, ", what, event->connection,
        event->text.size ? " " : "", (int) event->text.size, event->text.data);
    assert (size >= 0 && (size_t) size < room);
    self->story_size += (size_t) size;
}


static void
s_answer (connections_case_t *self, const event_t *event)
{
    self->lines++;
    connections_reply (self->clients, event->connection, span_of ("> "));
    connections_reply (self->clients, event->connection, event->text);
    connections_reply (self->clients, event->connection, span_of ("\n"));
    self->answered += event->text.size + 3;
    self->kept_own += self->keeps;
    if (self->holds && --self->holds == 0)
        connections_hold (self->clients, event->connection, true);
    if (self->stops)
        connections_stop (self->clients);
}


static void
s_event (void *context, const event_t *event)
{
    connections_case_t *self = context;
    self->address = event->address;
    switch (event->kind) {
    case EVENT_CONNECTION_OPENED:
        self->opened++;
        self->last = event->connection;
        break;
    case EVENT_CONNECTION_LINE:
        if (self->tells)
            s_tell (self, "line", event);
        s_answer (self, event);
        break;
    case EVENT_CONNECTION_LONG:
        connections_reply (
            self->clients, event->connection, span_of ("? too long\n"));
        connections_close (self->clients, event->connection);
        break;
    case EVENT_CONNECTION_ENDED:
        if (self->tells)
            s_tell (self, "ended", event);
        connections_close (self->clients, event->connection);
        break;
    case EVENT_CONNECTION_CLOSED:
        self->closed++;
        snprintf (self->why, sizeof (self->why), "%.*s", (int) event->text.size,
            event->text.data);
        break;
    case EVENT_CONNECTIONS_FULL:
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
s_kept (void *context, uint64_t connection)
{
    const connections_case_t *self = context;
    return connection == 0              ? self->kept
           : connection == self->keeper ? self->kept_own
                                        : 0;
}


static void
s_turn (void *context)
{
    connections_case_t *self = context;
    if (!self->clients)
        return;
    connections_flush (self->clients);
    connection_counts_t counts = connections_counts (self->clients);
    self->pauses = (size_t) counts.reading_pauses;
    if (counts.waiting_bytes > self->waiting_most)
        self->waiting_most = counts.waiting_bytes;
}


static void
s_tick (void *context)
{
    connections_case_t *self = context;
    if (self->clients)
        connections_tick (self->clients);
    s_turn (self);
}


void
connections_case_serve (connections_case_t *self)
{
    connections_destroy (&self->clients);
    self->clients =
        connections_new (self->stage->poller, &self->options, s_event, self);
    assert_non_null (self->clients);
}


int
connections_case_new (void **state)
{
    connections_case_t *self = zmalloc (sizeof (connections_case_t));
    self->stage = loop_case_new (PORT_BASE);
    self->stage->context = self;
    self->stage->turn = s_turn;
    self->stage->tick = s_tick;
    self->options =
        (connections_options_t){.address = address_of_v4 (INADDR_LOOPBACK),
            .port = loop_case_port (self->stage),
            .line_size_max = LINE_SIZE_MAX,
            .output_size_max = OUTPUT_SIZE_MAX,
            .output_stall_seconds = 60,
            .connections_max = 5000,
            .waiting_size_max = WAITING_SIZE_MAX,
            .kept = s_kept};
    connections_case_serve (self);
    *state = self;
    return 0;
}


int
connections_case_free (void **state)
{
    connections_case_t *self = *state;
    connections_destroy (&self->clients);
    loop_case_destroy (&self->stage);
    free (self);
    return 0;
}


wire_t *
connections_case_connect (connections_case_t *self)
{
    size_t opened = self->opened;
    wire_t *wire = wire_connect (self->stage, self->options.port);
    REACH (self->stage, &self->opened, opened + 1);
    return wire;
}


void
connections_case_part (connections_case_t *self, wire_t **wire_p)
{
    REACH (self->stage, &(*wire_p)->closed, 1);
    wire_destroy (wire_p);
    REACH (self->stage, &self->closed, self->opened);
    assert_int_equal (connections_count (self->clients), 0);
    assert_false (connections_has_output (self->clients));
    assert_int_equal (
        connections_counts (self->clients).waiting_bytes, self->kept);
}
