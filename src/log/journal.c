/*  =========================================================================
    journal - one server's log
    =========================================================================
*/

#include "log/journal.h"

#include "log/heartbeats.h"
#include "log/line.h"
#include "log/logwriter.h"
#include "log/notices.h"
#include "wire/message.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

//  Lines wait at the end of a turn while they are fewer bytes
#define TURN_SIZE 65536

//  Bytes of a provider's words
#define SAID_SIZE_MAX 400

//  How often it is logged how many clients came and left, if not which
#define CLIENTS_MS 1000

struct journal_t {
    logwriter_t *writer;
    bool full;
    line_t *line;
    bool noticed;      //  A line is one of journal_notice's
    instant_t now;     //  When what is being logged happened
    int64_t clock_ms;  //  As of the latest event
    notices_t notices;
    recent_t *recent;
    uint64_t opened;     //  Clients who came, and who left,
    uint64_t closed;     //  since it was last logged
    uint64_t connected;  //  Clients who were there then
    int64_t clients_ms;  //  When that was
    heartbeats_t heartbeats;
};


//  Log a notice, the latest of so many of its kind

static void
s_line (journal_t *self, notice_t notice, span_t text, uint64_t count)
{
    char *to = logwriter_room (self->writer);
    logwriter_add (
        self->writer, line_notice (self->line, to, notice, text, count));
}


//  Log a notice of interest by itself, which others may ask for, too

static void
s_tell (journal_t *self, notice_t notice, span_t text, uint64_t count)
{
    s_line (self, notice, text, count);
    recent_add (self->recent, self->now, notice, text, count);
    self->noticed = true;
}


//  Log a notice, unless there were enough of its kind

static void
s_notice (journal_t *self, notice_t notice, span_t text)
{
    if (notices_take (&self->notices, notice, text, self->clock_ms))
        s_tell (self, notice, text, 1);
}


static void
s_notices_left_out (journal_t *self, int64_t clock_ms)
{
    notice_t notice;
    uint64_t count;
    span_t text;
    while ((count = notices_next (&self->notices, clock_ms, &notice, &text)))
        s_tell (self, notice, text, count);
}


//  Log how many clients came and left, if it is not logged which

static void
s_clients (journal_t *self)
{
    if (self->full || self->opened + self->closed == 0)
        return;
    self->connected += self->opened - self->closed;
    self->clients_ms = self->clock_ms;
    char text [128];
    int size = snprintf (text, sizeof (text),
        "clients: %" PRIu64 " opened, %" PRIu64 " closed, %" PRIu64
        " connected",
        self->opened, self->closed, self->connected);
    s_line (self, NOTICE_CLIENTS, (span_t){text, (size_t) size}, 1);
    self->noticed = true;
    self->opened = self->closed = 0;
}


journal_t *
journal_new (const journal_options_t *options)
{
    logwriter_t *writer =
        logwriter_new (&(logfile_options_t){.file = options->file,
                           .server = options->server,
                           .json = options->json,
                           .size_max = options->size_max},
            options->key);
    if (!writer)
        return NULL;
    journal_t *self = calloc (1, sizeof (journal_t));
    assert (self);
    self->writer = writer;
    self->full = options->full;
    self->line = line_new (options->server, options->json);
    self->recent = recent_new (options->key);
    return self;
}


void
journal_destroy (journal_t **self_p)
{
    journal_t *self = *self_p;
    if (self) {
        s_clients (self);
        s_notices_left_out (self, INT64_MAX);
        logwriter_destroy (&self->writer);
        line_destroy (&self->line);
        recent_destroy (&self->recent);
        free (self);
        *self_p = NULL;
    }
}


void
journal_at (journal_t *self, instant_t now)
{
    self->now = now;
    line_at (self->line, now);
}


//  Log what came from or went to the client

static void
s_client (journal_t *self, char sign, uint64_t connection, span_t text)
{
    char *to = logwriter_room (self->writer);
    logwriter_add (
        self->writer, line_client (self->line, to, sign, connection, text));
}


//  Log that a client has come, or left

static void
s_connection (journal_t *self, notice_t notice, const event_t *event)
{
    char text [LINE_TEXT_SIZE_MAX];
    int size = snprintf (text, sizeof (text), "client %" PRIu64 " %s: %.*s",
        event->connection, notice == NOTICE_CLIENT_OPENED ? "opened" : "closed",
        (int) event->text.size, event->text.data);
    s_line (self, notice,
        (span_t){text,
            size < (int) sizeof (text) ? (size_t) size : sizeof (text) - 1},
        1);
}


//  Log what went to or came from Places

static void __attribute__ ((format (printf, 3, 4)))
s_lookup (journal_t *self, char sign, const char *format, ...)
{
    char text [LINE_TEXT_SIZE_MAX];
    va_list arguments;
    va_start (arguments, format);
    int size = vsnprintf (text, sizeof (text), format, arguments);
    va_end (arguments);
    assert (size >= 0 && size < (int) sizeof (text));
    char *to = logwriter_room (self->writer);
    logwriter_add (self->writer,
        line_places (self->line, to, sign, (span_t){text, (size_t) size}));
}


static int
s_short (span_t text)
{
    return (int) (text.size < SAID_SIZE_MAX ? text.size : SAID_SIZE_MAX);
}


//  What a provider answers is not ours to keep: status and sizes must do

static void
s_places (journal_t *self, const event_t *event)
{
    const answer_t *answer = event->answer;
    if (answer && answer->failed)
        journal_notice (self, NOTICE_PLACES_REFUSED,
            "places %" PRIu64 " refused: %.*s, %.*s", event->request,
            s_short (answer->status), answer->status.data,
            s_short (answer->message), answer->message.data);
    else if (answer && self->full)
        s_lookup (self, '<', "places %" PRIu64 " %.*s, %zu results, %zu bytes",
            event->request, s_short (answer->status), answer->status.data,
            answer->results, event->text.size);
    else if (self->full)
        s_lookup (self, '<', "places %" PRIu64 " %zu bytes that are no answer",
            event->request, event->text.size);
}


void
journal_event (journal_t *self, const event_t *event)
{
    journal_at (self, event->now);
    self->clock_ms = event->clock_ms;
    switch (event->kind) {
    case EVENT_CONNECTION_OPENED:
        self->opened++;
        if (self->full)
            s_connection (self, NOTICE_CLIENT_OPENED, event);
        break;
    case EVENT_CONNECTION_CLOSED:
        self->closed++;
        if (self->full)
            s_connection (self, NOTICE_CLIENT_CLOSED, event);
        break;
    case EVENT_CONNECTION_LINE:
    case EVENT_CONNECTION_LONG:
        if (self->full)
            s_client (self, '<', event->connection, event->text);
        break;
    case EVENT_PLACES_ANSWER:
        s_places (self, event);
        break;
    case EVENT_PLACES_FAILED:
    case EVENT_PLACES_ABSENT:
    case EVENT_PLACES_SPENT:
        journal_notice (self, NOTICE_PLACES_FAILED,
            "places %" PRIu64 " failed: %.*s", event->request,
            (int) event->text.size, event->text.data);
        break;
    case EVENT_NOTED:
        journal_notice (self, event->notice, "%.*s", (int) event->text.size,
            event->text.data);
        break;
    case EVENT_TICK:
        if (event->clock_ms - self->clients_ms >= CLIENTS_MS)
            s_clients (self);
        s_notices_left_out (self, event->clock_ms);
        break;
    default:
        break;
    }
}


//  Log a reply.  What is a provider's own is not ours to keep: its size must do

static void
s_reply (journal_t *self, const effect_t *effect)
{
    span_t text = {effect->text.data, effect->open_size};
    size_t rest = effect->text.size - effect->open_size;
    if (text.size && text.data [text.size - 1] == '\n')
        text.size--;
    s_client (self, '>', effect->connection, text);
    if (rest) {
        char words [64];
        snprintf (words, sizeof (words), "and %zu bytes of places", rest);
        s_client (self, '>', effect->connection, span_of (words));
    }
}


void
journal_effect (journal_t *self, const effect_t *effect)
{
    if (effect->kind == EFFECT_NOTE && effect->limited)
        s_notice (self, effect->notice, effect->text);
    else if (effect->kind == EFFECT_NOTE)
        s_tell (self, effect->notice, effect->text, 1);
    else if (effect->kind == EFFECT_REPLY && self->full)
        s_reply (self, effect);
    else if (effect->kind == EFFECT_FETCH && self->full)
        s_lookup (self, '>', "places %" PRIu64 " around %.*s, %u m",
            effect->request, (int) effect->text.size, effect->text.data,
            effect->radius_mm / 1000);
}


void
journal_request (
    journal_t *self, instant_t now, char sign, uint64_t connection, span_t text)
{
    journal_at (self, now);
    if (self->full)
        s_client (self, sign, connection, text);
}


void
journal_message (journal_t *self, char sign, span_t peer, span_t text)
{
    if (!self->full ||
        heartbeats_is_repeated (&self->heartbeats, sign, peer, text))
        return;
    text = message_open (text);
    if (text.size && text.data [text.size - 1] == '\n')
        text.size--;
    char *to = logwriter_room (self->writer);
    logwriter_add (self->writer, line_peer (self->line, to, sign, peer, text));
}


//  Print a notice into the text, of LINE_NOTICE_SIZE_MAX + 1

static span_t __attribute__ ((format (printf, 2, 0)))
s_print (char *text, const char *format, va_list arguments)
{
    int size = vsnprintf (text, LINE_NOTICE_SIZE_MAX + 1, format, arguments);
    assert (size >= 0);
    return span_of (text);
}


void
journal_notice (journal_t *self, notice_t notice, const char *format, ...)
{
    char text [LINE_NOTICE_SIZE_MAX + 1];
    va_list arguments;
    va_start (arguments, format);
    s_notice (self, notice, s_print (text, format, arguments));
    va_end (arguments);
}


void
journal_tell (journal_t *self, notice_t notice, const char *format, ...)
{
    char text [LINE_NOTICE_SIZE_MAX + 1];
    va_list arguments;
    va_start (arguments, format);
    s_tell (self, notice, s_print (text, format, arguments), 1);
    va_end (arguments);
}


void
journal_turn (journal_t *self)
{
    if (self->noticed || logwriter_size (self->writer) > TURN_SIZE)
        journal_flush (self);
}


void
journal_flush (journal_t *self)
{
    logwriter_hand_over (self->writer);
    self->noticed = false;
}


void
journal_reopen (journal_t *self)
{
    logwriter_reopen (self->writer);
}


//  While all is logged, those who came and left are counted for later

void
journal_change (journal_t *self, const journal_options_t *options)
{
    s_clients (self);
    self->connected += self->opened - self->closed;
    self->opened = self->closed = 0;
    self->full = options->full;
    logwriter_change (self->writer, options->size_max, options->key);
    recent_hide (self->recent, options->key);
}


const recent_notice_t *
journal_recent (const journal_t *self, size_t index)
{
    return recent_at (self->recent, index);
}


uint64_t
journal_lost (const journal_t *self)
{
    return logwriter_lost (self->writer);
}
