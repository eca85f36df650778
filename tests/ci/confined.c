/*  =========================================================================
    confined - run a command as a unit of systemd confines it

    confined FAMILY,... COMMAND...   system calls named on standard input are
    allowed, and sockets of these address families (numbers); all others fail
    as systemd has them fail.  The command's standard input is /dev/null.
    =========================================================================
*/

#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FAMILY_MAX 64


static int
s_die (const char *what)
{
    perror (what);
    return EXIT_FAILURE;
}


//  As SystemCallFilter= and SystemCallErrorNumber=EPERM do.  Names that this
//  machine has no such call for are passed over

static int
s_allow_calls (scmp_filter_ctx filter)
{
    char name [64];
    while (scanf ("%63s", name) == 1) {
        int call = seccomp_syscall_resolve_name (name);
        if (call != __NR_SCMP_ERROR && call != SCMP_SYS (socket) &&
            seccomp_rule_add (filter, SCMP_ACT_ALLOW, call, 0) < 0 && call >= 0)
            return -1;
    }
    return 0;
}


//  As RestrictAddressFamilies= does

static int
s_allow_families (scmp_filter_ctx filter, const char *list)
{
    for (unsigned family = 0; family < FAMILY_MAX; family++) {
        char word [8];
        snprintf (word, sizeof (word), ",%u,", family);
        if (seccomp_rule_add (filter,
                strstr (list, word) ? SCMP_ACT_ALLOW
                                    : SCMP_ACT_ERRNO (EAFNOSUPPORT),
                SCMP_SYS (socket), 1,
                SCMP_A0 (SCMP_CMP_EQ, (scmp_datum_t) family)) < 0)
            return -1;
    }
    return 0;
}


int
main (int argc, char *argv [])
{
    char list [256];
    if (argc < 3)
        return s_die ("usage: confined FAMILY,... COMMAND...");
    snprintf (list, sizeof (list), ",%s,", argv [1]);
    scmp_filter_ctx filter = seccomp_init (SCMP_ACT_ERRNO (EPERM));
    if (!filter || s_allow_calls (filter) || s_allow_families (filter, list))
        return s_die ("filter");
    if (!freopen ("/dev/null", "r", stdin) || seccomp_load (filter) < 0)
        return s_die ("seccomp_load");
    execvp (argv [2], argv + 2);
    return s_die (argv [2]);
}
