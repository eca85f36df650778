/*  =========================================================================
    endpoint - where a server is reached: a host and a TCP port

    As operators write it:

        192.0.2.1:13000          IPv4
        [2001:db8::1]:13000      IPv6, in brackets
        alford.example:13000     a name, which somebody else has to resolve
        *:13000                  any address of a machine

    An address of one link alone, fe80::/10, is refused: it means another
    machine on each network.
    =========================================================================
*/

#ifndef BASE_ENDPOINT_H
#define BASE_ENDPOINT_H

#include "base/address.h"

//  The longest name, in bytes: what the DNS allows.
#define ENDPOINT_HOST_SIZE_MAX 253

//  Room for an endpoint as text, with its NUL.
#define ENDPOINT_TEXT_SIZE (ENDPOINT_HOST_SIZE_MAX + 9)

typedef struct {
    char host [ENDPOINT_HOST_SIZE_MAX + 1];  //  A name, an address as
                                             //  address_print has it, or *
    bool is_name;                            //
    address_t address;                       //  If it is no name; :: for *
    uint16_t port;                           //  1 to 65535
} endpoint_t;

//  Read all of the span.  Returns NULL or, in words, what is wrong with it: to
//  be printed after the text's place.
const char *
endpoint_read (endpoint_t *self, span_t text);

//  Write the endpoint into the text, of ENDPOINT_TEXT_SIZE, as it is read.
//  Returns the text.
const char *
endpoint_print (const endpoint_t *self, char *text);

//  The same for an address and port.
const char *
endpoint_print_address (const address_t *address, uint16_t port, char *text);

//  Return true if it stands for any address of a machine.
bool
endpoint_is_any (const endpoint_t *self);

//  Return true if the hosts are the same, as written: the names but for case,
//  or the addresses.
bool
endpoint_same_host (const endpoint_t *one, const endpoint_t *other);

//  Return true if who listens at one on a machine takes the other, too: ports
//  are the same, and the hosts are, or one is any address of the other's kind.
bool
endpoint_meets (const endpoint_t *one, const endpoint_t *other);

#endif
