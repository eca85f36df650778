/*  =========================================================================
    span - a piece of somebody else's text
    =========================================================================
*/

#include "core/span.h"

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
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}


span_t
span_field (span_t *rest)
{
    const char *at = rest->data;
    const char *end = at + rest->size;
    while (at < end && span_is_blank (*at))
        at++;
    const char *start = at;
    while (at < end && !span_is_blank (*at))
        at++;
    *rest = (span_t){at, (size_t) (end - at)};
    return (span_t){start, (size_t) (at - start)};
}


span_t
span_until (span_t *rest, char separator)
{
    span_t piece = *rest;
    const char *end =
        rest->size ? memchr (rest->data, separator, rest->size) : NULL;
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
    for (size_t index = 0; index < text.size; index++) {
        char byte = text.data [index];
        if (byte < '0' || byte > '9')
            return false;
        uint64_t digit = (uint64_t) (byte - '0');
        if (value > (max - digit) / 10 || digit > max)
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
