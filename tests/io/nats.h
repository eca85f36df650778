/*  =========================================================================
    nats - a server of NATS of a test's own
    =========================================================================
*/

#ifndef TESTS_IO_NATS_H
#define TESTS_IO_NATS_H

#include <sys/types.h>

//  Where Debian has it
#define NATS_PROGRAM "/usr/sbin/nats-server"

//  Start it in the folder, by the file nats.conf there; or kill it.  What fails
//  fails the test.
pid_t
nats_start (const char *folder);
void
nats_kill (pid_t pid);

#endif
