/*  =========================================================================
    test_logfile - where log lines are written

    A limit on the size of files stands for the full disk: unlike /dev/full,
    it takes the first bytes of a write.  test_journal has the rest.
    =========================================================================
*/

#include "io/logfile.h"

#include <czmq.h>
#include <sys/resource.h>

#include <setjmp.h>
#include <cmocka.h>

#define FILE_SIZE_MAX 100
#define LINE "....,....1....,....2....,....3....,....\n"


static void
s_limit (rlim_t size)
{
    struct rlimit limit;
    assert_int_equal (getrlimit (RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = size < limit.rlim_max ? size : limit.rlim_max;
    assert_int_equal (setrlimit (RLIMIT_FSIZE, &limit), 0);
}


//  Five lines of 40 bytes, of which two and a half find room

static void
the_line_after_a_torn_one_begins_anew (void **state)
{
    (void) state;
    char file [] = "/tmp/zherd-torn-XXXXXX";
    int fd = mkstemp (file);
    assert_true (fd >= 0);
    close (fd);
    logfile_t *log = logfile_new (file);
    assert_non_null (log);
    s_limit (FILE_SIZE_MAX);
    logfile_write (log, span_of (LINE LINE LINE LINE LINE));
    assert_int_equal (logfile_lost (log), 3);
    s_limit (RLIM_INFINITY);
    logfile_write (log, span_of ("after\n"));
    logfile_destroy (&log);

    char text [512];
    FILE *stream = fopen (file, "r");
    assert_non_null (stream);
    text [fread (text, 1, sizeof (text) - 1, stream)] = 0;
    fclose (stream);
    unlink (file);
    assert_int_equal (strlen (text), FILE_SIZE_MAX + strlen ("\nafter\n"));
    assert_non_null (strstr (text, "\nafter\n"));
}


//  So that lines of several processes on one output are not mixed

static void
lines_leave_in_one_write (void **state)
{
    (void) state;
    int pair [2];
    char text [64];
    assert_int_equal (socketpair (AF_UNIX, SOCK_SEQPACKET, 0, pair), 0);
    fflush (stdout);
    int output = dup (STDOUT_FILENO);
    dup2 (pair [0], STDOUT_FILENO);
    logfile_t *log = logfile_new (NULL);
    dup2 (output, STDOUT_FILENO);
    close (output);
    assert_non_null (log);
    logfile_write (log, span_of ("one\ntwo\n"));
    assert_int_equal (recv (pair [1], text, sizeof (text), MSG_DONTWAIT), 8);
    assert_int_equal (recv (pair [1], text, sizeof (text), MSG_DONTWAIT), -1);
    logfile_destroy (&log);
    close (pair [0]);
    close (pair [1]);
}


int
main (void)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigaction (SIGXFSZ, &ignore, NULL);
    const struct CMUnitTest tests [] = {
        cmocka_unit_test (the_line_after_a_torn_one_begins_anew),
        cmocka_unit_test (lines_leave_in_one_write),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
