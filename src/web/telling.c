/*  =========================================================================
    telling - what one listener is told, a block at a time
    =========================================================================
*/

#include "web/telling.h"

#include "base/buffer.h"

#include <stdlib.h>
#include <string.h>


void
telling_begin (telling_t *self, uint64_t number)
{
    self->rest_size =
        stream_head (self->form, number, &self->rest, &self->rest_room).size;
}


void
telling_clear (telling_t *self)
{
    follower_destroy (&self->follower);
    free (self->rest);
    self->rest = NULL;
}


//  Give the block as much of the rest as it takes

static size_t
s_flush (telling_t *self, char *block, size_t room)
{
    size_t size = self->rest_size - self->rest_at;
    if (size > room)
        size = room;
    if (size)
        memcpy (block, self->rest + self->rest_at, size);
    self->rest_at += size;
    if (self->rest_at == self->rest_size)
        self->rest_at = self->rest_size = 0;
    return size;
}


//  There is no rest: this is it

static void
s_keep (telling_t *self, span_t text)
{
    self->rest = buffer_grow (self->rest, &self->rest_room, text.size, 1);
    memcpy (self->rest, text.data, text.size);
    self->rest_size = text.size;
}


//  Give the text to the block, and keep what does not fit

static size_t
s_give (telling_t *self, span_t text, char *block, size_t room)
{
    size_t size = text.size < room ? text.size : room;
    memcpy (block, text.data, size);
    if (size < text.size)
        s_keep (self, (span_t){text.data + size, text.size - size});
    return size;
}


//  However much it has to say beside

static bool
s_is_herd_due (const telling_t *self, int64_t now_ms)
{
    return self->bulletin && !self->ended &&
           now_ms - self->herd_ms >= BULLETIN_MS;
}


//  Write the next event to a buffer of STREAM_TEXT_SIZE_MAX.  Returns the size,
//  or 0 if there is none

static size_t
s_print_next (telling_t *self, char *text, size_t *looks)
{
    follower_event_t event;
    if (self->ended || !follower_next (self->follower, &event, looks))
        return 0;
    self->events++;
    self->ended = event.kind == FOLLOWER_CROWDED;
    return stream_print (self->form, &event, self->process, text);
}


bool
telling_seek (telling_t *self, int64_t now_ms, size_t *looks)
{
    char text [STREAM_TEXT_SIZE_MAX];
    self->beat = now_ms - self->told_ms >= TELLING_BEAT_MS;
    if (self->rest_size || self->beat || s_is_herd_due (self, now_ms))
        return true;
    size_t size = s_print_next (self, text, looks);
    if (size)
        s_keep (self, (span_t){text, size});
    return size > 0;
}


size_t
telling_write (
    telling_t *self, int64_t now_ms, char *block, size_t room, size_t *looks)
{
    char text [STREAM_TEXT_SIZE_MAX];
    size_t written = 1;
    size_t size = s_flush (self, block, room);
    if (self->beat && size < room) {
        self->beat = false;
        size +=
            s_give (self, stream_beat (self->form), block + size, room - size);
    }
    if (s_is_herd_due (self, now_ms) && size < room) {
        self->herd_ms = now_ms;
        size += s_give (self, bulletin_event (self->bulletin, now_ms),
            block + size, room - size);
    }
    while (size < room && (written = s_print_next (self, text, looks)))
        size +=
            s_give (self, (span_t){text, written}, block + size, room - size);
    if (size)
        self->told_ms = now_ms;
    return size;
}
