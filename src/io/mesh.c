/*  =========================================================================
    mesh - our ZeroMQ sockets
    =========================================================================
*/

#include "io/mesh.h"

#include "io/clock.h"

#include <assert.h>
#include <errno.h>

//  Messages a turn, and bytes of them, so that clients have theirs
#define RECEIVE_MAX 256
#define RECEIVE_SIZE_MAX 1048576

//  Messages waiting in a socket.  Few to send, so that what is sent is nearly
//  on its way; the core keeps the rest, and newer.  More to receive: a full
//  pipe would stop heartbeats too, and with them the connection
#define SEND_HWM 64
#define RECEIVE_HWM 1000

#define HEARTBEAT_MS 1000
#define HEARTBEAT_TIMEOUT_MS 5000
#define HANDSHAKE_MS 3000
#define CONNECT_MS 2000
#define LINGER_MS 300

//  A connection that was not made for so long is begun anew
#define GIVEN_UP_MS 10000

#define EVENTS                                                                 \
    (ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL |     \
        ZMQ_EVENT_HANDSHAKE_FAILED_AUTH | ZMQ_EVENT_DISCONNECTED)

typedef struct {
    mesh_t *mesh;
    unsigned peer;
    zsock_t *dealer;
    zsock_t *monitor;
    watcher_t writable;   //  Ready when the dealer may take messages again
    watcher_t monitored;  //  Ready when there is news of its connection
    char *endpoint;
    bool connected;
    bool broken;         //  libzmq will not try again
    int64_t changed_ms;  //  When it was connected, lost, or begun anew
} speaker_t;

struct mesh_t {
    watch_t *watch;
    event_fn *emit;
    void *context;
    zsock_t *router;
    watcher_t heard;  //  Ready when the router may have messages
    bool more;        //  It may, though its descriptor doesn't say so again
    speaker_t *speakers;
    unsigned count;
};


//  Receive one message, of a connection's identity and our text.  Whatever
//  more frames a stranger sends are dropped

static bool
s_receive (void *socket, zmq_msg_t *text)
{
    bool more = true;
    for (int index = 0; more; index++) {
        zmq_msg_t frame;
        zmq_msg_init (&frame);
        bool received = zmq_msg_recv (&frame, socket, ZMQ_DONTWAIT) != -1;
        more = received && zmq_msg_more (&frame);
        if (index == 1)
            zmq_msg_move (text, &frame);
        zmq_msg_close (&frame);
        if (!received)
            return false;
    }
    return true;
}


//  A socket's descriptor tells that it became ready, not that it is: what a
//  share of a turn leaves must be remembered

static void
s_hear (mesh_t *self)
{
    void *socket = zsock_resolve (self->router);
    event_t event = {.kind = EVENT_PEER_MESSAGE};
    clock_stamp (&event);
    size_t size = 0;
    self->more = true;
    for (int count = 0;
         self->more && count < RECEIVE_MAX && size < RECEIVE_SIZE_MAX;
         count++) {
        zmq_msg_t text;
        zmq_msg_init (&text);
        self->more = s_receive (socket, &text);
        if (self->more) {
            event.text = (span_t){zmq_msg_data (&text), zmq_msg_size (&text)};
            size += event.text.size;
            self->emit (self->context, &event);
        }
        zmq_msg_close (&text);
    }
}


static void
s_heard (void *context, uint32_t events)
{
    (void) events;
    s_hear (context);
}


static void
s_change (speaker_t *speaker, bool connected)
{
    event_t event = {.kind = connected ? EVENT_PEER_UP : EVENT_PEER_DOWN,
        .peer = speaker->peer};
    clock_stamp (&event);
    speaker->changed_ms = event.clock_ms;
    if (speaker->connected == connected)
        return;
    speaker->connected = connected;
    speaker->mesh->emit (speaker->mesh->context, &event);
}


static void
s_monitored (void *context, uint32_t events)
{
    speaker_t *speaker = context;
    void *socket = zsock_resolve (speaker->monitor);
    (void) events;
    //  All there is: libzmq waits for a monitor that is not read, and with it
    //  every socket of this process
    while (zsock_events (speaker->monitor) & ZMQ_POLLIN) {
        zmq_msg_t frame;
        uint16_t event = 0;
        zmq_msg_init (&frame);
        if (zmq_msg_recv (&frame, socket, ZMQ_DONTWAIT) >= (int) sizeof (event))
            memcpy (&event, zmq_msg_data (&frame), sizeof (event));
        while (zmq_msg_more (&frame))
            if (zmq_msg_recv (&frame, socket, ZMQ_DONTWAIT) == -1)
                break;
        zmq_msg_close (&frame);
        if (event == ZMQ_EVENT_HANDSHAKE_SUCCEEDED)
            s_change (speaker, true);
        else if (event == ZMQ_EVENT_DISCONNECTED)
            s_change (speaker, false);
        else
            speaker->broken = true;
    }
}


//  Watch a socket's descriptor, which tells when the socket becomes ready, and
//  not before it was found not to be

static void
s_watch (mesh_t *self, watcher_t *watcher, zsock_t *socket, watch_fn *ready,
    void *context)
{
    *watcher = (watcher_t){
        .fd = (int) zsock_fd (socket), .ready = ready, .context = context};
    int rc = watch_add (self->watch, watcher, EPOLLIN);
    assert (rc == 0);
    (void) zsock_events (socket);
}


//  Asking for its events makes the dealer read its mail, which is what its
//  descriptor stands for.  The turn that follows finds it writable, or not

static void
s_writable (void *context, uint32_t events)
{
    speaker_t *speaker = context;
    (void) events;
    (void) zsock_events (speaker->dealer);
}


static void
s_monitor (speaker_t *speaker)
{
    static unsigned serial = 0;
    char endpoint [64];
    //  A name used again would let a new monitor wait for the old one's end
    snprintf (endpoint, sizeof (endpoint), "inproc://monitor-%u-%p", ++serial,
        (void *) speaker);
    int rc =
        zmq_socket_monitor (zsock_resolve (speaker->dealer), endpoint, EVENTS);
    assert (rc == 0);
    speaker->monitor = zsock_new_pair (endpoint);
    assert (speaker->monitor);
    s_watch (speaker->mesh, &speaker->monitored, speaker->monitor, s_monitored,
        speaker);
}


static void
s_open (mesh_t *self, unsigned peer, const mesh_options_t *options)
{
    speaker_t *speaker = &self->speakers [peer];
    *speaker = (speaker_t){.mesh = self,
        .peer = peer,
        .endpoint = strdup (options->peers [peer]),
        .changed_ms = clock_ms ()};
    assert (speaker->endpoint);
    zsock_t *dealer = zsock_new (ZMQ_DEALER);
    assert (dealer);
    speaker->dealer = dealer;
    zsock_set_immediate (dealer, 1);
    zsock_set_sndhwm (dealer, SEND_HWM);
    //  Nobody should send us anything here, and we never read it
    zsock_set_rcvhwm (dealer, 1);
    zsock_set_linger (dealer, LINGER_MS);
    zsock_set_heartbeat_ivl (dealer, HEARTBEAT_MS);
    zsock_set_heartbeat_timeout (dealer, HEARTBEAT_TIMEOUT_MS);
    zsock_set_handshake_ivl (dealer, HANDSHAKE_MS);
    zsock_set_connect_timeout (dealer, CONNECT_MS);
    zsock_set_reconnect_ivl (dealer, options->reconnect_ms);
    zsock_set_maxmsgsize (dealer, (int) options->message_size_max);
    s_monitor (speaker);
    s_watch (self, &speaker->writable, dealer, s_writable, speaker);
    int rc = zsock_connect (dealer, "%s", speaker->endpoint);
    assert (rc == 0);
}


mesh_t *
mesh_new (watch_t *watch, const mesh_options_t *options, event_fn *emit,
    void *context)
{
    mesh_t *self = zmalloc (sizeof (mesh_t));
    self->watch = watch;
    self->emit = emit;
    self->context = context;
    self->router = zsock_new (ZMQ_ROUTER);
    assert (self->router);
    zsock_set_rcvhwm (self->router, RECEIVE_HWM);
    zsock_set_linger (self->router, 0);
    zsock_set_heartbeat_ivl (self->router, HEARTBEAT_MS);
    zsock_set_heartbeat_timeout (self->router, HEARTBEAT_TIMEOUT_MS);
    zsock_set_handshake_ivl (self->router, HANDSHAKE_MS);
    zsock_set_maxmsgsize (self->router, (int) options->message_size_max);
    s_watch (self, &self->heard, self->router, s_heard, self);
    if (zsock_bind (self->router, "%s", options->endpoint) == -1) {
        mesh_destroy (&self);
        return NULL;
    }
    self->speakers = zmalloc ((options->peer_count + 1) * sizeof (speaker_t));
    for (; self->count < options->peer_count; self->count++)
        s_open (self, self->count, options);
    return self;
}


static void
s_close (mesh_t *self, speaker_t *speaker)
{
    watch_drop (self->watch, &speaker->writable);
    watch_drop (self->watch, &speaker->monitored);
    zmq_socket_monitor (zsock_resolve (speaker->dealer), NULL, 0);
    zsock_destroy (&speaker->dealer);
    zsock_destroy (&speaker->monitor);
    free (speaker->endpoint);
}


void
mesh_destroy (mesh_t **self_p)
{
    mesh_t *self = *self_p;
    if (self) {
        int error = errno;
        while (self->count)
            s_close (self, &self->speakers [--self->count]);
        free (self->speakers);
        watch_drop (self->watch, &self->heard);
        zsock_destroy (&self->router);
        free (self);
        *self_p = NULL;
        errno = error;
    }
}


bool
mesh_can_send (mesh_t *self, unsigned peer)
{
    assert (peer < self->count);
    return zsock_events (self->speakers [peer].dealer) & ZMQ_POLLOUT;
}


void
mesh_send (mesh_t *self, unsigned peer, span_t text)
{
    assert (peer < self->count);
    (void) zmq_send (zsock_resolve (self->speakers [peer].dealer), text.data,
        text.size, ZMQ_DONTWAIT);
}


bool
mesh_hear_more (mesh_t *self)
{
    if (self->more)
        s_hear (self);
    return self->more;
}


void
mesh_tick (mesh_t *self)
{
    int64_t now_ms = clock_ms ();
    for (unsigned peer = 0; peer < self->count; peer++) {
        speaker_t *speaker = &self->speakers [peer];
        int64_t since_ms = now_ms - speaker->changed_ms;
        if (speaker->connected)
            speaker->broken = false;
        else if (since_ms >= (speaker->broken ? HEARTBEAT_MS : GIVEN_UP_MS)) {
            speaker->broken = false;
            speaker->changed_ms = now_ms;
            zsock_disconnect (speaker->dealer, "%s", speaker->endpoint);
            zsock_connect (speaker->dealer, "%s", speaker->endpoint);
        }
    }
}
