/*  =========================================================================
    story - what happened, for comparing and for reading

    Lines to be compared are the servers' journals; others, and times, are
    only for who reads about a failure.  Everything counts for the hash.
    =========================================================================
*/

#ifndef SIM_STORY_H
#define SIM_STORY_H

#include "base/span.h"

#include <stdio.h>

typedef struct story_t story_t;

//  Make an empty story; trace prints each line to stderr at once.  Never
//  returns NULL.
story_t *
story_new (bool trace);

//  Free the story and set *self_p to NULL.
void
story_destroy (story_t **self_p);

//  The server wrote the text into its journal at now_us.
void
story_note (story_t *self, int64_t now_us, const char *server, span_t text);

//  Something else happened: a format of printf and its arguments.
void
story_tell (story_t *self, int64_t now_us, const char *format, ...)
    __attribute__ ((format (printf, 3, 4)));

//  Let bytes, or a number, count for the hash.
void
story_mix (story_t *self, span_t bytes);
void
story_mix_number (story_t *self, uint64_t number);

//  Return a hash of all there was so far.
uint64_t
story_hash (const story_t *self);

//  Return true if the notes since the last call are these lines, "server * "
//  and a note, each with its LF.  Else print both to stderr.
bool
story_matches (story_t *self, const char *lines);

//  Print the last lines, with their times.
void
story_print (const story_t *self, FILE *file);

#endif
