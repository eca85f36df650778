/*  =========================================================================
    talk - a server's mind, clients that talk to it, and one peer
    =========================================================================
*/

#include "unit/talk.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define START_MS 1000000


static server_t *
s_server (const char *name, const char *peer, uint64_t incarnation,
    size_t table_size_max, unsigned waiting_max)
{
    return server_new (&(server_options_t){.name = name,
        .herd = "test",
        .secret = "secret",
        .incarnation = incarnation,
        .peers = &peer,
        .peer_count = 1,
        .table_size_max = table_size_max,
        .waiting_max = waiting_max});
}


void
talk_begin (talk_t *self, server_t *server)
{
    event_t event = {
        .kind = EVENT_TICK, .now = self->now, .clock_ms = self->clock_ms};
    server_step (server, &event, self->effects);
    effects_clear (self->effects);
}


int
talk_new (void **state)
{
    talk_t *self = calloc (1, sizeof (talk_t));
    assert (self);
    self->alford = s_server ("Alford", "Ball", 1, 1 << 20, 4);
    self->ball = s_server ("Ball", "Alford", 2, 1 << 20, 4);
    self->effects = effects_new ();
    self->others = effects_new ();
    self->now = (instant_t){1479413884, 655887836};
    self->clock_ms = START_MS;
    self->buffer = malloc (FLOOD_ROOM);
    assert (self->buffer);
    talk_begin (self, self->alford);
    talk_begin (self, self->ball);
    *state = self;
    return 0;
}


int
talk_free (void **state)
{
    talk_t *self = *state;
    server_destroy (&self->alford);
    server_destroy (&self->ball);
    effects_destroy (&self->effects);
    effects_destroy (&self->others);
    free (self->buffer);
    free (self);
    return 0;
}


void
talk_limit (talk_t *self, size_t table_size_max, unsigned waiting_max)
{
    server_destroy (&self->alford);
    self->alford = s_server ("Alford", "Ball", 3, table_size_max, waiting_max);
    talk_begin (self, self->alford);
}


void
talk_load (talk_t *self, int64_t loading_wait_ms)
{
    server_destroy (&self->alford);
    self->alford = server_new (&(server_options_t){.name = "Alford",
        .herd = "test",
        .secret = "secret",
        .incarnation = 4,
        .peers = (const char *[]){"Ball"},
        .peer_count = 1,
        .table_size_max = 1 << 20,
        .waiting_max = 4,
        .hops = 1,
        .loading_wait_ms = loading_wait_ms});
    talk_begin (self, self->alford);
}


static event_t
s_event (const talk_t *self, event_kind_t kind, span_t text)
{
    return (event_t){.kind = kind,
        .now = self->now,
        .clock_ms = self->clock_ms,
        .text = text};
}


void
talk_event (talk_t *self, event_kind_t kind, uint64_t connection, span_t text)
{
    event_t event = s_event (self, kind, text);
    event.connection = connection;
    server_step (self->alford, &event, self->effects);
}


void
talk_line (talk_t *self, uint64_t connection, const char *line)
{
    talk_event (self, EVENT_CONNECTION_LINE, connection, span_of (line));
}


void
talk_places (talk_t *self, event_kind_t kind, uint64_t connection,
    uint64_t request, const char *text)
{
    event_t event = s_event (self, kind, span_of (text));
    event.connection = connection;
    event.request = request;
    event.status = self->status;
    answer_t answer;
    event.answer = answer_read (&answer, event.text) ? &answer : NULL;
    server_step (self->alford, &event, self->effects);
}


void
talk_check (talk_t *self, const char *line, const char *story, const char *file,
    int from)
{
    talk_line (self, 7, line);
    story_check (self->effects, span_of (story), file, from);
}


//  Give one server all that the other has for it; return how many lines of
//  locations that was

static size_t
s_pass (talk_t *self, server_t *from, server_t *to, effects_t *effects)
{
    size_t lines = 0;
    while (server_has_next (from, 0, self->clock_ms)) {
        span_t text =
            server_next (from, 0, self->clock_ms, self->buffer, self->others);
        if (text.size == 0)
            break;
        event_t event = s_event (self, EVENT_PEER_MESSAGE, text);
        server_step (to, &event, effects);
        for (span_until (&text, '\n'); text.size; lines++)
            span_until (&text, '\n');
    }
    return lines;
}


size_t
talk_exchange (talk_t *self)
{
    size_t lines = 0;
    for (int turn = 0; turn < 40; turn++) {
        self->clock_ms += CORE_TICK_MS;
        lines += s_pass (self, self->alford, self->ball, self->others);
        s_pass (self, self->ball, self->alford, self->effects);
    }
    effects_clear (self->effects);
    effects_clear (self->others);
    return lines;
}
