/*  =========================================================================
    lines - bytes in any slices become lines

    A whole line in the bytes just read is handed out where it stands; only
    the piece of a line at their end is copied, until its rest comes.
    =========================================================================
*/

#ifndef BASE_LINES_H
#define BASE_LINES_H

#include "base/span.h"

//  Part of the owner's structure; all zero is empty.
typedef struct {
    char *kept;        //  Start of a line whose end has not come, or NULL
    size_t kept_size;  //  Bytes in kept
    size_t room;       //  Bytes allocated for kept
} lines_t;

typedef enum {
    LINES_LINE,  //  *line is a line without its LF
    LINES_MORE,  //  No line end among the bytes: they are kept
    LINES_LONG   //  *line is the start of a line longer than size_max
} lines_result_t;

//  Cut the next line off the front of *bytes, which holds what was read and
//  not yet taken.  *line is good until the next call.  Call until LINES_MORE,
//  which takes all of *bytes.  After LINES_LONG only lines_clear may follow;
//  *line then holds at least size_max bytes.
lines_result_t
lines_next (lines_t *self, span_t *bytes, size_t size_max, span_t *line);

//  Return what is kept: at the end of all bytes, it is a line too.  Good until
//  the next call.
span_t
lines_rest (const lines_t *self);

//  Free what is kept; *self is empty again.
void
lines_clear (lines_t *self);

#endif
