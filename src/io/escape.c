/*  =========================================================================
    escape - any bytes as text on one line
    =========================================================================
*/

#include "io/escape.h"

#include <string.h>


//  Return how many bytes at the start may stand as they are: printable ASCII
//  but the backslash.  Eight at a time: adding carries into the top bit of a
//  byte from 0x20 or 0x7F on, and a byte that becomes 0 borrows from it

static size_t
s_plain (span_t text)
{
    const uint64_t ones = 0x0101010101010101u;
    const uint64_t tops = ones << 7;
    size_t at = 0;
    for (; at + 8 <= text.size; at += 8) {
        uint64_t bytes;
        memcpy (&bytes, text.data + at, 8);
        uint64_t low = bytes & ~tops;
        uint64_t printable = low + ones * 0x60;
        uint64_t rubout = low + ones;
        uint64_t slash = (low ^ ones * '\\') + ones * 0x7F;
        if ((printable & slash & ~rubout & ~bytes & tops) != tops)
            break;
    }
    while (at < text.size && text.data [at] >= ' ' && text.data [at] < 0x7F &&
           text.data [at] != '\\')
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
