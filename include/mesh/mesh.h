/*  =========================================================================
    mesh - our ZeroMQ sockets

    One ROUTER to hear, bound; one DEALER for each peer to speak, connected.
    They reconnect by themselves; where libzmq gives a connection up for good,
    after an error of protocol, the mesh connects anew.  Nothing ever blocks.
    Emits EVENT_PEER_*, EVENT_CALLER_* and EVENT_NOTED.

    libzmq keeps the frames of a message until it has the last, without a limit.
    So the zap admits peers' addresses alone, and whoever is there and sends
    much that is no message is cut at the next tick.

    Where links have keys (mesh/curve), each message comes with the name of the
    peer who has the key.  Whose key is no peer's any more is not heard, and cut
    when it speaks.

    Nothing in this process can list the machine's interfaces: getifaddrs always
    fails, as libzmq ends the process if it lacks a descriptor for that.

    Section 4.1 of docs/protocol.md.
    =========================================================================
*/

#ifndef MESH_MESH_H
#define MESH_MESH_H

#include "base/endpoint.h"
#include "core/event.h"
#include "mesh/zap.h"

typedef struct mesh_t mesh_t;

//  Peers at once: their indices are less.
#define MESH_PEERS_MAX 63

typedef struct {
    endpoint_t listen;        //  To bind: an address of this machine, or any
    const keys_t *keys;       //  Borrowed; NULL = links are plain
    int reconnect_ms;         //  Between attempts to connect
    size_t message_size_max;  //  A larger one ends its connection
    zap_t *zap;               //  Is to admit peers' addresses; borrowed
} mesh_options_t;

//  Bind.  Borrows the poller.  Events go to emit with context.  Returns NULL,
//  errno set, if the endpoint can't be had.
mesh_t *
mesh_new (poller_t *poller, const mesh_options_t *options, event_fn *emit,
    void *context);

//  Close the sockets, giving what was sent a short time to leave, and set
//  *self_p to NULL.
void
mesh_destroy (mesh_t **self_p);

//  Begin to connect to a peer of that name, which is copied, that is found
//  there, from the address that is bound, if it is one; and have the zap admit
//  its addresses.  If it was
//  connected to elsewhere, that ends.  Never inside an event.
//
//  A name is resolved now, when the link has been down for some seconds, and
//  when somebody calls whose address is no peer's.
void
mesh_connect (
    mesh_t *self, unsigned peer, const char *name, const endpoint_t *endpoint);

//  End the connection to the peer, if there is any, giving what was sent a
//  short time to leave, and admit its addresses no more.  Emits nothing.
void
mesh_part (mesh_t *self, unsigned peer);

//  End the connections to us that the zap does not admit any more: never inside
//  an event, as each is one, EVENT_CALLER_STRANGE.
void
mesh_expel (mesh_t *self);

//  Wait so long between attempts to connect to those who are connected to from
//  now on.
void
mesh_set_reconnect (mesh_t *self, int reconnect_ms);

//  Use these keys from now on.  Those before are not needed any more after it.
//  Links whose keys are the same in both stay, unless it is our own that
//  changed: then all connections to us end, too, and come again.  Never inside
//  an event.
void
mesh_rekey (mesh_t *self, const keys_t *keys);

//  Return the most descriptors that a mesh with so many peers has.
size_t
mesh_descriptors (unsigned peer_count);

//  Return true if the peer's socket takes a message now; false if there is no
//  such peer.  When one that did
//  not does again, a turn comes.
bool
mesh_can_send (mesh_t *self, unsigned peer);

//  Send a copy of the message; to be asked mesh_can_send first.  If the
//  connection breaks just then the message is lost, like one on its way.
void
mesh_send (mesh_t *self, unsigned peer, span_t text);

//  Take what the last share of a turn left, and let in who may: to be called
//  once in every turn, never inside an event.  Returns true if there may be
//  more, which only another turn will take.
bool
mesh_turn (mesh_t *self);

//  To be called every CORE_TICK_MS, never inside an event: connects anew where
//  libzmq gave up, cuts who sends much that is no message, and in a crowd has
//  the system hold silent connections back.
void
mesh_tick (mesh_t *self);

#endif
