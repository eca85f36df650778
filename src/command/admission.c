/*  =========================================================================
    admission - who is let in, and who was not
    =========================================================================
*/

#include "command/admission.h"

#include "base/quota.h"

#include <assert.h>
#include <stdlib.h>

struct admission_t {
    quota_t *newcomers;
    refusals_t refusals;
};


admission_t *
admission_new (
    const unsigned char *key, uint64_t salt, uint64_t new_clients_per_minute)
{
    admission_t *self = calloc (1, sizeof (admission_t));
    assert (self);
    self->newcomers = quota_new (key, salt, new_clients_per_minute);
    return self;
}


void
admission_limit (admission_t *self, uint64_t new_clients_per_minute)
{
    quota_limit (self->newcomers, new_clients_per_minute);
}


void
admission_destroy (admission_t **self_p)
{
    admission_t *self = *self_p;
    if (self) {
        quota_destroy (&self->newcomers);
        free (self);
        *self_p = NULL;
    }
}


//  To look for somebody costs something, so that is done only if it counts

bool
admission_admits (admission_t *self, const event_t *event, const table_t *table,
    span_t client)
{
    return quota_is_open (self->newcomers) ||
           table_find (table, client, NULL) ||
           quota_take (self->newcomers, &event->address, event->clock_ms);
}


void
admission_refuse (
    admission_t *self, const event_t *event, refusal_t why, effects_t *effects)
{
    refusals_add (&self->refusals, why,
        &(refused_t){.address = event->address, .clock_ms = event->clock_ms},
        effects);
}


static bool
s_is_detailed (const event_t *event)
{
    return event->kind == EVENT_CALLER_UNMET ||
           event->kind == EVENT_CALLER_UNKNOWN;
}


void
admission_refuse_event (
    admission_t *self, const event_t *event, effects_t *effects)
{
    static const refusal_t reasons [] = {
        [EVENT_CONNECTIONS_FULL] = REFUSED_CLIENT,
        [EVENT_ADDRESS_FULL] = REFUSED_ADDRESS,
        [EVENT_CALLER_STRANGE] = REFUSED_STRANGE,
        [EVENT_CALLER_UNMET] = REFUSED_UNMET,
        [EVENT_CALLER_UNKNOWN] = REFUSED_UNKNOWN,
        [EVENT_CALLER_CROWDED] = REFUSED_CROWDED,
        [EVENT_CALLER_ENDLESS] = REFUSED_ENDLESS,
        [EVENT_PLACES_RATIONED] = REFUSED_LOOKUP,
    };
    refusals_add (&self->refusals, reasons [event->kind],
        &(refused_t){.address = event->address,
            .gone = address_is_any (&event->address),
            .detail = s_is_detailed (event) ? event->text : (span_t){NULL, 0},
            .clock_ms = event->clock_ms},
        effects);
}


const refusals_t *
admission_refusals (const admission_t *self)
{
    return &self->refusals;
}
