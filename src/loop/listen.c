/*  =========================================================================
    listen - a listening TCP socket
    =========================================================================
*/

#include "loop/listen.h"

#include "loop/sockaddr.h"

#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#define BACKLOG 4096


//  Connections inherit it.  Set before listen, as window scaling depends on it

static void
s_bound (int fd, int buffer_size)
{
    (void) setsockopt (
        fd, SOL_SOCKET, SO_SNDBUF, &buffer_size, sizeof (buffer_size));
    (void) setsockopt (
        fd, SOL_SOCKET, SO_RCVBUF, &buffer_size, sizeof (buffer_size));
}


//  Both kinds of addresses at one socket, which a system's setting may forbid

static int
s_socket (const address_t *address)
{
    int off = 0;
    bool four = address_is_v4 (address);
    int fd = socket (four ? AF_INET : AF_INET6,
        SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd >= 0 && !four && address_is_any (address))
        (void) setsockopt (fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof (off));
    return fd;
}


int
listen_at (const address_t *address, uint16_t port, int buffer_size)
{
    sockaddr_t at;
    address_t any = address_of_v4 (INADDR_ANY);
    int fd = s_socket (address);
    if (fd < 0 && errno == EAFNOSUPPORT && address_is_any (address)) {
        address = &any;
        fd = s_socket (address);
    }
    if (fd < 0)
        return -1;
    int on = 1;
    (void) setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof (on));
    if (buffer_size)
        s_bound (fd, buffer_size);
    socklen_t size = sockaddr_write (&at, address, port);
    if (bind (fd, &at.any, size) == -1 || listen (fd, BACKLOG) == -1) {
        int error = errno;
        close (fd);
        errno = error;
        return -1;
    }
    return fd;
}
