/*  =========================================================================
    http - a small HTTP server on the loop
    =========================================================================
*/

#include "io/http.h"

#include "io/listen.h"

#include <assert.h>
#include <errno.h>
#include <sys/eventfd.h>
#include <unistd.h>

//  Rounds of libmicrohttpd in one go, a step of each busy connection in each:
//  so many that pipelines flow, so few that the rest of the loop has its turn
#define ROUNDS_MAX 64

struct http_t {
    watch_t *watch;             //  Borrowed
    struct MHD_Daemon *daemon;  //
    watcher_t network;          //  libmicrohttpd's epoll set, owned by it
    watcher_t more;             //  An eventfd: we left work for another go
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


static enum MHD_Result
s_reply (struct MHD_Connection *request, const http_page_t *page)
{
    struct MHD_Response *response = MHD_create_response_from_buffer (
        page->body_size, page->body, MHD_RESPMEM_MUST_FREE);
    assert (response);
    if (page->content_type)
        MHD_add_response_header (
            response, MHD_HTTP_HEADER_CONTENT_TYPE, page->content_type);
    if (page->status == MHD_HTTP_METHOD_NOT_ALLOWED)
        MHD_add_response_header (response, MHD_HTTP_HEADER_ALLOW, "GET, HEAD");
    enum MHD_Result rc = MHD_queue_response (request, page->status, response);
    MHD_destroy_response (response);
    return rc;
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
        return s_reply (request, &page);
    }
    if (!*request_context || *body_size) {
        *request_context = self;
        *body_size = 0;
        return MHD_YES;
    }
    self->page (self->context, request, path, &page);
    return s_reply (request, &page);
}


//  Have libmicrohttpd serve the socket, which is its own once it has begun

static int
s_start (http_t *self, const http_options_t *options, int fd)
{
    self->daemon = MHD_start_daemon (MHD_USE_EPOLL, 0, NULL, NULL, s_answer,
        self, MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_LIMIT,
        options->connection_max, MHD_OPTION_CONNECTION_TIMEOUT,
        options->idle_seconds, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
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
        watch_add (self->watch, &self->network, EPOLLIN) < 0)
        return -1;
    return watch_add (self->watch, &self->more, EPOLLIN);
}


http_t *
http_new (watch_t *watch, const http_options_t *options, http_page_fn *page,
    void *context)
{
    int fd = listen_at (options->address, options->port, 0);
    if (fd < 0)
        return NULL;
    http_t *self = zmalloc (sizeof (http_t));
    self->watch = watch;
    self->network = (watcher_t){-1, s_run, self};
    self->more = (watcher_t){-1, s_run_more, self};
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
        watch_drop (self->watch, &self->network);
        watch_drop (self->watch, &self->more);
        if (self->daemon)
            MHD_stop_daemon (self->daemon);
        if (self->more.fd >= 0)
            close (self->more.fd);
        free (self);
        *self_p = NULL;
    }
}


void
http_tick (http_t *self)
{
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
