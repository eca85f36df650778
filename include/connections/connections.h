/*  =========================================================================
    connections - those of clients who talk to us over TCP

    A listening socket, and all connections, in the poller.  Emits
    EVENT_CONNECTION_*, and EVENT_CONNECTIONS_FULL or EVENT_ADDRESS_FULL for
    those that are told that there are too many; takes replies.  What a
    connection can make us hold is limited: one line, a bounded output, its
    share of what may wait for all and of a turn.
    =========================================================================
*/

#ifndef CONNECTIONS_CONNECTIONS_H
#define CONNECTIONS_CONNECTIONS_H

#include "connections/connection_counts.h"
#include "connections/share.h"
#include "core/event.h"
#include "loop/poller.h"

typedef struct connections_t connections_t;

typedef struct {
    address_t address;             //  Where to listen; :: = at all
    uint16_t port;                 //  To listen at; 0 = nobody is to come
    size_t line_size_max;          //  Bytes in a line, its end not counted
    size_t output_size_max;        //  Unread replies before we stop reading
    int64_t output_stall_seconds;  //  Then one that reads nothing is cut
    int64_t idle_seconds;          //  One that is silent is closed; 0 = never
    size_t connections_max;        //  Connections at once; fewer if the system
                                   //  does not give so many descriptors
    size_t descriptors_kept;  //  That connections can't use up, or half of all
    size_t connections_per_address;  //  Of these; 0 = no limit
    size_t waiting_size_max;         //  Bytes that wait for all together; as
                                     //  connections/share divides them
    share_kept_fn *kept;  //  What the core keeps of these; NULL = nothing
} connections_options_t;

//  Listen.  Borrows the poller; events go to emit, and kept is called, with
//  context.  Returns NULL, errno set, if the address can't be had.
connections_t *
connections_new (poller_t *poller, const connections_options_t *options,
    event_fn *emit, void *context);

//  Let the options be so from now on, but for address, port and kept.  Those
//  who are connected stay, however many they are.
void
connections_change (connections_t *self, const connections_options_t *options);

//  Close all connections, stop listening and set *self_p to NULL.  Emits
//  nothing.
void
connections_destroy (connections_t **self_p);

//  Put the text into the connection's output.  Nothing happens if it is gone.
void
connections_reply (connections_t *self, uint64_t number, span_t text);

//  Emit no more lines of the connection, or emit them again.
void
connections_hold (connections_t *self, uint64_t number, bool held);

//  Close the connection once its output is delivered.  EVENT_CONNECTION_CLOSED
//  comes then.
void
connections_close (connections_t *self, uint64_t number);

//  Send what is in the outputs, as far as sockets take it, and free what was
//  closed, which may emit EVENT_CONNECTION_CLOSED: to be called at the end of a
//  turn, never inside an event.
void
connections_flush (connections_t *self);

//  To be called about once a second, before a flush: finds those who are over
//  a time limit, and accepts again if that had to pause.
void
connections_tick (connections_t *self);

//  Accept no more connections, and read no more from those there are.
void
connections_stop (connections_t *self);

//  Close all connections, each once its output is delivered.
void
connections_part (connections_t *self);

//  Return true if there is output not sent yet.
bool
connections_has_output (const connections_t *self);

//  Return the counters.
connection_counts_t
connections_counts (const connections_t *self);

//  Return the number of connections.
size_t
connections_count (const connections_t *self);

#endif
