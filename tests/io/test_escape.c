/*  =========================================================================
    test_escape - any bytes as text on one line

    Every byte at every place, and sequences around the borders of UTF-8,
    against tables that say what is to come out.
    =========================================================================
*/

#include "log/escape.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <cmocka.h>

typedef struct {
    const char *in;
    const char *out;
} pair_t;


static void
s_check (span_t in, const char *out)
{
    char buffer [1024];
    assert_true (in.size * ESCAPE_GROWTH <= sizeof (buffer));
    size_t size = escape_print (in, buffer);
    assert_true (size <= in.size * ESCAPE_GROWTH);
    assert_int_equal (size, strlen (out));
    assert_memory_equal (buffer, out, size);
}


static void
s_check_pairs (const pair_t *pairs, size_t count)
{
    for (size_t index = 0; index < count; index++)
        s_check (span_of (pairs [index].in), pairs [index].out);
}


//  What one byte becomes when what follows is not of its sequence

static void
s_expect (unsigned char byte, char *out)
{
    static const char *const named [] = {
        "\\a", "\\b", "\\t", "\\n", "\\v", "\\f", "\\r"};
    if (byte >= '\a' && byte <= '\r')
        snprintf (out, 8, "%s", named [byte - '\a']);
    else if (byte == '\\')
        snprintf (out, 8, "\\\\");
    else if (byte < ' ' || byte >= 0x7F)
        snprintf (out, 8, "\\x%02x", byte);
    else
        snprintf (out, 8, "%c", byte);
}


static void
every_byte_at_every_place (void **state)
{
    (void) state;
    char in [24];
    char one [8];
    char out [64];
    for (size_t size = 1; size <= sizeof (in); size++)
        for (size_t at = 0; at < size; at++)
            for (unsigned byte = 0; byte < 256; byte++) {
                memset (in, 'a', size);
                in [at] = (char) byte;
                s_expect ((unsigned char) byte, one);
                snprintf (out, sizeof (out), "%.*s%s%.*s", (int) at,
                    "aaaaaaaaaaaaaaaaaaaaaaaa", one, (int) (size - at - 1),
                    "aaaaaaaaaaaaaaaaaaaaaaaa");
                s_check ((span_t){in, size}, out);
            }
}


//  The quick look at eight bytes must not let one hide behind another

static void
every_pair_of_bytes (void **state)
{
    (void) state;
    for (unsigned one = 0; one < 256; one++)
        for (unsigned other = 0; other < 256; other++) {
            char in [10] = "..........";
            char first [8];
            char second [8];
            char out [32];
            //  Those may be UTF-8 together, which has cases of its own
            if (one >= 0xC2 && other >= 0x80)
                continue;
            in [3] = (char) one;
            in [4] = (char) other;
            s_expect ((unsigned char) one, first);
            s_expect ((unsigned char) other, second);
            snprintf (out, sizeof (out), "...%s%s.....", first, second);
            s_check ((span_t){in, sizeof (in)}, out);
        }
}


static void
nothing_is_nothing (void **state)
{
    (void) state;
    s_check ((span_t){NULL, 0}, "");
    s_check ((span_t){"a", 0}, "");
}


static void
a_nul_is_not_the_end (void **state)
{
    (void) state;
    s_check ((span_t){"a\0b\0", 4}, "a\\x00b\\x00");
}


static void
utf8_stands_as_it_is (void **state)
{
    (void) state;
    static const char *const texts [] = {"Zürich", "京都", "\xC2\xA0",
        "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEF\xBF\xBF", "🐑",
        "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF", "abcdefgé", "abcdefghé"};
    for (size_t index = 0; index < sizeof (texts) / sizeof (*texts); index++)
        s_check (span_of (texts [index]), texts [index]);
}


static void
what_is_not_utf8_is_escaped (void **state)
{
    (void) state;
    static const pair_t pairs [] = {
        {"\xC3", "\\xc3"},
        {"\xE4\xBA", "\\xe4\\xba"},
        {"\xF0\x9F\x90", "\\xf0\\x9f\\x90"},
        {"\xC0\x80", "\\xc0\\x80"},
        {"\xC1\xBF", "\\xc1\\xbf"},
        {"\xE0\x9F\xBF", "\\xe0\\x9f\\xbf"},
        {"\xED\xA0\x80", "\\xed\\xa0\\x80"},
        {"\xF0\x8F\xBF\xBF", "\\xf0\\x8f\\xbf\\xbf"},
        {"\xF4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"},
        {"\xF5\x80\x80\x80", "\\xf5\\x80\\x80\\x80"},
        {"\xC3é", "\\xc3é"},
        {"\x80\xBF", "\\x80\\xbf"},
        {"\xE4\nx", "\\xe4\\nx"},
    };
    s_check_pairs (pairs, sizeof (pairs) / sizeof (*pairs));
}


//  A sequence cut by the end of the text is not completed by what lies behind

static void
a_text_ends_where_it_ends (void **state)
{
    (void) state;
    s_check ((span_t){"é", 1}, "\\xc3");
    s_check ((span_t){"🐑", 3}, "\\xf0\\x9f\\x90");
}


//  U+0080 to U+009F drive terminals: 9B is what ESC [ is

static void
c1_controls_are_escaped (void **state)
{
    (void) state;
    for (unsigned char byte = 0x80; byte < 0xA0; byte++) {
        char in [] = {'a', '\xC2', (char) byte, '2', 'J'};
        char out [32];
        snprintf (out, sizeof (out), "a\\xc2\\x%02x2J", byte);
        s_check ((span_t){in, sizeof (in)}, out);
    }
}


static void
a_terminal_is_not_driven (void **state)
{
    (void) state;
    static const pair_t pairs [] = {
        {"\x1b[2J\x1b]0;title\a", "\\x1b[2J\\x1b]0;title\\a"},
        {"a\r\nb", "a\\r\\nb"},
        {"\\n", "\\\\n"},
        {"\\\\", "\\\\\\\\"},
        {"\x7f\b\b", "\\x7f\\b\\b"},
    };
    s_check_pairs (pairs, sizeof (pairs) / sizeof (*pairs));
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        cmocka_unit_test (every_byte_at_every_place),
        cmocka_unit_test (every_pair_of_bytes),
        cmocka_unit_test (nothing_is_nothing),
        cmocka_unit_test (a_nul_is_not_the_end),
        cmocka_unit_test (utf8_stands_as_it_is),
        cmocka_unit_test (what_is_not_utf8_is_escaped),
        cmocka_unit_test (a_text_ends_where_it_ends),
        cmocka_unit_test (c1_controls_are_escaped),
        cmocka_unit_test (a_terminal_is_not_driven),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
