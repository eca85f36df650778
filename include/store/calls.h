/*  =========================================================================
    calls - what the shelf asks of the system

    One table of the calls that may fail, so that tests can have each fail in
    its turn.  Each is as the system's manual has it.
    =========================================================================
*/

#ifndef STORE_CALLS_H
#define STORE_CALLS_H

#include <sys/statvfs.h>
#include <sys/types.h>

typedef struct {
    int (*openat) (int folder, const char *name, int flags, mode_t mode);
    ssize_t (*pread) (int fd, void *buffer, size_t size, off_t offset);
    ssize_t (*pwrite) (int fd, const void *buffer, size_t size, off_t offset);
    int (*ftruncate) (int fd, off_t size);
    int (*fdatasync) (int fd);
    int (*fsync) (int fd);
    int (*renameat) (
        int folder, const char *from, int folder_to, const char *to);
    int (*unlinkat) (int folder, const char *name, int flags);
    int (*fstatvfs) (int fd, struct statvfs *facts);
} calls_t;

//  The system's own.
extern const calls_t calls_of_system;

#endif
