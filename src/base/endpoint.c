/*  =========================================================================
    endpoint - where a server is reached: a host and a TCP port
    =========================================================================
*/

#include "base/endpoint.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define LABEL_SIZE_MAX 63
#define DIGITS "0123456789"
#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

#define SHAPE                                                                  \
    "must be HOST:PORT, with an IPv4 address, an IPv6 address in brackets or " \
    "a name"


static bool
s_is_one_of (char byte, const char *bytes)
{
    return byte && strchr (bytes, byte);
}


//  Between two dots of a name

static bool
s_is_label (span_t text)
{
    if (text.size == 0 || text.size > LABEL_SIZE_MAX || text.data [0] == '-' ||
        text.data [text.size - 1] == '-')
        return false;
    for (size_t index = 0; index < text.size; index++)
        if (!s_is_one_of (text.data [index], DIGITS LETTERS "-_"))
            return false;
    return true;
}


static bool
s_is_number (span_t label)
{
    const char *hex = DIGITS "abcdefABCDEF";
    bool prefixed = label.size > 1 && label.data [0] == '0' &&
                    s_is_one_of (label.data [1], "xX");
    for (size_t index = prefixed ? 2 : 0; index < label.size; index++)
        if (!s_is_one_of (label.data [index], prefixed ? hex : DIGITS))
            return false;
    return true;
}


//  Resolvers take what ends in a number for an address, such as 1.2 for 1.0.0.2

static bool
s_is_name (span_t text)
{
    span_t rest = text, label = {NULL, 0};
    if (text.size > ENDPOINT_HOST_SIZE_MAX)
        return false;
    while (rest.size) {
        label = span_until (&rest, '.');
        if (!s_is_label (label))
            return false;
    }
    return !s_is_number (label);
}


static const char *
s_read_host (endpoint_t *self, span_t host, bool bracketed)
{
    bool any = host.size == 1 && host.data [0] == '*' && !bracketed;
    self->is_name = false;
    self->address = (address_t){0};
    if (any || (!bracketed && s_is_name (host))) {
        self->is_name = !any;
        memcpy (self->host, host.data, host.size);
        self->host [host.size] = 0;
        return NULL;
    }
    bool six = memchr (host.size ? host.data : "", ':', host.size);
    if (six != bracketed || !address_read (&self->address, host))
        return SHAPE;
    if (address_is_link_local (&self->address))
        return "is an address of one link alone, another machine's on each";
    address_print (&self->address, self->host);
    return NULL;
}


const char *
endpoint_read (endpoint_t *self, span_t text)
{
    span_t rest = text;
    bool bracketed = text.size && text.data [0] == '[';
    uint64_t port = 0;
    if (bracketed)
        span_until (&rest, '[');
    span_t host = span_until (&rest, bracketed ? ']' : ':');
    const char *wrong = s_read_host (self, host, bracketed);
    if (wrong)
        return wrong;
    if (bracketed && span_until (&rest, ':').size)
        return SHAPE;
    if (memchr (rest.size ? rest.data : "", ':', rest.size))
        return SHAPE;
    if (!span_number (rest, UINT16_MAX, &port) || port == 0)
        return "needs a port from 1 to 65535";
    self->port = (uint16_t) port;
    return NULL;
}


static const char *
s_print (const char *host, uint16_t port, char *text)
{
    bool six = strchr (host, ':');
    snprintf (text, ENDPOINT_TEXT_SIZE, "%s%s%s:%u", six ? "[" : "", host,
        six ? "]" : "", port);
    return text;
}


const char *
endpoint_print (const endpoint_t *self, char *text)
{
    return s_print (self->host, self->port, text);
}


const char *
endpoint_print_address (const address_t *address, uint16_t port, char *text)
{
    char host [ADDRESS_TEXT_SIZE];
    return s_print (address_print (address, host), port, text);
}


bool
endpoint_is_any (const endpoint_t *self)
{
    return !self->is_name && address_is_any (&self->address);
}


bool
endpoint_same_host (const endpoint_t *one, const endpoint_t *other)
{
    return one->is_name || other->is_name
               ? strcasecmp (one->host, other->host) == 0
               : address_equal (&one->address, &other->address);
}


//  :: takes IPv4, too

static bool
s_covers (const endpoint_t *all, const endpoint_t *other)
{
    return endpoint_is_any (all) &&
           (!address_is_v4 (&all->address) || other->is_name ||
               address_is_v4 (&other->address) || endpoint_is_any (other));
}


bool
endpoint_meets (const endpoint_t *one, const endpoint_t *other)
{
    return one->port == other->port &&
           (endpoint_same_host (one, other) || s_covers (one, other) ||
               s_covers (other, one));
}
