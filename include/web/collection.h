/*  =========================================================================
    collection - clients on their way out, as a FeatureCollection of GeoJSON
    =========================================================================
*/

#ifndef WEB_COLLECTION_H
#define WEB_COLLECTION_H

#include "table/location.h"

#include <stdio.h>

//  Clients in one, at most, and how many if nobody says.
#define COLLECTION_MAX 10000
#define COLLECTION_PRESET 100

//  Must stay where it is.
typedef struct {
    FILE *out;
    char *text;
    size_t size;
    size_t count;  //  Of clients
} collection_t;

//  Begin one without clients.
void
collection_begin (collection_t *self);

//  Add the client of an AT line, with more properties as geojson_print has
//  them.
void
collection_add (collection_t *self, span_t line, const char *more);

//  Return all of it, for the caller to free, and its size.  next is the address
//  of the next page; NULL = there is none.
char *
collection_end (
    collection_t *self, instant_t now, const char *next, size_t *size);

#endif
