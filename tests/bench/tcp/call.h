/*  =========================================================================
    call - our connection to one peer, over plain TCP

    It only speaks, and is connected anew when it is lost.  It is up once the
    peer has greeted, and down when the peer ends it, or is silent though it was
    asked to answer.  Nothing ever blocks.  Emits EVENT_PEER_UP, EVENT_PEER_DOWN
    and, once a minute, EVENT_PEER_UNMET where whoever answers is no peer.
    =========================================================================
*/

#ifndef BENCH_TCP_CALL_H
#define BENCH_TCP_CALL_H

#include "bench/tcp/framed.h"
#include "core/event.h"

//  How long either end waits for the other: to greet, and to say anything; and
//  how often it is asked to.
#define CALL_GREETING_MS 3000
#define CALL_SILENCE_MS 5000
#define CALL_PING_MS 1000

typedef struct call_t call_t;

typedef struct {
    unsigned peer;  //  Named in events
    uint16_t port;  //  Of the peer
    address_t
        source;  //  To connect from, if it is of the same kind; :: = which
                 //  the system likes
    int reconnect_ms;  //  Between attempts to connect
    event_fn *emit;    //  Called with context
    void *context;     //
} call_options_t;

//  Make one that connects as soon as it knows where to.  Borrows the poller.
//  Never returns NULL.
call_t *
call_new (poller_t *poller, const call_options_t *options);

//  End the connection at once, and set *self_p to NULL.  Never inside an event.
void
call_destroy (call_t **self_p);

//  Connect to the addresses, which are copied, one after the other until one is
//  the peer.  A connection that is made stays as long as it lasts.
void
call_seek (call_t *self, const address_t *addresses, size_t count);

//  Return true if the connection stands, as events told.
bool
call_is_up (const call_t *self);

//  Return for how many milliseconds there has been no connection; 0 if there is
//  one.
int64_t
call_down_ms (const call_t *self);

//  Return true if the peer takes a message now.  When one that did not does
//  again, a turn comes.
bool
call_can_send (const call_t *self);

//  Send a message; to be asked call_can_send first.
void
call_send (call_t *self, span_t text);

//  Begin to end: what was sent leaves, for a short time, and nothing more is
//  emitted.
void
call_leave (call_t *self);

//  Return the descriptor of one that is leaving and has something to do yet,
//  which framed_leave is to be called for; else -1.
framed_t *
call_leaving (call_t *self);

//  To be called some times a second, never inside an event, and told how late
//  that is: nobody was heard meanwhile, which is not the peer's fault.
void
call_tick (call_t *self, int64_t late_ms);

#endif
