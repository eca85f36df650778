/*  =========================================================================
    json_token - the tokens of JSON, read strictly
    =========================================================================
*/

#include "page/json_token.h"

#include "base/digits.h"
#include "page/json_scan.h"

#include <string.h>


void
json_token_skip_blanks (json_token_t *self)
{
    self->at = json_scan_blanks (self->at, self->end);
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


bool
json_token_string (json_token_t *self, span_t *text)
{
    const char *start = ++self->at;
    while ((self->at = json_scan_plain (self->at, self->end)) < self->end) {
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
    size_t count =
        digits_count ((span_t){self->at, (size_t) (self->end - self->at)});
    self->at += count;
    return count > 0;
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
