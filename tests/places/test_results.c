/*  =========================================================================
    test_results - a Nearby Search answer

    Whole pages, byte for byte; then texts that try to break out of one, read
    back with jansson.
    =========================================================================
*/

#include "places/results.h"

#include <czmq.h>
#include <jansson.h>

#include <setjmp.h>
#include <cmocka.h>


//  A page of those places in the classic layout

static char *
s_write (const place_t *places, size_t count, const char *message, size_t *size)
{
    results_t page = {.places = places,
        .count = count,
        .status = message ? GOOGLE_INVALID_REQUEST
                  : count ? GOOGLE_OK
                          : GOOGLE_ZERO_RESULTS,
        .message = message};
    return results_write (&page, LAYOUT_CLASSIC, size);
}


//  The page of one place with that name, somewhere

static char *
s_named (const char *name)
{
    place_t place = {.id = span_of ("gn-1"),
        .name = span_of (name),
        .vicinity = span_of ("US"),
        .types = span_of ("locality,political")};
    size_t size;
    char *page = s_write (&place, 1, NULL, &size);
    assert_int_equal (size, strlen (page));
    return page;
}


static void
s_page_is (char *page, size_t size, const char *expected)
{
    assert_int_equal (size, strlen (expected));
    assert_string_equal (page, expected);
    free (page);
}


//  The text stands on the page of a place with that name

static void
s_shows (const char *name, const char *text)
{
    char *page = s_named (name);
    if (!strstr (page, text))
        fail_msg ("%s\nis not on\n%s", text, page);
    free (page);
}


//  The page of a place with that name reads back as JSON with this name

static void
s_reads_back (const char *name, const char *expected)
{
    char *page = s_named (name);
    json_error_t error;
    json_t *json = json_loads (page, JSON_REJECT_DUPLICATES, &error);
    if (!json)
        fail_msg ("%s in\n%s", error.text, page);
    json_t *place = json_array_get (json_object_get (json, "results"), 0);
    assert_string_equal (
        json_string_value (json_object_get (place, "name")), expected);
    json_decref (json);
    free (page);
}


static const char s_golden [] =
    "{\n"
    "   \"html_attributions\" : [\n"
    "      \"Places by \\u003ca href=\\\"https://www.geonames.org/\\\""
    "\\u003eGeoNames\\u003c/a\\u003e, \\u003ca href=\\\""
    "https://creativecommons.org/licenses/by/4.0/\\\"\\u003e"
    "CC BY 4.0\\u003c/a\\u003e\"\n"
    "   ],\n"
    "   \"results\" : [\n"
    "      {\n"
    "         \"geometry\" : {\n"
    "            \"location\" : {\n"
    "               \"lat\" : 34.05223,\n"
    "               \"lng\" : -118.24368\n"
    "            },\n"
    "            \"viewport\" : {\n"
    "               \"northeast\" : {\n"
    "                  \"lat\" : 34.05357898,\n"
    "                  \"lng\" : -118.24233102\n"
    "               },\n"
    "               \"southwest\" : {\n"
    "                  \"lat\" : 34.05088102,\n"
    "                  \"lng\" : -118.24502898\n"
    "               }\n"
    "            }\n"
    "         },\n"
    "         \"name\" : \"Los Angeles\",\n"
    "         \"place_id\" : \"gn-5368361\",\n"
    "         \"plus_code\" : {\n"
    "            \"global_code\" : \"85633Q24+VG\"\n"
    "         },\n"
    "         \"reference\" : \"gn-5368361\",\n"
    "         \"types\" : [ \"locality\", \"political\" ],\n"
    "         \"vicinity\" : \"CA, US\"\n"
    "      },\n"
    "      {\n"
    "         \"geometry\" : {\n"
    "            \"location\" : {\n"
    "               \"lat\" : -90,\n"
    "               \"lng\" : 180\n"
    "            },\n"
    "            \"viewport\" : {\n"
    "               \"northeast\" : {\n"
    "                  \"lat\" : -89.99865102,\n"
    "                  \"lng\" : -179.99865102\n"
    "               },\n"
    "               \"southwest\" : {\n"
    "                  \"lat\" : -90,\n"
    "                  \"lng\" : 179.99865102\n"
    "               }\n"
    "            }\n"
    "         },\n"
    "         \"name\" : \"Q\",\n"
    "         \"place_id\" : \"gn-1\",\n"
    "         \"plus_code\" : {\n"
    "            \"global_code\" : \"22222222+22\"\n"
    "         },\n"
    "         \"reference\" : \"gn-1\",\n"
    "         \"types\" : [ \"neighborhood\", \"political\" ],\n"
    "         \"vicinity\" : \"FJ\"\n"
    "      }\n"
    "   ],\n"
    "   \"status\" : \"OK\"\n"
    "}\n";


#define CREDIT                                                                 \
    "Places by <a href=\"https://www.geonames.org/\">GeoNames</a>, "           \
    "<a href=\"https://creativecommons.org/licenses/by/4.0/\">CC BY 4.0</a>"
#define SPAN(text)                                                             \
    {                                                                          \
        text, sizeof (text) - 1                                                \
    }

static const place_t s_two [2] = {
    {SPAN ("gn-5368361"), SPAN ("Los Angeles"), SPAN ("CA, US"),
        SPAN ("locality,political"), SPAN (CREDIT), {340522300, -1182436800},
        0},
    {SPAN ("gn-1"), SPAN ("Q"), SPAN ("FJ"), SPAN ("neighborhood,political"),
        SPAN (CREDIT), {-900000000, 1800000000}, 0}};


static void
places_are_laid_out_like_googles (void **state)
{
    size_t size;
    char *page = s_write (s_two, 2, NULL, &size);
    (void) state;
    s_page_is (page, size, s_golden);
}


static void
no_places_are_zero_results (void **state)
{
    size_t size;
    char *page = s_write (NULL, 0, NULL, &size);
    (void) state;
    s_page_is (page, size,
        "{\n"
        "   \"html_attributions\" : [],\n"
        "   \"results\" : [],\n"
        "   \"status\" : \"ZERO_RESULTS\"\n"
        "}\n");
}


static void
an_error_keeps_the_frame (void **state)
{
    size_t size;
    char *page = s_write (NULL, 0, "it's \"wrong\"", &size);
    (void) state;
    s_page_is (page, size,
        "{\n"
        "   \"error_message\" : \"it\\u0027s \\\"wrong\\\"\",\n"
        "   \"html_attributions\" : [],\n"
        "   \"results\" : [],\n"
        "   \"status\" : \"INVALID_REQUEST\"\n"
        "}\n");
}


static const char s_current [] =
    "{\n"
    "   \"html_attributions\" : \n"
    "   [\n"
    "      \"we\"\n"
    "   ],\n"
    "   \"info_messages\" : \n"
    "   [\n"
    "      \"i\"\n"
    "   ],\n"
    "   \"next_page_token\" : \"t\",\n"
    "   \"results\" : \n"
    "   [\n"
    "      {\n"
    "         \"geometry\" : \n"
    "         {\n"
    "            \"location\" : \n"
    "            {\n"
    "               \"lat\" : 0,\n"
    "               \"lng\" : 0\n"
    "            },\n"
    "            \"viewport\" : \n"
    "            {\n"
    "               \"northeast\" : \n"
    "               {\n"
    "                  \"lat\" : 0.00134898,\n"
    "                  \"lng\" : 0.00134898\n"
    "               },\n"
    "               \"southwest\" : \n"
    "               {\n"
    "                  \"lat\" : -0.00134898,\n"
    "                  \"lng\" : -0.00134898\n"
    "               }\n"
    "            }\n"
    "         },\n"
    "         \"name\" : \"A\",\n"
    "         \"place_id\" : \"a\",\n"
    "         \"plus_code\" : \n"
    "         {\n"
    "            \"global_code\" : \"6FG22222+22\"\n"
    "         },\n"
    "         \"reference\" : \"a\",\n"
    "         \"types\" : \n"
    "         [\n"
    "            \"bar\"\n"
    "         ]\n"
    "      }\n"
    "   ],\n"
    "   \"status\" : \"OK\"\n"
    "}\n";


static void
the_current_layout_opens_lines (void **state)
{
    place_t place = {.id = span_of ("a"),
        .name = span_of ("A"),
        .types = span_of ("bar"),
        .credit = span_of ("we")};
    results_t page = {.places = &place,
        .count = 1,
        .status = GOOGLE_OK,
        .info = "i",
        .token = "t"};
    size_t size;
    (void) state;
    char *text = results_write (&page, LAYOUT_CURRENT, &size);
    s_page_is (text, size, s_current);
    page = (results_t){.status = GOOGLE_ZERO_RESULTS};
    text = results_write (&page, LAYOUT_CURRENT, &size);
    s_page_is (text, size,
        "{\n"
        "   \"html_attributions\" : [],\n"
        "   \"results\" : [],\n"
        "   \"status\" : \"ZERO_RESULTS\"\n"
        "}\n");
}


//  Each source is credited once, if it stands in the results

static void
sources_are_credited_in_their_order (void **state)
{
    place_t places [4] = {{.credit = SPAN ("b")}, {.credit = SPAN ("a")},
        {.credit = SPAN ("")}, {.credit = SPAN ("b")}};
    size_t size;
    char *page = s_write (places, 4, NULL, &size);
    (void) state;
    assert_non_null (
        strstr (page, "\"html_attributions\" : [ \"b\", \"a\" ],\n"));
    free (page);
}


static void
what_json_and_html_take_for_theirs_is_escaped (void **state)
{
    (void) state;
    s_shows ("\"\\/", "\"name\" : \"\\\"\\\\/\",\n");
    s_shows ("<b>&'", "\"name\" : \"\\u003cb\\u003e\\u0026\\u0027\",\n");
    s_shows ("\b\f\n\r\t", "\"name\" : \"\\b\\f\\n\\r\\t\",\n");
    s_shows ("\x01\x1f\x7f", "\"name\" : \"\\u0001\\u001f\x7f\",\n");
    s_shows ("Zürich 東京 \xf0\x9f\x97\xbc",
        "\"name\" : \"Zürich 東京 \xf0\x9f\x97\xbc\",\n");
}


#define BAD "\xef\xbf\xbd"


static void
invalid_utf_8_does_not_come_out (void **state)
{
    (void) state;
    s_reads_back ("a\xff"
                  "b",
        "a" BAD "b");
    s_reads_back ("\x80", BAD);
    s_reads_back ("\xc3", BAD);
    s_reads_back ("\xc3\"}", BAD "\"}");
    s_reads_back ("\xe6\x9d", BAD BAD);
    s_reads_back ("\xc0\xaf", BAD BAD);
    s_reads_back ("\xe0\x9f\xbf", BAD BAD BAD);
    s_reads_back ("\xed\xa0\x80", BAD BAD BAD);
    s_reads_back ("\xf0\x8f\xbf\xbf", BAD BAD BAD BAD);
    s_reads_back ("\xf4\x90\x80\x80", BAD BAD BAD BAD);
    s_reads_back ("\xf5\x80\x80\x80", BAD BAD BAD BAD);
    s_reads_back ("\xf4\x8f\xbf\xbf", "\xf4\x8f\xbf\xbf");
    s_reads_back ("\xed\x9f\xbf\xee\x80\x80", "\xed\x9f\xbf\xee\x80\x80");
}


static void
any_name_reads_back_as_it_is (void **state)
{
    char name [128];
    (void) state;
    for (int byte = 1; byte < 128; byte++)
        name [byte - 1] = (char) byte;
    name [127] = '\0';
    s_reads_back (name, name);
    s_reads_back ("\"}],\"status\":\"OK\"}", "\"}],\"status\":\"OK\"}");
    s_reads_back ("\\u0000", "\\u0000");
}


//  Examples of the Open Location Code's own test data

static void
plus_codes_are_right (void **state)
{
    static const struct {
        globe_point_t at;
        const char *code;
    } cases [] = {{{470000625, 80000625}, "8FVC2222+22"},
        {{-412730625, 1747859375}, "4VCPPQGP+Q9"},
        {{203700625, 27821875}, "7FG49QCJ+2V"},
        {{900000000, 10000000}, "CFX3X2X2+X2"},
        {{10000000, 1800000000}, "62H22222+22"},
        {{10000000, -1800000000}, "62H22222+22"}};
    (void) state;
    for (size_t index = 0; index < sizeof (cases) / sizeof (*cases); index++) {
        place_t place = {.at = cases [index].at};
        size_t size;
        char *page = s_write (&place, 1, NULL, &size);
        char code [32];
        snprintf (code, sizeof (code), "\"%s\"", cases [index].code);
        if (!strstr (page, code))
            fail_msg ("%s is not on\n%s", code, page);
        free (page);
    }
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        cmocka_unit_test (places_are_laid_out_like_googles),
        cmocka_unit_test (no_places_are_zero_results),
        cmocka_unit_test (an_error_keeps_the_frame),
        cmocka_unit_test (the_current_layout_opens_lines),
        cmocka_unit_test (sources_are_credited_in_their_order),
        cmocka_unit_test (what_json_and_html_take_for_theirs_is_escaped),
        cmocka_unit_test (invalid_utf_8_does_not_come_out),
        cmocka_unit_test (any_name_reads_back_as_it_is),
        cmocka_unit_test (plus_codes_are_right),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
