/*  =========================================================================
    sights - every location that was ever seen in a world

    Each is kept once, so that equal locations are equal pointers.
    =========================================================================
*/

#ifndef SIM_SIGHTS_H
#define SIM_SIGHTS_H

#include "table/location.h"

typedef struct {
    location_t location;  //  Of the line
    size_t client;        //  Number of its client, from 0
    bool said;            //  A client was told it
    uint64_t copies;      //  Times it was sent from one server to another
    char *line;           //  The AT line
} sight_t;

typedef struct sights_t sights_t;

//  Return true if the one is newer than the other, of the same client.
bool
sight_is_newer (const sight_t *one, const sight_t *other);

//  Make an empty set.  Never returns NULL.
sights_t *
sights_new (void);

//  Free the set with all sights and set *self_p to NULL.
void
sights_destroy (sights_t **self_p);

//  Return the AT line's sight, new if it was never seen, or NULL if it is no
//  AT line.  The set owns it.
sight_t *
sights_see (sights_t *self, span_t line);

//  Return the number of the client, a new one if it was never seen.
size_t
sights_client (sights_t *self, span_t name);

//  Return how many clients were seen.
size_t
sights_count (const sights_t *self);

#endif
