/*  =========================================================================
    line - one line of a log, as text or as JSON
    =========================================================================
*/

#include "log/line.h"

#include "base/digits.h"
#include "log/escape.h"
#include "log/timestamp.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

//  The most that "< request 9223372036854775808 " takes, with a NUL
#define WHO_SIZE_MAX 32

//  "… (18446744073709551615 bytes)" or "(last of ...)", with a NUL
#define COUNT_SIZE_MAX 40

struct line_t {
    bool json;
    char *server;         //
    instant_t now;        //  When what is being logged happened
    instant_t started;    //  The time that start tells
    uint64_t connection;  //  The client that start tells; 0 = none
    char *start;          //  "2016-11-17T20:18:04.655887836Z A < client 7 "
    size_t sign_at;       //  Where its parts are
    size_t start_size;    //
};


line_t *
line_new (const char *server, bool json)
{
    assert (strlen (server) <= SPAN_NAME_SIZE_MAX);
    line_t *self = calloc (1, sizeof (line_t));
    assert (self);
    self->json = json;
    self->server = strdup (server);
    self->sign_at = TIMESTAMP_SIZE + strlen (server) + 2;
    self->start = malloc (self->sign_at + WHO_SIZE_MAX);
    assert (self->server && self->start);
    snprintf (self->start, self->sign_at + WHO_SIZE_MAX, "%*s %s   ",
        TIMESTAMP_SIZE, "", server);
    self->started.seconds = -1;
    return self;
}


void
line_destroy (line_t **self_p)
{
    line_t *self = *self_p;
    if (self) {
        free (self->server);
        free (self->start);
        free (self);
        *self_p = NULL;
    }
}


void
line_at (line_t *self, instant_t now)
{
    self->now = now;
}


static char *
s_put (char *to, span_t text)
{
    memcpy (to, text.data, text.size);
    return to + text.size;
}


//  Write the time into what lines start with.  Many lines have the same, and
//  most the same second

static void
s_tell_time (line_t *self)
{
    if (instant_compare (self->now, self->started) == 0)
        return;
    if (self->now.seconds != self->started.seconds)
        timestamp_print (self->start, self->now);
    else
        digits_print (self->start + TIMESTAMP_SIZE - TIMESTAMP_FRACTION_SIZE,
            (uint64_t) self->now.nanoseconds, TIMESTAMP_FRACTION_SIZE - 1);
    self->started = self->now;
}


//  Begin a line of text with so many bytes of start.  Returns where the rest
//  goes.  A copy of what was written just before would wait for that, so the
//  sign is written behind it

static char *
s_begin_text (line_t *self, char *to, size_t start_size, char sign)
{
    s_tell_time (self);
    char *end = s_put (to, (span_t){self->start, start_size});
    to [self->sign_at] = sign;
    return end;
}


//  Return what is shown of a text: its start if it is long

static span_t
s_start_of (span_t text, size_t size_max)
{
    return (span_t){text.data, text.size < size_max ? text.size : size_max};
}


//  End a line of text with what came or went: and with its size, if it is not
//  all

static char *
s_end_text (char *to, span_t text)
{
    span_t shown = s_start_of (text, LINE_TEXT_SIZE_MAX);
    to += escape_print (shown, to);
    if (shown.size < text.size)
        to += snprintf (to, COUNT_SIZE_MAX, "… (%zu bytes)", text.size);
    *to++ = '\n';
    return to;
}


static char *
s_put_number (char *to, uint64_t number)
{
    return digits_print (to, number, digits_size (number));
}


//  Write all of an object that is before who it concerns.  Names, of servers
//  too, need no escapes

static char *
s_begin_json (line_t *self, char *to, const char *level, const char *name)
{
    s_tell_time (self);
    to = s_put (to, span_of ("{\"time\":\""));
    to = s_put (to, (span_t){self->start, TIMESTAMP_SIZE});
    to = s_put (to, span_of ("\",\"level\":\""));
    to = s_put (to, span_of (level));
    to = s_put (to, span_of ("\",\"server\":\""));
    to = s_put (to, span_of (self->server));
    to = s_put (to, span_of ("\",\"name\":\""));
    to = s_put (to, span_of (name));
    *to++ = '"';
    return to;
}


//  End it with a text, and a number of that name if there is one

static char *
s_end_json (char *to, span_t text, const char *name, uint64_t number)
{
    to = s_put (to, span_of (",\"text\":\""));
    to += escape_print_json (text, to);
    *to++ = '"';
    if (name) {
        to = s_put (to, span_of (name));
        to = s_put_number (to, number);
    }
    return s_put (to, span_of ("}\n"));
}


static char *
s_end_json_text (char *to, span_t text)
{
    span_t shown = s_start_of (text, LINE_TEXT_SIZE_MAX);
    return s_end_json (
        to, shown, shown.size < text.size ? ",\"size\":" : NULL, text.size);
}


static char *
s_begin_json_flow (line_t *self, char *to, char sign)
{
    return s_begin_json (self, to, "debug", sign == '<' ? "in" : "out");
}


char *
line_notice (
    line_t *self, char *to, notice_t notice, span_t text, uint64_t count)
{
    span_t shown = s_start_of (text, LINE_NOTICE_SIZE_MAX);
    span_t name = span_of (notice_name (notice));
    if (self->json) {
        to = s_begin_json (self, to, notice_level (notice), name.data);
        return s_end_json (to, shown, count > 1 ? ",\"count\":" : NULL, count);
    }
    to = s_begin_text (self, to, self->sign_at + 2, '*');
    to = s_put (to, name);
    to = s_put (to, span_of (": "));
    to += escape_print (shown, to);
    if (count > 1)
        to += snprintf (to, COUNT_SIZE_MAX, " (last of %" PRIu64 ")", count);
    *to++ = '\n';
    return to;
}


//  A connection that is one request alone is called that, and counted from 1

static bool
s_is_request (uint64_t connection)
{
    return connection > EVENT_REQUESTS;
}


static uint64_t
s_number (uint64_t connection)
{
    return s_is_request (connection) ? connection - EVENT_REQUESTS : connection;
}


//  Much of what is logged concerns the same client, whose start is kept

static void
s_tell_client (line_t *self, uint64_t connection)
{
    if (self->connection == connection)
        return;
    char *to = self->start + self->sign_at + 2;
    to = s_put (
        to, span_of (s_is_request (connection) ? "request " : "client "));
    to = s_put_number (to, s_number (connection));
    *to++ = ' ';
    self->start_size = (size_t) (to - self->start);
    self->connection = connection;
}


char *
line_client (
    line_t *self, char *to, char sign, uint64_t connection, span_t text)
{
    if (self->json) {
        to = s_begin_json_flow (self, to, sign);
        to = s_put (to, span_of (s_is_request (connection) ? ",\"request\":"
                                                           : ",\"client\":"));
        to = s_put_number (to, s_number (connection));
        return s_end_json_text (to, text);
    }
    s_tell_client (self, connection);
    to = s_begin_text (self, to, self->start_size, sign);
    return s_end_text (to, text);
}


char *
line_peer (line_t *self, char *to, char sign, span_t peer, span_t text)
{
    if (self->json) {
        to = s_begin_json_flow (self, to, sign);
        to = s_put (to, span_of (",\"peer\":\""));
        to = s_put (to, peer);
        *to++ = '"';
        return s_end_json_text (to, text);
    }
    to = s_begin_text (self, to, self->sign_at + 2, sign);
    to = s_put (to, span_of ("peer "));
    to = s_put (to, peer);
    *to++ = ' ';
    return s_end_text (to, text);
}


char *
line_places (line_t *self, char *to, char sign, span_t text)
{
    if (self->json)
        return s_end_json_text (s_begin_json_flow (self, to, sign), text);
    to = s_begin_text (self, to, self->sign_at + 2, sign);
    return s_end_text (to, text);
}
