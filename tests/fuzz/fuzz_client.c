/*  =========================================================================
    fuzz_client - whatever a client sends, it is answered in order

    In whatever pieces the bytes come, and however late Places is: the replies
    are the same, one for each line, in the order of the lines, which begin
    behind a telnet client's commands.  The input is the client's bytes; its
    first two bytes choose pieces and answers.
    =========================================================================
*/

#include "base/lines.h"
#include "command/command.h"
#include "command/telnet.h"
#include "core/server.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

#define LINE_SIZE_MAX 1500
#define CLIENT 7
#define REQUESTS_MAX 8

static const char s_page [] = "{ \"results\" : [\n\n1, 2, [ 3 ],\r\n4 ],"
                              "\r\n\r\n \"status\" : \"OK\" }\n\n";

//  One client's life
typedef struct {
    server_t *server;
    effects_t *effects;
    telnet_t telnet;
    lines_t lines;
    char *replies;
    size_t replies_size;
    uint64_t requests [REQUESTS_MAX];  //  Not answered yet
    unsigned request_count;
    unsigned answers;  //  Bits: how Places answers in turn
    bool late;         //  Only when the client is held, or at the end
    bool held;
    bool closing;
} life_t;

static void
s_take_effects (life_t *self);


static void
s_tell (life_t *self, event_kind_t kind, span_t text, uint64_t request)
{
    event_t event = {.kind = kind,
        .now = {1479413884, 655887836},
        .clock_ms = 1000,
        .connection = CLIENT,
        .request = request,
        .text = text};
    answer_t answer;
    if (kind == EVENT_PLACES_ANSWER && answer_read (&answer, text))
        event.answer = &answer;
    server_step (self->server, &event, self->effects);
    s_take_effects (self);
}


//  Places answers the oldest or, as the bits say, the newest request

static void
s_answer (life_t *self)
{
    unsigned index = self->late && self->request_count % 3 == 2
                         ? self->request_count - 1
                         : 0;
    uint64_t request = self->requests [index];
    self->request_count--;
    memmove (self->requests + index, self->requests + index + 1,
        (self->request_count - index) * sizeof (uint64_t));
    bool good = self->answers >> request % 8 & 1;
    s_tell (self, good ? EVENT_PLACES_ANSWER : EVENT_PLACES_FAILED,
        span_of (good ? s_page : "too slow"), request);
}


static void
s_keep_reply (life_t *self, span_t text)
{
    assert (text.size && text.data [text.size - 1] == '\n');
    assert (!self->closing);
    self->replies = realloc (self->replies, self->replies_size + text.size);
    assert (self->replies);
    memcpy (self->replies + self->replies_size, text.data, text.size);
    self->replies_size += text.size;
}


static void
s_take_effect (life_t *self, const effect_t *effect)
{
    switch (effect->kind) {
    case EFFECT_REPLY:
        s_keep_reply (self, effect->text);
        break;
    case EFFECT_HOLD:
        assert (!self->held);
        self->held = true;
        break;
    case EFFECT_RELEASE:
        assert (self->held);
        self->held = false;
        break;
    case EFFECT_CLOSE:
        assert (!self->closing);
        self->closing = true;
        break;
    case EFFECT_FETCH:
        assert (self->request_count < REQUESTS_MAX);
        self->requests [self->request_count++] = effect->request;
        break;
    case EFFECT_NOTE:
    case EFFECT_HEARD:
    case EFFECT_PARTED:
        break;
    }
    assert (effect->kind == EFFECT_NOTE || effect->connection == CLIENT);
}


static void
s_take_effects (life_t *self)
{
    for (size_t at = 0; at < effects_count (self->effects); at++) {
        effect_t effect = *effects_at (self->effects, at);
        s_take_effect (self, &effect);
    }
    effects_clear (self->effects);
    while (!self->late && self->request_count)
        s_answer (self);
}


//  Tell all lines in the bytes.  Returns false if no more is to be read

static bool
s_tell_lines (life_t *self, span_t bytes)
{
    for (;;) {
        span_t line;
        while (self->held)
            s_answer (self);
        switch (lines_next (&self->lines, &bytes, LINE_SIZE_MAX, &line)) {
        case LINES_LINE:
            s_tell (self, EVENT_CONNECTION_LINE, line, 0);
            break;
        case LINES_LONG:
            s_tell (self, EVENT_CONNECTION_LONG, line, 0);
            return false;
        case LINES_MORE:
            return true;
        }
    }
}


//  Pass on a piece of what the client sends, or its end, which is empty

static bool
s_feed (life_t *self, span_t bytes)
{
    bool reads = true;
    if (telnet_pass (&self->telnet, &bytes)) {
        reads = s_tell_lines (self, bytes);
        telnet_clear (&self->telnet);
    }
    assert (self->telnet.size < TELNET_SIZE_MAX);
    return reads;
}


static void
s_end (life_t *self)
{
    span_t rest = lines_rest (&self->lines);
    if (rest.size)
        s_tell (self, EVENT_CONNECTION_LINE, rest, 0);
    s_tell (self, EVENT_CONNECTION_ENDED, (span_t){NULL, 0}, 0);
}


static void
s_live (life_t *self, span_t bytes, size_t piece)
{
    self->server = server_new (&(server_options_t){.name = "Alford",
        .herd = "fuzz",
        .secret = "",
        .incarnation = 1,
        .table_size_max = 1 << 14,
        .waiting_max = 1 + (unsigned) (piece % (REQUESTS_MAX - 1))});
    self->effects = effects_new ();
    bool reads = true;
    for (size_t at = 0; at < bytes.size && reads; at += piece) {
        size_t size = bytes.size - at < piece ? bytes.size - at : piece;
        reads = s_feed (self, (span_t){bytes.data + at, size});
    }
    if (reads && s_feed (self, (span_t){NULL, 0}))
        s_end (self);
    while (self->request_count)
        s_answer (self);
    assert (self->closing && !self->held);
    assert (server_status (self->server).waiting == 0);
    lines_clear (&self->lines);
    effects_destroy (&self->effects);
    server_destroy (&self->server);
}


static bool
s_is_at (span_t line)
{
    location_t location;
    return location_parse (&location, line);
}


//  Return the replies behind the one to this line

static span_t
s_check_reply (span_t line, bool is_long, span_t replies)
{
    command_t command;
    command_parse (&command, line, LOCATION_CLIENT_SIZE_MAX);
    if (command.kind == COMMAND_NONE && !is_long)
        return replies;
    bool no_echo = replies.size < 2 || replies.data [0] != '?';
    span_t reply = span_until (&replies, '\n');
    if (!no_echo) {
        assert (reply.size > 1 && reply.data [1] == ' ');
        reply.data += 2;
        reply.size -= 2;
        if (is_long)
            line.size = SERVER_LONG_ECHO_SIZE;
        if (line.size && line.data [line.size - 1] == '\r')
            line.size--;
        assert (span_equal (reply, line));
        return replies;
    }
    assert (!is_long && command.kind != COMMAND_BAD);
    assert (s_is_at (reply));
    if (command.kind == COMMAND_WHATSAT) {
        const char *end = memmem (replies.data, replies.size, "\n\n", 2);
        assert (end);
        replies.size -= (size_t) (end + 2 - replies.data);
        replies.data = end + 2;
    }
    return replies;
}


//  Return the size of a telnet client's command, 0 if the bytes begin with none

static size_t
s_command_size (span_t bytes)
{
    const unsigned char *byte = (const unsigned char *) bytes.data;
    if (bytes.size < 2 || byte [0] != 255)
        return 0;
    if (byte [1] == 241)
        return 2;
    if (byte [1] >= 251 && byte [1] <= 254)
        return bytes.size > 2 ? 3 : 0;
    size_t at = byte [1] == 250 ? 2 : bytes.size;
    while (at + 1 < bytes.size && (byte [at] != 255 || byte [at + 1] == 255))
        at += byte [at] == 255 ? 2 : 1;
    bool ends = at + 1 < bytes.size && byte [at + 1] == 240;
    return ends && at + 2 <= TELNET_SIZE_MAX ? at + 2 : 0;
}


//  A reply for each line, and no other

static void
s_check_replies (span_t bytes, span_t replies)
{
    size_t command_size;
    while ((command_size = s_command_size (bytes))) {
        bytes.data += command_size;
        bytes.size -= command_size;
    }
    while (bytes.size) {
        span_t line = span_until (&bytes, '\n');
        bool is_long = line.size > LINE_SIZE_MAX;
        replies = s_check_reply (line, is_long, replies);
        if (is_long)
            break;
    }
    assert (replies.size == 0);
}


int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    life_t prompt = {.answers = data [1]};
    life_t late = {.answers = data [1], .late = true};
    char *copy = malloc (size - 1);
    assert (copy);
    memcpy (copy, data + 2, size - 2);
    span_t bytes = {copy, size - 2};
    s_live (&prompt, bytes, size);
    s_live (&late, bytes, 1 + data [0] % 64);
    span_t one = {prompt.replies, prompt.replies_size};
    span_t other = {late.replies, late.replies_size};
    assert (span_equal (one, other));
    s_check_replies (bytes, one);
    free (prompt.replies);
    free (late.replies);
    free (copy);
    return 0;
}
