/*  =========================================================================
    where - the area that a query names

        near=34.0689,-118.4451&km=2   no farther than 2 km from there
        near=kiwi.cs.ucla.edu&km=2    or from where that client is now
        bbox=-119,33,-117,35          west, south, east, north, as RFC 7946 has
                                      it: west > east crosses the date line
        id=kiwi.cs.ucla.edu           one client

    Degrees are decimal fractions, latitude first in near; km is 0 to 20016.
    =========================================================================
*/

#ifndef WEB_WHERE_H
#define WEB_WHERE_H

#include "follow/area.h"
#include "web/exchange.h"
#include "web/parameter.h"

//  Edges of a box are kept as whole numbers of so many decimal places.
#define WHERE_PLACES 12

//  What is wrong if where_read_box says no; and what else can be.
extern const char where_bad_box [];
extern const char where_no_near [];

typedef struct {
    area_t area;
    char id [PARAMETER_SIZE];  //  Of area.client
} where_t;

//  Read the area, AREA_ALL if the query names none.  Returns false, and why in
//  the response, if it is wrong, or the table does not keep who is near.
bool
where_read (where_t *self, span_t query, const table_t *table,
    exchange_response_t *response);

//  Return true if near looks like two numbers, and is no ID.
bool
where_is_pair (const char *near);

//  Find the place that near is, or where the client is that it names.  Returns
//  false, and why in the response, if that is nowhere.
bool
where_find_place (const char *near, const table_t *table, sphere_place_t *place,
    exchange_response_t *response);

//  Read km, preset if it is not there.  Returns NULL, or what is wrong.
const char *
where_read_km (span_t query, const char *preset, double *metres);

//  Read the edges of a box: west, south, east, north; and return them as one.
bool
where_read_box (span_t query, int64_t edges [4]);
near_box_t
where_box (const int64_t edges [4]);

#endif
