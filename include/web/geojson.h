/*  =========================================================================
    geojson - a client's location as a Feature of GeoJSON (RFC 7946)

        {"type":"Feature","id":"kiwi.cs.ucla.edu","geometry":{"type":"Point",
        "coordinates":[-118.445127,34.068930]},"properties":{"server":"Alford",
        "difference":"+0.263873386","stamp":"1479413884.392014450",
        "heard":"2016-11-17T20:18:04.655Z"}}

    Longitude first, its digits as they were said.  Numbers that a double does
    not hold are texts.
    =========================================================================
*/

#ifndef WEB_GEOJSON_H
#define WEB_GEOJSON_H

#include "table/location.h"

//  The longest Feature, when all bytes of an ID are escaped.
#define GEOJSON_SIZE_MAX (6 * LOCATION_CLIENT_SIZE_MAX + 1024)

//  Room for a time as geojson_print_time writes it, with its NUL.
#define GEOJSON_TIME_SIZE 32

//  Write the location to the buffer, of GEOJSON_SIZE_MAX bytes, and behind its
//  properties more of them, as JSON that begins with a comma: 64 bytes at most,
//  or the buffer has room for them besides.  Returns the size written.
size_t
geojson_print (const location_t *location, const char *more, char *buffer);

//  Write the AT line as a property to be given as more, with its NUL, to a
//  buffer of GEOJSON_SIZE_MAX.  Returns the size written.
size_t
geojson_print_line (const location_t *location, char *buffer);

//  Write {"id": the client}, to the same room.  Returns the size written.
size_t
geojson_print_id (span_t client, char *buffer);

//  Write the time as RFC 3339 has it, in UTC and milliseconds, to the buffer of
//  GEOJSON_TIME_SIZE.  Returns false, the buffer empty, if it has no such year.
bool
geojson_print_time (instant_t time, char *buffer);

#endif
