/*  =========================================================================
    http - a small HTTP server on the loop
    =========================================================================
*/

#include "admin/http.h"

#include "admin/host.h"
#include "loop/clock.h"
#include "loop/listen.h"

#include <assert.h>
#include <errno.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

//  Rounds of libmicrohttpd in one go, a step of each busy connection in each:
//  so many that pipelines flow, so few that the rest of the loop has its turn
#define ROUNDS_MAX 64

//  A connection, in a list
typedef struct visit_t visit_t;

struct visit_t {
    visit_t *next;
    visit_t **at;      //  Where the list points to it
    int fd;            //  libmicrohttpd's
    int64_t since_ms;  //  When its request began, or could have
};

struct http_t {
    poller_t *poller;           //  Borrowed
    struct MHD_Daemon *daemon;  //
    watcher_t network;          //  libmicrohttpd's epoll set, owned by it
    watcher_t more;             //  An eventfd: we left work for another go
    visit_t *visits;            //  Connections
    unsigned visit_count;       //
    unsigned visit_max;         //
    int64_t request_ms;         //  For a request
    char *host;                 //  As in the options
    char *alias;                //
    http_page_fn *page;
    void *context;
};


//  libmicrohttpd's own epoll set is edge-triggered: a connection that is ready
//  and not done is on its inner list, and only MHD_get_timeout tells so.

static void
s_run (void *context, uint32_t events)
{
    http_t *self = context;
    MHD_UNSIGNED_LONG_LONG timeout_ms = 0;
    bool busy = true;
    (void) events;
    for (int round = 0; busy && round < ROUNDS_MAX; round++) {
        MHD_run (self->daemon);
        busy = MHD_get_timeout (self->daemon, &timeout_ms) == MHD_YES &&
               timeout_ms == 0;
    }
    if (busy)
        eventfd_write (self->more.fd, 1);
}


static void
s_run_more (void *context, uint32_t events)
{
    http_t *self = context;
    eventfd_t count;
    eventfd_read (self->more.fd, &count);
    s_run (self, events);
}


//  When no more connections are accepted, nobody keeps one for another request

static enum MHD_Result
s_reply (
    const http_t *self, struct MHD_Connection *request, const http_page_t *page)
{
    struct MHD_Response *response = MHD_create_response_from_buffer (
        page->body_size, page->body, MHD_RESPMEM_MUST_FREE);
    assert (response);
    if (page->content_type)
        MHD_add_response_header (
            response, MHD_HTTP_HEADER_CONTENT_TYPE, page->content_type);
    if (page->status == MHD_HTTP_METHOD_NOT_ALLOWED)
        MHD_add_response_header (response, MHD_HTTP_HEADER_ALLOW, "GET, HEAD");
    if (self->visit_count >= self->visit_max)
        MHD_add_response_header (response, MHD_HTTP_HEADER_CONNECTION, "close");
    enum MHD_Result rc = MHD_queue_response (request, page->status, response);
    MHD_destroy_response (response);
    return rc;
}


//  Return true if the request is for us.  One of HTTP/1.0 need not say

static bool
s_is_own (const http_t *self, struct MHD_Connection *request)
{
    const char *host = MHD_lookup_connection_value (
        request, MHD_HEADER_KIND, MHD_HTTP_HEADER_HOST);
    return !self->host || !host || host_is_own (host, self->host, self->alias);
}


//  Called when a request's headers are in, then for each piece of its body,
//  then when it is complete.  A reply in the first call ends the connection,
//  as the body is not read; so only a method that we refuse gets one.

static enum MHD_Result
//  NOLINTNEXTLINE(readability-function-size): libmicrohttpd wants it so
s_answer (void *context, struct MHD_Connection *request, const char *path,
    const char *method, const char *version, const char *body,
    size_t *body_size, void **request_context)
{
    http_t *self = context;
    http_page_t page = {.status = MHD_HTTP_NOT_FOUND};
    (void) version;
    (void) body;
    if (!streq (method, MHD_HTTP_METHOD_GET) &&
        !streq (method, MHD_HTTP_METHOD_HEAD)) {
        page.status = MHD_HTTP_METHOD_NOT_ALLOWED;
        return s_reply (self, request, &page);
    }
    if (!s_is_own (self, request)) {
        page.status = MHD_HTTP_MISDIRECTED_REQUEST;
        return s_reply (self, request, &page);
    }
    if (!*request_context || *body_size) {
        *request_context = self;
        *body_size = 0;
        return MHD_YES;
    }
    self->page (self->context, request, path, &page);
    return s_reply (self, request, &page);
}


static visit_t *
s_enter (http_t *self, int fd)
{
    visit_t *visit = zmalloc (sizeof (visit_t));
    *visit = (visit_t){self->visits, &self->visits, fd, clock_ms ()};
    if (visit->next)
        visit->next->at = &visit->next;
    self->visits = visit;
    self->visit_count++;
    return visit;
}


static void
s_leave (http_t *self, visit_t *visit)
{
    *visit->at = visit->next;
    if (visit->next)
        visit->next->at = visit->at;
    self->visit_count--;
    free (visit);
}


//  libmicrohttpd tells that a connection is there, or is gone

static void
s_visit (void *context, struct MHD_Connection *connection, void **visit_p,
    enum MHD_ConnectionNotificationCode code)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info (connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    if (code == MHD_CONNECTION_NOTIFY_STARTED)
        *visit_p = s_enter (context, info->connect_fd);
    else
        s_leave (context, *visit_p);
}


//  A request is complete, and answered: the next one has its own time

static void
s_completed (void *context, struct MHD_Connection *connection,
    void **request_context, enum MHD_RequestTerminationCode code)
{
    visit_t *visit =
        MHD_get_connection_info (connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)
            ->socket_context;
    (void) context;
    (void) request_context;
    (void) code;
    visit->since_ms = clock_ms ();
}


//  Have libmicrohttpd serve the socket, which is its own once it has begun

static int
s_start (http_t *self, const http_options_t *options, int fd)
{
    self->daemon = MHD_start_daemon (MHD_USE_EPOLL, 0, NULL, NULL, s_answer,
        self, MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_LIMIT,
        options->connection_max, MHD_OPTION_NOTIFY_CONNECTION, s_visit, self,
        MHD_OPTION_NOTIFY_COMPLETED, s_completed, self,
        MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
    if (!self->daemon) {
        int reason = errno;
        close (fd);
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


http_t *
http_new (poller_t *poller, const http_options_t *options, http_page_fn *page,
    void *context)
{
    int fd = listen_at (&options->address, options->port, 0);
    if (fd < 0)
        return NULL;
    http_t *self = zmalloc (sizeof (http_t));
    self->poller = poller;
    self->network = (watcher_t){-1, s_run, self};
    self->more = (watcher_t){-1, s_run_more, self};
    self->visit_max = options->connection_max;
    self->request_ms = (int64_t) options->request_seconds * 1000;
    if (options->host) {
        self->host = strdup (options->host);
        self->alias = strdup (options->alias ? options->alias : options->host);
        assert (self->host && self->alias);
    }
    self->page = page;
    self->context = context;
    if (s_start (self, options, fd) < 0) {
        int reason = errno;
        http_destroy (&self);
        errno = reason;
    }
    return self;
}


void
http_destroy (http_t **self_p)
{
    http_t *self = *self_p;
    if (self) {
        poller_drop (self->poller, &self->network);
        poller_drop (self->poller, &self->more);
        if (self->daemon)
            MHD_stop_daemon (self->daemon);
        if (self->more.fd >= 0)
            close (self->more.fd);
        free (self->host);
        free (self->alias);
        free (self);
        *self_p = NULL;
    }
}


//  A connection that is shut down libmicrohttpd finds closed; the descriptor is
//  its own

void
http_tick (http_t *self)
{
    int64_t now_ms = clock_ms ();
    for (const visit_t *visit = self->visits; visit; visit = visit->next)
        if (now_ms - visit->since_ms >= self->request_ms)
            shutdown (visit->fd, SHUT_RDWR);
    s_run (self, 0);
}


const char *
http_argument (struct MHD_Connection *request, const char *name)
{
    const char *value = NULL;
    size_t size = 0;
    if (MHD_lookup_connection_value_n (request, MHD_GET_ARGUMENT_KIND, name,
            strlen (name), &value, &size) != MHD_YES ||
        !value || memchr (value, '\0', size))
        return NULL;
    return value;
}
