/*  =========================================================================
    test_journal - one server's log

    Events and effects go in, and the bytes of the file are compared.  A
    socket that keeps writes apart stands for standard output, the device that
    is always full for a full disk.
    =========================================================================
*/

#include "io/journal.h"

#include "core/code.h"
#include "core/message.h"

#include <czmq.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <setjmp.h>
#include <cmocka.h>

//  All lines of a case have the time of this event
#define TIME "2016-11-17T20:18:04.655887836Z"
#define NOW                                                                    \
    {                                                                          \
        1479413884, 655887836                                                  \
    }
#define SAID_MAX 1024

#define HERD 0x0123456789ABCDEF
#define SENDER 0x1111111111111111
#define RECEIVER 0x2222222222222222

typedef struct {
    char folder [32];
    char *file;
    journal_t *journal;
    char *text;            //  Last contents read
    char said [SAID_MAX];  //  On standard error
} case_t;


static void
s_open (case_t *self, const char *file, bool full)
{
    journal_destroy (&self->journal);
    self->journal = journal_new (
        &(journal_options_t){.file = file, .server = "Alford", .full = full});
    assert_non_null (self->journal);
    journal_at (self->journal, (instant_t) NOW);
}


static int
s_new (void **state)
{
    case_t *self = zmalloc (sizeof (case_t));
    snprintf (self->folder, sizeof (self->folder), "/tmp/zherd-journal-XXXXXX");
    assert_non_null (mkdtemp (self->folder));
    self->file = zsys_sprintf ("%s/log", self->folder);
    s_open (self, self->file, true);
    *state = self;
    return 0;
}


static int
s_destroy (void **state)
{
    case_t *self = *state;
    journal_destroy (&self->journal);
    unlink (self->file);
    assert_int_equal (rmdir (self->folder), 0);
    zstr_free (&self->file);
    free (self->text);
    free (self);
    return 0;
}


//  Return what is in the file, good until the next call

static const char *
s_read (case_t *self, const char *file)
{
    FILE *stream = fopen (file, "r");
    assert_non_null (stream);
    size_t room = 4194304;
    free (self->text);
    self->text = malloc (room);
    assert_non_null (self->text);
    size_t size = fread (self->text, 1, room - 1, stream);
    self->text [size] = '\0';
    fclose (stream);
    return self->text;
}


//  Once flushed, the file holds just that

static void
s_holds (case_t *self, const char *text)
{
    journal_flush (self->journal);
    assert_string_equal (s_read (self, self->file), text);
}


static void
s_event (case_t *self, event_kind_t kind, const char *text)
{
    event_t event = {.kind = kind,
        .now = NOW,
        .client = 7,
        .request = 12,
        .text = span_of (text)};
    answer_t answer;
    if (answer_read (&answer, event.text))
        event.answer = &answer;
    journal_event (self->journal, &event);
}


static void
s_reply (case_t *self, const char *text, size_t open_size)
{
    effect_t effect = {.kind = EFFECT_REPLY,
        .client = 7,
        .text = span_of (text),
        .open_size = open_size};
    journal_effect (self->journal, &effect);
}


//  A message of that kind and body, in which Ball has so many clients

static void
s_message (case_t *self, char sign, const char *peer, message_kind_t kind,
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
    journal_message (self->journal, sign, span_of (peer),
        (span_t){text, size + strlen (body)});
}


//  Flush with standard error kept in said

static void
s_flush_listening (case_t *self)
{
    FILE *said = tmpfile ();
    assert_non_null (said);
    int error = dup (STDERR_FILENO);
    dup2 (fileno (said), STDERR_FILENO);
    journal_flush (self->journal);
    dup2 (error, STDERR_FILENO);
    close (error);
    rewind (said);
    self->said [fread (self->said, 1, SAID_MAX - 1, said)] = '\0';
    fclose (said);
}


static size_t
s_count (const char *text, const char *what)
{
    size_t count = 0;
    while ((text = strstr (text, what))) {
        text += strlen (what);
        count++;
    }
    return count;
}


static void
a_line_is_time_server_sign_and_what (void **state)
{
    s_event (*state, EVENT_CLIENT_OPENED, "127.0.0.1:5");
    s_event (*state, EVENT_CLIENT_LINE, "IAMAT kiwi +1-1 2");
    s_reply (*state, "AT Alford +0.1 kiwi +1-1 2\n", 27);
    s_event (*state, EVENT_CLIENT_LONG, "xxx");
    s_event (*state, EVENT_CLIENT_CLOSED, "all delivered");
    s_holds (*state, TIME " Alford * client 7 opened: 127.0.0.1:5\n" TIME
                          " Alford < client 7 IAMAT kiwi +1-1 2\n" TIME
                          " Alford > client 7 AT Alford +0.1 kiwi +1-1 2\n" TIME
                          " Alford < client 7 xxx\n" TIME
                          " Alford * client 7 closed: all delivered\n");
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
    case_t *self = *state;
    char lines [1024] = "";
    setenv ("TZ", "America/Los_Angeles", 1);
    for (size_t index = 0; index < sizeof (times) / sizeof (*times); index++) {
        size_t size = strlen (lines);
        journal_at (self->journal, times [index].at);
        journal_line (self->journal, '*', "%zu", index);
        snprintf (lines + size, sizeof (lines) - size, "%s Alford * %zu\n",
            times [index].text, index);
    }
    unsetenv ("TZ");
    s_holds (self, lines);
}


static void
an_event_is_one_line_whatever_it_holds (void **state)
{
    case_t *self = *state;
    event_t event = {.kind = EVENT_CLIENT_LINE,
        .now = NOW,
        .client = 7,
        .text = {"a\0b\r\x1b[2J\\ \xFF\xC2\x9B é", 16}};
    journal_event (self->journal, &event);
    s_message (self, '<', "Ball", MESSAGE_PUT, "AT one\nAT two\n", 0);
    s_event (self, EVENT_PLACES_FAILED, "bad\nluck");
    s_event (self, EVENT_CLIENT_CLOSED, "\x7f");
    s_message (self, '>', "Ball", MESSAGE_PUT, "A\nB\n", 0);
    journal_line (self->journal, '*', "%s", "x\ny");
    s_holds (self, TIME
        " Alford < client 7 a\\x00b\\r\\x1b[2J\\\\ \\xff\\xc2\\x9b é\n" TIME
        " Alford < peer Ball PUT\\nAT one\\nAT two\n" TIME
        " Alford * places 12 failed: bad\\nluck\n" TIME
        " Alford * client 7 closed: \\x7f\n" TIME
        " Alford > peer Ball PUT\\nA\\nB\n" TIME " Alford * x\\ny\n");
}


static void
ticks_and_states_of_links_are_not_logged (void **state)
{
    s_event (*state, EVENT_TICK, "");
    s_event (*state, EVENT_PEER_UP, "");
    s_event (*state, EVENT_PEER_DOWN, "");
    s_event (*state, EVENT_CLIENT_ENDED, "");
    s_event (*state, EVENT_STOP, "");
    s_holds (*state, "");
}


static void
notices_alone_if_so_wanted (void **state)
{
    case_t *self = *state;
    s_open (self, self->file, false);
    s_event (self, EVENT_CLIENT_LINE, "IAMAT");
    s_event (self, EVENT_CLIENT_LONG, "IAMAT");
    s_reply (self, "AT\n", 3);
    s_message (self, '<', "Ball", MESSAGE_STATE, "", 0);
    s_message (self, '>', "Ball", MESSAGE_STATE, "", 0);
    s_event (self, EVENT_PLACES_ANSWER, "{}");
    effect_t fetch = {
        .kind = EFFECT_FETCH, .request = 12, .text = span_of ("+1-1")};
    journal_effect (self->journal, &fetch);
    s_event (self, EVENT_CLIENT_OPENED, "here");
    s_event (self, EVENT_PLACES_FAILED, "late");
    s_event (self, EVENT_PLACES_ANSWER,
        "{\"error_message\":\"Enable it\",\"status\":\"REQUEST_DENIED\"}");
    effect_t note = {.kind = EFFECT_NOTE, .text = span_of ("link up")};
    journal_effect (self->journal, &note);
    s_holds (self,
        TIME " Alford * client 7 opened: here\n" TIME
             " Alford * places 12 failed: late\n" TIME
             " Alford * places 12 refused: REQUEST_DENIED, Enable it\n" TIME
             " Alford * link up\n");
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
    case_t *self = *state;
    static const uint64_t codes [] = {HERD, SENDER, RECEIVER};
    s_message (self, '<', "Ball", MESSAGE_STATE, "", 0);
    s_message (self, '>', "Ball", MESSAGE_BATCH, "AT\n", 0);
    journal_flush (self->journal);
    const char *text = s_read (self, self->file);
    assert_int_equal (s_count (text, " peer Ball "), 2);
    assert_non_null (strstr (text, "STATE "));
    assert_non_null (strstr (text, "BATCH "));
    for (size_t index = 0; index < sizeof (codes) / sizeof (*codes); index++) {
        char code [CODE_SIZE_64 + 1] = "";
        code_print (code, codes [index], CODE_SIZE_64);
        assert_null (strstr (text, code));
    }
}


//  In and out count for themselves, and so does each peer

static void
a_repeated_heartbeat_is_logged_once (void **state)
{
    case_t *self = *state;
    for (int count = 0; count < 100; count++) {
        s_message (self, '<', "Ball", MESSAGE_STATE, "", 7);
        s_message (self, '<', "Clark", MESSAGE_STATE, "", 7);
        s_message (self, '>', "Ball", MESSAGE_STATE, "", 7);
    }
    journal_flush (self->journal);
    const char *text = s_read (self, self->file);
    assert_int_equal (s_count (text, "\n"), 3);
    assert_int_equal (s_count (text, "< peer Ball"), 1);
    assert_int_equal (s_count (text, "< peer Clark"), 1);
    assert_int_equal (s_count (text, "> peer Ball"), 1);
}


static void
a_heartbeat_that_says_something_new_is_logged (void **state)
{
    case_t *self = *state;
    for (uint64_t count = 0; count < 100; count++)
        s_message (self, '<', "Ball", MESSAGE_STATE, "", count);
    journal_flush (self->journal);
    assert_int_equal (s_count (s_read (self, self->file), "STATE"), 100);
}


//  Data is never taken for a heartbeat

static void
a_repeated_batch_is_logged_each_time (void **state)
{
    case_t *self = *state;
    for (int count = 0; count < 5; count++)
        s_message (self, '<', "Ball", MESSAGE_BATCH, "AT\n", 0);
    journal_flush (self->journal);
    assert_int_equal (s_count (s_read (self, self->file), "BATCH"), 5);
}


//  A client's line, a reply and a message: their starts, and their sizes

static void
a_long_text_is_cut_and_its_size_is_said (void **state)
{
    case_t *self = *state;
    char *text = zsys_sprintf ("%0*d", JOURNAL_TEXT_SIZE_MAX, 0);
    char *longer = zsys_sprintf ("%s1\n", text);
    char *lines =
        zsys_sprintf (TIME " Alford < client 7 %s\n" TIME
                           " Alford < client 7 %s… (514 bytes)\n" TIME
                           " Alford > client 7 %s… (513 bytes)\n" TIME
                           " Alford < peer Ball PUT\\n%.*s… (517 bytes)\n",
            text, text, text, JOURNAL_TEXT_SIZE_MAX - 4, text);
    s_event (self, EVENT_CLIENT_LINE, text);
    s_event (self, EVENT_CLIENT_LINE, longer);
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
    case_t *self = *state;
    char *text = malloc (65537);
    assert_non_null (text);
    memset (text, '\xFF', 65536);
    text [65536] = '\0';
    s_event (self, EVENT_CLIENT_LINE, text);
    journal_flush (self->journal);
    const char *line = s_read (self, self->file);
    assert_int_equal (s_count (line, "\\xff"), JOURNAL_TEXT_SIZE_MAX);
    assert_int_equal (s_count (line, "\\xff… (65536 bytes)\n"), 1);
    free (text);
}


static void
what_a_provider_sent_is_never_logged (void **state)
{
    case_t *self = *state;
    effect_t fetch = {.kind = EFFECT_FETCH,
        .request = 12,
        .text = span_of ("+34.06-118.44"),
        .radius_mm = 10000000};
    journal_effect (self->journal, &fetch);
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
    case_t *self = *state;
    journal_line (self->journal, '*', "one");
    s_open (self, self->file, true);
    journal_line (self->journal, '*', "two");
    s_holds (self, TIME " Alford * one\n" TIME " Alford * two\n");
}


static void
a_long_line_is_cut_where_the_header_says (void **state)
{
    case_t *self = *state;
    journal_line (self->journal, '*', "%02000d", 0);
    journal_flush (self->journal);
    const char *text = s_read (self, self->file);
    assert_int_equal (strlen (text), strlen (TIME " Alford * ") + 1023 + 1);
}


//  However much is logged in one turn, memory stays bounded and nothing is lost

static void
a_flood_is_written_early_and_whole (void **state)
{
    case_t *self = *state;
    char *line = zsys_sprintf ("%0500d", 0);
    for (int count = 0; count < 4000; count++)
        s_event (self, EVENT_CLIENT_LINE, line);
    size_t size = strlen (TIME " Alford < client 7 \n") + 500;
    assert_true (strlen (s_read (self, self->file)) >= 2000 * size);
    journal_flush (self->journal);
    assert_int_equal (strlen (s_read (self, self->file)), 4000 * size);
    assert_int_equal (journal_lost (self->journal), 0);
    zstr_free (&line);
}


static void
reopening_after_a_rename_loses_nothing (void **state)
{
    case_t *self = *state;
    char *old = zsys_sprintf ("%s.1", self->file);
    journal_line (self->journal, '*', "one");
    journal_flush (self->journal);
    assert_int_equal (rename (self->file, old), 0);
    journal_line (self->journal, '*', "two");
    journal_reopen (self->journal);
    journal_line (self->journal, '*', "three");
    s_holds (self, TIME " Alford * log reopened\n" TIME " Alford * three\n");
    assert_string_equal (
        s_read (self, old), TIME " Alford * one\n" TIME " Alford * two\n");
    assert_int_equal (journal_lost (self->journal), 0);
    unlink (old);
    zstr_free (&old);
}


static void
a_failed_reopening_keeps_the_old_file (void **state)
{
    case_t *self = *state;
    char *moved = zsys_sprintf ("%s-moved", self->folder);
    char *old = zsys_sprintf ("%s/log", moved);
    assert_int_equal (rename (self->folder, moved), 0);
    journal_reopen (self->journal);
    journal_line (self->journal, '*', "still here");
    journal_flush (self->journal);
    const char *text = s_read (self, old);
    assert_non_null (strstr (text, " * log not reopened: "));
    assert_non_null (strstr (text, " * still here\n"));
    assert_int_equal (rename (moved, self->folder), 0);
    zstr_free (&old);
    zstr_free (&moved);
}


static void
a_full_disk_is_said_once_and_counted (void **state)
{
    case_t *self = *state;
    s_open (self, "/dev/full", true);
    journal_line (self->journal, '*', "one");
    journal_line (self->journal, '*', "two");
    s_flush_listening (self);
    assert_string_equal (self->said,
        "zherd: /dev/full: log lines are lost: No space left on device\n");
    assert_int_equal (journal_lost (self->journal), 2);
    for (int count = 0; count < 100; count++) {
        journal_line (self->journal, '*', "more");
        s_flush_listening (self);
        assert_string_equal (self->said, "");
    }
    assert_int_equal (journal_lost (self->journal), 102);
}


static void
a_file_that_cannot_be_opened_is_an_error (void **state)
{
    case_t *self = *state;
    errno = 0;
    assert_null (journal_new (
        &(journal_options_t){.file = self->folder, .server = "Alford"}));
    assert_int_equal (errno, EISDIR);
}


//  "notices [...] are written at the end of their turn, the rest with them, or
//  when it is much"

static void
a_turn_writes_notices_and_much (void **state)
{
    case_t *self = *state;
    s_event (self, EVENT_CLIENT_LINE, "hello");
    journal_turn (self->journal);
    assert_string_equal (s_read (self, self->file), "");
    journal_line (self->journal, '*', "%s", "trouble");
    journal_turn (self->journal);
    const char *text = s_read (self, self->file);
    assert_non_null (strstr (text, "< client 7 hello\n"));
    assert_non_null (strstr (text, " * trouble\n"));
    size_t size = strlen (text);
    for (int line = 0; line < 1000; line++)
        s_event (self, EVENT_CLIENT_LINE, "hello");
    journal_turn (self->journal);
    assert_true (strlen (s_read (self, self->file)) > size + 20000);
}


#define CASE(name) cmocka_unit_test_setup_teardown (name, s_new, s_destroy)


int
main (void)
{
    const struct CMUnitTest tests [] = {
        CASE (a_line_is_time_server_sign_and_what),
        CASE (time_is_to_the_nanosecond_in_utc),
        CASE (an_event_is_one_line_whatever_it_holds),
        CASE (ticks_and_states_of_links_are_not_logged),
        CASE (notices_alone_if_so_wanted),
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
        CASE (a_flood_is_written_early_and_whole),
        CASE (a_turn_writes_notices_and_much),
        CASE (reopening_after_a_rename_loses_nothing),
        CASE (a_failed_reopening_keeps_the_old_file),
        CASE (a_full_disk_is_said_once_and_counted),
        CASE (a_file_that_cannot_be_opened_is_an_error),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
