/*  =========================================================================
    web - the HTTP port of clients

    Phones report here, as web/phones has it, and applications ask, as
    web/v1 has it.  What they say becomes the line that a client would say
    over TCP, and is emitted as EVENT_CONNECTION_LINE of a connection of its
    own: each request has a number, and replies to it are given to web_reply.
    What only reads the table is answered from there.  What a request can make
    us hold is limited: its headers, its body, its time, and the bodies and the
    responses of all together.  web/gate says which are let in.
    =========================================================================
*/

#ifndef WEB_WEB_H
#define WEB_WEB_H

#include "base/metric.h"
#include "core/event.h"
#include "loop/poller.h"
#include "table/table.h"
#include "web/gate.h"
#include "web/streams.h"

//  What bodies_size_max is when a server runs.
#define WEB_BODIES_SIZE_MAX 67108864

//  What streams.inside_size_max is then.
#define WEB_INSIDE_SIZE_MAX 67108864

typedef struct web_t web_t;

//  Tell the log of a request: sign is as in log/journal.
typedef void (web_tell_fn) (
    void *context, uint64_t connection, char sign, span_t text);

typedef struct {
    address_t address;          //  Where to listen; :: = at all
    uint16_t port;              //  To listen at
    size_t client_size_max;     //  Bytes of an ID; longer ones are passed over
    size_t bodies_size_max;     //  Bytes of bodies of all requests together;
                                //  beyond, they get 503.  When responses on
                                //  their way have as many, so does who asks
    unsigned connections_max;   //  At once; more have to wait
    unsigned per_address_max;   //  Of these, of one address, as address_group
                                //  has it; 0 = no limit
    streams_options_t streams;  //  But engine and table, which are its own
    web_tell_fn *tell;          //  Called with context
    gate_options_t gate;        //  Who may use it; copied
} web_options_t;

//  As base/metric has it.
#define WEB_HELP "Requests over HTTP, by kind."
#define WEB_METRICS(X)                                                         \
    X (TRUTH, on, "http_on", NULL, "It has the HTTP port.")                    \
    X (SIZE, connections, "http_connections", NULL, "Connections over HTTP.")  \
    X (COUNT, crowded, "http_connections_refused", NULL,                       \
        "Connections over HTTP refused because of "                            \
        "connections_per_address.")                                            \
    X (SIZE, streams, "http_streams", NULL,                                    \
        "Open streams: /v1/events and /v1/feed.")                              \
    X (SIZE, inside_size, "http_stream_bytes", NULL,                           \
        "Memory for lists of who is inside the areas of streams.")             \
    X (COUNT, events, "http_stream_events", NULL, "Events sent to listeners.") \
    X (COUNT, osmand, "http_requests", "door=\"osmand\"", WEB_HELP)            \
    X (COUNT, owntracks, "http_requests", "door=\"owntracks\"", WEB_HELP)      \
    X (COUNT, overland, "http_requests", "door=\"overland\"", WEB_HELP)        \
    X (COUNT, api, "http_requests", "door=\"api\"", WEB_HELP)                  \
    X (COUNT, refused, "http_refused", NULL,                                   \
        "Requests over HTTP that got an error.")                               \
    X (COUNT, passed_over, "http_passed_over", NULL,                           \
        "Requests of phones without a location to keep.")                      \
    X (COUNT, locations, "http_locations", NULL,                               \
        "Locations that came over HTTP.")

typedef struct {
    WEB_METRICS (METRIC_FIELD)
} web_counts_t;

//  Listen.  Borrows the poller; events go to emit with context.  Returns NULL,
//  errno set, if the address can't be had; or, errno 0, after a line on
//  standard error, if the tokens can't be read.
web_t *
web_new (poller_t *poller, const web_options_t *options, event_fn *emit,
    void *context);

//  Answer from this table, which is borrowed and has to be there until the port
//  is destroyed: to be said before the loop runs.
void
web_serve (web_t *self, table_t *table);

//  Close all connections, stop listening and set *self_p to NULL.  Emits
//  nothing.
void
web_destroy (web_t **self_p);

//  The core's reply to a request.  Nothing happens if it is gone.
void
web_reply (web_t *self, uint64_t connection, span_t text);

//  Read the tokens again.  Returns false, after a line on standard error, if
//  they can't be read: those there were stay.
bool
web_reload (web_t *self);

//  These do nothing, and there is nothing, if self is NULL.
//
//  To be called about once a second.
void
web_tick (web_t *self);

//  Have listeners told, and requests answered whose reply has come: to be
//  called at the end of each turn of the loop.  Returns true if another is
//  wanted at once.
bool
web_turn (web_t *self, int64_t clock_ms);

//  Accept no more connections, and answer requests 503.
void
web_stop (web_t *self);

//  Return true if a request waits for its reply, or a response is on its way.
bool
web_has_output (const web_t *self);

//  Return the counters.
web_counts_t
web_counts (const web_t *self);

#endif
