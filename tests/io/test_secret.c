/*  =========================================================================
    test_secret - a key that must not be told

    Texts with the key at all positions, by itself and through a log.
    =========================================================================
*/

#include "log/journal.h"
#include "log/secret.h"

#include "io/log_case.h"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define KEY "AIza-Marker_17"
#define STARS "**************"
#define LINES 2000


//  With that key, the text becomes that

static void
s_check (const char *key, const char *text, const char *expected)
{
    secret_t *secret = secret_new (key);
    char *copy = strdup (text);
    assert_non_null (copy);
    secret_hide (secret, copy, strlen (copy));
    assert_string_equal (copy, expected);
    free (copy);
    secret_destroy (&secret);
    assert_null (secret);
}


static void
the_key_is_hidden_wherever_it_is (void **state)
{
    (void) state;
    s_check (KEY, KEY, STARS);
    s_check (KEY, "a " KEY " b\n" KEY "c", "a " STARS " b\n" STARS "c");
    s_check (KEY, KEY KEY, STARS STARS);
    s_check (KEY, "AIza-AIza-Marker_17", "AIza-" STARS);
    s_check ("aa", "aaaaa", "****a");
    s_check ("a", "banana", "b*n*n*");
}


static void
what_is_not_the_key_stays (void **state)
{
    (void) state;
    s_check (KEY, "", "");
    s_check (
        KEY, "AIza-Marker_1 AIza-marker_17", "AIza-Marker_1 AIza-marker_17");
    s_check (NULL, "a " KEY, "a " KEY);
}


//  Of the key a"\b/c, as a log and as a URL has it

static void
the_key_is_hidden_however_it_is_escaped (void **state)
{
    (void) state;
    s_check ("a\"\\b/c", " a\"\\\\b/c ", " ******* ");
    s_check ("a\"\\b/c", "key=a%22%5Cb%2Fc", "key=************");
    s_check ("a%b", "a%b a%25b", "*** *****");
}


//  What lies behind the end is not ours

static void
only_the_text_is_changed (void **state)
{
    secret_t *secret = secret_new ("key");
    char text [] = "keykey";
    (void) state;
    secret_hide (secret, text, 5);
    assert_string_equal (text, "***key");
    secret_hide (secret, text, 0);
    assert_string_equal (text, "***key");
    secret_destroy (&secret);
}


//  So many lines that they are written in many pieces, and each byte of the
//  key is at the end of some

static void
no_line_of_a_log_holds_the_key (void **state)
{
    log_case_t *self = *state;
    journal_t *journal = journal_new (&(journal_options_t){
        .file = self->file, .server = "Alford", .full = true, .key = KEY});
    assert_non_null (journal);
    event_t event = {.kind = EVENT_CONNECTION_LINE, .connection = 7};
    for (int count = 0; count < LINES; count++) {
        char text [256];
        snprintf (
            text, sizeof (text), "IAMAT %*s" KEY " +1+1 1", count % 100, "");
        event.text = span_of (text);
        journal_event (journal, &event);
        journal_turn (journal);
    }
    event.text = span_of (KEY);
    event.kind = EVENT_PLACES_FAILED;
    journal_event (journal, &event);
    journal_message (journal, '<', span_of ("Ball"),
        span_of ("ZHERD/1 herd Ball incarnation receiver PUT\n" KEY "\n"));
    journal_message (journal, '>', span_of (KEY), span_of ("ZHERD/1\n"));
    journal_notice (journal, NOTICE_LOADED, "%s", KEY);
    journal_flush (journal);
    AWAIT (
        log_case_count (log_case_read (self, self->file), "\n") == LINES + 4);
    assert_int_equal (log_case_count (self->text, STARS), LINES + 4);
    assert_null (strstr (self->text, KEY));
    journal_destroy (&journal);
}


//  Nor in the bytes that were there: /proc shows them to others, getenv only to
//  ourselves

static void
what_was_taken_is_not_in_the_environment (void **state)
{
    (void) state;
    static char entry [] = "ZHERD_TEST=" KEY;
    static char again [] = "ZHERD_TEST=" KEY;
    static char other [] = "ZHERD_TEST2=" KEY;
    char *entries [] = {other, entry, again, NULL};
    char **before = environ;
    environ = entries;
    char *secret = secret_take ("ZHERD_TEST");
    char *none = secret_take ("ZHERD_TEST");
    char *shorter = secret_take ("ZHERD");
    environ = before;
    assert_string_equal (secret, KEY);
    assert_null (none);
    assert_null (shorter);
    assert_null (memmem (entry, sizeof (entry), KEY, strlen (KEY)));
    assert_null (memmem (again, sizeof (again), KEY, strlen (KEY)));
    assert_string_equal (other, "ZHERD_TEST2=" KEY);
    secret_forget (&secret);
    assert_null (secret);
    secret_forget (&secret);
}


//  In a child, as there is no way back

static void
closed_memory_is_in_no_core_file (void **state)
{
    int status;
    (void) state;
    pid_t child = fork ();
    if (child == 0) {
        struct rlimit limit;
        secret_close_memory ();
        _exit (prctl (PR_GET_DUMPABLE) != 0 ||
               getrlimit (RLIMIT_CORE, &limit) != 0 || limit.rlim_max != 0);
    }
    assert_int_equal (waitpid (child, &status, 0), child);
    assert_true (WIFEXITED (status));
    assert_int_equal (WEXITSTATUS (status), 0);
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        cmocka_unit_test (the_key_is_hidden_wherever_it_is),
        cmocka_unit_test (what_is_not_the_key_stays),
        cmocka_unit_test (the_key_is_hidden_however_it_is_escaped),
        cmocka_unit_test (only_the_text_is_changed),
        cmocka_unit_test (what_was_taken_is_not_in_the_environment),
        cmocka_unit_test (closed_memory_is_in_no_core_file),
        LOG_CASE (no_line_of_a_log_holds_the_key),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
