/*  =========================================================================
    dealer - our connection to one peer

    A DEALER, which only speaks.  It reconnects by itself; where libzmq gives up
    for good, after an error of protocol, the speaker connects anew.  Nothing
    ever blocks.  Emits EVENT_PEER_UP and EVENT_PEER_DOWN; and
    EVENT_CALLER_ENDLESS where somebody at the peer's address answers at length,
    which libzmq keeps, and no server of ours does.
    =========================================================================
*/

#ifndef MESH_DEALER_H
#define MESH_DEALER_H

#include "base/address.h"
#include "core/event.h"
#include "loop/poller.h"

typedef struct dealer_t dealer_t;

typedef struct {
    unsigned peer;            //  Named in events
    uint16_t port;            //  Of the peer's ROUTER
    address_t source;         //  To connect from, if it is of the same kind;
                              //  :: = which the system likes
    int reconnect_ms;         //  Between attempts to connect
    size_t message_size_max;  //  A larger one ends the connection
    event_fn *emit;           //  Called with context
    void *context;            //
} dealer_options_t;

//  Give a socket what both ends of a connection have: heartbeats, patience with
//  handshakes, and the largest message.
void
dealer_prepare (zsock_t *socket, size_t message_size_max);

//  Make one that connects as soon as it knows where to.  Borrows the poller.
//  Never returns NULL.
dealer_t *
dealer_new (poller_t *poller, const dealer_options_t *options);

//  Close the connection, giving what was sent a short time to leave, and set
//  *self_p to NULL.
void
dealer_destroy (dealer_t **self_p);

//  Return true if the connection stands, as events told.
bool
dealer_is_connected (const dealer_t *self);

//  Connect to the addresses, which are copied, one after the other until one is
//  the peer; none are none.  A connection that is made stays as it is.
void
dealer_seek (dealer_t *self, const address_t *addresses, size_t count);

//  Return for how many milliseconds there has been no connection; 0 if there is
//  one.
int64_t
dealer_down_ms (const dealer_t *self);

//  Return true if the peer's socket takes a message now.  When one that did not
//  does again, a turn comes.
bool
dealer_can_send (dealer_t *self);

//  Send a copy of the message; to be asked dealer_can_send first.  If the
//  connection breaks just then the message is lost, like one on its way.
void
dealer_send (dealer_t *self, span_t text);

//  To be called some times a second, never inside an event.
void
dealer_tick (dealer_t *self);

#endif
