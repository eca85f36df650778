/*  =========================================================================
    router - the socket that peers connect to

    A ROUTER, which only hears.  Whoever connects is answered by the zap.
    =========================================================================
*/

#ifndef MESH_ROUTER_H
#define MESH_ROUTER_H

#include "base/endpoint.h"
#include "keys/keys.h"

#include <czmq.h>

//  Part of the owner's structure.
typedef struct {
    zsock_t *socket;              //
    endpoint_t listen;            //  Where it is to be bound
    char own [KEYS_STRING_SIZE];  //  Our public key that it has, "" = none
    bool bound;                   //  It is
} router_t;

//  Make the socket, not bound yet.
void
router_open (router_t *self, const endpoint_t *listen, size_t message_size_max);

//  Close the socket, if there is any.
void
router_close (router_t *self);

//  Bind the socket with these keys, NULL = none, if it is not bound with the
//  same.  With others than before all connections to it end.  Returns false,
//  errno set, if it is not bound: the old port may not be free at once, so try
//  again.
bool
router_bind (router_t *self, const keys_t *keys);

#endif
