/*  =========================================================================
    span - a piece of somebody else's text
    =========================================================================
*/

#include "base/span.h"

#include "base/swar.h"

#include <string.h>


span_t
span_of (const char *string)
{
    return (span_t){string, strlen (string)};
}


bool
span_equal (span_t one, span_t other)
{
    return one.size == other.size &&
           (one.size == 0 || memcmp (one.data, other.data, one.size) == 0);
}


int
span_compare (span_t one, span_t other)
{
    size_t size = one.size < other.size ? one.size : other.size;
    int order = size ? memcmp (one.data, other.data, size) : 0;
    if (order == 0)
        order = (one.size > other.size) - (one.size < other.size);
    return order;
}


bool
span_is_blank (char byte)
{
    //  Most bytes are told by one comparison
    return (unsigned char) byte <= ' ' &&
           (byte == ' ' || (byte >= '\t' && byte <= '\r'));
}


//  Upper and lower case differ by one bit

static bool
s_is_alphanumeric (char byte)
{
    char letter = (char) (byte | ('a' ^ 'A'));
    return (byte >= '0' && byte <= '9') || (letter >= 'a' && letter <= 'z');
}


bool
span_is_name (span_t text)
{
    if (text.size == 0 || text.size > SPAN_NAME_SIZE_MAX ||
        !s_is_alphanumeric (text.data [0]))
        return false;
    for (size_t at = 1; at < text.size; at++) {
        char byte = text.data [at];
        if (!s_is_alphanumeric (byte) && byte != '_' && byte != '-' &&
            byte != '.')
            return false;
    }
    return true;
}


span_t
span_trim (span_t text)
{
    while (text.size && span_is_blank (*text.data))
        text = (span_t){text.data + 1, text.size - 1};
    while (text.size && span_is_blank (text.data [text.size - 1]))
        text.size--;
    return text;
}


uint64_t
span_fnv (span_t text, uint64_t start)
{
    for (size_t at = 0; at < text.size; at++)
        start = (start ^ (unsigned char) text.data [at]) * SPAN_FNV_PRIME;
    return start;
}


//  Return where the first blank is, or the end.  Few other bytes are as low as
//  the space, so what is not is passed over, eight at a time

static const char *
s_blank (const char *at, const char *end)
{
    while (at < end && !span_is_blank (*at)) {
        size_t passed = 8;
        for (at++; passed == 8 && end - at >= 8; at += passed)
            passed = swar_first (swar_less (swar_read (at), ' ' + 1));
    }
    return at;
}


span_t
span_field (span_t *rest)
{
    if (rest->size == 0)
        return *rest;
    const char *start = rest->data;
    const char *end = start + rest->size;
    while (start < end && span_is_blank (*start))
        start++;
    const char *at = s_blank (start, end);
    *rest = (span_t){at, (size_t) (end - at)};
    return (span_t){start, (size_t) (at - start)};
}


//  Mark the bytes that are as low as the space, of eight from there on or those
//  that are left.  The last eight of the text are read to look at fewer

static uint64_t
s_low (span_t text, size_t at)
{
    size_t left = text.size - at;
    if (left >= 8)
        return swar_all_less (swar_read (text.data + at), ' ' + 1);
    if (text.size >= 8) {
        uint64_t last = swar_read (text.data + text.size - 8);
        return swar_all_less (last, ' ' + 1) >> (64 - 8 * left);
    }
    uint64_t low = 0;
    for (; left; left--)
        low = low << 8 | (span_is_blank (text.data [at + left - 1]) ? 0x80 : 0);
    return low;
}


size_t
span_fields (span_t text, span_t *fields, size_t max)
{
    size_t count = 0;
    size_t start = 0;
    for (size_t at = 0; at < text.size && count < max; at += 8)
        for (uint64_t low = s_low (text, at); low; low &= low - 1) {
            size_t end = at + swar_first (low);
            if (!span_is_blank (text.data [end]))
                continue;
            if (end > start && count < max)
                fields [count++] = (span_t){text.data + start, end - start};
            start = end + 1;
        }
    if (start < text.size && count < max)
        fields [count++] = (span_t){text.data + start, text.size - start};
    return count;
}


span_t
span_until (span_t *rest, char separator)
{
    span_t piece = *rest;
    if (rest->size == 0)
        return piece;
    const char *end = memchr (rest->data, separator, rest->size);
    if (end) {
        piece.size = (size_t) (end - rest->data);
        rest->data = end + 1;
        rest->size -= piece.size + 1;
    }
    else
        *rest = (span_t){rest->data + rest->size, 0};
    return piece;
}


bool
span_number (span_t text, uint64_t max, uint64_t *number)
{
    uint64_t value = 0;
    uint64_t tenth = max / 10;
    for (size_t index = 0; index < text.size; index++) {
        char byte = text.data [index];
        if (byte < '0' || byte > '9')
            return false;
        uint64_t digit = (uint64_t) (byte - '0');
        if (value > tenth || (value == tenth && digit > max % 10))
            return false;
        value = value * 10 + digit;
    }
    if (text.size == 0)
        return false;
    *number = value;
    return true;
}


bool
span_hex (span_t text, uint64_t *number)
{
    uint64_t value = 0;
    if (text.size != 16)
        return false;
    for (size_t index = 0; index < text.size; index++) {
        char byte = text.data [index];
        unsigned digit;
        if (byte >= '0' && byte <= '9')
            digit = (unsigned) (byte - '0');
        else if (byte >= 'a' && byte <= 'f')
            digit = (unsigned) (byte - 'a') + 10;
        else
            return false;
        value = value << 4 | digit;
    }
    *number = value;
    return true;
}


//  The table of RFC 3629, section 4: after the lead, the first byte's range
//  keeps out overlong forms, surrogates and what is beyond U+10FFFF

size_t
span_utf8 (span_t text)
{
    unsigned char lead = text.size ? (unsigned char) text.data [0] : 0;
    if (lead < 0xC2 || lead > 0xF4)
        return 0;
    unsigned char low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    unsigned char high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    size_t size = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (text.size < size)
        return 0;
    for (size_t at = 1; at < size; at++) {
        unsigned char byte = (unsigned char) text.data [at];
        if (byte < low || byte > high)
            return 0;
        low = 0x80;
        high = 0xBF;
    }
    return size;
}
