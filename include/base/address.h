/*  =========================================================================
    address - an Internet address

    IPv4 and IPv6 alike: an IPv4 address is kept as the IPv6 address that stands
    for it, ::ffff:a.b.c.d, and shown as a.b.c.d.
    =========================================================================
*/

#ifndef BASE_ADDRESS_H
#define BASE_ADDRESS_H

#include "base/span.h"

#define ADDRESS_SIZE 16

//  Room for an address as text, with its NUL.
#define ADDRESS_TEXT_SIZE 46

//  In the order of the network.  All zero is ::, which is nobody's.
typedef struct {
    unsigned char bytes [ADDRESS_SIZE];
} address_t;

//  Read an address in numbers, IPv4 or IPv6, without brackets or scope, all of
//  the span.  Return false, leaving *self alone, for anything else.
bool
address_read (address_t *self, span_t text);

//  Return the address of these 32 bits, the first byte highest.
address_t
address_of_v4 (uint32_t number);

//  Write the address into the text, of ADDRESS_TEXT_SIZE, as RFC 5952 has it
//  and without brackets.  Returns the text.
const char *
address_print (const address_t *self, char *text);

//  Return true if both are the same.
bool
address_equal (const address_t *one, const address_t *other);

bool
address_is_v4 (const address_t *self);

//  Return true if it stands for all addresses of a machine: :: or 0.0.0.0.
bool
address_is_any (const address_t *self);

//  Return true if packets to it never leave the machine: 127.0.0.0/8 or ::1.
bool
address_is_loopback (const address_t *self);

//  Return true if it means another machine on each network: fe80::/10.
bool
address_is_link_local (const address_t *self);

//  Return a number by which limits for each address count: an IPv4 address has
//  its own, but all of IPv6 that share the first 64 bits have one, since one
//  machine has all of these.
uint64_t
address_group (const address_t *self);

#endif
