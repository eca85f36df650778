/*  =========================================================================
    intake - what has come over a TCP connection, and from whom
    =========================================================================
*/

#include "mesh/intake.h"

#include "loop/sockaddr.h"

//  The C library's netinet/tcp.h does not know all that the kernel tells
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/socket.h>


uint64_t
intake_of (int fd, uint64_t enough)
{
    struct tcp_info info;
    socklen_t size = sizeof (info);
    int unread = 0;
    if (getsockopt (fd, IPPROTO_TCP, TCP_INFO, &info, &size) == -1 ||
        size < offsetof (struct tcp_info, tcpi_segs_out))
        return 0;
    uint64_t come = (uint64_t) info.tcpi_bytes_received;
    if (come <= enough)
        return come;
    //  What comes between both calls makes it too small, until the next time
    if (ioctl (fd, FIONREAD, &unread) == -1)
        return 0;
    return come > (uint64_t) unread ? come - (uint64_t) unread : 0;
}


bool
intake_from (int fd, address_t *address, uint16_t *port)
{
    sockaddr_t from;
    socklen_t size = sizeof (from);
    return getpeername (fd, &from.any, &size) == 0 &&
           sockaddr_read (&from.any, address, port);
}


bool
intake_is_at (int fd, uint16_t port)
{
    sockaddr_t here;
    address_t address;
    uint16_t its_port;
    socklen_t size = sizeof (here);
    return getsockname (fd, &here.any, &size) == 0 &&
           sockaddr_read (&here.any, &address, &its_port) && its_port == port;
}


bool
intake_is_from (int fd, const address_t *address, uint16_t port)
{
    address_t there;
    uint16_t its_port;
    return intake_from (fd, &there, &its_port) && its_port == port &&
           address_equal (&there, address);
}
