/*  =========================================================================
    dealer - our connection to one peer

    A DEALER, which only speaks.  It reconnects by itself; where libzmq gives up
    for good, after an error of protocol, the dealer connects anew.  Nothing
    ever blocks.  Emits EVENT_PEER_UP and EVENT_PEER_DOWN; EVENT_PEER_UNMET,
    once a minute, where a handshake fails; and EVENT_CALLER_ENDLESS where
    somebody at the peer's address answers at length, which libzmq keeps, and no
    server of ours does.

    Where links have keys it speaks to nobody but who has the peer's.  If that
    has two it tries one after the other; while it has none there is no
    connection.
    =========================================================================
*/

#ifndef MESH_DEALER_H
#define MESH_DEALER_H

#include "base/address.h"
#include "core/event.h"
#include "keys/keys.h"
#include "loop/poller.h"

typedef struct dealer_t dealer_t;

typedef struct {
    unsigned peer;            //  Named in events
    const char *name;         //  Of the peer, where links have keys; copied
    const keys_t *keys;       //  Borrowed; NULL = links are plain
    uint16_t port;            //  Of the peer's ROUTER
    address_t source;         //  To connect from, if it is of the same kind;
                              //  :: = which the system likes
    int reconnect_ms;         //  Between attempts to connect
    size_t message_size_max;  //  A larger one ends the connection
    event_fn *emit;           //  Called with context
    void *context;            //
} dealer_options_t;

//  Bytes a second that a peer may send back.  It answers a heartbeat a second,
//  with 40 bytes if there are keys.
#define DEALER_ANSWERS_PER_SECOND 128

//  How long either end of a connection waits for the other's handshake.
#define DEALER_HANDSHAKE_MS 3000

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
//  the peer; none are none.  A connection that is made stays as long as it
//  lasts.
void
dealer_seek (dealer_t *self, const address_t *addresses, size_t count);

//  Return for how many milliseconds there has been no connection; 0 if there is
//  one.
int64_t
dealer_down_ms (const dealer_t *self);

//  Return true if the connection stands and its socket takes a message now.
//  When one that did not does again, a turn comes.
bool
dealer_can_send (dealer_t *self);

//  Send a copy of the message; to be asked dealer_can_send first.  One that the
//  socket does not take after all is held until it does.  If the connection
//  breaks just then, or ends, that is lost, like one on its way.
void
dealer_send (dealer_t *self, span_t text);

//  Use these keys from now on in place of others, which may be gone afterwards.
//  A connection by keys that are the same in both stays.
void
dealer_rekey (dealer_t *self, const keys_t *keys);

//  To be called some times a second, never inside an event.
void
dealer_tick (dealer_t *self);

#endif
