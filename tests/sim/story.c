/*  =========================================================================
    story - what happened, for comparing and for reading
    =========================================================================
*/

#include "sim/story.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define LINE_SIZE_MAX 700
#define LAST_LINES 60

#define FNV_START UINT64_C (0xcbf29ce484222325)
#define FNV_PRIME UINT64_C (0x100000001b3)

typedef struct {
    int64_t at_us;
    char text [LINE_SIZE_MAX];
} line_t;

struct story_t {
    bool trace;
    uint64_t hash;
    line_t last [LAST_LINES];  //  A ring
    size_t count;
    char *notes;  //  Since they were last compared
    size_t notes_size;
    size_t notes_room;
};


story_t *
story_new (bool trace)
{
    story_t *self = calloc (1, sizeof (story_t));
    assert (self);
    self->trace = trace;
    self->hash = FNV_START;
    self->notes_room = LINE_SIZE_MAX;
    self->notes = calloc (1, self->notes_room);
    assert (self->notes);
    return self;
}


void
story_destroy (story_t **self_p)
{
    story_t *self = *self_p;
    if (self) {
        free (self->notes);
        free (self);
        *self_p = NULL;
    }
}


static void
s_print (const line_t *line, FILE *file)
{
    fprintf (file, "# %9.3f ms  %s\n", (double) line->at_us / 1000, line->text);
}


//  Take in the line that stands next in the ring

static const char *
s_add (story_t *self, int64_t now_us)
{
    line_t *line = &self->last [self->count++ % LAST_LINES];
    line->at_us = now_us;
    story_mix (self, span_of (line->text));
    story_mix_number (self, (uint64_t) now_us);
    if (self->trace)
        s_print (line, stderr);
    return line->text;
}


void
story_note (story_t *self, int64_t now_us, const char *server, span_t text)
{
    char *line = self->last [self->count % LAST_LINES].text;
    snprintf (
        line, LINE_SIZE_MAX, "%s * %.*s", server, (int) text.size, text.data);
    s_add (self, now_us);

    size_t size = strlen (line);
    if (self->notes_size + size + 2 > self->notes_room) {
        self->notes_room = (self->notes_size + size + 2) * 2;
        self->notes = realloc (self->notes, self->notes_room);
        assert (self->notes);
    }
    memcpy (self->notes + self->notes_size, line, size);
    self->notes_size += size;
    memcpy (self->notes + self->notes_size++, "\n", 2);
}


void
story_tell (story_t *self, int64_t now_us, const char *format, ...)
{
    char *line = self->last [self->count % LAST_LINES].text;
    va_list arguments;
    va_start (arguments, format);
    vsnprintf (line, LINE_SIZE_MAX, format, arguments);
    va_end (arguments);
    s_add (self, now_us);
}


void
story_mix (story_t *self, span_t bytes)
{
    //  Eight bytes a step: this sees every message
    uint64_t hash = self->hash ^ bytes.size;
    while (bytes.size) {
        uint64_t word = 0;
        size_t size = bytes.size < sizeof (word) ? bytes.size : sizeof (word);
        memcpy (&word, bytes.data, size);
        hash = (hash ^ word) * FNV_PRIME;
        hash ^= hash >> 32;
        bytes = (span_t){bytes.data + size, bytes.size - size};
    }
    self->hash = hash;
}


void
story_mix_number (story_t *self, uint64_t number)
{
    story_mix (self, (span_t){(const char *) &number, sizeof (number)});
}


uint64_t
story_hash (const story_t *self)
{
    return self->hash;
}


bool
story_matches (story_t *self, const char *lines)
{
    bool same = strcmp (self->notes, lines) == 0;
    if (!same)
        fprintf (stderr, "# told:\n%s# expected:\n%s", self->notes, lines);
    self->notes_size = 0;
    self->notes [0] = 0;
    return same;
}


void
story_print (const story_t *self, FILE *file)
{
    size_t at = self->count > LAST_LINES ? self->count - LAST_LINES : 0;
    for (; at < self->count; at++)
        s_print (&self->last [at % LAST_LINES], file);
}
