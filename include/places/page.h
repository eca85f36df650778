/*  =========================================================================
    page - a Nearby Search answer, as Google lays it out

    The classic layout, byte for byte: three blanks a level, " : ", keys in
    alphabetical order, short arrays on one line, one newline at the end.
    What GeoNames does not know (ratings, photos, opening hours) is left out,
    never invented.  A page is UTF-8 whatever the places hold.
    =========================================================================
*/

#ifndef PLACES_PAGE_H
#define PLACES_PAGE_H

#include "places/gazetteer.h"

//  Write the answer with the places, in their order; without any its status is
//  ZERO_RESULTS, else OK.  Returns a fresh string, its bytes in *size.
char *
page_places (const gazetteer_place_t *places, size_t count, size_t *size);

//  Write the answer that there is none, with the status and, unless NULL, the
//  message.  Returns a fresh string, its bytes in *size.
char *
page_error (const char *status, const char *message, size_t *size);

#endif
