/*  =========================================================================
    json_token - the tokens of JSON, read strictly
    =========================================================================
*/

#include "page/json_token.h"

#include "base/swar.h"

#include <string.h>


static bool
s_is_blank (char byte)
{
    return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t';
}


//  Most blanks are spaces of indentation: passed over eight at a time

void
json_token_skip_blanks (json_token_t *self)
{
    while (self->at < self->end && s_is_blank (*self->at)) {
        size_t passed = 8;
        self->at++;
        for (; passed == 8 && self->end - self->at >= 8; self->at += passed)
            passed = swar_first (swar_read (self->at) ^ SWAR (' '));
    }
}


static bool
s_is_hex (char byte)
{
    return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'f') ||
           (byte >= 'A' && byte <= 'F');
}


//  Skip what follows a backslash

static bool
s_escape (json_token_t *self)
{
    if (self->at == self->end)
        return false;
    char byte = *self->at++;
    if (byte != 'u')
        return byte && strchr ("\"\\/bfnrt", byte);
    if (self->end - self->at < 4)
        return false;
    for (int digits = 0; digits < 4; digits++)
        if (!s_is_hex (*self->at++))
            return false;
    return true;
}


//  Skip a sequence beyond ASCII whose lead was just read

static bool
s_sequence (json_token_t *self)
{
    const char *start = self->at - 1;
    size_t size = span_utf8 ((span_t){start, (size_t) (self->end - start)});
    self->at = start + size;
    return size > 0;
}


//  Pass over what needs no look in a string, eight bytes at a time

static void
s_skip_plain (json_token_t *self)
{
    size_t passed = 8;
    for (; passed == 8 && self->end - self->at >= 8; self->at += passed) {
        uint64_t bytes = swar_read (self->at);
        passed = swar_first (swar_less (bytes, ' ') | swar_equal (bytes, '"') |
                             swar_equal (bytes, '\\') | swar_high (bytes));
    }
}


bool
json_token_string (json_token_t *self, span_t *text)
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
s_digits (json_token_t *self)
{
    const char *start = self->at;
    while (self->at < self->end && *self->at >= '0' && *self->at <= '9')
        self->at++;
    return self->at > start;
}


bool
json_token_is_next (const json_token_t *self, char byte)
{
    return self->at < self->end && *self->at == byte;
}


bool
json_token_number (json_token_t *self)
{
    self->at += json_token_is_next (self, '-');
    if (json_token_is_next (self, '0'))
        self->at++;
    else if (!s_digits (self))
        return false;
    if (json_token_is_next (self, '.')) {
        self->at++;
        if (!s_digits (self))
            return false;
    }
    if (json_token_is_next (self, 'e') || json_token_is_next (self, 'E')) {
        self->at++;
        self->at +=
            json_token_is_next (self, '+') || json_token_is_next (self, '-');
        return s_digits (self);
    }
    return true;
}


bool
json_token_word (json_token_t *self)
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
