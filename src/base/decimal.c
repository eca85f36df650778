/*  =========================================================================
    decimal - exact decimal fractions as whole numbers
    =========================================================================
*/

#include "base/decimal.h"

#include <assert.h>
#include <string.h>


static bool
s_is_digits (span_t text)
{
    for (size_t index = 0; index < text.size; index++)
        if (text.data [index] < '0' || text.data [index] > '9')
            return false;
    return text.size > 0;
}


//  Read a text without a sign; *rest is whether a digit beyond the places is
//  not zero

static bool
s_read (span_t text, unsigned places, int64_t max, int64_t *number, bool *rest)
{
    bool pointed = text.size && memchr (text.data, '.', text.size);
    span_t fraction = text;
    span_t whole = span_until (&fraction, '.');
    if (!s_is_digits (whole) || (pointed && !s_is_digits (fraction)))
        return false;

    int64_t value = 0;
    for (size_t index = 0; index < whole.size + places; index++) {
        size_t after = index - whole.size;
        int digit = 0;
        if (index < whole.size)
            digit = whole.data [index] - '0';
        else if (after < fraction.size)
            digit = fraction.data [after] - '0';
        if (digit > max || value > (max - digit) / 10)
            return false;
        value = value * 10 + digit;
    }
    *rest = false;
    for (size_t index = places; index < fraction.size; index++)
        *rest = *rest || fraction.data [index] != '0';
    *number = value;
    return true;
}


bool
decimal_read (span_t text, unsigned places, int64_t max, int64_t *number)
{
    bool rest;
    bool negative = text.size && *text.data == '-';
    if (negative || (text.size && *text.data == '+'))
        text = (span_t){text.data + 1, text.size - 1};
    if (!s_read (text, places, max, number, &rest))
        return false;
    if (negative)
        *number = -*number;
    return true;
}


bool
decimal_read_plain (span_t text, unsigned places, int64_t max, int64_t *number)
{
    bool rest;
    int64_t value;
    if (!s_read (text, places, max, &value, &rest) || (rest && value == max))
        return false;
    *number = value;
    return true;
}


//  A page has a hundred numbers and more, and snprintf would be most of its
//  cost: so digits are put from the last to the first

const char *
decimal_write (char text [DECIMAL_SIZE], int64_t number, unsigned places)
{
    assert (places <= 18);
    uint64_t value = number < 0 ? 0 - (uint64_t) number : (uint64_t) number;
    char digits [DECIMAL_SIZE];
    char *at = digits + sizeof (digits);
    *--at = '\0';
    for (; places && value % 10 == 0; places--)
        value /= 10;
    for (unsigned place = 0; place < places; place++) {
        *--at = (char) ('0' + value % 10);
        value /= 10;
    }
    if (places)
        *--at = '.';
    do {
        *--at = (char) ('0' + value % 10);
        value /= 10;
    } while (value);
    if (number < 0)
        *--at = '-';
    return memcpy (text, at, (size_t) (digits + sizeof (digits) - at));
}
