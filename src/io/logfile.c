/*  =========================================================================
    logfile - where log lines are written
    =========================================================================
*/

#include "io/logfile.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct logfile_t {
    char *file;
    int fd;
    bool torn;      //  The file ends in the midst of a line
    uint64_t lost;  //  Lines that could not be written
};


static int
s_open (const char *file)
{
    return file ? open (file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640)
                : dup (STDOUT_FILENO);
}


logfile_t *
logfile_new (const char *file)
{
    int fd = s_open (file);
    if (fd < 0)
        return NULL;
    logfile_t *self = calloc (1, sizeof (logfile_t));
    assert (self);
    self->fd = fd;
    self->file = file ? strdup (file) : NULL;
    assert (self->file || !file);
    return self;
}


void
logfile_destroy (logfile_t **self_p)
{
    logfile_t *self = *self_p;
    if (self) {
        close (self->fd);
        free (self->file);
        free (self);
        *self_p = NULL;
    }
}


//  Return how many bytes were written: all, unless errno says why not

static size_t
s_write (int fd, span_t text)
{
    size_t done = 0;
    while (done < text.size) {
        ssize_t written = write (fd, text.data + done, text.size - done);
        if (written > 0)
            done += (size_t) written;
        else if (errno != EINTR)
            break;
    }
    return done;
}


//  The lines from here on are lost, the first of them perhaps in its midst

static void
s_lose (logfile_t *self, span_t lines, size_t from)
{
    if (self->lost == 0)
        fprintf (stderr, "zherd: %s: log lines are lost: %s\n",
            self->file ? self->file : "log", strerror (errno));
    self->torn = from ? lines.data [from - 1] != '\n' : self->torn;
    for (size_t at = from; at < lines.size; at++)
        self->lost += lines.data [at] == '\n';
}


void
logfile_write (logfile_t *self, span_t lines)
{
    if (self->torn)
        self->torn = s_write (self->fd, span_of ("\n")) == 0;
    size_t written = self->torn ? 0 : s_write (self->fd, lines);
    if (written < lines.size)
        s_lose (self, lines, written);
}


bool
logfile_reopen (logfile_t *self)
{
    int fd = s_open (self->file);
    if (fd < 0)
        return false;
    close (self->fd);
    self->fd = fd;
    return true;
}


uint64_t
logfile_lost (const logfile_t *self)
{
    return self->lost;
}
