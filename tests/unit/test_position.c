/*  =========================================================================
    test_position - the body of a PUT: where a client is
    =========================================================================
*/

#include "unit/spans.h"

#include "reports/position.h"

#include <string.h>


static void
digits_stay_as_they_are (void **state)
{
    static const struct {
        const char *body;
        const char *place;
        const char *stamp;
    } rows [] = {
        {"{\"latitude\":34.068930,\"longitude\":-118.445127,"
         "\"stamp\":1479413884.392014450}",
            "+34.068930-118.445127", "1479413884.392014450"},
        {" { \"stamp\" : \"1.50\" , \"longitude\" : 2 , \"latitude\" : -0 } \n",
            "-0+2", "1.50"},
        {"{\"latitude\":1,\"longitude\":2}", "+1+2", ""},
        {"{\"latitude\":-3.2E-4,\"longitude\":1e2}", "-0.00032+100", ""},
        {"{\"latitude\":1,\"longitude\":2,\"note\":\"x\\\"}\",\"a\":true,"
         "\"b\":null,\"c\":-1.5e3}",
            "+1+2", ""},
    };
    (void) state;
    for (size_t index = 0; index < COUNT (rows); index++) {
        fix_t fix;
        assert_null (position_read (&fix, span_of (rows [index].body)));
        assert_string_equal (fix.place, rows [index].place);
        assert_string_equal (fix.stamp, rows [index].stamp);
    }
}


static void
what_is_wrong_is_said (void **state)
{
#define NO_JSON "the body is no JSON object of numbers and texts"
#define NO_NUMBERS "latitude and longitude must be numbers"
#define NOWHERE "latitude is -90 to 90, longitude -180 to 180"
#define NO_TIME "stamp must be POSIX time, digits with decimals or without"
#define AT "{\"latitude\":1,\"longitude\":2,\"stamp\":"
    static const struct {
        const char *body;
        const char *reason;
    } rows [] = {
        {"", NO_JSON},
        {" ", NO_JSON},
        {"[]", NO_JSON},
        {"{", NO_JSON},
        {"{\"latitude\":1,\"longitude\":2", NO_JSON},
        {"{\"latitude\":1,\"longitude\":2,}", NO_JSON},
        {"{\"latitude\":1,\"longitude\":2} x", NO_JSON},
        {"{\"latitude\":01,\"longitude\":2}", NO_JSON},
        {"{\"latitude\":+1,\"longitude\":2}", NO_JSON},
        {"{\"latitude\":1.,\"longitude\":2}", NO_JSON},
        {"{\"latitude\":1 \"longitude\":2}", NO_JSON},
        {"{latitude:1,longitude:2}", NO_JSON},
        {"{\"latitude\":1,\"latitude\":1,\"longitude\":2}", NO_JSON},
        {"{\"latitude\":1,\"longitude\":2,\"x\":{}}", NO_JSON},
        {"{}", NO_NUMBERS},
        {"{\"latitude\":1}", NO_NUMBERS},
        {"{\"latitude\":\"1\",\"longitude\":2}", NO_NUMBERS},
        {"{\"latitude\":null,\"longitude\":2}", NO_NUMBERS},
        {"{\"latitude\":90.1,\"longitude\":2}", NOWHERE},
        {"{\"latitude\":1,\"longitude\":-180.1}", NOWHERE},
        {"{\"latitude\":1e9,\"longitude\":2}", NOWHERE},
        {AT "-1}", NO_TIME},
        {AT "1e9}", NO_TIME},
        {AT "null}", NO_TIME},
        {AT "\"\"}", NO_TIME},
        {AT "\"2016-01-01T00:00:00Z\"}", NO_TIME},
        {AT "1234567890123456}", NO_TIME},
        {AT "1.0000000000000000000000000000000000000000000000000000000000000000"
            "}",
            NO_TIME},
    };
    (void) state;
    for (size_t index = 0; index < COUNT (rows); index++) {
        fix_t fix;
        const char *reason = position_read (&fix, span_of (rows [index].body));
        if (!reason || strcmp (reason, rows [index].reason) != 0)
            fail_msg ("%s: %s", rows [index].body, reason ? reason : "good");
    }
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        cmocka_unit_test (digits_stay_as_they_are),
        cmocka_unit_test (what_is_wrong_is_said),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
