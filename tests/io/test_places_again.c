/*  =========================================================================
    test_places_again - questions that are shared, kept, repeated, held back

    How often the provider is asked: once for all who ask the same, or again.
    test_places_held tells when it is not asked.
    =========================================================================
*/

#include "io/later.h"
#include "io/places_case.h"
#include "loop/clock.h"


static void
s_check_ends (const places_case_t *self, size_t count)
{
    assert_int_equal (self->asked, count);
    for (size_t index = 0; index < count; index++)
        assert_int_equal (self->ends [index], 1);
}


static void
a_thousand_lookups_of_a_place_are_one_request (void **state)
{
    places_case_t *self = *state;
    upstream_will_say (self->upstream, GOOD);
    for (int count = 0; count < 1000; count++)
        places_case_ask_again (self);
    assert_int_equal (self->ended, 0);
    REACH (self->stage, &self->answered, 1000);
    loop_case_spend (self->stage, 20);
    s_check_ends (self, 1000);
    assert_int_equal (self->upstream->requests, 1);
    places_counts_t counts = places_counts (self->places);
    assert_int_equal (counts.lookups, 1000);
    assert_int_equal (counts.shared, 999);
    assert_int_equal (counts.requests, 1);
    assert_int_equal (counts.kept + counts.retries + counts.refused, 0);
}


//  What is over is not shared: without a cache, the next one asks anew

static void
only_what_is_under_way_is_shared (void **state)
{
    places_case_t *self = *state;
    upstream_will_say (self->upstream, GOOD);
    for (size_t count = 1; count <= 3; count++) {
        places_case_ask_again (self);
        places_case_ask_again (self);
        REACH (self->stage, &self->answered, 2 * count);
        assert_int_equal (self->upstream->requests, count);
    }
}


static void
a_shared_failure_is_told_to_all (void **state)
{
    places_case_t *self = *state;
    upstream_will_say (self->upstream, "HTTP/1.1 404 No\r\n" EMPTY);
    for (int count = 0; count < 100; count++)
        places_case_ask_again (self);
    REACH (self->stage, &self->failed, 100);
    s_check_ends (self, 100);
    assert_int_equal (self->upstream->requests, 1);
}


static void
a_thousand_places_share_the_pool (void **state)
{
    places_case_t *self = *state;
    upstream_will_say (self->upstream, GOOD);
    for (int count = 0; count < 1000; count++)
        places_case_ask (self);
    REACH (self->stage, &self->answered, 1000);
    loop_case_spend (self->stage, 20);
    s_check_ends (self, 1000);
    assert_int_equal (self->upstream->requests, 1000);
    assert_int_equal (self->upstream->connections, 4);
    assert_int_equal (self->upstream->open_most, 4);
}


static void
what_may_pass_is_asked_again (void **state)
{
    static const char *const passing [] = {BUSY, UNKNOWN,
        "HTTP/1.1 503 Oops\r\n" EMPTY, "HTTP/1.1 504 Late\r\n" EMPTY};
    places_case_t *self = *state;
    upstream_will_say (self->upstream, GOOD);
    for (size_t at = 0; at < 4; at++) {
        upstream_will_say_first (self->upstream, passing [at], 1);
        places_case_answers (self, GOOD_BODY);
        assert_int_equal (self->upstream->requests, 2 * at + 2);
    }
    assert_int_equal (places_counts (self->places).retries, 4);
    assert_int_equal (places_counts (self->places).requests, 8);
}


static void
it_is_asked_three_times_at_most (void **state)
{
    places_case_t *self = *state;
    upstream_will_say (self->upstream, BUSY);
    places_case_fails (self, "HTTP status 500");
    assert_int_equal (self->upstream->requests, 3);
    assert_string_equal (self->status, "UNKNOWN_ERROR");
}


//  What Google says to the last is what the client is to hear

static void
a_status_that_stays_is_passed_on (void **state)
{
    places_case_t *self = *state;
    upstream_will_say (self->upstream, UNKNOWN);
    places_case_answers (self, "{\"status\" : \"UNKNOWN_ERROR\"}");
    assert_int_equal (self->upstream->requests, 3);
}


static void
what_will_not_pass_is_not_asked_again (void **state)
{
    static const char *const lasting [] = {"HTTP/1.1 404 No\r\n" EMPTY,
        "HTTP/1.1 400 No\r\n" EMPTY, INVALID, ZERO, GOOD,
        OK LENGTH ("4") "\r\nwhat"};
    places_case_t *self = *state;
    for (size_t at = 0; at < 6; at++) {
        upstream_will_say (self->upstream, lasting [at]);
        places_case_ask (self);
        REACH (self->stage, &self->ended, at + 1);
    }
    loop_case_spend (self->stage, 300);
    assert_int_equal (self->upstream->requests, 6);
    assert_int_equal (places_counts (self->places).retries, 0);
}


static void
a_refused_connection_is_tried_again (void **state)
{
    places_case_t *self = *state;
    upstream_destroy (&self->upstream);
    places_case_fails (self, "connect");
    assert_int_equal (places_counts (self->places).retries, 2);
    self->upstream = upstream_new (self->stage);
}


//  Though younger ones hold all connections, and wait in front

static void
who_is_to_be_asked_again_ends_in_time (void **state)
{
    places_case_t *self = *state;
    self->options.connections_max = 1;
    places_case_start (self);
    upstream_will_say_first (self->upstream, BUSY, 1);
    places_case_ask (self);
    later_by (300000);
    for (int count = 0; count < 3; count++)
        places_case_ask (self);
    REACH (self->stage, &self->upstream->requests, 2);
    later_by (200000);
    loop_case_rest (self->stage);
    assert_int_equal (self->ended, 0);
    later_by (100000);
    REACH (self->stage, &self->failed, 1);
    assert_int_equal (self->ended, 1);
    assert_int_equal (self->ends [0], 1);
}


//  It is not even connected to, and for why it failed, that is told

static void
a_provider_that_fails_is_left_alone (void **state)
{
    places_case_t *self = *state;
    upstream_will_say (self->upstream, "HTTP/1.1 404 No\r\n" EMPTY);
    for (int count = 0; count < 5; count++)
        places_case_fails (self, "404");
    upstream_will_say (self->upstream, GOOD);
    for (int count = 0; count < 5; count++)
        places_case_fails (self, "left alone");
    assert_string_equal (self->status, "UNKNOWN_ERROR");
    assert_int_equal (self->upstream->requests, 5);
    assert_int_equal (places_counts (self->places).refused, 5);
    assert_int_equal (self->held, 0);
}


static void
good_answers_in_between_keep_it_in_use (void **state)
{
    places_case_t *self = *state;
    for (int round = 0; round < 4; round++) {
        upstream_will_say (self->upstream, "HTTP/1.1 404 No\r\n" EMPTY);
        for (int count = 0; count < 4; count++)
            places_case_fails (self, "404");
        upstream_will_say (self->upstream, round % 2 ? ZERO : INVALID);
        places_case_ask (self);
        REACH (self->stage, &self->ended, self->asked);
    }
    assert_int_equal (self->upstream->requests, 20);
}


//  On a later turn, as all answers do

static void
what_may_be_kept_is_asked_once (void **state)
{
    places_case_t *self = *state;
    self->options.cache_ms = 60000;
    self->options.cache_size_max = 65536;
    places_case_start (self);
    upstream_will_say (self->upstream, GOOD);
    for (size_t count = 1; count <= 10; count++) {
        size_t answered = self->answered;
        places_case_ask_again (self);
        places_case_ask_again (self);
        assert_int_equal (self->answered, answered);
        REACH (self->stage, &self->answered, 2 * count);
        assert_string_equal (self->text, GOOD_BODY);
    }
    s_check_ends (self, 20);
    assert_int_equal (self->upstream->requests, 1);
    places_counts_t counts = places_counts (self->places);
    assert_int_equal (counts.kept, 9);
    assert_int_equal (counts.shared, 10);
    places_case_answers (self, GOOD_BODY);
    assert_int_equal (self->upstream->requests, 2);
}


//  Neither a queue nor a breaker stands before it

static void
what_is_kept_is_told_whatever_happens (void **state)
{
    places_case_t *self = *state;
    self->options.cache_ms = 60000;
    self->options.cache_size_max = 65536;
    self->options.queue_max = 1;
    self->options.connections_max = 1;
    places_case_start (self);
    upstream_will_say (self->upstream, GOOD);
    places_case_answers (self, GOOD_BODY);
    upstream_will_say (self->upstream, "");
    for (int count = 0; count < 3; count++)
        places_case_ask (self);
    REACH (self->stage, &self->failed, 1);
    assert_string_equal (self->text, "queue full");
    places_case_ask_again (self);
    REACH (self->stage, &self->ended, 3);
    assert_int_equal (self->answered, 2);
    upstream_will_say (self->upstream, DENIED);
    wire_t *silent = zlist_pop (self->upstream->wires);
    wire_destroy (&silent);
    REACH (self->stage, &self->ended, 5);
    assert_string_equal (self->status, "REQUEST_DENIED");
    places_case_ask_again (self);
    REACH (self->stage, &self->answered, 4);
    assert_string_equal (self->text, GOOD_BODY);
}


static void
what_is_kept_ends_in_its_time (void **state)
{
    places_case_t *self = *state;
    self->options.cache_ms = 50;
    self->options.cache_size_max = 65536;
    places_case_start (self);
    upstream_will_say (self->upstream, GOOD);
    for (size_t count = 1; count <= 3; count++) {
        places_case_ask_again (self);
        REACH (self->stage, &self->answered, count);
        assert_int_equal (self->upstream->requests, count);
        later_by (50);
    }
}


//  Nor is any other failure, with or without a message

static void
failures_are_not_kept (void **state)
{
    static const char *const failures [] = {INVALID, STATUS ("24", "NOT_FOUND"),
        OK LENGTH ("4") "\r\nwhat",
        OK LENGTH ("25") "\r\n{\"error_message\" : \"It\"  }"};
    places_case_t *self = *state;
    self->options.cache_ms = 60000;
    self->options.cache_size_max = 65536;
    places_case_start (self);
    for (size_t at = 0; at < 4; at++) {
        upstream_will_say (self->upstream, failures [at]);
        for (size_t count = 1; count <= 2; count++) {
            places_case_ask_again (self);
            REACH (self->stage, &self->ended, self->asked);
            assert_int_equal (self->upstream->requests, 2 * at + count);
        }
    }
    assert_int_equal (places_counts (self->places).kept, 0);
}


//  Another api: what comes out is a legacy answer

static void
a_dialect_is_translated (void **state)
{
    places_case_t *self = *state;
    self->options.api = &api_google;
    places_case_start (self);
    upstream_will_say (self->upstream, OK LENGTH ("2") "\r\n{}");
    places_case_answers (self, "{\n"
                               "   \"html_attributions\" : [],\n"
                               "   \"results\" : [],\n"
                               "   \"status\" : \"ZERO_RESULTS\"\n"
                               "}\n");
    const char *request = self->upstream->request;
    assert_memory_equal (request, "POST /nearby HTTP/1.1\r\n", 23);
    assert_non_null (strstr (request, "\r\nX-Goog-Api-Key: " KEY "\r\n"));
    assert_non_null (strstr (request, "\"latitude\":34.068930,"));
    upstream_will_say (self->upstream, OK LENGTH ("2") "\r\n[]");
    places_case_fails (self, "an answer that is none");
    upstream_will_say (self->upstream, BUSY);
    places_case_fails (self, "500");
    assert_int_equal (self->upstream->requests, 5);
    upstream_will_say (self->upstream, "HTTP/1.1 403 No\r\n" EMPTY);
    places_case_ask (self);
    REACH (self->stage, &self->answered, 2);
    assert_non_null (strstr (self->text, "\"REQUEST_DENIED\""));
    places_case_fails (self, "left alone");
    assert_string_equal (self->status, "REQUEST_DENIED");
}


//  Some wait to be asked again, some to be told what is known

static void
an_end_may_come_while_some_wait (void **state)
{
    places_case_t *self = *state;
    self->options.cache_ms = 60000;
    self->options.cache_size_max = 65536;
    self->options.queue_max = 1;
    places_case_start (self);
    upstream_will_say (self->upstream, GOOD);
    places_case_answers (self, GOOD_BODY);
    upstream_will_say (self->upstream, UNKNOWN);
    places_case_ask (self);
    places_case_ask (self);
    REACH (self->stage, &self->upstream->requests, 3);
    loop_case_spend (self->stage, 20);
    places_case_ask_again (self);
    for (int count = 0; count < 10; count++)
        places_case_ask (self);
    places_destroy (&self->places);
    loop_case_spend (self->stage, 20);
    assert_int_equal (self->ended, 1);
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        CASE (a_thousand_lookups_of_a_place_are_one_request),
        CASE (only_what_is_under_way_is_shared),
        CASE (a_shared_failure_is_told_to_all),
        CASE (a_thousand_places_share_the_pool),
        CASE (what_may_pass_is_asked_again),
        CASE (it_is_asked_three_times_at_most),
        CASE (a_status_that_stays_is_passed_on),
        CASE (what_will_not_pass_is_not_asked_again),
        CASE (a_refused_connection_is_tried_again),
        CASE (who_is_to_be_asked_again_ends_in_time),
        CASE (a_provider_that_fails_is_left_alone),
        CASE (good_answers_in_between_keep_it_in_use),
        CASE (what_may_be_kept_is_asked_once),
        CASE (what_is_kept_is_told_whatever_happens),
        CASE (what_is_kept_ends_in_its_time),
        CASE (failures_are_not_kept),
        CASE (a_dialect_is_translated),
        CASE (an_end_may_come_while_some_wait),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
