/*  =========================================================================
    streams - responses that go on: who is told of changes as they come

        GET /v1/events    server-sent events (WHATWG HTML, section 9.2):
                          location, enter, leave, gone, reset, crowded
        GET /v1/feed      a line of JSON for each location told, of all clients

    With herd=yes /v1/events has the event of web/bulletin, too.

    libmicrohttpd asks for more of a response when the socket has room, so a
    stream needs nothing but its follower: who reads slowly is told less, and
    the newest.  One that has nothing to say is suspended, and visited as
    web/rota has it: it is resumed if there is something new.  Each has one
    block a turn, as long as the turn's share lasts; the rest waits for the next
    turn, so that clients have their replies in between.
    =========================================================================
*/

#ifndef WEB_STREAMS_H
#define WEB_STREAMS_H

#include "http/engine.h"
#include "table/table.h"
#include "web/bulletin.h"
#include "web/gate.h"
#include "web/inbound.h"

typedef struct streams_t streams_t;

typedef struct {
    engine_t *engine;        //  Borrowed
    table_t *table;          //  Borrowed; circles and boxes need table/near
    uint64_t process;        //  Positions are good in this one alone
    unsigned listeners_max;  //  At once; more get 503
    size_t inside_max;       //  Clients in an area; with more it is refused
    bulletin_t bulletin;     //  Its ask and context
    size_t inside_size_max;  //  Bytes of those in all areas, as followers_new
                             //  has it; with more, listeners get 503
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

//  Answer with what that event has.
void
streams_show_herd (streams_t *self, exchange_response_t *response);

//  These do nothing, and there is nothing, if self is NULL.
//
//  Have those told for whom there is something new, as many as are due and have
//  room in a turn's share: about half a millisecond, however many there are.
//  Then the engine has its turn.  To be called at the end of each turn.
void
streams_turn (streams_t *self, int64_t clock_ms);

//  Return true if some had to be left for another turn, which is wanted soon.
bool
streams_have_more (const streams_t *self);

//  Tokens were read again: end those whose token is no more.
void
streams_judge (streams_t *self, const gate_t *gate);

//  End all: each has its last words in the engine's next turn.
void
streams_stop (streams_t *self);

//  What there is.
typedef struct {
    size_t count;
    size_t inside_size;  //  Bytes of who is inside of their areas
    uint64_t events;     //  That they were told
} streams_counts_t;

streams_counts_t
streams_counts (const streams_t *self);

#endif
