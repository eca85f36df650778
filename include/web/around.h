/*  =========================================================================
    around - which clients are near a place or another client, or in a box

        GET /v1/clients?near=34.07,-118.44&km=5&limit=20   the nearest first,
        GET /v1/clients?near=kiwi&km=5&limit=20            with their distance
        GET /v1/clients?bbox=-118.5,34,-118.4,34.1         in a box, in pages

    What is two numbers is a place, what is not is a client's ID.  Who asks for
    a box asks for pages, as web/listing has them: in the order of places, which
    is the same at all servers.  A page is not longer than was asked for, and
    may be shorter though there is a next one: so a question costs a turn some
    milliseconds, however many clients there are.
    =========================================================================
*/

#ifndef WEB_AROUND_H
#define WEB_AROUND_H

#include "table/table.h"
#include "web/exchange.h"

//  Return true if the query asks that, and not for all clients.
bool
around_is_asked (span_t query);

//  Answer it.
void
around_show (const exchange_request_t *request, instant_t now,
    const table_t *table, exchange_response_t *response);

#endif
