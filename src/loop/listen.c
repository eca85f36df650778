/*  =========================================================================
    listen - a listening TCP socket
    =========================================================================
*/

#include "loop/listen.h"

#include <arpa/inet.h>
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


int
listen_at (const char *address, uint16_t port, int buffer_size)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons (port)};
    if (inet_pton (AF_INET, address, &at.sin_addr) != 1) {
        errno = EINVAL;
        return -1;
    }
    int fd = socket (AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    int on = 1;
    (void) setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof (on));
    if (buffer_size)
        s_bound (fd, buffer_size);
    if (bind (fd, (struct sockaddr *) &at, sizeof (at)) == -1 ||
        listen (fd, BACKLOG) == -1) {
        int error = errno;
        close (fd);
        errno = error;
        return -1;
    }
    return fd;
}
