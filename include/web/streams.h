/*  =========================================================================
    streams - responses that go on: who is told of changes as they come

        GET /v1/events    server-sent events (WHATWG HTML, section 9.2):
                          location, enter, leave, gone, reset, crowded
        GET /v1/feed      a line of JSON for each location told, of all clients

    libmicrohttpd asks for more of a response when the socket has room, so a
    stream needs nothing but its follower: who reads slowly is told less, and
    the newest.  One that has nothing to say is suspended; a turn that finds
    something new resumes it, at most ten times a second.
    =========================================================================
*/

#ifndef WEB_STREAMS_H
#define WEB_STREAMS_H

#include "http/engine.h"
#include "table/table.h"
#include "web/gate.h"
#include "web/inbound.h"

typedef struct streams_t streams_t;

typedef struct {
    engine_t *engine;        //  Borrowed
    table_t *table;          //  Borrowed; circles and boxes need table/near
    uint64_t process;        //  Positions are good in this one alone
    unsigned listeners_max;  //  At once; more get 503
    size_t inside_max;       //  Clients in an area; with more it is refused
} streams_options_t;

//  Make streams.  Never returns NULL.
streams_t *
streams_new (const streams_options_t *options);

//  Free them, once the engine is gone, and set *self_p to NULL.
void
streams_destroy (streams_t **self_p);

//  Open the one that the request asks for, as its response; or refuse it.
void
streams_open (streams_t *self, inbound_t *inbound);

//  Have those told for whom there is something new.  To be called at the end of
//  each turn.
void
streams_turn (streams_t *self, int64_t clock_ms);

//  Tokens were read again: end those whose token is no more.
void
streams_judge (streams_t *self, const gate_t *gate);

//  End all, if self is not NULL: each has its last words in the engine's next
//  turn.
void
streams_stop (streams_t *self);

//  Return how many are open, and how many events they were told.
size_t
streams_count (const streams_t *self);
uint64_t
streams_events (const streams_t *self);

#endif
