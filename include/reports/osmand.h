/*  =========================================================================
    osmand - the reports of OsmAnd, Traccar Client and GPSLogger

    One protocol in three forms: parameters in the query, the same in a form,
    and JSON.  Parameters may be in any order and repeat, then the last counts;
    those that are not read are passed over:

        id, deviceid   whose report it is
        lat, lon       degrees, a comma is as good as a point
        location       both: lat,lon
        timestamp      as fix_set_time has it
        valid          true or 1; with anything else there is no place
    =========================================================================
*/

#ifndef REPORTS_OSMAND_H
#define REPORTS_OSMAND_H

#include "reports/fix.h"

//  Read the parameters of a query and of a form, each of which may be empty.
//  Without ID they are FIX_BAD; without a place that there is, FIX_NONE.
fix_outcome_t
osmand_read (fix_t *self, span_t query, span_t form);

//  Read a body of JSON: {"device_id": ..., "location": {"timestamp": ...,
//  "coords": {"latitude": ..., "longitude": ...}}}.
fix_outcome_t
osmand_read_json (fix_t *self, span_t body);

#endif
