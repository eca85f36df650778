/*  =========================================================================
    gate - which requests are let in

    A page in a browser of somebody who can reach the port can send requests as
    he could, but has to say whose it is.  So the Host must be ours, and an
    Origin, if there is one, that Host or one of those allowed.

    If there are tokens, a request has to have one: as Bearer, as the password
    of Basic, whose user is the token's name, or, for apps that can neither, as
    token=SECRET in the query.

    Behind a proxy all requests come from its address: of a proxy that is known,
    and of no one else, it is believed whom it forwards for.
    =========================================================================
*/

#ifndef WEB_GATE_H
#define WEB_GATE_H

#include "base/address.h"
#include "tokens/tokens.h"
#include "web/exchange.h"

typedef struct gate_t gate_t;

//  Lists have blanks between their members.  All is copied.
typedef struct {
    const char *server;   //  Its name, which a Host may be
    const char *host;     //  Where the port is found, which it may be
    const char *hosts;    //  Names that it may be, too
    const char *origins;  //  Origins of pages that may use the port; * = all
    const char *proxies;  //  Addresses that are believed whom they forward for
    const char *tiles;    //  URL of a map's pictures, for the page; NULL = none
    uint64_t per_minute;  //  Requests of applications, of one address or token;
                          //  0 = any
    const char *tokens;   //  File of them; NULL = anybody may do anything
} gate_options_t;

//  What a request is to do.
typedef enum {
    GATE_NOTHING,  //  What anybody may
    GATE_SAY,      //  Where a client is
    GATE_ASK       //  Where clients are
} gate_right_t;

//  Make a gate.  Returns NULL, after a line on standard error, if the tokens
//  can't be read.
gate_t *
gate_new (const gate_options_t *options);

//  Free it and set *self_p to NULL.
void
gate_destroy (gate_t **self_p);

//  Return true, and the reason in the response, if the request comes from a
//  page that may not use the port.  Applications are told in JSON.
bool
gate_refuses (const gate_t *self, const exchange_request_t *request,
    bool is_api, exchange_response_t *response);

//  Read the tokens again.  Returns false, after a line on standard error, if
//  that can't be done: those there were stay.
bool
gate_reload (gate_t *self);

//  Return true, and the reason in the response, if the request has no token
//  with that right.
bool
gate_stops (const gate_t *self, const exchange_request_t *request,
    gate_right_t right, bool is_api, exchange_response_t *response);

//  Return the request's token, good until tokens are read again; NULL if it has
//  none, or one that is unknown.
const token_t *
gate_token (const gate_t *self, const exchange_request_t *request);

//  Return true if that token lets a request say something of the client.
bool
gate_permits (const gate_t *self, const token_t *token, span_t client);

//  Return whom the request is from, who sends it to us from that address.
address_t
gate_address (const gate_t *self, const exchange_request_t *request,
    const address_t *address);

//  Return true, and how long to wait in the response, if the address, or the
//  request's token, has made too many requests in this minute; else count one
//  more of each.
bool
gate_is_over (gate_t *self, const exchange_request_t *request,
    const address_t *address, int64_t clock_ms, exchange_response_t *response);

//  Return the origin of the map's pictures, or "".
const char *
gate_images (const gate_t *self);

//  Return what pages may be told of whose answers they may read, or NULL.
const char *
gate_allowed_origin (const gate_t *self, const exchange_request_t *request);

#endif
