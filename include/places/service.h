/*  =========================================================================
    service - answers Nearby Search requests out of a gazetteer

    The path, the parameters and the statuses are Google's, so that a client
    of the one is a client of the other: location, radius, rankby, type,
    keyword, name and pagetoken count.  HTTP says 200, as there, and the truth
    is in the answer's status.

    A page has 20 places; after it come two more at most.  Its token is good
    at once, until the service ends, and whatever else is asked beside it
    counts for nothing.  No prices are known, so minprice and maxprice, 0 to
    4, change nothing, which info_messages says; nor are opening hours, so
    opennow finds nothing, as Google documents it for such places.  All other
    parameters (key, language) are ignored.
    =========================================================================
*/

#ifndef PLACES_SERVICE_H
#define PLACES_SERVICE_H

#include "admin/http.h"
#include "page/layout.h"
#include "places/gazetteer.h"

//  Where Nearby Search is; anything else is 404.
#define SERVICE_PATH "/maps/api/place/nearbysearch/json"

//  Most places on a page, and pages.
#define SERVICE_PLACES_MAX 20
#define SERVICE_PAGES_MAX 3

//  Most metres of radius that count; a wider one is taken for this.
#define SERVICE_RADIUS_MAX 50000

typedef struct service_t service_t;

//  Make a service of the gazetteer, which is borrowed.
service_t *
service_new (const gazetteer_t *gazetteer, layout_style_t style);

//  Free the service and set *self_p to NULL.
void
service_destroy (service_t **self_p);

//  Answer a request; the context is a service.  An http_page_fn.
void
service_answer (void *context, struct MHD_Connection *request, const char *path,
    http_page_t *page);

#endif
