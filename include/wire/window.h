/*  =========================================================================
    window - how much may be on its way to a peer

    A slow line takes megabytes into its buffers, and everything behind them
    waits: heartbeats, too.  So no more is sent than the line takes in about a
    second.  Every message tells how many bytes went before it, and how many of
    the other's have arrived; a mark put on some byte is timed until that says
    it arrived.  The window grows twofold while marks are quick and it is the
    limit, and shrinks when they are late.

    Section 4.5 of docs/protocol.md.
    =========================================================================
*/

#ifndef WIRE_WINDOW_H
#define WIRE_WINDOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

//  Bytes that may be on their way: when a link comes up, at least, at most.
#define WINDOW_START 32768
#define WINDOW_LEAST 4096
#define WINDOW_MOST 8388608

//  Marks that take so much longer than the quickest make it shrink; less than
//  half of that lets it grow.
#define WINDOW_LATE_MS 1000

//  What arrived is acknowledged after so many bytes, or so much time.
#define WINDOW_ACK_SIZE 65536
#define WINDOW_ACK_MS 50

//  Part of the link's structure.  Counts of bytes belong to a pair of
//  processes.
typedef struct {
    size_t size;       //  Bytes that may be on their way
    uint64_t sent;     //  Bytes sent to the peer
    uint64_t taken;    //  Of these, those it says it has
    uint64_t mark;     //  The byte that is timed; 0 = none
    int64_t mark_ms;   //  When it was sent
    int64_t least_ms;  //  The quickest mark since the link is up
    bool limited;      //  Since the mark, more would have been sent
    uint64_t heard;    //  Bytes of the peer's that arrived
    uint64_t told;     //  Of these, those it knows of
    int64_t due_ms;    //  When it is to be told of the rest
} window_t;

//  Make *self that between two processes that never spoke.
void
window_init (window_t *self);

//  The peer is another process than before, and counts its bytes from 0.
//  Ours are counted on: should we have spoken to it before, it knows of them.
void
window_renew (window_t *self);

//  The link is up: nothing is on its way, and nothing is known of the line.
void
window_open (window_t *self);

//  So many bytes are sent.
void
window_send (window_t *self, size_t size, int64_t clock_ms);

//  The peer says that so many bytes arrived.  More than were sent is not
//  believed.
void
window_acknowledge (window_t *self, uint64_t taken, int64_t clock_ms);

//  Return how many bytes of a body may be sent now: 0, or enough to be worth a
//  message.
size_t
window_room (const window_t *self);

//  The window is full, and more would be sent: what is timed now is all of it.
void
window_limit (window_t *self, int64_t clock_ms);

//  A message of so many bytes arrived, sent behind so many others.
void
window_hear (window_t *self, uint64_t before, size_t size);

//  What arrived is to be acknowledged: at once if it is urgent, or much.
void
window_owe (window_t *self, bool urgent, int64_t clock_ms);

//  Return true if an acknowledgement is due.
bool
window_is_due (const window_t *self, int64_t clock_ms);

//  Return what is to be told as arrived, and note that it is told.
uint64_t
window_tell (window_t *self);

#endif
