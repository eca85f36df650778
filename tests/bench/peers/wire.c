/*  =========================================================================
    wire - TCP connections on one epoll, for the peers in C
    =========================================================================
*/

#include "bench/peers/wire.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define BACKLOG 4096
#define CALLS_MAX 16
#define TALKS_MAX 65536  //  Memory is only used for as many as there are
#define EVENTS_MAX 256
#define READ_SIZE 65536   //  Bytes read from one connection a turn
#define PIECE_MAX 131072  //  A longer rest is nonsense: the connection ends
#define ROOM_LEAST 4096   //  An output of this room is given back when sent
#define RETRY_MS 100

struct talk_t {
    wire_t *wire;
    int fd;
    int kind;
    bool is_listener;
    bool is_dirty;   //  In the list of those with output
    bool is_full;    //  The socket took not all: wait until it does
    bool is_ending;  //  To be closed when all is sent
    bool is_dead;    //  To be closed now
    uint16_t port;
    char *rest;  //  What was not taken yet, or NULL
    size_t rest_size;
    char *output;  //  What is to be sent, or NULL
    size_t output_size;
    size_t output_room;
    talk_t *next;
};

struct wire_t {
    int epoll;
    void *context;
    wire_take_fn *take;
    wire_notice_fn *notice;
    talk_t *dirty;
    talk_t **dirty_end;
    struct {
        uint16_t port;
        int kind;
        talk_t *talk;  //  NULL: not connected
    } calls [CALLS_MAX];
    size_t calls_count;
    size_t silent;             //  Calls that are not connected
    int64_t when_ms;           //  To try these next
    talk_t talks [TALKS_MAX];  //  By descriptor
    char bytes [PIECE_MAX + READ_SIZE + 1];
};


static void
s_must (bool holds, const char *what, unsigned number)
{
    if (!holds) {
        fprintf (stderr, "%s %u: %s\n", what, number, strerror (errno));
        exit (1);
    }
}


static int64_t
s_now_ms (void)
{
    struct timespec now;
    clock_gettime (CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}


static struct sockaddr_in
s_address (uint16_t port)
{
    return (struct sockaddr_in){.sin_family = AF_INET,
        .sin_port = htons (port),
        .sin_addr.s_addr = htonl (INADDR_LOOPBACK)};
}


static void
s_watch (talk_t *self, int operation, uint32_t events)
{
    struct epoll_event event = {.events = events, .data.ptr = self};
    int rc = epoll_ctl (self->wire->epoll, operation, self->fd, &event);
    s_must (rc == 0, "epoll of port", self->port);
}


static talk_t *
s_talk_new (wire_t *wire, int fd, uint16_t port, int kind)
{
    s_must (fd < TALKS_MAX, "too many connections at port", port);
    talk_t *self = wire->talks + fd;
    *self = (talk_t){.wire = wire, .fd = fd, .port = port, .kind = kind};
    s_watch (self, EPOLL_CTL_ADD, EPOLLIN);
    return self;
}


static talk_t *
s_open (wire_t *self, int fd, uint16_t port, int kind)
{
    int on = 1;
    (void) setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof (on));
    talk_t *talk = s_talk_new (self, fd, port, kind);
    if (self->notice)
        self->notice (self->context, talk, true);
    return talk;
}


wire_t *
wire_new (void *context, wire_take_fn *take, wire_notice_fn *notice)
{
    wire_t *self = calloc (1, sizeof (wire_t));
    assert (self);
    self->epoll = epoll_create1 (EPOLL_CLOEXEC);
    s_must (self->epoll >= 0, "epoll", 0);
    self->context = context;
    self->take = take;
    self->notice = notice;
    self->dirty_end = &self->dirty;
    return self;
}


void
wire_listen (wire_t *self, uint16_t port, int kind)
{
    struct sockaddr_in at = s_address (port);
    int fd = socket (AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int on = 1;
    (void) setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof (on));
    s_must (bind (fd, (struct sockaddr *) &at, sizeof (at)) == 0 &&
                listen (fd, BACKLOG) == 0,
        "port", port);
    s_talk_new (self, fd, port, kind)->is_listener = true;
}


void
wire_call (wire_t *self, uint16_t port, int kind)
{
    assert (self->calls_count < CALLS_MAX);
    self->calls [self->calls_count].port = port;
    self->calls [self->calls_count].kind = kind;
    self->calls_count++;
    self->silent++;
}


//  On this machine a call is answered, or refused, at once: there is nothing
//  to wait for

static int
s_connect (uint16_t port)
{
    struct sockaddr_in to = s_address (port);
    int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect (fd, (struct sockaddr *) &to, sizeof (to)) == 0)
        return fd;
    close (fd);
    return -1;
}


static void
s_call_silent (wire_t *self)
{
    if (s_now_ms () < self->when_ms)
        return;
    self->when_ms = s_now_ms () + RETRY_MS;
    for (size_t index = 0; index < self->calls_count; index++) {
        if (self->calls [index].talk)
            continue;
        int fd = s_connect (self->calls [index].port);
        if (fd < 0)
            continue;
        self->silent--;
        self->calls [index].talk = s_open (
            self, fd, self->calls [index].port, self->calls [index].kind);
    }
}


static void
s_accept (talk_t *self)
{
    struct sockaddr_in from = {0};
    socklen_t size = sizeof (from);
    int fd;
    while ((fd = accept4 (
                self->fd, (struct sockaddr *) &from, &size, SOCK_CLOEXEC)) >= 0)
        s_open (self->wire, fd, ntohs (from.sin_port), self->kind);
}


//  Put it at the end of the list of those that are to be flushed

static void
s_mark (talk_t *self)
{
    if (self->is_dirty)
        return;
    self->is_dirty = true;
    self->next = NULL;
    *self->wire->dirty_end = self;
    self->wire->dirty_end = &self->next;
}


static void
s_keep_rest (talk_t *self, const char *bytes, size_t size)
{
    char *rest = NULL;
    if (size) {
        rest = malloc (size);
        assert (rest);
        memcpy (rest, bytes, size);
    }
    free (self->rest);
    self->rest = rest;
    self->rest_size = size;
}


//  Read behind the rest of the last time, in a buffer that all share

static void
s_read (talk_t *self)
{
    wire_t *wire = self->wire;
    if (self->rest_size)
        memcpy (wire->bytes, self->rest, self->rest_size);
    ssize_t size =
        recv (self->fd, wire->bytes + self->rest_size, READ_SIZE, MSG_DONTWAIT);
    if (size < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    size_t total = self->rest_size + (size > 0 ? (size_t) size : 0);
    if (size == 0 && total)
        wire->bytes [total++] = '\n';
    size_t taken = 0;
    if (size >= 0 && total)
        taken = wire->take (wire->context, self, wire->bytes, total);
    if (size > 0 && total - taken <= PIECE_MAX)
        s_keep_rest (self, wire->bytes + taken, total - taken);
    else {
        self->is_dead = size != 0;
        self->is_ending = true;
        s_watch (self, EPOLL_CTL_MOD, 0);
        s_mark (self);
    }
}


static void
s_send (talk_t *self)
{
    size_t sent = 0;
    while (sent < self->output_size) {
        ssize_t size = send (self->fd, self->output + sent,
            self->output_size - sent, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (size < 0) {
            self->is_dead = errno != EAGAIN && errno != EINTR;
            break;
        }
        sent += (size_t) size;
    }
    self->output_size -= sent;
    if (self->output_size)
        memmove (self->output, self->output + sent, self->output_size);
    else if (self->output_room == ROOM_LEAST) {
        free (self->output);
        self->output = NULL;
        self->output_room = 0;
    }
}


static void
s_close (talk_t *self)
{
    wire_t *wire = self->wire;
    for (size_t index = 0; index < wire->calls_count; index++)
        if (wire->calls [index].talk == self) {
            wire->calls [index].talk = NULL;
            wire->silent++;
        }
    if (wire->notice)
        wire->notice (wire->context, self, false);
    close (self->fd);
    free (self->rest);
    free (self->output);
}


static void
s_flush (wire_t *self)
{
    while (self->dirty) {
        talk_t *talk = self->dirty;
        self->dirty = talk->next;
        if (!self->dirty)
            self->dirty_end = &self->dirty;
        talk->is_dirty = false;
        s_send (talk);
        bool is_full = talk->output_size > 0;
        if (talk->is_dead || (talk->is_ending && !is_full))
            s_close (talk);
        else if (is_full != talk->is_full) {
            talk->is_full = is_full;
            s_watch (talk, EPOLL_CTL_MOD,
                (talk->is_ending ? 0 : EPOLLIN) | (is_full ? EPOLLOUT : 0));
        }
    }
}


static void
s_serve (talk_t *self, uint32_t events)
{
    if (self->is_listener)
        s_accept (self);
    else if (self->is_ending)
        self->is_dead = events & (EPOLLHUP | EPOLLERR);
    else if (events & (EPOLLIN | EPOLLHUP | EPOLLERR))
        s_read (self);
    if (!self->is_listener && (self->is_ending || self->is_full))
        s_mark (self);
}


void
wire_turn (wire_t *self, int timeout_ms)
{
    struct epoll_event events [EVENTS_MAX];
    if (self->silent) {
        s_call_silent (self);
        if (timeout_ms < 0 || timeout_ms > RETRY_MS)
            timeout_ms = RETRY_MS;
    }
    s_flush (self);
    int count = epoll_wait (self->epoll, events, EVENTS_MAX, timeout_ms);
    for (int index = 0; index < count; index++)
        s_serve (events [index].data.ptr, events [index].events);
    s_flush (self);
}


void
talk_say (talk_t *self, const char *bytes, size_t size)
{
    if (self->output_room - self->output_size < size) {
        size_t room = self->output_room ? self->output_room : ROOM_LEAST;
        while (room - self->output_size < size)
            room *= 2;
        self->output = realloc (self->output, room);
        assert (self->output);
        self->output_room = room;
    }
    memcpy (self->output + self->output_size, bytes, size);
    self->output_size += size;
    s_mark (self);
}


int
talk_kind (const talk_t *self)
{
    return self->kind;
}


uint16_t
talk_port (const talk_t *self)
{
    return self->port;
}


uint16_t
wire_port (const char *text)
{
    char *end;
    unsigned long port = strtoul (text, &end, 10);
    if (port < 1 || port > 65535 || *end) {
        fprintf (stderr, "what port is %s?\n", text);
        exit (2);
    }
    return (uint16_t) port;
}
