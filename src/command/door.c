/*  =========================================================================
    door - who is let in, and who was not
    =========================================================================
*/

#include "command/door.h"

#include "base/quota.h"

#include <assert.h>
#include <stdlib.h>

struct door_t {
    quota_t *newcomers;
    refusals_t refusals;
};


door_t *
door_new (
    const unsigned char *key, uint64_t salt, uint64_t new_clients_per_minute)
{
    door_t *self = calloc (1, sizeof (door_t));
    assert (self);
    self->newcomers = quota_new (key, salt, new_clients_per_minute);
    return self;
}


void
door_destroy (door_t **self_p)
{
    door_t *self = *self_p;
    if (self) {
        quota_destroy (&self->newcomers);
        free (self);
        *self_p = NULL;
    }
}


//  To look for somebody costs something, so that is done only if it counts

bool
door_admits (
    door_t *self, const event_t *event, const atlas_t *atlas, span_t client)
{
    location_t known;
    return quota_is_open (self->newcomers) ||
           atlas_find (atlas, client, &known) ||
           quota_take (self->newcomers, event->address, event->clock_ms);
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
        [EVENT_PLACES_RATIONED] = REFUSED_LOOKUP,
    };
    door_refuse (self, event, reasons [event->kind], effects);
}


uint64_t
door_refused (const door_t *self, refusal_t why)
{
    return self->refusals.counts [why];
}
