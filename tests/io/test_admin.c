/*  =========================================================================
    test_admin - the admin port

    Requests as a script would send them, and what they are answered.
    =========================================================================
*/

#include "admin/admin.h"
#include "io/later.h"
#include "io/wire.h"

#define PORT_BASE 16600
#define REST " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"

typedef struct {
    loop_case_t *stage;
    admin_t *admin;
    uint16_t port;
    size_t asked;  //  Times that the status was asked for
    bool ready;    //  To be answered
    char *reply;   //  Last one
} case_t;


static char *
s_tell (void *context, admin_page_t page, bool *ready)
{
    case_t *self = context;
    *ready = self->ready;
    if (page == ADMIN_READYZ)
        return strdup ("ready or not");
    if (page == ADMIN_ROOT)
        return strdup ("<p>there");
    self->asked++;
    if (page == ADMIN_STATUS)
        return zsys_sprintf ("{\"asked\" : %zu}", self->asked);
    return strdup ("zherd_asked_total 1\n");
}


static admin_t *
s_open (case_t *self)
{
    return admin_new (self->stage->poller,
        &(admin_options_t){.address = address_of_v4 (INADDR_LOOPBACK),
            .server = "Alford",
            .host = "alford.example",
            .port = self->port,
            .tell = s_tell,
            .context = self});
}


static void
s_tick (void *context)
{
    case_t *self = context;
    if (self->admin)
        admin_tick (self->admin);
}


static int
s_new (void **state)
{
    case_t *self = zmalloc (sizeof (case_t));
    self->stage = loop_case_new (PORT_BASE);
    self->stage->context = self;
    self->stage->tick = s_tick;
    self->port = loop_case_port (self->stage);
    self->admin = s_open (self);
    assert_non_null (self->admin);
    *state = self;
    return 0;
}


static int
s_destroy (void **state)
{
    case_t *self = *state;
    admin_destroy (&self->admin);
    loop_case_destroy (&self->stage);
    free (self->reply);
    free (self);
    return 0;
}


//  Return the reply to the request, good until the next one

static const char *
s_ask (case_t *self, const char *request)
{
    wire_t *wire = wire_connect (self->stage, self->port);
    wire_say (wire, request);
    REACH (self->stage, &wire->closed, 1);
    free (self->reply);
    self->reply = wire->in;
    wire->in = NULL;
    wire_destroy (&wire);
    return self->reply;
}


//  The reply begins with this status line and has this body

static void
s_check (const char *reply, const char *status, const char *body)
{
    const char *end = strstr (reply, "\r\n\r\n");
    assert_non_null (end);
    assert_memory_equal (reply, status, strlen (status));
    assert_string_equal (end + 4, body);
}


static void
status_is_json_made_anew_each_time (void **state)
{
    case_t *self = *state;
    for (size_t count = 1; count <= 3; count++) {
        char *body = zsys_sprintf ("{\"asked\" : %zu}", count);
        s_check (s_ask (self, "GET /status" REST), "HTTP/1.1 200 OK\r\n", body);
        assert_non_null (
            strstr (self->reply, "\r\nContent-Type: application/json\r\n"));
        zstr_free (&body);
    }
    assert_int_equal (self->asked, 3);
}


//  By its type Prometheus knows the format

static void
metrics_are_text_of_prometheus_format (void **state)
{
    case_t *self = *state;
    s_check (s_ask (self, "GET /metrics" REST), "HTTP/1.1 200 OK\r\n",
        "zherd_asked_total 1\n");
    assert_non_null (strstr (self->reply,
        "\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n"));
}


static void
healthz_is_ok (void **state)
{
    case_t *self = *state;
    s_check (s_ask (self, "GET /healthz" REST), "HTTP/1.1 200 OK\r\n", "ok\n");
    assert_non_null (strstr (self->reply, "\r\nContent-Type: text/plain"));
    assert_int_equal (self->asked, 0);
}


static void
readyz_is_200_if_the_server_is_ready_else_503 (void **state)
{
    case_t *self = *state;
    s_check (s_ask (self, "GET /readyz" REST),
        "HTTP/1.1 503 Service Unavailable\r\n", "ready or not");
    self->ready = true;
    s_check (s_ask (self, "GET /readyz" REST), "HTTP/1.1 200 OK\r\n",
        "ready or not");
    assert_non_null (
        strstr (self->reply, "\r\nContent-Type: application/json\r\n"));
    assert_int_equal (self->asked, 0);
}


static void
head_has_no_body (void **state)
{
    s_check (s_ask (*state, "HEAD /status" REST), "HTTP/1.1 200 OK\r\n", "");
    s_check (s_ask (*state, "HEAD /healthz" REST), "HTTP/1.1 200 OK\r\n", "");
}


static void
a_query_changes_nothing (void **state)
{
    s_check (s_ask (*state, "GET /healthz?now=1" REST), "HTTP/1.1 200 OK\r\n",
        "ok\n");
}


static void
other_paths_are_not_found (void **state)
{
    case_t *self = *state;
    static const char *const paths [] = {"//", "/status/", "/Status",
        "//status", "/healthz/..", "/../etc/passwd", "*"};
    for (size_t index = 0; index < sizeof (paths) / sizeof (*paths); index++) {
        char request [256];
        snprintf (request, sizeof (request), "GET %s" REST, paths [index]);
        s_check (s_ask (self, request), "HTTP/1.1 404 Not Found\r\n", "");
    }
    assert_int_equal (self->asked, 0);
}


static void
other_methods_are_not_allowed (void **state)
{
    case_t *self = *state;
    static const char *const methods [] = {"POST", "PUT", "DELETE", "BREW"};
    for (size_t index = 0; index < 4; index++) {
        char request [256];
        snprintf (
            request, sizeof (request), "%s /status" REST, methods [index]);
        s_check (
            s_ask (self, request), "HTTP/1.1 405 Method Not Allowed\r\n", "");
        assert_non_null (strstr (self->reply, "\r\nAllow: GET, HEAD\r\n"));
    }
    assert_int_equal (self->asked, 0);
}


//  A page of whoever owns that name would be shown what we say

static void
a_host_that_is_not_ours_is_refused (void **state)
{
#define FOR(host) " HTTP/1.1\r\nHost: " host "\r\nConnection: close\r\n\r\n"
    static const char *const foreign [] = {"GET /status" FOR ("evil.example"),
        "GET /status" FOR ("evil.example:15000"), "HEAD /status" FOR (""),
        "GET /healthz" FOR ("localhost.evil.example"),
        "GET /readyz" FOR ("127.0.0.1.evil.example"),
        "GET /" FOR ("evil.example")};
    static const char *const own [] = {"GET /status" FOR ("127.0.0.1"),
        "GET /status" FOR ("[::1]:15000"), "GET /status" FOR ("localhost:1"),
        "GET /status" FOR ("ALFORD"),
        "GET /status" FOR ("alford.example:15000"),
        "GET /status HTTP/1.0\r\n\r\n"};
    case_t *self = *state;
    for (size_t index = 0; index < 6; index++)
        s_check (s_ask (self, foreign [index]),
            "HTTP/1.1 421 Misdirected Request\r\n", "");
    assert_int_equal (self->asked, 0);
    for (size_t index = 0; index < 6; index++)
        assert_non_null (strstr (s_ask (self, own [index]), " 200 OK\r\n"));
    assert_int_equal (self->asked, 6);
}


//  However busily they trickle: a byte a second is no sign of life

static void
a_request_has_one_deadline (void **state)
{
    case_t *self = *state;
    wire_t *wires [ADMIN_CONNECTION_MAX];
    for (size_t index = 0; index < ADMIN_CONNECTION_MAX; index++) {
        wires [index] = wire_connect (self->stage, self->port);
        wire_say (
            wires [index], "GET /status HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ");
    }
    loop_case_rest (self->stage);
    for (int count = 0; count < 2; count++) {
        later_by (2000);
        for (size_t index = 1; index < ADMIN_CONNECTION_MAX; index++)
            wire_say (wires [index], "x");
        loop_case_rest (self->stage);
        assert_false (wires [1]->closed);
    }
    wire_say (wires [0], "\r\n\r\n");
    REACH (self->stage, &wires [0]->in_size, 100);
    later_by (6000);
    for (size_t index = 1; index < ADMIN_CONNECTION_MAX; index++)
        REACH (self->stage, &wires [index]->closed, 1);
    s_check (s_ask (self, "GET /healthz" REST), "HTTP/1.1 200 OK\r\n", "ok\n");
    for (size_t index = 0; index < ADMIN_CONNECTION_MAX; index++)
        wire_destroy (&wires [index]);
}


static void
the_next_request_has_its_own_deadline (void **state)
{
    case_t *self = *state;
    wire_t *wire = wire_connect (self->stage, self->port);
    for (size_t count = 1; count <= 3; count++) {
        size_t size = wire->in_size;
        wire_say (wire, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
        REACH (self->stage, &wire->in_size, size + 50);
        loop_case_rest (self->stage);
        later_by (5000);
        loop_case_rest (self->stage);
        assert_false (wire->closed);
    }
    later_by (5000);
    REACH (self->stage, &wire->closed, 1);
    wire_destroy (&wire);
}


//  Nobody can hold the port for himself

static void
silent_connections_do_not_hold_up_others (void **state)
{
    case_t *self = *state;
    enum { CROWD = 30 };
    wire_t *wires [CROWD];
    for (size_t index = 0; index < CROWD; index++) {
        wires [index] = wire_connect (self->stage, self->port);
        wire_say (wires [index], "GET /sta");
    }
    s_check (s_ask (self, "GET /healthz" REST), "HTTP/1.1 200 OK\r\n", "ok\n");
    for (size_t index = 0; index < CROWD; index++)
        wire_reset (&wires [index]);
    s_check (s_ask (self, "GET /healthz" REST), "HTTP/1.1 200 OK\r\n", "ok\n");
}


static void
an_end_closes_all_connections (void **state)
{
    case_t *self = *state;
    wire_t *wire = wire_connect (self->stage, self->port);
    wire_say (wire, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
    REACH (self->stage, &wire->in_size, 50);
    admin_destroy (&self->admin);
    assert_null (self->admin);
    REACH (self->stage, &wire->closed, 1);
    wire_destroy (&wire);
}


static void
a_taken_port_is_an_error (void **state)
{
    case_t *self = *state;
    errno = 0;
    assert_null (s_open (self));
    assert_int_equal (errno, EADDRINUSE);
}


#define CASE(name) cmocka_unit_test_setup_teardown (name, s_new, s_destroy)


int
main (void)
{
    const struct CMUnitTest tests [] = {
        CASE (status_is_json_made_anew_each_time),
        CASE (metrics_are_text_of_prometheus_format),
        CASE (healthz_is_ok),
        CASE (readyz_is_200_if_the_server_is_ready_else_503),
        CASE (head_has_no_body),
        CASE (a_query_changes_nothing),
        CASE (other_paths_are_not_found),
        CASE (other_methods_are_not_allowed),
        CASE (a_host_that_is_not_ours_is_refused),
        CASE (a_request_has_one_deadline),
        CASE (the_next_request_has_its_own_deadline),
        CASE (silent_connections_do_not_hold_up_others),
        CASE (an_end_closes_all_connections),
        CASE (a_taken_port_is_an_error),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
