/*  =========================================================================
    follower - one who is told where clients are, from now on

    A cursor in the changes, and nothing else that grows with them: who is slow
    is told fewer locations, and newer ones.  A follower of an area is told who
    enters and leaves it, too, and who of those inside expires.  For that it
    keeps their hashes, inside_max at most.  It begins with all that are inside.
    Who follows all is told no expiry.  It begins with the whole table, or where
    it was before: each event has a position.
    =========================================================================
*/

#ifndef FOLLOW_FOLLOWER_H
#define FOLLOW_FOLLOWER_H

#include "follow/area.h"
#include "table/copy.h"

//  Those that follow a table.
typedef struct followers_t followers_t;

typedef struct follower_t follower_t;

typedef enum {
    FOLLOWER_AFRESH,    //  Forget all: so many are inside, who are told next
    FOLLOWER_LOCATION,  //  A client is there
    FOLLOWER_ENTER,     //  It was not inside before
    FOLLOWER_LEAVE,     //  It is not inside any more
    FOLLOWER_GONE,      //  It was inside, and expired
    FOLLOWER_CROWDED    //  More are inside than inside_max: this is the end
} follower_kind_t;

//  What a follower is told.  Texts are good until the next call with it or with
//  the table.
typedef struct {
    follower_kind_t kind;
    size_t inside;             //  Of FOLLOWER_AFRESH, _CROWDED
    span_t client;             //  Of those who are told of a client
    location_t location;       //  The same, but FOLLOWER_GONE
    copy_position_t position;  //  Of who was told up to here
} follower_event_t;

//  Make the one crowd of a table, of nobody.  The table is borrowed, and tells
//  it of clients that are dropped.  Never returns NULL.
followers_t *
followers_new (table_t *table);

//  Free it, once all its followers are destroyed, and set *self_p to NULL.
void
followers_destroy (followers_t **self_p);

//  Return how many there are.
size_t
followers_count (const followers_t *self);

//  Make a follower of an area, which is copied.  Returns NULL if more than
//  inside_max are inside, or too many cells have to be looked at for that, or
//  there is no memory.
follower_t *
follower_new (followers_t *crowd, const area_t *area, size_t inside_max);

//  Free it and set *self_p to NULL.
void
follower_destroy (follower_t **self_p);

//  Who follows all goes on from a position, as an event had it.  Returns false,
//  and it begins with the whole table, if this process never had the position.
bool
follower_resume (follower_t *self, copy_position_t position);

//  It goes on with what is new from now on.
void
follower_skip (follower_t *self);

//  Return true if there may be something to tell.
bool
follower_has_next (const follower_t *self);

//  Return true and the next event; or false, if there is none, or it took a
//  while to look: then follower_has_next says so.
bool
follower_next (follower_t *self, follower_event_t *event);

#endif
