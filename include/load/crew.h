/*  =========================================================================
    crew - the client connections of a load
    =========================================================================
*/

#ifndef LOAD_CREW_H
#define LOAD_CREW_H

#include "load/channel.h"
#include "load/options.h"
#include "load/pace.h"
#include "load/walk.h"

//  One connection.
typedef struct {
    channel_t channel;
    const target_t *target;  //  Borrowed from the options
    walk_t walk;             //  Whose locations it tells
    turns_t turns;           //  Requests that it owes
    bool blocked;            //  Waits until it can send, too
    bool resting;            //  Failed, and is to be connected anew
} caller_t;

typedef struct {
    caller_t *callers;
    uint32_t count;
    uint32_t opened;  //  Callers that were connected by crew_new: the first
    int epoll;        //  All of them; an event's data.ptr is the caller
} crew_t;

//  Connect the options' connections to their targets, in turns, with room for
//  so many requests on each.  Borrows the options for its whole life.  If one
//  fails, says why, and returns NULL; unless all are to be idle: then it
//  returns those that were connected before, if any.
crew_t *
crew_new (const options_t *options, uint32_t depth);

//  Close all connections, free everything and set *self_p to NULL.
void
crew_destroy (crew_t **self_p);

//  Put a new connection in place of the caller's; source is as target_begin
//  has it.  Returns -1, errno set, if that failed.
int
crew_reconnect (crew_t *self, caller_t *caller, uint64_t source)
    __attribute__ ((warn_unused_result));

//  Send what the caller has to send, or as much as can be sent now.  Returns
//  -1, errno set, if the connection failed.
int
crew_send (crew_t *self, caller_t *caller) __attribute__ ((warn_unused_result));

//  Tell all servers that nothing more is to come, and wait until they close
//  too, two seconds at most.  Returns how many lines still came: the last
//  surplus replies.
uint64_t
crew_part (crew_t *self);

#endif
