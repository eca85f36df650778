/*  =========================================================================
    test_fix - one report of a phone: who is where, since when

    Tables of what phones say, and the words of the IAMAT that it becomes.
    =========================================================================
*/

#include "unit/spans.h"

#include "reports/fix.h"

#include <string.h>


typedef struct {
    const char *latitude;
    const char *longitude;
    const char *place;  //  NULL = there is none
} place_row_t;


static void
s_check_places (const place_row_t *rows, size_t count, bool comma)
{
    for (size_t index = 0; index < count; index++) {
        fix_t fix = {.place = ""};
        bool found = fix_set_place (&fix, span_of (rows [index].latitude),
            span_of (rows [index].longitude), comma);
        assert_int_equal (found, rows [index].place != NULL);
        if (found)
            assert_string_equal (fix.place, rows [index].place);
    }
}

#define CHECK_PLACES(rows, comma) s_check_places (rows, COUNT (rows), comma)


static void
a_place_keeps_its_digits (void **state)
{
    static const place_row_t rows [] = {
        {"34.06893", "-118.445127", "+34.06893-118.445127"},
        {"34.0689300", "-118.4451270", "+34.0689300-118.4451270"},
        {"34.06893000000001", "0.10", "+34.06893000000001+0.10"},
        {"+34", "118", "+34+118"},
        {"-0", "0", "-0+0"},
        {"-0.0", "180", "-0.0+180"},
        {"90", "-180.000", "+90-180.000"},
        {"007.5", "0012", "+7.5+12"},
        {"34.", ".5", "+34+0.5"},
        {"34.0689300000000000000000000000000000000000000000000000000000001",
            "1",
            "+34.06893000000000000000000000000000000000000000000000000000"
            "0000+1"},
        {" 34.5 ", "\t1", "+34.5+1"},
    };
    (void) state;
    CHECK_PLACES (rows, false);
}


//  Java prints what is below a thousandth so: near Greenwich and the equator

static void
an_exponent_is_written_out (void **state)
{
    static const place_row_t rows [] = {
        {"51.4779", "-3.2E-4", "+51.4779-0.00032"},
        {"1.0E-4", "-9.9e-5", "+0.00010-0.000099"},
        {"5.14779E1", "1E2", "+51.4779+100"},
        {"5.1e+1", "1.0E+0", "+51+1.0"},
        {"0E0", "0.0E-4", "+0+0.00000"},
        {"123E-1", "12345E-3", "+12.3+12.345"},
        {"0E5", "1", NULL},
        {"1E-999", "1",
            "+0.000000000000000000000000000000000000000000000000"
            "0000000000000+1"},
        {"1E3", "1", NULL},
        {"1E999", "1", NULL},
        {"1E1000", "1", NULL},
        {"1E", "1", NULL},
        {"1E+-1", "1", NULL},
        {"1E1.5", "1", NULL},
    };
    (void) state;
    CHECK_PLACES (rows, false);
}


//  Some phones print numbers as their user's language does

static void
a_comma_may_be_a_point (void **state)
{
    static const place_row_t rows [] = {
        {"52,5200", "13,4050", "+52.5200+13.4050"},
        {"52,52", "13.405", "+52.52+13.405"},
        {"-3,2E-4", "1", "-0.00032+1"},
        {"1,234.5", "1", NULL},
        {"1.2,3", "1", NULL},
        {"1,2,3", "1", NULL},
    };
    static const place_row_t strict [] = {{"52,52", "13", NULL}};
    (void) state;
    CHECK_PLACES (rows, true);
    CHECK_PLACES (strict, false);
}


static void
what_is_nowhere_is_no_place (void **state)
{
    static const place_row_t rows [] = {
        {"", "", NULL},
        {"1", "", NULL},
        {"90.0000001", "0", NULL},
        {"0", "180.1", NULL},
        {"-91", "0", NULL},
        {"NaN", "0", NULL},
        {"Infinity", "0", NULL},
        {"1 2", "0", NULL},
        {"--1", "0", NULL},
        {"+-1", "0", NULL},
        {".", "0", NULL},
        {"0x10", "0", NULL},
        {"1d", "0", NULL},
        {"34.06893000000000000000000000000000000000000000000000000000000000001",
            "1", NULL},
    };
    (void) state;
    CHECK_PLACES (rows, true);
}


static json_t *
s_json (const char *text)
{
    json_t *json = fix_json (span_of (text));
    assert_non_null (json);
    return json;
}


//  Doubles: seven decimals are 1 cm, and more would be noise

static void
a_place_of_json_has_seven_decimals (void **state)
{
    static const struct {
        const char *json;
        const char *place;
    } rows [] = {
        {"[34.0689300, -118.4451270]", "+34.0689300-118.4451270"},
        {"[34.06893000000001, 2]", "+34.0689300+2.0000000"},
        {"[0.00000004, -3.2E-4]", "+0.0000000-0.0003200"},
        {"[90, -180]", "+90.0000000-180.0000000"},
        {"[90.00000001, 0]", NULL},
        {"[0, -180.5]", NULL},
        {"[\"1\", 2]", NULL},
        {"[null, 2]", NULL},
        {"[1e300, 2]", NULL},
        {"[100000000000000000000000, 2]", NULL},
        {"[1]", NULL},
    };
    (void) state;
    for (size_t index = 0; index < COUNT (rows); index++) {
        json_t *json = s_json (rows [index].json);
        fix_t fix = {.place = ""};
        bool found = fix_set_place_json (
            &fix, json_array_get (json, 0), json_array_get (json, 1));
        assert_int_equal (found, rows [index].place != NULL);
        if (found)
            assert_string_equal (fix.place, rows [index].place);
        json_decref (json);
    }
}


static void
an_id_holds_what_a_command_can_say (void **state)
{
    static const struct {
        span_t id;
        const char *expected;
    } rows [] = {
        {{"48241179", 8}, "48241179"},
        {{"Jane's phone", 12}, "Jane's%20phone"},
        {{"a\tb\nc\rd\ve\ff\0g", 13}, "a%09b%0Ac%0Dd%0Be%0Cf%00g"},
        {{"100%", 4}, "100%25"},
        {{"a%20b", 5}, "a%2520b"},
        {{"J\xC3\xBCrgen", 7}, "J\xC3\xBCrgen"},
    };
    fix_t fix;
    (void) state;
    for (size_t index = 0; index < COUNT (rows); index++) {
        assert_true (fix_set_id (&fix, rows [index].id));
        assert_string_equal (fix.id, rows [index].expected);
    }
    assert_false (fix_set_id (&fix, span_of ("")));
}


static void
an_id_is_as_long_as_a_command_can_say (void **state)
{
    char longest [LOCATION_CLIENT_SIZE_MAX + 1];
    fix_t fix;
    (void) state;
    memset (longest, 'x', sizeof (longest));
    assert_true (
        fix_set_id (&fix, (span_t){longest, LOCATION_CLIENT_SIZE_MAX}));
    assert_int_equal (strlen (fix.id), LOCATION_CLIENT_SIZE_MAX);
    assert_false (
        fix_set_id (&fix, (span_t){longest, LOCATION_CLIENT_SIZE_MAX + 1}));
    longest [3] = ' ';
    assert_false (
        fix_set_id (&fix, (span_t){longest, LOCATION_CLIENT_SIZE_MAX}));
    assert_true (
        fix_set_id (&fix, (span_t){longest, LOCATION_CLIENT_SIZE_MAX - 2}));
}


typedef struct {
    const char *text;
    const char *stamp;  //  Empty = it is taken for now
} time_row_t;


static void
s_check_times (const time_row_t *rows, size_t count)
{
    for (size_t index = 0; index < count; index++) {
        fix_t fix = {.stamp = "old"};
        assert_int_equal (fix_set_time (&fix, span_of (rows [index].text)),
            *rows [index].stamp != '\0');
        if (strcmp (fix.stamp, rows [index].stamp) != 0)
            fail_msg ("%s is %s, not %s", rows [index].text, fix.stamp,
                rows [index].stamp);
    }
}

#define CHECK_TIMES(rows) s_check_times (rows, COUNT (rows))


static void
a_time_may_be_seconds_or_milliseconds (void **state)
{
    static const time_row_t rows [] = {
        {"1442068686", "1442068686"},
        {"1442068686.579", "1442068686.579"},
        {"1442068686579", "1442068686.579"},
        {"1442068686579.25", "1442068686.57925"},
        {"99999999999", "99999999999"},
        {"100000000000", "100000000.000"},
        {"2147483648", "2147483648"},
        {"0001442068686", "1442068686"},
        {" 1442068686 ", "1442068686"},
        {"1442068686.", "1442068686"},
        {"1", "1"},
        {"1442068686.1234567890123456789", "1442068686.123456789012345678"},
    };
    (void) state;
    CHECK_TIMES (rows);
}


static void
a_time_may_be_a_date (void **state)
{
    static const time_row_t rows [] = {
        {"2016-01-27T18:55:47Z", "1453920947"},
        {"2025-06-15T13:45:12.862Z", "1749995112.862"},
        {"2016-01-15 21:41:18.000", "1452894078.000"},
        {"2016-01-15 21:41:18", "1452894078"},
        {"2014-06-04 09:10:11", "1401873011"},
        {"2015-10-01T08:00:00-0700", "1443711600"},
        {"2015-10-01T08:00:00-07:00", "1443711600"},
        {"2015-10-01T08:00:00-07", "1443711600"},
        {"2015-10-01T17:00:00+02:00", "1443711600"},
        {"2015-10-01T17:00:00 02:00", "1443711600"},
        {"2015-10-01T20:45:00+0545", "1443711600"},
        {"2015-10-01t15:00:00z", "1443711600"},
        {"2015-10-01T15:00Z", "1443711600"},
        {"2015-10-01T15:00:00", "1443711600"},
        {"2016-02-29T00:00:00Z", "1456704000"},
        {"2016-12-31T23:59:60Z", "1483228800"},
    };
    (void) state;
    CHECK_TIMES (rows);
}


static void
what_is_no_time_is_now (void **state)
{
    static const time_row_t rows [] = {
        {"", ""},
        {"0", ""},
        {"000", ""},
        {"-1", ""},
        {"-1442068686", ""},
        {"1970-01-01T00:00:00Z", ""},
        {"1969-12-31T23:59:59Z", ""},
        {"1.4E9", ""},
        {"now", ""},
        {"2015-02-29T00:00:00Z", ""},
        {"2015-13-01T00:00:00Z", ""},
        {"2015-00-01T00:00:00Z", ""},
        {"2015-10-00T00:00:00Z", ""},
        {"2015-10-01T24:00:00Z", ""},
        {"2015-10-01T00:60:00Z", ""},
        {"2015-10-01T00:00:61Z", ""},
        {"2015-10-01", ""},
        {"2015-10-01T", ""},
        {"2015-10-01T08:00:00X", ""},
        {"2015-10-01T08:00:00Zx", ""},
        {"2015-10-01T08:00:00+24:00", ""},
        {"2015-10-01T08:00:00+", ""},
        {"1442068686579579579579", ""},
        {"1442068686,5", ""},
    };
    (void) state;
    CHECK_TIMES (rows);
}


static void
a_time_of_json_is_text_or_number (void **state)
{
    static const time_row_t rows [] = {
        {"[1774028001]", "1774028001"},
        {"[1774028001.0]", "1774028001"},
        {"[1774028001.5]", "1774028001.500"},
        {"[1774028001500]", "1774028001.500"},
        {"[\"2025-05-09T04:11:30.579Z\"]", "1746763890.579"},
        {"[\"1774028001\"]", "1774028001"},
        {"[0]", ""},
        {"[-1]", ""},
        {"[1e300]", ""},
        {"[null]", ""},
        {"[true]", ""},
        {"[{}]", ""},
        {"[]", ""},
    };
    (void) state;
    for (size_t index = 0; index < COUNT (rows); index++) {
        json_t *json = s_json (rows [index].text);
        fix_t fix = {.stamp = "old"};
        assert_int_equal (fix_set_time_json (&fix, json_array_get (json, 0)),
            *rows [index].stamp != '\0');
        assert_string_equal (fix.stamp, rows [index].stamp);
        json_decref (json);
    }
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        cmocka_unit_test (a_place_keeps_its_digits),
        cmocka_unit_test (an_exponent_is_written_out),
        cmocka_unit_test (a_comma_may_be_a_point),
        cmocka_unit_test (what_is_nowhere_is_no_place),
        cmocka_unit_test (a_place_of_json_has_seven_decimals),
        cmocka_unit_test (an_id_holds_what_a_command_can_say),
        cmocka_unit_test (an_id_is_as_long_as_a_command_can_say),
        cmocka_unit_test (a_time_may_be_seconds_or_milliseconds),
        cmocka_unit_test (a_time_may_be_a_date),
        cmocka_unit_test (what_is_no_time_is_now),
        cmocka_unit_test (a_time_of_json_is_text_or_number),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
