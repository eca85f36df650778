/*  =========================================================================
    listen - a listening TCP socket
    =========================================================================
*/

#ifndef LOOP_LISTEN_H
#define LOOP_LISTEN_H

#include <stdint.h>

//  Return a non-blocking socket that listens at the IPv4 address, in numbers,
//  and port; the caller closes it.  A port whose last owner was killed can be
//  had at once.  The system buffers buffer_size bytes each way, or about twice
//  that, for each connection; 0 = as much as it likes.  Returns -1, errno set,
//  if it can't be had.
int
listen_at (const char *address, uint16_t port, int buffer_size);

#endif
