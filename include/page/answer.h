/*  =========================================================================
    answer - what a Places provider said, cut for the client

    "exactly in the same format that Google Places gives": the bytes are
    checked and passed on, never written anew.  Results beyond the bound are
    left out as text, and newlines are folded as the assignment says.
    =========================================================================
*/

#ifndef PAGE_ANSWER_H
#define PAGE_ANSWER_H

#include "base/span.h"

//  Deeper nesting is refused.
#define ANSWER_DEPTH_MAX 512

//  The largest bound an answer can be cut to.
#define ANSWER_BOUND_MAX 20

typedef struct {
    span_t body;     //  What was read
    span_t status;   //  Value of the top-level "status", empty if none
    bool failed;     //  There is a top-level "error_message"
    span_t message;  //  Its value as JSON has it, empty if it is no text
    size_t results;  //  Elements of the top-level "results"
    size_t ends [ANSWER_BOUND_MAX + 1];  //  Byte of body where the first so
                                         //  many of them end; [0] = their [
    size_t last;                         //  Where the last of all ends
    size_t close;                        //  Where their ] is
} answer_t;

//  Read a body: one JSON object by RFC 8259's grammar, in valid UTF-8, without
//  "results" twice.  Borrows the body.  Returns false for anything else.
bool
answer_read (answer_t *self, span_t body) __attribute__ ((warn_unused_result));

//  Write the answer with no more results than the bound, ANSWER_BOUND_MAX at
//  most: CR LF and CR become LF, a run of LFs one, LFs at either end are left
//  out.  The buffer must have room for the body's size.  Returns the size
//  written.
size_t
answer_print (const answer_t *self, size_t bound, char *buffer);

#endif
