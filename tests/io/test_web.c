/*  =========================================================================
    test_web - the HTTP port of clients

    Requests as apps and others send them, what the core is told, and what they
    are answered.
    =========================================================================
*/

#include "io/web_case.h"

#define FORM                                                                   \
    "Content-Type: application/x-www-form-urlencoded; charset=UTF-8\r\n"


static void
parameters_are_read_wherever_they_are (void **state)
{
    web_case_t *self = *state;
    static const struct {
        const char *line;
        const char *headers;
        const char *body;
    } rows [] = {
        {"POST /?id=a&lat=1.50&lon=2&timestamp=7", "", ""},
        {"GET /osmand?id=b&lat=1.50&lon=2&timestamp=7", "", ""},
        {"POST /", FORM, "id=c&lat=1.50&lon=2&timestamp=7"},
        {"POST /osmand/?id=d", "", "lat=1.50&lon=2&timestamp=7"},
        {"POST /", "Content-Type: application/json; x=y\r\n",
            "{\"device_id\":\"e\",\"location\":{\"timestamp\":7,"
            "\"coords\":{\"latitude\":1.5,\"longitude\":2}}}"},
    };
    for (size_t index = 0; index < sizeof (rows) / sizeof (*rows); index++) {
        assert_int_equal (web_case_ask (self, rows [index].line,
                              rows [index].headers, rows [index].body),
            200);
        assert_string_equal (web_case_body (self), "");
    }
    assert_string_equal (self->lines,
        "IAMAT a +1.50+2 7\nIAMAT b +1.50+2 7\nIAMAT c +1.50+2 7\n"
        "IAMAT d +1.50+2 7\nIAMAT e +1.5000000+2.0000000 7\n");
}


static void
owntracks_is_answered_an_array (void **state)
{
#define JANE JSON "X-Limit-U: jane\r\nX-Limit-D: phone\r\n"
#define HERE " +1.0000000+2.0000000 7\n"
    web_case_t *self = *state;
    static const struct {
        const char *line;
        const char *headers;
        const char *body;
        const char *said;
    } rows [] = {
        {"POST /pub", JANE, LOCATION, "IAMAT owntracks/jane/phone" HERE},
        {"POST /pub/", JANE, LOCATION, "IAMAT owntracks/jane/phone" HERE},
        {"POST /owntracks", JANE, LOCATION, "IAMAT owntracks/jane/phone" HERE},
        {"POST /pub?u=bob&d=car", JSON, LOCATION,
            "IAMAT owntracks/bob/car" HERE},
        {"POST /pub?u=bob&d=car", JSON "X-Limit-D: bike\r\n", LOCATION,
            "IAMAT owntracks/bob/bike" HERE},
        {"POST /pub", JSON, LOCATION, "IAMAT owntracks/f3" HERE},
        {"POST /pub", JSON, "", ""},
    };
    for (size_t index = 0; index < sizeof (rows) / sizeof (*rows); index++) {
        self->lines [0] = '\0';
        assert_int_equal (web_case_ask (self, rows [index].line,
                              rows [index].headers, rows [index].body),
            200);
        assert_string_equal (web_case_body (self), "[]");
        assert_non_null (strstr (self->reply, "\r\n" JSON));
        assert_string_equal (self->lines, rows [index].said);
    }
}


//  Nothing else lets it forget a batch

static void
overland_is_answered_that_all_is_well (void **state)
{
    web_case_t *self = *state;
    assert_int_equal (web_case_ask (self, "POST /overland", JSON,
                          "{\"locations\":[" POINT "," POINT "]}"),
        200);
    assert_string_equal (web_case_body (self), "{\"result\":\"ok\"}");
    assert_int_equal (self->count, 2);
    assert_int_equal (
        web_case_ask (self, "POST /overland", JSON, "{\"locations\":[]}"), 200);
    assert_string_equal (web_case_body (self), "{\"result\":\"ok\"}");
}


static void
without_a_time_it_is_now (void **state)
{
    web_case_t *self = *state;
    static const char start [] = "IAMAT a +1+2 ";
    time_t before = time (NULL);
    assert_int_equal (
        web_case_ask (self, "GET /?id=a&lat=1&lon=2", "", ""), 200);
    assert_int_equal (strncmp (self->lines, start, strlen (start)), 0);
    char *end;
    long seconds = strtol (self->lines + strlen (start), &end, 10);
    assert_true (*end == '.' && strspn (end + 1, "0123456789") == 9);
    assert_true (seconds >= before && seconds <= time (NULL));
}


//  What would be refused again is taken: else the app sends nothing newer

static void
what_can_never_succeed_is_answered_200 (void **state)
{
    web_case_t *self = *state;
    static const char *const lines [] = {"GET /?id=a", "HEAD /", "HEAD /pub",
        "GET /?id=a&lat=0&lon=0&valid=false", "GET /?id=a&lat=200&lon=0",
        "POST /?id=a&notificationToken=x",
        "GET /?id=a2345678901234567890123456789012345678901&lat=1&lon=2"};
    for (size_t index = 0; index < sizeof (lines) / sizeof (*lines); index++)
        assert_int_equal (web_case_ask (self, lines [index], "", ""), 200);
    assert_int_equal (
        web_case_ask (self, "POST /pub", JSON, "{\"_type\":\"dump\"}"), 200);
    assert_int_equal (self->count, 0);
}


static void
a_client_without_room_may_come_again (void **state)
{
    web_case_t *self = *state;
    self->full = true;
    assert_int_equal (
        web_case_ask (self, "GET /?id=a&lat=1&lon=2", "", ""), 503);
    assert_int_equal (web_case_ask (self, "POST /pub", JSON, LOCATION), 503);
    assert_int_equal (web_case_ask (self, "POST /overland", JSON,
                          "{\"locations\":[" POINT "]}"),
        503);
    assert_null (strstr (self->reply, "ok"));
    self->full = false;
    assert_int_equal (
        web_case_ask (self, "GET /?id=a&lat=1&lon=2", "", ""), 200);
}


static void
what_no_app_sends_is_refused (void **state)
{
    web_case_t *self = *state;
    static const struct {
        const char *line;
        const char *body;
        int status;
    } rows [] = {
        {"GET /?lat=1&lon=2", "", 400},
        {"POST /", "{}", 400},
        {"POST /pub", "[]", 400},
        {"POST /overland", "{}", 400},
        {"GET /nowhere", "", 404},
        {"GET /osmand/x", "", 404},
        {"GET //", "", 404},
        {"POST /PUB", "{}", 404},
        {"GET /overland", "", 405},
        {"PUT /?id=a&lat=1&lon=2", "", 405},
        {"DELETE /pub", "", 405},
        {"OPTIONS /osmand", "", 405},
        {"BREW /", "", 405},
        {"GET /pub", "", 405},
    };
    size_t count = sizeof (rows) / sizeof (*rows);
    for (size_t index = 0; index < count; index++) {
        int status =
            web_case_ask (self, rows [index].line, JSON, rows [index].body);
        if (status != rows [index].status)
            fail_msg ("%s: %d", rows [index].line, status);
    }
    assert_non_null (strstr (self->reply, "\r\nAllow: HEAD, POST\r\n"));
    assert_int_equal (self->count, 0);
    assert_int_equal (web_counts (self->web).refused, count);
}


//  A page that somebody opens on this machine can send whatever it likes here,
//  but not hide its origin

static void
pages_of_others_are_refused (void **state)
{
    web_case_t *self = *state;
    static const struct {
        const char *headers;
        int status;
    } rows [] = {
        {"Host: evil.example\r\n", 421},
        {"Host: evil.example:16000\r\n", 421},
        {"Host: herd.example.evil.example\r\n", 421},
        {"Host: herd.example:x\r\n", 421},
        {"Host: \r\n", 421},
        {"Host: herd.example\r\n", 200},
        {"Host: found.example:16000\r\n", 200},
        {"Host: OTHER.example:443\r\n", 200},
        {"Host: Alford:16000\r\n", 200},
        {"Host: localhost\r\n", 200},
        {"Host: [::1]:16000\r\n", 200},
        {"Origin: https://evil.example\r\n", 403},
        {"Origin: null\r\n", 403},
        {"Origin: http://127.0.0.1\r\n", 403},
        {"Origin: http://127.0.0.1:16000.evil.example\r\n", 403},
        {"Origin: ftp://127.0.0.1:16000\r\n", 403},
        {"Origin: http://127.0.0.1:16000\r\n", 200},
        {"Host: herd.example\r\nOrigin: https://herd.example\r\n", 200},
        {"Host: evil.example\r\nOrigin: https://evil.example\r\n", 421},
    };
    size_t good = 0;
    for (size_t index = 0; index < sizeof (rows) / sizeof (*rows); index++) {
        int status = web_case_ask (
            self, "GET /?id=a&lat=1&lon=2", rows [index].headers, "");
        if (status != rows [index].status)
            fail_msg ("%s: %d", rows [index].headers, status);
        good += status == 200;
    }
    assert_int_equal (self->count, good);
}


static void
the_log_has_a_line_in_and_out_without_the_query (void **state)
{
    web_case_t *self = *state;
    web_case_ask (self, "GET /osmand?id=a&lat=1&lon=2&token=secret",
        "Authorization: Bearer secret\r\n", "");
    web_case_ask (self, "POST /pub", JSON, "[]");
    assert_string_equal (self->told,
        "< 1 GET /osmand from 127.0.0.1, 0 bytes\n> 1 200\n"
        "< 2 POST /pub from 127.0.0.1, 2 bytes\n> 2 400 no JSON object\n");
}


static void
all_is_counted (void **state)
{
    web_case_t *self = *state;
    web_case_ask (self, "GET /?id=a&lat=1&lon=2", "", "");
    web_case_ask (self, "GET /?id=a", "", "");
    web_case_ask (self, "POST /pub", JSON, LOCATION);
    web_case_ask (
        self, "POST /overland", JSON, "{\"locations\":[" POINT "," POINT "]}");
    web_case_ask (self, "GET /nowhere", "", "");
    web_counts_t counts = web_counts (self->web);
    assert_int_equal (counts.osmand, 2);
    assert_int_equal (counts.owntracks, 1);
    assert_int_equal (counts.overland, 1);
    assert_int_equal (counts.passed_over, 1);
    assert_int_equal (counts.refused, 1);
    assert_int_equal (counts.locations, 4);
    wire_t *wire = wire_connect (self->stage, self->port);
    loop_case_rest (self->stage);
    assert_int_equal (web_counts (self->web).connections, 1);
    wire_destroy (&wire);
}


static void
a_taken_port_is_an_error (void **state)
{
    errno = 0;
    assert_null (web_case_open (*state));
    assert_int_equal (errno, EADDRINUSE);
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        CASE (parameters_are_read_wherever_they_are),
        CASE (owntracks_is_answered_an_array),
        CASE (overland_is_answered_that_all_is_well),
        CASE (without_a_time_it_is_now),
        CASE (what_can_never_succeed_is_answered_200),
        CASE (a_client_without_room_may_come_again),
        CASE (what_no_app_sends_is_refused),
        CASE (pages_of_others_are_refused),
        CASE (the_log_has_a_line_in_and_out_without_the_query),
        CASE (all_is_counted),
        CASE (a_taken_port_is_an_error),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
