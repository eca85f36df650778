/*  =========================================================================
    target - a server to be loaded or asked
    =========================================================================
*/

#include "load/target.h"

#include "base/span.h"

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


static void
s_set_address (target_t *self, const struct addrinfo *found)
{
    assert (found->ai_addrlen <= sizeof (self->address));
    memcpy (&self->address, found->ai_addr, found->ai_addrlen);
    self->address_size = found->ai_addrlen;
}


//  Choose the first address that lets us in, if there is a choice

static void
s_choose (target_t *self, const struct addrinfo *found)
{
    const struct addrinfo *at = found->ai_next ? found : NULL;
    for (; at; at = at->ai_next) {
        s_set_address (self, at);
        int fd = target_connect (self, 0);
        if (fd >= 0) {
            close (fd);
            return;
        }
    }
    s_set_address (self, found);
}


//  Find out the address; only an IPv6 address stands in brackets

static bool
s_look_up (target_t *self, const char *host, const char *port, bool bracketed)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
        .ai_family = bracketed ? AF_INET6 : AF_UNSPEC,
        .ai_flags = bracketed ? AI_NUMERICHOST : 0};
    struct addrinfo *found = NULL;
    int code = getaddrinfo (host, port, &hints, &found);
    if (code) {
        fprintf (
            stderr, "zherd-load: %s: %s\n", self->name, gai_strerror (code));
        return false;
    }
    s_choose (self, found);
    freeaddrinfo (found);
    return true;
}


//  Cut the text in two.  Returns the host, to be freed, or NULL if it is none.

static char *
s_split (const char *text, const char **port)
{
    const char *end =
        text [0] == '[' ? strstr (text, "]:") : strchr (text, ':');
    if (!end) {
        *port = text;
        return strdup ("127.0.0.1");
    }
    const char *host = text [0] == '[' ? text + 1 : text;
    *port = end + (text [0] == '[' ? 2 : 1);
    return host < end ? strndup (host, (size_t) (end - host)) : NULL;
}


bool
target_parse (target_t *self, const char *text)
{
    const char *port;
    char *host = s_split (text, &port);
    uint64_t number;
    int size = snprintf (self->name, sizeof (self->name), "%s%s",
        port == text ? "127.0.0.1:" : "", text);
    bool good = host && size > 0 && (size_t) size < sizeof (self->name) &&
                span_number (span_of (port), UINT16_MAX, &number) && number;
    if (!good)
        fprintf (stderr,
            "zherd-load: '%s' is no PORT, HOST:PORT or [IPv6 ADDRESS]:PORT\n",
            text);
    good = good && s_look_up (self, host, port, text [0] == '[');
    free (host);
    return good;
}
