/*  =========================================================================
    results - a Nearby Search answer

    Keys and their order are Google's.  What the places' sources do not know
    (ratings, photos, opening hours, prices) is left out, never invented; each
    source that stands in the results is credited in html_attributions.
    =========================================================================
*/

#ifndef PLACES_RESULTS_H
#define PLACES_RESULTS_H

#include "page/google_status.h"
#include "page/layout.h"
#include "places/place.h"

//  What is on a page.
typedef struct {
    const place_t *places;   //  In their order
    size_t count;            //
    google_status_t status;  //
    const char *message;     //  What went wrong, or NULL
    const char *info;        //  What the asker should know, or NULL
    const char *token;       //  Of the next page, or NULL
} results_t;

//  Write the page.  Returns a fresh string, its bytes in *size.
char *
results_write (const results_t *page, layout_style_t style, size_t *size);

#endif
