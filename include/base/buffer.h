/*  =========================================================================
    buffer - memory that grows, and bytes that wait, first in, first out

    What grows one by one is made room for with buffer_grow.  A buffer_t also
    shrinks: it takes no memory for nothing, and for more at most four times
    what waits.
    =========================================================================
*/

#ifndef BASE_BUFFER_H
#define BASE_BUFFER_H

#include "base/span.h"

//  Return the memory with room for count things of the size: it is *room of
//  them large, or NULL and 0 at first, and made twice as large when it is too
//  small, so that a thing is moved about once.  Without memory it ends the
//  process.
void *
buffer_grow (void *memory, size_t *room, size_t count, size_t size);

//  Part of the owner's structure; all zero is empty.
typedef struct {
    char *data;
    size_t start;  //  Of what waits
    size_t end;    //
    size_t room;   //  Bytes allocated
} buffer_t;

//  Put a copy of the bytes behind what waits.
void
buffer_add (buffer_t *self, span_t bytes);

//  Return what waits, good until the next call.
span_t
buffer_all (const buffer_t *self);

//  Take so many bytes off its front.
void
buffer_drop (buffer_t *self, size_t size);

//  Free what waits; *self is empty again.
void
buffer_clear (buffer_t *self);

#endif
