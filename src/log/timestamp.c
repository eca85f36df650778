/*  =========================================================================
    timestamp - a time as a log line has it
    =========================================================================
*/

#include "log/timestamp.h"

#include "base/digits.h"

#include <time.h>

#define SECONDS_SIZE (TIMESTAMP_SIZE - TIMESTAMP_FRACTION_SIZE)


char *
timestamp_print (char *to, instant_t time)
{
    time_t seconds = (time_t) time.seconds;
    struct tm parts;
    gmtime_r (&seconds, &parts);
    strftime (to, SECONDS_SIZE + 1, "%Y-%m-%dT%H:%M:%S.", &parts);
    to = digits_print (to + SECONDS_SIZE, (uint64_t) time.nanoseconds,
        TIMESTAMP_FRACTION_SIZE - 1);
    *to++ = 'Z';
    return to;
}
