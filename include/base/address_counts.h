/*  =========================================================================
    address_counts - how many there are of each address

    Addresses count as address_group has it: a /64 of IPv6 is one.  Only those
    of which there are some are kept.
    =========================================================================
*/

#ifndef BASE_ADDRESS_COUNTS_H
#define BASE_ADDRESS_COUNTS_H

#include "base/address.h"

#include <stddef.h>

typedef struct address_counts_t address_counts_t;

//  Count from none.  Never returns NULL.
address_counts_t *
address_counts_new (void);

//  Free it and set *self_p to NULL.
void
address_counts_destroy (address_counts_t **self_p);

//  Return how many there are.
size_t
address_counts_of (const address_counts_t *self, const address_t *address);

//  There is one more,
void
address_counts_add (address_counts_t *self, const address_t *address);

//  or one of those that were added is gone.
void
address_counts_drop (address_counts_t *self, const address_t *address);

#endif
