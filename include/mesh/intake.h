/*  =========================================================================
    intake - what has come over a TCP connection, and from whom

    Of descriptors that another library owns, reads, and may have closed.
    =========================================================================
*/

#ifndef MESH_INTAKE_H
#define MESH_INTAKE_H

#include "base/address.h"

//  Return how many of the bytes that came were read; 0 if the descriptor is no
//  connection's.  If at most enough have come, return all of them, read or not:
//  that takes one system call instead of two.
uint64_t
intake_of (int fd, uint64_t enough);

//  Find who is at the other end.  Returns false if the descriptor is no
//  connection's.
bool
intake_from (int fd, address_t *address, uint16_t *port);

//  Return true if the descriptor is a socket's, connected or listening, and its
//  end here is this port.
bool
intake_is_at (int fd, uint16_t port);

//  Return true if who is at the other end is at this address and port.
bool
intake_is_from (int fd, const address_t *address, uint16_t port);

#endif
