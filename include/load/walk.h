/*  =========================================================================
    walk - the ids of one connection, in an order of no use to a cache

    Ids are dealt out to the connections: of c connections the first has ids
    0, c, 2c and so on.  So a client's IAMATs go over one connection, and none
    overtakes another.  With fewer ids than connections some share one.
    =========================================================================
*/

#ifndef LOAD_WALK_H
#define LOAD_WALK_H

#include <stdint.h>

//  Part of the owner's structure.
typedef struct {
    uint32_t first;   //  Id
    uint32_t stride;  //  From one of ours to the next
    uint32_t count;   //  Ids of ours, at least 1
    uint32_t at;      //  Index of the next
    uint32_t step;    //  From index to index, prime to count
} walk_t;

//  Begin with the ids of one of so many connections.
void
walk_init (
    walk_t *self, uint32_t connection, uint32_t connections, uint32_t ids);

//  Return the next id.  In count calls each comes once.
uint32_t
walk_next (walk_t *self);

#endif
