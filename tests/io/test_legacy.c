/*  =========================================================================
    test_legacy - a provider's JSON as an answer of Google's legacy Places

    Values of every kind where a text, texts or a number may stand; whole
    answers are in test_google and test_overpass.
    =========================================================================
*/

#include "providers/legacy.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <cmocka.h>

typedef void (put_fn) (layout_t *out, const char *key, json_t *value);


//  Put so, the JSON value stands as that; NULL = it is left out

static void
s_check (put_fn *put, const char *value, const char *expected)
{
    layout_t out = {.style = LAYOUT_CLASSIC};
    char whole [256] = "{}\n";
    json_t *json = json_loads (value, JSON_DECODE_ANY, NULL);
    assert_non_null (json);
    if (expected)
        snprintf (whole, sizeof (whole), "{\n   \"k\" : %s\n}\n", expected);
    layout_begin (&out);
    put (&out, "k", json);
    layout_end (&out);
    assert_string_equal (out.text, whole);
    free (out.text);
    json_decref (json);
}


static void
what_is_of_another_kind_is_left_out (void **state)
{
    static const char *const values [] = {
        "null", "true", "{}", "{\"a\":\"b\"}", "\"\"", "1", "1.5", "[1]"};
    (void) state;
    for (size_t index = 0; index < 8; index++) {
        char first = *values [index];
        s_check (legacy_text, values [index], first == '"' ? "\"\"" : NULL);
        s_check (legacy_texts, values [index], first == '[' ? "[]" : NULL);
        s_check (legacy_number, values [index],
            first == '1' ? values [index] : NULL);
    }
    layout_t out = {.style = LAYOUT_CLASSIC};
    layout_begin (&out);
    legacy_text (&out, "k", NULL);
    legacy_texts (&out, "k", NULL);
    legacy_number (&out, "k", NULL);
    layout_end (&out);
    assert_string_equal (out.text, "{}\n");
    free (out.text);
}


static void
texts_are_those_of_an_array (void **state)
{
    (void) state;
    s_check (legacy_texts, "[]", "[]");
    s_check (legacy_texts, "[\"a\",null,\"b\",{},[\"c\"]]", "[ \"a\", \"b\" ]");
    s_check (legacy_text, "\"Caf\\u00e9 & \\ud83d\\udc1f\"",
        "\"Caf\xC3\xA9 \\u0026 \xF0\x9F\x90\x9F\"");
}


//  Sixteen digits, as few as are needed

static void
numbers_are_as_c_prints_16_digits (void **state)
{
    static const char *const cases [][2] = {{"4", "4"}, {"4.0", "4"},
        {"4.1", "4.1"}, {"0", "0"}, {"139.5690724802915", "139.5690724802915"},
        {"-72.67276199999999", "-72.67276199999999"},
        {"81.63495279999999", "81.63495279999999"},
        {"9223372036854775807", "9223372036854775807"},
        {"-9223372036854775808", "-9223372036854775808"},
        {"1.5e300", "1.5e+300"}, {"1e-7", "1e-07"},
        {"-1.7976931348623157e308", "-1.797693134862316e+308"}};
    (void) state;
    for (size_t index = 0; index < 12; index++)
        s_check (legacy_number, cases [index][0], cases [index][1]);
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
s_name (layout_t *out, json_t *place)
{
    legacy_text (out, "name", json_object_get (place, "n"));
}


static void
an_answer_has_a_result_for_each_object (void **state)
{
    size_t size = 0;
    (void) state;
    json_t *credits = json_pack ("[s]", "we");
    json_t *places = json_loads ("[1,{\"n\":\"A\"},null,{},[]]", 0, NULL);
    char *text = legacy_answer (credits, places, s_name, &size);
    assert_string_equal (text, "{\n"
                               "   \"html_attributions\" : [ \"we\" ],\n"
                               "   \"results\" : [\n"
                               "      {\n"
                               "         \"name\" : \"A\"\n"
                               "      },\n"
                               "      {}\n"
                               "   ],\n"
                               "   \"status\" : \"OK\"\n"
                               "}\n");
    assert_int_equal (size, strlen (text));
    free (text);
    json_array_clear (places);
    json_array_clear (credits);
    text = legacy_answer (credits, places, s_name, &size);
    assert_string_equal (text, "{\n"
                               "   \"html_attributions\" : [],\n"
                               "   \"results\" : [],\n"
                               "   \"status\" : \"ZERO_RESULTS\"\n"
                               "}\n");
    free (text);
    json_decref (places);
    json_decref (credits);
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        cmocka_unit_test (what_is_of_another_kind_is_left_out),
        cmocka_unit_test (texts_are_those_of_an_array),
        cmocka_unit_test (numbers_are_as_c_prints_16_digits),
        cmocka_unit_test (an_anchor_is_escaped),
        cmocka_unit_test (an_answer_has_a_result_for_each_object),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
