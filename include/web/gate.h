/*  =========================================================================
    gate - which requests are let in

    A page in a browser of somebody who can reach the port can send requests as
    he could, but has to say whose it is.  So the Host must be ours, and an
    Origin, if there is one, that Host or one of those allowed.

    Behind a proxy all requests come from its address: of a proxy that is known,
    and of no one else, it is believed whom it forwards for.
    =========================================================================
*/

#ifndef WEB_GATE_H
#define WEB_GATE_H

#include "base/address.h"
#include "web/exchange.h"

typedef struct gate_t gate_t;

//  Lists have blanks between their members.  All is copied.
typedef struct {
    const char *server;   //  Its name, which a Host may be
    const char *host;     //  Where the port is found, which it may be
    const char *hosts;    //  Names that it may be, too
    const char *origins;  //  Origins of pages that may use the port; * = all
    const char *proxies;  //  Addresses that are believed whom they forward for
    uint64_t per_minute;  //  Requests of applications, of one address; 0 = any
} gate_options_t;

//  Make a gate.  Never returns NULL.
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

//  Return whom the request is from, who sends it to us from that address.
address_t
gate_address (const gate_t *self, const exchange_request_t *request,
    const address_t *address);

//  Return true, and how long to wait in the response, if the address has made
//  too many requests in this minute; else count one more.
bool
gate_is_over (gate_t *self, const address_t *address, int64_t clock_ms,
    exchange_response_t *response);

//  Return what pages may be told of whose answers they may read, or NULL.
const char *
gate_allowed_origin (const gate_t *self, const exchange_request_t *request);

#endif
