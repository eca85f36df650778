/*  =========================================================================
    shape - where a GeoJSON geometry is
    =========================================================================
*/

#include "places/shape.h"

#include <math.h>
#include <stdbool.h>

//  Brackets around a point of a multipolygon are four deep; collections of
//  geometries should not be in each other
#define DEPTH_MAX 8

//  Of longitudes or latitudes
typedef struct {
    double least, most;
} range_t;

//  The box around points so far
typedef struct {
    range_t lat;
    range_t lng;
    range_t lng_east;  //  As if all were east: 0 to 360
} box_t;

static const range_t s_empty = {INFINITY, -INFINITY};


static void
s_widen (range_t *self, double value)
{
    self->least = fmin (self->least, value);
    self->most = fmax (self->most, value);
}


static bool
s_add_point (box_t *self, double lng, double lat)
{
    s_widen (&self->lat, lat);
    s_widen (&self->lng, lng);
    s_widen (&self->lng_east, lng < 0 ? lng + 360 : lng);
    return fabs (lng) <= 180 && fabs (lat) <= 90;
}


static bool
s_add_points (box_t *self, const json_t *coordinates, int depth)
{
    const json_t *first = json_array_get (coordinates, 0);
    const json_t *second = json_array_get (coordinates, 1);
    if (json_is_number (first))
        return json_is_number (second) &&
               s_add_point (
                   self, json_number_value (first), json_number_value (second));
    bool good = first && depth < DEPTH_MAX;
    for (size_t index = 0; good && index < json_array_size (coordinates);
         index++)
        good =
            s_add_points (self, json_array_get (coordinates, index), depth + 1);
    return good;
}


static bool
s_add_geometry (box_t *self, const json_t *geometry, int depth)
{
    const json_t *coordinates = json_object_get (geometry, "coordinates");
    const json_t *geometries = json_object_get (geometry, "geometries");
    bool good = depth < DEPTH_MAX;
    if (!geometry || json_is_null (geometry))
        return good;
    if (json_array_size (coordinates))
        good = good && s_add_points (self, coordinates, 0);
    for (size_t index = 0; good && index < json_array_size (geometries);
         index++)
        good = s_add_geometry (
            self, json_array_get (geometries, index), depth + 1);
    return good && (json_is_array (coordinates) || json_is_array (geometries));
}


static double
s_middle (range_t range)
{
    return (range.least + range.most) / 2;
}


shape_t
shape_middle (const json_t *geometry, globe_point_t *middle)
{
    box_t box = {s_empty, s_empty, s_empty};
    if (!s_add_geometry (&box, geometry, 0))
        return SHAPE_BAD;
    if (box.lat.least > box.lat.most)
        return SHAPE_NONE;
    double width = box.lng.most - box.lng.least;
    double width_east = box.lng_east.most - box.lng_east.least;
    double lng = s_middle (width_east < width ? box.lng_east : box.lng);
    lng -= lng > 180 ? 360 : 0;
    middle->lat = (int32_t) lround (s_middle (box.lat) * DEGREE);
    middle->lng = (int32_t) lround (lng * DEGREE);
    return SHAPE_GOOD;
}
