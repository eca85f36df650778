/*  =========================================================================
    test_command - what a client's line says

    Tables of lines.  What is no IAMAT or WHATSAT to the letter is invalid.
    =========================================================================
*/

#include "unit/spans.h"

#include "command/command.h"

#include <stdio.h>
#include <string.h>

#define IAMAT                                                                  \
    "IAMAT kiwi.cs.ucla.edu +34.068930-118.445127 1479413884.392014450"


static command_kind_t
s_kind (span_t line)
{
    command_t command;
    command_parse (&command, line, LOCATION_CLIENT_SIZE_MAX);
    return command.kind;
}


static void
s_all_are (const span_t *lines, size_t count, command_kind_t kind)
{
    for (size_t at = 0; at < count; at++)
        assert_row (s_kind (lines [at]) == kind, lines [at].data);
}


//  "IAMAT kiwi.cs.ucla.edu +34.068930-118.445127 1479413884.392014450"

static void
the_example_iamat_is_read (void **state)
{
    (void) state;
    command_t command;
    command_parse (&command, SPAN (IAMAT), LOCATION_CLIENT_SIZE_MAX);
    assert_int_equal (command.kind, COMMAND_IAMAT);
    assert_text (command.client, "kiwi.cs.ucla.edu");
    assert_text (command.place, "+34.068930-118.445127");
    assert_text (command.stamp, "1479413884.392014450");
    assert_int_equal (command.stamped.seconds, 1479413884);
    assert_int_equal (command.stamped.nanoseconds, 392014450);
    assert_int_equal (command.radius_mm, 0);
    assert_int_equal (command.bound, 0);
}


//  "WHATSAT kiwi.cs.ucla.edu 10 5"

static void
the_example_whatsat_is_read (void **state)
{
    (void) state;
    command_t command;
    command_parse (&command, SPAN ("WHATSAT kiwi.cs.ucla.edu 10 5"),
        LOCATION_CLIENT_SIZE_MAX);
    assert_int_equal (command.kind, COMMAND_WHATSAT);
    assert_text (command.client, "kiwi.cs.ucla.edu");
    assert_int_equal (command.radius_mm, 10000000);
    assert_int_equal (command.bound, 5);
    assert_int_equal (command.place.size, 0);
    assert_int_equal (command.stamp.size, 0);
}


//  "Fields are separated by one or more white space characters and do not
//  contain white space; ignore any leading or trailing white space"

static void
white_space_may_stand_anywhere_between_fields (void **state)
{
    (void) state;
    static const span_t lines [] = {BYTES (" IAMAT k +1+1 5"),
        BYTES ("IAMAT k +1+1 5 "), BYTES ("IAMAT k +1+1 5\r"),
        BYTES ("IAMAT\tk\v+1+1\f5"), BYTES ("IAMAT\rk\r+1+1\r5\r\r"),
        BYTES ("  \t\f\v\r IAMAT   k \t +1+1 \v 5 \f ")};
    s_all_are (lines, COUNT (lines), COMMAND_IAMAT);
}


//  "A client ID may be any string of non-white-space characters."

static void
a_client_id_may_be_any_bytes (void **state)
{
    (void) state;
    static const span_t ids [] = {BYTES ("k"), BYTES ("%n%s%x"), BYTES ("\xff"),
        BYTES ("caf\xc3\xa9"), BYTES ("a\xc2\xa0z"), BYTES ("\x1c\x1d\x1e\x1f"),
        BYTES ("\x85"), BYTES ("\"';--"), BYTES ("IAMAT"), BYTES ("WHATSAT"),
        BYTES ("AT"), BYTES ("+1+1"), BYTES ("?"), BYTES ("\x01\x7f\x08")};
    for (size_t at = 0; at < COUNT (ids); at++) {
        char line [64];
        snprintf (line, sizeof line, "WHATSAT %s 1 1", ids [at].data);
        command_t command;
        command_parse (&command, span_of (line), LOCATION_CLIENT_SIZE_MAX);
        assert_row (command.kind == COMMAND_WHATSAT, line);
        assert_span (command.client, ids [at]);
    }
}


//  The protocol's maximum, or a server's own

static void
a_client_id_has_as_many_bytes_as_may_be (void **state)
{
    (void) state;
    static const size_t most [] = {1, 100, LOCATION_CLIENT_SIZE_MAX};
    char line [LOCATION_CLIENT_SIZE_MAX + 64];
    for (size_t at = 0; at < COUNT (most) * 4; at++) {
        command_t command;
        size_t size = most [at / 4] + at % 2;
        bool iamat = at % 4 < 2;
        char *end =
            spans_write (line, iamat ? SPAN ("IAMAT ") : SPAN ("WHATSAT "));
        memset (end, 'x', size);
        end = spans_write (end + size, SPAN (" +1+1 1"));
        if (!iamat)
            end = spans_write (end - strlen ("+1+1 1"), SPAN ("1 1"));
        command_parse (
            &command, (span_t){line, (size_t) (end - line)}, most [at / 4]);
        command_kind_t good = iamat ? COMMAND_IAMAT : COMMAND_WHATSAT;
        assert_int_equal (command.kind, at % 2 ? COMMAND_BAD : good);
    }
}


//  A line with no field in it is ignored

static void
a_line_without_fields_is_no_command (void **state)
{
    (void) state;
    static const span_t lines [] = {BYTES (""), BYTES (" "), BYTES ("\r"),
        BYTES (" \t\r\n\f\v "), {NULL, 0}};
    for (size_t at = 0; at < COUNT (lines); at++)
        assert_int_equal (s_kind (lines [at]), COMMAND_NONE);
}


//  "the radius must be at most 50 km"

static void
a_radius_is_0_to_50_km_with_an_optional_fraction (void **state)
{
    (void) state;
    static const struct {
        const char *line;
        uint32_t radius_mm;
    } rows [] = {
        {"WHATSAT k 0 1", 0},
        {"WHATSAT k 0.0 1", 0},
        {"WHATSAT k 50 1", 50000000},
        {"WHATSAT k 50.000000000000 1", 50000000},
        {"WHATSAT k 49.999999 1", 49999999},
        {"WHATSAT k 49.9999999999 1", 49999999},
        {"WHATSAT k 0.5 1", 500000},
        {"WHATSAT k 0.000001 1", 1},
        {"WHATSAT k 0.0000009 1", 0},
        {"WHATSAT k 007.25 1", 7250000},
        {"WHATSAT k 1.5 1", 1500000},
    };
    for (size_t row = 0; row < COUNT (rows); row++) {
        command_t command;
        command_parse (
            &command, span_of (rows [row].line), LOCATION_CLIENT_SIZE_MAX);
        assert_row (command.kind == COMMAND_WHATSAT, rows [row].line);
        assert_row (command.radius_mm == rows [row].radius_mm, rows [row].line);
    }
}


static void
a_radius_above_50_km_is_invalid (void **state)
{
    (void) state;
    static const span_t lines [] = {BYTES ("WHATSAT k 51 1"),
        BYTES ("WHATSAT k 50.000001 1"), BYTES ("WHATSAT k 50.1 1"),
        BYTES ("WHATSAT k 50.00000000000000000000000001 1"),
        BYTES ("WHATSAT k 100 1"), BYTES ("WHATSAT k 500 1"),
        BYTES ("WHATSAT k 99999999999999999999999999 1")};
    s_all_are (lines, COUNT (lines), COMMAND_BAD);
}


//  4294967306 is too large, not 10

static void
a_radius_of_4294967306_is_too_large (void **state)
{
    (void) state;
    static const span_t lines [] = {BYTES ("WHATSAT k 4294967306 1"),
        BYTES ("WHATSAT k 18446744073709551626 1"),
        BYTES ("WHATSAT k 4294967306.5 1"),
        BYTES ("WHATSAT k 340282366920938463463374607431768211466 1")};
    s_all_are (lines, COUNT (lines), COMMAND_BAD);
}


static void
a_radius_is_not_written_otherwise (void **state)
{
    (void) state;
    static const span_t lines [] = {BYTES ("WHATSAT k -1 1"),
        BYTES ("WHATSAT k +1 1"), BYTES ("WHATSAT k -0 1"),
        BYTES ("WHATSAT k 1e1 1"), BYTES ("WHATSAT k 0x1 1"),
        BYTES ("WHATSAT k nan 1"), BYTES ("WHATSAT k inf 1"),
        BYTES ("WHATSAT k 1. 1"), BYTES ("WHATSAT k .5 1"),
        BYTES ("WHATSAT k . 1"), BYTES ("WHATSAT k 1.2.3 1"),
        BYTES ("WHATSAT k 1,5 1"), BYTES ("WHATSAT k 10km 1"),
        BYTES ("WHATSAT k 1.5f 1"), BYTES ("WHATSAT k 1_0 1"),
        BYTES ("WHATSAT k 1.0000000000x 1"), BYTES ("WHATSAT k ten 1")};
    s_all_are (lines, COUNT (lines), COMMAND_BAD);
}


//  "the information bound must be at most 20 items"

static void
a_bound_is_a_whole_number_from_0_to_20 (void **state)
{
    (void) state;
    char line [32] = "WHATSAT k 1 ";
    for (unsigned bound = 0; bound < 100; bound++) {
        line [12] = (char) ('0' + bound / 10);
        line [13] = (char) ('0' + bound % 10);
        command_t command;
        command_parse (&command, span_of (line), LOCATION_CLIENT_SIZE_MAX);
        assert_row ((command.kind == COMMAND_WHATSAT) == (bound <= 20), line);
        assert_row (command.bound == (bound <= 20 ? bound : 0), line);
    }
    static const span_t lines [] = {BYTES ("WHATSAT k 1 4294967306"),
        BYTES ("WHATSAT k 1 18446744073709551626"), BYTES ("WHATSAT k 1 -1"),
        BYTES ("WHATSAT k 1 -0"), BYTES ("WHATSAT k 1 +5"),
        BYTES ("WHATSAT k 1 5.0"), BYTES ("WHATSAT k 1 5."),
        BYTES ("WHATSAT k 1 1e1"), BYTES ("WHATSAT k 1 0x5"),
        BYTES ("WHATSAT k 1 nan"), BYTES ("WHATSAT k 1 5items"),
        BYTES ("WHATSAT k 1 100")};
    s_all_are (lines, COUNT (lines), COMMAND_BAD);
}


//  Four fields exactly; command names are case-sensitive

static void
a_command_has_its_name_and_three_operands (void **state)
{
    (void) state;
    static const span_t lines [] = {BYTES ("IAMAT"), BYTES ("IAMAT k"),
        BYTES ("IAMAT k +1+1"), BYTES ("IAMAT k +1+1 5 6"),
        BYTES ("IAMAT k +1 +1 5"), BYTES ("WHATSAT"), BYTES ("WHATSAT k"),
        BYTES ("WHATSAT k 1"), BYTES ("WHATSAT k 1 1 1"),
        BYTES ("iamat k +1+1 5"), BYTES ("Iamat k +1+1 5"),
        BYTES ("IAMATk +1+1 5 6"), BYTES ("IAMAT: k +1+1 5"),
        BYTES ("IAMA k +1+1 5"), BYTES ("WhatsAt k 1 1"),
        BYTES ("WHATSATX k 1 1"), BYTES ("\xef\xbb\xbfIAMAT k +1+1 5"),
        BYTES ("hello"), BYTES ("?"), BYTES ("IAMAT k +1+1 5 # now"),
        BYTES ("IAMAT\xc2\xa0k +1+1 5")};
    s_all_are (lines, COUNT (lines), COMMAND_BAD);
}


static void
a_client_has_no_words_to_speak_as_a_peer (void **state)
{
    (void) state;
    static const span_t lines [] = {BYTES ("AT Alford +0.263873386 k +1+1 5"),
        BYTES ("AT k +1+1 5"), BYTES ("AT a b c"),
        BYTES ("ZHERD/2 AAAAAAAAAAA Ball AAAAAAAAAAB 0 0 BATCH 0 1 0 0")};
    s_all_are (lines, COUNT (lines), COMMAND_BAD);
}


static void
a_bad_place_or_stamp_makes_an_iamat_invalid (void **state)
{
    (void) state;
    static const span_t lines [] = {BYTES ("IAMAT k +91+1 5"),
        BYTES ("IAMAT k +1+181 5"), BYTES ("IAMAT k 1+1 5"),
        BYTES ("IAMAT k +1+1/ 5"), BYTES ("IAMAT k +1+1 5."),
        BYTES ("IAMAT k +1+1 -5"), BYTES ("IAMAT k +1+1 1e9"),
        BYTES ("IAMAT k +1+1 BAAAAAAAAAA"), BYTES ("IAMAT k 5 +1+1")};
    s_all_are (lines, COUNT (lines), COMMAND_BAD);
}


//  A NUL makes a command invalid

static void
a_nul_anywhere_makes_a_command_invalid (void **state)
{
    (void) state;
    assert_int_equal (s_kind (SPAN ("\0")), COMMAND_BAD);
    char line [] = IAMAT;
    for (size_t at = 0; at < sizeof IAMAT - 1; at++) {
        char byte = line [at];
        line [at] = 0;
        assert_int_equal (
            s_kind ((span_t){line, sizeof IAMAT - 1}), COMMAND_BAD);
        line [at] = byte;
    }
    assert_int_equal (s_kind (SPAN (IAMAT " \0")), COMMAND_BAD);
}


static void
of_an_invalid_command_nothing_is_set (void **state)
{
    (void) state;
    static const span_t lines [] = {BYTES ("IAMAT k +1+1 5."),
        BYTES ("WHATSAT k 50 21"), BYTES ("WHATSAT k 51 20"), BYTES (" ")};
    for (size_t at = 0; at < COUNT (lines); at++) {
        command_t command;
        command_parse (&command, lines [at], LOCATION_CLIENT_SIZE_MAX);
        assert_int_equal (command.client.size, 0);
        assert_int_equal (command.place.size, 0);
        assert_int_equal (command.stamp.size, 0);
        assert_int_equal (command.stamped.seconds, 0);
        assert_int_equal (command.radius_mm, 0);
        assert_int_equal (command.bound, 0);
    }
}


int
main (void)
{
    const struct CMUnitTest cases [] = {
        cmocka_unit_test (the_example_iamat_is_read),
        cmocka_unit_test (the_example_whatsat_is_read),
        cmocka_unit_test (white_space_may_stand_anywhere_between_fields),
        cmocka_unit_test (a_client_id_may_be_any_bytes),
        cmocka_unit_test (a_client_id_has_as_many_bytes_as_may_be),
        cmocka_unit_test (a_line_without_fields_is_no_command),
        cmocka_unit_test (a_radius_is_0_to_50_km_with_an_optional_fraction),
        cmocka_unit_test (a_radius_above_50_km_is_invalid),
        cmocka_unit_test (a_radius_of_4294967306_is_too_large),
        cmocka_unit_test (a_radius_is_not_written_otherwise),
        cmocka_unit_test (a_bound_is_a_whole_number_from_0_to_20),
        cmocka_unit_test (a_command_has_its_name_and_three_operands),
        cmocka_unit_test (a_client_has_no_words_to_speak_as_a_peer),
        cmocka_unit_test (a_bad_place_or_stamp_makes_an_iamat_invalid),
        cmocka_unit_test (a_nul_anywhere_makes_a_command_invalid),
        cmocka_unit_test (of_an_invalid_command_nothing_is_set),
    };
    return cmocka_run_group_tests (cases, NULL, NULL);
}
