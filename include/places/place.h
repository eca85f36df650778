/*  =========================================================================
    place - what is known of a place

    It passes from a line of a table to an image of many, and from there to a
    page.  Nothing is owned: the texts are good as long as their giver says.
    =========================================================================
*/

#ifndef PLACES_PLACE_H
#define PLACES_PLACE_H

#include "core/span.h"
#include "places/globe.h"

typedef struct {
    span_t id;            //  Stable from table to table, such as "gn-5368361"
    span_t name;          //  Not empty
    span_t vicinity;      //  Street and number, town; may be empty
    span_t types;         //  Google's words, with commas in between
    span_t credit;        //  Of whom it is, in HTML; may be empty
    globe_point_t at;     //
    uint32_t prominence;  //  More is more prominent
} place_t;

#endif
