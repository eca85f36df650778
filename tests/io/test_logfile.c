/*  =========================================================================
    test_logfile - where log lines are written

    A limit on the size of files stands for the full disk: unlike /dev/full,
    it takes the first bytes of a write.
    =========================================================================
*/

#include "log/logfile.h"

#include "io/log_case.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>

#define LINE "....,....1....,....2....,....3....,....\n"  //  40 bytes

#define WRITE(log, text) logfile_write (log, span_of (text))


static logfile_t *
s_new (const char *file, uint64_t size_max)
{
    return logfile_new (&(logfile_options_t){
        .file = file, .server = "Alford", .size_max = size_max});
}


static uint64_t
s_size (const char *file)
{
    struct stat facts;
    assert_int_equal (stat (file, &facts), 0);
    return (uint64_t) facts.st_size;
}


//  Who may read what clients say is for the operator to decide

static void
a_new_file_is_its_owners_alone (void **state)
{
    log_case_t *self = *state;
    struct stat facts;
    mode_t mask = umask (0);
    logfile_t *log = s_new (self->file, 0);
    umask (mask);
    assert_non_null (log);
    assert_int_equal (stat (self->file, &facts), 0);
    assert_int_equal (facts.st_mode & 07777, 0600);
    logfile_destroy (&log);
    assert_null (log);
}


//  Nobody makes us write elsewhere by a link in a folder that he can write to

static void
a_symbolic_link_is_not_followed (void **state)
{
    log_case_t *self = *state;
    assert_int_equal (symlink (self->older, self->file), 0);
    errno = 0;
    assert_null (s_new (self->file, 0));
    assert_int_equal (errno, ELOOP);
    assert_int_equal (access (self->older, F_OK), -1);
}


//  So that lines of several processes on one output are not mixed

static void
lines_leave_in_one_write (void **state)
{
    static const char *const names [] = {NULL, "/dev/stdout"};
    (void) state;
    int pair [2];
    char text [64];
    assert_int_equal (socketpair (AF_UNIX, SOCK_SEQPACKET, 0, pair), 0);
    for (size_t index = 0; index < 2; index++) {
        fflush (stdout);
        int output = dup (STDOUT_FILENO);
        dup2 (pair [0], STDOUT_FILENO);
        logfile_t *log = s_new (names [index], 0);
        dup2 (output, STDOUT_FILENO);
        close (output);
        assert_non_null (log);
        WRITE (log, "one\ntwo\n");
        assert_int_equal (
            recv (pair [1], text, sizeof (text), MSG_DONTWAIT), 8);
        assert_int_equal (
            recv (pair [1], text, sizeof (text), MSG_DONTWAIT), -1);
        logfile_destroy (&log);
    }
    close (pair [0]);
    close (pair [1]);
}


//  Neither is a reader waited for, nor is it missed when it goes

static void
a_fifo_needs_no_reader (void **state)
{
    log_case_t *self = *state;
    char text [64] = "";
    assert_int_equal (mkfifo (self->file, 0600), 0);
    logfile_t *log = s_new (self->file, 10);
    assert_non_null (log);
    WRITE (log, "one\n");
    for (int times = 0; times < 2; times++) {
        int reader = open (self->file, O_RDONLY | O_NONBLOCK);
        assert_int_equal (read (reader, text, sizeof (text)), 4);
        close (reader);
        WRITE (log, "two\n");
    }
    assert_int_equal (logfile_lost (log), 0);
    logfile_destroy (&log);
}


//  Five lines of 40 bytes, of which two and a half find room

static void
the_line_after_a_torn_one_begins_anew (void **state)
{
    log_case_t *self = *state;
    logfile_t *log = s_new (self->file, 0);
    assert_non_null (log);
    log_case_limit (100);
    log_case_listen (self);
    WRITE (log, LINE LINE LINE LINE LINE);
    const char *said = log_case_said (self);
    assert_non_null (strstr (said, "log lines are lost: File too large\n"));
    log_case_limit (RLIM_INFINITY);
    assert_int_equal (logfile_lost (log), 3);
    assert_true (logfile_owes (log));
    WRITE (log, "after\n");
    logfile_destroy (&log);

    const char *text = log_case_read (self, self->file);
    assert_int_equal (strncmp (text, LINE LINE, 80), 0);
    assert_int_equal (text [100], '\n');
    assert_non_null (
        strstr (text, "Z Alford * log-lost: 3 lines were lost\nafter\n"));
}


//  Time after time, be it that nothing else is to be written then

static void
what_was_lost_is_said_once_there_is_room (void **state)
{
    log_case_t *self = *state;
    logfile_t *log = s_new (self->file, 0);
    assert_non_null (log);
    for (uint64_t times = 1; times < 4; times++) {
        log_case_limit (s_size (self->file) + 1);
        log_case_listen (self);
        logfile_miss (log, times);
        WRITE (log, "lost\n");
        const char *said = log_case_said (self);
        assert_int_equal (log_case_count (said, "lost"), times == 1);
        WRITE (log, "lost\nlost\n");
        WRITE (log, "");
        assert_true (logfile_owes (log));
        log_case_limit (RLIM_INFINITY);
        WRITE (log, "");
        assert_false (logfile_owes (log));
        WRITE (log, "there\n");
    }
    assert_int_equal (logfile_lost (log), 4 + 5 + 6);
    logfile_destroy (&log);
    const char *text = log_case_read (self, self->file);
    assert_non_null (
        strstr (text, "Z Alford * log-lost: 4 lines were lost\nthere\n"));
    assert_non_null (
        strstr (text, "Z Alford * log-lost: 5 lines were lost\nthere\n"));
    assert_non_null (
        strstr (text, "Z Alford * log-lost: 6 lines were lost\nthere\n"));
}


//  Write numbered lines, so many at once.  Returns the next number

static int
s_write_lines (logfile_t *log, int number, int count)
{
    char text [4096];
    size_t size = 0;
    while (count--)
        size += (size_t) snprintf (
            text + size, sizeof (text) - size, "line %d\n", number++);
    logfile_write (log, (span_t){text, size});
    return number;
}


//  In pieces of all sizes: both files are no larger than was said, and they
//  have the latest lines, one after the other

static void
a_file_that_is_large_enough_is_begun_anew (void **state)
{
    log_case_t *self = *state;
    logfile_t *log = s_new (self->file, 1000);
    assert_non_null (log);
    int next = 1000;
    while (next < 3000) {
        next = s_write_lines (log, next, 1 + next % 241);
        assert_in_range (s_size (self->file), 1, 1000);
    }
    assert_int_equal (logfile_lost (log), 0);
    logfile_destroy (&log);
    assert_in_range (s_size (self->older), 990, 1000);
    int line = next - (int) (s_size (self->older) + s_size (self->file)) / 10;
    const char *files [] = {self->older, self->file};
    for (int index = 0; index < 2; index++)
        for (const char *text = log_case_read (self, files [index]); *text;
             text += 10)
            assert_int_equal (strtol (text + 5, NULL, 10), line++);
    assert_int_equal (line, next);
}


//  It may be full already when it is opened

static void
a_file_may_have_been_full_before (void **state)
{
    log_case_t *self = *state;
    logfile_t *log = s_new (self->file, 0);
    WRITE (log, LINE LINE LINE);
    logfile_destroy (&log);
    log = s_new (self->file, 100);
    WRITE (log, "after\n");
    logfile_destroy (&log);
    assert_string_equal (log_case_read (self, self->file), "after\n");
    assert_string_equal (log_case_read (self, self->older), LINE LINE LINE);
}


static void
a_line_longer_than_a_file_may_be_has_one_for_itself (void **state)
{
    log_case_t *self = *state;
    logfile_t *log = s_new (self->file, 10);
    WRITE (log, "one\n" LINE "two\n");
    assert_int_equal (logfile_lost (log), 0);
    assert_string_equal (log_case_read (self, self->file), "two\n");
    assert_string_equal (log_case_read (self, self->older), LINE);
    logfile_destroy (&log);
}


//  What others rename, as they do when they rotate logs, is not renamed by us

static void
a_file_of_another_name_by_now_is_left_alone (void **state)
{
    log_case_t *self = *state;
    logfile_t *log = s_new (self->file, 50);
    WRITE (log, LINE);
    assert_int_equal (rename (self->file, self->older), 0);
    WRITE (log, LINE);
    assert_string_equal (log_case_read (self, self->older), LINE);
    assert_string_equal (log_case_read (self, self->file), LINE);
    logfile_destroy (&log);
}


//  As some do who rotate logs: they copy the file, and cut it

static void
a_file_that_was_cut_has_room_again (void **state)
{
    log_case_t *self = *state;
    logfile_t *log = s_new (self->file, 100);
    WRITE (log, LINE LINE);
    assert_int_equal (truncate (self->file, 0), 0);
    WRITE (log, LINE LINE);
    assert_string_equal (log_case_read (self, self->file), LINE LINE);
    assert_int_equal (access (self->older, F_OK), -1);
    logfile_destroy (&log);
}


//  What is in the way is no file, and left as it is

static void
a_file_that_cannot_be_renamed_is_full (void **state)
{
    log_case_t *self = *state;
    logfile_t *log = s_new (self->file, 110);
    assert_int_equal (mkfifo (self->older, 0600), 0);
    log_case_listen (self);
    WRITE (log, LINE LINE LINE LINE);
    const char *said = log_case_said (self);
    assert_non_null (
        strstr (said, "log lines are lost: FILE.1 is there, and no file\n"));
    for (int times = 0; times < 100; times++)
        WRITE (log, LINE);
    assert_int_equal (logfile_lost (log), 102);
    assert_in_range (s_size (self->file), 80, 110);
    assert_int_equal (unlink (self->older), 0);
    WRITE (log, LINE);
    logfile_destroy (&log);
    assert_non_null (strstr (log_case_read (self, self->file),
        "Z Alford * log-lost: 102 lines were lost\n" LINE));
}


//  Be it the same file, of which the last line is torn

static void
reopening_is_logged (void **state)
{
    log_case_t *self = *state;
    logfile_t *log = s_new (self->file, 0);
    log_case_limit (5);
    log_case_listen (self);
    WRITE (log, "torn line\n");
    (void) log_case_said (self);
    log_case_limit (RLIM_INFINITY);
    logfile_reopen (log);
    WRITE (log, "after\n");
    const char *text = log_case_read (self, self->file);
    assert_int_equal (strncmp (text, "torn \n", 6), 0);
    assert_non_null (strstr (text, "\nafter\n"));
    assert_int_equal (
        log_case_count (text, "Z Alford * log-reopened: log reopened\n"), 1);
    logfile_destroy (&log);
}


static void
a_failed_reopening_keeps_the_old_file (void **state)
{
    log_case_t *self = *state;
    logfile_t *log = s_new (self->file, 0);
    assert_int_equal (rename (self->file, self->older), 0);
    assert_int_equal (mkdir (self->file, 0700), 0);
    logfile_reopen (log);
    WRITE (log, "after\n");
    logfile_destroy (&log);
    assert_int_equal (rmdir (self->file), 0);
    assert_non_null (strstr (log_case_read (self, self->older),
        "Z Alford * log-not-reopened: log not reopened: Is a "
        "directory\nafter\n"));
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        LOG_CASE (a_new_file_is_its_owners_alone),
        LOG_CASE (a_symbolic_link_is_not_followed),
        LOG_CASE (lines_leave_in_one_write),
        LOG_CASE (a_fifo_needs_no_reader),
        LOG_CASE (the_line_after_a_torn_one_begins_anew),
        LOG_CASE (what_was_lost_is_said_once_there_is_room),
        LOG_CASE (a_file_that_is_large_enough_is_begun_anew),
        LOG_CASE (a_file_may_have_been_full_before),
        LOG_CASE (a_line_longer_than_a_file_may_be_has_one_for_itself),
        LOG_CASE (a_file_of_another_name_by_now_is_left_alone),
        LOG_CASE (a_file_that_was_cut_has_room_again),
        LOG_CASE (a_file_that_cannot_be_renamed_is_full),
        LOG_CASE (reopening_is_logged),
        LOG_CASE (a_failed_reopening_keeps_the_old_file),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
