/*  =========================================================================
    test_span - a piece of somebody else's text

    The words, fields and numbers that all of the core reads.  Tables of input
    and output; white space and UTF-8 over everything there is.
    =========================================================================
*/

#include "unit/chance.h"
#include "unit/spans.h"

#include <string.h>


static void
spans_of_the_same_bytes_are_equal (void **state)
{
    (void) state;
    assert_true (span_equal (SPAN ("kiwi"), span_of ("kiwi")));
    assert_true (span_equal (SPAN (""), (span_t){NULL, 0}));
    assert_true (span_equal (SPAN ("a\0b"), SPAN ("a\0b")));
    assert_false (span_equal (SPAN ("a\0b"), SPAN ("a\0c")));
    assert_false (span_equal (SPAN ("a\0b"), span_of ("a")));
    assert_false (span_equal (SPAN ("kiwi"), SPAN ("kiwI")));
    assert_false (span_equal (SPAN ("kiwi"), SPAN ("kiwi ")));
}


//  By bytes, as unsigned; a prefix comes first

static void
spans_are_ordered_by_their_bytes (void **state)
{
    (void) state;
    static const span_t ordered [] = {{NULL, 0}, {"\0", 1}, {"\0a", 2},
        {"A", 1}, {"a", 1}, {"a\0", 2}, {"ab", 2}, {"b", 1}, {"\x7f", 1},
        {"\x80", 1}, {"\xff", 1}};
    for (size_t one = 0; one < COUNT (ordered); one++)
        for (size_t other = 0; other < COUNT (ordered); other++) {
            int order = span_compare (ordered [one], ordered [other]);
            assert_int_equal (order < 0, one < other);
            assert_int_equal (order > 0, one > other);
        }
}


//  "A white space character is space, tab, carriage return, newline,
//  formfeed, or vertical tab."

static void
white_space_is_exactly_six_bytes (void **state)
{
    (void) state;
    for (int byte = 0; byte < 256; byte++) {
        bool blank = byte && strchr (" \t\r\n\f\v", byte);
        assert_int_equal (span_is_blank ((char) byte), blank);
    }
}


//  Letters and digits, and behind the first three others

static void
a_name_is_of_few_bytes (void **state)
{
    (void) state;
    static const char others [] = "_-.";
    for (int byte = 0; byte < 256; byte++) {
        const char name [] = {(char) byte, (char) byte};
        bool first = (byte >= '0' && byte <= '9') ||
                     (byte >= 'A' && byte <= 'Z') ||
                     (byte >= 'a' && byte <= 'z');
        bool later = first || (byte && strchr (others, byte));
        assert_int_equal (span_is_name ((span_t){name, 1}), first);
        assert_int_equal (span_is_name ((span_t){name, 2}), first);
        const char long_name [] = {'x', (char) byte};
        assert_int_equal (span_is_name ((span_t){long_name, 2}), later);
    }
}


static void
a_name_has_1_to_64_bytes (void **state)
{
    (void) state;
    char name [65];
    memset (name, 'x', sizeof (name));
    for (size_t size = 0; size <= sizeof (name); size++)
        assert_int_equal (
            span_is_name ((span_t){name, size}), size >= 1 && size <= 64);
}


//  "Fields are separated by one or more white space characters [...] ignore
//  any leading or trailing white space on the line."

static void
fields_are_what_stands_between_white_space (void **state)
{
    (void) state;
    static const struct {
        span_t line;
        const char *fields [4];
    } rows [] = {
        {BYTES ("a bc def"), {"a", "bc", "def"}},
        {BYTES ("  \t a \r\n\f\v b  "), {"a", "b"}},
        {BYTES ("a\tb\rc\nd"), {"a", "b", "c", "d"}},
        {BYTES ("a\fb\vc"), {"a", "b", "c"}},
        {BYTES ("\xc2\xa0 a\x1c"), {"\xc2\xa0", "a\x1c"}},
        {BYTES (" \t\r\n\f\v"), {NULL}},
        {BYTES (""), {NULL}},
    };
    for (size_t row = 0; row < COUNT (rows); row++) {
        span_t rest = rows [row].line;
        for (size_t at = 0; at < 4 && rows [row].fields [at]; at++)
            assert_text (span_field (&rest), rows [row].fields [at]);
        assert_text (span_field (&rest), "");
        assert_text (span_field (&rest), "");
        assert_int_equal (rest.size, 0);
    }
}


static void
a_field_may_hold_a_nul (void **state)
{
    (void) state;
    span_t rest = SPAN (" a\0b c");
    assert_span (span_field (&rest), SPAN ("a\0b"));
    assert_text (rest, " c");
}


static void
all_fields_are_those_that_are_cut_one_by_one (void **state)
{
    (void) state;
    static const char bytes [] = "abcdefg   \t\x1c\xa0";
    chance_t chance = chance_new (12);
    for (int round = 0; round < 20000; round++) {
        char text [40];
        span_t fields [8];
        span_t rest = {text, chance_below (&chance, sizeof (text) + 1)};
        for (size_t at = 0; at < rest.size; at++)
            text [at] = bytes [chance_below (&chance, sizeof (bytes))];
        size_t max = chance_below (&chance, COUNT (fields) + 1);
        size_t count = span_fields (rest, fields, max);
        for (size_t at = 0; at < count; at++)
            assert_span (span_field (&rest), fields [at]);
        assert_true (count == max || span_field (&rest).size == 0);
    }
}


static void
a_separator_ends_a_piece_and_is_taken (void **state)
{
    (void) state;
    span_t rest = SPAN ("one,,two,");
    assert_text (span_until (&rest, ','), "one");
    assert_text (rest, ",two,");
    assert_text (span_until (&rest, ','), "");
    assert_text (span_until (&rest, ','), "two");
    assert_text (rest, "");
    assert_text (span_until (&rest, ','), "");
    assert_text (span_until (&rest, ','), "");
}


static void
without_a_separator_the_whole_rest_is_a_piece (void **state)
{
    (void) state;
    span_t rest = SPAN ("one two");
    assert_text (span_until (&rest, '\n'), "one two");
    assert_int_equal (rest.size, 0);
}


//  "data may be NULL only if size is 0"

static void
nothing_has_no_pieces (void **state)
{
    (void) state;
    span_t rest = {NULL, 0};
    assert_int_equal (span_field (&rest).size, 0);
    assert_int_equal (span_until (&rest, ' ').size, 0);
    assert_int_equal (rest.size, 0);
    assert_int_equal (span_compare (rest, rest), 0);
}


static void
a_whole_number_is_digits_only_up_to_a_limit (void **state)
{
    (void) state;
    static const struct {
        const char *text;
        uint64_t max;
        int64_t number;  //  -1 if it is none
    } rows [] = {
        {"0", 0, 0},
        {"1", 0, -1},
        {"20", 20, 20},
        {"21", 20, -1},
        {"30", 20, -1},
        {"100", 20, -1},
        {"9", 5, -1},
        {"007", 7, 7},
        {"00000000000000000000000000000020", 20, 20},
        {"4294967306", 20, -1},
        {"18446744073709551626", 20, -1},
        {"18446744073709551616", UINT64_MAX, -1},
        {"184467440737095516150", UINT64_MAX, -1},
        {"9223372036854775807", UINT64_MAX, INT64_MAX},
        {"", 20, -1},
        {"+1", 20, -1},
        {"-1", 20, -1},
        {" 1", 20, -1},
        {"1 ", 20, -1},
        {"1.0", 20, -1},
        {"1e1", 20, -1},
        {"0x1", 20, -1},
        {"1_0", 20, -1},
        {"nan", 20, -1},
        {"\xd9\xa1", 20, -1},
    };
    for (size_t row = 0; row < COUNT (rows); row++) {
        uint64_t number = 77;
        bool good =
            span_number (span_of (rows [row].text), rows [row].max, &number);
        assert_row (good == (rows [row].number >= 0), rows [row].text);
        assert_row (number == (good ? (uint64_t) rows [row].number : 77),
            rows [row].text);
    }
    uint64_t number = 0;
    assert_true (
        span_number (SPAN ("18446744073709551615"), UINT64_MAX, &number));
    assert_true (number == UINT64_MAX);
    assert_false (span_number (SPAN ("1\0"), 20, &number));
}


static void
a_hexadecimal_number_is_sixteen_lower_case_digits (void **state)
{
    (void) state;
    static const struct {
        const char *text;
        bool good;
        uint64_t number;
    } rows [] = {
        {"0000000000000000", true, 0},
        {"0123456789abcdef", true, 0x0123456789abcdef},
        {"ffffffffffffffff", true, UINT64_MAX},
        {"0123456789ABCDEF", false, 0},
        {"0123456789abcdeg", false, 0},
        {"0x23456789abcdef", false, 0},
        {"0123456789abcde", false, 0},
        {"0123456789abcdef0", false, 0},
        {" 123456789abcdef", false, 0},
        {"-123456789abcdef", false, 0},
        {"", false, 0},
    };
    for (size_t row = 0; row < COUNT (rows); row++) {
        uint64_t number = 77;
        bool good = span_hex (span_of (rows [row].text), &number);
        assert_row (good == rows [row].good, rows [row].text);
        assert_row (number == (good ? rows [row].number : 77), rows [row].text);
    }
}


//  Write a code point as UTF-8 would, surrogates too

static size_t
s_encode (uint32_t point, char *text)
{
    size_t size = point < 0x80      ? 1
                  : point < 0x800   ? 2
                  : point < 0x10000 ? 3
                                    : 4;
    static const unsigned char leads [] = {0, 0, 0xC0, 0xE0, 0xF0};
    for (size_t at = size; at--;) {
        unsigned tail = at ? 0x80 | (point & 0x3F) : leads [size] | point;
        text [at] = (char) (unsigned char) tail;
        point >>= 6;
    }
    return size;
}


static void
every_character_beyond_ascii_is_utf8 (void **state)
{
    (void) state;
    for (uint32_t point = 0; point < 0x110000; point++) {
        char text [8];
        size_t size = s_encode (point, text);
        bool good = point >= 0x80 && (point < 0xD800 || point > 0xDFFF);
        size_t seen = span_utf8 ((span_t){text, size});
        if (seen != (good ? size : 0))
            fail_msg ("U+%04X: %zu", (unsigned) point, seen);
        if (good && span_utf8 ((span_t){text, size - 1}))
            fail_msg ("U+%04X, cut", (unsigned) point);
    }
}


static void
other_bytes_are_not_utf8 (void **state)
{
    (void) state;
    static const span_t rows [] = {BYTES (""), BYTES ("a"), BYTES ("\x80"),
        BYTES ("\xbf\x80"), BYTES ("\xc0\x80"), BYTES ("\xc1\xbf"),
        BYTES ("\xc2\x7f"), BYTES ("\xc2\xc0"), BYTES ("\xe0\x9f\xbf"),
        BYTES ("\xe1\x80"), BYTES ("\xe1\x80\x7f"), BYTES ("\xed\xa0\x80"),
        BYTES ("\xf0\x8f\xbf\xbf"), BYTES ("\xf4\x90\x80\x80"),
        BYTES ("\xf5\x80\x80\x80"), BYTES ("\xff"), BYTES ("\xfe\x80")};
    for (size_t row = 0; row < COUNT (rows); row++)
        assert_int_equal (span_utf8 (rows [row]), 0);
    assert_int_equal (span_utf8 (SPAN ("\xc3\xa9t\xc3\xa9")), 2);
}


int
main (void)
{
    const struct CMUnitTest cases [] = {
        cmocka_unit_test (spans_of_the_same_bytes_are_equal),
        cmocka_unit_test (spans_are_ordered_by_their_bytes),
        cmocka_unit_test (white_space_is_exactly_six_bytes),
        cmocka_unit_test (a_name_is_of_few_bytes),
        cmocka_unit_test (a_name_has_1_to_64_bytes),
        cmocka_unit_test (fields_are_what_stands_between_white_space),
        cmocka_unit_test (a_field_may_hold_a_nul),
        cmocka_unit_test (all_fields_are_those_that_are_cut_one_by_one),
        cmocka_unit_test (a_separator_ends_a_piece_and_is_taken),
        cmocka_unit_test (without_a_separator_the_whole_rest_is_a_piece),
        cmocka_unit_test (nothing_has_no_pieces),
        cmocka_unit_test (a_whole_number_is_digits_only_up_to_a_limit),
        cmocka_unit_test (a_hexadecimal_number_is_sixteen_lower_case_digits),
        cmocka_unit_test (every_character_beyond_ascii_is_utf8),
        cmocka_unit_test (other_bytes_are_not_utf8),
    };
    return cmocka_run_group_tests (cases, NULL, NULL);
}
