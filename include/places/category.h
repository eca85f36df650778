/*  =========================================================================
    category - what Overture calls a place, as a tag of OpenStreetMap

    Overture names what a place is by one of some three thousand words, such as
    "coffee_shop", of which each release has others.  They are known by their
    ends: what ends with "_restaurant" is one, whatever it cooks.
    =========================================================================
*/

#ifndef PLACES_CATEGORY_H
#define PLACES_CATEGORY_H

#include "base/span.h"

//  Find the tag for kind_of_tag, by the longest end that we know; Google's own
//  words count too.  It is empty for a category that Google has no word for.
//  Returns false, leaving *tag alone, if we don't know the category.  The first
//  call must have returned before another thread makes one.
bool
category_tag (span_t category, span_t *tag);

#endif
