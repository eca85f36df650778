/*  =========================================================================
    near - questions about where clients are

    Who is nearest to a place, and who is in a box, by the places as they were
    sent, no step rounded.  A question costs what it finds, not what there is:
    it looks at the cells around a place, nearest first, and at those in a box,
    in an order that depends on nothing but places and the herd's key.  No
    question costs more than the looks it is given, and what it takes to bring
    the cells up to date: there the memory of records may move, as in table_put.
    =========================================================================
*/

#ifndef TABLE_NEAR_H
#define TABLE_NEAR_H

#include "table/sphere.h"
#include "table/table.h"

//  Return true if table_keep_near was said: nothing else may be asked if not.
bool
near_is_kept (const table_t *table);

//  The record of a client, and how far it is.
typedef struct {
    double metres;
    span_t line;  //  The AT line, good until the next table_put or table_drop
} near_found_t;

//  Find the clients nearest to a place, limit at most, of those no farther than
//  so many metres, and sort them, the nearest first.  *looks, at cells and
//  records, are counted down; if none is left, who was not looked at may be
//  nearer than those found.  Of those equally far, any may be found.
//  Returns how many were.
size_t
near_find (const table_t *table, sphere_place_t place, double metres,
    near_found_t *found, size_t limit, size_t *looks);

//  Degrees, the edges included.  If west is more than east, the box crosses the
//  date line.
typedef struct {
    double west;
    double south;
    double east;
    double north;
} near_box_t;

//  Return true if the place is in the box.
bool
near_box_has (const near_box_t *box, sphere_place_t place);

//  Where a walk over a box is: before the client with these numbers, and those
//  after it.  It begins with zeros, and is the same at all servers of a herd.
typedef struct {
    uint64_t square;  //  Bits of y and x, y first, from the highest on
    uint64_t order;   //  Among those of one square
} near_cursor_t;

//  Find the next clients in the box, limit at most, and put the cursor behind
//  them.  They are fewer if there are no more, or if *looks, which are counted
//  down, are used up: then the cursor is where to go on; if it is where it was,
//  too many are in one cell.  A client that stays in the box while it is walked
//  over, and where it is, is found once.  Returns how many were found.
size_t
near_in_box (const table_t *table, const near_box_t *box, near_cursor_t *cursor,
    span_t *lines, size_t limit, size_t *looks);

#endif
