/*  =========================================================================
    test_service - answers Nearby Search requests out of a gazetteer

    Real requests over loopback, and what their parameters mean.
    =========================================================================
*/

#include "places/http_case.h"


//  The status of the answer to these parameters

static const char *
s_status (http_case_t *self, const char *parameters)
{
    static char status [32];
    char request [1024];
    snprintf (request, sizeof (request),
        NEARBY "?%s HTTP/1.1\r\n" HOST CLOSE "\r\n", parameters);
    const char *reply = http_case_ask (self, request);
    assert_non_null (strstr (reply, "HTTP/1.1 200 OK\r\n"));
    const char *found = strstr (reply, "\"status\" : \"");
    assert_non_null (found);
    assert_int_equal (sscanf (found, "\"status\" : \"%31[A-Z_]", status), 1);
    return status;
}


//  The ids of the places in the answer to these parameters

static const char *
s_places (http_case_t *self, const char *parameters)
{
    static char ids [256];
    s_status (self, parameters);
    size_t size = 0;
    ids [0] = '\0';
    for (const char *at = self->reply; (at = strstr (at, "\"gn-"));
         at = strstr (at + 1, "\"gn-") + 1) {
        //  Each id stands there twice, as reference too
        at += 4;
        size += (size_t) snprintf (ids + size, sizeof (ids) - size, "%.*s ",
            (int) strcspn (at, "\""), at);
    }
    return ids;
}


static void
places_come_by_prominence (void **state)
{
    assert_string_equal (
        s_places (*state, "location=34,-118&radius=20000&key=x"), "2 1 4 ");
}


static void
distance_ranks_without_radius (void **state)
{
    assert_string_equal (
        s_places (*state, "location=34.09,-118&rankby=distance&type=locality"),
        "2 1 3 ");
    assert_string_equal (
        s_places (*state, "location=34.09,-118&rankby=distance&keyword=re"),
        "2 1 ");
    assert_string_equal (
        s_places (*state, "location=34.09,-118&rankby=distance&name=far"),
        "3 ");
    assert_string_equal (s_status (*state, "location=34,-118&rankby=distance"),
        "INVALID_REQUEST");
    assert_string_equal (
        s_status (*state, "location=34,-118&rankby=distance&type="),
        "INVALID_REQUEST");
    assert_string_equal (
        s_status (*state, "location=34,-118&rankby=distance&name=far&radius=5"),
        "INVALID_REQUEST");
    assert_string_equal (
        s_status (*state, "location=34,-118&rankby=size&radius=5"),
        "INVALID_REQUEST");
}


//  "Far" is 48.9 km away, and 55.6 km from the other point

static void
radius_is_metres_up_to_50000 (void **state)
{
    static const char *const bad [] = {"", "-1", "nan", "inf", "0x10", "1e3",
        "5km", "%205", "5%20", "5%00", "1,5", "+5"};
    char parameters [64];
    assert_string_equal (
        s_places (*state, "location=34,-118&radius=50000"), "3 2 1 4 ");
    assert_string_equal (
        s_places (*state, "location=34,-118&radius=0"), "1 4 ");
    assert_string_equal (
        s_places (*state, "location=34.0001,-118&radius=0"), "");
    assert_string_equal (
        s_places (*state, "location=34.0001,-118&radius=11"), "");
    assert_string_equal (
        s_places (*state, "location=34.0001,-118&radius=11.2"), "1 4 ");
    //  As Google does, more is taken for the most
    assert_string_equal (
        s_places (*state, "location=33.94,-118&radius=50001"), "2 1 4 ");
    assert_string_equal (
        s_places (*state, "location=33.94,-118&radius=5000000"), "2 1 4 ");
    for (size_t index = 0; index < sizeof (bad) / sizeof (*bad); index++) {
        snprintf (parameters, sizeof (parameters), "location=34,-118&radius=%s",
            bad [index]);
        assert_string_equal (s_status (*state, parameters), "INVALID_REQUEST");
    }
}


//  A query's + is a blank: who sends ISO 6709 as it is learns of it here

static void
location_is_two_plain_numbers (void **state)
{
    static const char *const bad [] = {"", "34", "34,", ",-118", "34,-118,",
        "34,-118,0", "34%20,-118", "+34,-118", "34+-118", "90.1,0", "-90.1,0",
        "0,180.1", "0,-180.1", "nan,0", "0,inf", "0x22,0", "34;-118",
        "34,-118%00", "34,-118x"};
    char parameters [64];
    assert_string_equal (
        s_places (*state, "location=34,-118&radius=1"), "1 4 ");
    assert_string_equal (
        s_places (*state, "location=%2B34.0000000%2C-118.0&radius=1"), "1 4 ");
    assert_string_equal (
        s_status (*state, "location=-90,180&radius=1"), "ZERO_RESULTS");
    for (size_t index = 0; index < sizeof (bad) / sizeof (*bad); index++) {
        snprintf (parameters, sizeof (parameters), "radius=1&location=%s",
            bad [index]);
        assert_string_equal (s_status (*state, parameters), "INVALID_REQUEST");
    }
}


static void
location_and_radius_are_needed (void **state)
{
    assert_string_equal (s_status (*state, ""), "INVALID_REQUEST");
    assert_string_equal (
        s_status (*state, "location=34,-118"), "INVALID_REQUEST");
    assert_string_equal (s_status (*state, "radius=5"), "INVALID_REQUEST");
}


static void
of_types_the_first_counts (void **state)
{
#define HERE "location=34,-118&radius=1&type="
    assert_string_equal (s_places (*state, HERE "neighborhood"), "4 ");
    assert_string_equal (s_places (*state, HERE "neighborhood|locality"), "4 ");
    assert_string_equal (s_places (*state, HERE "political"), "1 4 ");
    assert_string_equal (s_places (*state, HERE "bar,cafe"), "1 4 ");
    assert_string_equal (s_places (*state, HERE), "1 4 ");
    assert_string_equal (s_status (*state, HERE "bar"), "ZERO_RESULTS");
    assert_string_equal (s_status (*state, HERE "LOCALITY"), "ZERO_RESULTS");
}


static void
a_hostile_argument_finds_nothing (void **state)
{
#define NAMED "location=34,-118&radius=50000&name="
    assert_string_equal (
        s_status (*state, NAMED "%22%7D%5D%2C%3Cscript%3E"), "ZERO_RESULTS");
    assert_string_equal (s_status (*state, NAMED "%FF%C0"), "ZERO_RESULTS");
    assert_string_equal (s_status (*state, NAMED "%"), "ZERO_RESULTS");
    assert_string_equal (s_status (*state, NAMED "%25s%25n"), "ZERO_RESULTS");
}


static void
twenty_places_are_the_most (void **state)
{
    http_case_t *self = *state;
    gazetteer_destroy (&self->gazetteer);
    self->gazetteer = gazetteer_new ("data/cities500.tsv.gz");
    http_case_serve (self);
    s_places (self, "location=48.137,11.575&radius=50000");
    size_t count = 0;
    for (const char *at = self->reply; (at = strstr (at, "\"place_id\"")); at++)
        count++;
    assert_int_equal (count, 20);
    assert_null (strstr (self->reply, "next_page_token"));
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        CASE (places_come_by_prominence),
        CASE (distance_ranks_without_radius),
        CASE (radius_is_metres_up_to_50000),
        CASE (location_is_two_plain_numbers),
        CASE (location_and_radius_are_needed),
        CASE (of_types_the_first_counts),
        CASE (a_hostile_argument_finds_nothing),
        CASE (twenty_places_are_the_most),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
