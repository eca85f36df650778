/*  =========================================================================
    call - our connection to one peer, over plain TCP
    =========================================================================
*/

#include "bench/tcp/call.h"

#include "loop/clock.h"
#include "loop/sockaddr.h"

#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <sodium.h>
#include <unistd.h>

#define CONNECT_MS 2000

//  Who answers and is no peer is tried less and less often, up to this
#define BROKEN_MS 1000

//  So long what was said last may take to leave
#define LEAVE_MS 300

//  So often it is told why there is no connection
#define UNMET_MS 60000

//  A peer says no messages here
#define BODY_MAX 0

typedef enum { AWAY, CONNECTING, GREETING, UP, LEAVING } call_state_t;

struct call_t {
    call_options_t options;
    address_t *addresses;
    size_t count;
    size_t at;  //  The one that is tried
    framed_t framed;
    call_state_t state;
    int64_t since_ms;   //  In that state
    int64_t heard_ms;   //  When the peer last said anything
    int64_t pinged_ms;  //  When it was last asked to
    int64_t down_ms;    //  When the connection was lost
    int wait_ms;        //  Before the next attempt
    int broken_ms;      //  The same, after those that were answered by no peer
    const char *unmet;  //  What was told last; NULL = it was connected since
    int64_t unmet_ms;   //  When
};


static void
s_emit (call_t *self, event_t event)
{
    clock_stamp (&event);
    event.peer = self->options.peer;
    self->options.emit (self->options.context, &event);
}


static void
s_turn (call_t *self, call_state_t state)
{
    self->state = state;
    self->since_ms = clock_ms ();
}


static void
s_tell_unmet (call_t *self, const char *reason)
{
    int64_t now_ms = clock_ms ();
    if (reason == self->unmet && now_ms < self->unmet_ms + UNMET_MS)
        return;
    self->unmet = reason;
    self->unmet_ms = now_ms;
    s_emit (
        self, (event_t){.kind = EVENT_PEER_UNMET, .text = span_of (reason)});
}


//  The connection is lost, or was not made.  Attempts of many servers at one
//  that is back are to be apart, so there is chance in when the next is.  If
//  somebody answered, who is no peer, there is a reason

static void
s_lose (call_t *self, const char *reason)
{
    bool was_up = self->state == UP;
    int wait_ms = self->options.reconnect_ms;
    if (reason) {
        wait_ms = self->broken_ms ? 2 * self->broken_ms : wait_ms;
        self->broken_ms = wait_ms = wait_ms < BROKEN_MS ? wait_ms : BROKEN_MS;
    }
    self->wait_ms =
        wait_ms + (int) randombytes_uniform ((uint32_t) wait_ms + 1);
    framed_close (&self->framed);
    s_turn (self, AWAY);
    if (self->count)
        self->at = (self->at + 1) % self->count;
    if (was_up) {
        self->down_ms = self->since_ms;
        s_emit (self, (event_t){.kind = EVENT_PEER_DOWN});
    }
    if (reason)
        s_tell_unmet (self, reason);
}


//  Where a port is free that the system may give to whoever connects, one may
//  be connected to itself

static bool
s_is_self (int fd)
{
    sockaddr_t here, there;
    socklen_t here_size = sizeof (here), there_size = sizeof (there);
    return getsockname (fd, &here.any, &here_size) == 0 &&
           getpeername (fd, &there.any, &there_size) == 0 &&
           here_size == there_size && memcmp (&here, &there, here_size) == 0;
}


static void
s_connected (call_t *self)
{
    int fd = self->framed.watcher.fd;
    int error = 0;
    socklen_t size = sizeof (error);
    if (getsockopt (fd, SOL_SOCKET, SO_ERROR, &error, &size) == -1 || error ||
        s_is_self (fd)) {
        s_lose (self, NULL);
        return;
    }
    s_turn (self, GREETING);
    framed_greet (&self->framed);
}


//  The peer greets once, and then only answers pings

static void
s_take (call_t *self)
{
    frame_t frame;
    framed_found_t found;
    while ((found = framed_take (&self->framed, &frame)) != FRAMED_NOTHING) {
        if (found == FRAMED_NONSENSE ||
            (found == FRAMED_FRAME && frame.kind != FRAMED_PONG)) {
            s_lose (self, "who answers is no peer");
            return;
        }
        self->heard_ms = clock_ms ();
        if (found != FRAMED_GREETING)
            continue;
        s_turn (self, UP);
        self->pinged_ms = self->since_ms;
        self->broken_ms = 0;
        self->unmet = NULL;
        s_emit (self, (event_t){.kind = EVENT_PEER_UP});
    }
}


static void
s_ready (void *context, uint32_t events)
{
    call_t *self = context;
    if (self->state == CONNECTING)
        s_connected (self);
    else if (self->state == LEAVING) {
        if (framed_leave (&self->framed))
            framed_close (&self->framed);
    }
    else {
        framed_flush (&self->framed);
        if (!(events & (EPOLLIN | EPOLLHUP | EPOLLERR)))
            return;
        if (framed_read (&self->framed))
            s_take (self);
        else
            s_lose (self, self->state == UP ? NULL : "it ends the connection");
    }
}


call_t *
call_new (poller_t *poller, const call_options_t *options)
{
    call_t *self = zmalloc (sizeof (call_t));
    self->options = *options;
    framed_init (&self->framed, poller, BODY_MAX, s_ready, self);
    s_turn (self, AWAY);
    self->down_ms = self->since_ms;
    return self;
}


void
call_destroy (call_t **self_p)
{
    call_t *self = *self_p;
    if (self) {
        framed_close (&self->framed);
        free (self->addresses);
        free (self);
        *self_p = NULL;
    }
}


//  Where servers share a machine, or have several addresses, it is by where we
//  come from that a peer knows us

static int
s_socket (const call_t *self, const address_t *to)
{
    static const int on = 1;
    const address_t *from = &self->options.source;
    bool four = address_is_v4 (to);
    sockaddr_t at;
    int fd = socket (four ? AF_INET : AF_INET6,
        SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0 || address_is_any (from) || address_is_v4 (from) != four)
        return fd;
    (void) setsockopt (
        fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof (on));
    socklen_t size = sockaddr_write (&at, from, 0);
    if (bind (fd, &at.any, size) == 0)
        return fd;
    close (fd);
    return -1;
}


static void
s_connect (call_t *self)
{
    sockaddr_t at;
    const address_t *to = &self->addresses [self->at];
    int fd = s_socket (self, to);
    socklen_t size = sockaddr_write (&at, to, self->options.port);
    s_turn (self, CONNECTING);
    if (fd < 0) {
        s_lose (self, NULL);
        return;
    }
    bool failed = connect (fd, &at.any, size) == -1 && errno != EINPROGRESS;
    if (failed)
        close (fd);
    if (failed || !framed_open (&self->framed, fd, true))
        s_lose (self, NULL);
}


void
call_seek (call_t *self, const address_t *addresses, size_t count)
{
    free (self->addresses);
    self->addresses = zmalloc ((count + 1) * sizeof (address_t));
    self->count = count;
    self->at = 0;
    for (size_t index = 0; index < count; index++)
        self->addresses [index] = addresses [index];
    if (self->state == CONNECTING || self->state == GREETING)
        s_lose (self, NULL);
    if (self->state == AWAY && count)
        s_connect (self);
}


bool
call_is_up (const call_t *self)
{
    return self->state == UP;
}


int64_t
call_down_ms (const call_t *self)
{
    return self->state == UP ? 0 : clock_ms () - self->down_ms;
}


//  The system has a buffer for each connection, so that one that waits here
//  behind it is enough

bool
call_can_send (const call_t *self)
{
    return self->state == UP && framed_is_clear (&self->framed);
}


void
call_send (call_t *self, span_t text)
{
    if (self->state == UP)
        framed_say (&self->framed, FRAMED_MESSAGE, text);
}


void
call_leave (call_t *self)
{
    bool was_up = self->state == UP;
    s_turn (self, LEAVING);
    if (!was_up || framed_leave (&self->framed))
        framed_close (&self->framed);
}


framed_t *
call_leaving (call_t *self)
{
    bool late = clock_ms () >= self->since_ms + LEAVE_MS;
    return self->framed.watcher.fd >= 0 && !late ? &self->framed : NULL;
}


static void
s_check_life (call_t *self, int64_t now_ms)
{
    if (now_ms >= self->heard_ms + CALL_SILENCE_MS)
        s_lose (self, NULL);
    else if (now_ms >= self->pinged_ms + CALL_PING_MS &&
             framed_is_clear (&self->framed)) {
        self->pinged_ms = now_ms;
        framed_say (&self->framed, FRAMED_PING, (span_t){"", 0});
    }
}


void
call_tick (call_t *self, int64_t late_ms)
{
    int64_t now_ms = clock_ms ();
    int64_t age_ms = now_ms - self->since_ms;
    self->heard_ms += late_ms;
    switch (self->state) {
    case AWAY:
        if (self->count && age_ms >= self->wait_ms)
            s_connect (self);
        break;
    case CONNECTING:
        if (age_ms >= CONNECT_MS)
            s_lose (self, NULL);
        break;
    case GREETING:
        if (age_ms >= CALL_GREETING_MS)
            s_lose (self, "it does not answer");
        break;
    case UP:
        s_check_life (self, now_ms);
        break;
    case LEAVING:
        break;
    }
}
