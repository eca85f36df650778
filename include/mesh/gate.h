/*  =========================================================================
    gate - who may connect to our ROUTER

    libzmq asks at every handshake whether it may go on (ZAP, RFC 27).  The
    gate answers in the loop, by a list of addresses: whoever comes from another
    is refused before anything it says can become a message.  A handshake waits
    for the answer and nothing else does.

    An address is no proof of who comes: where servers share a machine, all its
    users have their addresses.
    =========================================================================
*/

#ifndef MESH_GATE_H
#define MESH_GATE_H

#include "loop/watch.h"

//  A ROUTER with this ZAP domain has the gate asked.
#define GATE_DOMAIN "zherd"

//  So many handshakes are answered in a turn at most.
#define GATE_ANSWERS_MAX 64

typedef struct gate_t gate_t;

//  Make a gate that admits nobody yet.  It must be there before the ROUTER is
//  bound, and after it is closed.  Borrows the watch.  Returns NULL, errno set,
//  if the process has a gate already: libzmq has one for all sockets.
gate_t *
gate_new (watch_t *watch);

//  Free the gate and set *self_p to NULL.
void
gate_destroy (gate_t **self_p);

//  Admit these addresses, IPv4 in numbers, which are copied, and no others from
//  now on.  Connections that are made already stay.
void
gate_admit (gate_t *self, const char *const *addresses, size_t count);

//  Return true if the address is one of those.
bool
gate_admits (const gate_t *self, const char *address);

//  Return true if a handshake may be waiting for an answer.
bool
gate_is_asked (const gate_t *self);

//  Answer a turn's share of those that wait: to be called at the end of a turn,
//  if gate_is_asked, and in another one if it still is.
void
gate_answer (gate_t *self);

#endif
