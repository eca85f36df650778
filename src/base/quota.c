/*  =========================================================================
    quota - how often an address may do something in a minute
    =========================================================================
*/

#include "base/quota.h"

#include "base/key.h"

#include <assert.h>
#include <sodium/crypto_generichash.h>
#include <sodium/crypto_shorthash.h>
#include <stdlib.h>

#define MINUTE_MS 60000

//  As many as low bits of a hash tell apart
#define COUNTS 65536

typedef struct {
    uint32_t minute;
    uint32_t taken;  //  In that minute
} count_t;

struct quota_t {
    unsigned char key [crypto_shorthash_KEYBYTES];
    uint64_t per_minute;
    count_t *counts;  //  NULL = there never was a limit
};


quota_t *
quota_new (const unsigned char *key, uint64_t salt, uint64_t per_minute)
{
    quota_t *self = calloc (1, sizeof (quota_t));
    assert (self);
    crypto_generichash (self->key, sizeof (self->key),
        (const unsigned char *) &salt, sizeof (salt), key, KEY_SIZE);
    quota_limit (self, per_minute);
    return self;
}


void
quota_limit (quota_t *self, uint64_t per_minute)
{
    assert (per_minute <= UINT32_MAX);
    self->per_minute = per_minute;
    if (per_minute && !self->counts) {
        self->counts = calloc (COUNTS, sizeof (count_t));
        assert (self->counts);
    }
}


void
quota_destroy (quota_t **self_p)
{
    quota_t *self = *self_p;
    if (self) {
        free (self->counts);
        free (self);
        *self_p = NULL;
    }
}


bool
quota_is_open (const quota_t *self)
{
    return self->per_minute == 0;
}


bool
quota_take (quota_t *self, const address_t *address, int64_t clock_ms)
{
    uint64_t hash, group = address_group (address);
    int64_t minute = clock_ms / MINUTE_MS;
    assert (minute >= 0 && minute <= UINT32_MAX);
    if (quota_is_open (self))
        return true;
    crypto_shorthash ((unsigned char *) &hash, (const unsigned char *) &group,
        sizeof (group), self->key);
    count_t *count = &self->counts [hash % COUNTS];
    if (count->minute != (uint32_t) minute)
        *count = (count_t){.minute = (uint32_t) minute};
    if (count->taken >= self->per_minute)
        return false;
    count->taken++;
    return true;
}
