/*  =========================================================================
    http - a small HTTP server on the loop

    Serves GET and HEAD of whole pages; any other method is answered 405, a
    request without Host 400, one for another Host 421.
    =========================================================================
*/

#ifndef ADMIN_HTTP_H
#define ADMIN_HTTP_H

#include "base/address.h"
#include "loop/poller.h"

#include <microhttpd.h>

typedef struct http_t http_t;

//  What the page handler answers with.
typedef struct {
    unsigned status;           //  HTTP status, 200 to 599
    const char *content_type;  //  A constant string
    char *body;                //  From malloc; http takes it over
    size_t body_size;          //  Bytes
} http_page_t;

//  Answer the request for path by filling *page, which comes as 404 and
//  without a body.  Query arguments are read with http_argument; request is
//  good during the call only.
typedef void (http_page_fn) (void *context, struct MHD_Connection *request,
    const char *path, http_page_t *page);

//  Where to serve and how much to hold.
typedef struct {
    address_t address;         //  Where to listen; :: = at all
    uint16_t port;             //  TCP port
    unsigned connection_max;   //  More have to wait
    unsigned request_seconds;  //  From the opening of a connection, or the end
                               //  of its last request, to the end of the next;
                               //  then it is closed
    const char *host;   //  A name that Host may have, as host_is_own has it;
                        //  NULL = Host may be anything; copied
    const char *alias;  //  Another one, or NULL; copied
} http_options_t;

//  Serve at the options' address, in the poller.  Borrows the poller.  Returns
//  NULL, errno set, if that address can't be had.
http_t *
http_new (poller_t *poller, const http_options_t *options, http_page_fn *page,
    void *context);

//  Close all connections, free everything and set *self_p to NULL.
void
http_destroy (http_t **self_p);

//  To be called about once a second: closes connections whose time is over.
void
http_tick (http_t *self);

//  Return the value of a query argument, decoded, or NULL if there is none, or
//  one with a NUL in it.  Good as long as the request.
const char *
http_argument (struct MHD_Connection *request, const char *name);

#endif
