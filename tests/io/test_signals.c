/*  =========================================================================
    test_signals - signals that wait in a descriptor
    =========================================================================
*/

#include "loop/signals.h"

#include <errno.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>


static void
those_that_are_taken_wait_and_end_nothing (void **state)
{
    static const int signals [] = {SIGTERM, SIGHUP};
    struct signalfd_siginfo info;
    (void) state;
    int fd = signals_take (signals, 2);
    assert_true (fd >= 0);
    kill (getpid (), SIGTERM);
    assert_int_equal (read (fd, &info, sizeof (info)), sizeof (info));
    assert_int_equal (info.ssi_signo, SIGTERM);
    assert_int_equal (read (fd, &info, sizeof (info)), -1);
    assert_int_equal (errno, EAGAIN);
    close (fd);
}


static void
who_writes_where_nobody_reads_has_an_error (void **state)
{
    static const int signals [] = {SIGTERM};
    struct signalfd_siginfo info;
    int ends [2];
    (void) state;
    int fd = signals_take (signals, 1);
    assert_int_equal (pipe (ends), 0);
    close (ends [0]);
    assert_int_equal (write (ends [1], "", 1), -1);
    assert_int_equal (errno, EPIPE);
    assert_int_equal (read (fd, &info, sizeof (info)), -1);
    close (ends [1]);
    close (fd);
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        cmocka_unit_test (those_that_are_taken_wait_and_end_nothing),
        cmocka_unit_test (who_writes_where_nobody_reads_has_an_error),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
