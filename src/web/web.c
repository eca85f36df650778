/*  =========================================================================
    web - the HTTP port of clients
    =========================================================================
*/

#include "web/web.h"

#include "http/engine.h"
#include "http/host.h"
#include "loop/clock.h"
#include "loop/listen.h"
#include "loop/sockaddr.h"
#include "web/origin.h"
#include "web/phones.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

//  From the beginning of a request to its end, and to the next one: those who
//  keep connections for longer than others do are asked to ask anew
#define REQUEST_SECONDS 10
#define IDLE_SECONDS 75

//  What the system holds of a connection each way
#define BUFFER_SIZE 65536

//  The longest line: words with blanks between them, and a stamp of ours
#define LINE_SIZE_MAX (sizeof "IAMAT" + sizeof (fix_t) + 4)

//  A request on its way
typedef struct {
    struct MHD_Connection *connection;
    uint64_t number;  //  Of the connection that the core sees
    char *uri;        //  As it was sent
    exchange_request_t request;
    exchange_response_t response;
    phones_t phones;
    bool began;      //  Its headers were looked at
    bool too_large;  //  Its body is,
    bool too_many;   //  or that of all requests
    char *body;
    size_t body_size;
    size_t body_room;
} asked_t;

struct web_t {
    web_options_t options;
    char *server;  //  As in the options
    char *host;    //
    char *hosts;   //
    event_fn *emit;
    void *context;
    engine_t *engine;
    uint64_t last_number;
    size_t bodies_size;  //  Bytes allocated for bodies
    bool stopped;
    web_counts_t counts;
    const asked_t *asked;  //  Whose fixes are being said
    address_t address;     //  Where it is from
    bool refused;          //  The core refused one
};


static const char *
s_header (const asked_t *asked, const char *name)
{
    return MHD_lookup_connection_value (
        asked->connection, MHD_HEADER_KIND, name);
}


static void *
s_begin (void *context, const char *uri, struct MHD_Connection *connection)
{
    web_t *self = context;
    asked_t *asked = zmalloc (sizeof (asked_t));
    asked->connection = connection;
    asked->number = EVENT_REQUESTS + ++self->last_number;
    asked->uri = strdup (uri);
    assert (asked->uri);
    asked->request.query = span_of (asked->uri);
    asked->request.path = span_until (&asked->request.query, '?');
    return asked;
}


static void
s_end (void *context, void *request)
{
    web_t *self = context;
    asked_t *asked = request;
    self->bodies_size -= asked->body_room;
    free (asked->response.text);
    free (asked->body);
    free (asked->uri);
    free (asked);
}


static address_t
s_address (const asked_t *asked)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info (
        asked->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    address_t address = {0};
    (void) sockaddr_read (info->client_addr, &address, NULL);
    return address;
}


static void
s_tell (const web_t *self, const asked_t *asked, char sign, const char *text)
{
    self->options.tell (self->context, asked->number, sign, span_of (text));
}


//  The query is not told: it may hold a token

static void
s_tell_request (const web_t *self, const asked_t *asked)
{
    char from [ADDRESS_TEXT_SIZE];
    char text [1024];
    address_t address = s_address (asked);
    span_t path = asked->request.path;
    snprintf (text, sizeof (text), "%s %.*s from %s, %zu bytes",
        asked->request.method, path.size < 256 ? (int) path.size : 256,
        path.data, address_print (&address, from), asked->body_size);
    s_tell (self, asked, '<', text);
}


static void
s_tell_response (const web_t *self, const asked_t *asked)
{
    char text [256];
    const exchange_response_t *response = &asked->response;
    snprintf (text, sizeof (text), "%u%s%s", response->status,
        response->reason ? " " : "", response->reason ? response->reason : "");
    s_tell (self, asked, '>', text);
}


//  When no more connections are accepted, nobody keeps one for another request

static enum MHD_Result
s_respond (web_t *self, asked_t *asked)
{
    exchange_response_t *answer = &asked->response;
    struct MHD_Response *response = MHD_create_response_from_buffer (
        answer->size, answer->text, MHD_RESPMEM_MUST_FREE);
    assert (response);
    answer->text = NULL;
    if (answer->type)
        MHD_add_response_header (
            response, MHD_HTTP_HEADER_CONTENT_TYPE, answer->type);
    if (answer->allow)
        MHD_add_response_header (
            response, MHD_HTTP_HEADER_ALLOW, answer->allow);
    if (engine_is_full (self->engine))
        MHD_add_response_header (response, MHD_HTTP_HEADER_CONNECTION, "close");
    self->counts.refused += answer->status >= 400;
    s_tell_response (self, asked);
    enum MHD_Result rc =
        MHD_queue_response (asked->connection, answer->status, response);
    MHD_destroy_response (response);
    return rc;
}


//  Return true if the Host is ours.  A request of HTTP/1.0 need not have one

static bool
s_is_own_host (const web_t *self, const char *host)
{
    return !host || host_is_own (host, self->server, self->host) ||
           origin_is_listed (host, self->hosts);
}


//  Refuse what is wrong with its headers.  Returns true if it was

static bool
s_refuse_headers (web_t *self, asked_t *asked)
{
    exchange_response_t *response = &asked->response;
    const char *host = s_header (asked, MHD_HTTP_HEADER_HOST);
    const char *origin = s_header (asked, MHD_HTTP_HEADER_ORIGIN);
    const char *allow = NULL;
    if (!s_is_own_host (self, host))
        exchange_refuse (response, 421, "the Host is not ours");
    else if (origin && !(host && origin_is_host (origin, host)))
        exchange_refuse (response, 403, "the Origin is not ours");
    else if (asked->phones == PHONES_NONE)
        exchange_refuse (response, 404, "there is no such path");
    else if ((allow = phones_refuse_method (
                  asked->phones, asked->request.method))) {
        exchange_refuse (response, 405, "there is no such method");
        response->allow = allow;
    }
    else if (self->stopped)
        exchange_refuse (response, 503, "the server stops");
    return response->status != 0;
}


//  A body that is announced as too large is refused before it comes

static bool
s_refuse_length (asked_t *asked)
{
    uint64_t size;
    const char *length = s_header (asked, MHD_HTTP_HEADER_CONTENT_LENGTH);
    if (!length || (span_number (span_of (length), UINT64_MAX, &size) &&
                       size <= phones_body_max (asked->phones)))
        return false;
    exchange_refuse (&asked->response, 413, "the body is too large");
    return true;
}


static enum MHD_Result
s_headers (web_t *self, asked_t *asked, const char *method)
{
    asked->began = true;
    asked->request.method = method;
    asked->request.content_type =
        s_header (asked, MHD_HTTP_HEADER_CONTENT_TYPE);
    asked->request.user = s_header (asked, "X-Limit-U");
    asked->request.device = s_header (asked, "X-Limit-D");
    asked->phones = phones_find (asked->request.path);
    if (s_refuse_headers (self, asked) || s_refuse_length (asked)) {
        s_tell_request (self, asked);
        return s_respond (self, asked);
    }
    return MHD_YES;
}


//  Keep a piece of the body, if there is room for it

static void
s_gather (web_t *self, asked_t *asked, const char *piece, size_t size)
{
    size_t needed = asked->body_size + size;
    if (needed > phones_body_max (asked->phones))
        asked->too_large = true;
    else if (self->bodies_size + needed > WEB_BODIES_SIZE_MAX)
        asked->too_many = true;
    if (asked->too_large || asked->too_many)
        return;
    if (needed > asked->body_room) {
        size_t room = needed > 1024 ? 2 * needed : 2048;
        asked->body = realloc (asked->body, room);
        assert (asked->body);
        self->bodies_size += room - asked->body_room;
        asked->body_room = room;
    }
    memcpy (asked->body + asked->body_size, piece, size);
    asked->body_size = needed;
}


//  Say the fix as a client would.  A fix has no word that a command can't have

static void
s_say (void *context, const fix_t *fix)
{
    web_t *self = context;
    char line [LINE_SIZE_MAX];
    event_t event = {.kind = EVENT_CONNECTION_LINE,
        .connection = self->asked->number,
        .address = self->address};
    if (strlen (fix->id) > self->options.client_size_max)
        return;
    clock_stamp (&event);
    int size = *fix->stamp
                   ? snprintf (line, sizeof (line), "IAMAT %s %s %s", fix->id,
                         fix->place, fix->stamp)
                   : snprintf (line, sizeof (line),
                         "IAMAT %s %s %" PRId64 ".%09" PRId64, fix->id,
                         fix->place, event.now.seconds, event.now.nanoseconds);
    event.text = (span_t){line, (size_t) size};
    self->counts.locations++;
    self->emit (self->context, &event);
}


void
web_reply (web_t *self, uint64_t connection, span_t text)
{
    if (self->asked && self->asked->number == connection)
        self->refused = self->refused || (text.size && text.data [0] == '?');
}


static void
s_count (web_counts_t *self, phones_t phones, fix_outcome_t outcome)
{
    self->osmand += phones == PHONES_OSMAND;
    self->owntracks += phones == PHONES_OWNTRACKS;
    self->overland += phones == PHONES_OVERLAND;
    self->passed_over += outcome == FIX_NONE;
}


//  A request is complete: do what it asks for

static enum MHD_Result
s_complete (web_t *self, asked_t *asked)
{
    asked->request.body = (span_t){asked->body, asked->body_size};
    s_tell_request (self, asked);
    if (asked->too_large)
        exchange_refuse (&asked->response, 413, "the body is too large");
    else if (self->stopped)
        exchange_refuse (&asked->response, 503, "the server stops");
    else if (asked->too_many)
        exchange_refuse (&asked->response, 503, "too many bodies at once");
    else {
        self->asked = asked;
        self->address = s_address (asked);
        self->refused = false;
        fix_outcome_t outcome =
            phones_read (asked->phones, &asked->request, s_say, self);
        self->asked = NULL;
        s_count (&self->counts, asked->phones, outcome);
        phones_answer (asked->phones, outcome, self->refused, &asked->response);
    }
    return s_respond (self, asked);
}


//  Called when a request's headers are in, then for each piece of its body,
//  then when it is complete

static enum MHD_Result
//  NOLINTNEXTLINE(readability-function-size): libmicrohttpd wants it so
s_answer (void *context, struct MHD_Connection *connection, const char *path,
    const char *method, const char *version, const char *body,
    size_t *body_size, void **request)
{
    web_t *self = context;
    asked_t *asked = *request;
    (void) connection;
    (void) path;
    (void) version;
    if (!asked->began)
        return s_headers (self, asked, method);
    if (*body_size == 0)
        return s_complete (self, asked);
    s_gather (self, asked, body, *body_size);
    *body_size = 0;
    return MHD_YES;
}


web_t *
web_new (poller_t *poller, const web_options_t *options, event_fn *emit,
    void *context)
{
    int fd = listen_at (&options->address, options->port, BUFFER_SIZE);
    if (fd < 0)
        return NULL;
    web_t *self = zmalloc (sizeof (web_t));
    self->options = *options;
    self->server = strdup (options->server);
    self->host = strdup (options->host);
    self->hosts = strdup (options->hosts ? options->hosts : "");
    assert (self->server && self->host && self->hosts);
    self->emit = emit;
    self->context = context;
    self->engine =
        engine_new (poller, &(engine_options_t){.listener = fd,
                                .connection_max = options->connections_max,
                                .per_address_max = options->per_address_max,
                                .request_seconds = REQUEST_SECONDS,
                                .idle_seconds = IDLE_SECONDS,
                                .answer = s_answer,
                                .begin = s_begin,
                                .end = s_end,
                                .context = self});
    if (!self->engine) {
        int reason = errno;
        web_destroy (&self);
        errno = reason;
    }
    return self;
}


void
web_destroy (web_t **self_p)
{
    web_t *self = *self_p;
    if (self) {
        engine_destroy (&self->engine);
        free (self->server);
        free (self->host);
        free (self->hosts);
        free (self);
        *self_p = NULL;
    }
}


void
web_tick (web_t *self)
{
    if (self)
        engine_tick (self->engine);
}


void
web_stop (web_t *self)
{
    if (self) {
        self->stopped = true;
        engine_stop (self->engine);
    }
}


web_counts_t
web_counts (const web_t *self)
{
    web_counts_t counts = {.connections = 0};
    if (self) {
        counts = self->counts;
        counts.connections = engine_connections (self->engine);
    }
    return counts;
}
