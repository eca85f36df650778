/*  =========================================================================
    transport - HTTP requests on the loop

    libcurl's multi interface in the poller: a pool of connections that are kept
    alive, each request bounded in time and size.  Knows nothing of places.
    =========================================================================
*/

#ifndef PROVIDERS_TRANSPORT_H
#define PROVIDERS_TRANSPORT_H

#include "base/span.h"
#include "loop/poller.h"

#include <curl/curl.h>

typedef struct transport_t transport_t;

//  What is to be asked.  The transport takes over url, headers and post, and
//  wipes url and headers before they are freed.
typedef struct {
    char *url;                   //  With a key in it, maybe
    struct curl_slist *headers;  //  Or NULL
    char *post;                  //  A body to POST, or NULL: a GET
    int64_t timeout_ms;          //  For all of it
    void *owner;                 //  Handed back with the result
} transport_request_t;

//  How it ended.  Good during the call.
typedef struct {
    void *owner;         //  As in the request
    const char *error;   //  Why there is no answer, without URL; NULL = none
    bool may_retry;      //  The error is one that may pass
    long status;         //  HTTP status
    long retry_after_s;  //  As the answer says; 0 = it does not
    span_t body;         //  After decompression
} transport_result_t;

//  Who takes results.
typedef void (transport_fn) (void *context, const transport_result_t *result);

//  Make a transport of so many connections, for bodies of so many bytes.
//  Borrows the poller; results go to done with context, never from inside
//  transport_send.  Returns NULL, errno set, when the system has no descriptor
//  for it.
transport_t *
transport_new (poller_t *poller, unsigned connections_max, size_t body_size_max,
    transport_fn *done, void *context);

//  Let there be so many connections, and bodies of so many bytes, from now on.
void
transport_limit (
    transport_t *self, unsigned connections_max, size_t body_size_max);

//  End all requests without a result and set *self_p to NULL.
void
transport_destroy (transport_t **self_p);

//  Return true if as many requests are under way as there may be.
bool
transport_is_full (const transport_t *self);

//  Begin the request.  The transport must not be full.
void
transport_send (transport_t *self, transport_request_t *request);

//  Let libcurl do what it wants to do by now: to be called at the end of every
//  turn, never from inside a result.
void
transport_turn (transport_t *self);

#endif
