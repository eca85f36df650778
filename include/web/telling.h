/*  =========================================================================
    telling - what one listener is told, a block at a time
    =========================================================================
*/

#ifndef WEB_TELLING_H
#define WEB_TELLING_H

#include "web/bulletin.h"
#include "web/stream_text.h"

//  Who was told nothing for so long is sent a sign of life: that finds those
//  who are gone, and keeps proxies from ending it.
#define TELLING_BEAT_MS 15000

//  Part of the owner's structure, which sets the first five; the rest is zero.
typedef struct {
    follower_t *follower;  //  Taken over
    stream_form_t form;
    uint64_t process;      //  Of its positions
    bulletin_t *bulletin;  //  How the herd is, once a second; NULL = it is not
                           //  told.  Borrowed
    int64_t told_ms;       //  When it was told something last: now
    int64_t herd_ms;       //  When it was told how the herd is
    bool beat;             //  It is to be sent a sign of life
    bool ended;            //  Nothing is told any more but the rest
    uint64_t events;       //  That it was told
    char *rest;            //  What is to come before all else
    size_t rest_size;
    size_t rest_room;
    size_t rest_at;
} telling_t;

//  Begin with the head of its form, which differs with the number.
void
telling_begin (telling_t *self, uint64_t number);

//  Free what it holds.
void
telling_clear (telling_t *self);

//  Return true if there is something to tell.  Looks for it, as follower_next
//  has it, and says by *looks if there may be more to look at.
bool
telling_seek (telling_t *self, int64_t now_ms, size_t *looks);

//  Write what there is to tell, as much as the block of so many bytes takes,
//  and the looks find.  Returns the size.
size_t
telling_write (
    telling_t *self, int64_t now_ms, char *block, size_t room, size_t *looks);

#endif
