/*  =========================================================================
    builder - makes an image of places, one by one

    Texts go to the file as they come; some fifty bytes a place stay in memory
    until the end, when the places are sorted into their cells.
    =========================================================================
*/

#ifndef PLACES_BUILDER_H
#define PLACES_BUILDER_H

#include "places/place.h"

//  Most places in an image.
#define BUILDER_PLACES_MAX (UINT32_MAX - 1)

typedef struct builder_t builder_t;

//  Make an image in the empty file, which stays the caller's.
builder_t *
builder_new (int fd);

//  Free the builder and set *self_p to NULL.
void
builder_destroy (builder_t **self_p);

//  Add a place, copying its texts.  Returns false, errno set, if it can't be:
//  EFBIG if there are too many, else what is wrong with the file.
bool
builder_add (builder_t *self, const place_t *place);

//  Return how many places were added.
size_t
builder_size (const builder_t *self);

//  Write what is missing; a place that was added twice, with the same id at the
//  same point, is written once.  Returns how many places were written, or -1,
//  errno set, if the file could not be written.  Nothing can be added then.
int64_t
builder_end (builder_t *self);

#endif
