/*  =========================================================================
    where - the area that a query names
    =========================================================================
*/

#include "web/where.h"

#include "base/decimal.h"

#include <string.h>

//  Degrees are read as whole numbers of 10^-12 degree, kilometres of
//  millimetres
#define DEGREE INT64_C (1000000000000)
#define KM_PLACES 6
#define KM_MAX INT64_C (20016000000)
#define MM_PER_METRE 1000.0

const char where_bad_box [] = "bbox is west,south,east,north in degrees";
const char where_no_near [] =
    "this server does not keep who is near: its topology says table/near = no";


//  Read degrees.  A plus that nobody encoded has become a blank

static bool
s_read_degrees (span_t text, int max, int64_t *degrees)
{
    if (text.size && text.data [0] == ' ')
        text = (span_t){text.data + 1, text.size - 1};
    return decimal_read (text, WHERE_PLACES, max * DEGREE, degrees);
}


static double
s_degrees (int64_t degrees)
{
    return (double) degrees / (double) DEGREE;
}


bool
where_is_pair (const char *near)
{
    size_t latitude = strspn (near, " +-.0123456789");
    size_t longitude = near [latitude] == ','
                           ? strspn (near + latitude + 1, " +-.0123456789")
                           : 0;
    return latitude && longitude && !near [latitude + 1 + longitude];
}


bool
where_find_place (const char *near, const table_t *table, sphere_place_t *place,
    exchange_response_t *response)
{
    location_t location;
    int64_t latitude;
    int64_t longitude;
    if (!where_is_pair (near)) {
        bool known = table_find (table, span_of (near), &location);
        if (known)
            *place = sphere_read (location.place);
        else
            exchange_refuse_api (response, 404, "there is no such client");
        return known;
    }
    span_t rest = span_of (near);
    bool good = s_read_degrees (span_until (&rest, ','), 90, &latitude) &&
                s_read_degrees (rest, 180, &longitude);
    if (good)
        *place = (sphere_place_t){s_degrees (latitude), s_degrees (longitude)};
    else
        exchange_refuse_api (response, 400,
            "near is latitude,longitude within 90 and 180 degrees, or an id");
    return good;
}


const char *
where_read_km (span_t query, const char *preset, double *metres)
{
    char km [PARAMETER_SIZE];
    int64_t mm;
    if (!parameter_read (query, "km", preset, km) ||
        !decimal_read_plain (span_of (km), KM_PLACES, KM_MAX, &mm))
        return "km is 0 to 20016";
    *metres = (double) mm / MM_PER_METRE;
    return NULL;
}


bool
where_read_box (span_t query, int64_t edges [4])
{
    char text [PARAMETER_SIZE];
    if (!parameter_read (query, "bbox", "", text))
        return false;
    span_t rest = span_of (text);
    for (int edge = 0; edge < 4; edge++) {
        span_t number = edge < 3 ? span_until (&rest, ',') : rest;
        if (!s_read_degrees (number, edge % 2 ? 90 : 180, &edges [edge]))
            return false;
    }
    return edges [1] <= edges [3];
}


near_box_t
where_box (const int64_t edges [4])
{
    return (near_box_t){s_degrees (edges [0]), s_degrees (edges [1]),
        s_degrees (edges [2]), s_degrees (edges [3])};
}


static const char *
s_read_box (area_t *self, span_t query)
{
    int64_t edges [4];
    if (!where_read_box (query, edges))
        return where_bad_box;
    self->kind = AREA_BOX;
    self->box = where_box (edges);
    return NULL;
}


static const char *
s_read_id (where_t *self, span_t query)
{
    if (!parameter_read (query, "id", "", self->id) || !*self->id)
        return "id is a client's";
    self->area.kind = AREA_CLIENT;
    self->area.client = span_of (self->id);
    return NULL;
}


//  Read all but the place of a circle

static const char *
s_read_area (where_t *self, span_t query, char *near)
{
    bool has_near = parameter_has (query, "near");
    bool has_box = parameter_has (query, "bbox");
    bool has_id = parameter_has (query, "id");
    if (has_near + has_box + has_id > 1)
        return "near, bbox and id exclude each other";
    if (has_box)
        return s_read_box (&self->area, query);
    if (has_id)
        return s_read_id (self, query);
    if (!has_near)
        return NULL;
    self->area.kind = AREA_CIRCLE;
    if (!parameter_read (query, "near", "", near) || !*near)
        return "near is latitude,longitude or an id";
    return where_read_km (query, "", &self->area.metres);
}


bool
where_read (where_t *self, span_t query, const table_t *table,
    exchange_response_t *response)
{
    char near [PARAMETER_SIZE];
    self->area = (area_t){.kind = AREA_ALL};
    const char *wrong = s_read_area (self, query, near);
    area_kind_t kind = self->area.kind;
    if (wrong)
        exchange_refuse_api (response, 400, wrong);
    else if ((kind == AREA_CIRCLE || kind == AREA_BOX) && !near_is_kept (table))
        exchange_refuse_api (response, 501, where_no_near);
    else
        return kind != AREA_CIRCLE ||
               where_find_place (near, table, &self->area.place, response);
    return false;
}
