/*  =========================================================================
    tags - a place that OpenStreetMap's tags tell of, whoever collected them

    Tags say what a thing is, what it is called and where to find it.  They may
    be OpenStreetMap's own, as its tools export them; All the Places', which
    has them of what it finds at chains' websites; or somebody's own.
    =========================================================================
*/

#ifndef PLACES_TAGS_H
#define PLACES_TAGS_H

#include "places/feature.h"

//  Read the tags of the Feature, whose point is known.  What is no place, or is
//  none any more, leaves the name without data and says so in none.
void
tags_read (feature_t *self, const json_t *tags, place_t *place);

#endif
