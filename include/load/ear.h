/*  =========================================================================
    ear - what one listener is told

    A response to HTTP/1.0 that does not end, in slices of any size: server-sent
    events, or lines of JSON.
    =========================================================================
*/

#ifndef LOAD_EAR_H
#define LOAD_EAR_H

#include "base/lines.h"

//  What was heard.
typedef enum {
    EAR_NOTHING,  //  No more for now
    EAR_BEGINS,   //  The response is 200
    EAR_EVENT,    //  An event, or a line of a feed
    EAR_REFUSED   //  It is no such response: nothing more is to be heard
} ear_result_t;

//  Part of the owner's structure; all zero at first.
typedef struct {
    lines_t lines;
    bool began;    //  The status was 200,
    bool in_body;  //  and the headers have ended
} ear_t;

//  Free what it holds.
void
ear_clear (ear_t *self);

//  Cut the next thing heard off the front of *bytes.  Of an event with a stamp,
//  that is *stamp_ns, nanoseconds of POSIX time; else 0.
ear_result_t
ear_next (ear_t *self, span_t *bytes, int64_t *stamp_ns);

#endif
