/*  =========================================================================
    test_reply - bytes in any slices are counted as replies

    Streams of replies, good and bad, cut at every place and at many; the
    counts are those of the stream as a whole.
    =========================================================================
*/

#include "unit/chance.h"
#include "unit/spans.h"

#include "load/reply.h"

#include <string.h>

#define AT "AT Alford +0.263873386 kiwi +34.068930-118.445127 1479413884.39\n"

#define OK "HTTP/1.1 200 OK\r\nDate: today\r\nContent-Length: 3\r\n\r\n{}\n"
#define EMPTY "HTTP/1.1 200 OK\r\ncontent-length:0\r\n\r\n"
#define FULL                                                                   \
    "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 60\r\n"                  \
    "Content-Length: 14\r\nX: HTTP/1.1 200 OK but not as a status, and far "   \
    "beyond what is kept\r\n\r\nHTTP/1.1 200\r\n"

//  Replies of a form: which are good and which bad, in their order
typedef struct {
    const char *title;
    reply_form_t form;
    span_t text;
    const char *results;
} stream_t;

static const stream_t s_streams [] = {
    {"lines", REPLY_LINE, BYTES ("\nIAMAT\n? no\n"), "+++"},
    {"AT lines", REPLY_AT, BYTES (AT "? AT \n" AT "\nA\nAT\nATX\nat \nAT \n"),
        "+-+-----+"},
    {"a NUL", REPLY_AT, BYTES ("AT \0\n\0AT \nAT \n"), "+-+"},
    {"places", REPLY_PLACES,
        BYTES (AT "{\n  x\n}\n\n? WHATSAT kiwi\n" AT "\n" AT "? AT \n\n"
                  "\n" AT "AT\n\n"),
        "+-++-+"},
    {"redis", REPLY_REDIS, BYTES (":0\r\n:1\r\n+OK\r\n-ERR\r\n$3\r\n\n"),
        "+++---"},
    {"redis twice", REPLY_REDIS_TWICE,
        BYTES (":1\r\n:0\r\n-ERR\r\n:4\r\n:1\r\n-ERR\r\n+OK\r\n:0\r\n"),
        "+--+"},
    {"HTTP", REPLY_HTTP, BYTES (OK EMPTY FULL EMPTY OK OK), "++-+++"},
    {"no HTTP", REPLY_HTTP,
        BYTES ("AT A +0.1 kiwi +1+2 7\n" EMPTY "HTTP/1.0 200 OK\r\n" EMPTY
               "HTTP/1.1 100 Go on\n" EMPTY "HTTP/1.1 200 OK\r\n\r\n" EMPTY
               "HTTP/1.1 200\r\nContent-Length: -1\r\n\r\n" EMPTY),
        "-+-+-+-+-+"},
};


//  Write a sign for each reply in the bytes

static char *
s_read (reply_t *self, reply_form_t form, span_t bytes, char *to)
{
    reply_result_t result;
    while ((result = reply_next (self, form, &bytes)) != REPLY_MORE)
        *to++ = result == REPLY_GOOD ? '+' : '-';
    assert_int_equal (bytes.size, 0);
    return to;
}


//  Cut the stream before each byte whose bit is set, and check what is read

static void
s_check (const stream_t *stream, chance_t *chance, size_t one_in)
{
    char signs [64];
    char *to = signs;
    reply_t self = {0};
    for (size_t at = 0, end; at < stream->text.size; at = end) {
        end = at + 1;
        while (end < stream->text.size && chance_below (chance, one_in))
            end++;
        span_t slice = {stream->text.data + at, end - at};
        to = s_read (&self, stream->form, slice, to);
    }
    *to = '\0';
    assert_row (strcmp (signs, stream->results) == 0, stream->title);
}


static void
replies_are_counted_in_any_slices (void **state)
{
    (void) state;
    chance_t chance = chance_new (5);
    for (size_t at = 0; at < COUNT (s_streams); at++)
        for (int turn = 0; turn < 2000; turn++)
            s_check (&s_streams [at], &chance, 1 + (size_t) turn % 40);
}


//  Replies of one connection may be of several forms

static void
each_reply_has_its_form (void **state)
{
    (void) state;
    span_t bytes = SPAN (AT AT "{}\n\n" AT "? WHATSAT\n" AT);
    reply_t self = {0};
    assert_int_equal (reply_next (&self, REPLY_AT, &bytes), REPLY_GOOD);
    assert_int_equal (reply_next (&self, REPLY_PLACES, &bytes), REPLY_GOOD);
    assert_int_equal (reply_next (&self, REPLY_AT, &bytes), REPLY_GOOD);
    assert_int_equal (reply_next (&self, REPLY_PLACES, &bytes), REPLY_BAD);
    assert_int_equal (reply_next (&self, REPLY_AT, &bytes), REPLY_GOOD);
    assert_int_equal (reply_next (&self, REPLY_AT, &bytes), REPLY_MORE);
}


static void
speeches_have_their_replies (void **state)
{
    (void) state;
    static const reply_form_t forms [][2] = {
        [SPEECH_ZHERD] = {REPLY_AT, REPLY_PLACES},
        [SPEECH_ECHO] = {REPLY_LINE, REPLY_LINE},
        [SPEECH_REDIS] = {REPLY_REDIS, REPLY_REDIS},
        [SPEECH_REDIS_PUBLISH] = {REPLY_REDIS_TWICE, REPLY_REDIS_TWICE},
        [SPEECH_PUT] = {REPLY_HTTP, REPLY_HTTP},
        [SPEECH_OSMAND] = {REPLY_HTTP, REPLY_HTTP},
    };
    for (speech_t speech = 0; speech < COUNT (forms); speech++)
        for (request_kind_t kind = 0; kind < 2; kind++)
            assert_int_equal (reply_form (speech, kind), forms [speech][kind]);
}


int
main (void)
{
    const struct CMUnitTest cases [] = {
        cmocka_unit_test (replies_are_counted_in_any_slices),
        cmocka_unit_test (each_reply_has_its_form),
        cmocka_unit_test (speeches_have_their_replies),
    };
    return cmocka_run_group_tests (cases, NULL, NULL);
}
