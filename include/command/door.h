/*  =========================================================================
    door - who is let in, and who was not

    An address may bring so many new clients a minute, as a quota has it.
    Whoever is refused, here or elsewhere, is counted too.
    =========================================================================
*/

#ifndef COMMAND_DOOR_H
#define COMMAND_DOOR_H

#include "core/refusals.h"
#include "table/atlas.h"

typedef struct door_t door_t;

//  Let every address bring so many new clients a minute, 0 = any number.
//  Key and salt are those of its quota.  Never returns NULL.
door_t *
door_new (
    const unsigned char *key, uint64_t salt, uint64_t new_clients_per_minute);

//  Free it and set *self_p to NULL.
void
door_destroy (door_t **self_p);

//  Return true if the client may say where it is: it is known to the atlas, or
//  is one more that the event's address may bring.
bool
door_admits (
    door_t *self, const event_t *event, const atlas_t *atlas, span_t client);

//  Count a client, or a connection, that is refused with the event; as
//  refusals_add notes it.
void
door_refuse (
    door_t *self, const event_t *event, refusal_t why, effects_t *effects);

//  The same for one that a room of io has refused, as the event's kind tells:
//  EVENT_CLIENTS_FULL, EVENT_ADDRESS_FULL, EVENT_CALLER_* or
//  EVENT_PLACES_RATIONED.
void
door_refuse_event (door_t *self, const event_t *event, effects_t *effects);

//  Return how many were refused for that.
uint64_t
door_refused (const door_t *self, refusal_t why);

#endif
