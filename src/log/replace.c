/*  =========================================================================
    replace - puts a new file in the place of an old one
    =========================================================================
*/

#include "log/replace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>


const char *
replace_obstacle (const char *name)
{
    struct stat facts;
    if (lstat (name, &facts) == -1 || S_ISREG (facts.st_mode))
        return NULL;
    if (S_ISLNK (facts.st_mode))
        return "a symbolic link";
    if (S_ISDIR (facts.st_mode))
        return "a folder";
    return S_ISFIFO (facts.st_mode)   ? "a FIFO"
           : S_ISSOCK (facts.st_mode) ? "a socket"
                                      : "a device";
}


int
replace_file (const char *from, const char *to)
{
    if (replace_obstacle (to)) {
        errno = EEXIST;
        return -1;
    }
    return rename (from, to);
}


//  Never follow what is there, nor write into it

int
replace_begin (const char *name)
{
    if (!replace_obstacle (name))
        unlink (name);
    return open (name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
}


static bool
s_is_ours (int fd, const char *name)
{
    struct stat ours;
    struct stat named;
    return fstat (fd, &ours) == 0 && lstat (name, &named) == 0 &&
           ours.st_ino == named.st_ino && ours.st_dev == named.st_dev;
}


int
replace_end (int fd, const char *from, const char *to)
{
    if (fsync (fd) == -1)
        return -1;
    if (!s_is_ours (fd, from)) {
        errno = ESTALE;
        return -1;
    }
    return replace_file (from, to);
}


void
replace_give_up (int fd, const char *name)
{
    if (s_is_ours (fd, name))
        unlink (name);
}
