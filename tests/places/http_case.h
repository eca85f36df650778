/*  =========================================================================
    http_case - a Places service on a real port, and clients of it

    The fixture of the tests of service and http.  Service and clients share
    one loop, which runs until what a test waits for is there; ten seconds in
    vain fail the test.
    =========================================================================
*/

#ifndef TESTS_PLACES_HTTP_CASE_H
#define TESTS_PLACES_HTTP_CASE_H

#include "admin/http.h"
#include "places/service.h"

#include <setjmp.h>
#include <cmocka.h>

//  Pieces of requests
#define NEARBY "GET " SERVICE_PATH
#define HOST "Host: here\r\n"
#define CLOSE "Connection: close\r\n"

//  Service and loop.
typedef struct {
    poller_t *poller;
    http_t *http;
    gazetteer_t *gazetteer;
    service_t *service;
    http_options_t options;
    int64_t deadline_ms;  //  When what is waited for is late
    bool late;            //  It ended in vain
    char *reply;          //  Last one of http_case_ask
} http_case_t;

//  A connection of a client.
typedef struct {
    http_case_t *stage;
    watcher_t watcher;
    const char *out;  //  Not sent yet
    size_t out_size;
    char *in;  //  Received so far, with a NUL
    size_t in_size;
    bool closed;     //  By the service
    size_t replies;  //  In there, of status 200
    size_t counted;  //  Bytes of in that were looked through for these
    size_t awaited;  //  Replies before the loop may end
} http_client_t;

//  Set up and tear down a service of a table of a few places.
int
http_case_new (void **state);

int
http_case_free (void **state);

#define CASE(name)                                                             \
    cmocka_unit_test_setup_teardown (name, http_case_new, http_case_free)

//  Serve with other options, on a free port.
void
http_case_serve (http_case_t *self);

//  Serve other places, from there, laid out like that.
void
http_case_open (http_case_t *self, const char *file, layout_style_t style);

//  Connect a client that sends that.  The bytes are borrowed.
http_client_t *
http_case_connect (http_case_t *self, const char *out);

//  Close the connection and free the client.
void
http_case_leave (http_client_t **client_p);

//  Run the loop until the client has that many replies with status 200, or,
//  always if it is 0, until the service has closed the connection.
void
http_case_run (http_client_t *client, size_t replies);

//  Send the request, which has the service close the connection, and return
//  the reply, good until the next one.
const char *
http_case_ask (http_case_t *self, const char *request);

#endif
