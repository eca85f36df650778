/*  =========================================================================
    token - the tokens of JSON, read strictly
    =========================================================================
*/

#include "core/token.h"

#include "core/eight.h"

#include <string.h>


static bool
s_is_blank (char byte)
{
    return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t';
}


//  Most blanks are spaces of indentation: passed over eight at a time

void
token_skip_blanks (token_t *self)
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
s_hex4 (const token_t *self, const char *at)
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
s_escape (token_t *self)
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
s_sequence (token_t *self)
{
    const char *start = self->at - 1;
    size_t size = span_utf8 ((span_t){start, (size_t) (self->end - start)});
    self->at = start + size;
    return size > 0;
}


//  Pass over what needs no look in a string, eight bytes at a time

static void
s_skip_plain (token_t *self)
{
    size_t passed = 8;
    for (; passed == 8 && self->end - self->at >= 8; self->at += passed) {
        uint64_t bytes = eight_read (self->at);
        passed =
            eight_first (eight_less (bytes, ' ') | eight_equal (bytes, '"') |
                         eight_equal (bytes, '\\') | eight_high (bytes));
    }
}


bool
token_string (token_t *self, span_t *text)
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
s_digits (token_t *self)
{
    const char *start = self->at;
    while (self->at < self->end && *self->at >= '0' && *self->at <= '9')
        self->at++;
    return self->at > start;
}


bool
token_is_next (const token_t *self, char byte)
{
    return self->at < self->end && *self->at == byte;
}


bool
token_number (token_t *self)
{
    self->at += token_is_next (self, '-');
    if (token_is_next (self, '0'))
        self->at++;
    else if (!s_digits (self))
        return false;
    if (token_is_next (self, '.')) {
        self->at++;
        if (!s_digits (self))
            return false;
    }
    if (token_is_next (self, 'e') || token_is_next (self, 'E')) {
        self->at++;
        self->at += token_is_next (self, '+') || token_is_next (self, '-');
        return s_digits (self);
    }
    return true;
}


bool
token_word (token_t *self)
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
