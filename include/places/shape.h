/*  =========================================================================
    shape - where a GeoJSON geometry is

    A geometry of any type stands at the middle of the box around it.  Near the
    180th meridian the box goes across it, whether the geometry is cut there,
    as RFC 7946 (3.1.9) has it, or not: of the two boxes around the geometry,
    the one across that meridian and the other, the narrower is taken.
    =========================================================================
*/

#ifndef PLACES_SHAPE_H
#define PLACES_SHAPE_H

#include "places/globe.h"

#include <jansson.h>

typedef enum {
    SHAPE_GOOD,  //  It has a middle
    SHAPE_NONE,  //  It is nowhere: null, or empty
    SHAPE_BAD    //  It is no geometry, or not on Earth
} shape_t;

//  Find the middle of the geometry, which may be NULL.  Changes *middle only if
//  that is good.
shape_t
shape_middle (const json_t *geometry, globe_point_t *middle);

#endif
