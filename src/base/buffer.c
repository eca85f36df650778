/*  =========================================================================
    buffer - memory that grows, and bytes that wait, first in, first out
    =========================================================================
*/

#include "base/buffer.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define ROOM_LEAST 1000

//  What grows takes at least so many bytes
#define GROWN_LEAST 128


void *
buffer_grow (void *memory, size_t *room, size_t count, size_t size)
{
    if (count <= *room)
        return memory;
    size_t larger = *room ? 2 * *room : GROWN_LEAST / size;
    if (larger < count)
        larger = count;
    assert (larger <= SIZE_MAX / size);
    memory = realloc (memory, larger * size);
    assert (memory);
    *room = larger;
    return memory;
}


//  Move what waits to the front of so much room, or ROOM_LEAST

static void
s_fit (buffer_t *self, size_t room)
{
    self->end -= self->start;
    if (self->start)
        memmove (self->data, self->data + self->start, self->end);
    self->start = 0;
    self->room = room > ROOM_LEAST ? room : ROOM_LEAST;
    self->data = realloc (self->data, self->room);
    assert (self->data);
}


//  What comes first gets the room it needs; what grows, or shrinks, twice that,
//  so that no byte is moved often

void
buffer_add (buffer_t *self, span_t bytes)
{
    size_t waiting = self->end - self->start;
    if (bytes.size == 0)
        return;
    if (self->end + bytes.size > self->room)
        s_fit (self, (waiting + bytes.size) * (waiting ? 2 : 1));
    memcpy (self->data + self->end, bytes.data, bytes.size);
    self->end += bytes.size;
}


span_t
buffer_all (const buffer_t *self)
{
    return (span_t){
        self->data ? self->data + self->start : NULL, self->end - self->start};
}


void
buffer_drop (buffer_t *self, size_t size)
{
    assert (size <= self->end - self->start);
    self->start += size;
    size_t waiting = self->end - self->start;
    if (waiting == 0)
        buffer_clear (self);
    else if (waiting < self->room / 4 && self->room > ROOM_LEAST)
        s_fit (self, waiting * 2);
}


void
buffer_clear (buffer_t *self)
{
    free (self->data);
    *self = (buffer_t){NULL, 0, 0, 0};
}
