/*  =========================================================================
    test_site - the live page as it is served, and what it asks of its server
    =========================================================================
*/

#include "io/web_case.h"

#include <unistd.h>
#include <zlib.h>

#define GZIP "Accept-Encoding: deflate, gzip;q=1, br\r\n"

static const char *const s_paths [] = {"/", "/site/page.css", "/site/page.js",
    "/site/feed.js", "/site/map.js", "/site/dots.js", "/site/glide.js",
    "/site/ground.js", "/site/herd.js", "/site/land.json", "/site/cities.json",
    "/site/icon.svg", "/site/leaflet.js", "/site/leaflet.css"};

#define PATHS (sizeof s_paths / sizeof *s_paths)


static bool
s_has (const web_case_t *self, const char *text)
{
    return strstr (self->reply, text) != NULL;
}


//  Send a GET, and return the size of the body; its bytes need not be text

static size_t
s_get (web_case_t *self, const char *path, const char *headers)
{
    char line [200];
    snprintf (line, sizeof line, "GET %s", path);
    assert_int_equal (web_case_ask (self, line, headers, ""), 200);
    const char *length = strstr (self->reply, "\r\nContent-Length: ");
    assert_non_null (length);
    return strtoul (length + strlen ("\r\nContent-Length: "), NULL, 10);
}


static void
all_of_it_is_there_and_small_when_it_is_packed (void **state)
{
    web_case_t *self = *state;
    size_t all = 0;
    for (size_t index = 0; index < PATHS; index++) {
        char text [600000];
        size_t plain = s_get (self, s_paths [index], "");
        assert_false (s_has (self, "Content-Encoding"));
        char *said = strndup (web_case_body (self), plain);
        size_t packed = s_get (self, s_paths [index], GZIP);
        assert_true (s_has (self, "\r\nContent-Encoding: gzip\r\n"));
        assert_true (s_has (self, "\r\nVary: Accept-Encoding\r\n"));
        z_stream stream = {.next_in = (Bytef *) self->reply +
                                      (web_case_body (self) - self->reply),
            .avail_in = (uInt) packed,
            .next_out = (Bytef *) text,
            .avail_out = sizeof text};
        assert_int_equal (inflateInit2 (&stream, 15 + 16), Z_OK);
        assert_int_equal (inflate (&stream, Z_FINISH), Z_STREAM_END);
        inflateEnd (&stream);
        assert_int_equal (stream.total_out, plain);
        assert_memory_equal (text, said, plain);
        free (said);
        all += packed;
    }
    assert_true (all <= (size_t) 120 * 1024);
}


static void
a_browser_is_told_what_it_is_and_to_load_nothing_else (void **state)
{
    web_case_t *self = *state;
    s_get (self, "/", "");
    assert_true (
        s_has (self, "\r\nContent-Type: text/html; charset=utf-8\r\n"));
    assert_true (
        s_has (self, "\r\nContent-Security-Policy: default-src 'self'; "
                     "img-src 'self' https://tiles.example; base-uri 'none'; "
                     "form-action 'none'; frame-ancestors 'none'\r\n"));
    assert_true (s_has (self, "\r\nX-Content-Type-Options: nosniff\r\n"));
    assert_true (s_has (self, "\r\nReferrer-Policy: no-referrer\r\n"));
    s_get (self, "/site/page.js", "");
    assert_true (s_has (self, "\r\nContent-Type: text/javascript; "));
    s_get (self, "/site/land.json", "");
    assert_true (s_has (self, "\r\nContent-Type: application/json\r\n"));
    s_get (self, "/site/icon.svg", "");
    assert_true (s_has (self, "\r\nContent-Type: image/svg+xml\r\n"));
}


static void
gzip_is_for_who_wants_it (void **state)
{
    static const char *const rows [] = {"", "Accept-Encoding: \r\n",
        "Accept-Encoding: br\r\n", "Accept-Encoding: gzip;q=0\r\n",
        "Accept-Encoding: xgzip, gzipx\r\n"};
    for (size_t index = 0; index < sizeof rows / sizeof *rows; index++) {
        s_get (*state, "/", rows [index]);
        assert_false (s_has (*state, "Content-Encoding"));
    }
    s_get (*state, "/", "Accept-Encoding: gzip\r\n");
    assert_true (s_has (*state, "Content-Encoding"));
}


static void
who_has_it_need_not_load_it_again (void **state)
{
    web_case_t *self = *state;
    char tags [2][64];
    char known [200];
    for (int packed = 0; packed < 2; packed++) {
        s_get (self, "/site/page.css", packed ? GZIP : "");
        sscanf (strstr (self->reply, "\r\nETag: "), "\r\nETag: %60s",
            tags [packed]);
        snprintf (known, sizeof known, "If-None-Match: %s\r\n%s", tags [packed],
            packed ? GZIP : "");
        assert_int_equal (
            web_case_ask (self, "GET /site/page.css", known, ""), 304);
        assert_string_equal (web_case_body (self), "");
    }
    assert_string_not_equal (tags [0], tags [1]);
}


//  The root is a phone's, too

static void
what_is_no_file_and_no_reader_is_none (void **state)
{
    web_case_t *self = *state;
    assert_int_equal (web_case_ask (self, "HEAD /", "", ""), 200);
    assert_int_equal (web_case_ask (self, "GET /site/", "", ""), 404);
    assert_int_equal (web_case_ask (self, "GET /site/nothing", "", ""), 404);
    assert_int_equal (web_case_ask (self, "GET /site/../x", "", ""), 404);
    assert_int_equal (web_case_ask (self, "GET /site", "", ""), 404);
    assert_int_equal (web_case_ask (self, "PUT /site/page.js", "", ""), 405);
    assert_int_equal (
        web_case_ask (self, "GET /?id=a&lat=1&lon=2&timestamp=7", "", ""), 200);
    assert_string_equal (self->lines, "IAMAT a +1+2 7\n");
    assert_int_equal (web_case_ask (self, "POST /?id=a", "", ""), 200);
    assert_int_equal (
        web_case_ask (self, "GET /", "Host: evil.example\r\n", ""), 421);
}


//  A token is for what the page shows

static void
anybody_may_read_the_page_and_nobody_the_herd_without_a_token (void **state)
{
    web_case_t *self = *state;
    char tokens [] = "/tmp/zherd-test-tokens.XXXXXX";
    s_get (self, "/v1/herd", "");
    assert_true (s_has (self, "\r\nContent-Type: application/json\r\n"));
    assert_string_equal (web_case_body (self), "{\"asked\":1}\n");
    assert_int_equal (web_case_ask (self, "PUT /v1/herd", "", ""), 405);
    close (mkstemp (tokens));
    web_destroy (&self->web);
    self->tokens = tokens;
    self->web = web_case_open (self);
    unlink (tokens);
    assert_non_null (self->web);
    web_serve (self->web, self->table);
    for (size_t index = 0; index < PATHS; index++)
        s_get (self, s_paths [index], "");
    assert_int_equal (web_case_ask (self, "GET /v1/herd", "", ""), 401);
    assert_int_equal (
        web_case_ask (self, "GET /v1/events?herd=yes", "", ""), 401);
    assert_int_equal (web_case_ask (self, "GET /v1/herd",
                          "Authorization: Bearer wrong\r\n", ""),
        401);
}


static void
a_stream_tells_how_the_herd_is_if_it_is_asked_to (void **state)
{
    web_case_t *self = *state;
    static const char *const paths [] = {
        "/v1/events?herd=yes", "/v1/events", "/v1/events?herd=no"};
    for (int index = 0; index < 3; index++) {
        char head [200];
        wire_t *wire = wire_connect (self->stage, self->port);
        snprintf (head, sizeof head,
            "GET %s HTTP/1.0\r\nHost: localhost\r\n\r\n", paths [index]);
        wire_say (wire, head);
        loop_case_rest (self->stage);
        for (int second = 0; second < 2; second++) {
            later_by (1000);
            loop_case_rest (self->stage);
        }
        const char *event = "\nevent: herd\ndata: {\"asked\":";
        const char *found = strstr (wire->in, event);
        assert_int_equal (found != NULL, index == 0);
        if (found)
            assert_non_null (strstr (found + 1, event));
        wire_destroy (&wire);
    }
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        CASE (all_of_it_is_there_and_small_when_it_is_packed),
        CASE (a_browser_is_told_what_it_is_and_to_load_nothing_else),
        CASE (gzip_is_for_who_wants_it),
        CASE (who_has_it_need_not_load_it_again),
        CASE (what_is_no_file_and_no_reader_is_none),
        CASE (anybody_may_read_the_page_and_nobody_the_herd_without_a_token),
        CASE (a_stream_tells_how_the_herd_is_if_it_is_asked_to),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
