/*  =========================================================================
    timestamp - a time as a log line has it
    =========================================================================
*/

#ifndef LOG_TIMESTAMP_H
#define LOG_TIMESTAMP_H

#include "table/location.h"

//  Bytes of "2016-11-17T20:18:04.655887836Z", and of what differs within the
//  same second: "655887836Z".
#define TIMESTAMP_SIZE 30
#define TIMESTAMP_FRACTION_SIZE 10

//  Write the time in UTC, without a NUL.  Returns where it ends.
char *
timestamp_print (char *to, instant_t time);

#endif
