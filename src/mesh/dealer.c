/*  =========================================================================
    dealer - our connection to one peer
    =========================================================================
*/

#include "mesh/dealer.h"

#include "loop/clock.h"
#include "mesh/intake.h"
#include "mesh/monitor.h"

#include <assert.h>

//  Messages waiting in the socket: few, so that what is sent is nearly on its
//  way; the core keeps the rest, and newer
#define SEND_HWM 64

#define HEARTBEAT_MS 1000
#define HEARTBEAT_TIMEOUT_MS 5000
#define HANDSHAKE_MS 3000
#define CONNECT_MS 2000
#define LINGER_MS 300

//  Where libzmq will not try again we do, after this; and where it has not
//  connected for long
#define BROKEN_MS 1000
#define GIVEN_UP_MS 10000

//  Bytes that may come back: a handshake, and heartbeats each second
#define ANSWERS_MAX 65536
#define ANSWERS_PER_SECOND 32

#define EVENTS                                                                 \
    (ZMQ_EVENT_CONNECTED | ZMQ_EVENT_HANDSHAKE_SUCCEEDED |                     \
        ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL |                                  \
        ZMQ_EVENT_HANDSHAKE_FAILED_AUTH | ZMQ_EVENT_DISCONNECTED)

struct dealer_t {
    dealer_options_t options;
    char *endpoint;
    poller_t *poller;
    zsock_t *dealer;
    watcher_t writable;  //  Ready when the dealer may take messages again
    monitor_t monitor;   //  Of its connection
    int fd;              //  Of its connection, libzmq's; -1 = none
    int64_t begun_ms;    //  When that was begun
    bool connected;      //  It has shaken hands
    bool broken;         //  libzmq will not try again
    int64_t changed_ms;  //  When it was connected, lost, or begun anew
};


void
dealer_prepare (zsock_t *socket, size_t message_size_max)
{
    zsock_set_heartbeat_ivl (socket, HEARTBEAT_MS);
    zsock_set_heartbeat_timeout (socket, HEARTBEAT_TIMEOUT_MS);
    zsock_set_handshake_ivl (socket, HANDSHAKE_MS);
    zsock_set_maxmsgsize (socket, (int) message_size_max);
}


static void
s_emit (dealer_t *self, event_t event)
{
    clock_stamp (&event);
    self->options.emit (self->options.context, &event);
}


static void
s_change (dealer_t *self, bool connected)
{
    self->changed_ms = clock_ms ();
    if (self->connected == connected)
        return;
    self->connected = connected;
    s_emit (self, (event_t){.kind = connected ? EVENT_PEER_UP : EVENT_PEER_DOWN,
                      .peer = self->options.peer});
}


static void
s_monitored (void *context, uint32_t events)
{
    dealer_t *self = context;
    monitor_event_t event;
    (void) events;
    while (monitor_next (&self->monitor, &event))
        switch (event.kind) {
        case ZMQ_EVENT_CONNECTED:
            self->fd = event.fd;
            self->begun_ms = clock_ms ();
            break;
        case ZMQ_EVENT_HANDSHAKE_SUCCEEDED:
            s_change (self, true);
            break;
        case ZMQ_EVENT_DISCONNECTED:
            self->fd = -1;
            s_change (self, false);
            break;
        default:
            self->broken = true;
        }
}


//  Asking for its events makes the dealer read its mail, which is what its
//  descriptor stands for.  The turn that follows finds it writable, or not

static void
s_writable (void *context, uint32_t events)
{
    dealer_t *self = context;
    (void) events;
    (void) zsock_events (self->dealer);
}


dealer_t *
dealer_new (poller_t *poller, const dealer_options_t *options)
{
    dealer_t *self = zmalloc (sizeof (dealer_t));
    self->options = *options;
    self->endpoint = strdup (options->endpoint);
    assert (self->endpoint);
    self->poller = poller;
    self->fd = -1;
    self->changed_ms = clock_ms ();
    self->dealer = zsock_new (ZMQ_DEALER);
    assert (self->dealer);
    dealer_prepare (self->dealer, options->message_size_max);
    zsock_set_immediate (self->dealer, 1);
    zsock_set_sndhwm (self->dealer, SEND_HWM);
    //  Nobody should send us anything here, and we never read it
    zsock_set_rcvhwm (self->dealer, 1);
    zsock_set_linger (self->dealer, LINGER_MS);
    zsock_set_connect_timeout (self->dealer, CONNECT_MS);
    zsock_set_reconnect_ivl (self->dealer, options->reconnect_ms);
    self->monitor.watcher = (watcher_t){.ready = s_monitored, .context = self};
    monitor_open (&self->monitor, poller, self->dealer, EVENTS);
    self->writable = (watcher_t){.ready = s_writable, .context = self};
    poller_socket (poller, &self->writable, self->dealer);
    int rc = zsock_connect (self->dealer, "%s", self->endpoint);
    assert (rc == 0);
    return self;
}


void
dealer_destroy (dealer_t **self_p)
{
    dealer_t *self = *self_p;
    if (self) {
        poller_drop (self->poller, &self->writable);
        monitor_close (&self->monitor);
        zsock_destroy (&self->dealer);
        free (self->endpoint);
        free (self);
        *self_p = NULL;
    }
}


bool
dealer_is_connected (const dealer_t *self)
{
    return self->connected;
}


bool
dealer_can_send (dealer_t *self)
{
    return zsock_events (self->dealer) & ZMQ_POLLOUT;
}


void
dealer_send (dealer_t *self, span_t text)
{
    (void) zmq_send (
        zsock_resolve (self->dealer), text.data, text.size, ZMQ_DONTWAIT);
}


//  libzmq keeps what comes here as long as there is the connection

static void
s_check_answers (dealer_t *self, int64_t now_ms)
{
    struct sockaddr_in from;
    uint64_t seconds = (uint64_t) (now_ms - self->begun_ms) / 1000;
    if (self->fd == -1 ||
        intake_of (self->fd) <= ANSWERS_MAX + ANSWERS_PER_SECOND * seconds ||
        !intake_from (self->fd, &from))
        return;
    self->fd = -1;
    self->broken = true;
    zsock_disconnect (self->dealer, "%s", self->endpoint);
    s_emit (self, (event_t){.kind = EVENT_CALLER_ENDLESS,
                      .address = ntohl (from.sin_addr.s_addr)});
    s_change (self, false);
}


void
dealer_tick (dealer_t *self)
{
    int64_t now_ms = clock_ms ();
    s_monitored (self, 0);
    s_check_answers (self, now_ms);
    int64_t since_ms = now_ms - self->changed_ms;
    if (self->connected)
        self->broken = false;
    else if (since_ms >= (self->broken ? BROKEN_MS : GIVEN_UP_MS)) {
        self->broken = false;
        self->changed_ms = now_ms;
        zsock_disconnect (self->dealer, "%s", self->endpoint);
        zsock_connect (self->dealer, "%s", self->endpoint);
    }
}
