/*  =========================================================================
    drops - who was dropped of late

    A log that forgets its oldest part, for any number of readers, each with a
    place of its own in it.  It has two pages; when the newer is full, the older
    one is emptied.
    =========================================================================
*/

#ifndef FOLLOW_DROPS_H
#define FOLLOW_DROPS_H

#include "base/span.h"

//  Bytes of a page, and bytes that a client takes beside its ID.
#define DROPS_PAGE_SIZE 524288
#define DROPS_HEAD_SIZE 10

typedef struct drops_t drops_t;

//  Make an empty log, never NULL; or free it and set *self_p to NULL.
drops_t *
drops_new (void);
void
drops_destroy (drops_t **self_p);

//  Log a client, of at most UINT16_MAX bytes, and its hash.
void
drops_add (drops_t *self, span_t client, uint64_t hash);

//  Return the place behind all there is.
uint64_t
drops_end (const drops_t *self);

//  Return true if nothing behind the place is forgotten.
bool
drops_knows (const drops_t *self, uint64_t place);

//  Return true and the next client, good until the next drops_add, with *place
//  behind it; or false if there is none.  The place has to be known.
bool
drops_next (
    const drops_t *self, uint64_t *place, span_t *client, uint64_t *hash);

#endif
