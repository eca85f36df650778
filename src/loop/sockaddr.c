/*  =========================================================================
    sockaddr - addresses as the system's calls have them
    =========================================================================
*/

#include "loop/sockaddr.h"

#include <netinet/in.h>
#include <string.h>


bool
sockaddr_read (const struct sockaddr *self, address_t *address, uint16_t *port)
{
    uint16_t number;
    if (self->sa_family == AF_INET) {
        struct sockaddr_in four;
        memcpy (&four, self, sizeof (four));
        *address = address_of_v4 (ntohl (four.sin_addr.s_addr));
        number = four.sin_port;
    }
    else if (self->sa_family == AF_INET6) {
        struct sockaddr_in6 six;
        memcpy (&six, self, sizeof (six));
        memcpy (address->bytes, &six.sin6_addr, sizeof (address->bytes));
        number = six.sin6_port;
    }
    else
        return false;
    if (port)
        *port = ntohs (number);
    return true;
}


socklen_t
sockaddr_write (sockaddr_t *self, const address_t *address, uint16_t port)
{
    struct sockaddr_in four = {.sin_family = AF_INET, .sin_port = htons (port)};
    struct sockaddr_in6 six = {
        .sin6_family = AF_INET6, .sin6_port = htons (port)};
    const size_t last = sizeof (address->bytes) - sizeof (four.sin_addr);
    *self = (sockaddr_t){0};
    if (address_is_v4 (address)) {
        memcpy (&four.sin_addr, address->bytes + last, sizeof (four.sin_addr));
        memcpy (self, &four, sizeof (four));
        return sizeof (four);
    }
    memcpy (&six.sin6_addr, address->bytes, sizeof (address->bytes));
    memcpy (self, &six, sizeof (six));
    return sizeof (six);
}
