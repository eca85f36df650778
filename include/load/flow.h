/*  =========================================================================
    flow - requests and replies over many connections

    One thread, one epoll set.  Each request has a place in its connection's
    ring until its reply has come, so every reply is told from a lost and from
    a surplus one, and its time is known.
    =========================================================================
*/

#ifndef LOAD_FLOW_H
#define LOAD_FLOW_H

#include "load/histogram.h"
#include "load/options.h"

typedef struct flow_t flow_t;

//  What was seen.
typedef struct {
    uint64_t requests;     //  Made
    uint64_t replies;      //  As they should be
    uint64_t bad;          //  Replies that are errors
    uint64_t lost;         //  Requests that got no reply
    uint64_t surplus;      //  Replies to nothing
    uint64_t opened;       //  Connections, those of churn not counted
    uint64_t open;         //  Of these, not failed so far
    uint64_t failed;       //  Connections refused, closed, or silent
    uint64_t late;         //  Requests that we made 1 ms after they were due
    uint64_t unsent;       //  Requests that were due when time was over
    int64_t begin_ns;      //  Monotonic time of the first request
    int64_t end_ns;        //  Of the last reply
    histogram_t *latency;  //  Of replies as they should be; the flow's own
} flow_tally_t;

//  Open the options' connections, idle as yet.  Borrows the options for its
//  whole life.  Returns NULL, having said why, if a server can't be reached;
//  but if connections are only to be idle, those that could be opened will do.
flow_t *
flow_new (const options_t *options);

//  Close what is open, free everything and set *self_p to NULL.
void
flow_destroy (flow_t **self_p);

//  Begin to tell every id once, by an IAMAT, many at a time.
void
flow_begin_ids (flow_t *self);

//  Begin what the options say.  Errors so far stay counted.
void
flow_begin (flow_t *self);

//  Go on until that monotonic time, or until all is done.  Returns true if
//  there is more to do.  A connection that fails is counted, the first is said,
//  and its requests are lost.  It is left out, but churn soon opens another.
bool
flow_go (flow_t *self, int64_t until_ns);

//  Tell all servers that there is nothing more to come, and count what they
//  still send as surplus, until they close, two seconds at most.
void
flow_part (flow_t *self);

//  Return what was seen since the beginning.  Good as long as the flow.
const flow_tally_t *
flow_tally (const flow_t *self);

#endif
