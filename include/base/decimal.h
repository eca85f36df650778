/*  =========================================================================
    decimal - exact decimal fractions as whole numbers

    Degrees and metres are counted in units of 10^-places, so 34.068921 with
    seven places is 340689210: nothing is rounded, equal texts are equal
    numbers, and no locale has a say.
    =========================================================================
*/

#ifndef BASE_DECIMAL_H
#define BASE_DECIMAL_H

#include "base/span.h"

//  What decimal_write needs: a sign, 19 digits, a point, a zero and a NUL.
#define DECIMAL_SIZE 24

//  Read all of the text as a decimal fraction: a sign or none, digits, and if
//  need be a point and more digits.  Digits beyond the places count for
//  nothing.  Returns false, leaving *number alone, for anything else, or when
//  the result is more than max or less than -max.
bool
decimal_read (span_t text, unsigned places, int64_t max, int64_t *number);

//  The same of a text without a sign, and all its digits count against max:
//  50.0000001 is more than 50, whatever the places.
bool
decimal_read_plain (span_t text, unsigned places, int64_t max, int64_t *number);

//  Write the number, without zeros at its end and with at most 18 places, and
//  return text.
const char *
decimal_write (char text [DECIMAL_SIZE], int64_t number, unsigned places);

#endif
