/*  =========================================================================
    fix_time - when a phone was there, in the ways that apps say it

        1442068686              seconds
        1442068686.579          with decimals
        1442068686579           milliseconds, beyond 100,000,000,000
        2016-01-27T18:55:47Z    ISO 8601: with decimals or without, UTC or with
        2016-01-15 21:41:18     an offset, a T or a blank
    =========================================================================
*/

#ifndef REPORTS_FIX_TIME_H
#define REPORTS_FIX_TIME_H

#include "base/span.h"

//  Write the time as POSIX time, its decimals as they were, and a NUL, to the
//  buffer of LOCATION_STAMP_SIZE_MAX + 1 bytes.  Returns false, the buffer
//  undefined, for anything else, and for what is not after 1970 began.
bool
fix_time_print (span_t text, char *buffer);

#endif
