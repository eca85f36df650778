/*  =========================================================================
    test_api - how each kind of Places provider is asked

    Tables of places and radii, and the requests they become: nothing in a
    place breaks out of one, and the key is where it belongs, and nowhere else.
    =========================================================================
*/

#include "providers/api.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <cmocka.h>

#define KEY "not-for-your-eyes"


static void
s_check (const char *place, uint32_t radius_mm, const char *latitude,
    const char *longitude, const char *radius)
{
    api_question_t question;
    memset (&question, 'x', sizeof (question));
    api_write_question (&question, span_of (place), radius_mm);
    assert_string_equal (question.latitude, latitude);
    assert_string_equal (question.longitude, longitude);
    assert_string_equal (question.radius, radius);
}


static void
s_check_degrees (const char *place, const char *latitude, const char *longitude)
{
    s_check (place, 0, latitude, longitude, "0");
}


//  A plus would be a blank to whom it is sent

static void
degrees_have_no_plus (void **state)
{
    (void) state;
    s_check_degrees ("+34.068930-118.445127", "34.068930", "-118.445127");
    s_check_degrees ("-34.068930+118.445127", "-34.068930", "118.445127");
    s_check_degrees ("+12.5+45.25", "12.5", "45.25");
    s_check_degrees ("-12.5-45.25", "-12.5", "-45.25");
}


static void
leading_zeros_are_left_out (void **state)
{
    (void) state;
    s_check_degrees ("+04.5-008.25", "4.5", "-8.25");
    s_check_degrees ("+00.5-000.25", "0.5", "-0.25");
    s_check_degrees ("+00+000", "0", "0");
    s_check_degrees ("-0-0", "-0", "-0");
    s_check_degrees (
        "+00000000000000034.5+000000000000000000118.25", "34.5", "118.25");
}


static void
whole_degrees_stay_whole (void **state)
{
    (void) state;
    s_check_degrees ("+34-118", "34", "-118");
    s_check_degrees ("+90+180", "90", "180");
    s_check_degrees ("-90.0-180.000", "-90.0", "-180.000");
}


//  Below a millimetre nobody sees; nor does a long fraction break anything

static void
decimals_end_at_the_ninth (void **state)
{
    (void) state;
    char place [1024];
    s_check_degrees (
        "+34.123456789-118.123456789", "34.123456789", "-118.123456789");
    s_check_degrees (
        "+34.1234567899-118.1234567891", "34.123456789", "-118.123456789");
    snprintf (place, sizeof (place), "-89.%050d-179.%050d", 0, 0);
    s_check_degrees (place, "-89.000000000", "-179.000000000");
}


static void
the_radius_is_in_metres (void **state)
{
    (void) state;
    s_check ("+1-1", 0, "1", "-1", "0");
    s_check ("+1-1", 1, "1", "-1", "0.001");
    s_check ("+1-1", 10, "1", "-1", "0.010");
    s_check ("+1-1", 999, "1", "-1", "0.999");
    s_check ("+1-1", 1000, "1", "-1", "1");
    s_check ("+1-1", 10000000, "1", "-1", "10000");
    s_check ("+1-1", 12345678, "1", "-1", "12345.678");
    s_check ("+1-1", 50000000, "1", "-1", "50000");
}


static void
the_longest_question_fits (void **state)
{
    (void) state;
    s_check ("-89.123456789-179.123456789", 49999999, "-89.123456789",
        "-179.123456789", "49999.999");
}


static void
a_dialect_has_its_name (void **state)
{
    (void) state;
    assert_ptr_equal (api_find ("nearby-legacy"), &api_nearby);
    assert_ptr_equal (api_find ("google-new"), &api_google);
    assert_ptr_equal (api_find ("overpass"), &api_overpass);
    assert_null (api_find ("Overpass"));
    assert_null (api_find ("google"));
    assert_null (api_find (""));
}


//  Have the api ask around a place

static transport_request_t
s_ask (const api_t *api, const char *key, bool full)
{
    api_question_t question;
    transport_request_t request = {.url = NULL};
    api_write_question (&question, span_of ("+01.5-000.25"), 1234567);
    api->ask (&(api_access_t){.url = "https://here/ask",
                  .key = key,
                  .full = full,
                  .timeout_ms = 7001},
        &question, &request);
    assert_non_null (request.url);
    assert_null (strchr (request.url, '+'));
    return request;
}


static void
s_free (transport_request_t *request)
{
    free (request->url);
    free (request->post);
    curl_slist_free_all (request->headers);
}


//  Return the value of the header, or NULL

static const char *
s_header (const transport_request_t *request, const char *name)
{
    for (struct curl_slist *at = request->headers; at; at = at->next)
        if (strncmp (at->data, name, strlen (name)) == 0 &&
            strncmp (at->data + strlen (name), ": ", 2) == 0)
            return at->data + strlen (name) + 2;
    return NULL;
}


static void
s_check_nearby (const char *key, const char *expected)
{
    transport_request_t request = s_ask (&api_nearby, key, false);
    assert_string_equal (request.url, expected);
    assert_null (request.headers);
    assert_null (request.post);
    s_free (&request);
}


//  The legacy API has it in the URL, where nothing in it may end it

static void
nearby_escapes_the_key (void **state)
{
#define NEARBY "https://here/ask?location=1.5,-0.25&radius=1234.567"
    (void) state;
    s_check_nearby (NULL, NEARBY);
    s_check_nearby ("", NEARBY "&key=");
    s_check_nearby ("AIza_-.~09", NEARBY "&key=AIza_-.~09");
    s_check_nearby (
        "a&b=c+d e#f/g?h%i", NEARBY "&key=a%26b%3Dc%2Bd%20e%23f%2Fg%3Fh%25i");
    s_check_nearby ("\r\nHost: x\xFF", NEARBY "&key=%0D%0AHost%3A%20x%FF");
}


static void
google_asks_by_json (void **state)
{
    (void) state;
    transport_request_t request = s_ask (&api_google, KEY, false);
    assert_string_equal (request.url, "https://here/ask");
    assert_string_equal (request.post,
        "{\"locationRestriction\":{\"circle\":{\"center\":{\"latitude\":1.5,"
        "\"longitude\":-0.25},\"radius\":1234.567}},\"maxResultCount\":20}");
    assert_string_equal (
        s_header (&request, "Content-Type"), "application/json");
    s_free (&request);
}


//  A header, which ends in no log of a proxy

static void
google_has_the_key_in_a_header (void **state)
{
    (void) state;
    transport_request_t request = s_ask (&api_google, KEY, true);
    assert_string_equal (s_header (&request, "X-Goog-Api-Key"), KEY);
    assert_null (strstr (request.url, KEY));
    assert_null (strstr (request.post, KEY));
    s_free (&request);
    request = s_ask (&api_google, NULL, true);
    assert_null (s_header (&request, "X-Goog-Api-Key"));
    s_free (&request);
}


//  Google bills by the dearest of them; a blank would be an error

static void
google_asks_for_the_fields_that_were_paid_for (void **state)
{
    static const char *const dear [] = {"places.rating",
        "places.userRatingCount", "places.priceLevel",
        "places.currentOpeningHours.openNow"};
    static const char *const cheap [] = {"places.id", "places.displayName",
        "places.location", "places.viewport", "places.types",
        "places.shortFormattedAddress", "places.businessStatus",
        "places.iconMaskBaseUri", "places.iconBackgroundColor", "places.photos",
        "places.plusCode", "places.attributions"};
    (void) state;
    for (int full = 0; full <= 1; full++) {
        transport_request_t request = s_ask (&api_google, KEY, full);
        const char *mask = s_header (&request, "X-Goog-FieldMask");
        assert_non_null (mask);
        assert_null (strchr (mask, ' '));
        assert_null (strchr (mask, '*'));
        for (size_t at = 0; at < 12; at++)
            assert_non_null (strstr (mask, cheap [at]));
        for (size_t at = 0; at < 4; at++)
            assert_int_equal (strstr (mask, dear [at]) != NULL, full);
        s_free (&request);
    }
}


//  No key belongs there, even if there is one

static void
overpass_asks_by_a_query (void **state)
{
    (void) state;
    transport_request_t request = s_ask (&api_overpass, KEY, true);
    assert_string_equal (request.url, "https://here/ask");
    assert_null (request.headers);
    assert_null (strchr (request.post, '+'));
    assert_null (strstr (request.post, KEY));
    assert_memory_equal (request.post, "data=", 5);
    assert_null (strchr (request.post, '&'));
    char *query = curl_easy_unescape (NULL, request.post + 5, 0, NULL);
    assert_string_equal (query,
        "[out:json][timeout:8];nwr(around:1234.567,1.5,-0.25)[name]"
        "[~\"^(amenity|shop|tourism|leisure|office|healthcare)$\"~\".\"];"
        "out center 400;");
    curl_free (query);
    s_free (&request);
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
        cmocka_unit_test (the_longest_question_fits),
        cmocka_unit_test (a_dialect_has_its_name),
        cmocka_unit_test (nearby_escapes_the_key),
        cmocka_unit_test (google_asks_by_json),
        cmocka_unit_test (google_has_the_key_in_a_header),
        cmocka_unit_test (google_asks_for_the_fields_that_were_paid_for),
        cmocka_unit_test (overpass_asks_by_a_query),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
