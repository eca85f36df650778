/*  =========================================================================
    share - how much each connection may have waiting

    What waits - commands not taken, replies not sent, replies that the core
    keeps - is limited for all connections together.  Each may have as much
    waiting as is left for all, SHARE_LEAST at least: so the less is left, the
    less those may have who have most, and who has little notices nothing.
    =========================================================================
*/

#ifndef CONNECTIONS_SHARE_H
#define CONNECTIONS_SHARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

//  Bytes that each may have waiting, whatever all others have.
#define SHARE_LEAST 4096

//  Tells how many bytes the core keeps for a connection or, for 0, for all.
typedef size_t (share_kept_fn) (void *context, uint64_t connection);

//  Part of the owner's structure, who fills it in.
typedef struct {
    size_t size_max;      //  Bytes that all may have waiting
    size_t size;          //  Bytes there are, but for those the core keeps
    share_kept_fn *kept;  //  Called with context; NULL = the core keeps none
    void *context;
} share_t;

//  Return what waits for all.
size_t
share_used (const share_t *self);

//  Return true if that is more than half of what may be.  Until then nobody can
//  have more than is left.
bool
share_is_tight (const share_t *self);

//  Return true if the connection, which has so many bytes besides those that
//  the core keeps, has more than it may have.
bool
share_is_over (const share_t *self, uint64_t connection, size_t size);

#endif
