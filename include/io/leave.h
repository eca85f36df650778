/*  =========================================================================
    leave - how a server ends

    Nothing new is taken, the peers are told, and what waits is waited for, be
    it for Places, for clients to read, or for peers to take what only we know;
    but no longer than drain_ms.  Then whoever still waits is told that there is
    no answer, and all clients goodbye: nobody who was heard goes without a
    reply.
    =========================================================================
*/

#ifndef IO_LEAVE_H
#define IO_LEAVE_H

#include "io/pump.h"

//  Part of the daemon's structure; filled in before anything else.
typedef struct {
    pump_t *pump;       //  Borrowed
    int64_t drain_ms;   //  For what waits
    int64_t stop_ms;    //  When it began; 0 = not yet
    int64_t parted_ms;  //  When clients were told goodbye; 0 = not yet
} leave_t;

//  Begin to leave, if that has not begun.
void
leave_begin (leave_t *self);

//  Return true if it has begun.
bool
leave_has_begun (const leave_t *self);

//  Do what is due: to be called some times a second, each time before
//  pump_turn.
void
leave_tick (leave_t *self);

//  Return true when the process may end.
bool
leave_is_over (const leave_t *self);

#endif
