/*  =========================================================================
    engine - libmicrohttpd on the loop
    =========================================================================
*/

#include "http/engine.h"

#include "base/address_counts.h"
#include "loop/clock.h"
#include "loop/sockaddr.h"

#include <assert.h>
#include <errno.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

//  Rounds of libmicrohttpd in one go, a step of each busy connection in each:
//  so many that pipelines flow, so few that the rest of the loop has its turn.
//  A go that takes so long is over, too
#define ROUNDS_MAX 64
#define GO_MS 10

//  The last go, in which replies leave
#define LAST_GO_MS 1000

//  Headers of a request, and the line before them; and of its reply.  All of it
//  is cleared for each request
#define MEMORY_SIZE 16384

//  A connection, in a list
typedef struct visit_t visit_t;

struct visit_t {
    visit_t *next;
    visit_t **at;  //  Where the list points to it
    int fd;        //  libmicrohttpd's
    address_t address;
    int64_t due_ms;  //  When it is to be over
    bool suspended;  //
};

struct engine_t {
    poller_t *poller;  //  Borrowed
    engine_options_t options;
    struct MHD_Daemon *daemon;
    watcher_t network;            //  libmicrohttpd's epoll set, owned by it
    watcher_t more;               //  An eventfd: we left work for another go
    visit_t *visits;              //  Connections
    unsigned visit_count;         //
    uint64_t refused;             //  Those that an address had too many of
    address_counts_t *addresses;  //  They come from
    zlist_t *late;     //  Connections put off, suspended, oldest first
    int64_t until_ms;  //  When this go is to be over
    bool took;         //  It has had a request answered
    bool resumed;      //  Somebody waits for the end of the turn
    bool stopped;      //  No more are accepted
};


static void
s_allow (visit_t *visit, unsigned seconds)
{
    visit->due_ms = clock_ms () + (int64_t) seconds * 1000;
}


static visit_t *
s_visit_of (struct MHD_Connection *connection)
{
    return MHD_get_connection_info (
        connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)
        ->socket_context;
}


static void
s_resume (engine_t *self, struct MHD_Connection *connection)
{
    visit_t *visit = s_visit_of (connection);
    visit->suspended = false;
    s_allow (visit, self->options.request_seconds);
    MHD_resume_connection (connection);
}


//  libmicrohttpd's own epoll set is edge-triggered: a connection that is ready
//  and not done is on its inner list, and only MHD_get_timeout tells so.

static void
s_go (engine_t *self, int64_t ms)
{
    MHD_UNSIGNED_LONG_LONG timeout_ms = 0;
    bool busy = true;
    self->took = self->resumed = false;
    self->until_ms = clock_ms () + ms;
    for (int round = 0; busy && round < ROUNDS_MAX; round++) {
        struct MHD_Connection *late = zlist_pop (self->late);
        if (late)
            s_resume (self, late);
        MHD_run (self->daemon);
        busy = zlist_size (self->late) ||
               (MHD_get_timeout (self->daemon, &timeout_ms) == MHD_YES &&
                   timeout_ms == 0);
        if (clock_ms () >= self->until_ms)
            break;
    }
    if (busy)
        eventfd_write (self->more.fd, 1);
}


static void
s_run (void *context, uint32_t events)
{
    (void) events;
    s_go (context, GO_MS);
}


static void
s_run_more (void *context, uint32_t events)
{
    engine_t *self = context;
    eventfd_t count;
    eventfd_read (self->more.fd, &count);
    s_run (self, events);
}


//  Return whether one more may come from there

static enum MHD_Result
s_admit (void *context, const struct sockaddr *from, socklen_t size)
{
    engine_t *self = context;
    unsigned most = self->options.per_address_max;
    address_t address = {0};
    (void) size;
    (void) sockaddr_read (from, &address, NULL);
    if (!most || address_counts_of (self->addresses, &address) < most)
        return MHD_YES;
    self->refused++;
    return MHD_NO;
}


static visit_t *
s_enter (engine_t *self, int fd, const struct sockaddr *from)
{
    visit_t *visit = zmalloc (sizeof (visit_t));
    *visit = (visit_t){.next = self->visits, .at = &self->visits, .fd = fd};
    (void) sockaddr_read (from, &visit->address, NULL);
    address_counts_add (self->addresses, &visit->address);
    s_allow (visit, self->options.request_seconds);
    if (visit->next)
        visit->next->at = &visit->next;
    self->visits = visit;
    self->visit_count++;
    return visit;
}


static void
s_leave (engine_t *self, visit_t *visit)
{
    *visit->at = visit->next;
    if (visit->next)
        visit->next->at = visit->at;
    self->visit_count--;
    address_counts_drop (self->addresses, &visit->address);
    free (visit);
}


//  libmicrohttpd tells that a connection is there, or is gone

static void
s_visit (void *context, struct MHD_Connection *connection, void **visit_p,
    enum MHD_ConnectionNotificationCode code)
{
    if (code == MHD_CONNECTION_NOTIFY_STARTED)
        *visit_p = s_enter (context,
            MHD_get_connection_info (
                connection, MHD_CONNECTION_INFO_CONNECTION_FD)
                ->connect_fd,
            MHD_get_connection_info (
                connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS)
                ->client_addr);
    else
        s_leave (context, *visit_p);
}


//  A request's first line is there: from here on it has its own time

static void *
s_begin (void *context, const char *uri, struct MHD_Connection *connection)
{
    engine_t *self = context;
    s_allow (s_visit_of (connection), self->options.request_seconds);
    return self->options.begin
               ? self->options.begin (self->options.context, uri, connection)
               : NULL;
}


static void
s_end (void *context, struct MHD_Connection *connection, void **request,
    enum MHD_RequestTerminationCode code)
{
    engine_t *self = context;
    (void) code;
    s_allow (s_visit_of (connection), self->options.idle_seconds);
    if (self->options.end && *request)
        self->options.end (self->options.context, *request);
    *request = NULL;
}


//  Have libmicrohttpd serve the socket, which is its own once it has begun

static int
s_start (engine_t *self)
{
    const engine_options_t *options = &self->options;
    self->daemon =
        MHD_start_daemon (MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, s_admit,
            self, options->answer, options->context, MHD_OPTION_LISTEN_SOCKET,
            options->listener, MHD_OPTION_CONNECTION_LIMIT,
            options->connection_max, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
            (size_t) MEMORY_SIZE, MHD_OPTION_URI_LOG_CALLBACK, s_begin, self,
            MHD_OPTION_NOTIFY_CONNECTION, s_visit, self,
            MHD_OPTION_NOTIFY_COMPLETED, s_end, self,
            MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
    if (!self->daemon) {
        int reason = errno;
        close (options->listener);
        errno = reason;
        return -1;
    }
    self->network.fd =
        MHD_get_daemon_info (self->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
    self->more.fd = eventfd (0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (self->more.fd < 0 ||
        poller_add (self->poller, &self->network, EPOLLIN) < 0)
        return -1;
    return poller_add (self->poller, &self->more, EPOLLIN);
}


engine_t *
engine_new (poller_t *poller, const engine_options_t *options)
{
    engine_t *self = zmalloc (sizeof (engine_t));
    self->poller = poller;
    self->options = *options;
    self->addresses = address_counts_new ();
    self->late = zlist_new ();
    self->network = (watcher_t){-1, s_run, self};
    self->more = (watcher_t){-1, s_run_more, self};
    if (s_start (self) < 0) {
        int reason = errno;
        engine_destroy (&self);
        errno = reason;
    }
    return self;
}


void
engine_destroy (engine_t **self_p)
{
    engine_t *self = *self_p;
    if (self) {
        poller_drop (self->poller, &self->network);
        poller_drop (self->poller, &self->more);
        if (self->daemon) {
            //  It ends the process if one that was resumed has not been seen;
            //  and each is to have its reply
            struct MHD_Connection *late;
            while ((late = zlist_pop (self->late)))
                s_resume (self, late);
            s_go (self, LAST_GO_MS);
            MHD_stop_daemon (self->daemon);
        }
        if (self->stopped)
            close (self->options.listener);
        if (self->more.fd >= 0)
            close (self->more.fd);
        zlist_destroy (&self->late);
        address_counts_destroy (&self->addresses);
        free (self);
        *self_p = NULL;
    }
}


//  A connection that is shut down libmicrohttpd finds closed; the descriptor is
//  its own

void
engine_tick (engine_t *self)
{
    int64_t now_ms = clock_ms ();
    for (const visit_t *visit = self->visits; visit; visit = visit->next)
        if (!visit->suspended && now_ms >= visit->due_ms)
            shutdown (visit->fd, SHUT_RDWR);
    s_run (self, 0);
}


void
engine_stop (engine_t *self)
{
    if (!self->stopped)
        MHD_quiesce_daemon (self->daemon);
    self->stopped = true;
}


bool
engine_is_full (const engine_t *self)
{
    return self->stopped || self->visit_count >= self->options.connection_max;
}


unsigned
engine_connections (const engine_t *self)
{
    return self->visit_count;
}


uint64_t
engine_refused (const engine_t *self)
{
    return self->refused;
}


void
engine_allow (
    engine_t *self, struct MHD_Connection *connection, unsigned seconds)
{
    (void) self;
    s_allow (s_visit_of (connection), seconds);
}


void
engine_suspend (engine_t *self, struct MHD_Connection *connection)
{
    (void) self;
    s_visit_of (connection)->suspended = true;
    MHD_suspend_connection (connection);
}


void
engine_resume (engine_t *self, struct MHD_Connection *connection)
{
    s_resume (self, connection);
    self->resumed = true;
}


void
engine_turn (engine_t *self)
{
    if (self->resumed)
        s_go (self, GO_MS);
}


//  Each go has one request answered, whatever the time

bool
engine_puts_off (engine_t *self, struct MHD_Connection *connection)
{
    bool over = self->took && clock_ms () >= self->until_ms;
    self->took = true;
    if (over) {
        engine_suspend (self, connection);
        zlist_append (self->late, connection);
    }
    return over;
}
