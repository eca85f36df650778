/*  =========================================================================
    test_nearby - the request of Google's legacy Nearby Search

    Tables of places and radii, and the URLs they become.
    =========================================================================
*/

#include "io/nearby.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <cmocka.h>


static void
s_check (const char *place, uint32_t radius_mm, const char *expected)
{
    char query [NEARBY_QUERY_SIZE_MAX];
    memset (query, 'x', sizeof (query));
    nearby_query (query, span_of (place), radius_mm);
    assert_string_equal (query, expected);
}


static void
s_check_degrees (const char *place, const char *expected)
{
    char whole [NEARBY_QUERY_SIZE_MAX];
    snprintf (whole, sizeof (whole), "location=%s&radius=0", expected);
    s_check (place, 0, whole);
}


//  A plus would be a blank to whom it is sent

static void
degrees_have_no_plus (void **state)
{
    (void) state;
    s_check_degrees ("+34.068930-118.445127", "34.068930,-118.445127");
    s_check_degrees ("-34.068930+118.445127", "-34.068930,118.445127");
    s_check_degrees ("+12.5+45.25", "12.5,45.25");
    s_check_degrees ("-12.5-45.25", "-12.5,-45.25");
}


static void
leading_zeros_are_left_out (void **state)
{
    (void) state;
    s_check_degrees ("+04.5-008.25", "4.5,-8.25");
    s_check_degrees ("+00.5-000.25", "0.5,-0.25");
    s_check_degrees ("+00+000", "0,0");
    s_check_degrees ("-0-0", "-0,-0");
    s_check_degrees (
        "+00000000000000034.5+000000000000000000118.25", "34.5,118.25");
}


static void
whole_degrees_stay_whole (void **state)
{
    (void) state;
    s_check_degrees ("+34-118", "34,-118");
    s_check_degrees ("+90+180", "90,180");
    s_check_degrees ("-90.0-180.000", "-90.0,-180.000");
}


//  Below a millimetre nobody sees; nor does a long fraction break anything

static void
decimals_end_at_the_ninth (void **state)
{
    (void) state;
    char place [1024];
    s_check_degrees (
        "+34.123456789-118.123456789", "34.123456789,-118.123456789");
    s_check_degrees (
        "+34.1234567899-118.1234567891", "34.123456789,-118.123456789");
    snprintf (place, sizeof (place), "-89.%0400d-179.%0400d", 0, 0);
    s_check_degrees (place, "-89.000000000,-179.000000000");
}


static void
the_radius_is_in_metres (void **state)
{
    (void) state;
    s_check ("+1-1", 0, "location=1,-1&radius=0");
    s_check ("+1-1", 1, "location=1,-1&radius=0.001");
    s_check ("+1-1", 10, "location=1,-1&radius=0.010");
    s_check ("+1-1", 999, "location=1,-1&radius=0.999");
    s_check ("+1-1", 1000, "location=1,-1&radius=1");
    s_check ("+1-1", 10000000, "location=1,-1&radius=10000");
    s_check ("+1-1", 12345678, "location=1,-1&radius=12345.678");
    s_check ("+1-1", 50000000, "location=1,-1&radius=50000");
}


static void
the_longest_query_fits (void **state)
{
    (void) state;
    s_check ("-89.123456789-179.123456789", 49999999,
        "location=-89.123456789,-179.123456789&radius=49999.999");
}


static void
s_check_url (const char *key, const char *expected)
{
    char *url = nearby_url ("https://here/nearby", "location=1,-1", key);
    assert_string_equal (url, expected);
    nearby_free (&url);
    assert_null (url);
    nearby_free (&url);
}


static void
the_key_is_escaped (void **state)
{
    (void) state;
    s_check_url (NULL, "https://here/nearby?location=1,-1");
    s_check_url ("", "https://here/nearby?location=1,-1&key=");
    s_check_url (
        "AIza_-.~09", "https://here/nearby?location=1,-1&key=AIza_-.~09");
    s_check_url ("a&b=c+d e#f/g?h%i", "https://here/nearby?location=1,-1&key="
                                      "a%26b%3Dc%2Bd%20e%23f%2Fg%3Fh%25i");
    s_check_url ("\r\nHost: x\xFF",
        "https://here/nearby?location=1,-1&key=%0D%0AHost%3A%20x%FF");
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        cmocka_unit_test (degrees_have_no_plus),
        cmocka_unit_test (leading_zeros_are_left_out),
        cmocka_unit_test (whole_degrees_stay_whole),
        cmocka_unit_test (decimals_end_at_the_ninth),
        cmocka_unit_test (the_radius_is_in_metres),
        cmocka_unit_test (the_longest_query_fits),
        cmocka_unit_test (the_key_is_escaped),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
