/*  =========================================================================
    subjects - the messages of a stream that keeps the last of each subject

    A subject is a region and a client, a message is an AT line; or the subject
    is a region alone, and the message, which is empty, says that it is there.
    Each message has the next sequence number, from 1, and takes the place of
    the one before.
    =========================================================================
*/

#ifndef SIM_SUBJECTS_H
#define SIM_SUBJECTS_H

#include "base/span.h"

typedef struct subjects_t subjects_t;

//  Make an empty stream that keeps a message for so long; 0 = for ever.  Never
//  returns NULL.  Or free it and set *self_p to NULL.
subjects_t *
subjects_new (unsigned ttl_seconds);
void
subjects_destroy (subjects_t **self_p);

//  Keep a copy of the AT line, or of the empty one.
void
subjects_store (subjects_t *self, unsigned region, span_t line);

//  It is so long after the start: messages expire.
void
subjects_set_time (subjects_t *self, int64_t now_us);

//  Return the number of the oldest message that is there, or the one that is
//  given next; the one that was given last; and how many messages there are.
uint64_t
subjects_first (const subjects_t *self);
uint64_t
subjects_last (const subjects_t *self);
size_t
subjects_count (const subjects_t *self);

//  Write the lines behind the position, but for those of the region that is
//  left out, a bounded number of them, to *text, which the caller frees: each a
//  region, a blank, its line, LF.  The position moves behind them.
//  Returns the size, and in *count how many they are.
size_t
subjects_write (const subjects_t *self, uint64_t *position, unsigned left_out,
    char **text, unsigned *count);

//  Drop all messages; or those of the last so many numbers, which are given
//  anew, as if they had never been written.
void
subjects_purge (subjects_t *self);
void
subjects_forget (subjects_t *self, unsigned count);

#endif
