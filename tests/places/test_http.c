/*  =========================================================================
    test_http - a small HTTP server on the loop

    Real requests over loopback, by clients that are rough, many, slow, silent
    or still there at the end.
    =========================================================================
*/

#include "places/http_case.h"


static void
head_is_get_without_body (void **state)
{
#define REST SERVICE_PATH "?location=34,-118&radius=1 HTTP/1.1\r\n" HOST CLOSE
    char head [1024];
    const char *reply = http_case_ask (*state, "GET " REST "\r\n");
    const char *body = strstr (reply, "\r\n\r\n");
    char size [64];
    assert_non_null (
        strstr (reply, "Content-Type: application/json; charset=UTF-8\r\n"));
    assert_non_null (body);
    snprintf (
        size, sizeof (size), "\r\nContent-Length: %zu\r\n", strlen (body + 4));
    assert_non_null (strstr (reply, size));

    reply = http_case_ask (*state, "HEAD " REST "\r\n");
    snprintf (head, sizeof (head), "%s", reply);
    assert_non_null (strstr (head, "HTTP/1.1 200 OK\r\n"));
    assert_non_null (strstr (head, size));
    assert_string_equal (strstr (head, "\r\n\r\n"), "\r\n\r\n");
}


static void
other_methods_are_not_allowed (void **state)
{
    static const char *const methods [] = {
        "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "BREW"};
    char request [512];
    for (size_t index = 0; index < 6; index++) {
        snprintf (request, sizeof (request),
            "%s " SERVICE_PATH " HTTP/1.1\r\n" HOST
            "Content-Length: 1000000\r\n\r\nbody",
            methods [index]);
        const char *reply = http_case_ask (*state, request);
        assert_non_null (strstr (reply, "HTTP/1.1 405 Method Not Allowed\r\n"));
        assert_non_null (strstr (reply, "\r\nAllow: GET, HEAD\r\n"));
    }
}


static void
other_paths_are_not_found (void **state)
{
    static const char *const paths [] = {"/", "/maps", (SERVICE_PATH "/"),
        ("/" SERVICE_PATH), "/maps/api/place/nearbysearch/xml", "*"};
    char request [512];
    for (size_t index = 0; index < 6; index++) {
        snprintf (request, sizeof (request),
            "GET %s?location=34,-118&radius=1 HTTP/1.1\r\n" HOST CLOSE "\r\n",
            paths [index]);
        const char *reply = http_case_ask (*state, request);
        assert_non_null (strstr (reply, "HTTP/1.1 404 Not Found\r\n"));
    }
}


static void
a_request_without_host_is_bad (void **state)
{
    assert_non_null (strstr (
        http_case_ask (*state, NEARBY " HTTP/1.1\r\n" CLOSE "\r\n"), " 400 "));
}


static void
an_endless_request_is_cut (void **state)
{
    char *request = zsys_sprintf ("GET /%0*d", 1000000, 0);
    const char *reply = http_case_ask (*state, request);
    assert_non_null (strstr (reply, "HTTP/1.1 414 "));
    zstr_free (&request);
}


//  Far more than libmicrohttpd does in one go, or sockets hold

static void
a_long_pipeline_is_answered_to_its_end (void **state)
{
    static const char request [] =
        NEARBY "?location=34,-118&radius=50000 HTTP/1.1\r\n" HOST "\r\n";
    enum { COUNT = 3000 };
    size_t size = sizeof (request) - 1;
    char *requests = zmalloc (size * COUNT + 1);
    for (size_t index = 0; index < COUNT; index++)
        memcpy (requests + index * size, request, size);
    http_client_t *client = http_case_connect (*state, requests);
    http_case_run (client, COUNT);
    assert_false (client->closed);
    assert_int_equal (client->replies, COUNT);
    http_case_leave (&client);
    free (requests);
}


static void
a_body_sent_with_get_is_passed_over (void **state)
{
    const char *reply = http_case_ask (*state,
        NEARBY "?location=34,-118&radius=1 HTTP/1.1\r\n" HOST
               "Content-Length: 6\r\n\r\nabcdef"
               "GET / HTTP/1.1\r\n" HOST CLOSE "\r\n");
    assert_non_null (strstr (reply, "HTTP/1.1 200 OK\r\n"));
    assert_non_null (strstr (reply, "HTTP/1.1 404 Not Found\r\n"));
}


//  More clients than may be connected: the others' turn comes

static void
a_crowd_is_served (void **state)
{
    enum { CROWD = 300 };
    http_client_t *clients [CROWD];
    for (size_t index = 0; index < CROWD; index++)
        clients [index] = http_case_connect (*state,
            NEARBY "?location=34,-118&radius=1 HTTP/1.1\r\n" HOST CLOSE "\r\n");
    for (size_t index = 0; index < CROWD; index++) {
        if (!clients [index]->closed)
            http_case_run (clients [index], 0);
        assert_int_equal (clients [index]->replies, 1);
        http_case_leave (&clients [index]);
    }
}


static void
a_request_that_takes_too_long_is_cut (void **state)
{
    http_case_t *self = *state;
    self->options.request_seconds = 1;
    http_case_serve (self);
    http_client_t *silent = http_case_connect (self, "");
    http_client_t *half = http_case_connect (self, "GET / HTTP/1.1\r\nHo");
    http_case_run (silent, 0);
    if (!half->closed)
        http_case_run (half, 0);
    assert_string_equal (silent->in, "");
    assert_string_equal (half->in, "");
    http_case_leave (&silent);
    http_case_leave (&half);
}


static void
open_connections_do_not_hold_up_the_end (void **state)
{
    http_case_t *self = *state;
    http_client_t *half = http_case_connect (self, "GET / HTTP/1.1\r\nHo");
    http_client_t *idle = http_case_connect (
        self, NEARBY "?location=34,-118&radius=1 HTTP/1.1\r\n" HOST "\r\n");
    http_case_run (idle, 1);
    http_destroy (&self->http);
    http_case_run (idle, 0);
    assert_true (idle->closed);
    if (!half->closed)
        http_case_run (half, 0);
    assert_string_equal (half->in, "");
    http_case_leave (&half);
    http_case_leave (&idle);
}


static void
a_taken_port_is_an_error (void **state)
{
    http_case_t *self = *state;
    errno = 0;
    assert_null (
        http_new (self->poller, &self->options, service_answer, self->service));
    assert_int_equal (errno, EADDRINUSE);
    self->options.address = address_of_v4 (0xC0000201);
    assert_null (
        http_new (self->poller, &self->options, service_answer, self->service));
    assert_int_equal (errno, EADDRNOTAVAIL);
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        CASE (head_is_get_without_body),
        CASE (other_methods_are_not_allowed),
        CASE (other_paths_are_not_found),
        CASE (a_request_without_host_is_bad),
        CASE (an_endless_request_is_cut),
        CASE (a_long_pipeline_is_answered_to_its_end),
        CASE (a_body_sent_with_get_is_passed_over),
        CASE (a_crowd_is_served),
        CASE (a_request_that_takes_too_long_is_cut),
        CASE (open_connections_do_not_hold_up_the_end),
        CASE (a_taken_port_is_an_error),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
