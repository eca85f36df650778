/*  =========================================================================
    intake - what has come over a TCP connection, and from whom

    Of descriptors that another library owns, reads, and may have closed.
    =========================================================================
*/

#ifndef MESH_INTAKE_H
#define MESH_INTAKE_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

//  Return the bytes that have come and were read; 0 if the descriptor is no
//  connection's.
uint64_t
intake_of (int fd);

//  Find who is at the other end, an IPv4 address and port.  Returns false if
//  the descriptor is no connection's.
bool
intake_from (int fd, struct sockaddr_in *from);

#endif
