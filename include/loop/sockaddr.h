/*  =========================================================================
    sockaddr - addresses as the system's calls have them
    =========================================================================
*/

#ifndef LOOP_SOCKADDR_H
#define LOOP_SOCKADDR_H

#include "base/address.h"

#include <sys/socket.h>

//  What accept, getpeername and the like fill in; of any family.
typedef union {
    struct sockaddr any;
    struct sockaddr_storage storage;
} sockaddr_t;

//  Read address and port; port may be NULL.  Returns false, leaving both alone,
//  if it is neither IPv4 nor IPv6.
bool
sockaddr_read (const struct sockaddr *self, address_t *address, uint16_t *port);

//  Write address and port, of IPv4 or IPv6, and return the size of that.
socklen_t
sockaddr_write (sockaddr_t *self, const address_t *address, uint16_t port);

#endif
