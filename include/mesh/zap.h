/*  =========================================================================
    zap - who may connect to our ROUTER

    libzmq asks at every handshake whether it may go on (ZAP, RFC 27).  The
    zap answers in the loop, by a list of addresses: whoever comes from another
    is refused before anything it says can become a message.  A handshake waits
    for the answer and nothing else does.

    An address is no proof of who comes: where servers share a machine, all its
    users have their addresses.
    =========================================================================
*/

#ifndef MESH_ZAP_H
#define MESH_ZAP_H

#include "base/address.h"
#include "loop/poller.h"

//  A ROUTER with this ZAP domain has the zap asked.
#define ZAP_DOMAIN "zherd"

//  So many handshakes are answered in a turn at most.
#define ZAP_ANSWERS_MAX 64

typedef struct zap_t zap_t;

//  Make a zap that admits nobody yet.  It must be there before the ROUTER is
//  bound, and after it is closed.  Borrows the poller.  Returns NULL, errno
//  set, if the process has a zap already: libzmq has one for all sockets.
zap_t *
zap_new (poller_t *poller);

//  Free the zap and set *self_p to NULL.
void
zap_destroy (zap_t **self_p);

//  Admit these addresses, which are copied, and no others from now on.
//  Connections that are made already stay.
void
zap_admit (zap_t *self, const address_t *addresses, size_t count);

//  Return true if the address is one of those.
bool
zap_admits (const zap_t *self, const address_t *address);

//  Return true if a handshake may be waiting for an answer.
bool
zap_is_asked (const zap_t *self);

//  Answer a turn's share of those that wait: to be called at the end of a turn,
//  if zap_is_asked, and in another one if it still is.
void
zap_answer (zap_t *self);

#endif
