/*  =========================================================================
    outline - where in a JSON value we are

    Looks at brackets and strings only, a byte at a time, and does not judge:
    brackets are counted, and need not match.
    =========================================================================
*/

#ifndef PLACES_OUTLINE_H
#define PLACES_OUTLINE_H

#include "base/span.h"

//  Deeper than this it is not known what brackets are.
#define OUTLINE_DEPTH_MAX 64

//  Begins as {0}, before the value.
typedef struct {
    unsigned depth;    //  Of brackets that are open
    uint64_t objects;  //  A bit a depth, lowest first: it is a brace
    bool in_string;    //
    bool is_escaped;   //  The next byte of the string is
    char last;         //  Byte that is not blank; of a string, a quote
    size_t values;     //  Begun so far, less one
    size_t key_at;     //  Where the string read last at depth 1 begins, and its
    size_t key_size;   //  size, with quotes; 0 before the first
} outline_t;

//  Be before a value that has no key yet, within that many brackets.
void
outline_reset (outline_t *self, unsigned depth);

//  Look at the next byte, which is at that place of the text.  A bracket may be
//  closed only if one is open.
void
outline_step (outline_t *self, char byte, size_t at);

//  Forget that much of the text's front, which has nothing of the value.
void
outline_shift (outline_t *self, size_t size);

//  Return true if no object can begin with this byte: what is before it lacks
//  its end.
bool
outline_is_misplaced (const outline_t *self, char byte);

//  Return true if this byte of the text opens the array that is the member of
//  that name of the outermost object.
bool
outline_opens_member (
    const outline_t *self, span_t text, size_t at, const char *name);

#endif
