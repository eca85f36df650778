/*  =========================================================================
    gazetteer - places, found by where they are

    Holds one or more files of places and searches them as one.  A question
    for the most prominent places costs as much as there are cells in the
    circle, however many places are in them; wherever on Earth it is asked,
    the date line and the poles are no edges.
    =========================================================================
*/

#ifndef PLACES_GAZETTEER_H
#define PLACES_GAZETTEER_H

#include "places/place.h"

//  What to find.  A text that is NULL asks for nothing.
typedef struct {
    globe_point_t at;     //  Around this point
    uint32_t radius_mm;   //  As far as this, along the ground
    bool by_distance;     //  Nearest first, else most prominent first
    const char *type;     //  One of the place's types
    const char *keyword;  //  Each word in name, vicinity or types; see fold
    const char *name;     //  In the name; see fold
} gazetteer_query_t;

typedef struct gazetteer_t gazetteer_t;

//  Open the files: images made by an import, mapped, or what can be imported,
//  which is done in memory.  Bad lines are told and left out, see
//  import_file.  Returns NULL, after a line on standard error, when one of them
//  can't be read or has no places.
gazetteer_t *
gazetteer_new (const char *const *files, size_t count);

//  Free the gazetteer and set *self_p to NULL.
void
gazetteer_destroy (gazetteer_t **self_p);

//  Return how many places there are.
size_t
gazetteer_size (const gazetteer_t *self);

//  Return how many lines were left out as bad.
size_t
gazetteer_bad_lines (const gazetteer_t *self);

//  Fill places with the best that the query asks for, at most count, best
//  first, and return how many.  They are good as long as the gazetteer.
//  Prominence of a town is (population + 500) times 16 for a country's
//  capital, 8 for a first-order seat, 4 for a second-order seat, 1 for a part
//  of a city, 2 for others; of any other place see kind_prominence.  Equals
//  stand in the order of distance, then of id.
size_t
gazetteer_find (const gazetteer_t *self, const gazetteer_query_t *query,
    place_t *places, size_t count);

#endif
