/*  =========================================================================
    test_journal - one server's log

    Events and effects go in, and the bytes of the file are compared.  A
    socket that keeps writes apart stands for standard output, the device that
    is always full for a full disk.
    =========================================================================
*/

#include "log/journal.h"

#include "base/base64num.h"
#include "log/line.h"
#include "wire/message.h"

#include "io/log_case.h"

#include <sys/socket.h>

//  All lines of a case have the time of this event
#define TIME "2016-11-17T20:18:04.655887836Z"
#define NOW                                                                    \
    {                                                                          \
        1479413884, 655887836                                                  \
    }
#define HERD 0x0123456789ABCDEF
#define SENDER 0x1111111111111111
#define RECEIVER 0x2222222222222222


static void
s_open (log_case_t *self, const char *file, bool full)
{
    journal_t *journal = self->own;
    journal_destroy (&journal);
    journal = journal_new (
        &(journal_options_t){.file = file, .server = "Alford", .full = full});
    assert_non_null (journal);
    journal_at (journal, (instant_t) NOW);
    self->own = journal;
}


static int
s_new (void **state)
{
    log_case_new (state);
    log_case_t *self = *state;
    s_open (self, self->file, true);
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


//  Once flushed, the file holds just that

static void
s_holds (log_case_t *self, const char *text)
{
    journal_flush (self->own);
    AWAIT_TEXT (self, self->file, text);
}


//  Once flushed, the file holds so many lines.  Returns them

static const char *
s_lines (log_case_t *self, size_t count)
{
    journal_flush (self->own);
    AWAIT (log_case_count (log_case_read (self, self->file), "\n") >= count);
    assert_int_equal (log_case_count (self->text, "\n"), count);
    return self->text;
}


static void
s_event (log_case_t *self, event_kind_t kind, const char *text)
{
    event_t event = {.kind = kind,
        .now = NOW,
        .connection = 7,
        .request = 12,
        .notice = NOTICE_PLACES_HELD,
        .text = span_of (text)};
    answer_t answer;
    if (answer_read (&answer, event.text))
        event.answer = &answer;
    journal_event (self->own, &event);
}


static void
s_reply (log_case_t *self, const char *text, size_t open_size)
{
    effect_t effect = {.kind = EFFECT_REPLY,
        .connection = 7,
        .text = span_of (text),
        .open_size = open_size};
    journal_effect (self->own, &effect);
}


//  A message of that kind and body, in which Ball has so many clients

static void
s_message (log_case_t *self, char sign, const char *peer, message_kind_t kind,
    const char *body, uint64_t count)
{
    message_t message = {.kind = kind,
        .herd = HERD,
        .sender = span_of ("Ball"),
        .incarnation = SENDER,
        .receiver = RECEIVER,
        .count = count};
    char text [MESSAGE_HEAD_SIZE_MAX + 4096];
    size_t size = message_print (&message, text);
    stpcpy (text + size, body);
    journal_message (
        self->own, sign, span_of (peer), (span_t){text, size + strlen (body)});
}


static void
a_line_is_time_server_sign_and_what (void **state)
{
    s_event (*state, EVENT_CONNECTION_OPENED, "127.0.0.1:5");
    s_event (*state, EVENT_CONNECTION_LINE, "IAMAT kiwi +1-1 2");
    s_reply (*state, "AT Alford +0.1 kiwi +1-1 2\n", 27);
    s_event (*state, EVENT_CONNECTION_LONG, "xxx");
    s_event (*state, EVENT_CONNECTION_CLOSED, "all delivered");
    s_holds (*state,
        TIME " Alford * client-opened: client 7 opened: 127.0.0.1:5\n" TIME
             " Alford < client 7 IAMAT kiwi +1-1 2\n" TIME
             " Alford > client 7 AT Alford +0.1 kiwi +1-1 2\n" TIME
             " Alford < client 7 xxx\n" TIME
             " Alford * client-closed: client 7 closed: all delivered\n");
}


static void
time_is_to_the_nanosecond_in_utc (void **state)
{
    static const struct {
        instant_t at;
        const char *text;
    } times [] = {
        {{0, 0}, "1970-01-01T00:00:00.000000000Z"},
        {{951782400, 1}, "2000-02-29T00:00:00.000000001Z"},
        {{951782400, 999999999}, "2000-02-29T00:00:00.999999999Z"},
        {{951782401, 100000000}, "2000-02-29T00:00:01.100000000Z"},
        {{951782400, 5}, "2000-02-29T00:00:00.000000005Z"},
        {{4102444800, 0}, "2100-01-01T00:00:00.000000000Z"},
        {{253402300799, 0}, "9999-12-31T23:59:59.000000000Z"},
    };
    log_case_t *self = *state;
    char lines [1024] = "";
    setenv ("TZ", "America/Los_Angeles", 1);
    for (size_t index = 0; index < sizeof (times) / sizeof (*times); index++) {
        size_t size = strlen (lines);
        journal_at (self->own, times [index].at);
        journal_notice (self->own, (notice_t) index, "%zu", index);
        snprintf (lines + size, sizeof (lines) - size, "%s Alford * %s: %zu\n",
            times [index].text, notice_name ((notice_t) index), index);
    }
    unsetenv ("TZ");
    s_holds (self, lines);
}


static void
an_event_is_one_line_whatever_it_holds (void **state)
{
    log_case_t *self = *state;
    event_t event = {.kind = EVENT_CONNECTION_LINE,
        .now = NOW,
        .connection = 7,
        .text = {"a\0b\r\x1b[2J\\ \xFF\xC2\x9B é", 16}};
    journal_event (self->own, &event);
    s_message (self, '<', "Ball", MESSAGE_PUT, "AT one\nAT two\n", 0);
    s_event (self, EVENT_PLACES_FAILED, "bad\nluck");
    s_event (self, EVENT_NOTED, "not\nnow");
    s_event (self, EVENT_CONNECTION_CLOSED, "\x7f");
    s_message (self, '>', "Ball", MESSAGE_PUT, "A\nB\n", 0);
    journal_notice (self->own, NOTICE_LOADED, "%s", "x\ny");
    s_holds (self, TIME
        " Alford < client 7 a\\x00b\\r\\x1b[2J\\\\ \\xff\\xc2\\x9b é\n" TIME
        " Alford < peer Ball 0 0 PUT\\nAT one\\nAT two\n" TIME
        " Alford * places-failed: places 12 failed: bad\\nluck\n" TIME
        " Alford * places-held: not\\nnow\n" TIME
        " Alford * client-closed: client 7 closed: \\x7f\n" TIME
        " Alford > peer Ball 0 0 PUT\\nA\\nB\n" TIME
        " Alford * loaded: x\\ny\n");
}


static void
ticks_and_states_of_links_are_not_logged (void **state)
{
    s_event (*state, EVENT_TICK, "");
    s_event (*state, EVENT_PEER_UP, "");
    s_event (*state, EVENT_PEER_DOWN, "");
    s_event (*state, EVENT_CONNECTION_ENDED, "");
    s_event (*state, EVENT_STOP, "");
    s_holds (*state, "");
}


//  What a stranger says is not logged before the core knows whose it is

static void
a_message_is_not_logged_before_it_is_judged (void **state)
{
    s_event (*state, EVENT_PEER_MESSAGE, "ZHERD/1\n");
    s_holds (*state, "");
}


static void
who_reads_a_log_cannot_speak_as_a_peer (void **state)
{
    log_case_t *self = *state;
    static const uint64_t codes [] = {HERD, SENDER, RECEIVER};
    s_message (self, '<', "Ball", MESSAGE_STATE, "", 0);
    s_message (self, '>', "Ball", MESSAGE_BATCH, "AT\n", 0);
    const char *text = s_lines (self, 2);
    assert_int_equal (log_case_count (text, " peer Ball "), 2);
    assert_non_null (strstr (text, "STATE "));
    assert_non_null (strstr (text, "BATCH "));
    for (size_t index = 0; index < sizeof (codes) / sizeof (*codes); index++) {
        char code [BASE64NUM_SIZE_64 + 1] = "";
        base64num_print (code, codes [index], BASE64NUM_SIZE_64);
        assert_null (strstr (text, code));
    }
}


//  In and out count for themselves, and so does each peer

static void
a_repeated_heartbeat_is_logged_once (void **state)
{
    log_case_t *self = *state;
    for (int count = 0; count < 100; count++) {
        s_message (self, '<', "Ball", MESSAGE_STATE, "", 7);
        s_message (self, '<', "Clark", MESSAGE_STATE, "", 7);
        s_message (self, '>', "Ball", MESSAGE_STATE, "", 7);
    }
    const char *text = s_lines (self, 3);
    assert_int_equal (log_case_count (text, "< peer Ball"), 1);
    assert_int_equal (log_case_count (text, "< peer Clark"), 1);
    assert_int_equal (log_case_count (text, "> peer Ball"), 1);
}


static void
a_heartbeat_that_says_something_new_is_logged (void **state)
{
    log_case_t *self = *state;
    for (uint64_t count = 0; count < 100; count++)
        s_message (self, '<', "Ball", MESSAGE_STATE, "", count);
    assert_int_equal (log_case_count (s_lines (self, 100), "STATE"), 100);
}


//  Data is never taken for a heartbeat

static void
a_repeated_batch_is_logged_each_time (void **state)
{
    log_case_t *self = *state;
    for (int count = 0; count < 5; count++)
        s_message (self, '<', "Ball", MESSAGE_BATCH, "AT\n", 0);
    assert_int_equal (log_case_count (s_lines (self, 5), "BATCH"), 5);
}


//  A client's line, a reply and a message: their starts, and their sizes

static void
a_long_text_is_cut_and_its_size_is_said (void **state)
{
    log_case_t *self = *state;
    char *text = zsys_sprintf ("%0*d", LINE_TEXT_SIZE_MAX, 0);
    char *longer = zsys_sprintf ("%s1\n", text);
    char *lines =
        zsys_sprintf (TIME " Alford < client 7 %s\n" TIME
                           " Alford < client 7 %s… (514 bytes)\n" TIME
                           " Alford > client 7 %s… (513 bytes)\n" TIME
                           " Alford < peer Ball 0 0 PUT\\n%.*s… (521 bytes)\n",
            text, text, text, LINE_TEXT_SIZE_MAX - 8, text);
    s_event (self, EVENT_CONNECTION_LINE, text);
    s_event (self, EVENT_CONNECTION_LINE, longer);
    s_reply (self, longer, strlen (longer));
    s_message (self, '<', "Ball", MESSAGE_PUT, longer, 0);
    s_holds (self, lines);
    zstr_free (&text);
    zstr_free (&longer);
    zstr_free (&lines);
}


//  Control bytes and bytes that are no text grow most

static void
a_long_text_of_any_bytes_has_room (void **state)
{
    log_case_t *self = *state;
    char *text = malloc (65537);
    assert_non_null (text);
    memset (text, '\xFF', 65536);
    text [65536] = '\0';
    s_event (self, EVENT_CONNECTION_LINE, text);
    const char *line = s_lines (self, 1);
    assert_int_equal (log_case_count (line, "\\xff"), LINE_TEXT_SIZE_MAX);
    assert_int_equal (log_case_count (line, "\\xff… (65536 bytes)\n"), 1);
    free (text);
}


static void
what_a_provider_sent_is_never_logged (void **state)
{
    log_case_t *self = *state;
    effect_t fetch = {.kind = EFFECT_FETCH,
        .request = 12,
        .text = span_of ("+34.06-118.44"),
        .radius_mm = 10000000};
    journal_effect (self->own, &fetch);
    s_event (self, EVENT_PLACES_ANSWER,
        "{\"results\": [{\"name\": \"Bar\"}], \"status\": \"OK\"}");
    s_event (self, EVENT_PLACES_ANSWER, "Bar");
    s_reply (self, "AT Alford\n{\"name\": \"Bar\"}\n\n", 10);
    s_holds (self,
        TIME " Alford > places 12 around +34.06-118.44, 10000 m\n" TIME
             " Alford < places 12 OK, 1 results, 46 bytes\n" TIME
             " Alford < places 12 3 bytes that are no answer\n" TIME
             " Alford > client 7 AT Alford\n" TIME
             " Alford > client 7 and 17 bytes of places\n");
}


static void
lines_are_appended_to_what_is_there (void **state)
{
    log_case_t *self = *state;
    journal_notice (self->own, NOTICE_LOADED, "one");
    s_open (self, self->file, true);
    journal_notice (self->own, NOTICE_LOADED, "two");
    s_holds (
        self, TIME " Alford * loaded: one\n" TIME " Alford * loaded: two\n");
}


static void
a_long_line_is_cut_where_the_header_says (void **state)
{
    log_case_t *self = *state;
    journal_notice (self->own, NOTICE_LOADED, "%02000d", 0);
    assert_int_equal (strlen (s_lines (self, 1)),
        strlen (TIME " Alford * loaded: ") + LINE_NOTICE_SIZE_MAX + 1);
}


//  A line of ours and a line of the thread's

static void
reopening_is_passed_on (void **state)
{
    log_case_t *self = *state;
    journal_notice (self->own, NOTICE_LOADED, "one");
    s_holds (self, TIME " Alford * loaded: one\n");
    assert_int_equal (rename (self->file, self->older), 0);
    journal_reopen (self->own);
    journal_notice (self->own, NOTICE_LOADED, "two");
    journal_flush (self->own);
    AWAIT_PART (self, self->file,
        " Alford * log-reopened: log reopened\n" TIME
        " Alford * loaded: two\n");
    assert_int_equal (journal_lost (self->own), 0);
}


static void
a_full_disk_costs_lines_that_are_counted (void **state)
{
    log_case_t *self = *state;
    s_open (self, "/dev/full", true);
    log_case_listen (self);
    for (uint64_t count = 1; count < 10; count++) {
        s_event (self, EVENT_CONNECTION_LINE, "more");
        journal_flush (self->own);
        AWAIT (journal_lost (self->own) == count);
    }
    assert_string_equal (log_case_said (self),
        "zherd: /dev/full: log lines are lost: No space left on device\n");
}


//  "notices [...] as soon as their turn ends, the rest with them, or when it is
//  much".  Each write is one message

static void
a_turn_writes_notices_and_much (void **state)
{
    log_case_t *self = *state;
    int pair [2];
    char text [131072];
    assert_int_equal (socketpair (AF_UNIX, SOCK_SEQPACKET, 0, pair), 0);
    fflush (stdout);
    int output = dup (STDOUT_FILENO);
    dup2 (pair [0], STDOUT_FILENO);
    s_open (self, NULL, true);
    dup2 (output, STDOUT_FILENO);
    close (output);
    s_event (self, EVENT_CONNECTION_LINE, "hello");
    journal_turn (self->own);
    journal_notice (self->own, NOTICE_TWIN, "%s", "trouble");
    journal_turn (self->own);
    ssize_t size = recv (pair [1], text, sizeof (text) - 1, 0);
    assert_true (size > 0);
    text [size] = '\0';
    assert_string_equal (text,
        TIME " Alford < client 7 hello\n" TIME " Alford * twin: trouble\n");
    for (int line = 0; line < 2000; line++)
        s_event (self, EVENT_CONNECTION_LINE, "hello");
    journal_turn (self->own);
    assert_true (recv (pair [1], text, sizeof (text), 0) > 20000);
    close (pair [0]);
    close (pair [1]);
}


#define CASE(name) cmocka_unit_test_setup_teardown (name, s_new, s_destroy)


//  A connection that is one request alone is called that

static void
requests_are_counted_from_one (void **state)
{
    log_case_t *self = *state;
    journal_request (self->own, (instant_t) NOW, '<', EVENT_REQUESTS + 1,
        span_of ("GET /osmand\n"));
    event_t event = {.kind = EVENT_CONNECTION_LINE,
        .now = NOW,
        .connection = EVENT_REQUESTS + 1,
        .text = span_of ("IAMAT a +1+1 1")};
    journal_event (self->own, &event);
    journal_effect (self->own, &(effect_t){.kind = EFFECT_REPLY,
                                   .connection = EVENT_REQUESTS + 1,
                                   .text = span_of ("AT\n{}\n\n"),
                                   .open_size = 3});
    s_holds (self, TIME " Alford < request 1 GET /osmand\\n\n" TIME
                        " Alford < request 1 IAMAT a +1+1 1\n" TIME
                        " Alford > request 1 AT\n" TIME
                        " Alford > request 1 and 4 bytes of places\n");
    s_open (self, self->older, false);
    journal_request (
        self->own, (instant_t) NOW, '>', EVENT_REQUESTS + 1, span_of ("200"));
    s_event (self, EVENT_NOTED, "seen");
    journal_flush (self->own);
    AWAIT_TEXT (self, self->older, TIME " Alford * places-held: seen\n");
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        CASE (a_line_is_time_server_sign_and_what),
        CASE (time_is_to_the_nanosecond_in_utc),
        CASE (an_event_is_one_line_whatever_it_holds),
        CASE (ticks_and_states_of_links_are_not_logged),
        CASE (a_message_is_not_logged_before_it_is_judged),
        CASE (who_reads_a_log_cannot_speak_as_a_peer),
        CASE (a_repeated_heartbeat_is_logged_once),
        CASE (a_heartbeat_that_says_something_new_is_logged),
        CASE (a_repeated_batch_is_logged_each_time),
        CASE (a_long_text_is_cut_and_its_size_is_said),
        CASE (a_long_text_of_any_bytes_has_room),
        CASE (what_a_provider_sent_is_never_logged),
        CASE (lines_are_appended_to_what_is_there),
        CASE (a_long_line_is_cut_where_the_header_says),
        CASE (reopening_is_passed_on),
        CASE (a_full_disk_costs_lines_that_are_counted),
        CASE (a_turn_writes_notices_and_much),
        CASE (requests_are_counted_from_one),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
