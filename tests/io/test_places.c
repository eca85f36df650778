/*  =========================================================================
    test_places - our HTTP talk with a Places provider

    A provider that answers well, badly, slowly or not at all, in the same
    loop: every lookup ends once, in its time, and nobody hears the key.
    =========================================================================
*/

#include "io/later.h"
#include "io/places_case.h"
#include "loop/clock.h"

#include <zlib.h>


static void
a_page_is_an_answer_byte_for_byte (void **state)
{
    places_case_t *self = *state;
    upstream_will_say (
        self->upstream, OK "Content-Length: 9\r\n\r\n{\n\n\"\xFF\"\r\n}");
    places_case_answers (self, "{\n\n\"\xFF\"\r\n}");
    assert_non_null (strstr (self->upstream->request,
        "GET /nearby?location=34.068930,-118.445127&radius=10000&key=" KEY
        " HTTP/1.1\r\n"));
    assert_null (strchr (self->upstream->request, '+'));
}


static void
without_a_key_none_is_sent (void **state)
{
    places_case_t *self = *state;
    self->options.key = NULL;
    places_case_start (self);
    upstream_will_say (self->upstream, PAGE);
    places_case_answers (self, "{ }");
    assert_null (strstr (self->upstream->request, "key"));
}


static void
a_body_may_come_in_chunks (void **state)
{
    places_case_t *self = *state;
    upstream_will_say (self->upstream,
        OK "Transfer-Encoding: chunked\r\n\r\n2\r\n{ \r\n1\r\n}\r\n0\r\n\r\n");
    places_case_answers (self, "{ }");
}


static void
a_body_may_end_with_its_connection (void **state)
{
    places_case_t *self = *state;
    self->upstream->closes = true;
    upstream_will_say (self->upstream, OK "\r\n{ }");
    places_case_answers (self, "{ }");
}


static void
a_body_may_be_empty (void **state)
{
    places_case_t *self = *state;
    upstream_will_say (self->upstream, OK "Content-Length: 0\r\n\r\n");
    places_case_answers (self, "");
}


//  Make an HTTP answer of zeros, compressed

static char *
s_gzipped (size_t zeros, size_t *size_p)
{
    size_t room = zeros / 100 + 1024;
    char *bytes = zmalloc (room);
    char *page = zmalloc (zeros);
    memset (page, '0', zeros);
    int head = snprintf (bytes, room, OK "Content-Encoding: gzip\r\n\r\n");
    z_stream stream = {.next_in = (Bytef *) page,
        .avail_in = (uInt) zeros,
        .next_out = (Bytef *) bytes + head,
        .avail_out = (uInt) room - (uInt) head};
    assert_int_equal (
        deflateInit2 (&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY),
        Z_OK);
    assert_int_equal (deflate (&stream, Z_FINISH), Z_STREAM_END);
    *size_p = (size_t) head + stream.total_out;
    deflateEnd (&stream);
    free (page);
    return bytes;
}


static void
the_limit_of_a_body_is_after_decompression (void **state)
{
    places_case_t *self = *state;
    size_t size;
    self->upstream->closes = true;
    char *good = s_gzipped (BODY_SIZE_MAX, &size);
    upstream_will_send (self->upstream, good, size);
    places_case_ask (self);
    REACH (self->stage, &self->ended, 1);
    assert_int_equal (self->answered, 1);
    assert_int_equal (self->text_size, BODY_SIZE_MAX);
    assert_non_null (strstr (self->upstream->request, "gzip"));
    char *bomb = s_gzipped ((size_t) 100 * BODY_SIZE_MAX, &size);
    assert_true (size < BODY_SIZE_MAX);
    upstream_will_send (self->upstream, bomb, size);
    places_case_fails (self, "");
    free (good);
    free (bomb);
}


static void
a_body_has_its_limit (void **state)
{
    places_case_t *self = *state;
    char page [BODY_SIZE_MAX + 64];
    self->upstream->closes = true;
    memset (page, 'x', sizeof (page));
    memcpy (page, OK "\r\n", strlen (OK) + 2);
    upstream_will_send (self->upstream, page, BODY_SIZE_MAX + strlen (OK) + 2);
    places_case_ask (self);
    REACH (self->stage, &self->answered, 1);
    assert_int_equal (self->text_size, BODY_SIZE_MAX);
    upstream_will_send (self->upstream, page, BODY_SIZE_MAX + strlen (OK) + 3);
    places_case_fails (self, "");
}


static void
another_status_is_a_failure (void **state)
{
    places_case_t *self = *state;
    upstream_will_say (self->upstream,
        "HTTP/1.1 404 Not Found\r\nContent-Length: 17\r\n\r\n" KEY);
    places_case_fails (self, "HTTP status 404");
    upstream_will_say (
        self->upstream, "HTTP/1.1 500 " KEY "\r\nContent-Length: 0\r\n\r\n");
    places_case_fails (self, "HTTP status 500");
    upstream_will_say (self->upstream, "HTTP/1.1 204 Empty\r\n\r\n");
    places_case_fails (self, "HTTP status 204");
}


//  A redirect would carry the key elsewhere

static void
redirects_are_not_followed (void **state)
{
    places_case_t *self = *state;
    char reply [256];
    snprintf (reply, sizeof (reply),
        "HTTP/1.1 302 Found\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n",
        self->url);
    upstream_will_say (self->upstream, reply);
    places_case_fails (self, "HTTP status 302");
    loop_case_spend (self->stage, 20);
    assert_int_equal (self->upstream->requests, 1);
}


static void
what_is_not_http_is_a_failure (void **state)
{
    places_case_t *self = *state;
    self->upstream->closes = true;
    upstream_will_say (self->upstream, "+OK Hello there\r\n");
    places_case_fails (self, "");
    upstream_will_send (self->upstream, "\0\xFF\0\xFF", 4);
    places_case_fails (self, "");
}


static void
a_broken_connection_is_a_failure (void **state)
{
    places_case_t *self = *state;
    self->upstream->resets = true;
    upstream_will_say (self->upstream, OK "Content-Length: 100\r\n\r\n{");
    places_case_fails (self, "");
    self->upstream->resets = false;
    self->upstream->closes = true;
    places_case_fails (self, "");
    upstream_destroy (&self->upstream);
    places_case_fails (self, "connect");
}


//  Neither silence nor a drop now and then holds a lookup beyond its time

static void
a_stalled_answer_fails_in_its_time (void **state)
{
    places_case_t *self = *state;
    static const char *const starts [] = {"", "HTTP/1.1 2", OK "X: y\r\n",
        OK "Content-Length: 100\r\n\r\n{ \"results\" :"};
    self->options.timeout_ms = 200;
    places_case_start (self);
    for (size_t index = 0; index < 4; index++) {
        int64_t begun_ms = clock_ms ();
        upstream_will_say (self->upstream, starts [index]);
        places_case_fails (self, "");
        assert_true (self->ended_ms [index] - begun_ms >= 190);
    }
}


//  A lookup's time counts from when it was asked, not from when it was begun

static void
waiting_counts_as_time (void **state)
{
    places_case_t *self = *state;
    self->options.timeout_ms = 300;
    self->options.connections_max = 2;
    places_case_start (self);
    for (int count = 0; count < 10; count++)
        places_case_ask (self);
    REACH (self->stage, &self->failed, 10);
    assert_true (self->upstream->requests <= 4);
}


static void
a_full_queue_is_told_at_once (void **state)
{
    places_case_t *self = *state;
    self->options.connections_max = 1;
    self->options.queue_max = 2;
    places_case_start (self);
    places_case_ask (self);
    REACH (self->stage, &self->upstream->requests, 1);
    for (int count = 0; count < 4; count++)
        places_case_ask (self);
    REACH (self->stage, &self->failed, 2);
    assert_string_equal (self->text, "queue full");
    assert_int_equal (self->ends [3] + self->ends [4], 2);
    later_by (600000);
    REACH (self->stage, &self->failed, 4);
}


static void
without_a_provider_every_lookup_fails (void **state)
{
    places_case_t *self = *state;
    self->options.url = NULL;
    places_case_start (self);
    places_case_ask (self);
    assert_int_equal (self->ended, 0);
    REACH (self->stage, &self->ended, 1);
    assert_string_equal (self->text, "no provider");
    assert_int_equal (self->absent, 1);
    assert_int_equal (self->upstream->connections, 0);
}


//  The event comes on a later turn, never inside the call

static void
a_hundred_lookups_share_few_connections (void **state)
{
    places_case_t *self = *state;
    //  The end of one is what begins the next, not the clock
    self->stage->tick = NULL;
    upstream_will_say (self->upstream, PAGE);
    for (int count = 0; count < 100; count++)
        places_case_ask (self);
    assert_int_equal (self->ended, 0);
    REACH (self->stage, &self->answered, 100);
    loop_case_spend (self->stage, 20);
    for (size_t index = 0; index < 100; index++)
        assert_int_equal (self->ends [index], 1);
    assert_int_equal (self->upstream->requests, 100);
    assert_true (self->upstream->connections <= 4);
    for (int count = 0; count < 20; count++)
        places_case_answers (self, "{ }");
    assert_true (self->upstream->connections <= 4);
}


//  Those that are closed after each answer are no more at once

static void
no_more_connections_than_allowed_are_open (void **state)
{
    places_case_t *self = *state;
    self->upstream->closes = true;
    upstream_will_say (self->upstream, PAGE);
    for (int count = 0; count < 100; count++)
        places_case_ask (self);
    REACH (self->stage, &self->ended, 100);
    assert_int_equal (self->answered, 100);
    assert_true (self->upstream->open_most <= 4);
}


//  The provider closes a connection that is kept: the next lookup has another

static void
a_kept_connection_may_be_closed (void **state)
{
    places_case_t *self = *state;
    upstream_will_say (self->upstream, PAGE);
    places_case_answers (self, "{ }");
    wire_t *kept = zlist_pop (self->upstream->wires);
    wire_destroy (&kept);
    places_case_answers (self, "{ }");
    assert_int_equal (self->upstream->connections, 2);
}


static void
an_event_may_ask_anew (void **state)
{
    places_case_t *self = *state;
    upstream_will_say (self->upstream, PAGE);
    self->again = true;
    places_case_ask (self);
    REACH (self->stage, &self->answered, 2);
    self->options.url = NULL;
    places_case_start (self);
    self->again = true;
    places_case_ask (self);
    REACH (self->stage, &self->failed, 2);
    assert_int_equal (self->ended, self->asked);
}


static void
a_failure_does_not_stick (void **state)
{
    places_case_t *self = *state;
    upstream_will_say (
        self->upstream, "HTTP/1.1 500 Oops\r\nContent-Length: 5\r\n\r\nwrong");
    places_case_fails (self, "500");
    upstream_will_say (self->upstream, PAGE);
    places_case_answers (self, "{ }");
    self->upstream->resets = true;
    upstream_will_say (self->upstream, OK "Content-Length: 100\r\n\r\nhalf");
    places_case_fails (self, "");
    self->upstream->resets = false;
    upstream_will_say (self->upstream, PAGE);
    places_case_answers (self, "{ }");
}


//  Some wait for a connection, some for an answer, one is in the middle of it

static void
an_end_may_come_at_any_time (void **state)
{
    places_case_t *self = *state;
    upstream_will_say (self->upstream, PAGE);
    places_case_answers (self, "{ }");
    upstream_will_say (self->upstream, OK "Content-Length: 100\r\n\r\nhalf");
    for (int count = 0; count < 10; count++)
        places_case_ask (self);
    REACH (self->stage, &self->upstream->requests, 5);
    places_case_ask (self);
    places_destroy (&self->places);
    assert_null (self->places);
    loop_case_spend (self->stage, 20);
    assert_int_equal (self->ended, 1);
    assert_int_equal (self->upstream->open, 0);
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        CASE (a_page_is_an_answer_byte_for_byte),
        CASE (without_a_key_none_is_sent),
        CASE (a_body_may_come_in_chunks),
        CASE (a_body_may_end_with_its_connection),
        CASE (a_body_may_be_empty),
        CASE (the_limit_of_a_body_is_after_decompression),
        CASE (a_body_has_its_limit),
        CASE (another_status_is_a_failure),
        CASE (redirects_are_not_followed),
        CASE (what_is_not_http_is_a_failure),
        CASE (a_broken_connection_is_a_failure),
        CASE (a_stalled_answer_fails_in_its_time),
        CASE (waiting_counts_as_time),
        CASE (a_full_queue_is_told_at_once),
        CASE (without_a_provider_every_lookup_fails),
        CASE (a_hundred_lookups_share_few_connections),
        CASE (no_more_connections_than_allowed_are_open),
        CASE (a_kept_connection_may_be_closed),
        CASE (an_event_may_ask_anew),
        CASE (a_failure_does_not_stick),
        CASE (an_end_may_come_at_any_time),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
