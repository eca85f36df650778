/*  =========================================================================
    test_layout - JSON as Google lays it out

    Byte for byte, in both layouts; pages of places are in places/test_page.
    =========================================================================
*/

#include "page/layout.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <cmocka.h>

#define TEN "aaaaaaaaaa"
#define SIXTY TEN TEN TEN TEN TEN TEN


//  What was laid out ends here, and is this

static void
s_is (layout_t *out, const char *expected)
{
    layout_end (out);
    assert_string_equal (out->text, expected);
    assert_int_equal (out->size, strlen (expected));
    free (out->text);
}


//  So are those texts, up to NULL, as the value of a key

static void
s_texts_are (
    layout_style_t style, const char *const *texts, const char *expected)
{
    layout_t out = {.style = style};
    span_t spans [32];
    char whole [1024];
    size_t count = 0;
    for (; texts [count]; count++)
        spans [count] = span_of (texts [count]);
    layout_begin (&out);
    layout_texts (&out, "k", spans, count);
    snprintf (whole, sizeof (whole), "{\n   \"k\" : %s\n}\n", expected);
    s_is (&out, whole);
}

#define TEXTS(...) ((const char *const []){__VA_ARGS__, NULL})


//  As in the assignment: objects, arrays and what is in them

static void
s_put_all (layout_t *out)
{
    layout_begin (out);
    layout_open (out, "results", '[');
    layout_open (out, NULL, '{');
    layout_open (out, "location", '{');
    layout_literal (out, "lat", "34.068921");
    layout_literal (out, "lng", "-118.445181");
    layout_close (out, '}');
    layout_text (out, "name", span_of ("UCLA"));
    layout_close (out, '}');
    layout_open (out, NULL, '{');
    layout_close (out, '}');
    layout_close (out, ']');
    layout_text (out, "status", span_of ("OK"));
}


static void
brackets_open_on_the_line_of_their_key (void **state)
{
    layout_t out = {.style = LAYOUT_CLASSIC};
    (void) state;
    s_put_all (&out);
    s_is (&out, "{\n"
                "   \"results\" : [\n"
                "      {\n"
                "         \"location\" : {\n"
                "            \"lat\" : 34.068921,\n"
                "            \"lng\" : -118.445181\n"
                "         },\n"
                "         \"name\" : \"UCLA\"\n"
                "      },\n"
                "      {}\n"
                "   ],\n"
                "   \"status\" : \"OK\"\n"
                "}\n");
}


static void
in_the_current_layout_brackets_open_lines (void **state)
{
    layout_t out = {.style = LAYOUT_CURRENT};
    (void) state;
    s_put_all (&out);
    s_is (&out, "{\n"
                "   \"results\" : \n"
                "   [\n"
                "      {\n"
                "         \"location\" : \n"
                "         {\n"
                "            \"lat\" : 34.068921,\n"
                "            \"lng\" : -118.445181\n"
                "         },\n"
                "         \"name\" : \"UCLA\"\n"
                "      },\n"
                "      {}\n"
                "   ],\n"
                "   \"status\" : \"OK\"\n"
                "}\n");
}


static void
nothing_in_it_takes_no_line (void **state)
{
    layout_t out = {.style = LAYOUT_CLASSIC};
    (void) state;
    layout_begin (&out);
    s_is (&out, "{}\n");
    out = (layout_t){.style = LAYOUT_CLASSIC};
    layout_begin (&out);
    layout_open (&out, "a", '[');
    layout_close (&out, ']');
    layout_open (&out, "o", '{');
    layout_close (&out, '}');
    s_is (&out, "{\n   \"a\" : [],\n   \"o\" : {}\n}\n");
    s_texts_are (LAYOUT_CLASSIC, (const char *const []){NULL}, "[]");
    s_texts_are (LAYOUT_CURRENT, (const char *const []){NULL}, "[]");
}


static void
short_texts_share_a_line (void **state)
{
    (void) state;
    s_texts_are (LAYOUT_CLASSIC, TEXTS ("a"), "[ \"a\" ]");
    s_texts_are (LAYOUT_CLASSIC, TEXTS ("a", "b"), "[ \"a\", \"b\" ]");
    s_texts_are (LAYOUT_CURRENT, TEXTS ("a", "b"),
        "\n   [\n      \"a\",\n      \"b\"\n   ]");
}


//  4 + 2 (n - 1) + the sizes is less than 74.  The quotes count, the indent
//  does not

static void
a_line_of_texts_has_its_limit (void **state)
{
    (void) state;
    //  4 + 2 + 2 + 2 + 63 = 73
    s_texts_are (
        LAYOUT_CLASSIC, TEXTS ("", SIXTY "aaa"), "[ \"\", \"" SIXTY "aaa\" ]");
    s_texts_are (LAYOUT_CLASSIC, TEXTS ("", SIXTY "aaaa"),
        "[\n      \"\",\n      \"" SIXTY "aaaa\"\n   ]");
    //  4 + 2 + 67 = 73
    s_texts_are (
        LAYOUT_CLASSIC, TEXTS (SIXTY "aaaaaaa"), "[ \"" SIXTY "aaaaaaa\" ]");
    s_texts_are (LAYOUT_CLASSIC, TEXTS (SIXTY "aaaaaaaa"),
        "[\n      \"" SIXTY "aaaaaaaa\"\n   ]");
    //  An escape counts as long as it is written: 4 + 2 + 11 * 6 = 72
    s_texts_are (LAYOUT_CLASSIC, TEXTS ("<<<<<<<<<<<"),
        "[ \"\\u003c\\u003c\\u003c\\u003c\\u003c\\u003c\\u003c\\u003c"
        "\\u003c\\u003c\\u003c\" ]");
    s_texts_are (LAYOUT_CLASSIC, TEXTS ("<<<<<<<<<<<aa"),
        "[\n      \"\\u003c\\u003c\\u003c\\u003c\\u003c\\u003c\\u003c\\u003c"
        "\\u003c\\u003c\\u003caa\"\n   ]");
}


static void
texts_are_escaped_as_google_does (void **state)
{
    (void) state;
    s_texts_are (LAYOUT_CLASSIC, TEXTS ("<b>\"R&D\" don't</b>"),
        "[ \"\\u003cb\\u003e\\\"R\\u0026D\\\" don\\u0027t\\u003c/b\\u003e\" ]");
    s_texts_are (LAYOUT_CLASSIC, TEXTS ("\b\f\n\r\t\\/"),
        "[ \"\\b\\f\\n\\r\\t\\\\/\" ]");
    s_texts_are (
        LAYOUT_CLASSIC, TEXTS ("\x01\x1F\x7f"), "[ \"\\u0001\\u001f\x7f\" ]");
    s_texts_are (LAYOUT_CLASSIC,
        TEXTS ("Caf\xC3\xA9 \xF0\x9F\x90\x9F \xD0\x90"),
        "[ \"Caf\xC3\xA9 \xF0\x9F\x90\x9F \xD0\x90\" ]");
    s_texts_are (
        LAYOUT_CLASSIC, TEXTS ("\xE2\x80\xA8"), "[ \"\xE2\x80\xA8\" ]");
    s_texts_are (LAYOUT_CLASSIC, TEXTS ("a\xFF", "\xC3"),
        "[ \"a\xEF\xBF\xBD\", \"\xEF\xBF\xBD\" ]");
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        cmocka_unit_test (brackets_open_on_the_line_of_their_key),
        cmocka_unit_test (in_the_current_layout_brackets_open_lines),
        cmocka_unit_test (nothing_in_it_takes_no_line),
        cmocka_unit_test (short_texts_share_a_line),
        cmocka_unit_test (a_line_of_texts_has_its_limit),
        cmocka_unit_test (texts_are_escaped_as_google_does),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
