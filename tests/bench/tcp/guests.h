/*  =========================================================================
    guests - connections that peers made to us, over plain TCP

    They speak, and we listen: all that we say is our greeting, and an answer to
    each ping.  Who says what no peer says is cut, and so is who is silent.
    Emits EVENT_PEER_MESSAGE and EVENT_CALLER_*.
    =========================================================================
*/

#ifndef BENCH_TCP_GUESTS_H
#define BENCH_TCP_GUESTS_H

#include "core/event.h"
#include "loop/poller.h"

typedef struct guests_t guests_t;

//  What tells whether somebody at that address may be connected.
typedef bool (guests_fn) (void *context, const address_t *address);

typedef struct {
    size_t message_size_max;  //  A larger one ends its connection
    guests_fn *admits;        //  Called with context
    event_fn *emit;           //  The same
    void *context;            //
} guests_options_t;

//  Make an empty list.  Borrows the poller.  Never returns NULL.
guests_t *
guests_new (poller_t *poller, const guests_options_t *options);

//  End all connections, and set *self_p to NULL.
void
guests_destroy (guests_t **self_p);

//  Let there be so many at once from now on, at least 1.
void
guests_limit (guests_t *self, size_t count_max);

//  Take over a connection from that address, or end it.  If there are too many,
//  the oldest goes that never spoke.
void
guests_add (guests_t *self, int fd, const address_t *address);

//  End the connections of those who are not admitted any more.
void
guests_expel (guests_t *self);

//  Take what the last share of a turn left: to be called once in every turn,
//  never inside an event.  Returns true if there may be more.
bool
guests_turn (guests_t *self);

//  To be called some times a second, never inside an event, and told how late
//  that is: nobody was heard meanwhile.
void
guests_tick (guests_t *self, int64_t late_ms);

#endif
