/*  =========================================================================
    columns - a line of a table of places, between tabs

    Two tables are known by their first line: GeoNames' eight columns, without
    a head, and our own, whose head names its seven:

        #id name latitude longitude kind vicinity details

    Of these kind is a tag of OpenStreetMap (amenity=cafe) or a list of
    Google's types (cafe,food), and details, 0 to 6, how well the place is
    described.  A line of it that begins with #credit and a tab says, in HTML,
    whose the lines after it are; any other that begins with # says nothing.
    =========================================================================
*/

#ifndef PLACES_COLUMNS_H
#define PLACES_COLUMNS_H

#include "places/place.h"

//  How the lines read so far have the next one read.  Begins as {0}.
typedef struct {
    bool is_ours;      //  There was a head
    char *credit;      //  Or NULL; to be freed
    char texts [320];  //  Of the place read last
} columns_t;

//  Forget what was read.
void
columns_free (columns_t *self);

//  Read the line.  Returns what is wrong with it, or NULL.  The place is good
//  as long as the line, and until the next one; a line that has none leaves
//  its name without data.
const char *
columns_read (columns_t *self, span_t line, place_t *place);

#endif
