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
    int fd;                       //  At which libzmq listens; -1 = not known
    bool defers;                  //  It was told to
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

//  The socket listens at this descriptor, libzmq's, and defers nobody.
void
router_listens (router_t *self, int fd);

//  From now on let the system hold back connections over which nothing came, up
//  to a thousand of them and for half a minute each: neither libzmq nor we hear
//  of them until then, or until they end.  Or do so no more.  If a peer of ours
//  is plain and we have keys, or the reverse, it does not learn that from us
//  meanwhile.  Nothing changes where the system would keep peers out for them:
//  where net.ipv4.tcp_syncookies is 0.
void
router_defer (router_t *self, bool defers);

#endif
