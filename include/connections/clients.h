/*  =========================================================================
    clients - those who talk to us over TCP

    A listening socket and a connection for every client, all in the watch.
    Emits EVENT_CLIENT_*, and EVENT_CLIENTS_FULL or EVENT_ADDRESS_FULL for those
    that are told that there are too many; takes replies.  What a client can
    make us hold is limited: one line, a bounded output, its share of what may
    wait for all, one connection's share of a turn.
    =========================================================================
*/

#ifndef CONNECTIONS_CLIENTS_H
#define CONNECTIONS_CLIENTS_H

#include "connections/share.h"
#include "core/event.h"
#include "loop/watch.h"

typedef struct clients_t clients_t;

typedef struct {
    const char *address;           //  IPv4 in numbers
    uint16_t port;                 //  To listen at
    size_t line_size_max;          //  Bytes in a line, its end not counted
    size_t output_size_max;        //  Unread replies before we stop reading
    int64_t output_stall_seconds;  //  Then one that reads nothing is cut
    int64_t idle_seconds;          //  One that is silent is closed; 0 = never
    size_t clients_max;            //  Connections at once; fewer if the system
                                   //  does not give so many descriptors
    size_t descriptors_kept;       //  That clients can't use up, or half of all
    size_t connections_per_address;  //  Of these; 0 = no limit
    size_t waiting_size_max;         //  Bytes that wait for all together; as
                                     //  connections/share divides them
    share_kept_fn *kept;  //  What the core keeps of these; NULL = nothing
} clients_options_t;

typedef struct {
    size_t waiting_size;  //  Bytes that wait for all
    uint64_t pauses;      //  Times that one was not read since it had too many
} clients_counts_t;

//  Listen.  Borrows the watch; events go to emit, and kept is called, with
//  context.  Returns NULL, errno set, if the address can't be had.
clients_t *
clients_new (watch_t *watch, const clients_options_t *options, event_fn *emit,
    void *context);

//  Close all connections, stop listening and set *self_p to NULL.  Emits
//  nothing.
void
clients_destroy (clients_t **self_p);

//  Put the text into the client's output.  Nothing happens if it is gone.
void
clients_reply (clients_t *self, uint64_t number, span_t text);

//  Emit no more lines of the client, or emit them again.
void
clients_hold (clients_t *self, uint64_t number, bool held);

//  Close the client once its output is delivered.  EVENT_CLIENT_CLOSED comes
//  then.
void
clients_close (clients_t *self, uint64_t number);

//  Send what is in the outputs, as far as sockets take it, and free what was
//  closed, which may emit EVENT_CLIENT_CLOSED: to be called at the end of a
//  turn, never inside an event.
void
clients_flush (clients_t *self);

//  To be called about once a second, before a flush: finds those who are over
//  a time limit, and accepts again if that had to pause.
void
clients_tick (clients_t *self);

//  Accept no more clients, and read no more from those there are.
void
clients_stop (clients_t *self);

//  Close all clients, each once its output is delivered.
void
clients_part (clients_t *self);

//  Return true if there is output not sent yet.
bool
clients_has_output (const clients_t *self);

//  Return the counters.
clients_counts_t
clients_counts (const clients_t *self);

//  Return the number of connections.
size_t
clients_count (const clients_t *self);

#endif
