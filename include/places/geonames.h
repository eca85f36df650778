/*  =========================================================================
    geonames - what GeoNames calls a place, in Google's words

    GeoNames says what a place is by a letter for its class and a code:
    https://www.geonames.org/export/codes.html.  Of a table with codes alone all
    that we don't know are taken for towns.
    =========================================================================
*/

#ifndef PLACES_GEONAMES_H
#define PLACES_GEONAMES_H

#include "places/kind.h"

//  What GeoNames says of a place.
typedef struct {
    span_t feature_class;  //  A letter, or empty
    span_t code;           //
    uint64_t population;   //  0 if not known
} geonames_t;

//  Find the types, whose text stays GeoNames' reader's, and the prominence of
//  the place: see gazetteer_find.  Returns false, leaving both alone, if it is
//  abandoned, destroyed or of the past.
bool
geonames_find (const geonames_t *self, kind_t *kind, uint32_t *prominence);

#endif
