/*  =========================================================================
    web - the HTTP port of clients
    =========================================================================
*/

#include "web/web.h"

#include "base/number_map.h"
#include "http/engine.h"
#include "loop/clock.h"
#include "loop/listen.h"
#include "web/account.h"
#include "web/inbound.h"
#include "web/outbound.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

//  From the beginning of a request to its end, and to the next one: those who
//  keep connections for longer than others do are asked to ask anew
#define REQUEST_SECONDS 10
#define IDLE_SECONDS 75

//  What the system holds of a connection each way
#define BUFFER_SIZE 65536

struct web_t {
    size_t client_size_max;  //  As in the options
    web_tell_fn *tell;       //
    event_fn *emit;
    void *context;
    table_t *table;
    engine_t *engine;
    streams_t *streams;  //  NULL before web_serve
    streams_options_t stream_options;
    gate_t *gate;
    uint64_t last_number;
    zhashx_t *waiting;       //  Requests whose reply has not come, by number
    size_t bodies_size_max;  //  As in the options, of each of these:
    size_t bodies_size;      //  Bytes allocated for bodies
    size_t answers;          //  Responses on their way
    size_t answers_size;     //  Bytes of them
    bool stopped;
    web_counts_t counts;
    inbound_t *saying;     //  Whose lines are being said
    const token_t *token;  //  Its own
    bool said;             //  Some were, since the turn began to end
    bool refused;          //  The core refused one,
    bool forbidden;        //  or the gate did
};


static void *
s_begin (void *context, const char *uri, struct MHD_Connection *connection)
{
    web_t *self = context;
    return inbound_new (EVENT_REQUESTS + ++self->last_number, uri, connection);
}


static void
s_end (void *context, void *request)
{
    web_t *self = context;
    inbound_t *inbound = request;
    self->bodies_size -= inbound->body_room;
    self->answers -= inbound->answered;
    self->answers_size -= inbound->answer_size;
    inbound_destroy (&inbound);
}


//  Tell the log what came, <, or what is answered, >

static void
s_tell (const web_t *self, const inbound_t *inbound, char sign)
{
    char text [ACCOUNT_SIZE];
    address_t from = inbound_address (inbound, self->gate);
    size_t size = sign == '<' ? account_request (inbound, &from, text)
                              : account_response (inbound, text);
    self->tell (self->context, inbound->number, sign, (span_t){text, size});
}


//  When no more connections are accepted, nobody keeps one for another request

static enum MHD_Result
s_respond (web_t *self, inbound_t *inbound)
{
    self->counts.refused += inbound->response.status >= 400;
    s_tell (self, inbound, '>');
    inbound->answered = true;
    inbound->answer_size = inbound->response.size;
    self->answers++;
    self->answers_size += inbound->answer_size;
    return outbound_send (inbound, self->gate, engine_is_full (self->engine));
}


//  Applications have a share each; a phone that is told to wait would hold back
//  whatever comes after

static bool
s_is_over (web_t *self, inbound_t *inbound)
{
    if (!inbound_is_api (inbound) || inbound->v1.kind == V1_SITE)
        return false;
    address_t address = inbound_address (inbound, self->gate);
    return gate_is_over (self->gate, &inbound->request, &address, clock_ms (),
        &inbound->response);
}


static enum MHD_Result
s_headers (web_t *self, inbound_t *inbound, const char *method)
{
    inbound_read_headers (inbound, method);
    if (gate_refuses (self->gate, &inbound->request, inbound_is_api (inbound),
            &inbound->response) ||
        inbound_is_refused (inbound) ||
        inbound_is_stopped (inbound, self->gate) || s_is_over (self, inbound)) {
        s_tell (self, inbound, '<');
        return s_respond (self, inbound);
    }
    return MHD_YES;
}


//  Have the core take the line, as one of this request

static void
s_emit (web_t *self, inbound_t *inbound, span_t line, event_t *event)
{
    event->kind = EVENT_CONNECTION_LINE;
    event->connection = inbound->number;
    event->address = inbound_address (inbound, self->gate);
    event->text = line;
    self->said = true;
    self->emit (self->context, event);
}


//  Say the fix as a client would.  A fix has no word that a command can't have

static void
s_say_fix (void *context, const fix_t *fix)
{
    web_t *self = context;
    char line [FIX_LINE_SIZE];
    event_t event;
    if (strlen (fix->id) > self->client_size_max)
        return;
    if (!gate_permits (self->gate, self->token, span_of (fix->id))) {
        self->forbidden = true;
        return;
    }
    clock_stamp (&event);
    size_t size = fix_print (fix, span_of (fix->id), event.now, line);
    self->counts.locations++;
    s_emit (self, self->saying, (span_t){line, size}, &event);
}


//  The response to a request that waits is ready

static void
s_wake (web_t *self, inbound_t *inbound)
{
    inbound->done = true;
    zhashx_delete (self->waiting, &inbound->number);
    engine_resume (self->engine, inbound->connection);
}


//  A reply comes while its line is said, or it is one that was waited for

void
web_reply (web_t *self, uint64_t connection, span_t text)
{
    bool waits = !self->saying || self->saying->number != connection;
    inbound_t *inbound =
        waits ? zhashx_lookup (self->waiting, &connection) : self->saying;
    if (!inbound)
        return;
    if (!inbound_is_api (inbound)) {
        self->refused = self->refused || (text.size && text.data [0] == '?');
        return;
    }
    v1_answer (&inbound->v1, text, self->table, &inbound->response);
    inbound->done = true;
    if (waits)
        s_wake (self, inbound);
}


static void
s_take_phones (web_t *self, inbound_t *inbound)
{
    self->refused = self->forbidden = false;
    fix_outcome_t outcome =
        phones_read (inbound->phones, &inbound->request, s_say_fix, self);
    self->counts.osmand += inbound->phones == PHONES_OSMAND;
    self->counts.owntracks += inbound->phones == PHONES_OWNTRACKS;
    self->counts.overland += inbound->phones == PHONES_OVERLAND;
    self->counts.passed_over += outcome == FIX_NONE;
    if (self->forbidden)
        inbound_refuse (inbound, 403, "the token is for other ids");
    else
        phones_answer (
            inbound->phones, outcome, self->refused, &inbound->response);
}


static void
s_take_api (web_t *self, inbound_t *inbound)
{
    char line [FIX_LINE_SIZE];
    event_t event;
    size_t size = 0;
    clock_stamp (&event);
    self->counts.api++;
    if (v1_is_stream (&inbound->v1))
        streams_open (self->streams, inbound);
    else if (inbound->v1.kind == V1_HERD)
        streams_show_herd (self->streams, &inbound->response);
    else if (!v1_is_said (&inbound->v1, inbound->request.method))
        v1_show (&inbound->v1, &inbound->request, event.now, self->table,
            &inbound->response);
    else if (inbound->v1.kind == V1_CLIENT &&
             !gate_permits (self->gate, self->token, v1_client (&inbound->v1)))
        inbound_refuse (inbound, 403, "the token is for other ids");
    else
        size = v1_say (&inbound->v1, &inbound->request, event.now,
            self->client_size_max, line, &inbound->response);
    if (size) {
        inbound->done = false;
        self->counts.locations += inbound->v1.kind == V1_CLIENT;
        s_emit (self, inbound, (span_t){line, size}, &event);
    }
}


//  Do what the request asks for.  It is done then, unless a reply is to come

static void
s_route (web_t *self, inbound_t *inbound)
{
    self->saying = inbound;
    self->token = gate_token (self->gate, &inbound->request);
    if (inbound_is_api (inbound))
        s_take_api (self, inbound);
    else
        s_take_phones (self, inbound);
    self->saying = NULL;
}


//  A request is complete, or the reply that it waited for has come

static enum MHD_Result
s_complete (web_t *self, inbound_t *inbound)
{
    if (inbound->done)
        return s_respond (self, inbound);
    if (!self->stopped && engine_puts_off (self->engine, inbound->connection))
        return MHD_YES;
    s_tell (self, inbound, '<');
    inbound->done = true;
    if (inbound->too_large)
        inbound_refuse (inbound, 413, "the body is too large");
    else if (self->stopped)
        inbound_refuse (inbound, 503, "the server stops");
    else if (inbound->too_many)
        inbound_refuse (inbound, 503, "too many bodies at once");
    else if (inbound_is_api (inbound) &&
             self->answers_size >= self->bodies_size_max)
        inbound_refuse (inbound, 503, "too many answers at once");
    else if (!inbound_is_stopped (inbound, self->gate) &&
             !inbound_shows_page (inbound))
        s_route (self, inbound);
    if (inbound->done)
        return s_respond (self, inbound);
    int rc = zhashx_insert (self->waiting, &inbound->number, inbound);
    assert (rc == 0);
    engine_suspend (self->engine, inbound->connection);
    return MHD_YES;
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
    inbound_t *inbound = *request;
    (void) connection;
    (void) path;
    (void) version;
    if (!inbound->began)
        return s_headers (self, inbound, method);
    if (*body_size == 0)
        return s_complete (self, inbound);
    inbound_gather (inbound, (span_t){body, *body_size}, &self->bodies_size,
        self->bodies_size_max);
    *body_size = 0;
    return MHD_YES;
}


web_t *
web_new (poller_t *poller, const web_options_t *options, event_fn *emit,
    void *context)
{
    web_t *self = zmalloc (sizeof (web_t));
    self->client_size_max = options->client_size_max;
    self->bodies_size_max = options->bodies_size_max;
    self->tell = options->tell;
    self->stream_options = options->streams;
    self->waiting = number_map_new ();
    self->emit = emit;
    self->context = context;
    self->gate = gate_new (&options->gate);
    errno = 0;  //  What is wrong with tokens has been said
    int fd = self->gate
                 ? listen_at (&options->address, options->port, BUFFER_SIZE)
                 : -1;
    if (fd >= 0)
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
        inbound_t *inbound;
        self->stopped = true;
        while ((inbound = zhashx_first (self->waiting))) {
            inbound_refuse (inbound, 503, "the server stops");
            s_wake (self, inbound);
        }
        streams_stop (self->streams);
        engine_destroy (&self->engine);
        streams_destroy (&self->streams);
        zhashx_destroy (&self->waiting);
        gate_destroy (&self->gate);
        free (self);
        *self_p = NULL;
    }
}


void
web_serve (web_t *self, table_t *table)
{
    self->table = table;
    self->stream_options.engine = self->engine;
    self->stream_options.table = table;
    self->streams = streams_new (&self->stream_options);
}


bool
web_reload (web_t *self)
{
    bool good = gate_reload (self->gate);
    streams_judge (self->streams, self->gate);
    return good;
}


void
web_tick (web_t *self)
{
    if (self)
        engine_tick (self->engine);
}


//  What is said meanwhile is to be passed on in the next turn

bool
web_turn (web_t *self, int64_t clock_ms)
{
    if (!self)
        return false;
    self->said = false;
    streams_turn (self->streams, clock_ms);
    return self->said || streams_have_more (self->streams);
}


void
web_stop (web_t *self)
{
    if (self) {
        self->stopped = true;
        streams_stop (self->streams);
        engine_stop (self->engine);
    }
}


bool
web_has_output (const web_t *self)
{
    return self && (self->answers || zhashx_size (self->waiting));
}


web_counts_t
web_counts (const web_t *self)
{
    web_counts_t counts = self ? self->counts : (web_counts_t){.osmand = 0};
    if (self) {
        streams_counts_t streams = streams_counts (self->streams);
        counts.on = true;
        counts.connections = engine_connections (self->engine);
        counts.crowded = engine_refused (self->engine);
        counts.streams = streams.count;
        counts.inside_size = streams.inside_size;
        counts.events = streams.events;
    }
    return counts;
}
