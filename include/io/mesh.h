/*  =========================================================================
    mesh - our ZeroMQ sockets

    One ROUTER to hear, bound; one DEALER for each peer to speak, connected.
    They reconnect by themselves; where libzmq gives a connection up for good,
    after an error of protocol, the mesh connects anew.  Nothing ever blocks.
    Emits EVENT_PEER_*.
    =========================================================================
*/

#ifndef IO_MESH_H
#define IO_MESH_H

#include "core/event.h"
#include "io/watch.h"

typedef struct mesh_t mesh_t;

typedef struct {
    const char *endpoint;      //  To bind, as ZeroMQ reads it; copied
    const char *const *peers;  //  To connect; copied
    unsigned peer_count;       //
    int reconnect_ms;          //  Between attempts to connect
    size_t message_size_max;   //  A larger one ends its connection
} mesh_options_t;

//  Bind and begin to connect.  Borrows the watch.  Events go to emit with
//  context.  Returns NULL, errno set, if the endpoint can't be had.
mesh_t *
mesh_new (watch_t *watch, const mesh_options_t *options, event_fn *emit,
    void *context);

//  Close the sockets, giving what was sent a short time to leave, and set
//  *self_p to NULL.
void
mesh_destroy (mesh_t **self_p);

//  Return true if the peer's socket takes a message now.  When one that did
//  not does again, a turn comes.
bool
mesh_can_send (mesh_t *self, unsigned peer);

//  Send a copy of the message; to be asked mesh_can_send first.  If the
//  connection breaks just then the message is lost, like one on its way.
void
mesh_send (mesh_t *self, unsigned peer, span_t text);

//  Take messages that the last share of a turn left, if it did: to be called
//  once in every turn, never inside an event.  Returns true if there may be
//  more, which only another turn will take.
bool
mesh_hear_more (mesh_t *self);

//  To be called about once a second: connects anew where libzmq gave up.
void
mesh_tick (mesh_t *self);

#endif
