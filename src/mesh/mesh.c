/*  =========================================================================
    mesh - our ZeroMQ sockets
    =========================================================================
*/

#include "mesh/mesh.h"

#include "loop/clock.h"
#include "loop/resolver.h"
#include "mesh/callers.h"
#include "mesh/curve.h"
#include "mesh/monitor.h"
#include "mesh/dealer.h"
#include "mesh/router.h"
#include "mesh/whereabouts.h"

#include <assert.h>
#include <errno.h>
#include <ifaddrs.h>

//  Frames a turn, and bytes of them, so that clients have theirs
#define RECEIVE_MAX 512
#define RECEIVE_SIZE_MAX 1048576

//  Frames of a message: the connection's identity, and our text.  Whoever sends
//  so many is no server of ours
enum { IDENTITY, TEXT, FRAMES_MAX = 5 };

//  Connections to us: of a peer those of its processes, the present one and the
//  ones before; and so many more that whoever is new has time to speak
#define CALLERS_PER_PEER 4
#define CALLERS_MORE 64

//  Descriptors of the sockets themselves, the router's and a dealer's, and of
//  those that monitor them
#define SOCKET_DESCRIPTORS 4

//  And what the system's resolver may have for a name
#define NAME_DESCRIPTORS 3

//  A link that has been down for so long may lead to where its peer was
#define DOWN_MS 5000

//  Bytes that may come without a message
#define INTAKE_MAX 1048576

struct mesh_t {
    poller_t *poller;
    zap_t *zap;
    const keys_t *keys;
    const char *failed;  //  Why the connection that ends next does; NULL = it
                         //  was one
    event_fn *emit;
    void *context;
    router_t router;
    watcher_t heard;     //  Ready when the router may have messages
    bool more;           //  It may, though its descriptor doesn't say so again
    int frame;           //  The next one's place in its message
    monitor_t monitor;   //  Of the router's connections
    callers_t *callers;  //  These
    bool measured;       //  They are, and not judged yet
    size_t messages;     //  That came since
    int reconnect_ms;    //  As in mesh_options_t
    size_t message_size_max;
    address_t source;  //  To connect from; :: = which the system likes
    whereabouts_t *whereabouts;          //  Of peers
    dealer_t *dealers [MESH_PEERS_MAX];  //  NULL = no peer
    unsigned count;                      //  Of them
};


static void
s_emit (void *context, const event_t *event)
{
    mesh_t *self = context;
    //  It may be a peer whose name has another address now
    bool strange = event->kind == EVENT_CALLER_STRANGE;
    for (unsigned peer = 0; strange && peer < MESH_PEERS_MAX; peer++)
        whereabouts_ask (self->whereabouts, peer);
    self->emit (self->context, event);
}


//  Take all that libzmq tells: where it listens, who called, and who is gone.
//  If a handshake failed, it tells why before it tells that the caller is gone

static void
s_monitored (void *context, uint32_t events)
{
    mesh_t *self = context;
    monitor_event_t event;
    (void) events;
    while (monitor_next (&self->monitor, &event))
        if (event.kind == ZMQ_EVENT_ACCEPTED)
            callers_opened (self->callers, event.value);
        else if (event.kind == ZMQ_EVENT_LISTENING)
            router_listens (&self->router, event.value);
        else if (event.kind == ZMQ_EVENT_DISCONNECTED) {
            callers_closed (self->callers, event.value, self->failed);
            self->failed = NULL;
        }
        else
            self->failed = curve_refusal (&event, self->keys);
}


static void
s_end (mesh_t *self, zmq_msg_t *frame, event_kind_t why, span_t text)
{
    s_monitored (self, 0);
    callers_end (self->callers, zmq_msg_get (frame, ZMQ_SRCFD), why, text);
}


//  Where links have keys, nobody is heard whose key is no peer's now

static void
s_hear_text (mesh_t *self, zmq_msg_t *frame, event_t *event)
{
    self->messages++;
    event->speaker = self->keys ? curve_speaker (self->keys, frame) : NULL;
    if (self->keys && !event->speaker) {
        s_end (self, frame, EVENT_CALLER_UNKNOWN, curve_key_shown (frame));
        return;
    }
    callers_spoke (self->callers, zmq_msg_get (frame, ZMQ_SRCFD));
    event->text = (span_t){zmq_msg_data (frame), zmq_msg_size (frame)};
    self->emit (self->context, event);
}


//  Take a frame.  Those after the text are dropped, and so is who sends many.
//  libzmq shows no frame before it has the whole message

static void
s_take_frame (mesh_t *self, zmq_msg_t *frame, event_t *event)
{
    if (self->frame == TEXT)
        s_hear_text (self, frame, event);
    else if (self->frame == FRAMES_MAX)
        s_end (self, frame, EVENT_CALLER_ENDLESS, span_of (""));
    if (!zmq_msg_more (frame))
        self->frame = IDENTITY;
    else if (self->frame <= FRAMES_MAX)
        self->frame++;
}


//  Judge the callers once all messages were taken that had come when they were
//  measured: there are none left, or each caller had its turn, as libzmq takes
//  them in turns

static void
s_judge (mesh_t *self)
{
    if (!self->measured ||
        (self->more && self->messages < callers_count (self->callers)))
        return;
    self->measured = false;
    callers_judge (self->callers);
}


//  A socket's descriptor is edge-triggered, it tells that it became ready: what
//  a share of a turn leaves must be remembered

static void
s_hear (mesh_t *self)
{
    void *socket = zsock_resolve (self->router.socket);
    event_t event = {.kind = EVENT_PEER_MESSAGE};
    clock_stamp (&event);
    size_t size = 0;
    self->more = true;
    for (int count = 0;
         self->more && count < RECEIVE_MAX && size < RECEIVE_SIZE_MAX;
         count++) {
        zmq_msg_t frame;
        zmq_msg_init (&frame);
        self->more = zmq_msg_recv (&frame, socket, ZMQ_DONTWAIT) != -1;
        if (self->more) {
            size += zmq_msg_size (&frame);
            s_take_frame (self, &frame, &event);
        }
        zmq_msg_close (&frame);
    }
    s_judge (self);
}


static void
s_heard (void *context, uint32_t events)
{
    (void) events;
    s_hear (context);
}


static void
s_open_router (mesh_t *self, const mesh_options_t *options)
{
    router_open (&self->router, &options->listen, options->message_size_max);
    self->monitor.watcher = (watcher_t){.ready = s_monitored, .context = self};
    monitor_open (&self->monitor, self->poller, self->router.socket,
        ZMQ_EVENT_LISTENING | ZMQ_EVENT_ACCEPTED | ZMQ_EVENT_DISCONNECTED |
            ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL);
    self->heard = (watcher_t){.ready = s_heard, .context = self};
    poller_socket (self->poller, &self->heard, self->router.socket);
}


//  Admit peers, wherever they are now

static void
s_admit (mesh_t *self)
{
    size_t count = 0;
    address_t *all =
        zmalloc (sizeof (address_t) * MESH_PEERS_MAX * RESOLVER_ADDRESSES_MAX);
    for (unsigned peer = 0; peer < MESH_PEERS_MAX; peer++) {
        size_t found;
        const address_t *addresses =
            whereabouts_of (self->whereabouts, peer, &found);
        for (size_t index = 0; index < found; index++)
            all [count++] = addresses [index];
    }
    zap_admit (self->zap, all, count);
    free (all);
}


static void
s_seek (mesh_t *self, unsigned peer)
{
    size_t count;
    const address_t *addresses =
        whereabouts_of (self->whereabouts, peer, &count);
    dealer_seek (self->dealers [peer], addresses, count);
}


static void
s_moved (void *context, unsigned peer)
{
    mesh_t *self = context;
    s_admit (self);
    s_seek (self, peer);
}


static size_t
s_callers_max (unsigned peer_count)
{
    return CALLERS_MORE + (size_t) CALLERS_PER_PEER * peer_count;
}


mesh_t *
mesh_new (poller_t *poller, const mesh_options_t *options, event_fn *emit,
    void *context)
{
    mesh_t *self = zmalloc (sizeof (mesh_t));
    self->poller = poller;
    self->zap = options->zap;
    self->keys = options->keys;
    zap_demand (self->zap, self->keys);
    self->emit = emit;
    self->context = context;
    self->reconnect_ms = options->reconnect_ms;
    self->message_size_max = options->message_size_max;
    self->source = options->listen.address;
    self->callers = callers_new (&(callers_options_t){.zap = self->zap,
        .port = options->listen.port,
        .count_max = s_callers_max (0),
        .intake_max = INTAKE_MAX,
        .emit = s_emit,
        .context = self});
    s_open_router (self, options);
    if (router_bind (&self->router, self->keys))
        self->whereabouts = whereabouts_new (
            poller, &(whereabouts_options_t){
                        .moved = s_moved, .emit = s_emit, .context = self});
    if (!self->whereabouts)
        mesh_destroy (&self);
    return self;
}


void
mesh_destroy (mesh_t **self_p)
{
    mesh_t *self = *self_p;
    if (self) {
        int error = errno;
        for (unsigned peer = 0; peer < MESH_PEERS_MAX; peer++)
            dealer_destroy (&self->dealers [peer]);
        whereabouts_destroy (&self->whereabouts);
        poller_drop (self->poller, &self->heard);
        monitor_close (&self->monitor);
        router_close (&self->router);
        callers_destroy (&self->callers);
        free (self);
        *self_p = NULL;
        errno = error;
    }
}


void
mesh_connect (
    mesh_t *self, unsigned peer, const char *name, const endpoint_t *endpoint)
{
    assert (peer < MESH_PEERS_MAX);
    dealer_t *before = self->dealers [peer];
    event_t event = {.kind = EVENT_PEER_DOWN, .peer = peer};
    if (before && dealer_is_connected (before)) {
        clock_stamp (&event);
        self->emit (self->context, &event);
    }
    mesh_part (self, peer);
    self->dealers [peer] = dealer_new (
        self->poller, &(dealer_options_t){.peer = peer,
                          .name = name,
                          .keys = self->keys,
                          .port = endpoint->port,
                          .source = self->source,
                          .reconnect_ms = self->reconnect_ms,
                          .message_size_max = self->message_size_max,
                          .emit = s_emit,
                          .context = self});
    callers_limit (self->callers, s_callers_max (++self->count));
    whereabouts_put (self->whereabouts, peer, endpoint);
    s_moved (self, peer);
}


void
mesh_part (mesh_t *self, unsigned peer)
{
    assert (peer < MESH_PEERS_MAX);
    if (self->dealers [peer])
        callers_limit (self->callers, s_callers_max (--self->count));
    dealer_destroy (&self->dealers [peer]);
    whereabouts_drop (self->whereabouts, peer);
    s_admit (self);
}


void
mesh_expel (mesh_t *self)
{
    s_monitored (self, 0);
    callers_expel (self->callers);
}


void
mesh_set_reconnect (mesh_t *self, int reconnect_ms)
{
    self->reconnect_ms = reconnect_ms;
}


void
mesh_rekey (mesh_t *self, const keys_t *keys)
{
    self->keys = keys;
    zap_demand (self->zap, keys);
    for (unsigned peer = 0; peer < MESH_PEERS_MAX; peer++)
        if (self->dealers [peer])
            dealer_rekey (self->dealers [peer], keys);
    (void) router_bind (&self->router, keys);
}


size_t
mesh_descriptors (unsigned peer_count)
{
    return s_callers_max (peer_count) + (size_t) NAME_DESCRIPTORS * peer_count +
           peer_count + SOCKET_DESCRIPTORS * ((size_t) peer_count + 1);
}


bool
mesh_can_send (mesh_t *self, unsigned peer)
{
    assert (peer < MESH_PEERS_MAX);
    return self->dealers [peer] && dealer_can_send (self->dealers [peer]);
}


void
mesh_send (mesh_t *self, unsigned peer, span_t text)
{
    assert (peer < MESH_PEERS_MAX && self->dealers [peer]);
    dealer_send (self->dealers [peer], text);
}


//  Whoever waits for the zap has called before: to hear of that first lets us
//  count all that are refused

bool
mesh_turn (mesh_t *self)
{
    if (self->more)
        s_hear (self);
    if (zap_is_asked (self->zap)) {
        s_monitored (self, 0);
        zap_answer (self->zap, s_emit, self);
    }
    return self->more || zap_is_asked (self->zap);
}


void
mesh_tick (mesh_t *self)
{
    for (unsigned peer = 0; peer < MESH_PEERS_MAX; peer++) {
        if (!self->dealers [peer])
            continue;
        dealer_tick (self->dealers [peer]);
        if (dealer_down_ms (self->dealers [peer]) >= DOWN_MS)
            whereabouts_ask (self->whereabouts, peer);
    }
    (void) router_bind (&self->router, self->keys);
    callers_measure (self->callers);
    //  A silent caller that we cut connects again.  Held back, it waits
    bool crowd = callers_are_crowd (self->callers);
    callers_note_held (self->callers, router_defer (&self->router, crowd));
    self->measured = true;
    self->messages = 0;
    s_hear (self);
}


//  libzmq takes an address that it binds, or connects from, for the name of an
//  interface first, and each time asks the C library for all of these.  That
//  needs a descriptor; if there is none, libzmq ends the process, and a crowd
//  may have taken the last.  We name no interfaces, so here are none

int
getifaddrs (struct ifaddrs **interfaces)
{
    *interfaces = NULL;
    errno = EOPNOTSUPP;
    return -1;
}
