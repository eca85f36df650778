/*  =========================================================================
    test_journal_notices - one server's log: notices

    Events, effects and ticks go in; the file has of each kind of notice what
    somebody can read, and how many there were.
    =========================================================================
*/

#include "log/journal.h"

#include "io/log_case.h"
#include "log/notices.h"

//  All lines of a case have the time of this event
#define TIME "2016-11-17T20:18:04.655887836Z"
#define NOW                                                                    \
    {                                                                          \
        1479413884, 655887836                                                  \
    }


static int
s_new (void **state)
{
    log_case_new (state);
    log_case_t *self = *state;
    self->own = journal_new (
        &(journal_options_t){.file = self->file, .server = "Alford"});
    assert_non_null (self->own);
    journal_at (self->own, (instant_t) NOW);
    return 0;
}


static int
s_destroy (void **state)
{
    log_case_t *self = *state;
    journal_t *journal = self->own;
    journal_destroy (&journal);
    return log_case_free (state);
}


static void
s_event_at (
    log_case_t *self, event_kind_t kind, const char *text, int64_t clock_ms)
{
    event_t event = {.kind = kind,
        .now = NOW,
        .clock_ms = clock_ms,
        .connection = 7,
        .request = 12,
        .text = span_of (text)};
    answer_t answer;
    if (answer_read (&answer, event.text))
        event.answer = &answer;
    journal_event (self->own, &event);
}


static void
s_event (log_case_t *self, event_kind_t kind, const char *text)
{
    s_event_at (self, kind, text, 1000);
}


static void
s_tick (log_case_t *self, int64_t clock_ms)
{
    s_event_at (self, EVENT_TICK, "", clock_ms);
}


//  Once flushed, the file holds just that

static void
s_holds (log_case_t *self, const char *text)
{
    journal_flush (self->own);
    AWAIT_TEXT (self, self->file, text);
}


static void
s_effect (log_case_t *self, effect_kind_t kind, const char *text)
{
    effect_t effect = {
        .kind = kind, .text = span_of (text), .open_size = strlen (text)};
    journal_effect (self->own, &effect);
}


static void
notices_alone_if_so_wanted (void **state)
{
    log_case_t *self = *state;
    s_event (self, EVENT_CONNECTION_LINE, "IAMAT");
    s_event (self, EVENT_CONNECTION_LONG, "IAMAT");
    s_effect (self, EFFECT_REPLY, "AT\n");
    journal_message (
        self->own, '<', span_of ("Ball"), span_of ("ZHERD a b c d STATE\n"));
    journal_message (
        self->own, '>', span_of ("Ball"), span_of ("ZHERD a b c d STATE\n"));
    s_event (self, EVENT_PLACES_ANSWER, "{}");
    s_effect (self, EFFECT_FETCH, "+1-1");
    s_event (self, EVENT_PLACES_FAILED, "late");
    s_event (self, EVENT_PLACES_ANSWER,
        "{\"error_message\":\"Enable it\",\"status\":\"REQUEST_DENIED\"}");
    s_effect (self, EFFECT_NOTE, "link up");
    s_holds (self,
        TIME " Alford * places-failed: places 12 failed: late\n" TIME
             " Alford * places-refused: places 12 refused: REQUEST_DENIED, "
             "Enable it\n" TIME " Alford * start: link up\n");
}


//  One line a second, if there is anything to say

static void
clients_that_come_and_go_are_counted (void **state)
{
    log_case_t *self = *state;
    for (int count = 0; count < 1000; count++)
        s_event (self, EVENT_CONNECTION_OPENED, "127.0.0.1:1");
    for (int count = 0; count < 400; count++)
        s_event (self, EVENT_CONNECTION_CLOSED, "all delivered");
    s_tick (self, 1000);
    s_event (self, EVENT_CONNECTION_CLOSED, "all delivered");
    s_tick (self, 1999);
    s_event (self, EVENT_CONNECTION_CLOSED, "all delivered");
    s_tick (self, 2000);
    for (int64_t clock_ms = 3000; clock_ms < 9000; clock_ms += 1000)
        s_tick (self, clock_ms);
    s_event (self, EVENT_CONNECTION_OPENED, "127.0.0.1:1");
    s_tick (self, 9000);
    s_holds (self, TIME
        " Alford * clients: clients: 1000 opened, 400 closed, 600 "
        "connected\n" TIME
        " Alford * clients: clients: 0 opened, 2 closed, 598 connected\n" TIME
        " Alford * clients: clients: 1 opened, 0 closed, 599 connected\n");
}


//  Without a provider each WHATSAT has one

static void
a_notice_of_one_kind_comes_once_a_minute_with_a_count (void **state)
{
    log_case_t *self = *state;
    for (int count = 0; count < 100000; count++)
        s_event (self, EVENT_PLACES_FAILED, "late");
    for (int64_t clock_ms = 2000; clock_ms < 2 * NOTICES_EVERY_MS;
         clock_ms += 1000)
        s_tick (self, clock_ms);
    journal_flush (self->own);
    AWAIT_PART (self, self->file, "late (last of 99995)\n");
    assert_int_equal (log_case_count (self->text, "\n"), NOTICES_AT_ONCE + 1);
}


static void
at_the_end_all_that_was_left_out_is_told (void **state)
{
    log_case_t *self = *state;
    journal_t *journal = self->own;
    s_event (self, EVENT_CONNECTION_OPENED, "127.0.0.1:1");
    for (int count = 0; count < NOTICES_AT_ONCE + 1; count++)
        s_event (self, EVENT_PLACES_FAILED, "late");
    journal_destroy (&journal);
    self->own = NULL;
    AWAIT_PART (self, self->file, "clients: 1 opened, 0 closed, 1 connected\n");
    AWAIT (log_case_count (log_case_read (self, self->file), "late\n") ==
           NOTICES_AT_ONCE + 1);
}


//  The core's notes have a kind, but for those that are limited there

static void
notes_of_the_core_are_limited_by_their_kind (void **state)
{
    log_case_t *self = *state;
    effects_t *effects = effects_new ();
    for (int count = 0; count < 20; count++) {
        effects_note (effects, NOTICE_AUDIT, "note %d", count);
        effects_note (effects, NOTICE_TWIN, "other %d", count);
        effects_tell (effects, NOTICE_LINK_UP, "told %d", count);
    }
    for (size_t at = 0; at < effects_count (effects); at++) {
        effect_t effect = *effects_at (effects, at);
        journal_effect (self->own, &effect);
    }
    effects_destroy (&effects);
    journal_flush (self->own);
    AWAIT_PART (self, self->file, "* link-up: told 19\n");
    assert_int_equal (log_case_count (self->text, "* link-up: told"), 20);
    assert_int_equal (
        log_case_count (self->text, "* audit: note"), NOTICES_AT_ONCE);
    assert_int_equal (
        log_case_count (self->text, "* twin: other"), NOTICES_AT_ONCE);
}


static void
what_is_limited_by_itself_is_always_logged (void **state)
{
    log_case_t *self = *state;
    for (int count = 0; count < 20; count++)
        journal_tell (self->own, NOTICE_RELOAD_REFUSED, "no %d", count);
    journal_flush (self->own);
    AWAIT_PART (self, self->file, "* reload-refused: no 19\n");
    assert_int_equal (log_case_count (self->text, "* reload-refused: no"), 20);
}


//  Who came while all was logged is connected all the same

static void
what_is_logged_may_change (void **state)
{
    log_case_t *self = *state;
    journal_change (self->own, &(journal_options_t){.full = true});
    s_event (self, EVENT_CONNECTION_OPENED, "127.0.0.1:1");
    s_event (self, EVENT_CONNECTION_LINE, "one");
    journal_change (self->own, &(journal_options_t){.full = false});
    s_event (self, EVENT_CONNECTION_LINE, "other");
    s_event (self, EVENT_CONNECTION_OPENED, "127.0.0.1:2");
    s_tick (self, 10000);
    journal_flush (self->own);
    AWAIT_PART (self, self->file, "clients: 1 opened, 0 closed, 2 connected\n");
    assert_int_equal (log_case_count (self->text, "< client 7 one\n"), 1);
    assert_int_equal (log_case_count (self->text, "other"), 0);
}


static void
no_line_has_any_key_there_ever_was (void **state)
{
    log_case_t *self = *state;
    static const char *const keys [] = {"first", "second", "first", NULL};
    for (size_t index = 0; index < 4; index++)
        journal_change (
            self->own, &(journal_options_t){.full = true, .key = keys [index]});
    s_event (self, EVENT_CONNECTION_LINE, "first or second, not third");
    journal_flush (self->own);
    AWAIT_PART (self, self->file, "***** or ******, not third\n");
}


//  The file is begun anew as soon as it has grown beyond

static void
the_size_of_the_log_may_change (void **state)
{
    log_case_t *self = *state;
    journal_change (
        self->own, &(journal_options_t){.full = true, .size_max = 200});
    for (int count = 0; count < 10; count++)
        s_event (self, EVENT_CONNECTION_LINE, "one");
    journal_flush (self->own);
    AWAIT_PART (self, self->older, "one\n");
}


#define CASE(name) cmocka_unit_test_setup_teardown (name, s_new, s_destroy)


int
main (void)
{
    const struct CMUnitTest tests [] = {
        CASE (notices_alone_if_so_wanted),
        CASE (clients_that_come_and_go_are_counted),
        CASE (a_notice_of_one_kind_comes_once_a_minute_with_a_count),
        CASE (at_the_end_all_that_was_left_out_is_told),
        CASE (notes_of_the_core_are_limited_by_their_kind),
        CASE (what_is_limited_by_itself_is_always_logged),
        CASE (what_is_logged_may_change),
        CASE (no_line_has_any_key_there_ever_was),
        CASE (the_size_of_the_log_may_change),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
