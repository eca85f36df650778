/*  =========================================================================
    kind - what a place is, in Google's words

    OpenStreetMap says it by a tag, Overture by a category, a table of one's
    own by Google's types themselves.  The table of tags is in kind.c.
    =========================================================================
*/

#ifndef PLACES_KIND_H
#define PLACES_KIND_H

#include "core/span.h"

typedef struct {
    const char *tag;    //  key=value, or key=* for the key's other values
    uint32_t weight;    //  1 to 8: how much it counts among its neighbours
    const char *types;  //  With commas in between
} kind_t;

//  What is added to a kind's weight for each point of how well it is described,
//  0 to KIND_DETAILS_MAX, and how much prominence a point makes.
#define KIND_DETAILS_MAX 6
#define KIND_PROMINENCE 4000

//  Return the kind of the tag.  A tag that isn't in the table is a point of
//  interest and no more.
kind_t
kind_of_tag (span_t tag);

//  Return the kind of Overture's category, such as "coffee_shop".
kind_t
kind_of_category (span_t category);

//  Return the prominence: (weight + details) times KIND_PROMINENCE.
uint32_t
kind_prominence (kind_t kind, unsigned details);

//  Return the key, by its index, that says what an object of OpenStreetMap is:
//  the first of them that it has.  NULL after the last.
const char *
kind_key (size_t index);

//  Return true if tags of the key tell this of places with the value, as not
//  every railway is a station.
bool
kind_is_place (const char *key, const char *value);

//  Return the table of tags, in the order of its tags, and its size.
const kind_t *
kind_table (size_t *size);

#endif
