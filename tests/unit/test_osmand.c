/*  =========================================================================
    test_osmand - the reports of OsmAnd, Traccar Client and GPSLogger

    What each version of the apps sends, and each quirk that was seen.
    =========================================================================
*/

#include "unit/spans.h"

#include "reports/osmand.h"

#include <string.h>

typedef struct {
    const char *query;
    const char *form;
    fix_outcome_t outcome;
    const char *iamat;  //  ID, place and stamp, if it is found
} row_t;


static void
s_check_fix (
    const fix_t *fix, fix_outcome_t outcome, const row_t *row, size_t index)
{
    char iamat [2048];
    if (outcome != row->outcome)
        fail_msg ("row %zu is %d, not %d", index, outcome, row->outcome);
    snprintf (
        iamat, sizeof (iamat), "%s %s %s", fix->id, fix->place, fix->stamp);
    if (outcome == FIX_FOUND)
        assert_string_equal (iamat, row->iamat);
}


static void
s_check (const row_t *rows, size_t count)
{
    for (size_t index = 0; index < count; index++) {
        fix_t fix;
        fix_outcome_t outcome = osmand_read (
            &fix, span_of (rows [index].query), span_of (rows [index].form));
        s_check_fix (&fix, outcome, &rows [index], index);
    }
}

#define CHECK(rows) s_check (rows, COUNT (rows))


static void
parameters_come_in_query_and_form_alike (void **state)
{
#define OLD_APP                                                                \
    "id=48241179&timestamp=1442068686&lat=34.06893&lon=-118.445127&speed=0.0"  \
    "&bearing=0.0&altitude=5.0&accuracy=5.0&batt=100.0&charge=true&mock=true"
#define KIWI "48241179 +34.06893-118.445127 1442068686"
    static const row_t rows [] = {
        {OLD_APP, "", FIX_FOUND, KIWI},
        {"", OLD_APP, FIX_FOUND, KIWI},
        {"id=48241179", "timestamp=1442068686&lat=34.06893&lon=-118.445127",
            FIX_FOUND, KIWI},
        {"lon=-118.445127&lat=34.06893&timestamp=1442068686&id=48241179", "",
            FIX_FOUND, KIWI},
        {"deviceid=48241179&location=34.06893,-118.445127"
         "&timestamp=1442068686",
            "", FIX_FOUND, KIWI},
        {"id=48241179&location=34.06893%2C-118.445127&timestamp=1442068686", "",
            FIX_FOUND, KIWI},
        {"&&id=48241179&&lat=34.06893&lon=-118.445127&timestamp=1442068686&",
            "", FIX_FOUND, KIWI},
        {"%69d=48241179&l%61t=34.06893&lon=-118%2E445127"
         "&timestamp=1442068686",
            "", FIX_FOUND, KIWI},
    };
    (void) state;
    CHECK (rows);
}


//  What Traccar forwards of 200 protocols, and what GPSLogger's user types

static void
forwarded_reports_are_read (void **state)
{
    static const row_t rows [] = {
        {"id=123456789012345&timestamp=1442068686579&lat=34.06893"
         "&lon=-118.445127&valid=true",
            "", FIX_FOUND,
            "123456789012345 +34.06893-118.445127 1442068686.579"},
        {"id=NAME&lat=34.06893&lon=-118.445127&timestamp=1442068686"
         "&accuracy=12.5",
            "", FIX_FOUND, "NAME +34.06893-118.445127 1442068686"},
        {"id=NAME&lat=34.06893&lon=-118.445127"
         "&timestamp=2016-01-27T18%3A55%3A47Z",
            "", FIX_FOUND, "NAME +34.06893-118.445127 1453920947"},
    };
    (void) state;
    CHECK (rows);
}


static void
times_come_in_four_ways (void **state)
{
#define AT "id=a&lat=1&lon=2&timestamp="
    static const row_t rows [] = {
        {AT "1442068686", "", FIX_FOUND, "a +1+2 1442068686"},
        {AT "1442068686579", "", FIX_FOUND, "a +1+2 1442068686.579"},
        {AT "2016-01-27T18:55:47.123Z", "", FIX_FOUND, "a +1+2 1453920947.123"},
        {AT "2016-01-15%2021:41:18.000", "", FIX_FOUND,
            "a +1+2 1452894078.000"},
        {AT "2014-06-04+09%3A10%3A11", "", FIX_FOUND, "a +1+2 1401873011"},
        {AT "2015-10-01T17:00:00+02:00", "", FIX_FOUND, "a +1+2 1443711600"},
        {AT "0", "", FIX_FOUND, "a +1+2 "},
        {AT "-5", "", FIX_FOUND, "a +1+2 "},
        {AT, "", FIX_FOUND, "a +1+2 "},
        {"id=a&lat=1&lon=2", "", FIX_FOUND, "a +1+2 "},
    };
    (void) state;
    CHECK (rows);
}


static void
odd_coordinates_are_read (void **state)
{
    static const row_t rows [] = {
        {"id=a&lat=51.4779&lon=-3.2E-4&timestamp=1", "", FIX_FOUND,
            "a +51.4779-0.00032 1"},
        {"id=a&lat=-1.0E-4&lon=32.5&timestamp=1", "", FIX_FOUND,
            "a -0.00010+32.5 1"},
        {"id=a&lat=52,52&lon=13%2C405&timestamp=1", "", FIX_FOUND,
            "a +52.52+13.405 1"},
        {"id=a&location=52,52,13,405&timestamp=1", "", FIX_NONE, NULL},
    };
    (void) state;
    CHECK (rows);
}


static void
of_repeated_parameters_the_last_counts (void **state)
{
    static const row_t rows [] = {
        {"id=a&id=b&lat=1&lon=2&lat=3&timestamp=7&timestamp=8", "", FIX_FOUND,
            "b +3+2 8"},
        {"id=a&lat=1&lon=2&timestamp=7", "id=b&lat=5", FIX_FOUND, "b +5+2 7"},
        {"id=a&deviceid=b&lat=1&lon=2&timestamp=7", "", FIX_FOUND, "b +1+2 7"},
    };
    (void) state;
    CHECK (rows);
}


static void
without_a_place_there_is_nothing_to_keep (void **state)
{
    static const row_t rows [] = {
        {"id=a&lat=0&lon=0&valid=false", "", FIX_NONE, NULL},
        {"id=a&lat=1&lon=2&valid=0", "", FIX_NONE, NULL},
        {"id=a&lat=1&lon=2&valid=", "", FIX_NONE, NULL},
        {"id=a&lat=1&lon=2&valid=1&timestamp=1", "", FIX_FOUND, "a +1+2 1"},
        {"id=a&lat=1&lon=2&valid=TRUE&timestamp=1", "", FIX_FOUND, "a +1+2 1"},
        {"", "id=a&notificationToken=abc", FIX_NONE, NULL},
        {"id=a&timestamp=1&batt=50", "", FIX_NONE, NULL},
        {"id=a&lat=91&lon=0", "", FIX_NONE, NULL},
        {"id=a&lat=NaN&lon=NaN", "", FIX_NONE, NULL},
        {"id=a&lat=1", "", FIX_NONE, NULL},
    };
    (void) state;
    CHECK (rows);
}


static void
only_who_has_no_id_is_bad (void **state)
{
    static const row_t rows [] = {
        {"", "", FIX_BAD, NULL},
        {"lat=1&lon=2&timestamp=1", "", FIX_BAD, NULL},
        {"id=&lat=1&lon=2", "", FIX_BAD, NULL},
        {"id&lat=1&lon=2", "", FIX_BAD, NULL},
        {"ID=a&lat=1&lon=2", "", FIX_BAD, NULL},
        {"", "{}", FIX_BAD, NULL},
        {"id=Jane+Doe%27s%20phone&lat=1&lon=2&timestamp=1", "", FIX_FOUND,
            "Jane%20Doe's%20phone +1+2 1"},
        {"id=J%C3%BCrgen&lat=1&lon=2&timestamp=1", "", FIX_FOUND,
            "J\xC3\xBCrgen +1+2 1"},
        {"id=100%&lat=1&lon=2&timestamp=1", "", FIX_FOUND, "100%25 +1+2 1"},
    };
    (void) state;
    CHECK (rows);
}


static void
an_id_that_is_too_long_is_passed_over (void **state)
{
    char query [8192] = "lat=1&lon=2&timestamp=1&id=";
    size_t start = strlen (query);
    fix_t fix;
    (void) state;
    memset (query + start, 'x', 1024);
    assert_int_equal (
        osmand_read (&fix, span_of (query), span_of ("")), FIX_FOUND);
    memset (query + start, 'x', 1025);
    assert_int_equal (
        osmand_read (&fix, span_of (query), span_of ("")), FIX_NONE);
    memset (query + start, 'x', 5000);
    assert_int_equal (
        osmand_read (&fix, span_of (query), span_of ("")), FIX_NONE);
}


//  Version 9 of Traccar Client

static void
json_is_read (void **state)
{
    static const row_t rows [] = {
        {"{\"location\":{\"timestamp\":\"2025-06-15T13:45:12.862Z\","
         "\"coords\":{\"latitude\":34.06893,\"longitude\":-118.445127,"
         "\"accuracy\":5,\"speed\":0,\"heading\":-1,\"altitude\":5},"
         "\"is_moving\":false,\"odometer\":0,\"event\":\"motionchange\","
         "\"battery\":{\"level\":1,\"is_charging\":false},"
         "\"activity\":{\"type\":\"still\"},\"extras\":{},"
         "\"_\":\"&id=48241179&lat=34.06893&lon=-118.445127&\"},"
         "\"device_id\":\"48241179\"}",
            "", FIX_FOUND, "48241179 +34.0689300-118.4451270 1749995112.862"},
        {"{\"location\":{\"extras\":{},\"mock\":true,"
         "\"coords\":{\"speed_accuracy\":-1,\"speed\":-1,"
         "\"longitude\":-118.445127,\"floor\":null,"
         "\"latitude\":34.06893000000001,\"accuracy\":5,\"altitude\":0,"
         "\"heading\":-1},\"is_moving\":false,\"age\":188,\"uuid\":\"x\","
         "\"battery\":{\"level\":-1,\"is_charging\":false},"
         "\"timestamp\":\"2025-05-09T04:11:30.579Z\"},"
         "\"device_id\":\"658765\"}",
            "", FIX_FOUND, "658765 +34.0689300-118.4451270 1746763890.579"},
        {"{\"device_id\":658765,\"location\":{\"coords\":"
         "{\"latitude\":1,\"longitude\":-3.2E-4}}}",
            "", FIX_FOUND, "658765 +1.0000000-0.0003200 "},
        {"{\"device_id\":\"a\",\"location\":{\"timestamp\":\"x\"}}", "",
            FIX_NONE, NULL},
        {"{\"device_id\":\"a\",\"location\":[]}", "", FIX_NONE, NULL},
        {"{\"device_id\":\"a\"}", "", FIX_NONE, NULL},
        {"{\"device_id\":\"\",\"location\":{\"coords\":"
         "{\"latitude\":1,\"longitude\":2}}}",
            "", FIX_BAD, NULL},
        {"{\"location\":{}}", "", FIX_BAD, NULL},
        {"[]", "", FIX_BAD, NULL},
        {"{", "", FIX_BAD, NULL},
        {"", "", FIX_BAD, NULL},
    };
    (void) state;
    for (size_t index = 0; index < COUNT (rows); index++) {
        fix_t fix;
        fix_outcome_t outcome =
            osmand_read_json (&fix, span_of (rows [index].query));
        s_check_fix (&fix, outcome, &rows [index], index);
    }
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        cmocka_unit_test (parameters_come_in_query_and_form_alike),
        cmocka_unit_test (forwarded_reports_are_read),
        cmocka_unit_test (times_come_in_four_ways),
        cmocka_unit_test (odd_coordinates_are_read),
        cmocka_unit_test (of_repeated_parameters_the_last_counts),
        cmocka_unit_test (without_a_place_there_is_nothing_to_keep),
        cmocka_unit_test (only_who_has_no_id_is_bad),
        cmocka_unit_test (an_id_that_is_too_long_is_passed_over),
        cmocka_unit_test (json_is_read),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
