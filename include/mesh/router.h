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
    bool defers;                  //  As router_defer was last told
    bool holds;                   //  The system does so
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

//  The socket listens at this descriptor, libzmq's, which defers nobody yet.
void
router_listens (router_t *self, int fd);

//  Have the system hold back connections over which nothing came, or stop that:
//  TCP_DEFER_ACCEPT.  libzmq accepts such a connection when something comes,
//  when the other side closes it, or after half a minute.  About 1,024 are held
//  back, or net.core.somaxconn if that is less; more are let in.  A peer that
//  is plain, though we have keys, or the reverse, may not learn that from us
//  meanwhile.  To be called every tick: what cannot be done now is tried
//  again.  Returns true if silent connections are held back now: not if
//  net.ipv4.tcp_syncookies was 0 when we began, as a full queue then keeps
//  peers out; nor if it was 2, as the system then holds nobody back.
bool
router_defer (router_t *self, bool defers);

#endif
