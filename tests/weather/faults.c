/*  =========================================================================
    faults - a process with a clock or a disk that is not as it should be
             (LD_PRELOAD)

    CLOCK_AHEAD  its clock is so many seconds ahead
    DISK_HELD    no sync of its disk ends while there is a file of that name,
                 a dot and its process id
    =========================================================================
*/

#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static const struct timespec look_again = {.tv_nsec = 20000000};


int
clock_gettime (clockid_t clock, struct timespec *time)
{
    const char *ahead = getenv ("CLOCK_AHEAD");
    int rc = (int) syscall (SYS_clock_gettime, clock, time);
    if (rc == 0 && ahead && clock == CLOCK_REALTIME)
        time->tv_sec += strtol (ahead, NULL, 10);
    return rc;
}


int
fdatasync (int fd)
{
    char name [4096];
    const char *held = getenv ("DISK_HELD");
    snprintf (name, sizeof name, "%s.%d", held ? held : "", getpid ());
    while (held && access (name, F_OK) == 0)
        nanosleep (&look_again, NULL);
    return (int) syscall (SYS_fdatasync, fd);
}
