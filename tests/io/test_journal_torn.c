/*  =========================================================================
    test_journal_torn - a log whose disk filled up in the midst of a line

    A limit on the size of files stands for the full disk: unlike /dev/full,
    it takes the first bytes of a write.
    =========================================================================
*/

#include "io/journal.h"

#include <czmq.h>
#include <sys/resource.h>

#include <setjmp.h>
#include <cmocka.h>

#define FILE_SIZE_MAX 100


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
    journal_t *journal =
        journal_new (&(journal_options_t){.file = file, .server = "A"});
    assert_non_null (journal);
    s_limit (FILE_SIZE_MAX);
    for (int count = 0; count < 5; count++)
        journal_line (journal, '*', "%s", "abc");
    journal_flush (journal);
    assert_int_equal (journal_lost (journal), 3);
    s_limit (RLIM_INFINITY);
    journal_line (journal, '*', "%s", "after");
    journal_destroy (&journal);

    char text [512];
    FILE *stream = fopen (file, "r");
    assert_non_null (stream);
    text [fread (text, 1, sizeof (text) - 1, stream)] = 0;
    fclose (stream);
    unlink (file);
    assert_non_null (
        strstr (text, "\n1970-01-01T00:00:00.000000000Z A * after\n"));
}


int
main (void)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigaction (SIGXFSZ, &ignore, NULL);
    const struct CMUnitTest tests [] = {
        cmocka_unit_test (the_line_after_a_torn_one_begins_anew),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
