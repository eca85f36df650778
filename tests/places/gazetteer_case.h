/*  =========================================================================
    gazetteer_case - a gazetteer of a few made-up lines

    The fixture of the tests of gazetteer and service.
    =========================================================================
*/

#ifndef TESTS_PLACES_GAZETTEER_CASE_H
#define TESTS_PLACES_GAZETTEER_CASE_H

#include "places/gazetteer.h"

//  A line of the table: a place of that id, name, position and population.
#define LINE(id, name, lat, lng, population)                                   \
#id "\t" name "\t" lat "\t" lng "\tPPL\tUS\tCA\t" #population "\n"

//  What a load gave.
typedef struct {
    gazetteer_t *gazetteer;  //  Or NULL
    char said [2048];        //  On standard error, meanwhile
} gazetteer_case_t;

//  Load a table of those bytes.
void
gazetteer_case_load (gazetteer_case_t *self, const char *table, size_t size);

//  Load a table of those lines, which is good.
gazetteer_t *
gazetteer_case_new (const char *table);

#endif
