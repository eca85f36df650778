/*  =========================================================================
    teller - tells a server of the herd what waits
    =========================================================================
*/

#include "mqtt/teller.h"

#include "base/buffer.h"
#include "base/lines.h"
#include "loop/clock.h"
#include "loop/resolver.h"
#include "loop/sockaddr.h"
#include "mqtt/retry.h"

#include <netinet/in.h>
#include <netinet/tcp.h>

//  Bytes read in a turn, and bytes that wait for the connection, at most
#define READ_SIZE 16384
#define OUTPUT_SIZE_MAX 65536

//  The longest reply: a line that was refused, and "? "
#define REPLY_SIZE_MAX (LOCATION_LINE_SIZE_MAX + 64)

typedef enum { DOWN, RESOLVING, CONNECTING, UP } stage_t;

struct teller_t {
    teller_options_t options;
    endpoint_t servers [TELLER_SERVERS_MAX];
    size_t server;   //  The one that is, or is to be, connected
    size_t attempt;  //  Of a name's addresses, they take turns
    resolver_t *resolver;
    watcher_t watcher;
    stage_t stage;
    retry_t retry;
    int64_t heard_ms;  //  When the stage began, or a reply came that was due
    buffer_t output;
    bool blocked;  //  The connection takes no more now
    lines_t input;
    char said [DIARY_LINE_SIZE_MAX];  //  What was last logged
    teller_counts_t counts;
};


//  Log how the server is, unless that was the last that was logged

static void
s_say (teller_t *self, const char *what, const char *detail)
{
    char at [ENDPOINT_TEXT_SIZE];
    char text [DIARY_LINE_SIZE_MAX];
    snprintf (text, sizeof (text), "server %s %s%s",
        endpoint_print (&self->servers [self->server], at), what, detail);
    if (!streq (text, self->said))
        diary_say (self->options.diary, "%s", text);
    memcpy (self->said, text, sizeof (text));
}


static void
s_close (teller_t *self)
{
    if (self->watcher.fd >= 0) {
        poller_drop (self->options.poller, &self->watcher);
        close (self->watcher.fd);
    }
    self->watcher.fd = -1;
    self->stage = DOWN;
    self->blocked = false;
    buffer_clear (&self->output);
    lines_clear (&self->input);
    devices_untell (self->options.devices);
}


static void
s_fail (teller_t *self, const char *what, const char *detail)
{
    s_say (self, what, detail);
    s_close (self);
    retry_failed (&self->retry, clock_ms ());
    self->server = (self->server + 1) % self->options.count;
}


//  A reply came.  Returns false if the server is given up for it

static bool
s_take (teller_t *self, span_t line)
{
    if (line.size && line.data [line.size - 1] == '\r')
        line.size--;
    devices_reply_t reply = devices_reply (self->options.devices, line);
    self->heard_ms = clock_ms ();
    if (reply == DEVICES_NONSENSE) {
        //  What it said may name a device and a place
        s_fail (self, "is given up, as what it says is no reply", "");
        return false;
    }
    self->counts.taken += reply == DEVICES_TAKEN;
    self->counts.refused += reply == DEVICES_REFUSED;
    return true;
}


static void
s_read (teller_t *self)
{
    char data [READ_SIZE];
    ssize_t size = recv (self->watcher.fd, data, sizeof (data), 0);
    if (size < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (size <= 0) {
        s_fail (self,
            "is gone: ", size ? strerror (errno) : "it closed the connection");
        return;
    }
    span_t bytes = {data, (size_t) size};
    span_t line;
    lines_result_t result;
    while ((result = lines_next (
                &self->input, &bytes, REPLY_SIZE_MAX, &line)) == LINES_LINE)
        if (!s_take (self, line))
            return;
    if (result == LINES_LONG)
        s_fail (self, "is given up, as it says what is too long", "");
}


static void
s_connected (teller_t *self)
{
    int reason = 0;
    socklen_t size = sizeof (reason);
    (void) getsockopt (self->watcher.fd, SOL_SOCKET, SO_ERROR, &reason, &size);
    if (reason) {
        s_fail (self, "can't be reached: ", strerror (reason));
        return;
    }
    self->stage = UP;
    self->attempt = 0;
    retry_connected (&self->retry, clock_ms ());
    poller_change (self->options.poller, &self->watcher, EPOLLIN);
    s_say (self, "is connected", "");
    self->options.reached (self->options.context);
}


static void
s_ready (void *context, uint32_t events)
{
    teller_t *self = context;
    if (self->stage == CONNECTING) {
        s_connected (self);
        return;
    }
    if (events & EPOLLOUT) {
        self->blocked = false;
        poller_change (self->options.poller, &self->watcher, EPOLLIN);
    }
    if (events & ~(uint32_t) EPOLLOUT)
        s_read (self);
}


static void
s_connect (teller_t *self, const address_t *address)
{
    sockaddr_t to;
    int on = 1;
    socklen_t size =
        sockaddr_write (&to, address, self->servers [self->server].port);
    self->watcher.fd = socket (
        to.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    self->stage = CONNECTING;
    if (self->watcher.fd < 0 ||
        (connect (self->watcher.fd, &to.any, size) && errno != EINPROGRESS) ||
        poller_add (self->options.poller, &self->watcher, EPOLLOUT)) {
        s_fail (self, "can't be reached: ", strerror (errno));
        return;
    }
    (void) setsockopt (
        self->watcher.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof (on));
}


static void
s_resolved (void *context, const resolved_t *resolved)
{
    teller_t *self = context;
    if (self->stage != RESOLVING || resolved->asker != self->server)
        return;
    if (resolved->count == 0)
        s_fail (self, "can't be reached: ", resolved->reason);
    else
        s_connect (
            self, &resolved->addresses [self->attempt++ % resolved->count]);
}


teller_t *
teller_new (const teller_options_t *options)
{
    assert (options->count > 0 && options->count <= TELLER_SERVERS_MAX);
    teller_t *self = zmalloc (sizeof (teller_t));
    self->options = *options;
    memcpy (
        self->servers, options->servers, options->count * sizeof (endpoint_t));
    self->watcher = (watcher_t){-1, s_ready, self};
    self->resolver = resolver_new (options->poller, s_resolved, self);
    if (!self->resolver)
        teller_destroy (&self);
    return self;
}


void
teller_destroy (teller_t **self_p)
{
    teller_t *self = *self_p;
    if (self) {
        int reason = errno;
        s_close (self);
        resolver_destroy (&self->resolver);
        free (self);
        *self_p = NULL;
        errno = reason;
    }
}


void
teller_tick (teller_t *self)
{
    int64_t now_ms = clock_ms ();
    const endpoint_t *server = &self->servers [self->server];
    if (self->stage == DOWN && retry_is_due (&self->retry, now_ms)) {
        self->heard_ms = now_ms;
        self->stage = RESOLVING;
        if (server->is_name)
            resolver_ask (self->resolver, server->host, self->server);
        else
            s_connect (self, &server->address);
    }
    else if (self->stage == UP && devices_told (self->options.devices)) {
        if (now_ms - self->heard_ms > TELLER_REPLY_MS)
            s_fail (self, "is given up, as it does not reply", "");
    }
    else if ((self->stage == RESOLVING || self->stage == CONNECTING) &&
             now_ms - self->heard_ms > TELLER_CONNECT_MS)
        s_fail (self, "can't be reached: ", "it does not answer");
}


//  Have lines wait for the connection

static void
s_fill (teller_t *self)
{
    devices_t *devices = self->options.devices;
    while (devices_told (devices) < TELLER_AHEAD_MAX &&
           devices_waiting (devices) &&
           buffer_all (&self->output).size < OUTPUT_SIZE_MAX) {
        if (devices_told (devices) == 0)
            self->heard_ms = clock_ms ();
        buffer_add (&self->output, devices_tell (devices));
        buffer_add (&self->output, span_of ("\n"));
        self->counts.told++;
    }
}


void
teller_send (teller_t *self)
{
    if (self->stage != UP || self->blocked)
        return;
    s_fill (self);
    span_t rest = buffer_all (&self->output);
    if (rest.size == 0)
        return;
    ssize_t size = send (self->watcher.fd, rest.data, rest.size, MSG_NOSIGNAL);
    if (size < 0 && errno != EAGAIN && errno != EINTR) {
        s_fail (self, "is gone: ", strerror (errno));
        return;
    }
    if (size > 0)
        buffer_drop (&self->output, (size_t) size);
    self->blocked = buffer_all (&self->output).size > 0;
    if (self->blocked)
        poller_change (
            self->options.poller, &self->watcher, EPOLLIN | EPOLLOUT);
}


bool
teller_is_up (const teller_t *self)
{
    return self->stage == UP;
}


const teller_counts_t *
teller_counts (const teller_t *self)
{
    return &self->counts;
}
