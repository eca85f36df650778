/*  =========================================================================
    digits - decimal digits, several at a time

    Stamps, places and differences are most of what is read and written, so
    eight digits are read in three multiplications, and two written at once.
    =========================================================================
*/

#ifndef BASE_DIGITS_H
#define BASE_DIGITS_H

#include "base/span.h"

//  Return how many digits stand at the start of the text.
size_t
digits_count (span_t text);

//  Return the number that the digits make: count of them, 18 at most.
uint64_t
digits_value (const char *digits, size_t count);

//  Return how many digits stand at the start of the text, and in *value the
//  number that the first max of them make; max is 18 at most.
size_t
digits_read (span_t text, size_t max, uint64_t *value);

//  Return how many digits it takes to write the number.
size_t
digits_size (uint64_t number);

//  Write the number as count digits, the last ones if it has more, zeros before
//  it if it has fewer, and no NUL.  Returns where they end.
char *
digits_print (char *to, uint64_t number, size_t count);

#endif
