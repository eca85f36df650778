/*  =========================================================================
    test_places_held - when the provider is not asked

    It said so, it denies, or a budget is spent: the provider counts requests,
    and whoever asks us hears why.
    =========================================================================
*/

#include "io/later.h"
#include "io/places_case.h"
#include "loop/clock.h"


//  It is told once that nothing is asked for so long, and nothing is, not even
//  a connection made; whoever asks hears at once why.  Then it is asked again.

static void
s_check_hold (places_case_t *self, const api_t *api, const char *reply,
    const char *word, int64_t seconds)
{
    char said [64];
    self->options.api = api;
    places_case_start (self);
    self->held = 0;
    self->upstream->requests = 0;
    upstream_will_say (self->upstream, reply);
    for (int count = 0; count < 4; count++)
        places_case_ask (self);
    REACH (self->stage, &self->ended, self->asked);
    size_t asked = self->upstream->requests;
    assert_in_range (asked, 1, 4);
    later_by (seconds * 1000 - 5000);
    for (int count = 0; count < 3; count++) {
        places_case_fails (self, "left alone");
        assert_string_equal (self->status, word);
    }
    assert_int_equal (self->upstream->requests, asked);
    assert_int_equal (self->held, 1);
    snprintf (
        said, sizeof (said), ": nothing is asked for %d s", (int) seconds);
    assert_non_null (strstr (self->why, said));
    assert_null (strstr (self->why, KEY));
    upstream_will_say (self->upstream,
        api == &api_nearby   ? GOOD
        : api == &api_google ? OK LENGTH ("2") "\r\n{}"
                             : OK LENGTH ("15") "\r\n{\"elements\":[]}");
    later_by (5000);
    places_case_ask (self);
    REACH (self->stage, &self->ended, self->asked);
    assert_int_equal (self->upstream->requests, asked + 1);
}


static void
a_provider_that_says_when_is_not_asked_before (void **state)
{
    places_case_t *self = *state;
    static const char *const replies [] = {SLOWER ("70"),
        "HTTP/1.1 503 Busy\r\nRetry-After: 70\r\n" EMPTY,
        "HTTP/1.1 504 Late\r\nRetry-After: 70\r\n" EMPTY,
        "HTTP/1.1 429 Slower\r\nRetry-After: 70\r\nContent-Length: 9\r\n\r\n"
        "<html>...",
        //  What it says does not come whole
        "HTTP/1.1 429 Slower\r\nRetry-After: 70\r\n" LENGTH ("70000") "\r\n"};
    static const api_t *const apis [] = {
        &api_nearby, &api_google, &api_overpass};
    for (size_t at = 0; at < 3; at++)
        for (size_t reply = 0; reply < 5; reply++) {
            self->upstream->closes = reply == 4;
            s_check_hold (
                self, apis [at], replies [reply], "OVER_QUERY_LIMIT", 70);
        }
}


static void
one_that_does_not_say_when_is_left_alone_for_half_a_minute (void **state)
{
    static const char *const replies [] = {"HTTP/1.1 429 Slower\r\n" EMPTY,
        SLOWER ("-5"), SLOWER ("0"), SLOWER ("soon"),
        SLOWER ("Thu, 01 Jan 1998 00:00:00 GMT"), LIMIT};
    static const api_t *const apis [] = {
        &api_nearby, &api_google, &api_overpass};
    for (size_t reply = 0; reply < 6; reply++)
        for (size_t at = 0; at < (reply == 5 ? 1 : 3); at++)
            s_check_hold (
                *state, apis [at], replies [reply], "OVER_QUERY_LIMIT", 30);
}


static void
one_that_denies_is_left_alone_for_half_a_minute (void **state)
{
    s_check_hold (*state, &api_nearby, DENIED, "REQUEST_DENIED", 30);
    s_check_hold (
        *state, &api_nearby, "HTTP/1.1 403 No\r\n" EMPTY, "REQUEST_DENIED", 30);
    s_check_hold (
        *state, &api_google, "HTTP/1.1 403 No\r\n" EMPTY, "REQUEST_DENIED", 30);
    s_check_hold (*state, &api_overpass, "HTTP/1.1 403 No\r\n" EMPTY,
        "REQUEST_DENIED", 30);
    s_check_hold (*state, &api_overpass, "HTTP/1.1 406 No\r\n" EMPTY,
        "REQUEST_DENIED", 30);
}


//  Though its connections are in use, and others wait for them

static void
who_asks_meanwhile_hears_at_once (void **state)
{
    places_case_t *self = *state;
    self->options.connections_max = 2;
    places_case_start (self);
    upstream_will_say (self->upstream, "");
    upstream_will_say_first (self->upstream, SLOWER ("500"), 1);
    places_case_ask (self);
    places_case_ask (self);
    places_case_ask (self);
    REACH (self->stage, &self->failed, 2);
    places_case_ask (self);
    REACH (self->stage, &self->failed, 3);
    assert_string_equal (self->status, "OVER_QUERY_LIMIT");
    assert_int_equal (self->ended, 3);
    assert_int_equal (self->upstream->requests, 2);
}


static void
a_spent_budget_is_told (void **state)
{
    places_case_t *self = *state;
    upstream_will_say (self->upstream, GOOD);
    self->options.per_day = 3;
    places_case_start (self);
    for (int count = 0; count < 3; count++)
        places_case_answers (self, GOOD_BODY);
    places_case_fails (self, "budget");
    assert_int_equal (self->spent, 1);
    assert_int_equal (places_counts (self->places).refused, 1);
    self->options.per_day = 0;
    self->options.per_second = 2;
    places_case_start (self);
    int64_t begun_ms = clock_ms ();
    for (int count = 0; count < 10; count++)
        places_case_ask (self);
    REACH (self->stage, &self->ended, self->asked);
    size_t most = 5 + (size_t) (clock_ms () - begun_ms) / 500;
    assert_in_range (self->upstream->requests, 5, most);
    assert_int_equal (self->spent + self->upstream->requests, 14);
    later_by (500);
    places_case_answers (self, GOOD_BODY);
}


//  Who asks much leaves the budget to others.  What costs no request, because
//  it is kept, or shared, or because nothing is asked now, does not count.

static void
an_address_has_its_share_of_the_budget (void **state)
{
    places_case_t *self = *state;
    self->options.per_client_per_minute = 3;
    self->options.per_day = 5;
    self->options.cache_ms = 600000;
    self->options.cache_size_max = 65536;
    places_case_start (self);
    later_by (60000 - clock_ms () % 60000);
    upstream_will_say (self->upstream, GOOD);
    self->address = address_of_v4 (0x7F000001);
    places_case_answers (self, GOOD_BODY);
    for (int count = 0; count < 10; count++)
        places_case_ask_again (self);
    places_case_ask (self);
    places_case_ask (self);
    REACH (self->stage, &self->answered, 13);
    for (int count = 0; count < 10; count++)
        places_case_fails (self, "share spent");
    assert_int_equal (self->rationed, 10);
    assert_int_equal (self->upstream->requests, 3);
    self->address = address_of_v4 (0x7F000002);
    places_case_answers (self, GOOD_BODY);
    later_by (60000);
    self->address = address_of_v4 (0x7F000001);
    places_case_answers (self, GOOD_BODY);
    places_case_fails (self, "budget");
    assert_int_equal (self->spent, 1);
    assert_int_equal (self->upstream->requests, 5);
    assert_int_equal (places_counts (self->places).refused, 11);
}


static void
a_lookup_while_nothing_is_asked_costs_no_share (void **state)
{
    places_case_t *self = *state;
    self->options.per_client_per_minute = 2;
    places_case_start (self);
    later_by (60000 - clock_ms () % 60000);
    upstream_will_say (self->upstream, SLOWER ("30"));
    for (int count = 0; count < 10; count++)
        places_case_fails (self, "left alone");
    upstream_will_say (self->upstream, GOOD);
    later_by (30000);
    places_case_answers (self, GOOD_BODY);
    places_case_fails (self, "share spent");
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        CASE (a_provider_that_says_when_is_not_asked_before),
        CASE (one_that_does_not_say_when_is_left_alone_for_half_a_minute),
        CASE (one_that_denies_is_left_alone_for_half_a_minute),
        CASE (who_asks_meanwhile_hears_at_once),
        CASE (a_spent_budget_is_told),
        CASE (an_address_has_its_share_of_the_budget),
        CASE (a_lookup_while_nothing_is_asked_costs_no_share),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
