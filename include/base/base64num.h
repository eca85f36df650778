/*  =========================================================================
    base64num - numbers as few letters

    A number in base 64, the most significant digit first: 11 letters for 64
    bits, 8 for 48.  The letters are those of base64url (RFC 4648, section 5),
    and the packing is not: 0x0123456789abcdef is AEjRWeJq83v here, and
    ASNFZ4mrze8 in base64url, which packs bytes from the first one on.
    =========================================================================
*/

#ifndef BASE_BASE64NUM_H
#define BASE_BASE64NUM_H

#include "base/span.h"

//  Letters of a number of 64 bits, and of one of 48.
#define BASE64NUM_SIZE_64 11
#define BASE64NUM_SIZE_48 8

//  Write the number in so many letters, which must hold it, without a NUL.
//  Returns where they end.
char *
base64num_print (char *to, uint64_t number, size_t size);

//  Read a number of so many letters: all of the span.  Returns false, leaving
//  *number alone, for anything else, or more than 64 bits.
bool
base64num_parse (span_t text, size_t size, uint64_t *number);

#endif
