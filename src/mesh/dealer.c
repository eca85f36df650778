/*  =========================================================================
    dealer - our connection to one peer
    =========================================================================
*/

#include "mesh/dealer.h"

#include "base/endpoint.h"
#include "loop/clock.h"
#include "mesh/curve.h"
#include "mesh/intake.h"
#include "mesh/monitor.h"

#include <assert.h>

//  Messages waiting in the socket: few, so that what is sent is nearly on its
//  way; the core keeps the rest, and newer
#define SEND_HWM 64

#define HEARTBEAT_MS 1000
#define HEARTBEAT_TIMEOUT_MS 5000
#define CONNECT_MS 2000
#define LINGER_MS 300

//  Where libzmq will not try again we do: at first as soon as it would, as the
//  peer may read its keys anew a moment after us, then less often, up to this;
//  and where it has not connected for long
#define BROKEN_MS 1000
#define GIVEN_UP_MS 10000

//  Bytes of a handshake that may come back, beside DEALER_ANSWERS_PER_SECOND
#define ANSWERS_MAX 65536

//  "tcp://SOURCE:0;TARGET:PORT"
#define ENDPOINT_SIZE (2 * ENDPOINT_TEXT_SIZE + 8)

#define EVENTS                                                                 \
    (ZMQ_EVENT_CONNECTED | ZMQ_EVENT_CONNECT_RETRIED |                         \
        ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL |  \
        ZMQ_EVENT_HANDSHAKE_FAILED_AUTH |                                      \
        ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL | ZMQ_EVENT_DISCONNECTED)

//  So often it is told why there is no connection
#define UNMET_MS 60000

struct dealer_t {
    dealer_options_t options;
    char *name;
    char key [KEYS_STRING_SIZE];    //  The peer's that we connect by; "" = none
    char own [KEYS_STRING_SIZE];    //  Ours
    unsigned attempt;               //  Of the peer's keys the one to try
    address_t *addresses;           //  Of the peer
    size_t count;                   //
    size_t at;                      //  The one that is tried
    address_t to;                   //  That; :: = none is
    char endpoint [ENDPOINT_SIZE];  //  The same, as libzmq has it
    poller_t *poller;
    zsock_t *dealer;
    watcher_t writable;  //  Ready when the dealer may take messages again
    bool takes;          //  It does, as far as is known: it took the last one
    zmq_msg_t held;      //  That which it did not take
    bool holds;          //  There is one
    monitor_t monitor;   //  Of its connection
    int fd;              //  Of its connection, libzmq's; -1 = none
    int64_t begun_ms;    //  When that was begun
    bool connected;      //  It has shaken hands
    bool turning;        //  A key of the peer failed, and it has another one
    bool broken;         //  libzmq will not try again
    int broken_ms;       //  After that time we do; 0 = it was not broken yet
    bool failed;         //  An attempt did, or the connection was lost
    bool moved;          //  The addresses are others than it was made to
    const char *unmet;   //  Why the last handshake failed; NULL = it did not
    int64_t unmet_ms;    //  When that was told
    int64_t changed_ms;  //  When it was connected, lost, or begun anew
    int64_t down_ms;     //  When it was lost
};


static void
s_emit (dealer_t *self, event_t event)
{
    clock_stamp (&event);
    self->options.emit (self->options.context, &event);
}


static void
s_drop_held (dealer_t *self)
{
    if (self->holds)
        zmq_msg_close (&self->held);
    self->holds = false;
}


static void
s_change (dealer_t *self, bool connected)
{
    self->changed_ms = clock_ms ();
    if (self->connected == connected)
        return;
    self->connected = connected;
    self->unmet = connected ? NULL : self->unmet;
    s_drop_held (self);
    self->down_ms = self->changed_ms;
    s_emit (self, (event_t){.kind = connected ? EVENT_PEER_UP : EVENT_PEER_DOWN,
                      .peer = self->options.peer});
}


//  Tell why there is no connection, if that is news or was told long ago

static void
s_tell_unmet (dealer_t *self, const char *reason)
{
    int64_t now_ms = clock_ms ();
    if (!reason ||
        (reason == self->unmet && now_ms < self->unmet_ms + UNMET_MS))
        return;
    self->unmet = reason;
    self->unmet_ms = now_ms;
    s_emit (self, (event_t){.kind = EVENT_PEER_UNMET,
                      .peer = self->options.peer,
                      .text = span_of (reason)});
}


static void
s_break (dealer_t *self)
{
    int next_ms =
        self->broken_ms ? 2 * self->broken_ms : self->options.reconnect_ms;
    if (!self->broken)
        self->broken_ms = next_ms < BROKEN_MS ? next_ms : BROKEN_MS;
    self->broken = true;
}


//  A handshake failed.  Try another key of the peer, if it has one

static void
s_fail (dealer_t *self, const monitor_event_t *event)
{
    const keys_t *keys = self->options.keys;
    if (event->kind != ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL)
        s_break (self);
    if (keys) {
        const char *next = keys_of (keys, self->name, ++self->attempt);
        self->turning = next && !streq (next, self->key);
    }
    s_tell_unmet (self, curve_reason (event, keys));
}


//  libzmq may still tell of a connection that we have given up

static void
s_monitored (void *context, uint32_t events)
{
    dealer_t *self = context;
    monitor_event_t event;
    (void) events;
    while (monitor_next (&self->monitor, &event))
        switch (event.kind) {
        case ZMQ_EVENT_CONNECTED:
            self->fd =
                intake_is_from (event.value, &self->to, self->options.port)
                    ? event.value
                    : -1;
            self->begun_ms = clock_ms ();
            break;
        case ZMQ_EVENT_CONNECT_RETRIED:
            self->failed = true;
            break;
        case ZMQ_EVENT_HANDSHAKE_SUCCEEDED:
            if (self->fd != -1)
                s_change (self, true);
            break;
        case ZMQ_EVENT_DISCONNECTED:
            self->fd = -1;
            s_change (self, false);
            break;
        default:
            s_fail (self, &event);
        }
}


//  Try to send what is held, maybe for the first time.  If the dealer takes it,
//  we expect it to take the next, too

static void
s_send_held (dealer_t *self)
{
    self->takes = zmq_msg_send (&self->held, zsock_resolve (self->dealer),
                      ZMQ_DONTWAIT) != -1;
    self->holds = !self->takes;
}


//  Asking for its events makes the dealer read its mail, which is what its
//  descriptor stands for.  That costs system calls, so it is done when there is
//  mail, or after it refused a message, and not for each message

static void
s_ask_events (void *context, uint32_t events)
{
    dealer_t *self = context;
    (void) events;
    self->takes = zsock_events (self->dealer) & ZMQ_POLLOUT;
    if (self->takes && self->holds)
        s_send_held (self);
}


dealer_t *
dealer_new (poller_t *poller, const dealer_options_t *options)
{
    dealer_t *self = zmalloc (sizeof (dealer_t));
    self->options = *options;
    self->name = strdup (options->name ? options->name : "");
    assert (self->name);
    self->poller = poller;
    self->fd = -1;
    self->changed_ms = self->down_ms = clock_ms ();
    self->dealer = zsock_new (ZMQ_DEALER);
    assert (self->dealer);
    zsock_set_handshake_ivl (self->dealer, DEALER_HANDSHAKE_MS);
    zsock_set_maxmsgsize (self->dealer, (int) options->message_size_max);
    zsock_set_heartbeat_ivl (self->dealer, HEARTBEAT_MS);
    zsock_set_heartbeat_timeout (self->dealer, HEARTBEAT_TIMEOUT_MS);
    zsock_set_ipv6 (self->dealer, 1);
    zsock_set_immediate (self->dealer, 1);
    zsock_set_sndhwm (self->dealer, SEND_HWM);
    //  Nobody should send us anything here, and we never read it
    zsock_set_rcvhwm (self->dealer, 1);
    zsock_set_linger (self->dealer, LINGER_MS);
    zsock_set_connect_timeout (self->dealer, CONNECT_MS);
    zsock_set_reconnect_ivl (self->dealer, options->reconnect_ms);
    self->monitor.watcher = (watcher_t){.ready = s_monitored, .context = self};
    monitor_open (&self->monitor, poller, self->dealer, EVENTS);
    self->writable = (watcher_t){.ready = s_ask_events, .context = self};
    poller_socket (poller, &self->writable, self->dealer);
    return self;
}


void
dealer_destroy (dealer_t **self_p)
{
    dealer_t *self = *self_p;
    if (self) {
        poller_drop (self->poller, &self->writable);
        monitor_close (&self->monitor);
        s_drop_held (self);
        zsock_destroy (&self->dealer);
        free (self->addresses);
        free (self->name);
        free (self);
        *self_p = NULL;
    }
}


static void
s_disconnect (dealer_t *self)
{
    if (*self->endpoint)
        zsock_disconnect (self->dealer, "%s", self->endpoint);
    *self->endpoint = 0;
    self->to = (address_t){.bytes = {0}};
    self->takes = false;
    s_drop_held (self);
    self->fd = -1;
    self->broken = self->failed = self->turning = self->moved = false;
    self->changed_ms = clock_ms ();
}


//  Take our keys, and the peer's that is to be tried.  Returns false if it has
//  none

static bool
s_take_keys (dealer_t *self)
{
    const keys_t *keys = self->options.keys;
    if (!keys)
        return true;
    const char *key = keys_of (keys, self->name, self->attempt);
    snprintf (self->key, sizeof (self->key), "%s", key ? key : "");
    snprintf (self->own, sizeof (self->own), "%s", keys_public (keys));
    if (key)
        curve_call (self->dealer, keys, key);
    return key;
}


//  Where servers share a machine, or have several addresses, it is by where we
//  come from that a peer knows us

static void
s_connect (dealer_t *self)
{
    char source [ENDPOINT_TEXT_SIZE], target [ENDPOINT_TEXT_SIZE];
    const address_t *from = &self->options.source;
    s_disconnect (self);
    if (self->count == 0 || !s_take_keys (self))
        return;
    self->to = self->addresses [self->at];
    bool bound = !address_is_any (from) &&
                 address_is_v4 (from) == address_is_v4 (&self->to);
    endpoint_print_address (from, 0, source);
    endpoint_print_address (&self->to, self->options.port, target);
    snprintf (self->endpoint, sizeof (self->endpoint), "tcp://%s%s%s",
        bound ? source : "", bound ? ";" : "", target);
    int rc = zsock_connect (self->dealer, "%s", self->endpoint);
    assert (rc == 0);
}


void
dealer_seek (dealer_t *self, const address_t *addresses, size_t count)
{
    free (self->addresses);
    self->addresses = zmalloc ((count + 1) * sizeof (address_t));
    self->count = count;
    self->at = 0;
    for (size_t index = 0; index < count; index++)
        self->addresses [index] = addresses [index];
    self->moved = true;
    s_monitored (self, 0);
    if (!self->connected)
        s_connect (self);
}


int64_t
dealer_down_ms (const dealer_t *self)
{
    return self->connected ? 0 : clock_ms () - self->down_ms;
}


bool
dealer_is_connected (const dealer_t *self)
{
    return self->connected;
}


bool
dealer_can_send (dealer_t *self)
{
    //  The socket may not know yet that the connection is gone
    bool stands = self->connected && *self->endpoint;
    if (stands && !self->takes)
        s_ask_events (self, 0);
    return stands && self->takes;
}


void
dealer_send (dealer_t *self, span_t text)
{
    if (!dealer_can_send (self))
        return;
    int rc = zmq_msg_init_size (&self->held, text.size);
    assert (rc == 0);
    memcpy (zmq_msg_data (&self->held), text.data, text.size);
    self->holds = true;
    s_send_held (self);
}


//  libzmq keeps what comes here as long as there is the connection

static void
s_check_answers (dealer_t *self, int64_t now_ms)
{
    uint64_t age_ms = (uint64_t) (now_ms - self->begun_ms);
    uint64_t most = ANSWERS_MAX + DEALER_ANSWERS_PER_SECOND * age_ms / 1000;
    if (self->fd == -1 || intake_of (self->fd, most) <= most ||
        !intake_is_from (self->fd, &self->to, self->options.port))
        return;
    s_emit (self, (event_t){.kind = EVENT_CALLER_ENDLESS, .address = self->to});
    s_disconnect (self);
    self->broken = true;
    self->broken_ms = BROKEN_MS;
    s_change (self, false);
}


//  libzmq tries one address for ever: where there are several, we turn to the
//  next one

static bool
s_is_to_try_again (const dealer_t *self, int64_t now_ms)
{
    int64_t since_ms = now_ms - self->changed_ms;
    bool other = self->failed && self->count > 1;
    if (self->broken && !self->turning)
        return since_ms >= self->broken_ms;
    if (other || self->turning)
        return since_ms >= self->options.reconnect_ms;
    return since_ms >= GIVEN_UP_MS;
}


void
dealer_rekey (dealer_t *self, const keys_t *keys)
{
    bool same = self->options.keys && keys && *self->key &&
                streq (self->own, keys_public (keys)) &&
                keys_has (keys, self->name, self->key);
    self->options.keys = keys;
    self->attempt = 0;
    if (same)
        return;
    s_monitored (self, 0);
    s_disconnect (self);
    s_change (self, false);
    self->broken_ms = 0;
    s_connect (self);
}


void
dealer_tick (dealer_t *self)
{
    //  It may have succeeded just now
    if (!self->connected)
        s_monitored (self, 0);
    int64_t now_ms = clock_ms ();
    s_check_answers (self, now_ms);
    if (self->options.keys && !keys_of (self->options.keys, self->name, 0))
        s_tell_unmet (self, "herd.pub has no key of it");
    if (self->connected) {
        self->broken = self->failed = self->turning = false;
        self->broken_ms = 0;
    }
    else if (self->moved)
        s_connect (self);
    else if (self->count && s_is_to_try_again (self, now_ms)) {
        //  Each key is tried at an address before the next
        if (!self->turning || self->attempt % KEYS_MAX == 0)
            self->at = (self->at + 1) % self->count;
        s_connect (self);
    }
}
