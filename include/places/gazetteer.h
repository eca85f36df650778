/*  =========================================================================
    gazetteer - every populated place, found by where it is

    Reads a table of GeoNames once and holds it in memory.  A question costs
    as much as there are places near, wherever on Earth it is asked: the date
    line and the poles are no edges.
    =========================================================================
*/

#ifndef PLACES_GAZETTEER_H
#define PLACES_GAZETTEER_H

#include "places/globe.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

//  A place found.  The texts are good as long as the gazetteer.
typedef struct {
    uint32_t id;           //  GeoNames' number of it
    const char *name;      //  Not empty
    const char *vicinity;  //  Country code, after the region's if letters
    const char *type;      //  Google's word: "locality", "neighborhood"
    globe_point_t at;      //
} gazetteer_place_t;

//  What to find.  A text that is NULL asks for nothing.
typedef struct {
    globe_point_t at;     //  Around this point
    uint32_t radius_mm;   //  As far as this, along the ground
    bool by_distance;     //  Nearest first, else most prominent first
    const char *type;     //  A type of the place, "political" is all places'
    const char *keyword;  //  In name, vicinity or type, in any ASCII case
    const char *name;     //  In the name, in any ASCII case
} gazetteer_query_t;

typedef struct gazetteer_t gazetteer_t;

//  Read the table, packed with gzip or not: a line a place, with the eight
//  tab-separated columns id, name, latitude, longitude, feature code, country,
//  admin1 and population.  A bad line is left out; the first of them, by
//  number, and their count are told on standard error.  Returns NULL, after a
//  line there, when the file can't be read or has no good line.
gazetteer_t *
gazetteer_new (const char *file);

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
//  first, and return how many.  Prominence is (population + 500) times a
//  weight by feature code: 16 for a country's capital, 8 for a first-order
//  seat, 4 for a second-order seat, 1 for a part of a city, 2 for others.
//  Equals stand in the order of distance, then of id.
size_t
gazetteer_find (const gazetteer_t *self, const gazetteer_query_t *query,
    gazetteer_place_t *places, size_t count);

#endif
