/*  =========================================================================
    followers - those that follow a table, together

    What follow/follower opens of them is declared there.
    =========================================================================
*/

#ifndef FOLLOW_FOLLOWERS_H
#define FOLLOW_FOLLOWERS_H

#include "follow/drops.h"
#include "follow/follower.h"
#include "follow/glances.h"

struct followers_t {
    table_t *table;  //  Borrowed
    size_t count;
    size_t areas;     //  Of these, those that are told who is gone
    size_t size;      //  Bytes of who is inside
    size_t size_max;  //
    drops_t *drops;   //  Since there were any of these
    glances_t *glances;
};

#endif
