/*  =========================================================================
    test_web_v1 - what applications ask at the HTTP port

    The mock of the core puts what it is told into a table, and answers a
    WHATSAT when the test says so.
    =========================================================================
*/

#include "io/web_case.h"

#define MAP "Origin: https://map.example\r\n"
#define POSITION "{\"latitude\":1.50,\"longitude\":-2,\"stamp\":7}"


static bool
s_has (const web_case_t *self, const char *text)
{
    return strstr (self->reply, text) != NULL;
}


static void
what_is_put_can_be_got (void **state)
{
    web_case_t *self = *state;
    char known [256];
    char etag [64];
    assert_int_equal (web_case_ask (self, "GET /v1/clients/a", "", ""), 404);
    assert_true (
        s_has (self, "\r\nContent-Type: application/problem+json\r\n"));
    assert_int_equal (
        web_case_ask (self, "PUT /v1/clients/a", JSON, POSITION), 200);
    assert_true (s_has (self, "\"newest\":true"));
    assert_string_equal (self->lines, "IAMAT a +1.50-2 7\n");
    assert_int_equal (web_case_ask (self, "GET /v1/clients/a", "", ""), 200);
    assert_true (s_has (self, "\r\nContent-Type: application/geo+json\r\n"));
    assert_true (s_has (self, "\"coordinates\":[-2,1.50]"));
    assert_int_equal (
        sscanf (strstr (self->reply, "\r\nETag: "), "\r\nETag: %60s", etag), 1);
    snprintf (known, sizeof (known), "If-None-Match: %s\r\n", etag);
    assert_int_equal (web_case_ask (self, "GET /v1/clients/a", known, ""), 304);
    assert_int_equal (web_case_ask (self, "HEAD /v1/clients/a", "", ""), 200);
    assert_string_equal (web_case_body (self), "");
    assert_int_equal (web_case_ask (self, "GET /v1/clients", "", ""), 200);
    assert_true (s_has (self, "\"numberReturned\":1"));
    assert_int_equal (web_case_ask (self, "GET /openapi.json", "", ""), 200);
}


static void
what_is_put_is_near (void **state)
{
    web_case_t *self = *state;
    assert_int_equal (
        web_case_ask (self, "PUT /v1/clients/a", JSON, POSITION), 200);
    assert_int_equal (
        web_case_ask (self, "GET /v1/clients?near=1.5,-2&km=1", "", ""), 200);
    assert_true (s_has (self, "\r\nContent-Type: application/geo+json\r\n"));
    assert_true (s_has (self, "\"id\":\"a\""));
    assert_true (s_has (self, "\"distance_metres\":0.00"));
    assert_int_equal (
        web_case_ask (self, "GET /v1/clients?bbox=-3,1,-2,2", "", ""), 200);
    assert_true (s_has (self, "\"numberReturned\":1"));
}


static void
places_wait_for_their_provider (void **state)
{
    web_case_t *self = *state;
    wire_t *wire = wire_connect (self->stage, self->port);
    wire_say (wire, "GET /v1/clients/a/places?km=1&limit=2 HTTP/1.1\r\n"
                    "Host: localhost\r\n\r\n");
    REACH (self->stage, &self->count, 1);
    assert_string_equal (self->lines, "WHATSAT a 1 2\n");
    loop_case_rest (self->stage);
    assert_true (web_has_output (self->web));
    later_by (20000);
    loop_case_rest (self->stage);
    assert_int_equal (wire->in_size, 0);
    assert_false (wire->closed);
    web_reply (self->web, self->number,
        span_of ("AT A +0.000000000 a +1+2 7\n{\n}\n\n"));
    REACH (self->stage, &wire->lines, 3);
    loop_case_rest (self->stage);
    assert_non_null (strstr (wire->in, "\r\n\r\n{\n}"));
    wire_say (wire, "GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n");
    REACH (self->stage, &wire->lines, 20);
    wire_destroy (&wire);
}


//  Nobody tells us while it waits, and its reply finds nobody

static void
who_leaves_while_places_wait_is_forgotten (void **state)
{
    web_case_t *self = *state;
    wire_t *wire = wire_connect (self->stage, self->port);
    wire_say (wire, "GET /v1/clients/a/places HTTP/1.1\r\n"
                    "Host: localhost\r\n\r\n");
    REACH (self->stage, &self->count, 1);
    wire_reset (&wire);
    loop_case_rest (self->stage);
    web_reply (self->web, self->number, span_of ("? WHATSAT a 10 20\n"));
    loop_case_rest (self->stage);
    assert_int_equal (web_counts (self->web).connections, 0);
    web_reply (self->web, self->number, span_of ("? WHATSAT a 10 20\n"));
}


static void
an_end_answers_those_who_wait (void **state)
{
    web_case_t *self = *state;
    wire_t *wires [3];
    for (size_t index = 0; index < 3; index++) {
        wires [index] = wire_connect (self->stage, self->port);
        wire_say (wires [index], "GET /v1/clients/a/places HTTP/1.1\r\n"
                                 "Host: localhost\r\n\r\n");
        REACH (self->stage, &self->count, index + 1);
    }
    web_destroy (&self->web);
    for (size_t index = 0; index < 3; index++) {
        REACH (self->stage, &wires [index]->closed, 1);
        assert_non_null (strstr (wires [index]->in, "HTTP/1.1 503 "));
        wire_destroy (&wires [index]);
    }
}


static void
errors_are_problems (void **state)
{
    web_case_t *self = *state;
    static const struct {
        const char *line;
        const char *headers;
        const char *body;
        int status;
    } rows [] = {
        {"PUT /v1/clients/a", JSON, "{}", 400},
        {"PUT /v1/clients/a%20b", JSON, POSITION, 400},
        {"GET /v1/clients?limit=0", "", "", 400},
        {"GET /v1/clients?near=91,0", "", "", 400},
        {"GET /v1/clients?near=nobody", "", "", 404},
        {"GET /v1/clients?bbox=1,2,3", "", "", 400},
        {"GET /v1/clients/a/places?km=51", "", "", 400},
        {"GET /v1/clients", "Origin: https://evil.example\r\n", "", 403},
        {"GET /v1/nowhere", "", "", 404},
        {"GET /v1/clients/none", "", "", 404},
        {"POST /v1/clients/a", JSON, POSITION, 405},
        {"PUT /v1/clients", JSON, POSITION, 405},
        {"DELETE /v1/clients/a", "", "", 405},
        {"GET /v1/clients", "Host: evil.example\r\n", "", 421},
    };
    for (size_t index = 0; index < sizeof (rows) / sizeof (*rows); index++) {
        int status = web_case_ask (
            self, rows [index].line, rows [index].headers, rows [index].body);
        char member [32];
        snprintf (
            member, sizeof (member), "\"status\":%d,", rows [index].status);
        if (status != rows [index].status || !s_has (self, member) ||
            !s_has (self, "\r\nContent-Type: application/problem+json\r\n"))
            fail_msg ("%s: %s", rows [index].line, self->reply);
    }
    self->full = true;
    assert_int_equal (
        web_case_ask (self, "PUT /v1/clients/b", JSON, POSITION), 503);
    assert_true (s_has (self, "\r\nRetry-After: 60\r\n"));
}


//  Other pages may not even know what they may do

static void
pages_that_are_allowed_may_read_answers (void **state)
{
    web_case_t *self = *state;
    assert_int_equal (web_case_ask (self, "GET /v1/clients", MAP, ""), 200);
    assert_true (s_has (
        self, "\r\nAccess-Control-Allow-Origin: https://map.example\r\n"));
    assert_true (s_has (self, "\r\nVary: Origin\r\n"));
    assert_int_equal (web_case_ask (self, "OPTIONS /v1/clients/a",
                          MAP "Access-Control-Request-Method: PUT\r\n", ""),
        204);
    assert_true (
        s_has (self, "\r\nAccess-Control-Allow-Methods: GET, PUT\r\n"));
    assert_true (s_has (self, "\r\nAllow: GET, HEAD, OPTIONS, PUT\r\n"));
    assert_int_equal (web_case_ask (self, "GET /v1/clients", "", ""), 200);
    assert_false (s_has (self, "Access-Control"));
    assert_int_equal (web_case_ask (self, "OPTIONS /v1/clients/a",
                          "Origin: https://evil.example\r\n", ""),
        403);
    assert_false (s_has (self, "Access-Control"));
}


//  A phone that has to wait would hold back whatever comes after, so only
//  applications have a share

static void
applications_have_a_share_of_each_minute (void **state)
{
    web_case_t *self = *state;
    char other [64];
    static const char name [] = "\r\nRetry-After: ";
    for (int count = 0; count < WEB_CASE_PER_MINUTE; count++)
        assert_int_equal (
            web_case_ask (self, "GET /v1/clients/a", "", ""), 404);
    assert_int_equal (web_case_ask (self, "GET /v1/clients/a", "", ""), 429);
    const char *after = strstr (self->reply, name);
    assert_non_null (after);
    assert_in_range (strtol (after + strlen (name), NULL, 10), 1, 61);
    assert_int_equal (
        web_case_ask (self, "GET /?id=a&lat=1&lon=2", "", ""), 200);
    snprintf (other, sizeof (other), "X-Forwarded-For: 192.0.2.7\r\n");
    assert_int_equal (web_case_ask (self, "GET /v1/clients/b", other, ""), 404);
    later_by (60000);
    assert_int_equal (web_case_ask (self, "GET /v1/clients/b", "", ""), 404);
}


static void
a_uri_has_its_bounds (void **state)
{
    web_case_t *self = *state;
    char line [8300];
    for (size_t more = 0; more < 2; more++) {
        snprintf (line, sizeof (line), "GET /v1/clients?x=%0*d",
            (int) (8192 - strlen ("/v1/clients?x=") + more), 0);
        assert_int_equal (web_case_ask (self, line, "", ""), more ? 414 : 200);
    }
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        CASE (what_is_put_can_be_got),
        CASE (what_is_put_is_near),
        CASE (places_wait_for_their_provider),
        CASE (who_leaves_while_places_wait_is_forgotten),
        CASE (an_end_answers_those_who_wait),
        CASE (errors_are_problems),
        CASE (pages_that_are_allowed_may_read_answers),
        CASE (applications_have_a_share_of_each_minute),
        CASE (a_uri_has_its_bounds),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
