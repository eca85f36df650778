/*  =========================================================================
    nats - a server of NATS of a test's own
    =========================================================================
*/

#include "io/nats.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>


pid_t
nats_start (const char *folder)
{
    pid_t pid = fork ();
    assert_true (pid >= 0);
    if (pid == 0) {
        int null = open ("/dev/null", O_RDWR);
        dup2 (null, STDOUT_FILENO);
        dup2 (null, STDERR_FILENO);
        if (chdir (folder) == -1)
            _exit (1);
        execl (NATS_PROGRAM, NATS_PROGRAM, "-c", "nats.conf", (char *) NULL);
        _exit (1);
    }
    return pid;
}


void
nats_kill (pid_t pid)
{
    kill (pid, SIGKILL);
    assert_int_equal (waitpid (pid, NULL, 0), pid);
}
