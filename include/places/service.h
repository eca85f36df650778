/*  =========================================================================
    service - answers Nearby Search requests out of a gazetteer

    The path, the parameters and the statuses are Google's, so that a client
    of the one is a client of the other: location, radius, rankby, type,
    keyword and name count, any other parameter (key, language) is ignored.
    As there, HTTP says 200 and the truth is in the answer's status.
    =========================================================================
*/

#ifndef PLACES_SERVICE_H
#define PLACES_SERVICE_H

#include "io/http.h"
#include "places/gazetteer.h"

//  Where Nearby Search is; anything else is 404.
#define SERVICE_PATH "/maps/api/place/nearbysearch/json"

//  Most places in an answer.
#define SERVICE_PLACES_MAX 20

//  Most metres of radius that count; a wider one is taken for this.
#define SERVICE_RADIUS_MAX 50000

//  Answer a request; the context is a gazetteer.  An http_page_fn.
void
service_answer (void *context, struct MHD_Connection *request, const char *path,
    http_page_t *page);

#endif
