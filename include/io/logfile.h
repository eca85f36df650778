/*  =========================================================================
    logfile - where log lines are written

    A file that is appended to, or standard output.  A disk that is full costs
    lines, which are counted, and nothing else.
    =========================================================================
*/

#ifndef IO_LOGFILE_H
#define IO_LOGFILE_H

#include "core/span.h"

typedef struct logfile_t logfile_t;

//  Open the file, whose name is copied, to append to it; NULL = standard
//  output.  Returns NULL, errno set, if it can't be opened.
logfile_t *
logfile_new (const char *file);

//  Close it and set *self_p to NULL.
void
logfile_destroy (logfile_t **self_p);

//  Write whole lines at once.  Those that can't be written are dropped and
//  counted, which is said on standard error the first time; what follows a
//  torn one begins on a line of its own.
void
logfile_write (logfile_t *self, span_t lines);

//  Close the file and open its name again, as after it was renamed.  Returns
//  false, errno set, if that fails: the old one is kept.
bool
logfile_reopen (logfile_t *self);

//  Return the number of lines that could not be written.
uint64_t
logfile_lost (const logfile_t *self);

#endif
