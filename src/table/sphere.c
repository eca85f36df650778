/*  =========================================================================
    sphere - places on Earth, how far they are, and a grid over them
    =========================================================================
*/

#include "table/sphere.h"

#include "base/digits.h"

#include <math.h>

#define STEPS (1u << SPHERE_BITS)
#define RADIANS (M_PI / 180)

//  Radians of half a step, north and east
#define HALF_NORTH (M_PI / 2 / STEPS)
#define HALF_EAST (M_PI / STEPS)

//  A place is in its square but for what is lost when its steps are counted;
//  and a bound is below what it bounds but for what is lost in a few products
#define STEP_ERROR 1e-6
#define BOUND_PART (1 - 1e-14)

//  Digits before a point that may be other than zero; and behind it, so many
//  that more are none to a double
#define WHOLE_MAX 3
#define DECIMALS_MAX 15


//  Cut degrees off the front of *rest.  There are at most three digits before a
//  point, but for zeros.  One division, so that equal degrees are equal however
//  they are written

static double
s_degrees (span_t *rest)
{
    static const double powers [] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8,
        1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
    static const uint64_t whole_powers [] = {1, 10, 100, 1000, 10000, 100000,
        1000000, 10000000, 100000000, 1000000000, 10000000000, 100000000000,
        1000000000000, 10000000000000, 100000000000000, 1000000000000000};
    bool negative = rest->data [0] == '-';
    span_t text = {rest->data + 1, rest->size - 1};
    uint64_t number;
    size_t size = digits_read (text, WHOLE_MAX, &number);
    if (size > WHOLE_MAX)
        number = digits_value (text.data + size - WHOLE_MAX, WHOLE_MAX);
    text = (span_t){text.data + size, text.size - size};
    size_t decimals = 0;
    if (text.size && text.data [0] == '.') {
        uint64_t part;
        text = (span_t){text.data + 1, text.size - 1};
        size = digits_read (text, DECIMALS_MAX, &part);
        decimals = size < DECIMALS_MAX ? size : DECIMALS_MAX;
        number = number * whole_powers [decimals] + part;
        text = (span_t){text.data + size, text.size - size};
    }
    *rest = text;
    double degrees = (double) number / powers [decimals];
    return negative ? -degrees : degrees;
}


sphere_place_t
sphere_read (span_t place)
{
    double latitude = s_degrees (&place);
    return (sphere_place_t){latitude, s_degrees (&place)};
}


static double
s_steps_east (double longitude)
{
    return (longitude + 180) * (STEPS / 360.0);
}


static double
s_steps_north (double latitude)
{
    return (latitude + 90) * (STEPS / 180.0);
}


sphere_square_t
sphere_square (sphere_place_t place)
{
    uint32_t y = (uint32_t) s_steps_north (place.latitude);
    return (sphere_square_t){
        .x = (uint32_t) s_steps_east (place.longitude) & (STEPS - 1),
        .y = y < STEPS ? y : STEPS - 1,
        .size = 1};
}


sphere_from_t
sphere_from (sphere_place_t place)
{
    return (sphere_from_t){.place = place,
        .x = s_steps_east (place.longitude),
        .y = s_steps_north (place.latitude),
        .cosine = cos (place.latitude * RADIANS)};
}


//  Meridians meet at the poles: from so near to one, compared with the way, all
//  longitudes may be near

#define ALL_AROUND 0.99

//  Steps that a way is taken for too many, as it is not known to the last digit

#define MARGIN 2

sphere_part_t
sphere_around (const sphere_from_t *from, double metres)
{
    sphere_part_t part = {.width = STEPS - 1, .height = STEPS - 1};
    double way = metres / SPHERE_RADIUS;
    if (way >= M_PI / 2)
        return part;
    double north = way / (2 * HALF_NORTH) + MARGIN;
    double first = from->y > north ? from->y - north : 0;
    part.y = (uint32_t) first;
    part.height = from->y + north < STEPS
                      ? (uint32_t) (from->y + north) - part.y
                      : STEPS - 1 - part.y;
    double sine = sin (way);
    if (sine >= ALL_AROUND * from->cosine)
        return part;
    double east = asin (sine / from->cosine) / (2 * HALF_EAST) + MARGIN;
    part.x = (uint32_t) (from->x + STEPS - east) & (STEPS - 1);
    part.width = (uint32_t) (2 * east) + 1;
    return part;
}


double
sphere_far (const sphere_from_t *from, sphere_place_t place)
{
    double north = sin ((place.latitude - from->place.latitude) * RADIANS / 2);
    double east = sin ((place.longitude - from->place.longitude) * RADIANS / 2);
    return north * north +
           from->cosine * cos (place.latitude * RADIANS) * east * east;
}


//  Not more than the sine of an angle up to a right one, and nearly that: its
//  series, cut behind a term that is taken away

static double
s_sine_least (double angle)
{
    double square = angle * angle;
    return angle * (1 - square / 6 * (1 - square / 20 * (1 - square / 42)));
}


//  Return how many steps it is at least to those from first on, size of them

static double
s_steps_to (double from, double first, double size)
{
    double steps = from < first ? first - from : from - (first + size);
    return steps > STEP_ERROR ? steps - STEP_ERROR : 0;
}


//  The same around the Earth, in the shorter direction

static double
s_steps_around (double from, double first, double size)
{
    double steps = s_steps_to (from, first, size);
    double other = from < first ? s_steps_to (from + STEPS, first, size)
                                : s_steps_to (from - STEPS, first, size);
    return steps < other ? steps : other;
}


//  Two bounds.  The least of each factor: for a small square, which has nearly
//  one latitude everywhere, that is not far from the least of all.  And the way
//  to its meridian, which is more where meridians meet

double
sphere_far_least (const sphere_from_t *from, sphere_square_t square)
{
    double size = square.size;
    double half_east = s_steps_around (from->x, square.x, size) * HALF_EAST;
    double north =
        s_sine_least (s_steps_to (from->y, square.y, size) * HALF_NORTH);
    double east = s_sine_least (half_east);
    double pole = square.y < STEPS - square.y - square.size
                      ? square.y
                      : STEPS - square.y - square.size;
    double cosine = s_sine_least (pole * (2 * HALF_NORTH));
    double far = north * north + from->cosine * cosine * east * east;
    double way = from->cosine *
                 s_sine_least (half_east < M_PI_4 ? 2 * half_east : M_PI_2) / 2;
    return (far > way * way ? far : way * way) * BOUND_PART;
}


double
sphere_far_of (double metres)
{
    double half =
        sin (metres < SPHERE_FARTHEST ? metres / SPHERE_RADIUS / 2 : M_PI / 2);
    return half * half;
}


double
sphere_metres_of (double far)
{
    return 2 * SPHERE_RADIUS * asin (sqrt (far < 1 ? far : 1));
}
