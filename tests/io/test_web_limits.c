/*  =========================================================================
    test_web_limits - what a request may make the HTTP port hold, and how long
    =========================================================================
*/

#include "io/web_case.h"

#define HEAD(size)                                                             \
    "POST /?id=a&lat=1&lon=2 HTTP/1.1\r\nHost: 127.0.0.1\r\n"                  \
    "Content-Length: " size "\r\n\r\n"


//  The body, blanks up to size, gets this status

static void
s_check_size (web_case_t *self, const char *line, const char *body, size_t size,
    int status)
{
    char *padded = malloc (size + 1);
    assert_non_null (padded);
    memset (padded, ' ', size);
    memcpy (padded, body, strlen (body));
    padded [size] = '\0';
    assert_int_equal (web_case_ask (self, line, JSON, padded), status);
    free (padded);
}


static void
a_body_has_its_bounds (void **state)
{
    web_case_t *self = *state;
    static const char batch [] = "{\"locations\":[" POINT "]}";
    s_check_size (self, "POST /pub", LOCATION, 65536, 200);
    s_check_size (self, "POST /pub", LOCATION, 65537, 413);
    s_check_size (self, "POST /overland", batch, 2097152, 200);
    s_check_size (self, "POST /overland", batch, 2097153, 413);
    assert_int_equal (self->count, 2);
}


//  It says no size, so it is read until it is too large

static void
a_body_in_chunks_has_its_bounds (void **state)
{
    web_case_t *self = *state;
    char piece [0x8000 + 1];
    for (int pieces = 1; pieces <= 3; pieces += 2) {
        wire_t *wire = wire_connect (self->stage, self->port);
        wire_say (wire, "POST /pub HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                        "Transfer-Encoding: chunked\r\n\r\n");
        for (int count = 0; count < pieces; count++) {
            memset (piece, ' ', 0x8000);
            piece [0x8000] = '\0';
            if (count == 0)
                memcpy (piece, LOCATION, strlen (LOCATION));
            wire_say (wire, "8000\r\n");
            wire_say (wire, piece);
            wire_say (wire, "\r\n");
        }
        wire_say (wire, "0\r\n\r\n");
        REACH (self->stage, &wire->lines, 1);
        assert_non_null (strstr (wire->in, pieces == 1 ? " 200 " : " 413 "));
        wire_destroy (&wire);
    }
    assert_int_equal (self->count, 1);
}


static void
long_headers_and_uris_are_refused (void **state)
{
    web_case_t *self = *state;
    char text [40001];
    memset (text, 'x', sizeof (text) - 1);
    text [sizeof (text) - 1] = '\0';
    for (int in_uri = 0; in_uri < 2; in_uri++) {
        wire_t *wire = wire_connect (self->stage, self->port);
        wire_say (wire, in_uri ? "GET /?id=" : "GET / HTTP/1.1\r\nX: ");
        wire_say (wire, text);
        REACH (self->stage, &wire->closed, 1);
        assert_non_null (strstr (wire->in, "HTTP/1.1 4"));
        wire_destroy (&wire);
    }
    assert_int_equal (self->count, 0);
}


static void
connections_are_kept_for_the_next_request (void **state)
{
    web_case_t *self = *state;
    wire_t *wire = wire_connect (self->stage, self->port);
    for (size_t count = 1; count <= 3; count++) {
        wire_say (wire, HEAD ("0"));
        REACH (self->stage, &self->count, count);
    }
    loop_case_rest (self->stage);
    later_by (70000);
    loop_case_rest (self->stage);
    assert_false (wire->closed);
    later_by (5000);
    REACH (self->stage, &wire->closed, 1);
    wire_destroy (&wire);
}


//  However busily it trickles, also behind another one

static void
a_request_has_one_deadline (void **state)
{
    web_case_t *self = *state;
    wire_t *wire = wire_connect (self->stage, self->port);
    wire_say (wire, HEAD ("3") "x=1" HEAD ("9"));
    REACH (self->stage, &self->count, 1);
    for (int count = 0; count < 4; count++) {
        loop_case_rest (self->stage);
        later_by (2000);
        wire_say (wire, "x");
    }
    loop_case_rest (self->stage);
    assert_false (wire->closed);
    later_by (2000);
    REACH (self->stage, &wire->closed, 1);
    wire_destroy (&wire);
    assert_int_equal (self->count, 1);
}


//  Those who wait are not kept waiting by those who only keep a connection

static void
when_all_connections_are_taken_none_is_kept (void **state)
{
    web_case_t *self = *state;
    wire_t *wires [WEB_CASE_CONNECTIONS];
    for (size_t index = 0; index < WEB_CASE_CONNECTIONS; index++)
        wires [index] = wire_connect (self->stage, self->port);
    loop_case_rest (self->stage);
    wire_say (wires [0], HEAD ("0"));
    REACH (self->stage, &wires [0]->closed, 1);
    assert_non_null (strstr (wires [0]->in, "\r\nConnection: close\r\n"));
    for (size_t index = 0; index < WEB_CASE_CONNECTIONS; index++)
        wire_destroy (&wires [index]);
}


static void
who_stops_takes_nothing_more (void **state)
{
    web_case_t *self = *state;
    wire_t *kept = wire_connect (self->stage, self->port);
    wire_t *begun = wire_connect (self->stage, self->port);
    wire_say (kept, HEAD ("0"));
    wire_say (begun, HEAD ("3") "x");
    REACH (self->stage, &self->count, 1);
    loop_case_rest (self->stage);
    web_stop (self->web);
    size_t size = kept->in_size;
    wire_say (kept, HEAD ("0"));
    wire_say (begun, "=1");
    REACH (self->stage, &kept->closed, 1);
    REACH (self->stage, &begun->closed, 1);
    assert_non_null (strstr (kept->in + size, "HTTP/1.1 503 "));
    assert_non_null (strstr (begun->in, "HTTP/1.1 503 "));
    wire_destroy (&kept);
    wire_destroy (&begun);
    assert_int_equal (self->count, 1);
}


//  However slowly they are read, also when no more are taken

static void
responses_on_their_way_are_told_of (void **state)
{
    enum { MANY = 30 };
    web_case_t *self = *state;
    wire_t *deaf = wire_prepare (self->stage, 4096);
    assert_false (web_has_output (NULL));
    assert_false (web_has_output (self->web));
    wire_dial (deaf, self->port);
    wire_deafen (deaf, true);
    for (int count = 0; count < MANY; count++)
        wire_say (
            deaf, "GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n");
    loop_case_rest (self->stage);
    web_stop (self->web);
    assert_true (web_has_output (self->web));
    wire_deafen (deaf, false);
    REACH (self->stage, &deaf->closed, 1);
    assert_false (web_has_output (self->web));
    const char *end = deaf->in + deaf->in_size - 2;
    assert_memory_equal (end, "}\n", 2);
    wire_destroy (&deaf);
}


//  Open the port anew, with other limits

static void
s_open_again (web_case_t *self, size_t bodies_size_max, unsigned per_address)
{
    web_destroy (&self->web);
    self->bodies_size_max = bodies_size_max;
    self->per_address_max = per_address;
    self->web = web_case_open (self);
    assert_non_null (self->web);
    web_serve (self->web, self->table);
}


static void
an_address_has_its_share_of_connections (void **state)
{
    web_case_t *self = *state;
    s_open_again (self, WEB_BODIES_SIZE_MAX, 2);
    wire_t *one = wire_connect (self->stage, self->port);
    wire_t *two = wire_connect (self->stage, self->port);
    loop_case_rest (self->stage);
    wire_t *three = wire_connect (self->stage, self->port);
    REACH (self->stage, &three->closed, 1);
    assert_int_equal (three->in_size, 0);
    assert_int_equal (web_counts (self->web).crowded, 1);
    assert_int_equal (web_counts (self->web).connections, 2);
    wire_destroy (&one);
    loop_case_rest (self->stage);
    assert_int_equal (
        web_case_ask (self, "GET /?id=a&lat=1&lon=2", "", ""), 200);
    wire_destroy (&two);
    wire_destroy (&three);
}


//  However many requests are there, and whatever each costs

static void
long_work_leaves_the_loop_its_turns (void **state)
{
    enum { CROWD = 8, GOES = 2 };
    web_case_t *self = *state;
    wire_t *wires [CROWD];
    for (size_t index = 0; index < CROWD; index++)
        wires [index] = wire_connect (self->stage, self->port);
    loop_case_rest (self->stage);
    self->takes_ms = 20;
    for (size_t index = 0; index < CROWD; index++)
        wire_say (wires [index], HEAD ("0"));
    REACH (self->stage, &self->count, CROWD);
    assert_in_range (self->turn_most, 1, GOES);
    for (size_t index = 0; index < CROWD; index++) {
        REACH (self->stage, &wires [index]->lines, 1);
        wire_destroy (&wires [index]);
    }
    assert_int_equal (self->count, CROWD);
}


//  Of all together.  Who reads nothing holds up others who ask, no phone

static void
bodies_and_answers_have_their_bounds (void **state)
{
    web_case_t *self = *state;
    static const char location [] = "GET /?id=a&lat=1&lon=2";
    s_open_again (self, 1, 0);
    assert_int_equal (web_case_ask (self, "POST /pub", JSON, LOCATION), 503);
    assert_int_equal (web_case_ask (self, "GET /v1/clients", "", ""), 200);
    wire_t *deaf = wire_prepare (self->stage, 4096);
    wire_dial (deaf, self->port);
    wire_deafen (deaf, true);
    for (int count = 0; count < 30; count++)
        wire_say (
            deaf, "GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n");
    loop_case_rest (self->stage);
    assert_int_equal (web_case_ask (self, "GET /v1/clients", "", ""), 503);
    assert_int_equal (web_case_ask (self, location, "", ""), 200);
    wire_reset (&deaf);
    loop_case_rest (self->stage);
    assert_int_equal (web_case_ask (self, "GET /v1/clients", "", ""), 200);
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        CASE (a_body_has_its_bounds),
        CASE (a_body_in_chunks_has_its_bounds),
        CASE (long_headers_and_uris_are_refused),
        CASE (connections_are_kept_for_the_next_request),
        CASE (a_request_has_one_deadline),
        CASE (when_all_connections_are_taken_none_is_kept),
        CASE (who_stops_takes_nothing_more),
        CASE (responses_on_their_way_are_told_of),
        CASE (an_address_has_its_share_of_connections),
        CASE (long_work_leaves_the_loop_its_turns),
        CASE (bodies_and_answers_have_their_bounds),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
