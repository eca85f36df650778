/*  =========================================================================
    test_usage - what processes cost

    Of a child that waits: as anybody may look at it, and when it may not be
    dumped, as a server with keys in its memory may not.
    =========================================================================
*/

#include "unit/spans.h"

#include "load/usage.h"

#include <assert.h>
#include <signal.h>
#include <string.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOBODY 65534
#define SIZE ((size_t) 4 << 20)


//  Be nobody, if we may, as root may look at everything

static void
s_be_nobody (void)
{
    if (geteuid () == 0 && setresuid (NOBODY, NOBODY, NOBODY))
        abort ();
}


//  Have a child that holds SIZE bytes, and can be dumped or not

static pid_t
s_start_child (bool dumpable)
{
    int ready [2];
    char byte;
    int rc = pipe (ready);
    assert (rc == 0);
    pid_t pid = fork ();
    if (pid == 0) {
        prctl (PR_SET_PDEATHSIG, SIGKILL);
        s_be_nobody ();
        prctl (PR_SET_DUMPABLE, dumpable);
        char *held = malloc (SIZE);
        if (!held)
            abort ();
        memset (held, 'x', SIZE);
        (void) !write (ready [1], held, 1);
        for (;;)
            pause ();
    }
    close (ready [1]);
    assert_int_equal (read (ready [0], &byte, 1), 1);
    close (ready [0]);
    return pid;
}


static void
s_end_child (pid_t pid)
{
    kill (pid, SIGKILL);
    waitpid (pid, NULL, 0);
}


//  Look at the process as nobody.  Returns true if it has its memory, and time.

static bool
s_can_look (pid_t pid)
{
    int status;
    pid_t looker = fork ();
    if (looker == 0) {
        s_be_nobody ();
        bool good = usage_memory (&pid, 1) >= (int64_t) SIZE &&
                    usage_cpu_ns (&pid, 1) > 0;
        _exit (!good);
    }
    waitpid (looker, &status, 0);
    return WIFEXITED (status) && WEXITSTATUS (status) == 0;
}


static void
memory_and_time_of_a_process_are_told (void **state)
{
    (void) state;
    pid_t pid = s_start_child (true);
    assert_true (s_can_look (pid));
    pid_t twice [] = {pid, pid};
    assert_true (usage_memory (twice, 2) >= 2 * (int64_t) SIZE);
    s_end_child (pid);
}


static void
a_process_that_may_not_be_dumped_has_memory_too (void **state)
{
    (void) state;
    pid_t pid = s_start_child (false);
    assert_true (s_can_look (pid));
    s_end_child (pid);
}


static void
no_process_has_none (void **state)
{
    (void) state;
    pid_t pid = s_start_child (true);
    s_end_child (pid);
    assert_int_equal (usage_memory (&pid, 1), -1);
    assert_int_equal (usage_cpu_ns (&pid, 1), -1);
    assert_int_equal (usage_memory (NULL, 0), -1);
}


int
main (void)
{
    const struct CMUnitTest cases [] = {
        cmocka_unit_test (memory_and_time_of_a_process_are_told),
        cmocka_unit_test (a_process_that_may_not_be_dumped_has_memory_too),
        cmocka_unit_test (no_process_has_none),
    };
    return cmocka_run_group_tests (cases, NULL, NULL);
}
