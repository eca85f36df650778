/*  =========================================================================
    target - a server to be loaded or asked
    =========================================================================
*/

#include "load/target.h"

#include "core/span.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CONNECT_SECONDS 10
#define SOURCES 250


//  Find out the address

static bool
s_look_up (target_t *self, const char *host, const char *port)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found = NULL;
    int code = getaddrinfo (host, port, &hints, &found);
    if (code) {
        fprintf (
            stderr, "zherd-load: %s: %s\n", self->name, gai_strerror (code));
        return false;
    }
    memcpy (&self->address, found->ai_addr, found->ai_addrlen);
    self->address_size = found->ai_addrlen;
    freeaddrinfo (found);
    return true;
}


bool
target_parse (target_t *self, const char *text)
{
    const char *colon = strrchr (text, ':');
    const char *port = colon ? colon + 1 : text;
    char *host =
        colon ? strndup (text, (size_t) (colon - text)) : strdup ("127.0.0.1");
    assert (host);
    uint64_t number;
    int size = snprintf (self->name, sizeof (self->name), "%s:%s", host, port);
    bool good = size > 0 && (size_t) size < sizeof (self->name) &&
                span_number (span_of (port), UINT16_MAX, &number) && number;
    if (!good)
        fprintf (stderr, "zherd-load: '%s' is no [HOST:]PORT\n", text);
    good = good && s_look_up (self, host, port);
    free (host);
    return good;
}


//  Make a socket of the target's kind that sends what it is given at once

static int
s_socket (const target_t *self, int flags)
{
    int fd =
        socket (self->address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | flags, 0);
    int on = 1;
    if (fd >= 0)
        (void) setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof (on));
    return fd;
}


//  Close the socket and keep what went wrong

static int
s_give_up (int fd)
{
    int reason = errno;
    close (fd);
    errno = reason;
    return -1;
}


//  Leave from one of loopback's addresses, if that is where we go

static int
s_bind (const target_t *self, int fd, uint64_t source)
{
    struct sockaddr_in from;
    memcpy (&from, &self->address, sizeof (from));
    uint32_t host = ntohl (from.sin_addr.s_addr);
    if (from.sin_family != AF_INET || host >> 24 != IN_LOOPBACKNET)
        return 0;
    int on = 1;
    host = INADDR_LOOPBACK + (uint32_t) (source % SOURCES);
    from.sin_addr.s_addr = htonl (host);
    from.sin_port = 0;
    (void) setsockopt (
        fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof (on));
    return bind (fd, (struct sockaddr *) &from, sizeof (from));
}


static int
s_connect (const target_t *self, int fd, uint64_t source)
{
    if (s_bind (self, fd, source))
        return -1;
    return connect (
        fd, (const struct sockaddr *) &self->address, self->address_size);
}


int
target_connect (const target_t *self, uint64_t source)
{
    struct timeval limit = {.tv_sec = CONNECT_SECONDS};
    int fd = s_socket (self, 0);
    if (fd < 0)
        return -1;
    (void) setsockopt (fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof (limit));
    if (s_connect (self, fd, source)) {
        if (errno == EINPROGRESS)
            errno = ETIMEDOUT;
        return s_give_up (fd);
    }
    return fd;
}


int
target_begin (const target_t *self, uint64_t source)
{
    int fd = s_socket (self, SOCK_NONBLOCK);
    if (fd < 0)
        return -1;
    if (s_connect (self, fd, source) && errno != EINPROGRESS)
        return s_give_up (fd);
    return fd;
}
