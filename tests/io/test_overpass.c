/*  =========================================================================
    test_overpass - OpenStreetMap's elements in the words of the legacy API

    Answers written by hand after the published schema of the Overpass API:
    what becomes a result, in which order, and nonsense in every position.
    =========================================================================
*/

#include "io/translation.h"

#include <stdio.h>

#define OVERPASS &api_overpass

#define AT "\"lat\":1,\"lon\":2,"
#define NAMED "\"tags\":{\"name\":\"N\"}"
#define ELEMENTS(elements)                                                     \
    "{\"version\":0.6,\"generator\":\"Overpass API\",\"osm3s\":{"              \
    "\"timestamp_osm_base\":\"2026-01-01T00:00:00Z\",\"copyright\":\"ODbL\"}," \
    "\"elements\":[" elements "]}"
#define TAGGED(tags)                                                           \
    ELEMENTS ("{\"type\":\"node\",\"id\":1," AT                                \
              "\"tags\":{\"name\":\"N\"," tags "}}")
#define NONE                                                                   \
    "{\n"                                                                      \
    "   \"html_attributions\" : [],\n"                                         \
    "   \"results\" : [],\n"                                                   \
    "   \"status\" : \"ZERO_RESULTS\"\n"                                       \
    "}\n"


//  With the credit that its licence asks for

static void
a_node_is_a_result (void **state)
{
    (void) state;
    translation_is (OVERPASS, 200,
        ELEMENTS ("{\"type\":\"node\",\"id\":944567141,\"lat\":-34.9058,"
                  "\"lon\":-56.1913,\"tags\":{\"amenity\":\"cafe\","
                  "\"name\":\"Caf\xC3\xA9 & Bar\",\"addr:street\":\"Calle 1\","
                  "\"addr:housenumber\":\"12\",\"addr:city\":\"Montevideo\"}}"),
        "{\n"
        "   \"html_attributions\" : [\n"
        "      \"\\u0026copy; \\u003ca href=\\\"https://www.openstreetmap.org/"
        "copyright\\\"\\u003eOpenStreetMap\\u003c/a\\u003e contributors\"\n"
        "   ],\n"
        "   \"results\" : [\n"
        "      {\n"
        "         \"geometry\" : {\n"
        "            \"location\" : {\n"
        "               \"lat\" : -34.9058,\n"
        "               \"lng\" : -56.1913\n"
        "            }\n"
        "         },\n"
        "         \"name\" : \"Caf\xC3\xA9 \\u0026 Bar\",\n"
        "         \"place_id\" : \"osm-n944567141\",\n"
        "         \"reference\" : \"osm-n944567141\",\n"
        "         \"types\" : [ \"cafe\", \"point_of_interest\", "
        "\"establishment\" ],\n"
        "         \"vicinity\" : \"Calle 1 12, Montevideo\"\n"
        "      }\n"
        "   ],\n"
        "   \"status\" : \"OK\"\n"
        "}\n");
}


static void
ways_and_relations_are_at_their_centers (void **state)
{
    (void) state;
    translation_has (OVERPASS,
        ELEMENTS ("{\"type\":\"way\",\"id\":7,\"center\":{\"lat\":3,\"lon\":"
                  "4.5},\"nodes\":[1,2]," NAMED "}"),
        "geometry", "{\"location\":{\"lat\":3,\"lng\":4.5}}");
    translation_has (OVERPASS,
        ELEMENTS ("{\"type\":\"way\",\"id\":7,\"center\":{\"lat\":3,\"lon\":"
                  "4}," NAMED "}"),
        "place_id", "\"osm-w7\"");
    translation_has (OVERPASS,
        ELEMENTS ("{\"type\":\"relation\",\"id\":8,\"center\":{\"lat\":3,"
                  "\"lon\":4}," NAMED "}"),
        "reference", "\"osm-r8\"");
}


static void
no_elements_are_zero_results (void **state)
{
    (void) state;
    translation_is (OVERPASS, 200, ELEMENTS (""), NONE);
    translation_is (OVERPASS, 200, "{\"elements\":[]}", NONE);
}


//  A name, a kind, a number and a place are the least

static void
what_lacks_the_least_is_no_result (void **state)
{
    (void) state;
    translation_is (OVERPASS, 200,
        ELEMENTS (
            "{\"type\":\"node\",\"id\":1," AT "\"tags\":{\"shop\":\"books\"}},"
            "{\"type\":\"node\",\"id\":1," AT "\"tags\":{\"name\":\"\"}},"
            "{\"type\":\"node\",\"id\":1," AT "\"tags\":{\"name\":1}},"
            "{\"type\":\"node\",\"id\":1,\"lat\":1," NAMED "},"
            "{\"type\":\"node\",\"id\":1,\"lon\":1," NAMED "},"
            "{\"type\":\"way\",\"id\":1,\"center\":{}," NAMED "},"
            "{\"type\":\"area\",\"id\":1," AT NAMED "},"
            "{\"type\":\"\",\"id\":1," AT NAMED "},"
            "{\"id\":1," AT NAMED "},"
            "{\"type\":\"node\"," AT NAMED "},"
            "{\"type\":\"node\",\"id\":\"1\"," AT NAMED "},"
            "{\"type\":\"node\",\"id\":1," AT "\"tags\":[]},"
            "[],null,1,\"node\""),
        NONE);
}


static void
types_are_those_of_the_legacy_api (void **state)
{
#define GENERAL "\"point_of_interest\",\"establishment\"]"
    static const char *const cases [][2] = {
        {TAGGED ("\"amenity\":\"restaurant\""), "[\"restaurant\"," GENERAL},
        {TAGGED ("\"amenity\":\"pub\""), "[\"bar\"," GENERAL},
        {TAGGED ("\"amenity\":\"fuel\""), "[\"gas_station\"," GENERAL},
        {TAGGED ("\"amenity\":\"bench\""), "[" GENERAL},
        {TAGGED ("\"shop\":\"supermarket\""), "[\"supermarket\"," GENERAL},
        {TAGGED ("\"shop\":\"anything\""), "[\"store\"," GENERAL},
        {TAGGED ("\"tourism\":\"hotel\""), "[\"lodging\"," GENERAL},
        {TAGGED ("\"healthcare\":\"midwife\""), "[\"health\"," GENERAL},
        {TAGGED ("\"leisure\":\"park\""), "[\"park\"," GENERAL},
        {TAGGED ("\"office\":\"lawyer\""), "[\"lawyer\"," GENERAL},
        {TAGGED ("\"shop\":\"books\",\"amenity\":\"cafe\""),
            "[\"cafe\"," GENERAL},
        {TAGGED ("\"amenity\":7"), "[" GENERAL}};
    (void) state;
    for (size_t at = 0; at < sizeof (cases) / sizeof (*cases); at++)
        translation_has (OVERPASS, cases [at][0], "types", cases [at][1]);
}


static void
the_vicinity_is_what_is_known_of_the_address (void **state)
{
#define STREET "\"addr:street\":\"S\""
#define NUMBER "\"addr:housenumber\":\"1\""
#define CITY "\"addr:city\":\"C\""
    (void) state;
    translation_has (OVERPASS, TAGGED (STREET "," NUMBER "," CITY), "vicinity",
        "\"S 1, C\"");
    translation_has (
        OVERPASS, TAGGED (STREET "," NUMBER), "vicinity", "\"S 1\"");
    translation_has (
        OVERPASS, TAGGED (STREET "," CITY), "vicinity", "\"S, C\"");
    translation_has (OVERPASS, TAGGED (STREET), "vicinity", "\"S\"");
    translation_has (OVERPASS, TAGGED (NUMBER "," CITY), "vicinity", "\"C\"");
    translation_has (OVERPASS, TAGGED (NUMBER), "vicinity", NULL);
}


//  Elements come by their ids; those of which more is known go first, and no
//  more than a page of them

static void
the_best_known_go_first (void **state)
{
    char body [16384];
    size_t size = 0;
    (void) state;
    for (int id = 1; id <= 60; id++)
        size += (size_t) snprintf (body + size, sizeof (body) - size,
            "%s{\"type\":\"node\",\"id\":%d," AT
            "\"tags\":{%s%s\"name\":\"N\"}}",
            id == 1 ? "{\"elements\":[" : ",", id,
            id % 10 == 0 ? "\"phone\":\"1\"," : "",
            id % 30 == 0 ? "\"website\":\"w\"," : "");
    snprintf (body + size, sizeof (body) - size, "]}");
    char *text = translation_text (OVERPASS, 200, body);
    assert_non_null (text);
    json_t *json = json_loads (text, 0, NULL);
    json_t *results = json_object_get (json, "results");
    assert_int_equal (json_array_size (results), 20);
    //  60 and 30 have two signs, the other tens one, the rest none
    static const int expected [20] = {
        30, 60, 10, 20, 40, 50, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15};
    for (size_t at = 0; at < 20; at++) {
        char id [16];
        snprintf (id, sizeof (id), "osm-n%d", expected [at]);
        assert_string_equal (json_string_value (json_object_get (
                                 json_array_get (results, at), "place_id")),
            id);
    }
    json_decref (json);
    free (text);
}


//  It tells that the query did not come to its end

static void
a_remark_is_a_failure (void **state)
{
    (void) state;
    translation_none (OVERPASS, 200,
        "{\"elements\":[],\"remark\":\"runtime error: Query timed out\"}");
}


static void
errors_are_told_apart (void **state)
{
    static const char *const bodies [] = {"", "{}", "[]", "{\"elements\":{}}",
        "<html>The server is probably too busy</html>", "{\"elements\":[",
        "{\"elements\":[],\"elements\":[]}"};
    (void) state;
    translation_none (OVERPASS, 429, "<html>slow down</html>");
    for (size_t at = 0; at < sizeof (bodies) / sizeof (*bodies); at++)
        translation_none (OVERPASS, 200, bodies [at]);
    translation_none (OVERPASS, 504, "<html>busy</html>");
    translation_none (OVERPASS, 400, "<html>parse error</html>");
    translation_none (OVERPASS, 302, ELEMENTS (""));
}


//  Half a character, and more than 2^63

static void
what_spoils_one_result_spoils_no_other (void **state)
{
#define NODE(id, name)                                                         \
    "{\"type\":\"node\",\"id\":" id "," AT "\"tags\":{\"name\":\"" name "\"}}"
    (void) state;
    translation_names (OVERPASS,
        ELEMENTS (NODE ("1", "A") "," NODE ("2", "B \\ud83c") "," NODE ("3",
            "C") "," NODE ("9223372036854775808", "D") "," NODE ("5", "E")),
        "A,C,E");
    translation_none (OVERPASS, 200, ELEMENTS (NODE ("1", "\\ud83c")));
}


static void
nonsense_anywhere_is_survived (void **state)
{
    (void) state;
    translation_survives (OVERPASS,
        ELEMENTS ("{\"type\":\"node\",\"id\":1," AT
                  "\"tags\":{\"name\":\"N\",\"shop\":\"books\",\"wikidata\":"
                  "\"Q1\",\"addr:street\":\"S\",\"addr:housenumber\":\"1\","
                  "\"addr:city\":\"C\"}},"
                  "{\"type\":\"way\",\"id\":2,\"center\":{\"lat\":1,\"lon\":2},"
                  "\"tags\":{\"name\":\"N\"}}"));
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        cmocka_unit_test (a_node_is_a_result),
        cmocka_unit_test (ways_and_relations_are_at_their_centers),
        cmocka_unit_test (no_elements_are_zero_results),
        cmocka_unit_test (what_lacks_the_least_is_no_result),
        cmocka_unit_test (types_are_those_of_the_legacy_api),
        cmocka_unit_test (the_vicinity_is_what_is_known_of_the_address),
        cmocka_unit_test (the_best_known_go_first),
        cmocka_unit_test (a_remark_is_a_failure),
        cmocka_unit_test (errors_are_told_apart),
        cmocka_unit_test (what_spoils_one_result_spoils_no_other),
        cmocka_unit_test (nonsense_anywhere_is_survived),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
