/*  =========================================================================
    test_logwriter - a thread that writes log lines

    Numbered lines go in.  What comes out has each of them, in their order, or
    says how many are missing where they are missing.  A FIFO that is read or
    not stands for all that may block.
    =========================================================================
*/

#include "log/logwriter.h"

#include "io/log_case.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/stat.h>

#define PADDING                                                                \
    "................................................................"
#define LOST " lines were lost\n"
#define LOST_BEFORE " Alford * log-lost: "

//  More lines than there is room for
#define MANY 500000

typedef struct {
    logwriter_t *writer;
    uint64_t made;  //  Lines put in
    uint64_t seen;  //  Lines that came out, or were said to be lost
    uint64_t gaps;  //  How often that was said
    int reader;     //  Of the FIFO
    char rest [512];
    size_t rest_size;
} lines_t;


static int
s_new (void **state)
{
    log_case_new (state);
    log_case_t *self = *state;
    lines_t *lines = zmalloc (sizeof (lines_t));
    lines->reader = -1;
    self->own = lines;
    return 0;
}


static int
s_free (void **state)
{
    log_case_t *self = *state;
    lines_t *lines = self->own;
    logwriter_destroy (&lines->writer);
    if (lines->reader >= 0)
        close (lines->reader);
    free (lines);
    return log_case_free (state);
}


static lines_t *
s_open (log_case_t *self)
{
    lines_t *lines = self->own;
    lines->writer = logwriter_new (
        &(logfile_options_t){.file = self->file, .server = "Alford"}, NULL);
    assert_non_null (lines->writer);
    return lines;
}


static lines_t *
s_open_fifo (log_case_t *self)
{
    assert_int_equal (mkfifo (self->file, 0600), 0);
    lines_t *lines = s_open (self);
    lines->reader = open (self->file, O_RDONLY | O_NONBLOCK);
    assert_true (lines->reader >= 0);
    return lines;
}


static void
s_put (lines_t *lines, uint64_t count)
{
    while (count--) {
        char *to = logwriter_room (lines->writer);
        to += snprintf (
            to, LINE_SIZE_MAX, "line %" PRIu64 " " PADDING "\n", lines->made++);
        logwriter_add (lines->writer, to);
    }
    logwriter_hand_over (lines->writer);
}


//  Each is the next one, or says how many are missing before the next

static void
s_see (lines_t *lines, const char *text, const char *end)
{
    const char *lost =
        memmem (text, (size_t) (end - text), LOST, strlen (LOST));
    if (lost) {
        const char *number = strstr (text, LOST_BEFORE);
        assert_non_null (number);
        uint64_t count = strtoull (number + strlen (LOST_BEFORE), NULL, 10);
        assert_true (count > 0);
        lines->seen += count;
        lines->gaps++;
    }
    else {
        assert_int_equal (strncmp (text, "line ", 5), 0);
        assert_int_equal (strtoull (text + 5, NULL, 10), lines->seen);
        lines->seen++;
    }
}


//  Take so much of the FIFO as there is.  Returns false at its end

static bool
s_read (lines_t *lines)
{
    char text [65536 + sizeof (lines->rest)];
    memcpy (text, lines->rest, lines->rest_size);
    ssize_t size = read (lines->reader, text + lines->rest_size, 65535);
    if (size < 0)
        assert_int_equal (errno, EAGAIN);
    const char *at = text;
    const char *end = text + lines->rest_size + (size > 0 ? size : 0);
    text [end - text] = '\0';
    const char *next;
    while ((next = memchr (at, '\n', (size_t) (end - at)))) {
        s_see (lines, at, next + 1);
        at = next + 1;
    }
    lines->rest_size = (size_t) (end - at);
    assert_true (lines->rest_size < sizeof (lines->rest));
    memcpy (lines->rest, at, lines->rest_size);
    return size != 0;
}


//  All has come out; hand over meanwhile, as is to be done now and then

static bool
s_has_seen_all (lines_t *lines)
{
    logwriter_hand_over (lines->writer);
    for (int times = 0; times < 100 && lines->seen < lines->made; times++)
        (void) s_read (lines);
    return lines->seen == lines->made;
}


//  Through both buffers, many times

static void
all_lines_are_written_in_their_order (void **state)
{
    log_case_t *self = *state;
    lines_t *lines = s_open (self);
    while (lines->made < MANY) {
        s_put (lines, 1 + lines->made % 1999);
        AWAIT (logwriter_size (lines->writer) == 0);
    }
    logwriter_destroy (&lines->writer);
    const char *text = log_case_read (self, self->file);
    while (*text) {
        const char *end = strchr (text, '\n') + 1;
        s_see (lines, text, end);
        text = end;
    }
    assert_int_equal (lines->seen, lines->made);
}


//  Nobody waits for the reader; when it reads, it is told how much is missing,
//  where it is missing.  So it is each time that it stops

static void
a_reader_who_does_not_read_costs_lines_that_are_counted (void **state)
{
    log_case_t *self = *state;
    lines_t *lines = s_open_fifo (self);
    log_case_listen (self);
    for (uint64_t times = 1; times <= 3; times++) {
        s_put (lines, MANY / 2);
        s_put (lines, MANY / 2);
        s_put (lines, 10);
        assert_true (logwriter_lost (lines->writer) > times * 10000);
        AWAIT (s_has_seen_all (lines));
        assert_int_equal (lines->gaps, times);
        s_put (lines, 10);
        AWAIT (s_has_seen_all (lines));
        assert_int_equal (lines->gaps, times);
    }
    assert_int_equal (log_case_count (log_case_said (self), "\n"), 1);
}


//  Though nothing is handed over for a second time

static void
lines_are_written_though_the_thread_was_busy (void **state)
{
    log_case_t *self = *state;
    lines_t *lines = s_open_fifo (self);
    s_put (lines, 2000);
    for (int times = 0; times < 20; times++)
        s_put (lines, 100);
    AWAIT ((s_read (lines), lines->seen == lines->made));
    assert_int_equal (logwriter_lost (lines->writer), 0);
}


//  It says so, and what there is comes to a reader who comes later

static void
the_end_is_not_kept_waiting (void **state)
{
    log_case_t *self = *state;
    lines_t *lines = s_open_fifo (self);
    s_put (lines, 5000);
    log_case_listen (self);
    logwriter_destroy (&lines->writer);
    assert_null (lines->writer);
    assert_string_equal (
        log_case_said (self), "zherd: log: not all could be written\n");
    AWAIT (!s_read (lines));
    assert_int_equal (lines->seen, lines->made);
}


//  At the end it is said, too, that lines were lost behind the last

static void
the_last_gap_is_said (void **state)
{
    log_case_t *self = *state;
    lines_t *lines = s_open_fifo (self);
    s_put (lines, MANY);
    assert_true (logwriter_lost (lines->writer) > 10000);
    log_case_listen (self);
    logwriter_destroy (&lines->writer);
    AWAIT (!s_read (lines));
    (void) log_case_said (self);
    assert_int_equal (lines->seen, lines->made);
    assert_int_equal (lines->gaps, 1);
}


//  Put in lines; so many are lost by then

static void
s_lose (lines_t *lines, unsigned count, uint64_t lost)
{
    s_put (lines, count);
    AWAIT (logwriter_lost (lines->writer) == lost);
}


//  A disk that is full, and has room again later: the log says so by itself

static void
a_disk_that_comes_back_is_used_again (void **state)
{
    log_case_t *self = *state;
    lines_t *lines = s_open (self);
    s_put (lines, 10);
    AWAIT_PART (self, self->file, "line 9 ");
    log_case_limit (1);
    log_case_listen (self);
    s_lose (lines, 20, 20);
    s_lose (lines, 3, 23);
    assert_non_null (
        strstr (log_case_said (self), "log lines are lost: File too large\n"));
    log_case_limit (RLIM_INFINITY);
    AWAIT_PART (self, self->file, "Z" LOST_BEFORE "23" LOST);
    s_put (lines, 1);
    AWAIT_PART (self, self->file, "line 33 ");
    assert_int_equal (logwriter_lost (lines->writer), 23);
}


//  What was handed over before is in the old file, what comes after in the new

static void
reopening_loses_nothing (void **state)
{
    log_case_t *self = *state;
    lines_t *lines = s_open (self);
    s_put (lines, 1);
    AWAIT_PART (self, self->file, "line 0 ");
    assert_int_equal (rename (self->file, self->older), 0);
    logwriter_reopen (lines->writer);
    s_put (lines, 1);
    AWAIT_PART (
        self, self->file, "Z Alford * log-reopened: log reopened\nline 1 ");
    assert_string_equal (
        log_case_read (self, self->older), "line 0 " PADDING "\n");
}


//  A signal that this thread holds back would end the process if the other took
//  it

static void
the_thread_takes_no_signals (void **state)
{
    log_case_t *self = *state;
    lines_t *lines = s_open (self);
    sigset_t signals;
    sigset_t before;
    struct timespec at_once = {0, 0};
    sigemptyset (&signals);
    sigaddset (&signals, SIGTERM);
    sigaddset (&signals, SIGUSR1);
    pthread_sigmask (SIG_BLOCK, &signals, &before);
    s_put (lines, 1);
    kill (getpid (), SIGTERM);
    kill (getpid (), SIGUSR1);
    assert_int_equal (sigtimedwait (&signals, NULL, &at_once), SIGUSR1);
    assert_int_equal (sigtimedwait (&signals, NULL, &at_once), SIGTERM);
    pthread_sigmask (SIG_SETMASK, &before, NULL);
    AWAIT_PART (self, self->file, "line 0 ");
}


static void
a_file_that_cannot_be_opened_is_an_error (void **state)
{
    log_case_t *self = *state;
    errno = 0;
    assert_null (logwriter_new (
        &(logfile_options_t){.file = self->folder, .server = "Alford"}, NULL));
    assert_int_equal (errno, EISDIR);
}


#define CASE(name) cmocka_unit_test_setup_teardown (name, s_new, s_free)


int
main (void)
{
    const struct CMUnitTest tests [] = {
        CASE (all_lines_are_written_in_their_order),
        CASE (a_reader_who_does_not_read_costs_lines_that_are_counted),
        CASE (lines_are_written_though_the_thread_was_busy),
        CASE (the_end_is_not_kept_waiting),
        CASE (the_last_gap_is_said),
        CASE (a_disk_that_comes_back_is_used_again),
        CASE (reopening_loses_nothing),
        CASE (the_thread_takes_no_signals),
        CASE (a_file_that_cannot_be_opened_is_an_error),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
