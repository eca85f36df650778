/*  =========================================================================
    listen - a listening TCP socket
    =========================================================================
*/

#ifndef IO_LISTEN_H
#define IO_LISTEN_H

#include <stdint.h>

//  Return a non-blocking socket that listens at the IPv4 address, in numbers,
//  and port; the caller closes it.  A port whose last owner was killed can be
//  had at once.  Returns -1, errno set, if it can't be had.
int
listen_at (const char *address, uint16_t port);

#endif
