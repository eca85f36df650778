/*  =========================================================================
    files - where the tables on disk are
    =========================================================================
*/

#include "store/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

//  Beside the next generation there must be room for so much of its size, and
//  so many bytes
#define SPARE_PART 8
#define SPARE_SIZE 1048576


static bool __attribute__ ((format (printf, 2, 3)))
s_wrong (char *why, const char *format, ...)
{
    va_list arguments;
    va_start (arguments, format);
    vsnprintf (why, FILES_WHY_SIZE, format, arguments);
    va_end (arguments);
    return false;
}


//  Return NULL, or what is wrong with a file or folder of ours

static const char *
s_fault (int fd, bool is_folder)
{
    struct stat facts;
    if (fstat (fd, &facts) == -1)
        return strerror (errno);
    if (!is_folder && !S_ISREG (facts.st_mode))
        return "no regular file";
    if (facts.st_uid != geteuid ())
        return "another user's";
    if (facts.st_mode & (S_IRWXG | S_IRWXO))
        return is_folder ? "open to others: its mode must be 700"
                         : "open to others: its mode must be 600";
    return NULL;
}


static bool
s_open_folder (files_t *self, const char *path, char *why)
{
    self->fd = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (self->fd == -1)
        return s_wrong (why, "%s", strerror (errno));
    const char *fault = s_fault (self->fd, true);
    return !fault || s_wrong (why, "it is %s", fault);
}


//  A folder that was made here must be there after a power cut, too

static bool
s_have_folder (files_t *self, const char *path, char *why)
{
    bool made = mkdir (path, S_IRWXU) == 0;
    if (!made && errno != EEXIST)
        return s_wrong (why, "%s", strerror (errno));
    if (!s_open_folder (self, path, why))
        return false;
    int above = made ? openat (self->fd, "..", O_RDONLY | O_CLOEXEC) : -1;
    if (above >= 0) {
        (void) fsync (above);
        close (above);
    }
    return true;
}


static bool
s_lock (files_t *self, const char *server, char *why)
{
    char name [FILES_NAME_SIZE];
    snprintf (name, sizeof name, "%s.lock", server);
    self->lock = openat (self->fd, name,
        O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK,
        S_IRUSR | S_IWUSR);
    if (self->lock == -1)
        return s_wrong (why, "%s: %s", name, strerror (errno));
    const char *fault = s_fault (self->lock, false);
    if (fault)
        return s_wrong (why, "%s is %s", name, fault);
    if (flock (self->lock, LOCK_EX | LOCK_NB) == -1)
        return errno == EWOULDBLOCK
                   ? s_wrong (why, "another %s is running on it", server)
                   : s_wrong (why, "%s: %s", name, strerror (errno));
    return true;
}


bool
files_open (files_t *self, const calls_t *calls, const char *path,
    const char *server, char why [FILES_WHY_SIZE])
{
    *self = (files_t){.calls = calls, .fd = -1, .lock = -1};
    snprintf (self->table, sizeof self->table, "%s.table", server);
    snprintf (self->next, sizeof self->next, "%s.table.next", server);
    snprintf (self->bad, sizeof self->bad, "%s.table.bad", server);
    if (!s_have_folder (self, path, why) || !s_lock (self, server, why)) {
        files_close (self);
        return false;
    }
    files_give_up (self);
    return true;
}


void
files_close (files_t *self)
{
    if (self->lock >= 0)
        close (self->lock);
    if (self->fd >= 0)
        close (self->fd);
    self->lock = self->fd = -1;
}


int
files_open_table (files_t *self, char why [FILES_WHY_SIZE])
{
    why [0] = '\0';
    int fd = self->calls->openat (
        self->fd, self->table, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0);
    if (fd == -1 && errno != ENOENT)
        s_wrong (why, "%s: %s", self->table, strerror (errno));
    const char *fault = fd >= 0 ? s_fault (fd, false) : NULL;
    if (fault) {
        s_wrong (why, "%s is %s", self->table, fault);
        close (fd);
        fd = -1;
    }
    return fd;
}


//  Without a folder there is no table, as before a first start

int
files_look (const char *path, const char *server, char why [FILES_WHY_SIZE])
{
    int fd = -1;
    files_t self = {.calls = &calls_of_system, .fd = -1, .lock = -1};
    snprintf (self.table, sizeof self.table, "%s.table", server);
    if (s_open_folder (&self, path, why))
        fd = files_open_table (&self, why);
    else if (self.fd == -1 && errno == ENOENT)
        why [0] = '\0';
    files_close (&self);
    return fd;
}


//  If the system can't say, it may be that there is

static bool
s_has_room (const files_t *self, uint64_t size)
{
    struct statvfs facts;
    return self->calls->fstatvfs (self->fd, &facts) == -1 ||
           (uint64_t) facts.f_bavail * facts.f_frsize >=
               size + size / SPARE_PART + SPARE_SIZE;
}


int
files_begin (files_t *self, uint64_t size)
{
    files_give_up (self);
    if (!s_has_room (self, size)) {
        errno = ENOSPC;
        return -1;
    }
    return self->calls->openat (self->fd, self->next,
        O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
}


void
files_give_up (files_t *self)
{
    (void) self->calls->unlinkat (self->fd, self->next, 0);
}


int
files_install (files_t *self, bool *installed, const char **call)
{
    *call = "rename";
    *installed = self->calls->renameat (
                     self->fd, self->next, self->fd, self->table) == 0;
    if (!*installed)
        return -1;
    *call = "fsync of the folder";
    return self->calls->fsync (self->fd);
}


int
files_keep_bad (files_t *self)
{
    (void) self->calls->unlinkat (self->fd, self->bad, 0);
    return linkat (self->fd, self->table, self->fd, self->bad, 0);
}
