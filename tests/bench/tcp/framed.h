/*  =========================================================================
    framed - one TCP connection between two servers, and the frames on it

    Each end begins with a greeting.  Then come frames: a kind, the size of the
    body in three bytes, the most significant first, and the body.  What the
    system does not take at once waits here, so only one frame should be said
    before all has left.  Nothing ever blocks.
    =========================================================================
*/

#ifndef BENCH_TCP_FRAMED_H
#define BENCH_TCP_FRAMED_H

#include "base/buffer.h"
#include "loop/poller.h"

//  The kinds; of them only messages have a body.
typedef enum {
    FRAMED_MESSAGE = 'M',
    FRAMED_PING = 'P',
    FRAMED_PONG = 'Q'
} framed_kind_t;

//  What framed_take finds.
typedef enum {
    FRAMED_NOTHING,   //  No whole frame
    FRAMED_FRAME,     //  A frame
    FRAMED_GREETING,  //  The other end's greeting, once
    FRAMED_NONSENSE   //  What no server of ours says: to be closed
} framed_found_t;

typedef struct {
    framed_kind_t kind;
    span_t body;  //  Good until the next framed_read
} frame_t;

//  Part of the owner's structure.
typedef struct {
    watcher_t watcher;  //  The owner's; its fd is -1 if there is no connection
    poller_t *poller;   //  Borrowed
    size_t body_max;    //  Of a frame that comes
    char *in;           //  Room for the largest
    size_t start;       //  What has come, and was not taken
    size_t end;         //
    buffer_t out;       //  What the system did not take yet
    bool greeted;       //  By the other end
    bool ended;         //  We have said all
} framed_t;

//  Have no connection yet; ready is called with context when there is something
//  to do for it.  Borrows the poller.
void
framed_init (framed_t *self, poller_t *poller, size_t body_max,
    poller_fn *ready, void *context);

//  Take over the descriptor, closed by framed_close, and watch it: to be read,
//  or as long as it is being connected to be written.  Returns false, having
//  closed it, if the system refuses.
bool
framed_open (framed_t *self, int fd, bool connecting);

//  Close the connection, if there is any, and forget what waits.
void
framed_close (framed_t *self);

//  Say the greeting.  It ends a watch for the connection to be made.
void
framed_greet (framed_t *self);

//  Say a frame.  If the connection is broken, framed_read will tell.
void
framed_say (framed_t *self, framed_kind_t kind, span_t body);

//  Return true if all that was said has left.
bool
framed_is_clear (const framed_t *self);

//  Send what waits, as far as the system takes it.
void
framed_flush (framed_t *self);

//  Read once.  To be called when framed_take finds nothing more.  Returns false
//  when the connection has ended.
bool
framed_read (framed_t *self) __attribute__ ((warn_unused_result));

//  Take the next frame of what was read.
framed_found_t
framed_take (framed_t *self, frame_t *frame)
    __attribute__ ((warn_unused_result));

//  Go on to end: send what waits, then say that this was all.  Returns true
//  once the other end has closed, and so has all.  To be called when ready.
bool
framed_leave (framed_t *self) __attribute__ ((warn_unused_result));

#endif
