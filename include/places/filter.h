/*  =========================================================================
    filter - what a query wants of a place beside where it is

    Made for an image, so that lists of types, which are few, are looked
    through once; and most places that do not have the words are known by
    their mark, without a look at their texts.
    =========================================================================
*/

#ifndef PLACES_FILTER_H
#define PLACES_FILTER_H

#include "places/image.h"

//  Most words of a keyword that count.
#define FILTER_WORDS_MAX 8

//  What is wanted; NULL asks for nothing.
typedef struct {
    const char *type;     //  One of the place's types
    const char *keyword;  //  Each word in name, vicinity or types; see fold
    const char *name;     //  In the name; see fold
} filter_texts_t;

typedef struct filter_t filter_t;

//  Make a filter for the image; image and texts are borrowed.
filter_t *
filter_new (const image_t *image, filter_texts_t texts);

//  Free the filter and set *self_p to NULL.
void
filter_destroy (filter_t **self_p);

//  Return true if that is wanted of one of the image's places.
bool
filter_passes (const filter_t *self, const image_entry_t *entry);

#endif
