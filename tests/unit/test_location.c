/*  =========================================================================
    test_location - where one client said it was, as one server heard it

    Places and stamps by tables of what is good and what is not; the AT line
    written, read, and written again; and the order over locations by example.
    =========================================================================
*/

#include "unit/spans.h"

#include <stdio.h>
#include <string.h>

#define LINE                                                                   \
    "AT Alford +0.263873386 kiwi.cs.ucla.edu +34.068930-118.445127 "           \
    "1479413884.392014450"


//  "the client's idea of when it sent the message, expressed in POSIX time,
//  which consists of seconds and nanoseconds"

static void
a_stamp_is_digits_with_an_optional_fraction (void **state)
{
    (void) state;
    static const struct {
        const char *text;
        instant_t stamped;
    } rows [] = {
        {"1479413884.392014450", {1479413884, 392014450}},
        {"0", {0, 0}},
        {"0.0", {0, 0}},
        {"1479413884", {1479413884, 0}},
        {"1479413884.3", {1479413884, 300000000}},
        {"1.000000001", {1, 1}},
        {"1.0000000009", {1, 0}},
        {"1.9999999999999999999999999999999", {1, 999999999}},
        {"4102444800.5", {4102444800, 500000000}},
        {"9999999999", {9999999999, 0}},
        {"10000000000", {10000000000, 0}},
        {"999999999999999.999999999", {999999999999999, 999999999}},
        {"000000000000007", {7, 0}},
    };
    for (size_t row = 0; row < COUNT (rows); row++) {
        instant_t stamped = {-1, -1};
        assert_row (
            stamp_parse (span_of (rows [row].text), &stamped), rows [row].text);
        assert_row (instant_compare (stamped, rows [row].stamped) == 0,
            rows [row].text);
    }
}


static void
anything_else_is_no_stamp (void **state)
{
    (void) state;
    static const span_t rows [] = {BYTES (""), BYTES ("."), BYTES (".5"),
        BYTES ("5."), BYTES ("+5"), BYTES ("-5"), BYTES ("1e9"),
        BYTES ("1.5e3"), BYTES ("0x10"), BYTES ("nan"), BYTES ("inf"),
        BYTES ("1_000"), BYTES ("1,5"), BYTES ("1.2.3"), BYTES (" 1"),
        BYTES ("1 "), BYTES ("1."), BYTES ("1.+5"), BYTES ("1\0"),
        BYTES ("1.5\0"), BYTES ("1000000000000000"), BYTES ("0000000000000007"),
        BYTES ("18446744073709551617"), BYTES ("\xd9\xa1")};
    for (size_t row = 0; row < COUNT (rows); row++) {
        instant_t stamped;
        assert_row (!stamp_parse (rows [row], &stamped), rows [row].data);
    }
}


//  Decimals beyond nanoseconds are kept, as long as there is room

static void
a_stamp_has_64_bytes_at_most (void **state)
{
    (void) state;
    char text [65];
    memset (text, '7', sizeof text);
    spans_write (text, SPAN ("12."));
    instant_t stamped;
    assert_true (stamp_parse ((span_t){text, 64}, &stamped));
    assert_int_equal (stamped.seconds, 12);
    assert_int_equal (stamped.nanoseconds, 777777777);
    assert_false (stamp_parse ((span_t){text, 65}, &stamped));
}


//  "the latitude and longitude in decimal degrees using ISO 6709 notation"

static void
a_place_is_two_signed_numbers (void **state)
{
    (void) state;
    static const struct {
        const char *text;
        const char *latitude;
        const char *longitude;
    } rows [] = {
        {"+34.068930-118.445127", "+34.068930", "-118.445127"},
        {"-34+118", "-34", "+118"},
        {"+1+1", "+1", "+1"},
        {"-0-0", "-0", "-0"},
        {"+0.0-0.0", "+0.0", "-0.0"},
        {"+90+180", "+90", "+180"},
        {"-90.000-180.000000000000", "-90.000", "-180.000000000000"},
        {"+89.99999999999999999999+179.99999999999999999999",
            "+89.99999999999999999999", "+179.99999999999999999999"},
        {"+00000090+00000000180", "+00000090", "+00000000180"},
        {"+007.5-007.5", "+007.5", "-007.5"},
    };
    for (size_t row = 0; row < COUNT (rows); row++) {
        span_t latitude;
        span_t longitude;
        assert_row (
            place_parse (span_of (rows [row].text), &latitude, &longitude),
            rows [row].text);
        assert_text (latitude, rows [row].latitude);
        assert_text (longitude, rows [row].longitude);
    }
}


//  No solidus, altitude, exponent, hex, nan, inf, underscore, missing digits

static void
anything_else_is_no_place (void **state)
{
    (void) state;
    static const span_t rows [] = {BYTES (""), BYTES ("+"), BYTES ("+34"),
        BYTES ("+34+"), BYTES ("34-118"), BYTES ("+34 -118"),
        BYTES ("+34,-118"), BYTES ("+34.-118"), BYTES ("+34-118."),
        BYTES ("+.5-118"), BYTES ("+34-.5"), BYTES ("+34-118/"),
        BYTES ("+34-118+10"), BYTES ("+34-118+10/"), BYTES ("+34-118 "),
        BYTES ("++34-118"), BYTES ("+34--118"), BYTES ("+3e1-118"),
        BYTES ("+34-1e2"), BYTES ("+0x1-118"), BYTES ("+nan+nan"),
        BYTES ("+inf-inf"), BYTES ("+3_4-118"), BYTES ("+34-118\0"),
        BYTES ("+34\0-118"), BYTES ("+34.5.5-118"),
        BYTES ("\xe2\x88\x92"
               "34-118"),
        BYTES ("+91-118"), BYTES ("-91-118"), BYTES ("+90.1-118"),
        BYTES ("-90.00000000000000000000000000000000001-118"),
        BYTES ("+34+181"), BYTES ("+34-181"), BYTES ("+34+180.0000001"),
        BYTES ("+34+1000"), BYTES ("+100+1"), BYTES ("+4294967296+1"),
        BYTES ("+18446744073709551616+1"), BYTES ("+1+4294967297"),
        BYTES ("+340689.5-1184451.2"), BYTES ("34\xc2\xb0N")};
    for (size_t row = 0; row < COUNT (rows); row++) {
        span_t latitude;
        span_t longitude;
        assert_row (
            !place_parse (rows [row], &latitude, &longitude), rows [row].data);
    }
}


static void
a_place_has_128_bytes_at_most (void **state)
{
    (void) state;
    char text [129];
    span_t latitude;
    span_t longitude;
    memset (text, '7', sizeof text);
    spans_write (text, SPAN ("+34.068930-118."));
    assert_true (place_parse ((span_t){text, 128}, &latitude, &longitude));
    assert_int_equal (latitude.size + longitude.size, 128);
    assert_false (place_parse ((span_t){text, 129}, &latitude, &longitude));
}


static void
instants_are_ordered_and_differ_exactly (void **state)
{
    (void) state;
    instant_t one = {1479413884, 392014450};
    instant_t other = {1479413884, 655887836};
    assert_true (instant_compare (one, other) < 0);
    assert_true (instant_compare (other, one) > 0);
    assert_true (instant_compare (one, one) == 0);
    assert_true (
        instant_compare ((instant_t){-1, 999999999}, (instant_t){0, 0}) < 0);
    instant_t since = instant_since (other, one);
    assert_int_equal (since.seconds, 0);
    assert_int_equal (since.nanoseconds, 263873386);
    since = instant_since (one, other);
    assert_int_equal (since.seconds, -1);
    assert_int_equal (since.nanoseconds, 1000000000 - 263873386);
}


//  Make the AT line of these words, stamped and heard then

static location_t
s_print (const char *server, const char *stamp, instant_t heard, char *buffer)
{
    location_t location = {.server = span_of (server),
        .client = SPAN ("kiwi.cs.ucla.edu"),
        .place = SPAN ("+34.068930-118.445127"),
        .stamp = span_of (stamp),
        .heard = heard};
    assert_true (stamp_parse (location.stamp, &location.stamped));
    size_t size = location_print (&location, buffer);
    assert_int_equal (size, location.line.size);
    assert_ptr_equal (location.line.data, buffer);
    return location;
}


//  The assignment's example, to the byte

static void
the_example_is_written_as_the_assignment_has_it (void **state)
{
    (void) state;
    char buffer [256];
    location_t location = s_print ("Alford", "1479413884.392014450",
        (instant_t){1479413884, 655887836}, buffer);
    assert_text (location.line, LINE);
    assert_text (location.server, "Alford");
    assert_text (location.client, "kiwi.cs.ucla.edu");
    assert_text (location.place, "+34.068930-118.445127");
    assert_text (location.stamp, "1479413884.392014450");
}


//  "it might be negative if there was enough clock skew in that direction"

static void
a_difference_has_a_sign_and_nine_decimals (void **state)
{
    (void) state;
    static const struct {
        const char *stamp;
        instant_t heard;
        const char *difference;
    } rows [] = {
        {"100", {100, 0}, " +0.000000000 "},
        {"100", {100, 1}, " +0.000000001 "},
        {"100.000000001", {100, 0}, " -0.000000001 "},
        {"100.25", {100, 0}, " -0.250000000 "},
        {"101.25", {100, 0}, " -1.250000000 "},
        {"101", {100, 0}, " -1.000000000 "},
        {"101", {100, 5}, " -0.999999995 "},
        {"90.5", {100, 0}, " +9.500000000 "},
        {"0", {1479413884, 655887836}, " +1479413884.655887836 "},
        {"999999999999999.999999999", {0, 0}, " -999999999999999.999999999 "},
        {"100.0000000009", {100, 0}, " +0.000000000 "},
    };
    for (size_t row = 0; row < COUNT (rows); row++) {
        char buffer [256];
        location_t location =
            s_print ("S", rows [row].stamp, rows [row].heard, buffer);
        buffer [location.line.size] = 0;
        assert_row (strstr (buffer, rows [row].difference), buffer);

        location_t again = spans_location (buffer);
        assert_row (
            instant_compare (again.heard, rows [row].heard) == 0, buffer);
        assert_row (
            location_compare (&again, &location) == LOCATION_SAME, buffer);
    }
}


//  Write the longest line there is: the client's clock is as far ahead of the
//  server's, which is at 0, as it can be

static size_t
s_print_longest (char *buffer)
{
    static char client [LOCATION_CLIENT_SIZE_MAX];
    static char place [LOCATION_PLACE_SIZE_MAX];
    static char stamp [LOCATION_STAMP_SIZE_MAX];
    static char server [SPAN_NAME_SIZE_MAX];
    memset (server, 'S', sizeof server);
    memset (client, 'c', sizeof client);
    memset (place, '0', sizeof place);
    memset (stamp, '9', sizeof stamp);
    spans_write (place, SPAN ("+1+1."));
    stamp [15] = '.';
    location_t location = {.server = {server, sizeof server},
        .client = {client, sizeof client},
        .place = {place, sizeof place},
        .stamp = {stamp, sizeof stamp}};
    assert_true (stamp_parse (location.stamp, &location.stamped));
    return location_print (&location, buffer);
}


static void
the_longest_line_is_as_long_as_is_said (void **state)
{
    (void) state;
    char line [LOCATION_LINE_SIZE_MAX];
    location_t location;
    assert_int_equal (s_print_longest (line), LOCATION_LINE_SIZE_MAX);
    assert_true (location_parse (&location, (span_t){line, sizeof line}));
    assert_int_equal (location.heard.seconds, 0);
}


//  Each word of the longest line, longer by one byte

static void
a_word_that_is_too_long_makes_no_at_line (void **state)
{
    (void) state;
    char longest [LOCATION_LINE_SIZE_MAX];
    char line [LOCATION_LINE_SIZE_MAX + 1];
    s_print_longest (longest);
    for (size_t at = 3; at < sizeof longest; at++) {
        if (at + 1 < sizeof longest && longest [at + 1] != ' ')
            continue;
        memcpy (line, longest, at + 1);
        memcpy (line + at + 1, longest + at, sizeof longest - at);
        location_t location;
        assert_false (location_parse (&location, (span_t){line, sizeof line}));
    }
}


static void
a_line_is_read_into_its_words_and_times (void **state)
{
    (void) state;
    location_t location = spans_location (LINE);
    assert_text (location.line, LINE);
    assert_text (location.server, "Alford");
    assert_text (location.client, "kiwi.cs.ucla.edu");
    assert_text (location.place, "+34.068930-118.445127");
    assert_text (location.stamp, "1479413884.392014450");
    assert_int_equal (location.stamped.seconds, 1479413884);
    assert_int_equal (location.stamped.nanoseconds, 392014450);
    assert_int_equal (location.heard.seconds, 1479413884);
    assert_int_equal (location.heard.nanoseconds, 655887836);

    location_t again;
    location_reread (&again, SPAN (LINE));
    assert_int_equal (location_compare (&again, &location), LOCATION_SAME);
    assert_span (again.client, location.client);
}


//  "A client ID may be any string of non-white-space characters."

static void
a_line_may_name_any_client (void **state)
{
    (void) state;
    static const span_t rows [] = {BYTES ("%n%s"), BYTES ("\xff\xfe"),
        BYTES ("\"'\\"), BYTES ("caf\xc3\xa9"), BYTES ("a\xc2\xa0z"),
        BYTES ("\x1c\x7f\x01"), BYTES ("AT"), BYTES ("+1+1")};
    for (size_t row = 0; row < COUNT (rows); row++) {
        char line [128];
        snprintf (
            line, sizeof line, "AT S +0.000000000 %s +1+1 5", rows [row].data);
        assert_span (spans_location (line).client, rows [row]);
    }
}


//  "so that a peer cannot bring in two spellings of one location"

static void
only_what_is_written_just_so_is_an_at_line (void **state)
{
    (void) state;
    static const span_t rows [] = {BYTES (""), BYTES ("AT"), BYTES ("AT "),
        BYTES ("A"), BYTES ("at S +0.000000000 k +1+1 5"),
        BYTES ("AT S +0.000000000 k +1+1"), BYTES ("AT S +0.000000000 k +1+1 "),
        BYTES ("AT S +0.000000000 k +1+1 5 "),
        BYTES ("AT S +0.000000000 k +1+1 5 6"),
        BYTES ("AT S +0.000000000 k +1+1 5\r"),
        BYTES (" AT S +0.000000000 k +1+1 5"),
        BYTES ("AT  S +0.000000000 k +1+1 5"),
        BYTES ("AT S  +0.000000000 k +1+1 5"),
        BYTES ("AT S +0.000000000  k +1+1 5"),
        BYTES ("AT S +0.000000000 k  +1+1 5"),
        BYTES ("AT\tS +0.000000000 k +1+1 5"),
        BYTES ("AT  +0.000000000 k +1+1 5"),
        BYTES ("AT S\t +0.000000000 k +1+1 5"),
        BYTES ("AT S +0.000000000 k\v +1+1 5"),
        BYTES ("AT S +0.000000000 k\0 +1+1 5"),
        BYTES ("AT S\0 +0.000000000 k +1+1 5"),
        BYTES ("AT S. +0.000000000 \tk +1+1 5"),
        BYTES ("AT S +0.000000000 k\r +1+1 5"),
        BYTES ("AT S+ +0.000000000 k +1+1 5"),
        BYTES ("AT S@ +0.000000000 k +1+1 5"),
        BYTES ("AT S\x7f +0.000000000 k +1+1 5"),
        BYTES ("AT S\xc3\xa9 +0.000000000 k +1+1 5"),
        BYTES ("AT _S +0.000000000 k +1+1 5"),
        BYTES ("AT -S +0.000000000 k +1+1 5"),
        BYTES ("AT .S +0.000000000 k +1+1 5"),
        BYTES ("AT S 0.000000000 k +1+1 5"),
        BYTES ("AT S -0.000000000 k +1+1 5"),
        BYTES ("AT S +00.000000000 k +1+1 5"),
        BYTES ("AT S +01.000000000 k +1+1 5"),
        BYTES ("AT S +.000000000 k +1+1 5"),
        BYTES ("AT S +0.00000000 k +1+1 5"),
        BYTES ("AT S +0.0000000000 k +1+1 5"),
        BYTES ("AT S +0000000000 k +1+1 5"),
        BYTES ("AT S +1000000000000000.000000000 k +1+1 5"),
        BYTES ("AT S +999999999999999.000000000 k +1+1 1"),
        BYTES ("AT S +9223372036854775807.000000000 k +1+1 5"),
        BYTES ("AT S +18446744073709551615.000000000 k +1+1 5"),
        BYTES ("AT S -5.000000001 k +1+1 5"),
        BYTES ("AT S -999999999999999.999999999 k +1+1 5"),
        BYTES ("AT S +0.000000000 k +91+1 5"),
        BYTES ("AT S +0.000000000 k +1+1/ 5"),
        BYTES ("AT S +0.000000000 k +1+1 5."),
        BYTES ("AT S +0.000000000 k +1+1 -5"),
        BYTES ("AT S +0.000000000 k +1+1 1000000000000000")};
    for (size_t row = 0; row < COUNT (rows); row++) {
        location_t location;
        assert_row (!location_parse (&location, rows [row]), rows [row].data);
    }
}


//  Newest client stamp; then heard; server; stamp's text; place's text

static void
the_order_looks_at_one_thing_after_the_other (void **state)
{
    (void) state;
    static const char *const rising [] = {
        "AT A +9.000000000 k +1+1 100",
        "AT A +0.000000000 k +1+1 100.5",
        "AT A +0.000000000 k +1+1 100.500000001",
        "AT A +0.000000001 k +1+1 100.500000001",
        "AT B +0.000000001 k +1+1 100.500000001",
        "AT B +0.000000001 k +1+1 100.5000000010",
        "AT B +0.000000001 k +1+1 100.5000000015",
        "AT B +0.000000001 k +2+1 100.5000000015",
        "AT B +0.000000001 k +2-1 100.5000000015",
        "AT A -1.000000000 k +1+1 101",
    };
    for (size_t one = 0; one < COUNT (rising); one++)
        for (size_t other = 0; other < COUNT (rising); other++) {
            location_t left = spans_location (rising [one]);
            location_t right = spans_location (rising [other]);
            location_order_t order = one < other   ? LOCATION_OLDER
                                     : one > other ? LOCATION_NEWER
                                                   : LOCATION_SAME;
            assert_row (
                location_compare (&left, &right) == order, rising [one]);
        }
}


//  "a stamp more than 60 s ahead of the server that accepted it is ordered by
//  that server's clock instead, so that a phone with a wrong year does not
//  freeze"

static void
a_stamp_more_than_60_s_ahead_counts_as_heard (void **state)
{
    (void) state;
    location_t wrong =
        spans_location ("AT A -1000000.000000000 k +1+1 1001000");
    location_t next = spans_location ("AT A -999999.000000000 k +1+1 1001000");
    location_t right = spans_location ("AT A +0.500000000 k +2+2 1001.5");
    assert_int_equal (location_compare (&next, &wrong), LOCATION_NEWER);
    assert_int_equal (location_compare (&right, &next), LOCATION_NEWER);

    location_t edge = spans_location ("AT A -60.000000000 k +1+1 1060");
    location_t over =
        spans_location ("AT A -60.000000001 k +1+1 1060.000000001");
    location_t now = spans_location ("AT A +0.000000000 k +1+1 1030");
    location_t then = spans_location ("AT A-1 +1.000000000 k +1+1 1029.9");
    assert_true (location_is_plainly_newer (&now, then.line, 20));
    assert_int_equal (location_compare (&edge, &now), LOCATION_NEWER);
    assert_int_equal (location_compare (&over, &now), LOCATION_OLDER);
}


int
main (void)
{
    const struct CMUnitTest cases [] = {
        cmocka_unit_test (a_stamp_is_digits_with_an_optional_fraction),
        cmocka_unit_test (anything_else_is_no_stamp),
        cmocka_unit_test (a_stamp_has_64_bytes_at_most),
        cmocka_unit_test (a_place_is_two_signed_numbers),
        cmocka_unit_test (anything_else_is_no_place),
        cmocka_unit_test (a_place_has_128_bytes_at_most),
        cmocka_unit_test (instants_are_ordered_and_differ_exactly),
        cmocka_unit_test (the_example_is_written_as_the_assignment_has_it),
        cmocka_unit_test (a_difference_has_a_sign_and_nine_decimals),
        cmocka_unit_test (the_longest_line_is_as_long_as_is_said),
        cmocka_unit_test (a_word_that_is_too_long_makes_no_at_line),
        cmocka_unit_test (a_line_is_read_into_its_words_and_times),
        cmocka_unit_test (a_line_may_name_any_client),
        cmocka_unit_test (only_what_is_written_just_so_is_an_at_line),
        cmocka_unit_test (the_order_looks_at_one_thing_after_the_other),
        cmocka_unit_test (a_stamp_more_than_60_s_ahead_counts_as_heard),
    };
    return cmocka_run_group_tests (cases, NULL, NULL);
}
