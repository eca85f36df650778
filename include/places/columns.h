/*  =========================================================================
    columns - a line of a table of places, between tabs

    A line that names the columns name, latitude and longitude, with or without
    a # at its start, is a head: the lines after it have the columns that it
    names, in its order.  Names that we don't know are passed over:

        id, name, latitude, longitude, kind, vicinity, details

    Of these kind is a tag of OpenStreetMap (amenity=cafe) or a list of
    Google's types (cafe,food), and details, 0 to 6, how well the place is
    described.  Id, kind, vicinity and details may be missing.  Lat, lng, lon
    and GeoNames' names for its columns are understood, too; a head with
    geonameid is one of GeoNames.

    Without a head lines are GeoNames': with the nineteen columns of its own
    tables, or those eight of them that data/README.md tells.

    A line that begins with #credit and a tab says, in HTML, whose the lines
    after it are; any other that begins with # says nothing.
    =========================================================================
*/

#ifndef PLACES_COLUMNS_H
#define PLACES_COLUMNS_H

#include "places/kind.h"
#include "places/place.h"

//  What a column may hold.
typedef enum {
    COLUMN_ID,
    COLUMN_NAME,
    COLUMN_LATITUDE,
    COLUMN_LONGITUDE,
    COLUMN_KIND,
    COLUMN_VICINITY,
    COLUMN_DETAILS,
    COLUMN_CLASS,
    COLUMN_CODE,
    COLUMN_COUNTRY,
    COLUMN_ADMIN1,
    COLUMN_POPULATION,
    COLUMN_COUNT
} column_t;

//  How the lines read so far have the next one read.  Begins as {0}.
typedef struct {
    size_t count;                   //  Columns that the head names, or 0
    size_t columns [COLUMN_COUNT];  //  Which of them it is, from 1, or 0
    bool is_geonames;               //  The head is one of GeoNames
    char *credit;                   //  Or NULL; to be freed
    char texts [320];               //  Of the place read last
    kind_t kind;                    //
    const char *none;               //  Why the line is no place, or NULL
} columns_t;

//  Forget what was read.
void
columns_free (columns_t *self);

//  Read the line.  Returns what is wrong with it, or NULL.  The place is good
//  as long as the line, and until the next one; a line that has none leaves
//  its name without data, and says why in none if it tells of a place.
const char *
columns_read (columns_t *self, span_t line, place_t *place);

#endif
