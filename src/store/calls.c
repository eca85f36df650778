/*  =========================================================================
    calls - what the shelf asks of the system
    =========================================================================
*/

#include "store/calls.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>


static int
s_openat (int folder, const char *name, int flags, mode_t mode)
{
    return openat (folder, name, flags, mode);
}


const calls_t calls_of_system = {.openat = s_openat,
    .pread = pread,
    .pwrite = pwrite,
    .ftruncate = ftruncate,
    .fdatasync = fdatasync,
    .fsync = fsync,
    .renameat = renameat,
    .unlinkat = unlinkat,
    .fstatvfs = fstatvfs};
