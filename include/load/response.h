/*  =========================================================================
    response - an HTTP response, in any slices

    As those are that answer us: a status line, headers with a Content-Length,
    and a body of that size, which is passed over.
    =========================================================================
*/

#ifndef LOAD_RESPONSE_H
#define LOAD_RESPONSE_H

#include "base/span.h"

//  What is returned for what is no such response.
#define RESPONSE_NONE 1

//  Part of the owner's structure; all zero is between two responses.
typedef struct {
    char line [48];  //  The beginning of the line at hand
    unsigned line_size;
    unsigned status;  //  0 = the status line has not come
    bool has_length;  //
    bool in_body;     //  The headers have ended
    uint64_t left;    //  Bytes of the body to come
} response_t;

//  Cut the rest of a response off the front of *bytes.  Returns its status once
//  it has ended, or else 0: then all bytes are taken.
unsigned
response_next (response_t *self, span_t *bytes);

#endif
