/*  =========================================================================
    globe - points on Earth, and how far they are

    Distance is measured through the Earth, as the square of the chord between
    two unit vectors: no trigonometry a point, and nothing special at the date
    line or the poles.
    =========================================================================
*/

#ifndef PLACES_GLOBE_H
#define PLACES_GLOBE_H

#include <stdint.h>

//  Degrees are whole numbers of 10^-7 degree, a centimetre of the equator.
#define DEGREE_PLACES 7
#define DEGREE 10000000

//  A point on Earth.
typedef struct {
    int32_t lat;  //  -90 to 90 degrees, north is positive
    int32_t lng;  //  -180 to 180 degrees, east is positive
} globe_point_t;

//  The same point on a sphere of radius 1.
typedef struct {
    double x, y, z;
} globe_vector_t;

//  Return the point's vector.
globe_vector_t
globe_vector (globe_point_t point);

//  Return the square of the distance through the sphere, which orders points
//  as the distance along the ground does.
double
globe_chord (globe_vector_t one, globe_vector_t other);

//  Return the angle, in radians, that such a way along the ground takes.
double
globe_angle (double way_mm);

//  Return the chord, squared, of points that far apart.
double
globe_angle_chord (double angle);

//  Return how far in latitude a circle of that angle reaches from its middle.
int64_t
globe_height (double angle);

//  Return how far in longitude a circle of that angle around the middle
//  reaches: 180 degrees, which is all the way round, if a pole is in it.
int64_t
globe_reach (double angle, globe_point_t middle);

#endif
