/*  =========================================================================
    logwriter - a thread that writes log lines

    Lines gather in one of two buffers while the thread writes those of the
    other: a disk or a reader that blocks keeps nobody waiting but the thread.
    What finds no room in either is lost, and where it would have stood a line
    of the log says how much.  The thread takes no signals, and hides the key
    before it writes.
    =========================================================================
*/

#ifndef LOG_LOGWRITER_H
#define LOG_LOGWRITER_H

#include "log/line.h"
#include "log/logfile.h"

//  Bytes of lines that wait in each of the two buffers: enough for a thread
//  that waits for a processor a tenth of a second on a busy machine.
#define LOGWRITER_ROOM 16777216

//  What logwriter_destroy waits for the thread, at most.
#define LOGWRITER_PATIENCE_MS 1000

typedef struct logwriter_t logwriter_t;

//  Open the log and start the thread; key is what no line may hold, or NULL.
//  Copies all.  Returns NULL, errno set, if the file can't be opened, or
//  no thread be had.
logwriter_t *
logwriter_new (const logfile_options_t *options, const char *key);

//  Hand over what is left, wait LOGWRITER_PATIENCE_MS at most until all is
//  written, and set *self_p to NULL.  If that is not enough the thread goes on
//  by itself, and standard error says so if it can take it at once.
void
logwriter_destroy (logwriter_t **self_p);

//  Return room for the next line, LINE_SIZE_MAX bytes; good until
//  another of these functions is called.
char *
logwriter_room (logwriter_t *self);

//  Take the line that was written there; end is behind its LF.
void
logwriter_add (logwriter_t *self, const char *end);

//  Return how many bytes of lines were not handed over yet.
size_t
logwriter_size (const logwriter_t *self);

//  Let the thread write all lines that there are: to be called some times a
//  second, too, since lines that were lost are told of only then.
void
logwriter_hand_over (logwriter_t *self);

//  Have the thread do as logfile_reopen says, before it writes what it has not
//  yet begun to write.
void
logwriter_reopen (logwriter_t *self);

//  Have the thread do as logfile_limit says then, too, and hide one more key;
//  NULL is none.
void
logwriter_change (logwriter_t *self, uint64_t size_max, const char *key);

//  Return the number of lines lost so far, for want of room or of a disk.
uint64_t
logwriter_lost (logwriter_t *self);

#endif
