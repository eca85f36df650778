/*  =========================================================================
    monitor - what becomes of a ZeroMQ socket's connections
    =========================================================================
*/

#include "mesh/monitor.h"

#include <assert.h>


void
monitor_open (monitor_t *self, poller_t *poller, zsock_t *socket, int events)
{
    static unsigned serial = 0;
    char endpoint [64];
    //  A name used again would let a new monitor wait for the old one's end
    snprintf (endpoint, sizeof (endpoint), "inproc://monitor-%u", ++serial);
    int rc = zmq_socket_monitor (zsock_resolve (socket), endpoint, events);
    assert (rc == 0);
    self->poller = poller;
    self->socket = socket;
    self->pair = zsock_new (ZMQ_PAIR);
    assert (self->pair);
    //  With a limit libzmq's thread would wait for us, with a lock that we may
    //  want.  What it tells in a turn is bounded by how fast it accepts
    zsock_set_rcvhwm (self->pair, 0);
    rc = zsock_connect (self->pair, "%s", endpoint);
    assert (rc == 0);
    poller_socket (poller, &self->watcher, self->pair);
}


void
monitor_close (monitor_t *self)
{
    monitor_event_t event;
    if (self->pair) {
        poller_drop (self->poller, &self->watcher);
        //  It would wait for us in the middle of an event, and we for it
        while (monitor_next (self, &event))
            continue;
        zmq_socket_monitor (zsock_resolve (self->socket), NULL, 0);
        zsock_destroy (&self->pair);
    }
}


static void
s_read (zmq_msg_t *frame, monitor_event_t *event)
{
    const char *bytes = zmq_msg_data (frame);
    uint16_t kind;
    int32_t value;
    assert (zmq_msg_size (frame) == sizeof (kind) + sizeof (value));
    memcpy (&kind, bytes, sizeof (kind));
    memcpy (&value, bytes + sizeof (kind), sizeof (value));
    *event = (monitor_event_t){.kind = kind, .value = value};
}


//  Of two frames the first is the event, the other the endpoint.  To ask the
//  socket first whether there is anything would be a system call more

bool
monitor_next (monitor_t *self, monitor_event_t *event)
{
    void *pair = zsock_resolve (self->pair);
    bool any = false;
    bool more = true;
    while (more) {
        zmq_msg_t frame;
        zmq_msg_init (&frame);
        bool came = zmq_msg_recv (&frame, pair, ZMQ_DONTWAIT) != -1;
        assert (came || !any);
        if (came && !any)
            s_read (&frame, event);
        any = any || came;
        more = came && zmq_msg_more (&frame);
        zmq_msg_close (&frame);
    }
    return any;
}
