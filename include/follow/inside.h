/*  =========================================================================
    inside - who is inside of an area

    A set of clients' hashes, 8 bytes each: open addressing in a table that is
    at most three quarters full.
    =========================================================================
*/

#ifndef FOLLOW_INSIDE_H
#define FOLLOW_INSIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

//  Part of the owner's structure; all zero is nobody.
typedef struct {
    uint64_t *slots;  //  0 is free, 1 was taken
    size_t room;      //  Slots there are, a power of two or none
    size_t used;      //  Slots that are not free
    size_t count;     //  Clients
} inside_t;

//  Free what *self holds: nobody is inside.
void
inside_clear (inside_t *self);

//  Return the bytes it holds.
size_t
inside_size (const inside_t *self);

//  Return true if the client is in the sample of one in so many, a power of
//  two.  It is always the same; one in twice as many is half of it.
bool
inside_is_sample (uint64_t hash, uint64_t one_of);

//  Keep only the sample.
void
inside_thin (inside_t *self, uint64_t one_of);

//  Return the client's slot, or room if it is not in the set.
size_t
inside_find (const inside_t *self, uint64_t hash);

//  Put the client into the set, or take it out.  Returns false if it was there
//  before, or was not.
bool
inside_add (inside_t *self, uint64_t hash);
bool
inside_remove (inside_t *self, uint64_t hash);

//  Find the next client from slot *at on, and move *at behind it.  Returns
//  false if there is none.  Who is taken out meanwhile is not found; if one is
//  put in, begin anew.
bool
inside_next (const inside_t *self, size_t *at, uint64_t *hash);

#endif
