/*  =========================================================================
    wire - the other end of a TCP connection, in a test's hands
    =========================================================================
*/

#include "io/wire.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>


static void
s_rewatch (wire_t *self)
{
    uint32_t events = 0;
    if (!self->deaf)
        events |= EPOLLIN;
    if (self->out_size > self->out_at || self->ending)
        events |= EPOLLOUT;
    if (!self->closed)
        poller_change (self->stage->poller, &self->watcher, events);
}


static void
s_close (wire_t *self, int error)
{
    self->closed = 1;
    self->error = error;
    poller_drop (self->stage->poller, &self->watcher);
}


static void
s_receive (wire_t *self)
{
    if (self->in_room < self->in_size + 65536) {
        self->in_room = 2 * self->in_size + 65536;
        self->in = realloc (self->in, self->in_room + 1);
        assert (self->in);
    }
    size_t most = 65536;
    if (self->in_most && self->in_most - self->in_size < most)
        most = self->in_most - self->in_size;
    ssize_t got = recv (self->watcher.fd, self->in + self->in_size, most, 0);
    if (got < 0 && errno == EAGAIN)
        return;
    if (got <= 0) {
        s_close (self, got < 0 ? errno : 0);
        return;
    }
    for (ssize_t at = 0; at < got; at++)
        if (self->in [self->in_size++] == '\n')
            self->lines++;
    self->in [self->in_size] = '\0';
    if (self->in_size == self->in_most)
        wire_deafen (self, true);
}


static void
s_send (wire_t *self)
{
    ssize_t sent = send (self->watcher.fd, self->out + self->out_at,
        self->out_size - self->out_at, MSG_NOSIGNAL);
    if (sent < 0)
        return;
    self->out_at += (size_t) sent;
    if (self->out_at < self->out_size)
        return;
    self->out_at = self->out_size = 0;
    if (self->ending)
        shutdown (self->watcher.fd, SHUT_WR);
    self->ending = false;
    s_rewatch (self);
}


static void
s_ready (void *context, uint32_t events)
{
    wire_t *self = context;
    if (events & EPOLLOUT)
        s_send (self);
    if (events & ~(uint32_t) EPOLLOUT) {
        s_receive (self);
        if (self->heard)
            self->heard (self->context, self);
    }
}


wire_t *
wire_new (loop_case_t *stage, int fd)
{
    int on = 1;
    wire_t *self = zmalloc (sizeof (wire_t));
    setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof (on));
    int rc = fcntl (fd, F_SETFL, O_NONBLOCK);
    assert (rc == 0);
    self->stage = stage;
    self->in = strdup ("");
    self->watcher = (watcher_t){fd, s_ready, self};
    rc = poller_add (stage->poller, &self->watcher, EPOLLIN);
    assert (rc == 0);
    return self;
}


wire_t *
wire_prepare (loop_case_t *stage, int buffer_size)
{
    wire_t *self = zmalloc (sizeof (wire_t));
    self->stage = stage;
    self->in = strdup ("");
    self->watcher = (watcher_t){
        socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), s_ready, self};
    assert_true (self->watcher.fd >= 0);
    if (buffer_size)
        setsockopt (self->watcher.fd, SOL_SOCKET, SO_RCVBUF, &buffer_size,
            sizeof (buffer_size));
    return self;
}


void
wire_dial (wire_t *self, uint16_t port)
{
    int on = 1;
    int fd = self->watcher.fd;
    struct sockaddr_in to = {.sin_family = AF_INET,
        .sin_port = htons (port),
        .sin_addr.s_addr = htonl (INADDR_LOOPBACK)};
    setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof (on));
    assert_int_equal (connect (fd, (struct sockaddr *) &to, sizeof (to)), 0);
    assert_int_equal (fcntl (fd, F_SETFL, O_NONBLOCK), 0);
    assert_int_equal (
        poller_add (self->stage->poller, &self->watcher, EPOLLIN), 0);
}


wire_t *
wire_connect (loop_case_t *stage, uint16_t port)
{
    wire_t *self = wire_prepare (stage, 0);
    wire_dial (self, port);
    return self;
}


void
wire_destroy (wire_t **self_p)
{
    wire_t *self = *self_p;
    if (self) {
        if (!self->closed)
            poller_drop (self->stage->poller, &self->watcher);
        close (self->watcher.fd);
        free (self->in);
        free (self->out);
        free (self);
        *self_p = NULL;
    }
}


void
wire_reset (wire_t **self_p)
{
    struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    setsockopt ((*self_p)->watcher.fd, SOL_SOCKET, SO_LINGER, &at_once,
        sizeof (at_once));
    wire_destroy (self_p);
}


void
wire_send (wire_t *self, const void *bytes, size_t size)
{
    if (size == 0 || self->closed)
        return;
    self->out = realloc (self->out, self->out_size + size);
    assert (self->out);
    memcpy (self->out + self->out_size, bytes, size);
    self->out_size += size;
    s_rewatch (self);
}


void
wire_say (wire_t *self, const char *text)
{
    wire_send (self, text, strlen (text));
}


void
wire_end (wire_t *self)
{
    self->ending = true;
    s_rewatch (self);
}


void
wire_deafen (wire_t *self, bool deaf)
{
    self->deaf = deaf;
    s_rewatch (self);
}


void
wire_read_to (wire_t *self, size_t size)
{
    assert (size > self->in_size);
    self->in_most = size;
    wire_deafen (self, false);
}
