/*  =========================================================================
    parameter - what a query says

    Of values that come twice, the last one counts.
    =========================================================================
*/

#ifndef WEB_PARAMETER_H
#define WEB_PARAMETER_H

#include "base/span.h"

//  Room for a value, with its NUL: an encoded ID is longer than all others.
#define PARAMETER_SIZE 4096

//  Decode the value of the key to the buffer, of PARAMETER_SIZE, as a string;
//  what is preset if it is not there.  Returns false if it is too long or has
//  a NUL in it.
bool
parameter_read (
    span_t query, const char *key, const char *preset, char *buffer);

//  Read a whole number from 1 to max; preset if it is not there.  Returns 0 if
//  it is none.
uint64_t
parameter_count (span_t query, const char *key, uint64_t preset, uint64_t max);

//  Return true if the query has the key.
bool
parameter_has (span_t query, const char *key);

#endif
