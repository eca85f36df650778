/*  =========================================================================
    test_service - answers Nearby Search requests out of a gazetteer

    Real requests over loopback, and what their parameters mean.
    =========================================================================
*/

#include "places/http_case.h"

//  Places enough for three pages
static const char *const s_many = "data/osm-montevideo-astana.tsv.gz";


//  The status of the answer to these parameters

static const char *
s_status (http_case_t *self, const char *parameters)
{
    static char status [32];
    char request [4096];
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


static size_t
s_count (const char *text, const char *part)
{
    size_t count = 0;
    for (const char *at = text; (at = strstr (at, part)); at++)
        count++;
    return count;
}


//  The token on the page that came last, or NULL

static const char *
s_token (const http_case_t *self)
{
    static char token [2048];
    const char *found = strstr (self->reply, "\"next_page_token\" : \"");
    if (!found)
        return NULL;
    assert_int_equal (
        sscanf (found, "\"next_page_token\" : \"%2047[^\"]", token), 1);
    return token;
}


//  Ask for the next page; whatever stands beside the token is ignored

static const char *
s_next (http_case_t *self, const char *token)
{
    char parameters [3000];
    snprintf (parameters, sizeof (parameters),
        "location=bad&radius=-1&key=x&pagetoken=%s", token);
    return s_status (self, parameters);
}


static void
sixty_places_come_on_three_pages (void **state)
{
    http_case_t *self = *state;
    char first [64];
    http_case_open (self, s_many, LAYOUT_CLASSIC);
    s_status (self, "location=-34.9058,-56.1913&radius=50000");
    sscanf (strstr (self->reply, "\"place_id\""), "%63[^\n]", first);
    for (size_t page = 0; page < 3; page++) {
        assert_int_equal (s_count (self->reply, "\"place_id\""), 20);
        assert_int_equal (strstr (self->reply, first) != NULL, page == 0);
        assert_int_equal (s_token (self) != NULL, page < 2);
        if (s_token (self))
            assert_string_equal (s_next (self, s_token (self)), "OK");
    }
}


//  The token carries type, keyword and name, and the ranking

static void
a_page_asks_what_the_first_one_asked (void **state)
{
    http_case_t *self = *state;
    http_case_open (self, s_many, LAYOUT_CLASSIC);
    s_status (self,
        "location=-34.9058,-56.1913&rankby=distance&type=store|bar&keyword="
        "montevideo+e&name=a");
    for (size_t page = 0; page < 3; page++) {
        assert_int_equal (s_count (self->reply, "\"place_id\""), 20);
        assert_int_equal (s_count (self->reply, "\"store\""), 20);
        assert_int_equal (s_count (self->reply, "Montevideo\"\n"), 20);
        assert_int_equal (s_count (self->reply, "contributors"), 1);
        if (s_token (self))
            s_next (self, s_token (self));
    }
}


static void
a_few_places_need_no_token (void **state)
{
    http_case_t *self = *state;
    s_status (self, "location=34,-118&radius=50000");
    assert_null (s_token (self));
}


static void
only_our_own_tokens_are_good (void **state)
{
    http_case_t *self = *state;
    char token [2048];
    http_case_open (self, s_many, LAYOUT_CLASSIC);
    s_status (self, "location=-34.9058,-56.1913&radius=50000&keyword=e");
    snprintf (token, sizeof (token), "%s", s_token (self));
    assert_string_equal (s_next (self, token), "OK");
    for (size_t index = 0; index < strlen (token); index += 5) {
        token [index] ^= 1;
        assert_string_equal (s_next (self, token), "INVALID_REQUEST");
        token [index] ^= 1;
    }
    assert_string_equal (s_next (self, "x"), "INVALID_REQUEST");
    token [strlen (token) - 4] = '\0';
    assert_string_equal (s_next (self, token), "INVALID_REQUEST");
    //  A service that begins anew has another key
    s_status (self, "location=-34.9058,-56.1913&radius=50000&keyword=e");
    snprintf (token, sizeof (token), "%s", s_token (self));
    http_case_open (self, s_many, LAYOUT_CLASSIC);
    assert_string_equal (s_next (self, token), "INVALID_REQUEST");
}


static void
texts_have_255_bytes_at_most (void **state)
{
    http_case_t *self = *state;
    char parameters [1024];
    snprintf (parameters, sizeof (parameters),
        "location=34,-118&radius=50000&name=%0*d", 255, 0);
    assert_string_equal (s_status (self, parameters), "ZERO_RESULTS");
    snprintf (parameters, sizeof (parameters),
        "location=34,-118&radius=50000&name=%0*d", 256, 0);
    assert_string_equal (s_status (self, parameters), "INVALID_REQUEST");
}


//  There are no prices and no hours: said, not made up

static void
what_is_not_known_is_said (void **state)
{
    http_case_t *self = *state;
    assert_string_equal (
        s_places (self, HERE "locality&minprice=0&maxprice=4"), "1 ");
    assert_non_null (strstr (self->reply, "\"info_messages\" : "));
    assert_string_equal (
        s_status (self, HERE "locality&minprice=5"), "INVALID_REQUEST");
    assert_string_equal (
        s_status (self, HERE "locality&maxprice=-1"), "INVALID_REQUEST");
    assert_string_equal (
        s_status (self, HERE "locality&opennow"), "ZERO_RESULTS");
    assert_non_null (strstr (self->reply, "\"info_messages\" : "));
    assert_string_equal (
        s_status (self, HERE "locality&opennow=true"), "ZERO_RESULTS");
}


static void
the_current_layout_is_to_be_had (void **state)
{
    http_case_t *self = *state;
    http_case_open (self, s_many, LAYOUT_CURRENT);
    assert_string_equal (
        s_status (self, "location=-34.9058,-56.1913&radius=50000"), "OK");
    assert_non_null (
        strstr (self->reply, "   \"results\" : \n   [\n      {\n"));
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
        CASE (sixty_places_come_on_three_pages),
        CASE (a_page_asks_what_the_first_one_asked),
        CASE (a_few_places_need_no_token),
        CASE (only_our_own_tokens_are_good),
        CASE (texts_have_255_bytes_at_most),
        CASE (what_is_not_known_is_said),
        CASE (the_current_layout_is_to_be_had),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
