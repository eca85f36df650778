/*  =========================================================================
    test_google - Google's Places API (New) in the words of the legacy API

    Answers written by hand after Google's published schema, and none that
    Google ever gave: each field and its rule, each error, and nonsense in
    every position.
    =========================================================================
*/

#include "io/translation.h"

#include <stdio.h>

#define GOOGLE &api_google
#define ICONS "https://maps.gstatic.com/mapfiles/place_api/icons/"

//  A place with all there can be
#define ALL                                                                    \
    "{\"name\":\"places/id-1\",\"id\":\"id-1\",\"displayName\":{\"text\":"     \
    "\"Caf\xC3\xA9 <Kiwi> & Sons\",\"languageCode\":\"en\"},\"location\":"     \
    "{\"latitude\":34.06893,\"longitude\":-118.445127},\"viewport\":{\"low\":" \
    "{\"latitude\":34.0675,\"longitude\":-118.4464},\"high\":{\"latitude\":"   \
    "34.0702,\"longitude\":-118.4437}},\"types\":[\"cafe\",\"food\"],"         \
    "\"shortFormattedAddress\":\"1 Bird Street, Birdtown\","                   \
    "\"formattedAddress\":\"1 Bird Street, Birdtown, CA 90000, USA\","         \
    "\"businessStatus\":\"OPERATIONAL\",\"iconMaskBaseUri\":\"" ICONS          \
    "v2/cafe_pinlet\",\"iconBackgroundColor\":\"#FF9E67\",\"photos\":[{"       \
    "\"name\":\"places/id-1/photos/ref-1\",\"widthPx\":4032,\"heightPx\":"     \
    "3024,\"authorAttributions\":[{\"displayName\":\"A \\\"B\\\" & C\","       \
    "\"uri\":\"//maps.example/1?a&b\"},{\"displayName\":\"D\"}]},{\"name\":"   \
    "\"places/id-1/photos/ref-2\"}],\"plusCode\":{\"globalCode\":"             \
    "\"85632H93+HX\",\"compoundCode\":\"2H93+HX Birdtown\"},\"attributions\":" \
    "[{\"provider\":\"Birds\",\"providerUri\":\"https://birds.example/\"},"    \
    "{\"provider\":\"Birds\",\"providerUri\":\"https://birds.example/\"}],"    \
    "\"rating\":4.1,\"userRatingCount\":1234,\"priceLevel\":"                  \
    "\"PRICE_LEVEL_MODERATE\",\"currentOpeningHours\":{\"openNow\":true}}"

#define ONE(fields) "{\"places\":[{" fields "}]}"


//  In Google's legacy order, in its classic layout

static const char s_all [] =
    "{\n"
    "   \"html_attributions\" : [ "
    "\"\\u003ca href=\\\"https://birds.example/\\\"\\u003eBirds"
    "\\u003c/a\\u003e\" ],\n"
    "   \"results\" : [\n"
    "      {\n"
    "         \"business_status\" : \"OPERATIONAL\",\n"
    "         \"geometry\" : {\n"
    "            \"location\" : {\n"
    "               \"lat\" : 34.06893,\n"
    "               \"lng\" : -118.445127\n"
    "            },\n"
    "            \"viewport\" : {\n"
    "               \"northeast\" : {\n"
    "                  \"lat\" : 34.0702,\n"
    "                  \"lng\" : -118.4437\n"
    "               },\n"
    "               \"southwest\" : {\n"
    "                  \"lat\" : 34.0675,\n"
    "                  \"lng\" : -118.4464\n"
    "               }\n"
    "            }\n"
    "         },\n"
    "         \"icon\" : \"" ICONS "v1/png_71/cafe-71.png\",\n"
    "         \"icon_background_color\" : \"#FF9E67\",\n"
    "         \"icon_mask_base_uri\" : \"" ICONS "v2/cafe_pinlet\",\n"
    "         \"name\" : \"Caf\xC3\xA9 \\u003cKiwi\\u003e \\u0026 Sons\",\n"
    "         \"opening_hours\" : {\n"
    "            \"open_now\" : true\n"
    "         },\n"
    "         \"photos\" : [\n"
    "            {\n"
    "               \"height\" : 3024,\n"
    "               \"html_attributions\" : [\n"
    "                  \"\\u003ca href=\\\"//maps.example/1?a"
    "\\u0026amp;b\\\"\\u003eA \\u0026quot;B\\u0026quot; \\u0026amp; C"
    "\\u003c/a\\u003e\",\n"
    "                  \"D\"\n"
    "               ],\n"
    "               \"photo_reference\" : \"ref-1\",\n"
    "               \"width\" : 4032\n"
    "            }\n"
    "         ],\n"
    "         \"place_id\" : \"id-1\",\n"
    "         \"plus_code\" : {\n"
    "            \"compound_code\" : \"2H93+HX Birdtown\",\n"
    "            \"global_code\" : \"85632H93+HX\"\n"
    "         },\n"
    "         \"price_level\" : 2,\n"
    "         \"rating\" : 4.1,\n"
    "         \"reference\" : \"id-1\",\n"
    "         \"scope\" : \"GOOGLE\",\n"
    "         \"types\" : [ \"cafe\", \"food\" ],\n"
    "         \"user_ratings_total\" : 1234,\n"
    "         \"vicinity\" : \"1 Bird Street, Birdtown\"\n"
    "      }\n"
    "   ],\n"
    "   \"status\" : \"OK\"\n"
    "}\n";


static void
every_field_has_its_legacy_name (void **state)
{
    (void) state;
    translation_is (GOOGLE, 200, "{\"places\":[" ALL "]}", s_all);
}


static void
what_is_missing_is_left_out (void **state)
{
    (void) state;
    translation_is (GOOGLE, 200, "{\"places\":[{},{\"id\":\"x\"}]}",
        "{\n"
        "   \"html_attributions\" : [],\n"
        "   \"results\" : [\n"
        "      {\n"
        "         \"scope\" : \"GOOGLE\"\n"
        "      },\n"
        "      {\n"
        "         \"place_id\" : \"x\",\n"
        "         \"reference\" : \"x\",\n"
        "         \"scope\" : \"GOOGLE\"\n"
        "      }\n"
        "   ],\n"
        "   \"status\" : \"OK\"\n"
        "}\n");
}


//  {} is how the new API says it

static void
no_places_are_zero_results (void **state)
{
    static const char *const bodies [] = {
        "{}", "{\"places\":[]}", " {\n}\n", "{\"routingSummaries\":[]}"};
    (void) state;
    for (size_t index = 0; index < 4; index++)
        translation_is (GOOGLE, 200, bodies [index],
            "{\n"
            "   \"html_attributions\" : [],\n"
            "   \"results\" : [],\n"
            "   \"status\" : \"ZERO_RESULTS\"\n"
            "}\n");
}


static void
a_business_status_is_one_the_legacy_api_has (void **state)
{
    static const char *const cases [][2] = {{"OPERATIONAL", "\"OPERATIONAL\""},
        {"CLOSED_TEMPORARILY", "\"CLOSED_TEMPORARILY\""},
        {"CLOSED_PERMANENTLY", "\"CLOSED_PERMANENTLY\""},
        {"FUTURE_OPENING", NULL}, {"BUSINESS_STATUS_UNSPECIFIED", NULL},
        {"", NULL}};
    (void) state;
    for (size_t index = 0; index < 6; index++) {
        char body [128];
        snprintf (body, sizeof (body), ONE ("\"businessStatus\":\"%s\""),
            cases [index][0]);
        translation_has (GOOGLE, body, "business_status", cases [index][1]);
    }
}


static void
a_price_level_is_a_number (void **state)
{
    static const char *const cases [][2] = {{"PRICE_LEVEL_FREE", "0"},
        {"PRICE_LEVEL_INEXPENSIVE", "1"}, {"PRICE_LEVEL_MODERATE", "2"},
        {"PRICE_LEVEL_EXPENSIVE", "3"}, {"PRICE_LEVEL_VERY_EXPENSIVE", "4"},
        {"PRICE_LEVEL_UNSPECIFIED", NULL}, {"EXPENSIVE", NULL}};
    (void) state;
    for (size_t index = 0; index < 7; index++) {
        char body [128];
        snprintf (body, sizeof (body), ONE ("\"priceLevel\":\"%s\""),
            cases [index][0]);
        translation_has (GOOGLE, body, "price_level", cases [index][1]);
    }
}


static void
an_icon_is_that_of_its_mask (void **state)
{
#define MASK(name) ONE ("\"iconMaskBaseUri\":\"" name "\"")
    (void) state;
    translation_has (GOOGLE, MASK (ICONS "v2/generic_pinlet"), "icon",
        "\"" ICONS "v1/png_71/generic_business-71.png\"");
    translation_has (GOOGLE, MASK (ICONS "v2/gas_pinlet"), "icon",
        "\"" ICONS "v1/png_71/gas-71.png\"");
    translation_has (GOOGLE, MASK (ICONS "v2/gas"), "icon", NULL);
    translation_has (GOOGLE, MASK ("gas_pinlet"), "icon", NULL);
    translation_has (GOOGLE, MASK ("https://maps/_pinlet"), "icon", NULL);
    translation_has (GOOGLE, MASK (""), "icon", NULL);
    translation_has (GOOGLE, MASK ("x/gas"), "icon_mask_base_uri", "\"x/gas\"");
}


static void
current_hours_come_before_regular_ones (void **state)
{
#define HOURS(current, regular)                                                \
    ONE ("\"currentOpeningHours\":{" current "},\"regularOpeningHours\":{"     \
         "\"openNow\":" regular "}")
    (void) state;
    translation_has (GOOGLE, HOURS ("\"openNow\":false", "true"),
        "opening_hours", "{\"open_now\":false}");
    translation_has (
        GOOGLE, HOURS ("", "true"), "opening_hours", "{\"open_now\":true}");
    translation_has (GOOGLE, ONE ("\"regularOpeningHours\":{\"openNow\":true}"),
        "opening_hours", "{\"open_now\":true}");
    translation_has (GOOGLE, HOURS ("", "\"yes\""), "opening_hours", NULL);
}


//  An address that is short where there is one

static void
the_vicinity_is_the_short_address (void **state)
{
    (void) state;
    translation_has (GOOGLE,
        ONE ("\"shortFormattedAddress\":\"A\",\"formattedAddress\":\"A, B\""),
        "vicinity", "\"A\"");
    translation_has (
        GOOGLE, ONE ("\"formattedAddress\":\"A, B\""), "vicinity", "\"A, B\"");
}


//  Protobuf leaves out what is 0: the equator is no missing place

static void
a_number_left_out_is_zero (void **state)
{
    (void) state;
    translation_has (GOOGLE, ONE ("\"location\":{\"longitude\":9.5}"),
        "geometry", "{\"location\":{\"lat\":0,\"lng\":9.5}}");
    translation_has (GOOGLE, ONE ("\"location\":{\"latitude\":-1}"), "geometry",
        "{\"location\":{\"lat\":-1,\"lng\":0}}");
    translation_has (GOOGLE, ONE ("\"location\":{}"), "geometry",
        "{\"location\":{\"lat\":0,\"lng\":0}}");
    translation_has (
        GOOGLE, ONE ("\"location\":{\"latitude\":\"1\"}"), "geometry", NULL);
    translation_has (GOOGLE,
        ONE ("\"location\":{},\"viewport\":{\"low\":{\"latitude\":1}}"),
        "geometry", "{\"location\":{\"lat\":0,\"lng\":0}}");
}


static void
a_plus_code_may_be_half_of_one (void **state)
{
    (void) state;
    translation_has (GOOGLE, ONE ("\"plusCode\":{\"globalCode\":\"8\"}"),
        "plus_code", "{\"global_code\":\"8\"}");
    translation_has (GOOGLE, ONE ("\"plusCode\":{}"), "plus_code", NULL);
}


//  One that is another place's, too, is told once

static void
credits_are_those_of_all_places (void **state)
{
#define CREDIT(name) "{\"attributions\":[{\"provider\":\"" name "\"}]}"
    (void) state;
    translation_is (GOOGLE, 200,
        "{\"places\":[" CREDIT ("A") "," CREDIT ("B") "," CREDIT ("A") "]}",
        "{\n"
        "   \"html_attributions\" : [ \"A\", \"B\" ],\n"
        "   \"results\" : [\n"
        "      {\n         \"scope\" : \"GOOGLE\"\n      },\n"
        "      {\n         \"scope\" : \"GOOGLE\"\n      },\n"
        "      {\n         \"scope\" : \"GOOGLE\"\n      }\n"
        "   ],\n"
        "   \"status\" : \"OK\"\n"
        "}\n");
}


static void
errors_have_a_legacy_status (void **state)
{
#define ERROR(code, word)                                                      \
    "{\"error\":{\"code\":" code ",\"message\":\"192.0.2.7 is not welcome\","  \
    "\"status\":\"" word "\"}}"
    static const struct {
        long status;
        const char *body;
        const char *word;
    } cases [] = {
        {400,
            "{\"error\":{\"code\":400,\"status\":\"INVALID_ARGUMENT\","
            "\"details\":[{\"@type\":\"x\"},{\"reason\":\"API_KEY_INVALID\"}]}"
            "}",
            "REQUEST_DENIED"},
        {400, ERROR ("400", "INVALID_ARGUMENT"), "INVALID_REQUEST"},
        {401, ERROR ("401", "UNAUTHENTICATED"), "REQUEST_DENIED"},
        {403, ERROR ("403", "PERMISSION_DENIED"), "REQUEST_DENIED"},
        {404, "<html>not found</html>", "INVALID_REQUEST"},
        {403, "<html>forbidden</html>", "REQUEST_DENIED"},
        {429, ERROR ("429", "RESOURCE_EXHAUSTED"), "OVER_QUERY_LIMIT"},
        {429, "", "OVER_QUERY_LIMIT"},
    };
    (void) state;
    for (size_t at = 0; at < sizeof (cases) / sizeof (*cases); at++) {
        translation_fails (
            GOOGLE, cases [at].status, cases [at].body, cases [at].word);
    }
}


//  For the log: clients get words of ours

static void
an_error_keeps_its_message (void **state)
{
    (void) state;
    translation_is (GOOGLE, 403, ERROR ("403", "PERMISSION_DENIED"),
        "{\n"
        "   \"error_message\" : \"192.0.2.7 is not welcome\",\n"
        "   \"html_attributions\" : [],\n"
        "   \"results\" : [],\n"
        "   \"status\" : \"REQUEST_DENIED\"\n"
        "}\n");
}


//  Others, and what makes no sense, are no answers: they may be asked again

static void
what_is_no_answer_is_none (void **state)
{
    static const char *const bodies [] = {"", "[]", "null", "\"{}\"", "{",
        "{}{}", "<html>", "{\"places\":{}}", "{\"places\":null}",
        "{\"places\":[],\"places\":[]}", "{\"error\":{\"code\":500}}"};
    (void) state;
    for (size_t at = 0; at < sizeof (bodies) / sizeof (*bodies); at++)
        translation_none (GOOGLE, 200, bodies [at]);
    translation_none (GOOGLE, 500, ERROR ("500", "INTERNAL"));
    translation_none (GOOGLE, 503, "");
    translation_none (GOOGLE, 302, "{}");
    translation_none (GOOGLE, 204, "");
    translation_none (GOOGLE, 0, "{}");
}


//  Half a character, and more than 2^63

static void
what_spoils_one_result_spoils_no_other (void **state)
{
#define PLACE(name) "{\"displayName\":{\"text\":\"" name "\"}}"
    (void) state;
    translation_names (GOOGLE,
        "{\"places\":[" PLACE ("A") "," PLACE ("B \\ud83c") "," PLACE (
            "C") ",{\"userRatingCount\":9223372036854775808,\"displayName\":"
                 "{\"text\":\"D\"}}," PLACE ("E") "],\"routingSummaries\":"
                                                  "[\"\\udf4b\"]}",
        "A,C,E");
    translation_none (GOOGLE, 200, "{\"places\":[" PLACE ("\\ud83c") "]}");
}


static void
nonsense_anywhere_is_survived (void **state)
{
    (void) state;
    translation_survives (GOOGLE, "{\"places\":[" ALL ",{}]}");
    translation_survives (GOOGLE,
        "{\"error\":{\"code\":400,\"status\":\"INVALID_ARGUMENT\","
        "\"details\":[{\"reason\":\"API_KEY_INVALID\"}]}}");
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        cmocka_unit_test (every_field_has_its_legacy_name),
        cmocka_unit_test (what_is_missing_is_left_out),
        cmocka_unit_test (no_places_are_zero_results),
        cmocka_unit_test (a_business_status_is_one_the_legacy_api_has),
        cmocka_unit_test (a_price_level_is_a_number),
        cmocka_unit_test (an_icon_is_that_of_its_mask),
        cmocka_unit_test (current_hours_come_before_regular_ones),
        cmocka_unit_test (the_vicinity_is_the_short_address),
        cmocka_unit_test (a_number_left_out_is_zero),
        cmocka_unit_test (a_plus_code_may_be_half_of_one),
        cmocka_unit_test (credits_are_those_of_all_places),
        cmocka_unit_test (errors_have_a_legacy_status),
        cmocka_unit_test (an_error_keeps_its_message),
        cmocka_unit_test (what_is_no_answer_is_none),
        cmocka_unit_test (what_spoils_one_result_spoils_no_other),
        cmocka_unit_test (nonsense_anywhere_is_survived),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
