/*  =========================================================================
    connections - those of clients who talk to us over TCP
    =========================================================================
*/

#include "connections/connections.h"

#include "base/address_counts.h"
#include "base/endpoint.h"
#include "base/number_map.h"
#include "connections/connection.h"
#include "loop/clock.h"
#include "loop/listen.h"
#include "loop/sockaddr.h"

#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

//  Connections accepted a turn
#define ACCEPT_MAX 64

//  What the system holds of a connection each way.  A reader that is slow would
//  have it hold megabytes; 50 connections, 32 requests deep, need no segment
//  more than without a limit
#define BUFFER_SIZE 65536

struct connections_t {
    connections_options_t options;
    connection_host_t host;
    watcher_t listener;
    int reserve;  //  A descriptor to refuse with when all are used
    uint64_t last_number;
    zhashx_t *clients;            //  By number
    address_counts_t *addresses;  //  They come from
    connection_t *recent;         //  Who was asked for last
};


static connection_t *
s_find_connection (connections_t *self, uint64_t number)
{
    connection_t *client = self->recent;
    if (!client || *connection_number (client) != number)
        client = zhashx_lookup (self->clients, &number);
    if (!client || !connection_is_open (client))
        return NULL;
    self->recent = client;
    return client;
}


//  Refuse a connection with a reason that a person at telnet understands

static void
s_refuse (
    connections_t *self, int fd, const address_t *address, event_kind_t why)
{
    const char *reason = why == EVENT_CONNECTIONS_FULL
                             ? "? too many clients\n"
                             : "? too many connections from your address\n";
    event_t event = {.kind = why, .address = *address};
    clock_stamp (&event);
    (void) send (fd, reason, strlen (reason), MSG_DONTWAIT | MSG_NOSIGNAL);
    close (fd);
    self->host.emit (self->host.context, &event);
}


static void
s_open_connection (
    connections_t *self, int fd, const address_t *address, uint16_t port)
{
    int on = 1;
    char text [ENDPOINT_TEXT_SIZE];
    (void) setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof (on));
    connection_t *client =
        connection_new (&self->host, fd, ++self->last_number, address);
    if (!client) {
        s_refuse (self, fd, address, EVENT_CONNECTIONS_FULL);
        return;
    }
    address_counts_add (self->addresses, address);
    int rc = zhashx_insert (self->clients, connection_number (client), client);
    assert (rc == 0);
    connection_open (
        client, span_of (endpoint_print_address (address, port, text)));
}


//  Let the connection in, or tell it why not

static void
s_judge (connections_t *self, int fd, const address_t *address, uint16_t port)
{
    size_t most = self->options.connections_per_address;
    if (zhashx_size (self->clients) >= self->options.connections_max)
        s_refuse (self, fd, address, EVENT_CONNECTIONS_FULL);
    else if (most && address_counts_of (self->addresses, address) >= most)
        s_refuse (self, fd, address, EVENT_ADDRESS_FULL);
    else
        s_open_connection (self, fd, address, port);
}


//  Whoever is gone already has no address

static int
s_accept_next (connections_t *self, address_t *address, uint16_t *port)
{
    sockaddr_t from = {.any.sa_family = AF_UNSPEC};
    socklen_t size = sizeof (from);
    int fd = accept4 (
        self->listener.fd, &from.any, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
    *address = (address_t){0};
    *port = 0;
    (void) sockaddr_read (&from.any, address, port);
    return fd;
}


//  No descriptor or memory is left: accept with the reserve, so that who waits
//  hears of it, and pause until the next tick rather than spin

static void
s_exhausted (connections_t *self)
{
    address_t address;
    uint16_t port;
    close (self->reserve);
    int fd = s_accept_next (self, &address, &port);
    if (fd >= 0)
        s_refuse (self, fd, &address, EVENT_CONNECTIONS_FULL);
    self->reserve = dup (self->listener.fd);
    poller_change (self->host.poller, &self->listener, 0);
}


static void
s_accept (void *context, uint32_t events)
{
    connections_t *self = context;
    (void) events;
    for (int count = 0; count < ACCEPT_MAX; count++) {
        address_t address;
        uint16_t port;
        int fd = s_accept_next (self, &address, &port);
        if (fd < 0) {
            if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS ||
                errno == ENOMEM)
                s_exhausted (self);
            return;
        }
        s_judge (self, fd, &address, port);
    }
}


//  Connections may use what descriptors the system gives, less some for
//  ourselves

static size_t
s_connections_max (const connections_options_t *options)
{
    struct rlimit limit;
    if (getrlimit (RLIMIT_NOFILE, &limit) == -1)
        return options->connections_max;
    limit.rlim_cur = limit.rlim_max;
    (void) setrlimit (RLIMIT_NOFILE, &limit);
    size_t kept = options->descriptors_kept;
    size_t most =
        limit.rlim_max / 2 > kept ? limit.rlim_max - kept : limit.rlim_max / 2;
    return options->connections_max < most ? options->connections_max : most;
}


connections_t *
connections_new (poller_t *poller, const connections_options_t *options,
    event_fn *emit, void *context)
{
    int fd = options->port
                 ? listen_at (&options->address, options->port, BUFFER_SIZE)
                 : -1;
    if (options->port && fd < 0)
        return NULL;
    connections_t *self = zmalloc (sizeof (connections_t));
    self->host.poller = poller;
    self->host.emit = emit;
    self->host.context = context;
    self->host.share = (share_t){.kept = options->kept, .context = context};
    connections_change (self, options);
    self->clients = number_map_new ();
    self->addresses = address_counts_new ();
    self->reserve = fd >= 0 ? dup (fd) : -1;
    self->listener = (watcher_t){.fd = fd, .ready = s_accept, .context = self};
    if (fd >= 0 && (self->reserve < 0 ||
                       poller_add (poller, &self->listener, EPOLLIN) == -1))
        connections_destroy (&self);
    return self;
}


void
connections_change (connections_t *self, const connections_options_t *options)
{
    self->options = *options;
    self->options.connections_max = s_connections_max (options);
    self->host.line_size_max = options->line_size_max;
    self->host.output_size_max = options->output_size_max;
    self->host.share.size_max = options->waiting_size_max;
}


static void
s_stop_listening (connections_t *self)
{
    if (self->listener.fd >= 0) {
        poller_drop (self->host.poller, &self->listener);
        close (self->listener.fd);
        close (self->reserve);
        self->listener.fd = -1;
    }
}


void
connections_destroy (connections_t **self_p)
{
    connections_t *self = *self_p;
    if (self) {
        int error = errno;
        s_stop_listening (self);
        connection_t *client = zhashx_first (self->clients);
        for (; client; client = zhashx_next (self->clients))
            connection_destroy (&client);
        zhashx_destroy (&self->clients);
        address_counts_destroy (&self->addresses);
        free (self);
        *self_p = NULL;
        errno = error;
    }
}


void
connections_reply (connections_t *self, uint64_t number, span_t text)
{
    connection_t *client = s_find_connection (self, number);
    if (client)
        connection_reply (client, text);
}


void
connections_hold (connections_t *self, uint64_t number, bool held)
{
    connection_t *client = s_find_connection (self, number);
    if (client)
        connection_hold (client, held);
}


void
connections_close (connections_t *self, uint64_t number)
{
    connection_t *client = s_find_connection (self, number);
    if (client)
        connection_close (client);
}


static void
s_free (connections_t *self, connection_t *client)
{
    if (self->recent == client)
        self->recent = NULL;
    address_counts_drop (self->addresses, connection_address (client));
    zhashx_delete (self->clients, connection_number (client));
    connection_destroy (&client);
}


void
connections_flush (connections_t *self)
{
    connection_t *client;
    while ((client = connection_flush (&self->host)))
        s_free (self, client);
}


void
connections_tick (connections_t *self)
{
    const connections_options_t *options = &self->options;
    int64_t now_ms = clock_ms ();
    if (self->listener.fd >= 0)
        poller_change (self->host.poller, &self->listener, EPOLLIN);
    connection_t *client = zhashx_first (self->clients);
    for (; client; client = zhashx_next (self->clients))
        connection_check (client, now_ms, options->output_stall_seconds,
            options->idle_seconds);
}


void
connections_stop (connections_t *self)
{
    s_stop_listening (self);
    self->host.stopped = true;
}


void
connections_part (connections_t *self)
{
    connection_t *client = zhashx_first (self->clients);
    for (; client; client = zhashx_next (self->clients))
        if (connection_is_open (client))
            connection_close (client);
}


bool
connections_has_output (const connections_t *self)
{
    return self->host.outputs > 0;
}


connection_counts_t
connections_counts (const connections_t *self)
{
    connection_counts_t counts = self->host.counts;
    counts.connections = zhashx_size (self->clients);
    counts.waiting_bytes = share_used (&self->host.share);
    return counts;
}


size_t
connections_count (const connections_t *self)
{
    return zhashx_size (self->clients);
}
