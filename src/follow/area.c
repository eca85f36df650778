/*  =========================================================================
    area - which locations a follower wants
    =========================================================================
*/

#include "follow/area.h"

#include <math.h>

//  A metre, in degrees: more than rounding can make of a distance
#define ROUNDED 1e-5

#define RADIANS (M_PI / 180)

//  Clients that are found at a time
#define FOUND_MAX 256


void
area_prepare (area_scope_t *self, const area_t *area)
{
    *self = (area_scope_t){.area = area};
    if (area->kind == AREA_CIRCLE) {
        self->from = sphere_from (area->place);
        self->far = sphere_far_of (area->metres);
        self->degrees = area->metres / SPHERE_FARTHEST * 180 + ROUNDED;
    }
}


bool
area_covers (const area_scope_t *self, sphere_place_t place)
{
    if (self->area->kind == AREA_BOX)
        return near_box_has (&self->area->box, place);
    return fabs (place.latitude - self->from.place.latitude) <= self->degrees &&
           sphere_far (&self->from, place) <= self->far;
}


static bool
s_covers (const area_t *self, sphere_place_t place)
{
    area_scope_t scope;
    area_prepare (&scope, self);
    return area_covers (&scope, place);
}


bool
area_has (const area_t *self, const location_t *location)
{
    switch (self->kind) {
    case AREA_ALL:
        return true;
    case AREA_CLIENT:
        return span_equal (self->client, location->client);
    default:
        return s_covers (self, sphere_read (location->place));
    }
}


//  Return a box with all of the circle, or the box itself.  With a pole in it,
//  a circle is all around

static near_box_t
s_box (const area_t *self)
{
    area_scope_t scope;
    near_box_t box = {-180, -90, 180, 90};
    if (self->kind == AREA_BOX)
        return self->box;
    area_prepare (&scope, self);
    double south = self->place.latitude - scope.degrees;
    double north = self->place.latitude + scope.degrees;
    if (south > -90)
        box.south = south;
    if (north < 90)
        box.north = north;
    double sine = sin (scope.degrees * RADIANS) / scope.from.cosine;
    if (south <= -90 || north >= 90 || sine >= 1)
        return box;
    double east = asin (sine) / RADIANS;
    box.west = self->place.longitude - east;
    box.east = self->place.longitude + east;
    if (box.west < -180)
        box.west += 360;
    if (box.east > 180)
        box.east -= 360;
    return box;
}


static void
s_find (const area_t *self, const table_t *table, area_search_t *search,
    area_fn *each, void *context)
{
    area_scope_t scope;
    near_box_t box = s_box (self);
    near_cursor_t before = search->found;
    size_t looks = search->looks;
    span_t lines [FOUND_MAX];
    size_t count = FOUND_MAX;
    area_prepare (&scope, self);
    while (count == FOUND_MAX && looks) {
        count =
            near_in_box (table, &box, &search->found, lines, FOUND_MAX, &looks);
        for (size_t at = 0; at < count; at++) {
            location_t location;
            location_reread (&location, lines [at]);
            if (area_covers (&scope, sphere_read (location.place)))
                each (context, location.client);
        }
    }
    bool moved = search->found.square != before.square ||
                 search->found.order != before.order;
    if (looks)
        search->looks = 0;
    else
        search->looks = moved ? AREA_LOOKS : 2 * search->looks;
}


void
area_find (const area_t *self, const table_t *table, area_search_t *search,
    area_fn *each, void *context)
{
    if (self->kind == AREA_CIRCLE || self->kind == AREA_BOX) {
        s_find (self, table, search, each, context);
        return;
    }
    search->looks = 0;
    if (self->kind == AREA_CLIENT && table_find (table, self->client, NULL))
        each (context, self->client);
}
