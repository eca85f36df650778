/*  =========================================================================
    web_case - a port for phones and applications, in a test's hands

    The fixture of the tests of web.  The core is a mock that answers at once.
    =========================================================================
*/

#ifndef TESTS_IO_WEB_CASE_H
#define TESTS_IO_WEB_CASE_H

#include "io/later.h"
#include "io/wire.h"
#include "web/web.h"

#define WEB_CASE_PER_MINUTE 40   //  Requests of applications
#define WEB_CASE_CONNECTIONS 20  //  At once, at most
#define WEB_CASE_PROCESS 0x0123456789abcdef
#define WEB_CASE_LISTENERS 8
#define WEB_CASE_INSIDE 4

typedef struct {
    loop_case_t *stage;
    web_t *web;
    table_t *table;  //  What the core knows
    uint16_t port;
    size_t bodies_size_max;    //  As in web_options_t, when it is opened
    unsigned per_address_max;  //
    size_t inside_size_max;    //  As in streams_options_t
    const char *tokens;        //  File of them, or NULL
    size_t asked;              //  How often for how the herd is
    bool full;                 //  The core refuses what it is told
    int64_t takes_ms;          //  How long it takes for that
    size_t count;              //  Lines that the core was told
    size_t turn_count;         //  Of these, before this turn of the loop
    size_t turn_most;          //  Most in one turn
    uint64_t turn_events;      //  The same of what listeners were told
    uint64_t turn_events_most;
    uint64_t number;     //  Connection of the last one
    char lines [65536];  //  All of them
    char told [65536];   //  To the log
    char *reply;         //  The last one
} web_case_t;

//  Set up and tear down a case.
int
web_case_new (void **state);

int
web_case_free (void **state);

#define CASE(name)                                                             \
    cmocka_unit_test_setup_teardown (name, web_case_new, web_case_free)

//  Open the port, at which nobody listens.
web_t *
web_case_open (web_case_t *self);

//  Send a request: its first line, its headers, its body.  Returns the status
//  of the reply, which is kept.
int
web_case_ask (
    web_case_t *self, const char *line, const char *headers, const char *body);

//  Return the body of the last reply.
const char *
web_case_body (const web_case_t *self);

//  Ask for a stream with more headers, over HTTP/1.0: it comes without the
//  sizes of chunks.
wire_t *
web_case_listen (web_case_t *self, const char *path, const char *headers);

//  Wait until the text came, and forget what came up to its end.
void
web_case_await (web_case_t *self, wire_t *wire, const char *text);

//  Hang up, and wait until that is seen.
void
web_case_hang_up (web_case_t *self, wire_t **wire_p);

//  Wait until there are so many streams.
void
web_case_await_streams (web_case_t *self, size_t count);

//  The core knows that a client is there.
void
web_case_tell (
    web_case_t *self, const char *client, const char *place, unsigned time);

#define JSON "Content-Type: application/json\r\n"
#define LOCATION                                                               \
    "{\"_type\":\"location\",\"lat\":1,\"lon\":2,\"tst\":7,\"tid\":\"f3\"}"
#define POINT                                                                  \
    "{\"geometry\":{\"coordinates\":[2,1]},"                                   \
    "\"properties\":{\"device_id\":\"jane\",\"timestamp\":7}}"

#endif
