/*  =========================================================================
    test_server_loading - one server's mind: questions while it loads

    Who has just started does not know yet whom it does not know.  A question
    about a client that is not known waits, and with it whoever asks.
    =========================================================================
*/

#include "unit/talk.h"

#include <stdlib.h>
#include <string.h>

#define WAIT_MS 5000
#define PLUM "IAMAT plum +1+1 1479413884"
#define PLUM_AT "AT Ball +0.655887836 plum +1+1 1479413884"


static int
s_setup (void **state)
{
    talk_new (state);
    talk_load (*state, WAIT_MS);
    return 0;
}


//  Time passes, and nobody is there

static void
s_pass (talk_t *self, int64_t ms)
{
    for (int64_t passed_ms = 0; passed_ms < ms; passed_ms += CORE_TICK_MS) {
        self->clock_ms += CORE_TICK_MS;
        talk_event (self, EVENT_TICK, 0, (span_t){NULL, 0});
    }
}


//  A client tells Ball its location, before Alford meets it

static void
s_tell_ball (talk_t *self, const char *line)
{
    event_t event = {.kind = EVENT_CONNECTION_LINE,
        .now = self->now,
        .clock_ms = self->clock_ms,
        .connection = 1,
        .text = span_of (line)};
    server_step (self->ball, &event, self->others);
}


//  The first notes are of links and loading

static void
s_forget_notes (talk_t *self)
{
    effects_clear (self->effects);
}


static void
a_question_about_somebody_unknown_waits (void **state)
{
    talk_t *self = *state;
    talk_asks (self, "WHATSAT plum 10 5", "7 hold\n");
    s_pass (self, 300);
    assert_int_equal (effects_count (self->effects), 0);
    assert_int_equal (server_status (self->alford).invalid, 0);
}


//  Nobody answered for a second: it is over

static void
it_is_answered_when_loading_is_over (void **state)
{
    talk_t *self = *state;
    talk_asks (self, "WHATSAT plum 10 5\r", "7 hold\n");
    s_pass (self, 1100);
    assert_false (server_status (self->alford).loading);
    assert_story (self->effects,
        "* loaded: 0 clients known\n7> ? WHATSAT plum 10 5\n7 release\n");
    assert_int_equal (server_status (self->alford).invalid, 1);
    talk_asks (self, "WHATSAT plum 10 5", "7> ? WHATSAT plum 10 5\n");
}


static void
it_is_answered_when_a_peer_brings_the_client (void **state)
{
    talk_t *self = *state;
    s_tell_ball (self, PLUM);
    talk_asks (self, "WHATSAT plum 10 5", "7 hold\n");
    talk_exchange (self);
    s_forget_notes (self);
    s_pass (self, CORE_TICK_MS);
    assert_story (self->effects, "7 release\n7 fetch 1 10000000 mm +1+1\n");
    talk_places (self, EVENT_PLACES_FAILED, 7, 1, "");
    size_t size;
    char *text = story_tell (self->effects, &size);
    assert_non_null (strstr (text, "7> " PLUM_AT "\n{\n"));
    free (text);
    assert_int_equal (server_status (self->alford).whatsats, 1);
}


static void
it_is_answered_when_it_waited_long_enough (void **state)
{
    talk_t *self = *state;
    talk_load (self, 200);
    talk_asks (self, "WHATSAT plum 10 5", "7 hold\n");
    s_pass (self, 150);
    assert_int_equal (effects_count (self->effects), 0);
    s_pass (self, 50);
    assert_true (server_status (self->alford).loading);
    assert_story (self->effects, "7> ? WHATSAT plum 10 5\n7 release\n");
}


static void
without_a_wait_it_is_answered_at_once (void **state)
{
    talk_t *self = *state;
    talk_load (self, 0);
    talk_asks (self, "WHATSAT plum 10 5", "7> ? WHATSAT plum 10 5\n");
}


//  Everything else is answered as ever

static void
who_is_known_is_answered_while_we_load (void **state)
{
    talk_t *self = *state;
    talk_asks (self, KIWI, "7> " KIWI_AT "\n");
    talk_asks (self, "hello", "7> ? hello\n");
    talk_asks (self, "WHATSAT kiwi.cs.ucla.edu 10 5",
        "7 fetch 1 10000000 mm +34.068930-118.445127\n");
}


//  The client is held, so its lines stay where they are; another's go on, but
//  do not answer a question that was asked before

static void
replies_keep_their_order (void **state)
{
    talk_t *self = *state;
    talk_asks (self, KIWI, "7> " KIWI_AT "\n");
    talk_asks (self, "WHATSAT kiwi.cs.ucla.edu 10 5",
        "7 fetch 1 10000000 mm +34.068930-118.445127\n");
    talk_asks (self, "WHATSAT plum 10 5", "7 hold\n");
    s_pass (self, 1100);
    //  It is behind the answer of Places
    assert_story (self->effects, "* loaded: 1 clients known\n7 release\n");
    talk_places (self, EVENT_PLACES_FAILED, 7, 1, "");
    size_t size;
    char *text = story_tell (self->effects, &size);
    const char *first = strstr (text, "7> " KIWI_AT);
    const char *second = strstr (text, "7> ? WHATSAT plum 10 5\n");
    assert_true (first && second && first < second);
    free (text);
}


//  Who asks from elsewhere waits for itself

static void
each_client_waits_for_itself (void **state)
{
    talk_t *self = *state;
    talk_line (self, 7, "WHATSAT plum 10 5");
    talk_line (self, 8, "WHATSAT fig 10 5");
    assert_story (self->effects, "7 hold\n8 hold\n");
    talk_line (self, 9, "IAMAT plum +1+1 1479413884");
    effects_clear (self->effects);
    s_pass (self, CORE_TICK_MS);
    assert_story (self->effects, "7 release\n7 fetch 1 10000000 mm +1+1\n");
    talk_event (self, EVENT_CONNECTION_CLOSED, 8, SPAN ("gone"));
    s_pass (self, 1100);
    assert_story (self->effects, "* loaded: 1 clients known\n");
}


static void
who_will_say_no_more_is_answered_and_closed (void **state)
{
    talk_t *self = *state;
    talk_line (self, 7, "WHATSAT plum 10 5");
    talk_event (self, EVENT_CONNECTION_ENDED, 7, (span_t){NULL, 0});
    assert_story (self->effects, "7 hold\n");
    s_pass (self, 1100);
    assert_story (self->effects,
        "* loaded: 0 clients known\n7> ? WHATSAT plum 10 5\n7 release\n"
        "7 close\n");
}


static void
who_waits_when_a_server_ends_is_answered (void **state)
{
    talk_t *self = *state;
    talk_line (self, 7, "WHATSAT plum 10 5");
    effects_clear (self->effects);
    talk_event (self, EVENT_GIVE_UP, 0, (span_t){NULL, 0});
    assert_story (self->effects, "7> ? WHATSAT plum 10 5\n7 release\n");
}


#define CASE(name) cmocka_unit_test_setup_teardown (name, s_setup, talk_free)

int
main (void)
{
    const struct CMUnitTest cases [] = {
        CASE (a_question_about_somebody_unknown_waits),
        CASE (it_is_answered_when_loading_is_over),
        CASE (it_is_answered_when_a_peer_brings_the_client),
        CASE (it_is_answered_when_it_waited_long_enough),
        CASE (without_a_wait_it_is_answered_at_once),
        CASE (who_is_known_is_answered_while_we_load),
        CASE (replies_keep_their_order),
        CASE (each_client_waits_for_itself),
        CASE (who_will_say_no_more_is_answered_and_closed),
        CASE (who_waits_when_a_server_ends_is_answered),
    };
    return cmocka_run_group_tests (cases, NULL, NULL);
}
