/*  =========================================================================
    zap - who may connect to our ROUTER

    libzmq asks at every handshake whether it may go on (ZAP, RFC 27).  The
    zap answers in the loop, first by a list of addresses, then, where links
    have keys, by these: whoever comes from another address, or with a key that
    is no peer's, is refused before anything it says can become a message.  A
    handshake waits for the answer and nothing else does.

    An address is no proof of who comes: where servers share a machine, all its
    users have their addresses.  A key is.
    =========================================================================
*/

#ifndef MESH_ZAP_H
#define MESH_ZAP_H

#include "core/event.h"
#include "keys/keys.h"
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

//  Have the zap asked about connections to a ROUTER that is not bound yet, and
//  nobody let in if it does not answer.
void
zap_guard (zsock_t *router);

//  Admit these addresses, which are copied, and no others from now on.
//  Connections that are made already stay.
void
zap_admit (zap_t *self, const address_t *addresses, size_t count);

//  Admit those alone from now on who have a peer's key, too, which must be so
//  as long as self, or until the next.  NULL, as at first = whoever has the
//  address.
void
zap_demand (zap_t *self, const keys_t *keys);

//  Return true if the address is one of those.
bool
zap_admits (const zap_t *self, const address_t *address);

//  Return true if a handshake may be waiting for an answer.
bool
zap_is_asked (const zap_t *self);

//  Answer a turn's share of those that wait: to be called at the end of a turn,
//  if zap_is_asked, and in another one if it still is.  Emits, with context, an
//  EVENT_CALLER_UNKNOWN for each who has a peer's address and nobody's key.
void
zap_answer (zap_t *self, event_fn *emit, void *context);

#endif
