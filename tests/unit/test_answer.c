/*  =========================================================================
    test_answer - what a Places provider said, cut for the client

    By hand, what is JSON and how newlines fold; then made-up pages in both of
    Google's layouts, cut everywhere, and broken ones, with jansson's reading
    of them as the oracle.
    =========================================================================
*/

#include "unit/chance.h"
#include "unit/page.h"
#include "unit/spans.h"

#include "page/answer.h"
#include "page/failure.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>


//  Read a copy that ends where its memory does; true if the body is good

static bool
s_is_good (span_t body)
{
    char *copy = malloc (body.size + !body.size);
    assert_non_null (copy);
    if (body.size)
        memcpy (copy, body.data, body.size);
    answer_t answer;
    bool good = answer_read (&answer, (span_t){copy, body.size});
    free (copy);
    return good;
}


//  The body, cut to the bound, is printed so

static void
s_prints (span_t body, size_t bound, span_t expected)
{
    answer_t answer;
    assert_row (answer_read (&answer, body), body.data);
    char *text = malloc (body.size);
    assert_non_null (text);
    span_t printed = {text, answer_print (&answer, bound, text)};
    assert_span (printed, expected);
    free (text);
}


static void
one_object_is_an_answer (void **state)
{
    (void) state;
    static const span_t bodies [] = {BYTES ("{}"), BYTES (" \t\r\n{ } \n"),
        BYTES ("{\"a\":1}"), BYTES ("{\"a\" : [1,2.5,-0,1e9,1E-9,0.1e+9]}"),
        BYTES ("{\"a\":true,\"b\":false,\"c\":null}"), BYTES ("{\"\":\"\"}"),
        BYTES ("{\"a\":{\"b\":[[],{},[{}]]}}"),
        BYTES ("{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\uD83C\\uDF4B\"}"),
        BYTES ("{\"a\":\"caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x8d\x8b\x7f\"}"),
        BYTES ("{\"results\":[],\"a\":{\"results\":[]}}"),
        BYTES ("{\"results\":7}"), BYTES ("{\"status\":[\"OK\"]}")};
    for (size_t at = 0; at < COUNT (bodies); at++)
        assert_row (s_is_good (bodies [at]), bodies [at].data);
}


//  Its grammar has them.  Whoever puts them there, it is not for us to say that
//  there is no answer

static void
escapes_and_numbers_that_mean_nothing_are_passed_on (void **state)
{
    (void) state;
    static const span_t results [] = {BYTES ("\"\\ud83c\""),
        BYTES ("\"\\udf4b\""), BYTES ("\"\\ud83cx\""),
        BYTES ("\"\\ud83c\\u0041\""), BYTES ("\"\\ud83c\\ud83c\""),
        BYTES ("\"\\u0000\""), BYTES ("9223372036854775808"),
        BYTES ("-9223372036854775809"), BYTES ("1e999")};
    for (size_t at = 0; at < COUNT (results); at++) {
        char body [128];
        char printed [128];
        answer_t answer;
        int size = snprintf (body, sizeof (body),
            "{\"results\":[{\"a\":%s},2],\"status\":\"OK\"}",
            results [at].data);
        assert_true (answer_read (&answer, (span_t){body, (size_t) size}));
        assert_int_equal (answer.results, 2);
        assert_int_equal (answer_print (&answer, 20, printed), size);
        assert_memory_equal (printed, body, (size_t) size);
    }
}


//  RFC 8259, and no answer of another kind

static void
anything_else_is_none (void **state)
{
    (void) state;
    static const span_t bodies [] = {{NULL, 0}, BYTES (""), BYTES (" \n"),
        BYTES ("[]"), BYTES ("1"), BYTES ("\"a\""), BYTES ("true"),
        BYTES ("null"), BYTES ("{"), BYTES ("}"), BYTES ("{}}"),
        BYTES ("{} {}"), BYTES ("{},"), BYTES ("{}\0"), BYTES ("{]"),
        BYTES ("{\"a\"}"), BYTES ("{\"a\":}"), BYTES ("{\"a\":1,}"),
        BYTES ("{,\"a\":1}"), BYTES ("{\"a\":1 \"b\":2}"), BYTES ("{a:1}"),
        BYTES ("{'a':1}"), BYTES ("{1:1}"), BYTES ("{\"a\" 1}"),
        BYTES ("{\"a\"::1}"), BYTES ("{\"a\":1 2}"), BYTES ("{\"a\":[1,]}"),
        BYTES ("{\"a\":[,1]}"), BYTES ("{\"a\":[1 2]}"), BYTES ("{\"a\":[1}"),
        BYTES ("{\"a\":[1}}"), BYTES ("{\"a\":{]}"), BYTES ("{\"a\":01}"),
        BYTES ("{\"a\":+1}"), BYTES ("{\"a\":.5}"), BYTES ("{\"a\":5.}"),
        BYTES ("{\"a\":1e}"), BYTES ("{\"a\":1e+}"), BYTES ("{\"a\":-}"),
        BYTES ("{\"a\":--1}"), BYTES ("{\"a\":0x1}"), BYTES ("{\"a\":NaN}"),
        BYTES ("{\"a\":Infinity}"), BYTES ("{\"a\":tru}"),
        BYTES ("{\"a\":truee}"), BYTES ("{\"a\":True}"), BYTES ("{\"a\":nul"),
        BYTES ("{\"a\":\"b}"), BYTES ("{\"a\":\"b\\\"}"),
        BYTES ("{\"a\":\"\n\"}"), BYTES ("{\"a\":\"\t\"}"),
        BYTES ("{\"a\":\"\0\"}"), BYTES ("{\"a\":\"\\0\"}"),
        BYTES ("{\"a\":\"\\x41\"}"), BYTES ("{\"a\":\"\\u12\"}"),
        BYTES ("{\"a\":\"\\u12g4\"}"), BYTES ("{\"a\":\"\\U0041\"}"),
        BYTES ("{\"a\":\"\\ud83c\\"), BYTES ("{\"a\":\"\\ud83"),
        BYTES ("{\"a\":\"\x80\"}"), BYTES ("{\"a\":\"\xc3\"}"),
        BYTES ("{\"a\":\"\xc0\x80\"}"), BYTES ("{\"a\":\"\xed\xa0\x80\"}"),
        BYTES ("{\"a\":\"\xf5\x80\x80\x80\"}"), BYTES ("{\"a\":\"\xe2\x82"),
        BYTES ("\xef\xbb\xbf{}"), BYTES ("{\"a\":1}//x"), BYTES ("{/**/}"),
        BYTES ("{\v}"), BYTES ("{\f}"), BYTES ("\xc2\xa0{}"),
        BYTES ("<html>403</html>"), BYTES ("{\"results\":{}}"),
        BYTES ("{\"results\":[],\"results\":[]}"),
        BYTES ("{\"results\":5,\"results\":[]}"),
        BYTES ("{\"results\":[],\"results\":5}")};
    for (size_t at = 0; at < COUNT (bodies); at++)
        assert_row (!s_is_good (bodies [at]), bodies [at].data);
    answer_t answer;
    assert_false (answer_read (&answer, (span_t){NULL, 0}));
}


//  Nothing behind its end is read: the address sanitizer would see that

static void
what_is_cut_anywhere_is_none (void **state)
{
    (void) state;
    span_t body = SPAN ("{\"a234567\" : [ 1, \"b234567\", {} ], \"c\":true}");
    assert_true (s_is_good (body));
    while (body.size--)
        assert_row (!s_is_good (body), body.data);
}


//  Strings are read eight bytes at a time: each byte is looked at wherever it
//  stands in a string of any size

static void
a_byte_is_seen_wherever_it_stands (void **state)
{
    (void) state;
    char body [64] = "{\"";
    for (size_t size = 1; size <= 18; size++)
        for (size_t at = 0; at < size; at++)
            for (int byte = 0; byte < 256; byte++) {
                memset (body + 2, 'x', size);
                body [2 + at] = (char) byte;
                memcpy (body + 2 + size, "\":1}", 5);
                bool good =
                    byte >= ' ' && byte < 0x80 && byte != '"' && byte != '\\';
                span_t text = {body, size + 6};
                assert_row (s_is_good (text) == good, body);
            }
}


//  A colon may have any white space on either side, and more than Google has

static void
a_colon_has_what_white_space_it_likes (void **state)
{
    (void) state;
    static const char *const blanks [] = {
        "", " ", "  ", "\n", "\t", "\r\n", " \n         ", "\v", "x"};
    size_t good = COUNT (blanks) - 2;
    char body [64];
    for (size_t before = 0; before < COUNT (blanks); before++)
        for (size_t after = 0; after < COUNT (blanks); after++) {
            int size = snprintf (body, sizeof (body), "{\"a\"%s:%s1}",
                blanks [before], blanks [after]);
            assert_row (s_is_good ((span_t){body, (size_t) size}) ==
                            (before < good && after < good),
                body);
            //  Nothing is named
            assert_row (!s_is_good ((span_t){body, (size_t) size - 2}), body);
        }
}


//  Nest so many brackets in the outer object

static bool
s_is_good_at_depth (size_t depth)
{
    char *text = malloc (2 * depth + 8);
    assert_non_null (text);
    size_t size = 5;
    spans_write (text, SPAN ("{\"a\":"));
    memset (text + size, '[', depth - 1);
    memset (text + size + depth - 1, ']', depth - 1);
    size += 2 * (depth - 1);
    text [size++] = '}';
    bool good = s_is_good ((span_t){text, size});
    free (text);
    return good;
}


static void
nesting_deeper_than_512_is_refused (void **state)
{
    (void) state;
    assert_true (s_is_good_at_depth (ANSWER_DEPTH_MAX));
    assert_false (s_is_good_at_depth (ANSWER_DEPTH_MAX + 1));
    assert_false (s_is_good_at_depth (100000));
}


//  "any sequence of two or more adjacent newlines is replaced by a single
//  newline and [...] all trailing newlines are removed"

static void
newlines_are_folded (void **state)
{
    (void) state;
    static const struct {
        span_t body;
        span_t printed;
    } rows [] = {
        {BYTES ("{}"), BYTES ("{}")},
        {BYTES ("{}\n"), BYTES ("{}")},
        {BYTES ("{}\n\n\n"), BYTES ("{}")},
        {BYTES ("\n{}"), BYTES ("{}")},
        {BYTES ("\r{}"), BYTES ("{}")},
        {BYTES ("\n\n{}"), BYTES ("{}")},
        {BYTES ("{\n\n\n \"a\" : 1\n}\n"), BYTES ("{\n \"a\" : 1\n}")},
        {BYTES ("{\r\n\"a\" : 1\r\n\r\n}\r\n"), BYTES ("{\n\"a\" : 1\n}")},
        {BYTES ("{\r\"a\" : 1\r\r}\r"), BYTES ("{\n\"a\" : 1\n}")},
        {BYTES ("{\n\r\n\r\"a\":1}"), BYTES ("{\n\"a\":1}")},
        {BYTES ("\r\n\r\n{}\r\n\r\n"), BYTES ("{}")},
        {BYTES ("{ \n \n}"), BYTES ("{ \n \n}")},
        {BYTES ("{}\n \n"), BYTES ("{}\n ")},
        {BYTES (" \n\n{}"), BYTES (" \n{}")},
        {BYTES ("{\"a\":\"x\\n\\ny\"}"), BYTES ("{\"a\":\"x\\n\\ny\"}")},
        {BYTES ("{\"a\":\"\xe2\x80\xa8\xe2\x80\xa8\"}"),
            BYTES ("{\"a\":\"\xe2\x80\xa8\xe2\x80\xa8\"}")},
    };
    for (size_t row = 0; row < COUNT (rows); row++)
        s_prints (rows [row].body, 20, rows [row].printed);
}


//  Pages without anything to fold are copied in one go: what is to be folded is
//  found wherever it is

static void
a_fold_is_seen_wherever_it_stands (void **state)
{
    (void) state;
    static const struct {
        const char *newlines;
        const char *printed;
    } rows [] = {{"\n", "\n"}, {"\n\n", "\n"}, {"\r", "\n"}, {"\r\n", "\n"},
        {"\n\r", "\n"}, {"\n \n", "\n \n"}};
    char body [128];
    char printed [128];
    for (size_t row = 0; row < COUNT (rows); row++)
        for (int size = 0; size < 50; size++) {
            int before = snprintf (body, sizeof (body),
                "{\"a\":1,%*s%s\"b\":2}", size, "", rows [row].newlines);
            int after = snprintf (printed, sizeof (printed),
                "{\"a\":1,%*s%s\"b\":2}", size, "", rows [row].printed);
            s_prints ((span_t){body, (size_t) before}, 20,
                (span_t){printed, (size_t) after});
        }
}


//  A cut does not bring two newlines together

static void
newlines_are_folded_across_a_cut (void **state)
{
    (void) state;
    s_prints (
        SPAN ("{\"results\":[\n1\n,\n2\n\n]}"), 0, SPAN ("{\"results\":[]}"));
    s_prints (SPAN ("{\"results\":[\n\n1\n,\n2\n\n]}"), 1,
        SPAN ("{\"results\":[\n1\n]}"));
    s_prints (
        SPAN ("{\"results\":[1,2\n]\n}"), 1, SPAN ("{\"results\":[1\n]\n}"));
}


static void
results_of_any_kind_are_counted (void **state)
{
    (void) state;
    span_t body = SPAN ("{\"results\" : [1, \"two\", [3, 3], {\"4\":[]}, null ]"
                        ", \"results2\" : [1, 2] }");
    answer_t answer;
    assert_true (answer_read (&answer, body));
    assert_int_equal (answer.results, 5);
    s_prints (body, 3,
        SPAN ("{\"results\" : [1, \"two\", [3, 3] ]"
              ", \"results2\" : [1, 2] }"));
    s_prints (body, 5, body);
    s_prints (body, 0,
        SPAN ("{\"results\" : []"
              ", \"results2\" : [1, 2] }"));
}


static void
only_the_top_level_results_are_cut (void **state)
{
    (void) state;
    s_prints (SPAN ("{\"a\":{\"results\":[1,2,3]},\"results\":[[1,2],5]}"), 1,
        SPAN ("{\"a\":{\"results\":[1,2,3]},\"results\":[[1,2]]}"));
    s_prints (SPAN ("{\"a\":\"results\",\"b\":[1,2,3]}"), 1,
        SPAN ("{\"a\":\"results\",\"b\":[1,2,3]}"));
    s_prints (SPAN ("{\"results\":[{\"results\":[1,2]}],\"c\":[1,2]}"), 1,
        SPAN ("{\"results\":[{\"results\":[1,2]}],\"c\":[1,2]}"));
}


static void
status_and_failure_are_read_at_the_top_only (void **state)
{
    (void) state;
    answer_t answer;
    assert_true (answer_read (
        &answer, SPAN ("{\"status\":\"OK\",\"a\":{\"status\":\"X\","
                       "\"error_message\":\"e\"}}")));
    assert_text (answer.status, "OK");
    assert_false (answer.failed);

    assert_true (answer_read (
        &answer, SPAN ("{\"a\":\"status\",\"results\":[\"status\"]}")));
    assert_text (answer.status, "");
    assert_true (answer_read (
        &answer, SPAN ("{\"status\":{\"a\":\"X\",\"status\":\"Y\"}}")));
    assert_text (answer.status, "");
    assert_true (answer_read (&answer,
        SPAN ("{\"error_message\":null,\"status\":\"REQUEST_DENIED\"}")));
    assert_text (answer.status, "REQUEST_DENIED");
    assert_true (answer.failed);
    assert_text (answer.message, "");
    assert_true (
        answer_read (&answer, SPAN ("{\"a\":{\"error_message\":\"b\"},"
                                    "\"error_message\":\"It\\u0027s you\"}")));
    assert_text (answer.message, "It\\u0027s you");
    assert_true (answer.failed);
}


//  Status is one of Google's failures, else UNKNOWN_ERROR

static void
only_words_of_failure_are_passed_on (void **state)
{
    (void) state;
    static const char *const words [] = {"INVALID_REQUEST", "OVER_QUERY_LIMIT",
        "OVER_DAILY_LIMIT", "REQUEST_DENIED", "NOT_FOUND", "ZERO_RESULTS",
        "UNKNOWN_ERROR"};
    for (size_t at = 0; at < COUNT (words); at++)
        assert_string_equal (
            google_status_word (failure_status (span_of (words [at]))),
            words [at]);
    static const span_t others [] = {{NULL, 0}, BYTES (""), BYTES ("OK"),
        BYTES ("request_denied"), BYTES ("REQUEST_DENIED "),
        BYTES ("REQUEST_DENIED\0"), BYTES ("<b>"), BYTES ("10.0.0.1")};
    for (size_t at = 0; at < COUNT (others); at++)
        assert_int_equal (failure_status (others [at]), GOOGLE_UNKNOWN_ERROR);
}


//  JSON in Google's frame

static void
a_failure_is_framed_as_google_frames_it (void **state)
{
    (void) state;
    size_t size = 0;
    char *text =
        failure_print (GOOGLE_UNKNOWN_ERROR, "It did not answer.", &size);
    assert_span (((span_t){text, size}),
        SPAN ("{\n"
              "   \"error_message\" : \"It did not answer.\",\n"
              "   \"html_attributions\" : [],\n"
              "   \"results\" : [],\n"
              "   \"status\" : \"UNKNOWN_ERROR\"\n"
              "}\n"));
    assert_true (s_is_good ((span_t){text, size}));
    free (text);
}


//  For every N: the start up to the end of the Nth result, and all after the
//  last one, byte by byte

static void
every_page_is_cut_at_every_bound (void **state)
{
    (void) state;
    chance_t chance = chance_new (1479413884);
    for (page_layout_t layout = 0; layout < PAGE_LAYOUTS; layout++)
        for (size_t count = 0; count <= 20; count++) {
            page_t page;
            page_init (&page, &chance, layout, count);
            for (size_t bound = 0; bound <= 20; bound++) {
                size_t size;
                char *cut = page_cut (&page, bound, &size);
                s_prints (
                    (span_t){page.text, page.size}, bound, (span_t){cut, size});
                free (cut);
            }
            page_clear (&page);
        }
}


//  The cut page holds the first N of the page's results, and all else as it is

static void
a_cut_page_means_what_the_page_meant (void **state)
{
    (void) state;
    chance_t chance = chance_new (2014);
    for (size_t round = 0; round < 84; round++) {
        page_t page;
        page_init (&page, &chance, round % 2, 1 + round % 20);
        size_t bound = round / 4;
        answer_t answer;
        assert_true (answer_read (&answer, (span_t){page.text, page.size}));
        assert_int_equal (answer.results, page.count);
        char *text = malloc (page.size);
        assert_non_null (text);
        size_t size = answer_print (&answer, bound, text);

        json_t *whole =
            json_loadb (page.text, page.size, JSON_REJECT_DUPLICATES, NULL);
        json_t *cut = json_loadb (text, size, JSON_REJECT_DUPLICATES, NULL);
        assert_non_null (whole);
        assert_non_null (cut);
        json_t *results = json_object_get (whole, "results");
        while (json_array_size (results) > bound)
            json_array_remove (results, json_array_size (results) - 1);
        assert_true (json_equal (whole, cut));
        json_decref (whole);
        json_decref (cut);
        free (text);
        page_clear (&page);
    }
}


int
main (void)
{
    json_object_seed (1);
    const struct CMUnitTest cases [] = {
        cmocka_unit_test (one_object_is_an_answer),
        cmocka_unit_test (escapes_and_numbers_that_mean_nothing_are_passed_on),
        cmocka_unit_test (anything_else_is_none),
        cmocka_unit_test (what_is_cut_anywhere_is_none),
        cmocka_unit_test (a_byte_is_seen_wherever_it_stands),
        cmocka_unit_test (a_colon_has_what_white_space_it_likes),
        cmocka_unit_test (nesting_deeper_than_512_is_refused),
        cmocka_unit_test (newlines_are_folded),
        cmocka_unit_test (a_fold_is_seen_wherever_it_stands),
        cmocka_unit_test (newlines_are_folded_across_a_cut),
        cmocka_unit_test (results_of_any_kind_are_counted),
        cmocka_unit_test (only_the_top_level_results_are_cut),
        cmocka_unit_test (status_and_failure_are_read_at_the_top_only),
        cmocka_unit_test (only_words_of_failure_are_passed_on),
        cmocka_unit_test (a_failure_is_framed_as_google_frames_it),
        cmocka_unit_test (every_page_is_cut_at_every_bound),
        cmocka_unit_test (a_cut_page_means_what_the_page_meant),
    };
    return cmocka_run_group_tests (cases, NULL, NULL);
}
