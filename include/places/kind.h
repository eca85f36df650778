/*  =========================================================================
    kind - what a place is, in Google's words

    OpenStreetMap says it by a tag, a table of one's own by Google's types
    themselves; what others say is put into tags first (see category and
    geonames).  The table of tags is in kind.c.
    =========================================================================
*/

#ifndef PLACES_KIND_H
#define PLACES_KIND_H

#include "base/span.h"

//  Most bytes of a list of types, NUL included.
#define KIND_TYPES_SIZE 256

typedef struct {
    uint32_t weight;               //  1 to 8: how much it counts among others
    char types [KIND_TYPES_SIZE];  //  With commas in between
} kind_t;

//  What is known of a tag.
typedef struct {
    const char *tag;    //  key=value, or key=* for the key's other values
    uint32_t weight;    //
    const char *types;  //
} kind_row_t;

//  What is added to a kind's weight for each point of how well it is described,
//  0 to KIND_DETAILS_MAX, and how much prominence a point makes.
#define KIND_DETAILS_MAX 6
#define KIND_PROMINENCE 4000

//  Find the kind of the tag.  A tag that isn't in the table is a point of
//  interest and no more.  One with several values, as in amenity=cafe;bar, has
//  the types of all of them, as far as they fit, and the weight of the
//  heaviest.  Returns false, leaving *kind alone, if the tag says that there is
//  no place, or none any more: shop=no, shop=vacant, amenity=disused.
bool
kind_of_tag (span_t tag, kind_t *kind);

//  Return the prominence: (weight + details) times KIND_PROMINENCE.
uint32_t
kind_prominence (uint32_t weight, unsigned details);

//  Return the table of tags, in the order of its tags, and its size.
const kind_row_t *
kind_table (size_t *size);

#endif
