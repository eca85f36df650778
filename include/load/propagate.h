/*  =========================================================================
    propagate - how long until another server knows

    Each update is an IAMAT of a new client at one server, and one WHATSAT for
    it at another, a while after.  Staircases move that while to where half,
    and nine of ten, of the WHATSATs find the client.  So there is never more
    than one question per update, and nobody polls.

    What is found is the time from just before the IAMAT is sent until the
    WHATSAT is heard: until just before it is sent, as it really was, and half
    a round trip more, the median of that server's "? " replies to unknown
    clients.  A question that leaves too late, by a tenth, is not counted.

    We sleep until 60 us before the question is to leave, and spin from then
    on: a sleeper is woken 15 to 60 us late, and without a spin next to no
    question leaves in time.  To spin for longer takes a core from servers
    that are at work just then: 300 us make p50 a third greater on two cores.
    =========================================================================
*/

#ifndef LOAD_PROPAGATE_H
#define LOAD_PROPAGATE_H

#include "load/options.h"

//  So many questions that count are enough to be sure
#define PROPAGATE_ENOUGH 2000

typedef struct {
    uint64_t samples;       //  Questions that counted
    int64_t p50_ns;         //  Half of the updates were known after this
    int64_t p90_ns;         //  Nine of ten
    int64_t round_trip_ns;  //  At the server that is asked
} propagation_t;

//  Measure from the options' first target to their second, at their rate,
//  with jitter, until their time is over or their number of updates made; if
//  they name neither, until PROPAGATE_ENOUGH questions count, or three times as
//  many were asked.  Shows how it goes on standard error, as often as they say.
//  Returns false, having said why, if a server fails or that was too little.
bool
propagate (const options_t *options, propagation_t *found);

#endif
