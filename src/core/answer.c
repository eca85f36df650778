/*  =========================================================================
    answer - what a Places provider said, cut for the client
    =========================================================================
*/

#include "core/answer.h"

#include "core/eight.h"

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
    size_t bound;
    const char *start;
    const char *at;
    const char *end;
    unsigned depth;                                //  Open brackets
    uint8_t is_object [ANSWER_DEPTH_MAX / 8 + 1];  //  A bit each
    span_t key;                                    //  Last key at depth 1
    bool in_results;    //  Inside the top-level results
    bool seen_results;  //  There was one already
    const char *last;   //  End of its last element
} scan_t;


static bool
s_is_blank (char byte)
{
    return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t';
}


//  Most blanks are spaces of indentation: passed over eight at a time

static void
s_skip_blanks (scan_t *self)
{
    while (self->at < self->end && s_is_blank (*self->at)) {
        size_t passed = 8;
        self->at++;
        for (; passed == 8 && self->end - self->at >= 8; self->at += passed)
            passed = eight_first (eight_read (self->at) ^ EIGHT (' '));
    }
}


//  Read four hexadecimal digits at the pointer; -1 if there are none

static int
s_hex4 (const scan_t *self, const char *at)
{
    int value = 0;
    if (self->end - at < 4)
        return -1;
    for (int index = 0; index < 4; index++) {
        char byte = at [index];
        int digit = byte >= '0' && byte <= '9'   ? byte - '0'
                    : byte >= 'a' && byte <= 'f' ? byte - 'a' + 10
                    : byte >= 'A' && byte <= 'F' ? byte - 'A' + 10
                                                 : -1;
        if (digit < 0)
            return -1;
        value = value * 16 + digit;
    }
    return value;
}


//  Skip what follows a backslash.  Surrogates come in pairs

static bool
s_escape (scan_t *self)
{
    if (self->at == self->end)
        return false;
    char byte = *self->at++;
    if (byte != 'u')
        return byte && strchr ("\"\\/bfnrt", byte);
    int unit = s_hex4 (self, self->at);
    if (unit < 0)
        return false;
    self->at += 4;
    if (unit < 0xD800 || unit > 0xDFFF)
        return unit > 0;
    if (unit > 0xDBFF || self->end - self->at < 6 || self->at [0] != '\\' ||
        self->at [1] != 'u')
        return false;
    unit = s_hex4 (self, self->at + 2);
    self->at += 6;
    return unit >= 0xDC00 && unit <= 0xDFFF;
}


//  Skip a sequence beyond ASCII whose lead was just read

static bool
s_sequence (scan_t *self)
{
    const char *start = self->at - 1;
    size_t size = span_utf8 ((span_t){start, (size_t) (self->end - start)});
    self->at = start + size;
    return size > 0;
}


//  Pass over what needs no look in a string, eight bytes at a time

static void
s_skip_plain (scan_t *self)
{
    size_t passed = 8;
    for (; passed == 8 && self->end - self->at >= 8; self->at += passed) {
        uint64_t bytes = eight_read (self->at);
        passed =
            eight_first (eight_less (bytes, ' ') | eight_equal (bytes, '"') |
                         eight_equal (bytes, '\\') | eight_high (bytes));
    }
}


//  Read a string, whose first quote is at the pointer

static bool
s_string (scan_t *self, span_t *text)
{
    const char *start = ++self->at;
    for (s_skip_plain (self); self->at < self->end; s_skip_plain (self)) {
        unsigned char byte = (unsigned char) *self->at++;
        if (byte == '"') {
            *text = (span_t){start, (size_t) (self->at - 1 - start)};
            return true;
        }
        if (byte < 0x20 || (byte == '\\' && !s_escape (self)) ||
            (byte >= 0x80 && !s_sequence (self)))
            return false;
    }
    return false;
}


static bool
s_digits (scan_t *self)
{
    const char *start = self->at;
    while (self->at < self->end && *self->at >= '0' && *self->at <= '9')
        self->at++;
    return self->at > start;
}


static bool
s_is_next (const scan_t *self, char byte)
{
    return self->at < self->end && *self->at == byte;
}


static bool
s_number (scan_t *self)
{
    self->at += s_is_next (self, '-');
    if (s_is_next (self, '0'))
        self->at++;
    else if (!s_digits (self))
        return false;
    if (s_is_next (self, '.')) {
        self->at++;
        if (!s_digits (self))
            return false;
    }
    if (s_is_next (self, 'e') || s_is_next (self, 'E')) {
        self->at++;
        self->at += s_is_next (self, '+') || s_is_next (self, '-');
        return s_digits (self);
    }
    return true;
}


static bool
s_word (scan_t *self)
{
    static const char *const words [] = {"true", "false", "null"};
    for (size_t index = 0; index < 3; index++) {
        size_t size = strlen (words [index]);
        if ((size_t) (self->end - self->at) >= size &&
            memcmp (self->at, words [index], size) == 0) {
            self->at += size;
            return true;
        }
    }
    return false;
}


//  A value has ended: count it if it is a result

static want_t
s_ended (scan_t *self)
{
    answer_t *answer = self->answer;
    if (self->in_results && self->depth == 2) {
        self->last = self->at;
        if (++answer->results == self->bound)
            answer->cut_start = (size_t) (self->at - self->start);
    }
    return self->depth ? WANT_MORE_OR_END : WANT_NOTHING;
}


static want_t
s_open (scan_t *self, bool is_object)
{
    if (self->depth == ANSWER_DEPTH_MAX || (self->depth == 0 && !is_object))
        return WANT_FAILED;
    self->at++;
    if (self->depth == 1 && span_equal (self->key, span_of ("results"))) {
        if (is_object)
            return WANT_FAILED;
        self->in_results = true;
        self->answer->cut_start = (size_t) (self->at - self->start);
    }
    uint8_t bit = (uint8_t) (1 << self->depth % 8);
    uint8_t *byte = &self->is_object [self->depth / 8];
    *byte = (uint8_t) (is_object ? *byte | bit : *byte & ~bit);
    self->depth++;
    return is_object ? WANT_KEY_OR_END : WANT_VALUE_OR_END;
}


static bool
s_in_object (const scan_t *self)
{
    unsigned top = self->depth - 1;
    return self->is_object [top / 8] >> top % 8 & 1;
}


static want_t
s_close (scan_t *self)
{
    if (*self->at != (s_in_object (self) ? '}' : ']'))
        return WANT_FAILED;
    if (self->in_results && self->depth == 2) {
        answer_t *answer = self->answer;
        self->in_results = false;
        const char *cut_end = self->bound ? self->last : self->at;
        if (answer->results > self->bound)
            answer->cut_end = (size_t) (cut_end - self->start);
        else
            answer->cut_start = 0;
    }
    self->at++;
    self->depth--;
    return s_ended (self);
}


static want_t
s_value (scan_t *self)
{
    span_t text;
    bool good;
    switch (*self->at) {
    case '{':
        return s_open (self, true);
    case '[':
        return s_open (self, false);
    case '"':
        good = s_string (self, &text);
        if (good && self->depth == 1 &&
            span_equal (self->key, span_of ("status")))
            self->answer->status = text;
        break;
    case 't':
    case 'f':
    case 'n':
        good = s_word (self);
        break;
    default:
        good = s_number (self);
    }
    return good && self->depth ? s_ended (self) : WANT_FAILED;
}


static want_t
s_key (scan_t *self)
{
    span_t key;
    if (*self->at != '"' || !s_string (self, &key))
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
    s_skip_blanks (self);
    if (!s_is_next (self, ':'))
        return WANT_FAILED;
    self->at++;
    s_skip_blanks (self);
    return self->at < self->end ? s_value (self) : WANT_FAILED;
}


static want_t
s_more (scan_t *self)
{
    self->at++;
    s_skip_blanks (self);
    if (self->at == self->end)
        return WANT_FAILED;
    return s_in_object (self) ? s_key (self) : s_value (self);
}


static want_t
s_next (scan_t *self, want_t want)
{
    bool ends = *self->at == '}' || *self->at == ']';
    switch (want) {
    case WANT_VALUE:
        return s_value (self);
    case WANT_VALUE_OR_END:
        return ends ? s_close (self) : s_value (self);
    case WANT_KEY_OR_END:
        return ends ? s_close (self) : s_key (self);
    case WANT_MORE_OR_END:
        return *self->at == ',' ? s_more (self)
               : ends           ? s_close (self)
                                : WANT_FAILED;
    default:
        return WANT_FAILED;
    }
}


bool
answer_read (answer_t *self, span_t body, size_t bound)
{
    *self = (answer_t){.body = body};
    if (body.size == 0)
        return false;
    scan_t scan = {.answer = self,
        .bound = bound,
        .start = body.data,
        .at = body.data,
        .end = body.data + body.size};
    want_t want = WANT_VALUE;
    while (want != WANT_FAILED) {
        s_skip_blanks (&scan);
        if (scan.at == scan.end)
            break;
        want = s_next (&scan, want);
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
answer_print (const answer_t *self, char *buffer)
{
    const char *body = self->body.data;
    bool start_of_line = true;
    char *to = s_fold (buffer, (span_t){body, self->cut_start}, &start_of_line);
    to = s_fold (to,
        (span_t){body + self->cut_end, self->body.size - self->cut_end},
        &start_of_line);
    if (to > buffer && start_of_line)
        to--;
    return (size_t) (to - buffer);
}
