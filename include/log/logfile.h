/*  =========================================================================
    logfile - where log lines are written

    A file that is appended to, or standard output.  A disk that is full, or a
    reader who is gone, costs lines, and nothing else: they are counted, and as
    soon as lines can be written again a line says how many are missing before
    it.  All but logfile_new may wait for the disk or for a reader.
    =========================================================================
*/

#ifndef LOG_LOGFILE_H
#define LOG_LOGFILE_H

#include "base/span.h"

typedef struct logfile_t logfile_t;

typedef struct {
    const char *file;    //  Its name; NULL = standard output; copied
    const char *server;  //  Name in lines of its own; copied
    bool json;           //  Which are objects of JSON
    uint64_t size_max;   //  Bytes of a regular file with a name; 0 = any number
} logfile_options_t;

//  Open the file to append to it; one that is made is its owner's alone.  A
//  symbolic link is not followed: /dev/stdout and /dev/stderr are our own, as
//  they are.  A FIFO must have a reader, or be one that we may read.  Returns
//  NULL, errno set, if it can't be opened.
logfile_t *
logfile_new (const logfile_options_t *options);

//  Close it and set *self_p to NULL.
void
logfile_destroy (logfile_t **self_p);

//  Write whole lines, at once if that is possible, after a line that says how
//  many were lost before them, if any were.  Those that can't be written are
//  lost, which is said on standard error the first time; what follows a torn
//  one begins on a line of its own.  A file that would grow beyond size_max is
//  renamed to its name and ".1", and begun anew; if it can't be, as there is
//  something else than a regular file, it is full.
void
logfile_write (logfile_t *self, span_t lines);

//  Count lines that could not wait for logfile_write as lost here.
void
logfile_miss (logfile_t *self, uint64_t lines);

//  Close the file and open its name again, as after it was renamed, and log it.
//  If that fails the old one is kept, and the reason is logged.
void
logfile_reopen (logfile_t *self);

//  Let a regular file with a name have so many bytes from now on; 0 = any
//  number.
void
logfile_limit (logfile_t *self, uint64_t size_max);

//  Return true if lines were lost and no line says so yet: a logfile_write, be
//  it of nothing, will try.
bool
logfile_owes (const logfile_t *self);

//  Return the number of lines lost in all.
uint64_t
logfile_lost (const logfile_t *self);

#endif
