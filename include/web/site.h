/*  =========================================================================
    site - the live page, which is part of the program

        GET /                 site/page.html
        GET /site/NAME        what it is made of

    Each file is there as it is, and packed with gzip for clients that accept
    that.  The files have no data of the herd, so anybody may read them; the
    page asks for the data, with a token.
    =========================================================================
*/

#ifndef WEB_SITE_H
#define WEB_SITE_H

#include "web/exchange.h"

//  Return true if the request is for one of them.  "/" is the page only for a
//  GET or HEAD without a query: with a query it is a phone's.
bool
site_is_asked (const exchange_request_t *request);

//  Answer it; that there is no such file, too.
void
site_show (const exchange_request_t *request, exchange_response_t *response);

#endif
