/*  =========================================================================
    reply - bytes in any slices are counted as replies

    Looks at what tells a good reply from a bad one, and at where it ends; the
    rest of its bytes is only passed over.
    =========================================================================
*/

#ifndef LOAD_REPLY_H
#define LOAD_REPLY_H

#include "base/span.h"

#include "load/request.h"
#include "load/response.h"

typedef enum {
    REPLY_LINE,         //  Any line
    REPLY_AT,           //  A line that begins with "AT "
    REPLY_PLACES,       //  Such a line, and more, to an empty line
    REPLY_REDIS,        //  A line of RESP: an integer or a simple string
    REPLY_REDIS_TWICE,  //  Two of these
    REPLY_HTTP          //  An HTTP response; 200 is a good one
} reply_form_t;

typedef enum {
    REPLY_MORE,  //  All bytes are taken, and there is no end in them
    REPLY_GOOD,  //  A reply of that form ended
    REPLY_BAD    //  A reply ended, and it is an error
} reply_result_t;

//  Part of the owner's structure; all zero is between two replies.
typedef struct {
    unsigned line_size;   //  Bytes of the line at hand, counted up to 3
    unsigned lines;       //  Lines of the reply before this one
    char start [3];       //  The first bytes of the line at hand
    bool bad;             //  A line before this one was an error
    response_t response;  //  An HTTP response at hand
} reply_t;

//  Return what answers that kind of request.
reply_form_t
reply_form (speech_t speech, request_kind_t kind);

//  Cut the rest of a reply of that form off the front of *bytes.  The form
//  must not change before the reply has ended.
reply_result_t
reply_next (reply_t *self, reply_form_t form, span_t *bytes);

#endif
