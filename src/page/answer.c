/*  =========================================================================
    answer - what a Places provider said, cut for the client
    =========================================================================
*/

#include "page/answer.h"

#include "page/json_scan.h"
#include "page/json_token.h"

#include <assert.h>
#include <string.h>

//  What may come next
typedef enum {
    WANT_VALUE,
    WANT_VALUE_OR_END,
    WANT_KEY_OR_END,
    WANT_MORE_OR_END,
    WANT_NOTHING
} want_t;

//  An opened bracket is pushed, so arrays in arrays cost a bit and no stack
typedef struct {
    answer_t *answer;
    const char *start;
    const char *end;
    want_t want;
    unsigned depth;                                //  Open brackets
    bool in_object;                                //  The last one's bit
    uint8_t is_object [ANSWER_DEPTH_MAX / 8 + 1];  //  A bit each
    span_t key;                                    //  Last key at depth 1
    bool seen_results;                             //  There was one already
} scan_t;


//  Return true at depth 2 inside the top-level results

static bool
s_in_results (const scan_t *self)
{
    return self->answer->ends [0] && !self->answer->close;
}


//  Each of these reads from where the scan is, and returns where it goes on, or
//  NULL if that is no answer.  Most of a page is read twice as fast as if that
//  were kept in memory.

//  A value has ended: count it if it is a result

static const char *
s_ended (scan_t *self, const char *at)
{
    answer_t *answer = self->answer;
    self->want = self->depth ? WANT_MORE_OR_END : WANT_NOTHING;
    if (self->depth == 2 && s_in_results (self)) {
        answer->last = (size_t) (at - self->start);
        if (++answer->results <= ANSWER_BOUND_MAX)
            answer->ends [answer->results] = answer->last;
    }
    return at;
}


static const char *
s_open_bracket (scan_t *self, const char *at, bool is_object)
{
    if (self->depth == ANSWER_DEPTH_MAX || (self->depth == 0 && !is_object))
        return NULL;
    at++;
    if (self->depth == 1 && span_equal (self->key, span_of ("results"))) {
        if (is_object)
            return NULL;
        self->answer->ends [0] = (size_t) (at - self->start);
    }
    uint8_t bit = (uint8_t) (1 << self->depth % 8);
    uint8_t *byte = &self->is_object [self->depth++ / 8];
    *byte = (uint8_t) (is_object ? *byte | bit : *byte & ~bit);
    self->in_object = is_object;
    self->want = is_object ? WANT_KEY_OR_END : WANT_VALUE_OR_END;
    return at;
}


static const char *
s_close (scan_t *self, const char *at)
{
    if (*at != (self->in_object ? '}' : ']'))
        return NULL;
    if (self->depth == 2 && s_in_results (self))
        self->answer->close = (size_t) (at - self->start);
    unsigned last = --self->depth ? self->depth - 1 : 0;
    self->in_object = self->is_object [last / 8] >> last % 8 & 1;
    return s_ended (self, at + 1);
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


//  Apart from what most strings take, which needs fewer registers

__attribute__ ((noinline)) static const char *
s_special_string (const char *at, const char *end)
{
    span_t text;
    json_token_t token = {at, end};
    return json_token_string (&token, &text) ? token.at : NULL;
}


//  Most strings are plain

static const char *
s_string (const char *at, const char *end)
{
    const char *quote = json_scan_plain (at + 1, end);
    return quote < end && *quote == '"' ? quote + 1
                                        : s_special_string (at, end);
}


//  Return what is between a string's quotes

static span_t
s_text (const char *at, const char *end)
{
    return (span_t){at + 1, (size_t) (end - 1 - (at + 1))};
}


static const char *
s_value (scan_t *self, const char *at)
{
    bool good;
    json_token_t token = {at, self->end};
    switch (*at) {
    case '{':
        return s_open_bracket (self, at, true);
    case '[':
        return s_open_bracket (self, at, false);
    case '"':
        token.at = s_string (at, self->end);
        good = token.at;
        if (good && self->depth == 1)
            s_note (self, s_text (at, token.at));
        break;
    case 't':
    case 'f':
    case 'n':
        good = json_token_word (&token);
        break;
    default:
        good = json_token_number (&token);
    }
    return good && self->depth ? s_ended (self, token.at) : NULL;
}


//  Remember a key of the answer itself.  Returns false if it may not be there

static bool
s_note_key (scan_t *self, span_t key)
{
    self->key = key;
    if (span_equal (key, span_of ("error_message")))
        self->answer->failed = true;
    if (!span_equal (key, span_of ("results")))
        return true;
    bool again = self->seen_results;
    self->seen_results = true;
    return !again;
}


//  Google has a space on either side of a colon

static const char *
s_colon (const char *at, const char *end)
{
    if (end - at >= 3 && memcmp (at, " : ", 3) == 0)
        at += 3;
    else {
        at = json_scan_blanks (at, end);
        if (at == end || *at++ != ':')
            return NULL;
    }
    at = json_scan_blanks (at, end);
    return at < end ? at : NULL;
}


static const char *
s_key (scan_t *self, const char *at)
{
    const char *start = at;
    at = *at == '"' ? s_string (at, self->end) : NULL;
    if (!at || (self->depth == 1 && !s_note_key (self, s_text (start, at))))
        return NULL;
    at = s_colon (at, self->end);
    return at ? s_value (self, at) : NULL;
}


static const char *
s_more (scan_t *self, const char *at)
{
    at = json_scan_blanks (at + 1, self->end);
    if (at == self->end)
        return NULL;
    return self->in_object ? s_key (self, at) : s_value (self, at);
}


static const char *
s_next (scan_t *self, const char *at)
{
    if (self->want == WANT_MORE_OR_END && *at == ',')
        return s_more (self, at);
    if (self->want == WANT_NOTHING)
        return NULL;
    if (self->want != WANT_VALUE && (*at == '}' || *at == ']'))
        return s_close (self, at);
    if (self->want == WANT_MORE_OR_END)
        return NULL;
    return self->want == WANT_KEY_OR_END ? s_key (self, at)
                                         : s_value (self, at);
}


bool
answer_read (answer_t *self, span_t body)
{
    *self = (answer_t){.body = body};
    if (body.size == 0)
        return false;
    scan_t scan = {.answer = self,
        .start = body.data,
        .end = body.data + body.size,
        .want = WANT_VALUE};
    const char *at = json_scan_blanks (scan.start, scan.end);
    while (at && at < scan.end) {
        at = s_next (&scan, at);
        if (at)
            at = json_scan_blanks (at, scan.end);
    }
    return at && scan.want == WANT_NOTHING;
}


//  Return true if there is something to fold.  All is looked at, even if the
//  first byte tells, for compilers make that sixteen bytes at a time

static bool
s_has_folds (span_t piece)
{
    unsigned char found = *piece.data == '\r';
    for (size_t at = 1; at < piece.size; at++) {
        bool newline = piece.data [at] == '\n';
        bool again = piece.data [at - 1] == '\n';
        bool cr = piece.data [at] == '\r';
        found = (unsigned char) (found | (newline & again) | cr);
    }
    return found;
}


//  Copy with newlines folded.  *start_of_line says that a newline, or the
//  start, came just before, across pieces

static char *
s_fold (char *to, span_t piece, bool *start_of_line)
{
    const char *at = piece.data;
    const char *end = at + piece.size;
    if (piece.size && *at != '\n' && !s_has_folds (piece)) {
        *start_of_line = end [-1] == '\n';
        return mempcpy (to, at, piece.size);
    }
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
