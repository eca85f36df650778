/*  =========================================================================
    test_legacy - JSON as Google's legacy Places lays it out

    Tables of JSON as anybody writes it, and as Google's classic layout has it.
    jansson, which knows of no layout, sees the same in both.
    =========================================================================
*/

#include "io/legacy.h"

#include "core/answer.h"

#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <setjmp.h>
#include <cmocka.h>

#define TEN "aaaaaaaaaa"


//  The object is printed like that

static void
s_check (const char *text, const char *expected)
{
    size_t size = 0;
    json_t *json = json_loads (text, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null (json);
    char *printed = legacy_print (json, &size);
    assert_string_equal (printed, expected);
    assert_int_equal (size, strlen (expected));
    json_t *again = json_loads (printed, JSON_REJECT_DUPLICATES, NULL);
    assert_true (json_equal (json, again));
    json_decref (again);
    json_decref (json);
    free (printed);
}


//  The value of a key is printed like that

static void
s_check_value (const char *text, const char *expected)
{
    char whole [1024];
    char all [1024];
    snprintf (whole, sizeof (whole), "{\"k\": %s}", text);
    snprintf (all, sizeof (all), "{\n   \"k\" : %s\n}\n", expected);
    s_check (whole, all);
}


static void
nothing_in_it_takes_no_line (void **state)
{
    (void) state;
    s_check ("{}", "{}\n");
    s_check_value ("{}", "{}");
    s_check_value ("[]", "[]");
    s_check_value ("[[]]", "[\n      []\n   ]");
}


//  As in the assignment, three blanks a level

static void
objects_and_arrays_open_on_the_line_of_their_key (void **state)
{
    (void) state;
    s_check ("{\"html_attributions\":[],\"results\":[{\"geometry\":"
             "{\"location\":{\"lat\":34.068921,\"lng\":-118.445181}},"
             "\"name\":\"UCLA\"},{}],\"status\":\"OK\"}",
        "{\n"
        "   \"html_attributions\" : [],\n"
        "   \"results\" : [\n"
        "      {\n"
        "         \"geometry\" : {\n"
        "            \"location\" : {\n"
        "               \"lat\" : 34.068921,\n"
        "               \"lng\" : -118.445181\n"
        "            }\n"
        "         },\n"
        "         \"name\" : \"UCLA\"\n"
        "      },\n"
        "      {}\n"
        "   ],\n"
        "   \"status\" : \"OK\"\n"
        "}\n");
}


static void
keys_stay_in_their_order (void **state)
{
    (void) state;
    s_check ("{\"z\":1,\"a\":2,\"m\":3}",
        "{\n   \"z\" : 1,\n   \"a\" : 2,\n   \"m\" : 3\n}\n");
}


static void
short_scalars_share_a_line (void **state)
{
    (void) state;
    s_check_value ("[\"a\",\"b\"]", "[ \"a\", \"b\" ]");
    s_check_value ("[1]", "[ 1 ]");
    s_check_value ("[1,2.5,true,false,null]", "[ 1, 2.5, true, false, null ]");
    s_check_value ("[{},1]", "[\n      {},\n      1\n   ]");
    s_check_value ("[[1]]", "[\n      [ 1 ]\n   ]");
}


//  4 + 2 (n - 1) + the sizes is less than 74.  The quotes count, the indent
//  does not

static void
a_line_of_scalars_has_its_limit (void **state)
{
    (void) state;
    //  4 + 2 + 2 + 2 + 63 = 73
    s_check_value ("[\"\",\"" TEN TEN TEN TEN TEN TEN "aaa\"]",
        "[ \"\", \"" TEN TEN TEN TEN TEN TEN "aaa\" ]");
    s_check_value ("[\"\",\"" TEN TEN TEN TEN TEN TEN "aaaa\"]",
        "[\n      \"\",\n      \"" TEN TEN TEN TEN TEN TEN "aaaa\"\n   ]");
    //  4 + 2 + 67 = 73
    s_check_value ("[\"" TEN TEN TEN TEN TEN TEN "aaaaaaa\"]",
        "[ \"" TEN TEN TEN TEN TEN TEN "aaaaaaa\" ]");
    s_check_value ("[\"" TEN TEN TEN TEN TEN TEN "aaaaaaaa\"]",
        "[\n      \"" TEN TEN TEN TEN TEN TEN "aaaaaaaa\"\n   ]");
    //  An escape counts as long as it is printed: 4 + 2 + 11 * 6 = 72
    s_check_value ("[\"<<<<<<<<<<<\"]",
        "[ \"\\u003c\\u003c\\u003c\\u003c\\u003c\\u003c\\u003c\\u003c"
        "\\u003c\\u003c\\u003c\" ]");
    s_check_value ("[\"<<<<<<<<<<<aa\"]",
        "[\n      \"\\u003c\\u003c\\u003c\\u003c\\u003c\\u003c\\u003c\\u003c"
        "\\u003c\\u003c\\u003caa\"\n   ]");
}


//  23 digits are 4 + 44 + 23 = 71 bytes, 24 are 74

static void
two_dozen_scalars_never_share_a_line (void **state)
{
    (void) state;
    s_check_value ("[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]",
        "[ 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, "
        "0 ]");
    size_t size = 0;
    json_t *array = json_array ();
    for (int count = 0; count < 24; count++)
        json_array_append_new (array, json_integer (0));
    json_t *object = json_pack ("{s:o}", "k", array);
    char *printed = legacy_print (object, &size);
    assert_int_equal (size,
        strlen ("{\n   \"k\" : [\n   ]\n}\n") + 24 * strlen ("      0,\n") - 1);
    free (printed);
    json_decref (object);
}


static void
strings_are_escaped_as_google_does (void **state)
{
    (void) state;
    s_check_value ("\"<b>\\\"R&D\\\" don't</b>\"",
        "\"\\u003cb\\u003e\\\"R\\u0026D\\\" don\\u0027t\\u003c/b\\u003e\"");
    s_check_value ("\"\\b\\f\\n\\r\\t\\\\\\/\"", "\"\\b\\f\\n\\r\\t\\\\/\"");
    s_check_value ("\"\\u0001\\u001F\\u007f\"", "\"\\u0001\\u001f\x7f\"");
    s_check_value ("\"Caf\\u00e9 \\ud83d\\udc1f \xD0\x90\"",
        "\"Caf\xC3\xA9 \xF0\x9F\x90\x9F \xD0\x90\"");
    s_check_value ("\"\\u2028\"", "\"\xE2\x80\xA8\"");
    s_check ("{\"<&>\":1}", "{\n   \"\\u003c\\u0026\\u003e\" : 1\n}\n");
}


//  Sixteen digits, as few as are needed

static void
numbers_are_as_c_prints_16_digits (void **state)
{
    size_t size = 0;
    (void) state;
    s_check_value ("[4,4.1,-0,0]", "[ 4, 4.1, 0, 0 ]");
    s_check_value ("[139.5690724802915]", "[ 139.5690724802915 ]");
    s_check_value ("[-72.67276199999999]", "[ -72.67276199999999 ]");
    s_check_value ("[9223372036854775807]", "[ 9223372036854775807 ]");
    s_check_value ("[1.5e300,1e-7]", "[ 1.5e+300, 1e-07 ]");
    json_t *object = json_pack ("{s:[f,f]}", "k", 4.0, 81.63495279999999);
    char *printed = legacy_print (object, &size);
    assert_string_equal (
        printed, "{\n   \"k\" : [ 4, 81.63495279999999 ]\n}\n");
    free (printed);
    json_decref (object);
}


//  For HTML first, then for JSON

static void
an_anchor_is_escaped (void **state)
{
    static const char *const cases [][3] = {
        {"https://a.example/?b&c", "B & <C>",
            "<a href=\"https://a.example/?b&amp;c\">B &amp; &lt;C&gt;</a>"},
        {"\"><script>", "\"",
            "<a href=\"&quot;&gt;&lt;script&gt;\">&quot;</a>"},
        {"", "", "<a href=\"\"></a>"}, {NULL, "A & B", "A &amp; B"}};
    (void) state;
    for (size_t index = 0; index < 4; index++) {
        json_t *anchor = legacy_anchor (cases [index][0], cases [index][1]);
        assert_string_equal (json_string_value (anchor), cases [index][2]);
        json_decref (anchor);
    }
    assert_null (legacy_anchor ("https://a.example/", NULL));
}


static void
a_failure_has_google_s_frame (void **state)
{
    size_t size = 0;
    answer_t answer;
    (void) state;
    json_t *failure = legacy_failure ("REQUEST_DENIED");
    char *printed = legacy_print (failure, &size);
    assert_string_equal (printed, "{\n"
                                  "   \"error_message\" : \"\",\n"
                                  "   \"html_attributions\" : [],\n"
                                  "   \"results\" : [],\n"
                                  "   \"status\" : \"REQUEST_DENIED\"\n"
                                  "}\n");
    assert_true (answer_read (&answer, (span_t){printed, size}, 20));
    assert_true (answer.failed);
    free (printed);
    json_decref (failure);
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        cmocka_unit_test (nothing_in_it_takes_no_line),
        cmocka_unit_test (objects_and_arrays_open_on_the_line_of_their_key),
        cmocka_unit_test (keys_stay_in_their_order),
        cmocka_unit_test (short_scalars_share_a_line),
        cmocka_unit_test (a_line_of_scalars_has_its_limit),
        cmocka_unit_test (two_dozen_scalars_never_share_a_line),
        cmocka_unit_test (strings_are_escaped_as_google_does),
        cmocka_unit_test (numbers_are_as_c_prints_16_digits),
        cmocka_unit_test (an_anchor_is_escaped),
        cmocka_unit_test (a_failure_has_google_s_frame),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
