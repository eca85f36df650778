/*  =========================================================================
    area - which locations a follower wants
    =========================================================================
*/

#ifndef FOLLOW_AREA_H
#define FOLLOW_AREA_H

#include "table/near.h"

typedef enum {
    AREA_ALL,     //  Of all clients
    AREA_CLIENT,  //  Of one
    AREA_CIRCLE,  //  Those no farther from a place than so many metres
    AREA_BOX
} area_kind_t;

typedef struct {
    area_kind_t kind;
    span_t client;         //  Of AREA_CLIENT; borrowed
    sphere_place_t place;  //  Of AREA_CIRCLE
    double metres;         //
    near_box_t box;        //  Of AREA_BOX
} area_t;

//  Return true if the location is inside.
bool
area_has (const area_t *self, const location_t *location);

//  Give each client inside to each, limit at most; but of AREA_ALL none.  The
//  table has to keep who is near, unless the area is of a client.  *looks, at
//  cells and records, are counted down.  Returns how many there are, limit + 1
//  if there are more or no looks were left.
typedef void (area_fn) (void *context, span_t client);
size_t
area_find (const area_t *self, const table_t *table, size_t limit,
    size_t *looks, area_fn *each, void *context);

#endif
