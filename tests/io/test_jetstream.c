/*  =========================================================================
    test_jetstream - the requests of NATS JetStream, and its answers, as text
    =========================================================================
*/

#include "gateway/jetstream.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <cmocka.h>

#define GOOD                                                                   \
    "{\"config\":{\"name\":\"herd\",\"subjects\":[\"herd.>\"],"                \
    "\"retention\":\"limits\",\"max_msgs_per_subject\":1,\"max_age\":0,"       \
    "\"max_bytes\":-1,\"max_msgs\":-1,\"max_msg_size\":8192,"                  \
    "\"discard\":\"old\",\"num_replicas\":3},"                                 \
    "\"created\":\"2026-11-29T09:10:07.1Z\",\"state\":{\"messages\":4,"        \
    "\"first_seq\":3,\"last_seq\":9}}"


static void
a_stream_keeps_the_last_of_each_subject (void **state)
{
    (void) state;
    char *text = jetstream_make_stream ("herd", 3, 60);
    assert_non_null (strstr (text, "\"max_msgs_per_subject\":1,"));
    assert_non_null (strstr (text, "\"subjects\":[\"herd.>\"]"));
    assert_non_null (strstr (text, "\"num_replicas\":3"));
    assert_non_null (strstr (text, "\"max_age\":60000000000,"));
    assert_non_null (strstr (text, "\"storage\":\"file\""));
    free (text);
    text = jetstream_make_consumer ("herd", "herd.west.*", 77);
    assert_non_null (strstr (text, "\"opt_start_seq\":77,"));
    assert_non_null (strstr (text, "\"filter_subject\":\"herd.west.*\""));
    free (text);
    text = jetstream_pull (5);
    assert_non_null (strstr (text, "\"batch\":5,"));
    free (text);
}


//  Replace a piece of the good answer

static char *
s_with (const char *piece, const char *other)
{
    static char text [1024];
    const char *at = strstr (GOOD, piece);
    assert_non_null (at);
    snprintf (text, sizeof text, "%.*s%s%s", (int) (at - GOOD), GOOD, other,
        at + strlen (piece));
    return text;
}


static const char *
s_fault (const char *piece, const char *other)
{
    jetstream_info_t info;
    char why [JETSTREAM_WHY_SIZE];
    assert_int_equal (jetstream_read_info (
                          span_of (s_with (piece, other)), "herd", &info, why),
        JETSTREAM_GOOD);
    return info.fault;
}


static void
a_stream_of_another_kind_is_none_for_us (void **state)
{
    (void) state;
    assert_null (s_fault ("\"herd.>\"", "\"herd.>\""));
    assert_null (s_fault ("\"herd.>\"", "\"a\",\"herd.>\""));
    assert_string_equal (s_fault ("subject\":1", "subject\":2"),
        "its max_msgs_per_subject is not 1");
    assert_string_equal (s_fault ("subject\":1", "subject\":-1"),
        "its max_msgs_per_subject is not 1");
    assert_string_equal (s_fault ("\"herd.>\"", "\"herd.*\""),
        "its subjects are not its name and .>");
    assert_string_equal (s_fault ("[\"herd.>\"]", "[7]"),
        "its subjects are not its name and .>");
    assert_string_equal (
        s_fault ("\"limits\"", "\"workqueue\""), "its retention is not limits");
    assert_string_equal (
        s_fault ("\"old\"", "\"new\""), "its discard is not old");
    assert_string_equal (
        s_fault ("8192", "1024"), "its max_msg_size is less than 2048");
    assert_null (s_fault ("8192", "-1"));
}


static void
a_stream_that_lost_messages_is_noticed (void **state)
{
    (void) state;
    jetstream_info_t before, now;
    char why [JETSTREAM_WHY_SIZE];
    assert_int_equal (
        jetstream_read_info (span_of (GOOD), "herd", &before, why),
        JETSTREAM_GOOD);
    assert_int_equal (before.messages, 4);
    assert_int_equal (before.last, 9);
    assert_int_equal (before.replicas, 3);
    assert_false (before.shrinks);
    assert_int_equal (before.seconds, 0);
    assert_int_equal (jetstream_read_info (span_of (s_with ("\"max_age\":0",
                                               "\"max_age\":60000000000")),
                          "herd", &now, why),
        JETSTREAM_GOOD);
    assert_true (now.shrinks);
    assert_int_equal (now.seconds, 60);
    now = before;
    assert_true (jetstream_is_intact (&before, &now, 9, 3));
    assert_false (jetstream_is_intact (&before, &now, 10, 3));
    now = (jetstream_info_t){.messages = 9, .first = 9, .last = 90};
    memcpy (now.created, before.created, sizeof now.created);
    assert_true (jetstream_is_intact (&before, &now, 9, 0));
    assert_true (jetstream_is_intact (&before, &now, 9, 9));
    assert_false (jetstream_is_intact (&before, &now, 9, 8));
    before.messages = 6400;
    now.messages = 6400 - 116;
    assert_true (jetstream_is_intact (&before, &now, 9, 9));
    now.messages--;
    assert_false (jetstream_is_intact (&before, &now, 9, 9));
    now.shrinks = true;
    assert_true (jetstream_is_intact (&before, &now, 9, 9));
    now.created [0] = '1';
    assert_false (jetstream_is_intact (&before, &now, 9, 9));
}


static void
an_error_is_told_in_its_words (void **state)
{
    (void) state;
    static const char missing [] =
        "{\"error\":{\"code\":404,\"err_code\":10059,"
        "\"description\":\"stream not found\"}}";
    static const char full [] = "{\"error\":{\"code\":503,\"err_code\":10023,"
                                "\"description\":\"insufficient resources\"},"
                                "\"stream\":\"herd\",\"seq\":0}";
    jetstream_info_t info;
    uint64_t number = 5;
    char name [JETSTREAM_NAME_SIZE];
    char why [JETSTREAM_WHY_SIZE];
    assert_int_equal (
        jetstream_read_info (span_of (missing), "herd", &info, why),
        JETSTREAM_MISSING);
    assert_int_equal (
        jetstream_read_ack (span_of (full), &number, why), JETSTREAM_ERROR);
    assert_string_equal (why, "insufficient resources");
    assert_int_equal (number, 5);
    assert_int_equal (
        jetstream_read_consumer (span_of (full), name, &number, why),
        JETSTREAM_ERROR);
    assert_int_equal (
        jetstream_read_ack (
            span_of ("{\"stream\":\"herd\", \"seq\":26}"), &number, why),
        JETSTREAM_GOOD);
    assert_int_equal (number, 26);
}


static void
nonsense_is_an_error (void **state)
{
    (void) state;
    static const char *const bad [] = {"", "x", "[]", "null", "{}", "7",
        "{\"seq\":0}", "{\"seq\":-1}", "{\"seq\":\"1\"}", "{\"name\":7}",
        "{\"name\":\"\"}", "{\"name\":\"a.b\"}", "{\"name\":\"a b\"}",
        "{\"error\":7}", "{\"config\":{},\"state\":{}}",
        "{\"config\":{},\"state\":{},\"created\":7}"};
    jetstream_info_t info;
    uint64_t number;
    char name [JETSTREAM_NAME_SIZE];
    char why [JETSTREAM_WHY_SIZE];
    for (size_t row = 0; row < sizeof bad / sizeof *bad; row++) {
        span_t text = span_of (bad [row]);
        assert_int_equal (
            jetstream_read_info (text, "herd", &info, why), JETSTREAM_ERROR);
        assert_int_equal (
            jetstream_read_ack (text, &number, why), JETSTREAM_ERROR);
        assert_int_equal (jetstream_read_consumer (text, name, &number, why),
            JETSTREAM_ERROR);
    }
}


static void
a_message_says_where_it_stands (void **state)
{
    (void) state;
    static const char *const good [] = {
        "$JS.ACK.herd.4FHx.1.17.3.1795943408117366007.2",
        "$JS.ACK._.hash.herd.4FHx.1.17.3.1795943408117366007.2.token",
        "$JS.ACK.hub.hash.herd.4FHx.1.17.3.1795943408117366007.2"};
    static const char *const bad [] = {"", "$JS", "$JS.ACK.herd.4FHx.1.17.3.9",
        "$JS.NAK.herd.4FHx.1.17.3.1795943408117366007.2",
        "JS.ACK.herd.4FHx.1.17.3.1795943408117366007.2",
        "$JS.ACK.herd.4FHx.1.x.3.1795943408117366007.2",
        "$JS.ACK.herd.4FHx.1.9223372036854775807.3.1795943408117366007.2",
        "$JS.ACK.herd.4FHx.1.17.3.1795943408117366007.",
        "$JS.ACK.herd.4FHx.1.17.3.1795943408117366007.2.9",
        "$JS.ACK.a.b.c.d.1.2.3.4.5.6.7.8.9.10.11.12"};
    jetstream_place_t place;
    for (size_t row = 0; row < sizeof good / sizeof *good; row++) {
        assert_true (jetstream_read_place (span_of (good [row]), &place));
        assert_true (span_equal (place.consumer, span_of ("4FHx")));
        assert_int_equal (place.sequence, 17);
        assert_int_equal (place.count, 3);
        assert_int_equal (place.pending, 2);
    }
    for (size_t row = 0; row < sizeof bad / sizeof *bad; row++)
        assert_false (jetstream_read_place (span_of (bad [row]), &place));
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        cmocka_unit_test (a_stream_keeps_the_last_of_each_subject),
        cmocka_unit_test (a_stream_of_another_kind_is_none_for_us),
        cmocka_unit_test (a_stream_that_lost_messages_is_noticed),
        cmocka_unit_test (an_error_is_told_in_its_words),
        cmocka_unit_test (nonsense_is_an_error),
        cmocka_unit_test (a_message_says_where_it_stands),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
