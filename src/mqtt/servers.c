/*  =========================================================================
    servers - a connection to one of several servers of a herd
    =========================================================================
*/

#include "mqtt/servers.h"

#include "base/lines.h"
#include "loop/clock.h"
#include "loop/resolver.h"
#include "loop/sockaddr.h"
#include "mqtt/retry.h"

#include <netinet/in.h>
#include <netinet/tcp.h>

//  Bytes read in a turn
#define READ_SIZE 16384

typedef enum { DOWN, RESOLVING, CONNECTING, UP } stage_t;

typedef struct {
    endpoint_t endpoint;
    size_t attempt;  //  Of a name's addresses, they take turns
    retry_t retry;
    char said [DIARY_LINE_SIZE_MAX];  //  What was last logged of it
} site_t;

struct servers_t {
    servers_options_t options;
    servers_user_t user;
    site_t *sites;
    size_t at;  //  The one that is, or is to be, connected
    resolver_t *resolver;
    watcher_t watcher;
    uint32_t events;  //  That are watched
    lines_t input;
    stage_t stage;
    int64_t since_ms;  //  When the stage began
};


//  Log how the server is, unless that was the last that was logged of it

static void
s_say (servers_t *self, const char *what, const char *detail)
{
    char name [ENDPOINT_TEXT_SIZE];
    char text [DIARY_LINE_SIZE_MAX];
    site_t *site = &self->sites [self->at];
    snprintf (text, sizeof (text), "server %s %s%s",
        endpoint_print (&site->endpoint, name), what, detail);
    if (!streq (text, site->said))
        diary_say (self->options.diary, "%s", text);
    memcpy (site->said, text, sizeof (text));
}


static void
s_drop (servers_t *self)
{
    if (self->watcher.fd >= 0) {
        poller_drop (self->options.poller, &self->watcher);
        close (self->watcher.fd);
    }
    self->watcher.fd = -1;
    self->stage = DOWN;
    lines_clear (&self->input);
}


//  The next server is that which was due first, or is due soonest

static void
s_choose (servers_t *self)
{
    size_t count = self->options.count;
    size_t best = (self->at + 1) % count;
    for (size_t step = 2; step <= count; step++) {
        size_t at = (self->at + step) % count;
        if (self->sites [at].retry.due_ms < self->sites [best].retry.due_ms)
            best = at;
    }
    self->at = best;
}


void
servers_close (servers_t *self)
{
    bool was_up = self->stage == UP;
    s_drop (self);
    retry_failed (&self->sites [self->at].retry, clock_ms ());
    s_choose (self);
    if (was_up)
        self->user.down (self->user.context);
}


void
servers_fail (servers_t *self, const char *what, const char *detail)
{
    s_say (self, what, detail);
    servers_close (self);
}


static void
s_connected (servers_t *self)
{
    int reason = 0;
    socklen_t size = sizeof (reason);
    (void) getsockopt (self->watcher.fd, SOL_SOCKET, SO_ERROR, &reason, &size);
    if (reason) {
        servers_fail (self, "can't be reached: ", strerror (reason));
        return;
    }
    self->stage = UP;
    self->sites [self->at].attempt = 0;
    retry_connected (&self->sites [self->at].retry, clock_ms ());
    servers_watch (self, EPOLLIN);
    s_say (self, "is connected", "");
    self->user.up (self->user.context);
}


static void
s_ready (void *context, uint32_t events)
{
    servers_t *self = context;
    if (self->stage == CONNECTING)
        s_connected (self);
    else
        self->user.ready (self->user.context, events);
}


static void
s_connect (servers_t *self, const address_t *address)
{
    sockaddr_t to;
    int on = 1;
    socklen_t size =
        sockaddr_write (&to, address, servers_endpoint (self)->port);
    self->watcher.fd = socket (
        to.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    self->stage = CONNECTING;
    self->events = EPOLLOUT;
    if (self->watcher.fd < 0 ||
        (connect (self->watcher.fd, &to.any, size) && errno != EINPROGRESS) ||
        poller_add (self->options.poller, &self->watcher, EPOLLOUT)) {
        servers_fail (self, "can't be reached: ", strerror (errno));
        return;
    }
    (void) setsockopt (
        self->watcher.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof (on));
}


static void
s_resolved (void *context, const resolved_t *resolved)
{
    servers_t *self = context;
    site_t *site = &self->sites [self->at];
    if (self->stage != RESOLVING || resolved->asker != self->at)
        return;
    if (resolved->count == 0)
        servers_fail (self, "can't be reached: ", resolved->reason);
    else
        s_connect (
            self, &resolved->addresses [site->attempt++ % resolved->count]);
}


servers_t *
servers_new (const servers_options_t *options, const servers_user_t *user)
{
    assert (options->count > 0 && options->count <= SERVERS_MAX);
    servers_t *self = zmalloc (sizeof (servers_t));
    self->options = *options;
    self->user = *user;
    self->sites = zmalloc (options->count * sizeof (site_t));
    for (size_t at = 0; at < options->count; at++)
        self->sites [at].endpoint = options->list [at];
    self->watcher = (watcher_t){-1, s_ready, self};
    self->resolver = resolver_new (options->poller, s_resolved, self);
    if (!self->resolver) {
        int reason = errno;
        servers_destroy (&self);
        errno = reason;
    }
    return self;
}


void
servers_destroy (servers_t **self_p)
{
    servers_t *self = *self_p;
    if (self) {
        s_drop (self);
        resolver_destroy (&self->resolver);
        free (self->sites);
        free (self);
        *self_p = NULL;
    }
}


void
servers_tick (servers_t *self)
{
    int64_t now_ms = clock_ms ();
    const site_t *site = &self->sites [self->at];
    if (self->stage == DOWN && retry_is_due (&site->retry, now_ms)) {
        self->since_ms = now_ms;
        self->stage = RESOLVING;
        if (site->endpoint.is_name)
            resolver_ask (self->resolver, site->endpoint.host, self->at);
        else
            s_connect (self, &site->endpoint.address);
    }
    else if ((self->stage == RESOLVING || self->stage == CONNECTING) &&
             now_ms - self->since_ms > SERVERS_CONNECT_MS)
        servers_fail (self, "can't be reached: ", "it does not answer");
}


int
servers_socket (const servers_t *self)
{
    return self->stage == UP ? self->watcher.fd : -1;
}


const endpoint_t *
servers_endpoint (const servers_t *self)
{
    return &self->sites [self->at].endpoint;
}


void
servers_watch (servers_t *self, uint32_t events)
{
    if (events != self->events)
        poller_change (self->options.poller, &self->watcher, events);
    self->events = events;
}


static lines_result_t
s_hand_over (servers_t *self, span_t *bytes)
{
    span_t line;
    lines_result_t result =
        lines_next (&self->input, bytes, self->user.line_size_max, &line);
    if (result == LINES_LINE) {
        if (line.size && line.data [line.size - 1] == '\r')
            line.size--;
        self->user.line (self->user.context, line);
    }
    return result;
}


void
servers_read (servers_t *self)
{
    char data [READ_SIZE];
    ssize_t size = recv (self->watcher.fd, data, sizeof (data), 0);
    if (size < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (size <= 0) {
        servers_fail (self,
            "is gone: ", size ? strerror (errno) : "it closed the connection");
        return;
    }
    span_t bytes = {data, (size_t) size};
    lines_result_t result = LINES_LINE;
    //  Who takes a line may close the connection
    while (result == LINES_LINE && self->stage == UP)
        result = s_hand_over (self, &bytes);
    if (result == LINES_LONG)
        servers_fail (self, "is given up: it sent a line that is too long", "");
}
