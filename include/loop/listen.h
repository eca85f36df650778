/*  =========================================================================
    listen - a listening TCP socket
    =========================================================================
*/

#ifndef LOOP_LISTEN_H
#define LOOP_LISTEN_H

#include "base/address.h"

//  Return a non-blocking socket that listens at the address and port; the
//  caller closes it.  At :: it is reached by IPv4, too, and by that alone where
//  the system has no IPv6.  A port whose last owner was killed can be had at
//  once.  The system buffers buffer_size bytes each way, or about twice that,
//  for each connection; 0 = as much as it likes.  Returns -1, errno set, if it
//  can't be had.
int
listen_at (const address_t *address, uint16_t port, int buffer_size);

#endif
