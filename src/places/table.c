/*  =========================================================================
    table - a file of tab-separated lines, packed or not
    =========================================================================
*/

#include "places/table.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <czmq.h>
#include <zlib.h>

#define SIZE_FIRST (1 << 20)
#define SIZE_LIMIT (1 << 30)
#define TOLD_MAX 10

struct table_t {
    char *file;
    char *data;
    span_t rest;    //  Of data, not cut yet
    size_t number;  //  Of the line cut last, from 1
    size_t bad_lines;
};


//  The size is not known before it is unpacked, so the room is doubled; a
//  packed file that was cut short is only told of on closing.

static bool
s_read (table_t *self, gzFile stream)
{
    size_t room = SIZE_FIRST;
    size_t size = 0;
    int got;
    self->data = zmalloc (room);
    while ((got = gzread (
                stream, self->data + size, (unsigned) (room - size))) > 0) {
        size += (size_t) got;
        if (size == room && room < SIZE_LIMIT) {
            room *= 2;
            self->data = realloc (self->data, room);
            assert (self->data);
        }
    }
    self->rest = (span_t){self->data, size};
    return gzclose (stream) == Z_OK && got == 0 && size < room;
}


table_t *
table_new (const char *file)
{
    errno = 0;
    gzFile stream = gzopen (file, "rb");
    if (!stream) {
        fprintf (stderr, "%s: %s\n", file, strerror (errno));
        return NULL;
    }
    table_t *self = zmalloc (sizeof (table_t));
    self->file = strdup (file);
    assert (self->file);
    if (!s_read (self, stream)) {
        fprintf (stderr, "%s: damaged, or too big\n", file);
        table_destroy (&self);
    }
    return self;
}


void
table_destroy (table_t **self_p)
{
    table_t *self = *self_p;
    if (self) {
        free (self->file);
        free (self->data);
        free (self);
        *self_p = NULL;
    }
}


size_t
table_size (const table_t *self)
{
    return self->rest.size;
}


int
table_next (table_t *self, span_t *fields, size_t count)
{
    if (self->rest.size == 0)
        return -1;
    self->number++;
    span_t line = span_until (&self->rest, '\n');
    bool is_text = line.size && !memchr (line.data, '\0', line.size);
    size_t found = 0;
    while (is_text && line.size && found < count)
        fields [found++] = span_until (&line, '\t');
    return found == count && line.size == 0;
}


void
table_complain (table_t *self, const char *wrong)
{
    self->bad_lines++;
    if (self->bad_lines <= TOLD_MAX)
        fprintf (stderr, "%s: line %zu: %s\n", self->file, self->number, wrong);
}


size_t
table_bad_lines (const table_t *self)
{
    return self->bad_lines;
}
