/*  =========================================================================
    feature - a GeoJSON Feature that is a place

    Reads what "osmium export -f geojsonseq" writes of OpenStreetMap, with or
    without -u type_id or -a type,id, and what Overture's own program writes
    of its places.  Areas and lines stand at the middle of the box around
    them.
    =========================================================================
*/

#ifndef PLACES_FEATURE_H
#define PLACES_FEATURE_H

#include "places/place.h"

#include <jansson.h>

//  A Feature's place and the texts that are its own.
typedef struct {
    json_t *json;         //
    char id [64];         //
    char vicinity [256];  //
} feature_t;

//  Read the record.  Returns what is wrong with it, or NULL.  The place is
//  good until feature_free, which is to be called either way; a Feature that
//  is no place, or has no name, leaves its name without data.
const char *
feature_read (feature_t *self, span_t record, place_t *place);

//  Free what the Feature needed.
void
feature_free (feature_t *self);

#endif
