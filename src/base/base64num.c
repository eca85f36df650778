/*  =========================================================================
    base64num - numbers as few letters
    =========================================================================
*/

#include "base/base64num.h"

#define LETTER_BITS 6

static const char s_letters [] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";


char *
base64num_print (char *to, uint64_t number, size_t size)
{
    for (size_t at = size; at; at--) {
        to [at - 1] = s_letters [number & 63];
        number >>= LETTER_BITS;
    }
    return to + size;
}


//  Return the letter's six bits, or 64 if it is none

static uint64_t
s_bits (char letter)
{
    if (letter >= 'A' && letter <= 'Z')
        return (uint64_t) (letter - 'A');
    if (letter >= 'a' && letter <= 'z')
        return 26 + (uint64_t) (letter - 'a');
    if (letter >= '0' && letter <= '9')
        return 52 + (uint64_t) (letter - '0');
    return letter == '-' ? 62 : letter == '_' ? 63 : 64;
}


bool
base64num_parse (span_t text, size_t size, uint64_t *number)
{
    uint64_t value = 0;
    if (text.size != size)
        return false;
    for (size_t at = 0; at < text.size; at++) {
        uint64_t bits = s_bits (text.data [at]);
        if (bits > 63 || value >> (64 - LETTER_BITS))
            return false;
        value = value << LETTER_BITS | bits;
    }
    *number = value;
    return true;
}
