/*  =========================================================================
    quota - how often an address may do something in a minute

    Addresses count as address_group has it: a /64 of IPv6 is one.  Counts are
    in a table that never grows: addresses whose hashes meet, one in 65,536,
    share their count.
    =========================================================================
*/

#ifndef BASE_QUOTA_H
#define BASE_QUOTA_H

#include "base/address.h"

typedef struct quota_t quota_t;

//  Let every address do it so many times a minute, at most UINT32_MAX; 0 = any
//  number.  Copies the key, of KEY_SIZE bytes, which with the salt makes it
//  hard to tell which addresses share.  Never returns NULL.
quota_t *
quota_new (const unsigned char *key, uint64_t salt, uint64_t per_minute);

//  Free it and set *self_p to NULL.
void
quota_destroy (quota_t **self_p);

//  Let every address do it so many times a minute from now on, counting what it
//  did in this one.
void
quota_limit (quota_t *self, uint64_t per_minute);

//  Return true if there is no limit.
bool
quota_is_open (const quota_t *self);

//  Return true, and count one more, if the address may do it now.
bool
quota_take (quota_t *self, const address_t *address, int64_t clock_ms);

#endif
