/*  =========================================================================
    audience - many who listen to a herd's streams

    Each listens to a circle in the city where the clients of a load are, at a
    place of its own, or to all clients.  Some may read nothing.  The age of an
    event counts from its stamp: the load runs on the same clock, at the same
    time.
    =========================================================================
*/

#ifndef LOAD_AUDIENCE_H
#define LOAD_AUDIENCE_H

#include "load/histogram.h"
#include "load/options.h"

//  What they heard.
typedef struct {
    uint64_t begun;        //  Streams of those who read
    uint64_t failed;       //  Refused, or closed
    uint64_t events;       //  With a stamp since all had connected
    uint64_t bytes;        //
    int64_t time_ns;       //  How long that was
    histogram_t *age;      //  Of these events as they came; the caller's
    int64_t memory_first;  //  Of the processes: when all had connected, and
    int64_t memory_last;   //  at the end; -1 = not known
} audience_heard_t;

//  Have the options' connections listen at their targets, for their time.
//  Records ages in heard->age.  Returns false, having said why, if a server
//  can't be reached.
bool
audience_listen (const options_t *options, audience_heard_t *heard);

#endif
