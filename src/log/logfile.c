/*  =========================================================================
    logfile - where log lines are written
    =========================================================================
*/

#include "log/logfile.h"

#include "log/line.h"
#include "log/replace.h"
#include "loop/clock.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct logfile_t {
    char *file;         //  Or NULL
    char *older;        //  What it is renamed to
    line_t *line;       //  For lines of our own
    uint64_t size_max;  //
    int fd;             //
    bool bounded;       //  size_max is for it
    uint64_t size;      //  Bytes in it
    bool torn;          //  It ends in the midst of a line
    uint64_t gap;       //  Lines lost since it was last said in the log
    uint64_t lost;      //  Lines lost in all
};


//  Do not wait here: a FIFO may have no reader for long.  Then we hold its
//  other end ourselves

static int
s_open_file (const char *file)
{
    const int flags =
        O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NOFOLLOW | O_NONBLOCK;
    if (!file || strcmp (file, "/dev/stdout") == 0)
        return fcntl (STDOUT_FILENO, F_DUPFD_CLOEXEC, 0);
    if (strcmp (file, "/dev/stderr") == 0)
        return fcntl (STDERR_FILENO, F_DUPFD_CLOEXEC, 0);
    int fd = open (file, O_WRONLY | flags, S_IRUSR | S_IWUSR);
    if (fd < 0 && errno == ENXIO)
        fd = open (file, O_RDWR | flags, S_IRUSR | S_IWUSR);
    return fd;
}


//  Have this descriptor in the place of the one there was

static void
s_take_descriptor (logfile_t *self, int fd)
{
    struct stat facts;
    int rc = fstat (fd, &facts);
    assert (rc == 0);
    if (self->fd >= 0)
        close (self->fd);
    self->fd = fd;
    logfile_limit (self, self->size_max);
    self->torn = self->torn && facts.st_size > 0;
}


logfile_t *
logfile_new (const logfile_options_t *options)
{
    int fd = s_open_file (options->file);
    if (fd < 0)
        return NULL;
    logfile_t *self = calloc (1, sizeof (logfile_t));
    assert (self);
    if (options->file) {
        self->file = strdup (options->file);
        int size = asprintf (&self->older, "%s.1", options->file);
        assert (self->file && size > 0);
    }
    self->line = line_new (options->server, options->json);
    self->size_max = options->size_max;
    self->fd = -1;
    s_take_descriptor (self, fd);
    return self;
}


void
logfile_destroy (logfile_t **self_p)
{
    logfile_t *self = *self_p;
    if (self) {
        close (self->fd);
        free (self->file);
        free (self->older);
        line_destroy (&self->line);
        free (self);
        *self_p = NULL;
    }
}


//  Write as much of the text as can be, which is all unless errno says why not.
//  Returns how much that is

static size_t
s_write (logfile_t *self, span_t text)
{
    size_t done = 0;
    while (done < text.size) {
        ssize_t size = write (self->fd, text.data + done, text.size - done);
        if (size >= 0)
            done += (size_t) size;
        else if (errno == EAGAIN)
            (void) poll (&(struct pollfd){self->fd, POLLOUT, 0}, 1, -1);
        else if (errno != EINTR)
            break;
    }
    if (done)
        self->torn = text.data [done - 1] != '\n';
    self->size += done;
    return done;
}


static void
s_lose (logfile_t *self, uint64_t lines, const char *why)
{
    if (self->lost == 0)
        fprintf (stderr, "zherd: %s: log lines are lost: %s\n",
            self->file ? self->file : "log", why);
    self->gap += lines;
    self->lost += lines;
}


//  Make room.  It may be that somebody cut the file, or renamed it already.
//  Returns false, errno set, if there is none to be had

static bool
s_begin_anew (logfile_t *self)
{
    struct stat ours;
    struct stat named;
    bool is_named = fstat (self->fd, &ours) == 0 &&
                    lstat (self->file, &named) == 0 &&
                    ours.st_ino == named.st_ino && ours.st_dev == named.st_dev;
    if (is_named && (uint64_t) ours.st_size < self->size) {
        self->size = (uint64_t) ours.st_size;
        return true;
    }
    if (is_named && replace_file (self->file, self->older) == -1)
        return false;
    int fd = s_open_file (self->file);
    if (fd < 0)
        return false;
    s_take_descriptor (self, fd);
    return true;
}


//  Return how many bytes of the lines, whole ones, the file may still take.  A
//  line that is too long for any is taken by one that is empty

static size_t
s_fit (const logfile_t *self, span_t lines)
{
    uint64_t left =
        self->size < self->size_max ? self->size_max - self->size : 0;
    if (!self->bounded || lines.size <= left)
        return lines.size;
    const char *end = memrchr (lines.data, '\n', left);
    if (!end && self->size == 0)
        end = memchr (lines.data, '\n', lines.size);
    return end ? (size_t) (end + 1 - lines.data) : 0;
}


//  Write a line of our own.  Returns false, errno set, if it can't be written

static bool __attribute__ ((format (printf, 3, 4)))
s_note (logfile_t *self, notice_t notice, const char *format, ...)
{
    char words [LINE_NOTICE_SIZE_MAX + 1];
    va_list arguments;
    va_start (arguments, format);
    int size = vsnprintf (words, sizeof (words), format, arguments);
    va_end (arguments);
    assert (size >= 0 && size <= LINE_NOTICE_SIZE_MAX);
    char line [LINE_SIZE_MAX];
    line_at (self->line, clock_now ());
    const char *end = line_notice (
        self->line, line, notice, (span_t){words, (size_t) size}, 1);
    span_t text = {line, (size_t) (end - line)};
    if (s_fit (self, text) == 0 && !s_begin_anew (self))
        return false;
    return s_write (self, text) == text.size;
}


//  End a torn line, and say what was lost

static bool
s_is_mended (logfile_t *self)
{
    if (self->torn && s_write (self, span_of ("\n")) == 0)
        return false;
    if (self->gap && !s_note (self, NOTICE_LOG_LOST,
                         "%" PRIu64 " lines were lost", self->gap))
        return false;
    self->gap = 0;
    return true;
}


void
logfile_write (logfile_t *self, span_t lines)
{
    bool good = s_is_mended (self);
    while (good && lines.size) {
        size_t size = s_fit (self, lines);
        size_t written = s_write (self, (span_t){lines.data, size});
        good = written == size && (size || s_begin_anew (self));
        lines.data += written;
        lines.size -= written;
    }
    if (lines.size == 0)
        return;
    int error = errno;
    uint64_t count = 0;
    for (size_t at = 0; at < lines.size; at++)
        count += lines.data [at] == '\n';
    s_lose (self, count,
        error == EEXIST ? "FILE.1 is there, and no file" : strerror (error));
}


void
logfile_miss (logfile_t *self, uint64_t lines)
{
    s_lose (self, lines, "they are not taken quickly enough");
}


void
logfile_reopen (logfile_t *self)
{
    int fd = s_open_file (self->file);
    if (fd < 0) {
        const char *why = strerror (errno);
        (void) (s_is_mended (self) && s_note (self, NOTICE_LOG_NOT_REOPENED,
                                          "log not reopened: %s", why));
        return;
    }
    s_take_descriptor (self, fd);
    (void) (s_is_mended (self) &&
            s_note (self, NOTICE_LOG_REOPENED, "log reopened"));
}


void
logfile_limit (logfile_t *self, uint64_t size_max)
{
    struct stat facts;
    int rc = fstat (self->fd, &facts);
    assert (rc == 0);
    self->size_max = size_max;
    self->bounded = size_max && self->file && S_ISREG (facts.st_mode);
    self->size = self->bounded ? (uint64_t) facts.st_size : 0;
}


bool
logfile_owes (const logfile_t *self)
{
    return self->gap > 0;
}


uint64_t
logfile_lost (const logfile_t *self)
{
    return self->lost;
}
