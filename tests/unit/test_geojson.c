/*  =========================================================================
    test_geojson - a client's location as a Feature of GeoJSON
    =========================================================================
*/

#include "unit/spans.h"

#include "web/geojson.h"

#include <jansson.h>
#include <string.h>


static void
s_check (const char *line, const char *more, const char *expected)
{
    char feature [GEOJSON_SIZE_MAX];
    location_t location = spans_location (line);
    size_t size = geojson_print (&location, more, feature);
    assert_text (((span_t){feature, size}), expected);
    json_t *json = json_loadb (feature, size, 0, NULL);
    assert_non_null (json);
    json_decref (json);
}


static void
longitude_comes_first_and_digits_stay (void **state)
{
    (void) state;
    s_check ("AT Alford +0.263873386 kiwi.cs.ucla.edu +34.068930-118.445127 "
             "1479413884.392014450",
        "",
        "{\"type\":\"Feature\",\"id\":\"kiwi.cs.ucla.edu\",\"geometry\":"
        "{\"type\":\"Point\",\"coordinates\":[-118.445127,34.068930]},"
        "\"properties\":{\"server\":\"Alford\","
        "\"difference\":\"+0.263873386\",\"stamp\":\"1479413884.392014450\","
        "\"heard\":\"2016-11-17T20:18:04.655Z\"}}");
    s_check ("AT A -0.000000001 a -00.50+007 1", ",\"newest\":true",
        "{\"type\":\"Feature\",\"id\":\"a\",\"geometry\":{\"type\":\"Point\","
        "\"coordinates\":[7,-0.50]},\"properties\":{\"server\":\"A\","
        "\"difference\":\"-0.000000001\",\"stamp\":\"1\","
        "\"heard\":\"1970-01-01T00:00:00.999Z\",\"newest\":true}}");
}


static void
any_id_is_json (void **state)
{
#define BEFORE "{\"type\":\"Feature\",\"id\":\""
#define BEHIND                                                                 \
    "\",\"geometry\":{\"type\":\"Point\",\"coordinates\":[0,0]},"              \
    "\"properties\":{\"server\":\"A\",\"difference\":\"+0.000000000\","        \
    "\"stamp\":\"1\",\"heard\":\"1970-01-01T00:00:01.000Z\"}}"
    (void) state;
    s_check ("AT A +0.000000000 a\"b\\c/\x01\x7F\xC3\xBC\xFF\xC3 +0+0 1", "",
        BEFORE
        "a\\\"b\\\\c/\\u0001\\u007f\xC3\xBC\xEF\xBF\xBD\xEF\xBF\xBD" BEHIND);
}


static void
the_longest_has_room (void **state)
{
    char line [LOCATION_LINE_SIZE_MAX + 1];
    char feature [GEOJSON_SIZE_MAX];
    char place [LOCATION_PLACE_SIZE_MAX + 1];
    char client [LOCATION_CLIENT_SIZE_MAX + 1];
    (void) state;
    memset (client, 1, sizeof (client) - 1);
    client [sizeof (client) - 1] = '\0';
    memset (place, '0', sizeof (place) - 1);
    place [0] = place [64] = '+';
    place [sizeof (place) - 1] = '\0';
    snprintf (line, sizeof (line),
        "AT %064d -999999999999998.999999999 %s %s 999999999999999.%048d", 0,
        client, place, 0);
    location_t location = spans_location (line);
    size_t size = geojson_print (&location,
        ",\"newest\":false,\"more\":\"123456789012345678901234567890\"",
        feature);
    assert_true (size <= GEOJSON_SIZE_MAX);
    json_t *json = json_loadb (feature, size, 0, NULL);
    assert_non_null (json);
    json_decref (json);
}


static void
a_time_beyond_the_year_9999_is_none (void **state)
{
    char text [GEOJSON_TIME_SIZE];
    (void) state;
    assert_true (
        geojson_print_time ((instant_t){253402300799, 999999999}, text));
    assert_string_equal (text, "9999-12-31T23:59:59.999Z");
    assert_false (geojson_print_time ((instant_t){253402300800, 0}, text));
    assert_string_equal (text, "");
    s_check ("AT A +253402300800.000000000 a +0+0 0", "",
        "{\"type\":\"Feature\",\"id\":\"a\",\"geometry\":{\"type\":\"Point\","
        "\"coordinates\":[0,0]},\"properties\":{\"server\":\"A\","
        "\"difference\":\"+253402300800.000000000\",\"stamp\":\"0\","
        "\"heard\":null}}");
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        cmocka_unit_test (longitude_comes_first_and_digits_stay),
        cmocka_unit_test (any_id_is_json),
        cmocka_unit_test (the_longest_has_room),
        cmocka_unit_test (a_time_beyond_the_year_9999_is_none),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
