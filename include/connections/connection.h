/*  =========================================================================
    connection - one TCP connection of a client

    Bytes in become EVENT_CONNECTION_LINE, replies gather in an output that is
    sent once a turn.  A part of connections/connections, which keeps the set of
    them.
    =========================================================================
*/

#ifndef CONNECTIONS_CONNECTION_H
#define CONNECTIONS_CONNECTION_H

#include "connections/connection_counts.h"
#include "connections/share.h"
#include "core/event.h"
#include "loop/poller.h"

//  Bytes read from one connection a turn, so that nobody starves.
#define CONNECTION_READ_SIZE 65536

//  What a connection is about.  Each state goes to these alone:
//
//      state      reads           goes to
//      OPEN       lines           SILENT when the client sends no more, DEAF
//                                 after a line too long, CLOSING when told so
//      DEAF       nothing         CLOSING when told so
//      CLOSING    nothing         LINGERING when its output is out
//      LINGERING  to forget it    DEAD when the client closes, or after 2 s
//      SILENT     nothing         PARTING when told so
//      PARTING    nothing         DEAD when its output is out
//      DEAD       nothing         and is freed at the end of the turn
//
//  Any goes to DEAD when the socket fails or a time limit is over.  A client
//  that still sends would lose our last reply to a reset: so CLOSING lingers,
//  and PARTING need not.
typedef enum {
    CONNECTION_OPEN,
    CONNECTION_DEAF,
    CONNECTION_CLOSING,
    CONNECTION_LINGERING,
    CONNECTION_SILENT,
    CONNECTION_PARTING,
    CONNECTION_DEAD
} connection_state_t;

typedef struct connection_t connection_t;

//  What all connections share.
typedef struct {
    poller_t *poller;        //  Borrowed
    event_fn *emit;          //  Takes the events,
    void *context;           //  with this
    size_t line_size_max;    //  Bytes in a line, its end not counted
    size_t output_size_max;  //  Unread replies before we stop reading
    share_t share;           //  Who has more waiting than it may is not read
    connection_counts_t counts;  //  What connections counted
    bool stopped;                //  Nothing more is to be read
    size_t outputs;              //  Connections with output not sent
    connection_t *dirty;         //  Those to be flushed
    int64_t flush_ns;  //  When this turn began to flush; 0 = it has not
    char bytes [CONNECTION_READ_SIZE];  //  What is being read
} connection_host_t;

//  Make a connection of the socket, which is taken over and comes from this
//  address.  Returns NULL, errno set and the socket left alone, if it
//  can't be watched.
connection_t *
connection_new (
    connection_host_t *host, int fd, uint64_t number, const address_t *address);

//  Emit EVENT_CONNECTION_OPENED; from is the connection's address, for the log.
void
connection_open (connection_t *self, span_t from);

//  Close and free the connection and set *self_p to NULL.  Emits nothing.  Not
//  to be called for one that may be in host->dirty, unless all are destroyed.
void
connection_destroy (connection_t **self_p);

//  Return where its number is: a key as long as the connection lives.
const uint64_t *
connection_number (const connection_t *self);

//  Return where it comes from.
const address_t *
connection_address (const connection_t *self);

//  Return false if it was closed and is only to be flushed and destroyed.
bool
connection_is_open (const connection_t *self);

//  Put a copy of the text into the output.
void
connection_reply (connection_t *self, span_t text);

//  Emit no more lines, or emit them again.
void
connection_hold (connection_t *self, bool held);

//  Close it once the output is delivered.
void
connection_close (connection_t *self);

//  Mark it to be cut by the next flush if it took nothing of its output for
//  stall_seconds, or sent nothing for idle_seconds (0 = for ever); or to be
//  read again, if others leave it more.
void
connection_check (connection_t *self, int64_t now_ms, int64_t stall_seconds,
    int64_t idle_seconds);

//  Send the outputs, as far as sockets take them, of those that changed. Emits
//  EVENT_CONNECTION_CLOSED for those that were closed, and returns the next of
//  them, which the caller destroys, or NULL when all is done.
connection_t *
connection_flush (connection_host_t *host);

#endif
