/*  =========================================================================
    http - a small HTTP server on the loop
    =========================================================================
*/

#include "admin/http.h"

#include "http/engine.h"
#include "http/host.h"
#include "loop/listen.h"

#include <assert.h>
#include <errno.h>

struct http_t {
    engine_t *engine;
    char *host;   //  As in the options
    char *alias;  //
    http_page_fn *page;
    void *context;
};


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
    if (engine_is_full (self->engine))
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


http_t *
http_new (poller_t *poller, const http_options_t *options, http_page_fn *page,
    void *context)
{
    int fd = listen_at (&options->address, options->port, 0);
    if (fd < 0)
        return NULL;
    http_t *self = zmalloc (sizeof (http_t));
    if (options->host) {
        self->host = strdup (options->host);
        self->alias = strdup (options->alias ? options->alias : options->host);
        assert (self->host && self->alias);
    }
    self->page = page;
    self->context = context;
    self->engine =
        engine_new (poller, &(engine_options_t){.listener = fd,
                                .connection_max = options->connection_max,
                                .request_seconds = options->request_seconds,
                                .idle_seconds = options->request_seconds,
                                .answer = s_answer,
                                .context = self});
    if (!self->engine) {
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
        engine_destroy (&self->engine);
        free (self->host);
        free (self->alias);
        free (self);
        *self_p = NULL;
    }
}


void
http_tick (http_t *self)
{
    engine_tick (self->engine);
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
