/*  =========================================================================
    area - which locations a follower wants
    =========================================================================
*/

#include "follow/area.h"

#include <assert.h>
#include <stdlib.h>


static bool
s_is_near (const area_t *self, sphere_place_t place)
{
    sphere_from_t from = sphere_from (self->place);
    return sphere_far (&from, place) <= sphere_far_of (self->metres);
}


bool
area_has (const area_t *self, const location_t *location)
{
    switch (self->kind) {
    case AREA_ALL:
        return true;
    case AREA_CLIENT:
        return span_equal (self->client, location->client);
    case AREA_CIRCLE:
        return s_is_near (self, sphere_read (location->place));
    default:
        return near_box_has (&self->box, sphere_read (location->place));
    }
}


static span_t
s_client (span_t line)
{
    location_t location;
    location_reread (&location, line);
    return location.client;
}


static size_t
s_find_circle (const area_t *self, const table_t *table, size_t limit,
    size_t *looks, area_fn *each, void *context)
{
    near_found_t *found = malloc ((limit + 1) * sizeof (near_found_t));
    assert (found);
    size_t count =
        near_find (table, self->place, self->metres, found, limit + 1, looks);
    for (size_t at = 0; at < count && at < limit; at++)
        each (context, s_client (found [at].line));
    free (found);
    return *looks ? count : limit + 1;
}


static size_t
s_find_box (const area_t *self, const table_t *table, size_t limit,
    size_t *looks, area_fn *each, void *context)
{
    near_cursor_t cursor = {0};
    size_t count = 0;
    span_t line;
    while (near_next (table, &self->box, &cursor, &line, looks))
        if (count++ == limit)
            return count;
        else
            each (context, s_client (line));
    return *looks ? count : limit + 1;
}


size_t
area_find (const area_t *self, const table_t *table, size_t limit,
    size_t *looks, area_fn *each, void *context)
{
    bool known = false;
    switch (self->kind) {
    case AREA_ALL:
        return 0;
    case AREA_CLIENT:
        known = table_find (table, self->client, NULL);
        if (known)
            each (context, self->client);
        return known;
    case AREA_CIRCLE:
        return s_find_circle (self, table, limit, looks, each, context);
    default:
        return s_find_box (self, table, limit, looks, each, context);
    }
}
