/*  =========================================================================
    globe - points on Earth, and how far they are
    =========================================================================
*/

#include "places/globe.h"

#include <math.h>

//  The mean radius: the Earth is flatter than that by a third of a percent
#define EARTH_RADIUS_MM 6371008800.0

#define RADIANS (M_PI / 180 / DEGREE)


globe_vector_t
globe_vector (globe_point_t point)
{
    double lat = point.lat * RADIANS;
    double lng = point.lng * RADIANS;
    return (globe_vector_t){
        cos (lat) * cos (lng), cos (lat) * sin (lng), sin (lat)};
}


double
globe_chord (globe_vector_t one, globe_vector_t other)
{
    double x = one.x - other.x;
    double y = one.y - other.y;
    double z = one.z - other.z;
    return x * x + y * y + z * z;
}


double
globe_angle (double way_mm)
{
    return way_mm / EARTH_RADIUS_MM;
}


double
globe_angle_chord (double angle)
{
    double chord = 2 * sin (angle / 2);
    return chord * chord;
}


int64_t
globe_height (double angle)
{
    return (int64_t) (angle / RADIANS) + 1;
}


int64_t
globe_reach (double angle, globe_point_t middle)
{
    double lat = fabs (middle.lat * RADIANS);
    if (lat + angle >= M_PI / 2)
        return 180LL * DEGREE;
    return (int64_t) (asin (sin (angle) / cos (lat)) / RADIANS) + 1;
}
