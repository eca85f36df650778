/*  =========================================================================
    journal - one server's log
    =========================================================================
*/

#include "log/journal.h"

#include "base/digits.h"
#include "log/escape.h"
#include "log/heartbeats.h"
#include "log/logwriter.h"
#include "log/notices.h"
#include "log/timestamp.h"
#include "wire/message.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

//  Lines wait at the end of a turn while they are fewer bytes
#define TURN_SIZE 65536

//  The most that "< request 9223372036854775808 " takes, with a NUL
#define WHO_SIZE_MAX 32

//  Bytes of a provider's words
#define SAID_SIZE_MAX 400

//  "… (18446744073709551615 bytes)" or "(last of ...)", with a NUL
#define COUNT_SIZE_MAX 40

//  How often it is logged how many clients came and left, if not which
#define CLIENTS_MS 1000

struct journal_t {
    logwriter_t *writer;
    bool full;
    instant_t now;        //  When what is being logged happened
    instant_t started;    //  The time that start tells
    uint64_t connection;  //  The client that start tells; 0 = none
    char *start;          //  "2016-11-17T20:18:04.655887836Z A < client 7 "
    size_t sign_at;       //  Where its parts are
    size_t start_size;    //
    bool noticed;         //  A line is one of journal_line's notices
    int64_t clock_ms;     //  As of the latest event
    notices_t notices;
    uint64_t opened;     //  Clients who came, and who left,
    uint64_t closed;     //  since it was last logged
    uint64_t connected;  //  Clients who were there then
    int64_t clients_ms;  //  When that was
    heartbeats_t heartbeats;
};


static char *
s_put (char *to, span_t text)
{
    memcpy (to, text.data, text.size);
    return to + text.size;
}


//  Write the time into what lines start with.  Many lines have the same, and
//  most the same second

static void
s_tell_time (journal_t *self)
{
    if (self->now.seconds != self->started.seconds)
        timestamp_print (self->start, self->now);
    else
        digits_print (self->start + TIMESTAMP_SIZE - TIMESTAMP_FRACTION_SIZE,
            (uint64_t) self->now.nanoseconds, TIMESTAMP_FRACTION_SIZE - 1);
    self->started = self->now;
}


//  Begin a line with so many bytes of start.  Returns where the rest goes

static char *
s_begin_line (journal_t *self, size_t start_size, char sign)
{
    if (instant_compare (self->now, self->started) != 0)
        s_tell_time (self);
    //  A copy of what was written just before would wait for that, so the sign
    //  is written behind it
    char *to = logwriter_room (self->writer);
    char *end = s_put (to, (span_t){self->start, start_size});
    to [self->sign_at] = sign;
    return end;
}


static void
s_end_line (journal_t *self, char *to)
{
    *to++ = '\n';
    logwriter_add (self->writer, to);
}


//  Write a text, escaped: its start if it is long, and how long it is

static char *
s_text (char *to, span_t text)
{
    span_t shown = {text.data,
        text.size < JOURNAL_TEXT_SIZE_MAX ? text.size : JOURNAL_TEXT_SIZE_MAX};
    to += escape_print (shown, to);
    if (shown.size < text.size)
        to += snprintf (to, COUNT_SIZE_MAX, "… (%zu bytes)", text.size);
    return to;
}


//  Log a text, which is the latest of so many like it

static void
s_line (journal_t *self, char sign, span_t text, uint64_t count)
{
    char *to = s_begin_line (self, self->sign_at + 2, sign);
    to += escape_print (text, to);
    if (count > 1)
        to += snprintf (to, COUNT_SIZE_MAX, " (last of %" PRIu64 ")", count);
    s_end_line (self, to);
    self->noticed |= sign == '*';
}


//  Log a notice, unless there were enough of its kind

static void
s_notice (journal_t *self, const char *kind, span_t text)
{
    if (!kind || notices_take (&self->notices, kind, text, self->clock_ms))
        s_line (self, '*', text, 1);
}


static void
s_notices_left_out (journal_t *self, int64_t clock_ms)
{
    span_t text;
    uint64_t count;
    while ((text = notices_next (&self->notices, clock_ms, &count)).size)
        s_line (self, '*', text, count);
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
    s_notice (self, NULL, (span_t){text, (size_t) size});
    self->opened = self->closed = 0;
}


journal_t *
journal_new (const journal_options_t *options)
{
    assert (strlen (options->server) <= SPAN_NAME_SIZE_MAX);
    logwriter_t *writer =
        logwriter_new (&(logfile_options_t){.file = options->file,
                           .server = options->server,
                           .size_max = options->size_max},
            options->key);
    if (!writer)
        return NULL;
    journal_t *self = calloc (1, sizeof (journal_t));
    assert (self);
    self->writer = writer;
    self->full = options->full;
    self->sign_at = TIMESTAMP_SIZE + strlen (options->server) + 2;
    self->start = malloc (self->sign_at + WHO_SIZE_MAX);
    assert (self->start);
    snprintf (self->start, self->sign_at + WHO_SIZE_MAX, "%*s %s   ",
        TIMESTAMP_SIZE, "", options->server);
    self->started.seconds = -1;
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
        free (self->start);
        free (self);
        *self_p = NULL;
    }
}


void
journal_at (journal_t *self, instant_t now)
{
    self->now = now;
}


//  A connection that is one request alone is called that, and counted from 1

static const char *
s_noun (uint64_t connection)
{
    return connection > EVENT_REQUESTS ? "request " : "client ";
}


static uint64_t
s_number (uint64_t connection)
{
    return connection > EVENT_REQUESTS ? connection - EVENT_REQUESTS
                                       : connection;
}


//  Log what came from or went to the client.  Much of it concerns the same one,
//  whose start is kept

static void
s_client (journal_t *self, char sign, uint64_t connection, const char *what,
    span_t text)
{
    if (self->connection != connection) {
        uint64_t number = s_number (connection);
        char *to = s_put (
            self->start + self->sign_at + 2, span_of (s_noun (connection)));
        to = digits_print (to, number, digits_size (number));
        *to++ = ' ';
        self->start_size = (size_t) (to - self->start);
        self->connection = connection;
    }
    char *to = s_begin_line (self, self->start_size, sign);
    to = s_put (to, span_of (what));
    s_end_line (self, s_text (to, text));
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
        journal_line (self, '*', "places %" PRIu64 " refused: %.*s, %.*s",
            event->request, s_short (answer->status), answer->status.data,
            s_short (answer->message), answer->message.data);
    else if (answer && self->full)
        journal_line (self, '<',
            "places %" PRIu64 " %.*s, %zu results, %zu bytes", event->request,
            s_short (answer->status), answer->status.data, answer->results,
            event->text.size);
    else if (self->full)
        journal_line (self, '<',
            "places %" PRIu64 " %zu bytes that are no answer", event->request,
            event->text.size);
}


void
journal_event (journal_t *self, const event_t *event)
{
    self->now = event->now;
    self->clock_ms = event->clock_ms;
    switch (event->kind) {
    case EVENT_CONNECTION_OPENED:
        self->opened++;
        if (self->full)
            s_client (self, '*', event->connection, "opened: ", event->text);
        break;
    case EVENT_CONNECTION_CLOSED:
        self->closed++;
        if (self->full)
            s_client (self, '*', event->connection, "closed: ", event->text);
        break;
    case EVENT_CONNECTION_LINE:
    case EVENT_CONNECTION_LONG:
        if (self->full)
            s_client (self, '<', event->connection, "", event->text);
        break;
    case EVENT_PLACES_ANSWER:
        s_places (self, event);
        break;
    case EVENT_PLACES_FAILED:
    case EVENT_PLACES_SPENT:
        journal_line (self, '*', "places %" PRIu64 " failed: %.*s",
            event->request, (int) event->text.size, event->text.data);
        break;
    case EVENT_PLACES_HELD:
        journal_line (self, '*', "places: %.*s", (int) event->text.size,
            event->text.data);
        break;
    case EVENT_PEER_NAMED:
        journal_line (
            self, '*', "%.*s", (int) event->text.size, event->text.data);
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
    s_client (self, '>', effect->connection, "", text);
    if (rest)
        journal_line (self, '>', "%s%" PRIu64 " and %zu bytes of places",
            s_noun (effect->connection), s_number (effect->connection), rest);
}


void
journal_effect (journal_t *self, const effect_t *effect)
{
    if (effect->kind == EFFECT_NOTE)
        s_notice (self, effect->format, effect->text);
    else if (effect->kind == EFFECT_REPLY && self->full)
        s_reply (self, effect);
    else if (effect->kind == EFFECT_FETCH && self->full)
        journal_line (self, '>', "places %" PRIu64 " around %.*s, %u m",
            effect->request, (int) effect->text.size, effect->text.data,
            effect->radius_mm / 1000);
}


void
journal_request (
    journal_t *self, instant_t now, char sign, uint64_t connection, span_t text)
{
    self->now = now;
    if (self->full)
        s_client (self, sign, connection, "", text);
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
    char *to = s_begin_line (self, self->sign_at + 2, sign);
    to = s_put (to, span_of ("peer "));
    to = s_put (to, peer);
    *to++ = ' ';
    s_end_line (self, s_text (to, text));
}


void
journal_line (journal_t *self, char sign, const char *format, ...)
{
    char text [1024];
    va_list arguments;
    va_start (arguments, format);
    int size = vsnprintf (text, sizeof (text), format, arguments);
    va_end (arguments);
    assert (size >= 0);
    span_t said = {text,
        (size_t) size < sizeof (text) ? (size_t) size : sizeof (text) - 1};
    if (sign == '*')
        s_notice (self, format, said);
    else
        s_line (self, sign, said, 1);
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
}


uint64_t
journal_lost (const journal_t *self)
{
    return logwriter_lost (self->writer);
}
