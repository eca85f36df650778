/*  =========================================================================
    address - an Internet address
    =========================================================================
*/

#include "base/address.h"

#include "base/digits.h"

#include <arpa/inet.h>
#include <assert.h>
#include <string.h>

//  Of an IPv6 address, what stands before an IPv4 address
#define PREFIX_SIZE 12
#define V4_SIZE 4

//  Of an IPv6 address, what names a network
#define HALF 8

static const unsigned char s_prefix [PREFIX_SIZE] = {
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};


bool
address_read (address_t *self, span_t text)
{
    char copy [ADDRESS_TEXT_SIZE];
    address_t address;
    if (text.size >= sizeof (copy) || text.size == 0 ||
        memchr (text.data, 0, text.size))
        return false;
    memcpy (copy, text.data, text.size);
    copy [text.size] = 0;
    if (inet_pton (AF_INET, copy, address.bytes + PREFIX_SIZE) == 1)
        memcpy (address.bytes, s_prefix, PREFIX_SIZE);
    else if (inet_pton (AF_INET6, copy, address.bytes) != 1)
        return false;
    *self = address;
    return true;
}


address_t
address_of_v4 (uint32_t number)
{
    address_t self;
    memcpy (self.bytes, s_prefix, PREFIX_SIZE);
    for (unsigned index = 0; index < V4_SIZE; index++)
        self.bytes [PREFIX_SIZE + index] =
            (unsigned char) (number >> (24 - 8 * index) & 0xFF);
    return self;
}


//  inet_ntop takes ten times as long, and each request is logged with one

static const char *
s_print_v4 (const unsigned char *bytes, char *text)
{
    char *to = text;
    for (unsigned index = 0; index < V4_SIZE; index++) {
        to = digits_print (to, bytes [index], digits_size (bytes [index]));
        *to++ = '.';
    }
    to [-1] = '\0';
    return text;
}


const char *
address_print (const address_t *self, char *text)
{
    if (address_is_v4 (self))
        return s_print_v4 (self->bytes + PREFIX_SIZE, text);
    const char *printed =
        inet_ntop (AF_INET6, self->bytes, text, ADDRESS_TEXT_SIZE);
    assert (printed);
    return printed;
}


bool
address_equal (const address_t *one, const address_t *other)
{
    return memcmp (one, other, sizeof (*one)) == 0;
}


bool
address_is_v4 (const address_t *self)
{
    return memcmp (self->bytes, s_prefix, PREFIX_SIZE) == 0;
}


bool
address_is_any (const address_t *self)
{
    static const unsigned char zeros [ADDRESS_SIZE];
    size_t from = address_is_v4 (self) ? PREFIX_SIZE : 0;
    return memcmp (self->bytes + from, zeros, ADDRESS_SIZE - from) == 0;
}


bool
address_is_loopback (const address_t *self)
{
    static const address_t one = {.bytes = {[ADDRESS_SIZE - 1] = 1}};
    return address_is_v4 (self) ? self->bytes [PREFIX_SIZE] == 127
                                : address_equal (self, &one);
}


bool
address_is_link_local (const address_t *self)
{
    return self->bytes [0] == 0xFE && (self->bytes [1] & 0xC0) == 0x80;
}


//  The second half of an IPv4 address is the first half of no IPv6 address: the
//  Internet has none in ::/16

uint64_t
address_group (const address_t *self)
{
    uint64_t group;
    memcpy (&group, self->bytes + (address_is_v4 (self) ? HALF : 0), HALF);
    return group;
}
