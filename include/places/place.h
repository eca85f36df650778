/*  =========================================================================
    place - what is known of a place

    It passes from a line of a table to an image of many, and from there to a
    page.  Nothing is owned: the texts are good as long as their giver says.
    =========================================================================
*/

#ifndef PLACES_PLACE_H
#define PLACES_PLACE_H

#include "base/span.h"
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

//  Write an id made of what the place is called and where it is, for one that
//  has none of its own.
void
place_make_id (char *id, size_t size, span_t name, globe_point_t at);

//  Write the texts one after the other, each but the first after its separator.
//  Those that are NULL, or don't fit whole, are left out.
void
place_join (char *text, size_t size, const char *const *parts,
    const char *const *separators, size_t count);

#endif
