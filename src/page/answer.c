/*  =========================================================================
    answer - what a Places provider said, cut for the client
    =========================================================================
*/

#include "page/answer.h"

#include "page/json_token.h"

#include <assert.h>
#include <string.h>

//  What may come next.  An opened bracket is pushed, so arrays in arrays cost
//  a bit and no stack
typedef enum {
    WANT_VALUE,
    WANT_VALUE_OR_END,
    WANT_KEY_OR_END,
    WANT_MORE_OR_END,
    WANT_NOTHING,
    WANT_FAILED
} want_t;

typedef struct {
    answer_t *answer;
    const char *start;
    json_token_t token;
    unsigned depth;                                //  Open brackets
    uint8_t is_object [ANSWER_DEPTH_MAX / 8 + 1];  //  A bit each
    span_t key;                                    //  Last key at depth 1
    bool seen_results;                             //  There was one already
} scan_t;


//  Return true right inside the top-level results

static bool
s_in_results (const scan_t *self)
{
    const answer_t *answer = self->answer;
    return self->depth == 2 && answer->ends [0] && !answer->close;
}


//  A value has ended: count it if it is a result

static want_t
s_ended (scan_t *self)
{
    answer_t *answer = self->answer;
    if (s_in_results (self)) {
        answer->last = (size_t) (self->token.at - self->start);
        if (++answer->results <= ANSWER_BOUND_MAX)
            answer->ends [answer->results] = answer->last;
    }
    return self->depth ? WANT_MORE_OR_END : WANT_NOTHING;
}


static want_t
s_open_bracket (scan_t *self, bool is_object)
{
    if (self->depth == ANSWER_DEPTH_MAX || (self->depth == 0 && !is_object))
        return WANT_FAILED;
    self->token.at++;
    if (self->depth == 1 && span_equal (self->key, span_of ("results"))) {
        if (is_object)
            return WANT_FAILED;
        self->answer->ends [0] = (size_t) (self->token.at - self->start);
    }
    uint8_t bit = (uint8_t) (1 << self->depth % 8);
    uint8_t *byte = &self->is_object [self->depth++ / 8];
    *byte = (uint8_t) (is_object ? *byte | bit : *byte & ~bit);
    return is_object ? WANT_KEY_OR_END : WANT_VALUE_OR_END;
}


static bool
s_in_object (const scan_t *self)
{
    return self->is_object [(self->depth - 1) / 8] >> (self->depth - 1) % 8 & 1;
}


static want_t
s_close (scan_t *self)
{
    if (*self->token.at != (s_in_object (self) ? '}' : ']'))
        return WANT_FAILED;
    if (s_in_results (self))
        self->answer->close = (size_t) (self->token.at - self->start);
    self->token.at++;
    self->depth--;
    return s_ended (self);
}


//  Keep the text if it is one of those that tell how it went

static void
s_note (scan_t *self, span_t text)
{
    if (span_equal (self->key, span_of ("status")))
        self->answer->status = text;
    if (span_equal (self->key, span_of ("error_message")))
        self->answer->message = text;
}


static want_t
s_value (scan_t *self)
{
    span_t text;
    bool good;
    switch (*self->token.at) {
    case '{':
        return s_open_bracket (self, true);
    case '[':
        return s_open_bracket (self, false);
    case '"':
        good = json_token_string (&self->token, &text);
        if (good && self->depth == 1)
            s_note (self, text);
        break;
    case 't':
    case 'f':
    case 'n':
        good = json_token_word (&self->token);
        break;
    default:
        good = json_token_number (&self->token);
    }
    return good && self->depth ? s_ended (self) : WANT_FAILED;
}


static want_t
s_key (scan_t *self)
{
    span_t key;
    if (*self->token.at != '"' || !json_token_string (&self->token, &key))
        return WANT_FAILED;
    if (self->depth == 1) {
        self->key = key;
        if (span_equal (key, span_of ("error_message")))
            self->answer->failed = true;
        if (span_equal (key, span_of ("results"))) {
            if (self->seen_results)
                return WANT_FAILED;
            self->seen_results = true;
        }
    }
    json_token_skip_blanks (&self->token);
    if (!json_token_is_next (&self->token, ':'))
        return WANT_FAILED;
    self->token.at++;
    json_token_skip_blanks (&self->token);
    return self->token.at < self->token.end ? s_value (self) : WANT_FAILED;
}


static want_t
s_more (scan_t *self)
{
    self->token.at++;
    json_token_skip_blanks (&self->token);
    if (self->token.at == self->token.end)
        return WANT_FAILED;
    return s_in_object (self) ? s_key (self) : s_value (self);
}


static want_t
s_next_want (scan_t *self, want_t want)
{
    bool ends = *self->token.at == '}' || *self->token.at == ']';
    switch (want) {
    case WANT_VALUE:
        return s_value (self);
    case WANT_VALUE_OR_END:
        return ends ? s_close (self) : s_value (self);
    case WANT_KEY_OR_END:
        return ends ? s_close (self) : s_key (self);
    case WANT_MORE_OR_END:
        return *self->token.at == ',' ? s_more (self)
               : ends                 ? s_close (self)
                                      : WANT_FAILED;
    default:
        return WANT_FAILED;
    }
}


bool
answer_read (answer_t *self, span_t body)
{
    *self = (answer_t){.body = body};
    if (body.size == 0)
        return false;
    scan_t scan = {.answer = self,
        .start = body.data,
        .token = {body.data, body.data + body.size}};
    want_t want = WANT_VALUE;
    while (want != WANT_FAILED) {
        json_token_skip_blanks (&scan.token);
        if (scan.token.at == scan.token.end)
            break;
        want = s_next_want (&scan, want);
    }
    return want == WANT_NOTHING;
}


//  Copy with newlines folded.  *start_of_line says that a newline, or the
//  start, came just before, across pieces

static char *
s_fold (char *to, span_t piece, bool *start_of_line)
{
    const char *at = piece.data;
    const char *end = at + piece.size;
    while (at < end) {
        size_t left = (size_t) (end - at);
        const char *newline = memchr (at, '\n', left);
        size_t size = newline ? (size_t) (newline - at) : left;
        const char *cr = memchr (at, '\r', size);
        if (cr)
            size = (size_t) (cr - at);
        if (size) {
            memcpy (to, at, size);
            to += size;
            *start_of_line = false;
        }
        at += size;
        if (at < end) {
            if (!*start_of_line)
                *to++ = '\n';
            *start_of_line = true;
            at++;
        }
    }
    return to;
}


size_t
answer_print (const answer_t *self, size_t bound, char *buffer)
{
    assert (bound <= ANSWER_BOUND_MAX);
    span_t before = self->body;
    span_t after = {self->body.data + self->body.size, 0};
    if (self->results > bound) {
        size_t again = bound ? self->last : self->close;
        before.size = self->ends [bound];
        after.data = self->body.data + again;
        after.size = self->body.size - again;
    }
    bool start_of_line = true;
    char *to = s_fold (buffer, before, &start_of_line);
    to = s_fold (to, after, &start_of_line);
    if (to > buffer && start_of_line)
        to--;
    return (size_t) (to - buffer);
}
