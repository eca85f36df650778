/*  =========================================================================
    door - who is let in, and who was not
    =========================================================================
*/

#include "core/door.h"

#include <assert.h>
#include <sodium/crypto_generichash.h>
#include <sodium/crypto_shorthash.h>
#include <stdlib.h>

#define MINUTE_MS 60000

//  As many as low bits of a hash tell apart
#define COUNTS 65536

typedef struct {
    uint32_t minute;
    uint32_t clients;  //  New in that minute
} count_t;

struct door_t {
    unsigned char key [crypto_shorthash_KEYBYTES];
    uint64_t new_clients_per_minute;
    count_t *counts;  //  NULL = nobody counts
    refusals_t refusals;
};


door_t *
door_new (
    const unsigned char *key, uint64_t salt, uint64_t new_clients_per_minute)
{
    assert (new_clients_per_minute <= UINT32_MAX);
    door_t *self = calloc (1, sizeof (door_t));
    assert (self);
    crypto_generichash (self->key, sizeof (self->key),
        (const unsigned char *) &salt, sizeof (salt), key, KEY_SIZE);
    self->new_clients_per_minute = new_clients_per_minute;
    if (new_clients_per_minute) {
        self->counts = calloc (COUNTS, sizeof (count_t));
        assert (self->counts);
    }
    return self;
}


void
door_destroy (door_t **self_p)
{
    door_t *self = *self_p;
    if (self) {
        free (self->counts);
        free (self);
        *self_p = NULL;
    }
}


bool
door_is_open (const door_t *self)
{
    return !self->counts;
}


bool
door_let_in (door_t *self, const event_t *event)
{
    uint64_t hash;
    int64_t minute = event->clock_ms / MINUTE_MS;
    assert (minute >= 0 && minute <= UINT32_MAX);
    if (door_is_open (self))
        return true;
    crypto_shorthash ((unsigned char *) &hash,
        (const unsigned char *) &event->address, sizeof (event->address),
        self->key);
    count_t *count = &self->counts [hash % COUNTS];
    if (count->minute != (uint32_t) minute)
        *count = (count_t){.minute = (uint32_t) minute};
    if (count->clients == self->new_clients_per_minute)
        return false;
    count->clients++;
    return true;
}


//  To look for somebody costs something, so that is done only if it counts

bool
door_admits (
    door_t *self, const event_t *event, const atlas_t *atlas, span_t client)
{
    location_t known;
    return door_is_open (self) || atlas_find (atlas, client, &known) ||
           door_let_in (self, event);
}


void
door_refuse (
    door_t *self, const event_t *event, refusal_t why, effects_t *effects)
{
    refusals_add (&self->refusals, why,
        &(refused_t){.address = event->address, .clock_ms = event->clock_ms},
        effects);
}


void
door_refuse_event (door_t *self, const event_t *event, effects_t *effects)
{
    static const refusal_t reasons [] = {
        [EVENT_CLIENTS_FULL] = REFUSED_CLIENT,
        [EVENT_ADDRESS_FULL] = REFUSED_ADDRESS,
        [EVENT_CALLER_STRANGE] = REFUSED_STRANGE,
        [EVENT_CALLER_CROWDED] = REFUSED_CROWDED,
        [EVENT_CALLER_ENDLESS] = REFUSED_ENDLESS,
    };
    door_refuse (self, event, reasons [event->kind], effects);
}


uint64_t
door_refused (const door_t *self, refusal_t why)
{
    return self->refusals.counts [why];
}
