/*  =========================================================================
    sphere - places on Earth, how far they are, and a grid over them

    The Earth is a sphere with the mean radius of WGS 84's ellipsoid, as the
    IUGG has it: a distance is at most 0.6 % off that on the ellipsoid.  The
    grid has as many steps from pole to pole as around the equator.  It serves
    to find places, and never to say how far one is.
    =========================================================================
*/

#ifndef TABLE_SPHERE_H
#define TABLE_SPHERE_H

#include "base/span.h"

//  Metres.
#define SPHERE_RADIUS 6371008.8

//  From a place to the one opposite, in metres.
#define SPHERE_FARTHEST 20015114.5

//  The grid has 2^29 steps each way: 7 cm at the equator.
#define SPHERE_BITS 29

//  Degrees north and east.
typedef struct {
    double latitude;
    double longitude;
} sphere_place_t;

//  A part of the grid: steps north of the south pole and east of the date line,
//  and its size, a power of 2.
typedef struct {
    uint32_t x;
    uint32_t y;
    uint32_t size;
} sphere_square_t;

//  A part of the grid: squares from a corner on, so many steps beyond it; x
//  goes around the Earth.
typedef struct {
    uint32_t x;
    uint32_t y;
    uint32_t width;
    uint32_t height;
} sphere_part_t;

//  From where distances are.
typedef struct {
    sphere_place_t place;
    double x;       //  In steps of the grid
    double y;       //
    double cosine;  //  Of the latitude
} sphere_from_t;

//  Read a place that place_parse accepts, which a blank and more may follow.
sphere_place_t
sphere_read (span_t place);

//  Return the square of size 1 where the place is; 180 degrees east is the date
//  line, as 180 west is.
sphere_square_t
sphere_square (sphere_place_t place);

//  Prepare for distances from the place.
sphere_from_t
sphere_from (sphere_place_t place);

//  Return a part with all squares of places no farther than so many metres, and
//  not many more.
sphere_part_t
sphere_around (const sphere_from_t *from, double metres);

//  Return a number that is the greater the farther the place is, 0 to 1: half a
//  chord, squared.
double
sphere_far (const sphere_from_t *from, sphere_place_t place);

//  Return a number that sphere_far is not less than for any place in the
//  square, and hardly less than that of its nearest.
double
sphere_far_least (const sphere_from_t *from, sphere_square_t square);

//  Return what sphere_far is for so many metres, and the other way.
double
sphere_far_of (double metres);
double
sphere_metres_of (double far);

#endif
