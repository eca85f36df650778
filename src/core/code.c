/*  =========================================================================
    code - numbers as few letters
    =========================================================================
*/

#include "core/code.h"

#include <string.h>

#define LETTER_BITS 6

static const char s_letters [] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";


char *
code_print (char *to, uint64_t number, size_t size)
{
    for (size_t at = size; at; at--) {
        to [at - 1] = s_letters [number & 63];
        number >>= LETTER_BITS;
    }
    return to + size;
}


bool
code_parse (span_t text, size_t size, uint64_t *number)
{
    uint64_t value = 0;
    if (text.size != size)
        return false;
    for (size_t at = 0; at < text.size; at++) {
        char byte = text.data [at];
        const char *letter = byte ? strchr (s_letters, byte) : NULL;
        if (!letter || value >> (64 - LETTER_BITS))
            return false;
        value = value << LETTER_BITS | (uint64_t) (letter - s_letters);
    }
    *number = value;
    return true;
}
