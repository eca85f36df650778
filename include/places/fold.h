/*  =========================================================================
    fold - texts compared as a reader would

    Capitals are small letters, in Latin, Greek and Cyrillic, and accents on
    Latin letters don't count: who looks for "panaderia" finds "Panadería".
    =========================================================================
*/

#ifndef PLACES_FOLD_H
#define PLACES_FOLD_H

#include "base/span.h"

//  What letters a text has, three by three.  A text has all that its parts
//  have, and by chance may have all of another's.
typedef struct {
    uint64_t bits [2];
} fold_mark_t;

//  Return the mark of both texts together.
fold_mark_t
fold_mark_of (span_t one, span_t other);

//  Return false if a text with the part's mark can't be in one with the mark.
bool
fold_mark_has (fold_mark_t mark, fold_mark_t part);

//  Return true if the part stands somewhere in the text; an empty part does.
bool
fold_has (span_t text, span_t part);

#endif
