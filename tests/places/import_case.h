/*  =========================================================================
    import_case - an import of a few records, and what it said
    =========================================================================
*/

#ifndef TESTS_PLACES_IMPORT_CASE_H
#define TESTS_PLACES_IMPORT_CASE_H

#include "places/image.h"
#include "places/import.h"

//  What an import gave.
typedef struct {
    int rc;                //
    import_count_t count;  //
    image_t *image;        //  Or NULL
    char *bytes;           //  Of it
    size_t size;           //
    char said [4096];      //  On standard error, meanwhile
} import_case_t;

//  Import those bytes; progress shown or not.
void
import_case_run (
    import_case_t *self, const char *records, size_t size, bool progress);

//  Import those records, which are good, and return the place with the id, or
//  one that is empty.
place_t
import_case_find (import_case_t *self, const char *records, const char *id);

//  Make an image of bytes that may be damaged; returns NULL if they are.
image_t *
import_case_map (const char *bytes, size_t size);

//  Free what the import gave.
void
import_case_free (import_case_t *self);

#endif
