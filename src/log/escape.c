/*  =========================================================================
    escape - any bytes as text on one line
    =========================================================================
*/

#include "log/escape.h"

#include <string.h>

#define BLOCK 16


//  Return 0 if the byte may stand as it is, else 1: printable ASCII but the
//  backslash may.  Without a jump, so that many are looked at together

static unsigned char
s_is_special (char byte)
{
    signed char code = (signed char) byte;
    return (unsigned char) ((code < ' ') | (code == 0x7F) | (code == '\\'));
}


//  Return true if all of a block's bytes may stand as they are.  It takes the
//  compiler a few instructions

static bool
s_is_plain (const char *block)
{
    unsigned char special [BLOCK];
    uint64_t halves [2];
    for (size_t at = 0; at < BLOCK; at++)
        special [at] = s_is_special (block [at]);
    memcpy (halves, special, BLOCK);
    return (halves [0] | halves [1]) == 0;
}


//  Return how many bytes at the start may stand as they are: nearly always all.
//  The last block is one that ends with the text

static size_t
s_plain (span_t text)
{
    size_t at = 0;
    while (at + BLOCK <= text.size && s_is_plain (text.data + at))
        at += BLOCK;
    if (text.size >= BLOCK && at + BLOCK > text.size &&
        s_is_plain (text.data + text.size - BLOCK))
        return text.size;
    while (at < text.size && !s_is_special (text.data [at]))
        at++;
    return at;
}


//  Write one byte that may not stand as it is

static char *
s_escape (char *to, unsigned char byte)
{
    static const char names [] = "abtnvfr";
    static const char digits [] = "0123456789abcdef";
    *to++ = '\\';
    if (byte == '\\')
        *to++ = '\\';
    else if (byte >= '\a' && byte <= '\r')
        *to++ = names [byte - '\a'];
    else {
        *to++ = 'x';
        *to++ = digits [byte >> 4];
        *to++ = digits [byte & 15];
    }
    return to;
}


size_t
escape_print (span_t text, char *buffer)
{
    char *to = buffer;
    while (text.size) {
        size_t size = s_plain (text);
        if (size == 0) {
            //  C1 controls, C2 80 to C2 9F, drive terminals too
            size = span_utf8 (text);
            if (size == 2 && memcmp (text.data, "\xC2\xA0", 2) < 0)
                size = 0;
        }
        memcpy (to, text.data, size);
        to += size;
        if (size == 0)
            to = s_escape (to, (unsigned char) text.data [size++]);
        text.data += size;
        text.size -= size;
    }
    return (size_t) (to - buffer);
}


//  The escaped text is written where what is made of it can't catch up: a byte
//  of the text has two of those that are doubled, at most

size_t
escape_print_json (span_t text, char *buffer)
{
    const char *from = buffer + 2 * text.size;
    const char *end = from + escape_print (text, buffer + 2 * text.size);
    char *to = buffer;
    for (; from < end; from++) {
        if (*from == '"' || *from == '\\')
            *to++ = '\\';
        *to++ = *from;
    }
    return (size_t) (to - buffer);
}
