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

//  A circle or a box, prepared for many questions.
typedef struct {
    const area_t *area;  //  Borrowed
    sphere_from_t from;  //  Of a circle
    double far;          //
    double degrees;      //  None is inside whose latitude differs more
} area_scope_t;

void
area_prepare (area_scope_t *self, const area_t *area);

//  Return true if the place is inside.
bool
area_covers (const area_scope_t *self, sphere_place_t place);

//  Looks, at cells and records, of a search in one turn, which take about two
//  milliseconds; and the most for a single cell.
#define AREA_LOOKS 4096
#define AREA_LOOKS_MAX 196608

//  A search for who is inside.
typedef struct {
    size_t looks;         //  That are next, AREA_LOOKS first; 0 = it is over
    near_cursor_t found;  //  Up to here; first all zero
} area_search_t;

//  Take the search's looks, and give each client that they find inside to each;
//  but of AREA_ALL none.  The table has to keep who is near, unless the area is
//  of a client.  Who stays where it is meanwhile is found once.  If one cell
//  needs more than these looks, the search has twice as many the next time;
//  the caller ends it when that is too much.
typedef void (area_fn) (void *context, span_t client);
void
area_find (const area_t *self, const table_t *table, area_search_t *search,
    area_fn *each, void *context);

#endif
