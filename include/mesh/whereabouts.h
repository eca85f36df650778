/*  =========================================================================
    whereabouts - the addresses at which peers are

    A peer is at an address, or at those that its name has.  A name is resolved
    at the start, and again when asked for.  While it cannot be, the peer is
    where it was.
    =========================================================================
*/

#ifndef MESH_WHEREABOUTS_H
#define MESH_WHEREABOUTS_H

#include "base/endpoint.h"
#include "core/event.h"
#include "loop/poller.h"

typedef struct whereabouts_t whereabouts_t;

//  Peers are less.
#define WHEREABOUTS_PEERS_MAX 64

//  What is called when a peer's addresses are others now.
typedef void (whereabouts_fn) (void *context, unsigned peer);

typedef struct {
    whereabouts_fn *moved;  //  Called with context
    event_fn *emit;         //  The same: NOTICE_PEER_NAME, before moved
    void *context;          //
} whereabouts_options_t;

//  Know of no peer yet.  Borrows the poller.  Returns NULL, errno set, when the
//  system has no descriptor.
whereabouts_t *
whereabouts_new (poller_t *poller, const whereabouts_options_t *options);

//  Free it and set *self_p to NULL.  Waits for no answer.
void
whereabouts_destroy (whereabouts_t **self_p);

//  Know that the peer, less than WHEREABOUTS_PEERS_MAX, is found there, and
//  begin to resolve it if it is a name.  Calls nothing itself.
void
whereabouts_put (
    whereabouts_t *self, unsigned peer, const endpoint_t *endpoint);

//  Forget the peer, if it is known.
void
whereabouts_drop (whereabouts_t *self, unsigned peer);

//  Return the peer's addresses, in the order to try them, and how many there
//  are: none if its name was never resolved, or it is not known.  Good until
//  the next turn.
const address_t *
whereabouts_of (const whereabouts_t *self, unsigned peer, size_t *count);

//  Resolve the peer's name anew, if it is known, and has one that is not being
//  resolved, nor was a few seconds ago.
void
whereabouts_ask (whereabouts_t *self, unsigned peer);

#endif
