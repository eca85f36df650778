/*  =========================================================================
    feature - a GeoJSON Feature that is a place

    Reads what osmium, osmtogeojson and others write of OpenStreetMap, what All
    the Places and Overture's own program write of their places, and Features
    of one's own with OpenStreetMap's tags.  Areas and lines stand at the middle
    of the box around them.

    A place has an id of its source, "osm-n12", "atp-..." or "overture-...", or
    the Feature's own id, or else one made of its name and point.  It is
    credited to OpenStreetMap, All the Places or Overture if it has an id or a
    member that only they write, and else to nobody.
    =========================================================================
*/

#ifndef PLACES_FEATURE_H
#define PLACES_FEATURE_H

#include "places/kind.h"
#include "places/place.h"

#include <jansson.h>

//  A Feature's place and the texts that are its own.
typedef struct {
    json_t *json;         //
    char id [64];         //
    char vicinity [256];  //
    kind_t kind;          //
    const char *none;     //  Why it is no place, or NULL
} feature_t;

//  Read the record.  Returns what is wrong with it, or NULL.  The place is
//  good until feature_free, which is to be called either way, and as long as
//  the Feature is not moved; a Feature that is no place leaves its name without
//  data and says why in none.
const char *
feature_read (feature_t *self, span_t record, place_t *place);

//  Free what the Feature needed.
void
feature_free (feature_t *self);

//  Return the member if it is a text that is not empty, else NULL.
const char *
feature_text (const json_t *object, const char *key);

#endif
