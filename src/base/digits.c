/*  =========================================================================
    digits - decimal digits, several at a time
    =========================================================================
*/

#include "base/digits.h"

#include "base/swar.h"

#include <assert.h>

#define EIGHT 100000000  //  Numbers of eight digits are less


//  Return how many of the bytes, from the lowest on, are digits: the upper half
//  of one is 3, and still is when 6 is added.  What that carries goes into
//  bytes behind one that is none

static size_t
s_count (uint64_t bytes)
{
    uint64_t more = bytes + SWAR (6);
    return swar_first (
        ((bytes ^ SWAR (0x30)) | (more ^ SWAR (0x30))) & SWAR (0xF0));
}


//  Return the number that eight digits make, each a byte of its value, the
//  first in the lowest.  Neighbours are put together: 8 digits to 4 pairs, 2
//  fours, 1 number

static uint64_t
s_value (uint64_t bytes)
{
    bytes = bytes * 10 + (bytes >> 8);
    const uint64_t mask = 0x000000FF000000FF;
    uint64_t high = (bytes & mask) * (100 + ((uint64_t) 1000000 << 32));
    uint64_t low = (bytes >> 16 & mask) * (1 + ((uint64_t) 10000 << 32));
    return (high + low) >> 32;
}


//  The other way: return the eight digits of a number.  1 number becomes 2
//  fours, 4 pairs, 8 digits; what is multiplied and shifted is a division

static uint64_t
s_digits (uint64_t number)
{
    uint64_t fours = number / 10000 + (number % 10000 << 32);
    uint64_t high = fours * 10486 >> 20 & 0x0000007F0000007F;
    uint64_t pairs = high + ((fours - high * 100) << 16);
    high = pairs * 103 >> 10 & 0x000F000F000F000F;
    return high + ((pairs - high * 10) << 8);
}


size_t
digits_count (span_t text)
{
    size_t count = 0;
    size_t more = 8;
    while (more == 8 && count + 8 <= text.size) {
        more = s_count (swar_read (text.data + count));
        count += more;
    }
    if (more == 8)
        while (count < text.size && text.data [count] >= '0' &&
               text.data [count] <= '9')
            count++;
    return count;
}


//  Those that make no eight come first, and are moved behind zeros

uint64_t
digits_value (const char *digits, size_t count)
{
    uint64_t value = 0;
    assert (count <= 18);
    if (count < 8) {
        for (; count; count--)
            value = value * 10 + (uint64_t) (*digits++ - '0');
        return value;
    }
    size_t odd = count % 8;
    if (odd)
        value = s_value ((swar_read (digits) - SWAR ('0')) << (64 - 8 * odd));
    for (size_t at = odd; at < count; at += 8)
        value = value * EIGHT + s_value (swar_read (digits + at) - SWAR ('0'));
    return value;
}


//  A few are counted and read at one look

size_t
digits_read (span_t text, size_t max, uint64_t *value)
{
    if (text.size >= 8) {
        uint64_t bytes = swar_read (text.data);
        size_t count = s_count (bytes);
        if (count < 8 && count <= max) {
            bytes -= SWAR ('0');
            *value = count ? s_value (bytes << (64 - 8 * count)) : 0;
            return count;
        }
    }
    size_t count = digits_count (text);
    *value = digits_value (text.data, count < max ? count : max);
    return count;
}


size_t
digits_size (uint64_t number)
{
    static const uint64_t least [] = {0, 10, 100, 1000, 10000, 100000, 1000000,
        10000000, 100000000, 1000000000, 10000000000, 100000000000,
        1000000000000, 10000000000000, 100000000000000, 1000000000000000,
        10000000000000000, 100000000000000000, 1000000000000000000,
        UINT64_C (10000000000000000000)};
    size_t bits = 64 - (size_t) __builtin_clzll (number | 1);
    size_t size = bits * 1233 / 4096;
    return size + (number >= least [size]);
}


char *
digits_print (char *to, uint64_t number, size_t count)
{
    static const char pairs [] = "00010203040506070809"
                                 "10111213141516171819"
                                 "20212223242526272829"
                                 "30313233343536373839"
                                 "40414243444546474849"
                                 "50515253545556575859"
                                 "60616263646566676869"
                                 "70717273747576777879"
                                 "80818283848586878889"
                                 "90919293949596979899";
    size_t left = count;
    for (; left >= 8; left -= 8, number /= EIGHT) {
        uint64_t bytes = htole64 (s_digits (number % EIGHT) + SWAR ('0'));
        memcpy (to + left - 8, &bytes, 8);
    }
    for (; left >= 2; left -= 2, number /= 100)
        memcpy (to + left - 2, pairs + number % 100 * 2, 2);
    if (left)
        *to = (char) ('0' + number % 10);
    return to + count;
}
