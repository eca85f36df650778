/*  =========================================================================
    event - what goes into the core and what comes out of it
    =========================================================================
*/

#include "core/event.h"

#include "base/buffer.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOTE_SIZE_MAX 512

//  Room for text at the start, and what is kept of it once it grew
#define TEXT_ROOM_LEAST 4096
#define TEXT_ROOM_KEPT 1048576

//  The text may move while it grows, so an effect remembers where its own
//  starts
typedef struct {
    effect_t effect;
    size_t text_at;
} queued_t;

struct effects_t {
    queued_t *queue;
    size_t count;
    size_t room;
    char *text;
    size_t text_size;
    size_t text_room;
};


effects_t *
effects_new (void)
{
    effects_t *self = calloc (1, sizeof (effects_t));
    assert (self);
    self->text_room = TEXT_ROOM_LEAST;
    self->text = malloc (self->text_room);
    assert (self->text);
    return self;
}


void
effects_destroy (effects_t **self_p)
{
    effects_t *self = *self_p;
    if (self) {
        free (self->queue);
        free (self->text);
        free (self);
        *self_p = NULL;
    }
}


char *
effects_room (effects_t *self, size_t size)
{
    self->text =
        buffer_grow (self->text, &self->text_room, self->text_size + size, 1);
    return self->text + self->text_size;
}


effect_t *
effects_add (
    effects_t *self, effect_kind_t kind, uint64_t connection, size_t text_size)
{
    assert (self->text_size + text_size <= self->text_room);
    self->queue = buffer_grow (
        self->queue, &self->room, self->count + 1, sizeof (queued_t));
    queued_t *queued = &self->queue [self->count++];
    //  Filled in where it stands: a copy of what was written just before would
    //  wait for that
    //  And with no part left out, no part is zeroed first
    queued->effect = (effect_t){.kind = kind,
        .connection = connection,
        .request = 0,
        .radius_mm = 0,
        .address = {{0}},
        .peer = 0,
        .text = {NULL, text_size},
        .open_size = 0,
        .notice = 0,
        .limited = false};
    queued->text_at = self->text_size;
    self->text_size += text_size;
    return &queued->effect;
}


static effect_t *__attribute__ ((format (printf, 3, 0)))
s_note (effects_t *self, notice_t notice, const char *format, va_list arguments)
{
    char *text = effects_room (self, NOTE_SIZE_MAX);
    int size = vsnprintf (text, NOTE_SIZE_MAX, format, arguments);
    assert (size >= 0);
    effect_t *note = effects_add (self, EFFECT_NOTE, 0,
        size < NOTE_SIZE_MAX ? (size_t) size : NOTE_SIZE_MAX - 1);
    note->notice = notice;
    return note;
}


void
effects_note (effects_t *self, notice_t notice, const char *format, ...)
{
    va_list arguments;
    va_start (arguments, format);
    s_note (self, notice, format, arguments)->limited = true;
    va_end (arguments);
}


void
effects_tell (effects_t *self, notice_t notice, const char *format, ...)
{
    va_list arguments;
    va_start (arguments, format);
    s_note (self, notice, format, arguments);
    va_end (arguments);
}


void
effects_heard (effects_t *self, const char *peer)
{
    size_t size = strlen (peer);
    memcpy (effects_room (self, size), peer, size);
    effects_add (self, EFFECT_HEARD, 0, size);
}


size_t
effects_count (const effects_t *self)
{
    return self->count;
}


const effect_t *
effects_at (const effects_t *self, size_t index)
{
    assert (index < self->count);
    queued_t *queued = &self->queue [index];
    queued->effect.text.data = self->text + queued->text_at;
    return &queued->effect;
}


void
effects_clear (effects_t *self)
{
    self->count = 0;
    self->text_size = 0;
    if (self->text_room > TEXT_ROOM_KEPT) {
        self->text_room = TEXT_ROOM_LEAST;
        self->text = realloc (self->text, self->text_room);
        assert (self->text);
    }
}
