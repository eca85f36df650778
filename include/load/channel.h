/*  =========================================================================
    channel - one connection, and the requests outstanding on it
    =========================================================================
*/

#ifndef LOAD_CHANNEL_H
#define LOAD_CHANNEL_H

#include "load/reply.h"

//  A request that waits for its reply
typedef struct {
    int64_t since_ns;  //  When it was sent, or due
    reply_form_t form;
} waiting_t;

//  Part of the owner's structure.
typedef struct {
    int fd;                //  Owned; -1 = none
    uint32_t depth;        //  Requests at most
    uint32_t outstanding;  //  Requests without a reply
    uint32_t first;        //  The oldest's place in the ring
    waiting_t *waiting;    //  A ring of depth
    reply_t reply;         //  What has come of the first one's reply
    char *output;          //  Bytes that the socket has not taken
    size_t output_size;
    int64_t heard_ns;  //  When a byte came, or began to be waited for
} channel_t;

//  Make room for so many requests.  There is no socket as yet.
void
channel_init (channel_t *self, uint32_t depth);

//  Close the socket and free everything.
void
channel_clear (channel_t *self);

//  Close the socket, if there is one; requests outstanding are forgotten.
void
channel_close (channel_t *self);

//  Return where the next request is to be written: REQUEST_SIZE_MAX bytes.
//  Not to be called with all of depth outstanding.
char *
channel_room (channel_t *self);

//  A request of that size was written there: it waits for such a reply.
void
channel_add (channel_t *self, size_t size, waiting_t waiting);

//  Send what there is to send.  Returns -1 if the connection failed, errno
//  set; else whether anything is left.
int
channel_send (channel_t *self);

//  Cut the reply to the oldest request off the front of *bytes, and say in
//  *waiting which that was.  There must be one.
reply_result_t
channel_take (channel_t *self, span_t *bytes, waiting_t *waiting);

#endif
