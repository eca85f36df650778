/*  =========================================================================
    admission - who is let in, and who was not

    An address may bring so many new clients a minute, as a quota has it.
    Whoever is refused, here or elsewhere, is counted too.
    =========================================================================
*/

#ifndef COMMAND_ADMISSION_H
#define COMMAND_ADMISSION_H

#include "core/refusals.h"
#include "table/table.h"

typedef struct admission_t admission_t;

//  Let every address bring so many new clients a minute, 0 = any number.
//  Key and salt are those of its quota.  Never returns NULL.
admission_t *
admission_new (
    const unsigned char *key, uint64_t salt, uint64_t new_clients_per_minute);

//  Let every address bring so many from now on, as quota_limit has it.
void
admission_limit (admission_t *self, uint64_t new_clients_per_minute);

//  Free it and set *self_p to NULL.
void
admission_destroy (admission_t **self_p);

//  Return true if the client may say where it is: it is known to the table, or
//  is one more that the event's address may bring.
bool
admission_admits (admission_t *self, const event_t *event, const table_t *table,
    span_t client);

//  Count a client, or a connection, that is refused with the event; as
//  refusals_add notes it.
void
admission_refuse (
    admission_t *self, const event_t *event, refusal_t why, effects_t *effects);

//  The same for one that a room of io has refused, as the event's kind tells:
//  EVENT_CONNECTIONS_FULL, EVENT_ADDRESS_FULL, EVENT_CALLER_* or
//  EVENT_PLACES_RATIONED.
void
admission_refuse_event (
    admission_t *self, const event_t *event, effects_t *effects);

//  Return how many were refused, and why.
const refusals_t *
admission_refusals (const admission_t *self);

#endif
