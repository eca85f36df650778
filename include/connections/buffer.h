/*  =========================================================================
    buffer - bytes that wait, first in, first out

    Takes no memory for nothing, and for more at most four times what waits.
    =========================================================================
*/

#ifndef CONNECTIONS_BUFFER_H
#define CONNECTIONS_BUFFER_H

#include "base/span.h"

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
