/*  =========================================================================
    follower - one who is told where clients are, from now on

    A cursor in the changes, and nothing else that grows with them: who is slow
    is told fewer locations, and newer ones.  A follower of an area is told who
    enters and leaves it, too, and who of those inside expires.  For that it
    keeps their hashes, inside_max at most.  It begins with all that are inside,
    and does so anew if it looks so late that who was dropped is forgotten.
    One that thins is told of one in 2, 4, 8... of the clients inside, always
    the same ones, where there would be more than inside_max.

    Who follows all is told no expiry.  It begins with the whole table, or where
    it was before: each event has a position.

    A record that is put or dropped costs the same however many follow.  Each
    of them looks at it when it asks what is next.
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
    FOLLOWER_CROWDED    //  More are inside than inside_max, or than there is
                        //  memory for; or they can't be found.  It is the end
} follower_kind_t;

//  What a follower is told.  Texts are good until the next call with it or with
//  the table.
typedef struct {
    follower_kind_t kind;
    size_t inside;             //  Of FOLLOWER_AFRESH, _CROWDED
    uint64_t thinned;          //  Of FOLLOWER_AFRESH: one in so many is told of
    span_t client;             //  Of those who are told of a client
    location_t location;       //  The same, but FOLLOWER_GONE
    copy_position_t position;  //  Of who was told up to here
} follower_event_t;

//  Make the one crowd of a table, of nobody.  The table is borrowed, and tells
//  it of clients that are dropped.  Who is inside of all areas together takes
//  size_max bytes, of which each follower has about 16 a client.  Never returns
//  NULL.
followers_t *
followers_new (table_t *table, size_t size_max);

//  Free it, once all its followers are destroyed, and set *self_p to NULL.
void
followers_destroy (followers_t **self_p);

//  Return how many there are, and the bytes of who is inside.
size_t
followers_count (const followers_t *self);
size_t
followers_size (const followers_t *self);

//  Make a follower of an area, which is copied.  If it thins, one that follows
//  all begins as others do, too, and one of an area may leave it to
//  follower_next to find the rest of those inside.  Returns NULL, and *full, if
//  there is no memory for it; or NULL if it does not thin, and more than
//  inside_max are inside, or AREA_LOOKS_MAX looks did not find all.
follower_t *
follower_new (followers_t *crowd, const area_t *area, size_t inside_max,
    bool thins, bool *full);

//  Free it and set *self_p to NULL.
void
follower_destroy (follower_t **self_p);

//  Who follows all goes on from a position, as an event had it.  Returns false,
//  and it begins with the whole table, if this process never had the position.
bool
follower_resume (follower_t *self, copy_position_t position);

//  Who follows all goes on with what is new from now on.
void
follower_skip (follower_t *self);

//  Return true if there may be something to tell.
bool
follower_has_next (const follower_t *self);

//  Return true and the next event; or false, if there is none, or *looks, at
//  records and at who was dropped, which are counted down, are used up: then
//  follower_has_next tells.  Looks for who is inside, as many as follow/area
//  has for a turn, use up all.
bool
follower_next (follower_t *self, follower_event_t *event, size_t *looks);

#endif
