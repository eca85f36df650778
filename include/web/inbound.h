/*  =========================================================================
    inbound - a request on its way in, until it is answered
    =========================================================================
*/

#ifndef WEB_INBOUND_H
#define WEB_INBOUND_H

#include "web/exchange.h"
#include "web/gate.h"
#include "web/phones.h"
#include "web/v1.h"

#include <microhttpd.h>

typedef struct {
    uint64_t number;  //  Of the connection that the core sees
    struct MHD_Connection *connection;
    char *uri;  //  As it was sent
    exchange_request_t request;
    exchange_response_t response;
    phones_t phones;  //  Whose it is, an app's or
    v1_t v1;          //  an application's
    bool began;       //  Its headers were looked at
    bool too_large;   //  Its body is,
    bool too_many;    //  or those of all requests
    bool done;        //  The response is ready
    char *body;
    size_t body_size;
    size_t body_room;
    bool answered;                //  The response is on its way
    size_t answer_size;           //  Of it, then
    struct MHD_Response *stream;  //  Or what goes on; NULL = none
} inbound_t;

//  Make a request to the URI, which is copied.  Never returns NULL.
inbound_t *
inbound_new (
    uint64_t number, const char *uri, struct MHD_Connection *connection);

//  Free it and set *self_p to NULL.
void
inbound_destroy (inbound_t **self_p);

//  Its headers are there: read them, and whose it is.
void
inbound_read_headers (inbound_t *self, const char *method);

//  Return whom it is from, as the gate has it.
address_t
inbound_address (const inbound_t *self, const gate_t *gate);

//  Return true if it is an application's.
bool
inbound_is_api (const inbound_t *self);

//  Return true, and the reason in the response, if it has no token with the
//  right to what it is to do.
bool
inbound_is_stopped (inbound_t *self, const gate_t *gate);

//  Refuse it, in the form that its sender reads.
void
inbound_refuse (inbound_t *self, unsigned status, const char *reason);

//  Refuse it if there is no such path or method, or it is announced as larger
//  than it may be.  Returns true if so, or if all is answered that way.
bool
inbound_is_refused (inbound_t *self);

//  Answer with a file of the live page.  Returns false if none was asked for.
bool
inbound_shows_page (inbound_t *self);

//  Keep a piece of the body, if there is room: bodies_size is what those of all
//  requests take, bodies_max what they may.
void
inbound_gather (
    inbound_t *self, span_t piece, size_t *bodies_size, size_t bodies_max);

#endif
