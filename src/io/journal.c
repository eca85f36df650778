/*  =========================================================================
    journal - one server's log
    =========================================================================
*/

#include "io/journal.h"

#include "io/escape.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define ROOM_LEAST 65536

//  A turn's lines are written early if they grow beyond this
#define FLUSH_SIZE 262144

//  Memory beyond this is given back
#define ROOM_KEPT 1048576

//  Fingerprints of heartbeats seen, by their low bits
#define BEATS 256

struct journal_t {
    char *file;
    int fd;
    char *server;
    bool full;
    instant_t now;
    int64_t prefix_seconds;  //  Second that prefix is for
    char prefix [32];        //  "2016-11-17T20:18:04."
    char *text;
    size_t size;
    size_t room;
    bool torn;      //  The file ends in the midst of a line
    uint64_t lost;  //  Lines that could not be written
    uint64_t beats [BEATS];
};


static int
s_open (const char *file)
{
    return file ? open (file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640)
                : dup (STDOUT_FILENO);
}


journal_t *
journal_new (const journal_options_t *options)
{
    int fd = s_open (options->file);
    if (fd < 0)
        return NULL;
    journal_t *self = calloc (1, sizeof (journal_t));
    assert (self);
    self->fd = fd;
    self->file = options->file ? strdup (options->file) : NULL;
    assert (self->file || !options->file);
    self->server = strdup (options->server);
    assert (self->server);
    self->full = options->full;
    self->prefix_seconds = -1;
    self->room = ROOM_LEAST;
    self->text = malloc (self->room);
    assert (self->text);
    return self;
}


void
journal_destroy (journal_t **self_p)
{
    journal_t *self = *self_p;
    if (self) {
        journal_flush (self);
        close (self->fd);
        free (self->file);
        free (self->server);
        free (self->text);
        free (self);
        *self_p = NULL;
    }
}


static char *
s_room (journal_t *self, size_t size)
{
    if (self->size + size > self->room) {
        self->room = (self->size + size) * 2;
        self->text = realloc (self->text, self->room);
        assert (self->text);
    }
    return self->text + self->size;
}


static void
s_put (journal_t *self, span_t text)
{
    memcpy (s_room (self, text.size), text.data, text.size);
    self->size += text.size;
}


static void
s_put_escaped (journal_t *self, span_t text)
{
    char *to = s_room (self, text.size * ESCAPE_GROWTH);
    self->size += escape_print (text, to);
}


//  Start a line with time, server and sign

static void
s_start (journal_t *self, char sign)
{
    if (self->now.seconds != self->prefix_seconds) {
        time_t seconds = (time_t) self->now.seconds;
        struct tm parts;
        gmtime_r (&seconds, &parts);
        strftime (
            self->prefix, sizeof (self->prefix), "%Y-%m-%dT%H:%M:%S.", &parts);
        self->prefix_seconds = self->now.seconds;
    }
    s_put (self, span_of (self->prefix));
    char decimals [10];
    int64_t value = self->now.nanoseconds;
    for (size_t place = 9; place; place--) {
        decimals [place - 1] = (char) ('0' + value % 10);
        value /= 10;
    }
    decimals [9] = 'Z';
    s_put (self, (span_t){decimals, 10});
    s_put (self, span_of (" "));
    s_put (self, span_of (self->server));
    s_put (self, (span_t){(char []){' ', sign, ' '}, 3});
}


static void
s_end (journal_t *self)
{
    s_put (self, span_of ("\n"));
    if (self->size > FLUSH_SIZE)
        journal_flush (self);
}


static void
s_put_number (journal_t *self, uint64_t number)
{
    char digits [20];
    size_t at = sizeof (digits);
    do
        digits [--at] = (char) ('0' + number % 10);
    while (number /= 10);
    s_put (self, (span_t){digits + at, sizeof (digits) - at});
}


//  Log what came from or went to the numbered client or lookup

static void
s_numbered (journal_t *self, const char *start, uint64_t number,
    const char *what, span_t text)
{
    s_start (self, *start);
    s_put (self, span_of (start + 1));
    s_put_number (self, number);
    s_put (self, span_of (what));
    s_put_escaped (self, text);
    s_end (self);
}


//  Return true if the message is a heartbeat, one line alone, that says the
//  same as an earlier one

static bool
s_is_repeated (journal_t *self, char sign, span_t text)
{
    const char *end = text.size ? memchr (text.data, '\n', text.size) : NULL;
    if (!end || end != text.data + text.size - 1)
        return false;
    uint64_t hash = 0xCBF29CE484222325u + (uint64_t) sign;  //  FNV-1a
    for (size_t at = 0; at < text.size; at++)
        hash = (hash ^ (unsigned char) text.data [at]) * 0x100000001B3u;
    uint64_t *seen = &self->beats [hash % BEATS];
    bool repeated = *seen == hash;
    *seen = hash;
    return repeated;
}


static void
s_message (journal_t *self, char sign, const char *peer, span_t text)
{
    if (!self->full || s_is_repeated (self, sign, text))
        return;
    s_start (self, sign);
    s_put (self, span_of ("peer "));
    s_put (self, span_of (peer));
    if (*peer)
        s_put (self, span_of (" "));
    if (text.size && text.data [text.size - 1] == '\n')
        text.size--;
    s_put_escaped (self, text);
    s_end (self);
}


void
journal_at (journal_t *self, instant_t now)
{
    self->now = now;
}


void
journal_event (journal_t *self, const event_t *event)
{
    self->now = event->now;
    switch (event->kind) {
    case EVENT_CLIENT_OPENED:
        s_numbered (self, "*client ", event->client, " opened: ", event->text);
        break;
    case EVENT_CLIENT_CLOSED:
        s_numbered (self, "*client ", event->client, " closed: ", event->text);
        break;
    case EVENT_CLIENT_LINE:
    case EVENT_CLIENT_LONG:
        if (self->full)
            s_numbered (self, "<client ", event->client, " ", event->text);
        break;
    case EVENT_PEER_MESSAGE:
        s_message (self, '<', "", event->text);
        break;
    case EVENT_PLACES_ANSWER:
        if (self->full)
            journal_line (self, '<', "places %" PRIu64 " %zu bytes",
                event->request, event->text.size);
        break;
    case EVENT_PLACES_FAILED:
        s_numbered (self, "*places ", event->request, " failed: ", event->text);
        break;
    case EVENT_CLIENT_ENDED:
    case EVENT_PEER_UP:
    case EVENT_PEER_DOWN:
    case EVENT_TICK:
    case EVENT_STOP:
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
    s_numbered (self, ">client ", effect->client, " ", text);
    if (rest)
        journal_line (self, '>', "client %" PRIu64 " and %zu bytes of places",
            effect->client, rest);
}


void
journal_effect (journal_t *self, const effect_t *effect)
{
    if (effect->kind == EFFECT_NOTE)
        journal_line (
            self, '*', "%.*s", (int) effect->text.size, effect->text.data);
    else if (effect->kind == EFFECT_REPLY && self->full)
        s_reply (self, effect);
    else if (effect->kind == EFFECT_FETCH && self->full)
        journal_line (self, '>', "places %" PRIu64 " around %.*s, %u m",
            effect->request, (int) effect->text.size, effect->text.data,
            effect->radius_mm / 1000);
}


void
journal_message (journal_t *self, const char *peer, span_t text)
{
    s_message (self, '>', peer, text);
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
    s_start (self, sign);
    s_put_escaped (self,
        (span_t){text,
            (size_t) size < sizeof (text) ? (size_t) size : sizeof (text) - 1});
    s_end (self);
}


//  Return how many bytes were written: all, unless errno says why not

static size_t
s_write (int fd, span_t text)
{
    size_t done = 0;
    while (done < text.size) {
        ssize_t written = write (fd, text.data + done, text.size - done);
        if (written > 0)
            done += (size_t) written;
        else if (errno != EINTR)
            break;
    }
    return done;
}


//  The lines from here on are lost, the first of them perhaps in its midst

static void
s_lose (journal_t *self, size_t from)
{
    if (self->lost == 0)
        fprintf (stderr, "zherd: %s: log lines are lost: %s\n",
            self->file ? self->file : "log", strerror (errno));
    self->torn = from ? self->text [from - 1] != '\n' : self->torn;
    for (size_t at = from; at < self->size; at++)
        self->lost += self->text [at] == '\n';
}


void
journal_flush (journal_t *self)
{
    if (self->size == 0)
        return;
    if (self->torn)
        self->torn = s_write (self->fd, span_of ("\n")) == 0;
    span_t text = {self->text, self->torn ? 0 : self->size};
    size_t written = s_write (self->fd, text);
    if (written < self->size)
        s_lose (self, written);
    self->size = 0;
    if (self->room > ROOM_KEPT) {
        self->room = ROOM_LEAST;
        self->text = realloc (self->text, self->room);
        assert (self->text);
    }
}


void
journal_reopen (journal_t *self)
{
    journal_flush (self);
    int fd = s_open (self->file);
    if (fd < 0) {
        journal_line (self, '*', "log not reopened: %s", strerror (errno));
        return;
    }
    close (self->fd);
    self->fd = fd;
    journal_line (self, '*', "log reopened");
}


uint64_t
journal_lost (const journal_t *self)
{
    return self->lost;
}
