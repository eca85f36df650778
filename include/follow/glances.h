/*  =========================================================================
    glances - where the latest changes are, read once for all followers

    Each follower looks at each change, so a look costs followers times changes.
    A line is read for the first follower; the others find its place and its
    client's hash here.
    =========================================================================
*/

#ifndef FOLLOW_GLANCES_H
#define FOLLOW_GLANCES_H

#include "table/sphere.h"
#include "table/table.h"

//  Changes that are remembered, a power of two.
#define GLANCES 4096

typedef struct {
    uint64_t lsn;
    uint64_t hash;  //  Of its client
    sphere_place_t place;
} glance_t;

typedef struct glances_t glances_t;

//  Remember nothing of the table, which is borrowed.  Never returns NULL.  Or
//  free it and set *self_p to NULL.
glances_t *
glances_new (const table_t *table);
void
glances_destroy (glances_t **self_p);

//  Return what there is to know of the table's record, good until the next
//  call.
const glance_t *
glances_at (glances_t *self, const table_record_t *record);

#endif
