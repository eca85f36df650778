/*  =========================================================================
    listener - who follows a server's table, and keeps what it is told

    One follows all clients, and one those in a box.  They read now and then,
    hang up, and come back where they were; a server that starts again they
    follow anew.  When they have read all there is, the one has the newest of
    every client that the server knows, the other just those in the box.
    =========================================================================
*/

#ifndef SIM_LISTENER_H
#define SIM_LISTENER_H

#include "follow/follower.h"

#include "sim/chance.h"

typedef struct listener_t listener_t;

//  Make both; they follow nobody.  Never returns NULL.
listener_t *
listener_new (uint64_t seed);

//  Free them and set *self_p to NULL.
void
listener_destroy (listener_t **self_p);

//  Follow this table, which keeps who is near, and is new; or, while it still
//  is there, none.
void
listener_begin (listener_t *self, table_t *table);
void
listener_end (listener_t *self);

//  To be called now and then: read some, hang up, or come back.
void
listener_turn (listener_t *self);

//  Read all there is.  Returns what is wrong then, or NULL.
const char *
listener_judge (listener_t *self);

#endif
