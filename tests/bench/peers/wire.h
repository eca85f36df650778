/*  =========================================================================
    wire - TCP connections on one epoll, for the peers in C

    What is said in a turn of the loop leaves at its end, in one write for each
    connection and in the order in which they were first spoken to.  Listens
    and calls at 127.0.0.1 only.  Whatever fails at the start ends the process.
    =========================================================================
*/

#ifndef BENCH_PEERS_WIRE_H
#define BENCH_PEERS_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct wire_t wire_t;

//  A connection.  The wire owns it.
typedef struct talk_t talk_t;

//  Take what has come from a connection, as far as it is whole, and return how
//  many bytes that is; the rest comes again with what follows it.  When the
//  other side has said all, the rest comes with an LF behind it.
typedef size_t (wire_take_fn) (
    void *context, talk_t *talk, const char *bytes, size_t size);

//  A connection is up, or down; then it is forgotten behind this call.
typedef void (wire_notice_fn) (void *context, talk_t *talk, bool is_up);

//  Make a wire with no connections.  notice may be NULL.  Never returns NULL;
//  it lives as long as the process.
wire_t *
wire_new (void *context, wire_take_fn *take, wire_notice_fn *notice);

//  Take connections at the port; kind is what to remember of them.
void
wire_listen (wire_t *self, uint16_t port, int kind);

//  Keep a connection to the port: call again, ten times a second, until
//  somebody answers, and whenever it is lost.
void
wire_call (wire_t *self, uint16_t port, int kind);

//  Serve what is ready, once something is, but wait so long at most.
void
wire_turn (wire_t *self, int timeout_ms);

//  Send these bytes at the end of the turn.
void
talk_say (talk_t *self, const char *bytes, size_t size);

int
talk_kind (const talk_t *self);

//  Return the port at the other side.
uint16_t
talk_port (const talk_t *self);

//  Return the port number, or end the process with a complaint.
uint16_t
wire_port (const char *text);

#endif
