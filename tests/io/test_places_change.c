/*  =========================================================================
    test_places_change - what is asked, and of whom, while servers go on
    =========================================================================
*/

#include "io/places_case.h"


static void
a_provider_may_come_and_go (void **state)
{
    places_case_t *self = *state;
    const char *url = self->options.url;
    self->options.url = NULL;
    places_change (self->places, &self->options);
    places_case_fails (self, "no provider");
    self->options.url = url;
    places_change (self->places, &self->options);
    upstream_will_say (self->upstream, GOOD);
    places_case_answers (self, GOOD_BODY);
}


//  Who waits for it when it goes is not left waiting

static void
who_waits_for_one_that_goes_is_told (void **state)
{
    places_case_t *self = *state;
    places_case_ask (self);
    self->options.url = NULL;
    places_change (self->places, &self->options);
    REACH (self->stage, &self->failed, 1);
    assert_non_null (strstr (self->text, "no provider"));
    assert_int_equal (self->absent, 1);
}


static void
nothing_is_held_against_another_key (void **state)
{
    places_case_t *self = *state;
    upstream_will_say (self->upstream, DENIED);
    places_case_ask (self);
    REACH (self->stage, &self->ended, self->asked);
    places_case_fails (self, "left alone");
    self->options.key = "another";
    places_change (self->places, &self->options);
    upstream_will_say (self->upstream, GOOD);
    places_case_answers (self, GOOD_BODY);
    //  The same one again is no news, and what it said counts
    upstream_will_say (self->upstream, DENIED);
    places_case_ask (self);
    REACH (self->stage, &self->ended, self->asked);
    places_change (self->places, &self->options);
    places_case_fails (self, "left alone");
}


static void
what_of_the_day_is_spent_stays_so (void **state)
{
    places_case_t *self = *state;
    self->options.per_day = 1;
    places_case_start (self);
    upstream_will_say (self->upstream, GOOD);
    places_case_answers (self, GOOD_BODY);
    self->options.per_second = 1000;
    places_change (self->places, &self->options);
    places_case_fails (self, "budget spent");
    self->options.per_day = 2;
    places_change (self->places, &self->options);
    places_case_answers (self, GOOD_BODY);
}


static void
answers_are_kept_of_the_present_provider_alone (void **state)
{
    places_case_t *self = *state;
    self->options.cache_ms = 60000;
    self->options.cache_size_max = 65536;
    places_case_start (self);
    upstream_will_say (self->upstream, GOOD);
    for (int times = 0; times < 2; times++) {
        places_case_ask_again (self);
        REACH (self->stage, &self->answered, self->asked);
    }
    assert_int_equal (self->upstream->requests, 1);
    self->options.cache_size_max = 131072;
    places_change (self->places, &self->options);
    places_case_ask_again (self);
    REACH (self->stage, &self->answered, self->asked);
    assert_int_equal (self->upstream->requests, 1);
    self->options.key = "another";
    places_change (self->places, &self->options);
    places_case_ask_again (self);
    REACH (self->stage, &self->answered, self->asked);
    assert_int_equal (self->upstream->requests, 2);
    self->options.cache_ms = 0;
    places_change (self->places, &self->options);
    places_case_ask_again (self);
    REACH (self->stage, &self->answered, self->asked);
    assert_int_equal (self->upstream->requests, 3);
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        CASE (a_provider_may_come_and_go),
        CASE (who_waits_for_one_that_goes_is_told),
        CASE (nothing_is_held_against_another_key),
        CASE (what_of_the_day_is_spent_stays_so),
        CASE (answers_are_kept_of_the_present_provider_alone),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
