/*  =========================================================================
    nearby - the request of Google's legacy Nearby Search

    https://developers.google.com/maps/documentation/places/web-service/legacy/
    search-nearby: GET with location=LATITUDE,LONGITUDE in decimal degrees,
    radius in metres, key.
    =========================================================================
*/

#ifndef IO_NEARBY_H
#define IO_NEARBY_H

#include "core/location.h"

#define NEARBY_QUERY_SIZE_MAX 128

//  Write the query, without key and with a NUL, to the buffer of
//  NEARBY_QUERY_SIZE_MAX bytes.  place is a valid ISO 6709 one; degrees beyond
//  nine decimals, which is below a millimetre, are left out.
void
nearby_query (char *query, span_t place, uint32_t radius_mm);

//  Return the URL with query and, if not NULL, key.  The only place where the
//  key is in one: the caller gives it to nobody but libcurl, and frees it with
//  nearby_free.
char *
nearby_url (const char *url, const char *query, const char *key);

//  Wipe and free the URL and set *url_p to NULL.
void
nearby_free (char **url_p);

#endif
