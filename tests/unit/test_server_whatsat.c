/*  =========================================================================
    test_server_whatsat - one server's mind: places around a client

    WHATSAT from the question to the answer, told as stories, with all that
    Places, or a client that waits for it, can do wrong.
    =========================================================================
*/

#include "unit/page.h"
#include "unit/talk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FRAME(message, status)                                                 \
    "{\n"                                                                      \
    "   \"error_message\" : \"" message "\",\n"                                \
    "   \"html_attributions\" : [],\n"                                         \
    "   \"results\" : [],\n"                                                   \
    "   \"status\" : \"" status "\"\n"                                         \
    "}\n\n"

#define PAGE "{\n   \"results\" : [ 1, 2, 3 ],\n   \"status\" : \"OK\"\n}\n"


//  Alford knows kiwi

static int
s_setup (void **state)
{
    talk_new (state);
    talk_asks (*state, KIWI, "7> " KIWI_AT "\n");
    return 0;
}


static void
s_answer (talk_t *self, uint64_t connection, uint64_t request, const char *text)
{
    talk_places (self, EVENT_PLACES_ANSWER, connection, request, text);
}


//  "WHATSAT kiwi.cs.ucla.edu 10 5"

static void
the_example_whatsat_is_looked_up_and_answered (void **state)
{
    talk_t *self = *state;
    talk_asks (self, "WHATSAT kiwi.cs.ucla.edu 10 5",
        "7 fetch 1 10000000 mm +34.068930-118.445127\n");
    assert_int_equal (server_status (self->alford).waiting, 1);
    assert_int_equal (server_status (self->alford).whatsats, 1);
    s_answer (self, 7, 1, PAGE);
    assert_int_equal (
        effects_at (self->effects, 0)->open_size, strlen (KIWI_AT) + 1);
    assert_story (self->effects, "7> " KIWI_AT "\n"
                                 "{\n   \"results\" : [ 1, 2, 3 ],\n"
                                 "   \"status\" : \"OK\"\n}\n\n");
    assert_int_equal (server_status (self->alford).waiting, 0);
    assert_int_equal (server_status (self->alford).places_failed, 0);
}


static void
an_unknown_client_makes_the_command_invalid (void **state)
{
    talk_asks (*state, "WHATSAT kiwi 10 5", "7> ? WHATSAT kiwi 10 5\n");
    talk_asks (*state, "WHATSAT kiwi.cs.ucla.edu. 10 5",
        "7> ? WHATSAT kiwi.cs.ucla.edu. 10 5\n");
    assert_int_equal (server_status (((talk_t *) *state)->alford).whatsats, 0);
}


//  The server that was told, not the one asked

static void
the_at_line_names_the_server_that_was_told (void **state)
{
    talk_t *self = *state;
    event_t event = {.kind = EVENT_CONNECTION_LINE,
        .now = self->now,
        .clock_ms = self->clock_ms,
        .text = SPAN ("IAMAT plum -1+2 1479413880.5")};
    server_step (self->ball, &event, self->others);
    talk_exchange (self);
    talk_asks (self, "WHATSAT plum 0.5 20", "7 fetch 1 500000 mm -1+2\n");
    s_answer (self, 7, 1, "{}");
    assert_story (self->effects,
        "7> AT Ball +4.155887836 plum -1+2 1479413880.5\n{}\n\n");
}


static void
the_answer_is_about_the_place_at_the_question (void **state)
{
    talk_t *self = *state;
    talk_line (self, 7, "WHATSAT kiwi.cs.ucla.edu 10 5");
    talk_line (self, 8, "IAMAT kiwi.cs.ucla.edu +1+1 1479413900");
    effects_clear (self->effects);
    s_answer (self, 7, 1, "{}");
    assert_story (self->effects, "7> " KIWI_AT "\n{}\n\n");
}


//  Cut to at most bound results

static void
at_most_bound_results_are_passed_on (void **state)
{
    talk_t *self = *state;
    static const struct {
        const char *line;
        const char *results;
    } rows [] = {
        {"WHATSAT kiwi.cs.ucla.edu 10 0", "[]"},
        {"WHATSAT kiwi.cs.ucla.edu 10 1", "[ 1 ]"},
        {"WHATSAT kiwi.cs.ucla.edu 10 2", "[ 1, 2 ]"},
        {"WHATSAT kiwi.cs.ucla.edu 10 3", "[ 1, 2, 3 ]"},
        {"WHATSAT kiwi.cs.ucla.edu 10 20", "[ 1, 2, 3 ]"},
    };
    for (size_t row = 0; row < COUNT (rows); row++) {
        talk_line (self, 7, rows [row].line);
        effects_clear (self->effects);
        s_answer (self, 7, row + 1, "{\"results\" : [ 1, 2, 3 ]}");
        char story [256] = "7> " KIWI_AT "\n{\"results\" : ";
        char *end = stpcpy (story + strlen (story), rows [row].results);
        stpcpy (end, "}\n\n");
        assert_story (self->effects, story);
    }
}


//  An empty line stands in the whole reply once, at its end

static void
an_empty_line_stands_only_at_the_end (void **state)
{
    talk_t *self = *state;
    static const char *const bodies [] = {"\n\n{}", "{}\n\n\n", "{\r\n\r\n}",
        "\r\n{}\r\n", "{\n\n\n\"results\":[\n\n1\n\n,2\n\n]\n\n}\n\n",
        "{}\n \n", "", "\n\n", "<html>\n\n</html>\n\n"};
    for (size_t at = 0; at < COUNT (bodies); at++) {
        talk_line (self, 7, "WHATSAT kiwi.cs.ucla.edu 10 1");
        effects_clear (self->effects);
        s_answer (self, 7, at + 1, bodies [at]);
        span_t text = effects_at (self->effects, 0)->text;
        const char *end = memmem (text.data, text.size, "\n\n", 2);
        assert_ptr_equal (end, text.data + text.size - 2);
        effects_clear (self->effects);
    }
}


static void
a_page_of_20_results_is_passed_on_byte_for_byte (void **state)
{
    talk_t *self = *state;
    chance_t chance = chance_new (71);
    page_t page;
    size_t size;
    page_init (&page, &chance, PAGE_CLASSIC, 20);
    char *cut = page_cut (&page, 13, &size);
    talk_line (self, 7, "WHATSAT kiwi.cs.ucla.edu 50 13");
    effects_clear (self->effects);
    s_answer (self, 7, 1, page.text);
    span_t text = effects_at (self->effects, 0)->text;
    assert_int_equal (text.size, strlen (KIWI_AT) + 1 + size + 2);
    assert_memory_equal (text.data + strlen (KIWI_AT) + 1, cut, size);
    free (cut);
    page_clear (&page);
}


//  Replies leave in the order of the commands of that connection, also while a
//  WHATSAT waits for Places

static void
replies_leave_in_the_order_of_the_commands (void **state)
{
    talk_t *self = *state;
    talk_asks (self, "WHATSAT kiwi.cs.ucla.edu 1 5",
        "7 fetch 1 1000000 mm +34.068930-118.445127\n");
    talk_asks (self, "IAMAT k +1+1 1479413884", "");
    talk_asks (self, "nonsense", "");
    talk_line (self, 8, "other");
    assert_story (self->effects, "8> ? other\n");
    talk_asks (self, "WHATSAT k 2 5", "7 hold\n7 fetch 2 2000000 mm +1+1\n");
    s_answer (self, 7, 2, "{\"two\":2}");
    assert_story (self->effects, "");
    s_answer (self, 7, 1, "{\"one\":1}");
    assert_story (self->effects,
        "7> " KIWI_AT "\n{\"one\":1}\n\n"
        "7> AT Alford +0.655887836 k +1+1 1479413884\n"
        "7> ? nonsense\n"
        "7> AT Alford +0.655887836 k +1+1 1479413884\n{\"two\":2}\n\n"
        "7 release\n");
}


//  What a client may have waiting is bounded

static void
a_client_that_waits_for_much_is_held (void **state)
{
    talk_t *self = *state;
    talk_limit (self, 1 << 20, 2);
    talk_line (self, 7, KIWI);
    talk_line (self, 7, "WHATSAT kiwi.cs.ucla.edu 1 5");
    effects_clear (self->effects);
    talk_asks (self, "WHATSAT kiwi.cs.ucla.edu 2 5",
        "7 hold\n7 fetch 2 2000000 mm +34.068930-118.445127\n");
    s_answer (self, 7, 2, "{}");
    assert_story (self->effects, "");
    s_answer (self, 7, 1, "{}");
    assert_story (self->effects,
        "7> " KIWI_AT "\n{}\n\n7> " KIWI_AT "\n{}\n\n7 release\n");
}


//  After a half-close all pending replies are delivered first

static void
a_half_closed_client_gets_its_answers_first (void **state)
{
    talk_t *self = *state;
    talk_line (self, 7, "WHATSAT kiwi.cs.ucla.edu 1 5");
    talk_line (self, 7, "x");
    effects_clear (self->effects);
    talk_event (self, EVENT_CONNECTION_ENDED, 7, SPAN (""));
    assert_story (self->effects, "");
    s_answer (self, 7, 1, "{}");
    assert_story (self->effects, "7> " KIWI_AT "\n{}\n\n7> ? x\n7 close\n");
}


static void
a_line_that_is_too_long_waits_for_its_turn (void **state)
{
    talk_t *self = *state;
    talk_line (self, 7, "WHATSAT kiwi.cs.ucla.edu 1 5");
    effects_clear (self->effects);
    talk_event (self, EVENT_CONNECTION_LONG, 7, SPAN ("yyy"));
    assert_story (self->effects, "");
    s_answer (self, 7, 1, "{}");
    assert_story (self->effects, "7> " KIWI_AT "\n{}\n\n7> ? yyy\n7 close\n");
}


static void
an_answer_for_a_client_that_is_gone_is_dropped (void **state)
{
    talk_t *self = *state;
    talk_line (self, 7, "WHATSAT kiwi.cs.ucla.edu 1 5");
    talk_line (self, 7, "x");
    effects_clear (self->effects);
    talk_event (self, EVENT_CONNECTION_CLOSED, 7, SPAN ("reset"));
    s_answer (self, 7, 1, "{}");
    talk_places (self, EVENT_PLACES_FAILED, 7, 1, "timeout");
    assert_story (self->effects, "");
    assert_int_equal (server_status (self->alford).waiting, 0);
}


static void
an_answer_nobody_waits_for_is_dropped (void **state)
{
    talk_t *self = *state;
    s_answer (self, 7, 1, "{}");
    assert_story (self->effects, "");
    talk_line (self, 7, "WHATSAT kiwi.cs.ucla.edu 1 5");
    effects_clear (self->effects);
    s_answer (self, 8, 1, "{}");
    s_answer (self, 7, 2, "{}");
    assert_story (self->effects, "");
    s_answer (self, 7, 1, "{}");
    s_answer (self, 7, 1, "{}");
    talk_places (self, EVENT_PLACES_FAILED, 7, 1, "late");
    assert_story (self->effects, "7> " KIWI_AT "\n{}\n\n");
    assert_int_equal (server_status (self->alford).places_failed, 0);
}


//  When Places fails, the AT line still comes, followed by JSON in Google's
//  frame: our own fixed words, no key, no address, no URL

static void
when_places_fails_the_at_line_still_comes (void **state)
{
    talk_t *self = *state;
    talk_line (self, 7, "WHATSAT kiwi.cs.ucla.edu 1 5");
    effects_clear (self->effects);
    talk_places (self, EVENT_PLACES_FAILED, 7, 1,
        "https://10.0.0.1/?key=secret timed out");
    assert_int_equal (
        effects_at (self->effects, 0)->open_size, strlen (KIWI_AT) + 1);
    assert_story (self->effects,
        "7> " KIWI_AT
        "\n" FRAME ("The Places service did not answer.", "UNKNOWN_ERROR"));
    assert_int_equal (server_status (self->alford).places_failed, 1);
}


//  A provider that will not is another thing than one that does not, and our
//  own budget is not its

static void
why_there_is_no_answer_is_told (void **state)
{
    talk_t *self = *state;
    static const struct {
        event_kind_t kind;
        google_status_t status;
        const char *reply;
    } rows [] = {
        {EVENT_PLACES_FAILED, GOOGLE_NONE,
            FRAME ("The Places service did not answer.", "UNKNOWN_ERROR")},
        {EVENT_PLACES_FAILED, GOOGLE_UNKNOWN_ERROR,
            FRAME ("The Places service did not answer.", "UNKNOWN_ERROR")},
        {EVENT_PLACES_FAILED, GOOGLE_OVER_QUERY_LIMIT,
            FRAME (
                "The Places service refused the request.", "OVER_QUERY_LIMIT")},
        {EVENT_PLACES_FAILED, GOOGLE_REQUEST_DENIED,
            FRAME (
                "The Places service refused the request.", "REQUEST_DENIED")},
        {EVENT_PLACES_ABSENT, GOOGLE_NONE,
            FRAME ("No Places service is configured.", "UNKNOWN_ERROR")},
        {EVENT_PLACES_SPENT, GOOGLE_NONE,
            FRAME (
                "The budget of Places requests is spent.", "OVER_QUERY_LIMIT")},
    };
    for (size_t row = 0; row < COUNT (rows); row++) {
        char story [512];
        talk_line (self, 7, "WHATSAT kiwi.cs.ucla.edu 1 5");
        effects_clear (self->effects);
        self->status = rows [row].status;
        talk_places (self, rows [row].kind, 7, row + 1, "");
        snprintf (
            story, sizeof (story), "7> " KIWI_AT "\n%s", rows [row].reply);
        assert_story (self->effects, story);
    }
    assert_int_equal (server_status (self->alford).places_failed, COUNT (rows));
}


static void
what_is_no_json_object_is_a_failure (void **state)
{
    talk_t *self = *state;
    static const char *const bodies [] = {"", "<html>403</html>", "[]", "{",
        "{\"results\":[],\"results\":[]}", "{\"a\":\"\xff\"}", "null"};
    for (size_t at = 0; at < COUNT (bodies); at++) {
        talk_line (self, 7, "WHATSAT kiwi.cs.ucla.edu 1 5");
        effects_clear (self->effects);
        s_answer (self, 7, at + 1, bodies [at]);
        assert_story (self->effects,
            "7> " KIWI_AT "\n" FRAME (
                "The Places service gave no valid answer.", "UNKNOWN_ERROR"));
    }
    assert_int_equal (
        server_status (self->alford).places_failed, COUNT (bodies));
}


//  The provider's own words of failure may name our address or account

static void
the_providers_error_message_is_never_passed_on (void **state)
{
    talk_t *self = *state;
    static const struct {
        const char *body;
        const char *status;
    } rows [] = {
        {"{\"error_message\":\"from 10.0.0.1\",\"results\":[],"
         "\"status\":\"REQUEST_DENIED\"}",
            "REQUEST_DENIED"},
        {"{\"status\":\"OVER_QUERY_LIMIT\",\"error_message\":\"10.0.0.1\"}",
            "OVER_QUERY_LIMIT"},
        {"{\"status\":\"10.0.0.1\",\"error_message\":\"\"}", "UNKNOWN_ERROR"},
        {"{\"status\":\"OK\",\"results\":[1],\"error_message\":\"10.0.0.1\"}",
            "UNKNOWN_ERROR"},
        {"{\"error_message\":{\"10.0.0.1\":1}}", "UNKNOWN_ERROR"},
    };
    for (size_t row = 0; row < COUNT (rows); row++) {
        talk_line (self, 7, "WHATSAT kiwi.cs.ucla.edu 1 5");
        effects_clear (self->effects);
        s_answer (self, 7, row + 1, rows [row].body);
        size_t size;
        char *told = story_tell (self->effects, &size);
        assert_null (strstr (told, "10.0.0.1"));
        assert_non_null (strstr (told, rows [row].status));
        assert_non_null (
            strstr (told, "\"The Places service refused the request.\""));
        free (told);
        effects_clear (self->effects);
    }
    assert_int_equal (server_status (self->alford).places_failed, COUNT (rows));
}


//  An answer without results, or of failure without a message, is Google's

static void
an_answer_without_results_is_passed_on (void **state)
{
    talk_t *self = *state;
    static const char *const bodies [] = {
        "{\"results\" : [], \"status\" : \"ZERO_RESULTS\"}",
        "{\"results\" : [], \"status\" : \"UNKNOWN_ERROR\"}"};
    for (size_t at = 0; at < COUNT (bodies); at++) {
        talk_line (self, 7, "WHATSAT kiwi.cs.ucla.edu 1 5");
        effects_clear (self->effects);
        s_answer (self, 7, at + 1, bodies [at]);
        char story [256] = "7> " KIWI_AT "\n";
        stpcpy (stpcpy (story + strlen (story), bodies [at]), "\n\n");
        assert_story (self->effects, story);
    }
}


//  Its AT line and a failure, in its turn; what Places says then is too late

static void
who_waits_when_time_is_up_is_answered (void **state)
{
    talk_t *self = *state;
    talk_line (self, 7, "WHATSAT kiwi.cs.ucla.edu 1 5");
    talk_line (self, 7, "hello");
    effects_clear (self->effects);
    talk_event (self, EVENT_GIVE_UP, 0, SPAN (""));
    assert_story (self->effects,
        "7> " KIWI_AT "\n" FRAME ("The Places service did not answer.",
            "UNKNOWN_ERROR") "7> ? hello\n");
    assert_int_equal (server_status (self->alford).waiting, 0);
    assert_int_equal (server_status (self->alford).places_failed, 1);
    s_answer (self, 7, 1, PAGE);
    assert_story (self->effects, "");
}


//  "Servers should not propagate place information to each other"

static void
places_are_not_flooded (void **state)
{
    talk_t *self = *state;
    talk_exchange (self);
    talk_line (self, 7, "WHATSAT kiwi.cs.ucla.edu 1 5");
    s_answer (self, 7, 1, PAGE);
    assert_int_equal (talk_exchange (self), 0);
}


#define CASE(name) cmocka_unit_test_setup_teardown (name, s_setup, talk_free)

int
main (void)
{
    const struct CMUnitTest cases [] = {
        CASE (the_example_whatsat_is_looked_up_and_answered),
        CASE (an_unknown_client_makes_the_command_invalid),
        CASE (the_at_line_names_the_server_that_was_told),
        CASE (the_answer_is_about_the_place_at_the_question),
        CASE (at_most_bound_results_are_passed_on),
        CASE (an_empty_line_stands_only_at_the_end),
        CASE (a_page_of_20_results_is_passed_on_byte_for_byte),
        CASE (replies_leave_in_the_order_of_the_commands),
        CASE (a_client_that_waits_for_much_is_held),
        CASE (a_half_closed_client_gets_its_answers_first),
        CASE (a_line_that_is_too_long_waits_for_its_turn),
        CASE (an_answer_for_a_client_that_is_gone_is_dropped),
        CASE (an_answer_nobody_waits_for_is_dropped),
        CASE (when_places_fails_the_at_line_still_comes),
        CASE (why_there_is_no_answer_is_told),
        CASE (what_is_no_json_object_is_a_failure),
        CASE (the_providers_error_message_is_never_passed_on),
        CASE (an_answer_without_results_is_passed_on),
        CASE (who_waits_when_time_is_up_is_answered),
        CASE (places_are_not_flooded),
    };
    return cmocka_run_group_tests (cases, NULL, NULL);
}
