/*  =========================================================================
    test_lines - bytes in any slices become lines

    The law is that slices do not matter: a text is cut at random, and the
    lines must be those that a look at the whole text finds.
    =========================================================================
*/

#include "unit/chance.h"
#include "unit/spans.h"

#include "base/lines.h"

#include <string.h>

#define TEXT_SIZE 4000


static void
a_line_ends_at_its_lf (void **state)
{
    (void) state;
    lines_t lines = {NULL, 0, 0};
    span_t bytes = SPAN ("one\n\ntwo\r\nthree");
    span_t line;
    assert_int_equal (lines_next (&lines, &bytes, 80, &line), LINES_LINE);
    assert_text (line, "one");
    assert_int_equal (lines_next (&lines, &bytes, 80, &line), LINES_LINE);
    assert_text (line, "");
    assert_int_equal (lines_next (&lines, &bytes, 80, &line), LINES_LINE);
    assert_text (line, "two\r");
    assert_int_equal (lines_next (&lines, &bytes, 80, &line), LINES_MORE);
    assert_int_equal (bytes.size, 0);
    assert_text (lines_rest (&lines), "three");
    lines_clear (&lines);
    assert_int_equal (lines_rest (&lines).size, 0);
}


static void
a_whole_line_is_not_copied (void **state)
{
    (void) state;
    lines_t lines = {NULL, 0, 0};
    const char *text = "one\ntwo\n";
    span_t bytes = span_of (text);
    span_t line;
    assert_int_equal (lines_next (&lines, &bytes, 80, &line), LINES_LINE);
    assert_ptr_equal (line.data, text);
    assert_int_equal (lines_next (&lines, &bytes, 80, &line), LINES_LINE);
    assert_ptr_equal (line.data, text + 4);
    assert_int_equal (lines_next (&lines, &bytes, 80, &line), LINES_MORE);
    assert_int_equal (lines.room, 0);
}


static void
no_bytes_are_no_line (void **state)
{
    (void) state;
    lines_t lines = {NULL, 0, 0};
    span_t bytes = {NULL, 0};
    span_t line;
    assert_int_equal (lines_next (&lines, &bytes, 80, &line), LINES_MORE);
    bytes = SPAN ("ab");
    assert_int_equal (lines_next (&lines, &bytes, 80, &line), LINES_MORE);
    assert_int_equal (lines_next (&lines, &bytes, 80, &line), LINES_MORE);
    assert_text (lines_rest (&lines), "ab");
    lines_clear (&lines);
}


static void
a_line_may_hold_any_byte_but_lf (void **state)
{
    (void) state;
    char text [257];
    for (size_t at = 0; at < 256; at++)
        text [at] = (char) (unsigned char) at;
    text ['\n'] = 'x';
    text [256] = '\n';
    for (size_t slice = 1; slice < sizeof text; slice += 51) {
        lines_t lines = {NULL, 0, 0};
        span_t bytes = {text, slice};
        span_t line;
        assert_int_equal (lines_next (&lines, &bytes, 256, &line), LINES_MORE);
        bytes = (span_t){text + slice, sizeof text - slice};
        assert_int_equal (lines_next (&lines, &bytes, 256, &line), LINES_LINE);
        assert_span (line, ((span_t){text, 256}));
        lines_clear (&lines);
    }
}


//  Feed the text in two slices; return what came of its first line

static lines_result_t
s_first (const char *text, size_t slice, size_t size_max, span_t expected)
{
    lines_t lines = {NULL, 0, 0};
    span_t bytes = {text, slice};
    span_t line;
    lines_result_t result = lines_next (&lines, &bytes, size_max, &line);
    if (result == LINES_MORE) {
        bytes = (span_t){text + slice, strlen (text) - slice};
        result = lines_next (&lines, &bytes, size_max, &line);
    }
    if (result == LINES_LINE)
        assert_span (line, expected);
    if (result == LINES_LONG) {
        assert_true (line.size >= size_max);
        assert_memory_equal (line.data, text, size_max);
    }
    lines_clear (&lines);
    return result;
}


//  Longest line: as many bytes as said, its LF not counted

static void
a_line_of_the_longest_size_passes_and_no_longer_one (void **state)
{
    (void) state;
    const char *text = "0123456789\n";
    for (size_t slice = 0; slice <= 11; slice++) {
        assert_int_equal (
            s_first (text, slice, 10, SPAN ("0123456789")), LINES_LINE);
        assert_int_equal (
            s_first (text, slice, 11, SPAN ("0123456789")), LINES_LINE);
        assert_int_equal (
            s_first (text, slice, 9, SPAN ("0123456789")), LINES_LONG);
        assert_int_equal (s_first (text, slice, 1, SPAN ("")), LINES_LONG);
    }
}


static void
a_line_without_end_is_told_before_it_ends (void **state)
{
    (void) state;
    lines_t lines = {NULL, 0, 0};
    span_t line;
    for (size_t at = 0; at < 100; at++) {
        span_t bytes = SPAN ("x");
        assert_int_equal (lines_next (&lines, &bytes, 100, &line), LINES_MORE);
    }
    span_t bytes = SPAN ("x");
    assert_int_equal (lines_next (&lines, &bytes, 100, &line), LINES_LONG);
    assert_true (line.size >= 100);
    lines_clear (&lines);
}


//  A client cannot make us keep more than its line may be long

static void
what_is_kept_is_bounded (void **state)
{
    (void) state;
    static char text [1000000];
    memset (text, 'x', sizeof text);
    lines_t lines = {NULL, 0, 0};
    span_t bytes = {text, sizeof text};
    span_t line;
    assert_int_equal (lines_next (&lines, &bytes, 100, &line), LINES_LONG);
    assert_true (lines.room <= 256);
    lines_clear (&lines);

    bytes = (span_t){text, 100};
    assert_int_equal (lines_next (&lines, &bytes, 100, &line), LINES_MORE);
    bytes = (span_t){text, sizeof text};
    assert_int_equal (lines_next (&lines, &bytes, 100, &line), LINES_LONG);
    assert_true (lines.room <= 512);
    lines_clear (&lines);
}


static void
memory_is_given_back_between_lines (void **state)
{
    (void) state;
    lines_t lines = {NULL, 0, 0};
    span_t line;
    span_t bytes = SPAN ("on");
    assert_int_equal (lines_next (&lines, &bytes, 80, &line), LINES_MORE);
    bytes = SPAN ("e\n");
    assert_int_equal (lines_next (&lines, &bytes, 80, &line), LINES_LINE);
    assert_text (line, "one");
    assert_int_equal (lines_next (&lines, &bytes, 80, &line), LINES_MORE);
    assert_null (lines.kept);
}


//  Cut the text at random and compare with its lines, seen as a whole

static void
s_feed (chance_t *chance, span_t text, size_t slice_max)
{
    lines_t lines = {NULL, 0, 0};
    span_t expected = text;
    size_t fed = 0;
    while (fed < text.size) {
        size_t size = 1 + chance_below (chance, slice_max);
        if (size > text.size - fed)
            size = text.size - fed;

        //  A copy just as large, so that reading beyond it is seen
        char *slice = test_malloc (size);
        memcpy (slice, text.data + fed, size);
        span_t bytes = {slice, size};
        span_t line;
        while (lines_next (&lines, &bytes, TEXT_SIZE, &line) == LINES_LINE)
            assert_span (line, span_until (&expected, '\n'));
        test_free (slice);
        fed += size;
    }
    assert_span (lines_rest (&lines), expected);
    lines_clear (&lines);
}


static void
lines_in_any_slices_are_the_same_lines (void **state)
{
    (void) state;
    chance_t chance = chance_new (18446744);
    static char text [TEXT_SIZE];
    for (int round = 0; round < 200; round++) {
        size_t rare = 2 + chance_below (&chance, 200);
        for (size_t at = 0; at < TEXT_SIZE; at++) {
            text [at] = (char) (unsigned char) chance_below (&chance, 256);
            if (chance_below (&chance, rare) == 0)
                text [at] = '\n';
        }
        size_t size = chance_below (&chance, TEXT_SIZE + 1);
        size_t slice_max = 1 + chance_below (&chance, 300);
        s_feed (&chance, (span_t){text, size}, slice_max);
    }
}


int
main (void)
{
    const struct CMUnitTest cases [] = {
        cmocka_unit_test (a_line_ends_at_its_lf),
        cmocka_unit_test (a_whole_line_is_not_copied),
        cmocka_unit_test (no_bytes_are_no_line),
        cmocka_unit_test (a_line_may_hold_any_byte_but_lf),
        cmocka_unit_test (a_line_of_the_longest_size_passes_and_no_longer_one),
        cmocka_unit_test (a_line_without_end_is_told_before_it_ends),
        cmocka_unit_test (what_is_kept_is_bounded),
        cmocka_unit_test (memory_is_given_back_between_lines),
        cmocka_unit_test (lines_in_any_slices_are_the_same_lines),
    };
    return cmocka_run_group_tests (cases, NULL, NULL);
}
