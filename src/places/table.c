/*  =========================================================================
    table - a file of lines or records, packed or not, one after the other
    =========================================================================
*/

#include "places/table.h"

#include <assert.h>
#include <czmq.h>
#include <zlib.h>

#define ROOM_FIRST (1 << 20)
#define TOLD_MAX 10
#define RECORD_SEPARATOR '\x1e'

struct table_t {
    char *file;
    gzFile stream;
    int64_t file_size;  //  0 if it is not known
    char *data;
    size_t room;
    size_t start;  //  Of what was not cut yet, in data
    size_t end;
    char separator;  //  Between records, or NUL before the first
    bool ended;      //  There is no more to read
    bool broken;
    size_t line;       //  First one of the record read last, from 1
    size_t line_next;  //  First one after it
    size_t bad_lines;
};


table_t *
table_new (const char *file)
{
    struct stat about;
    int fd = streq (file, "-") ? dup (STDIN_FILENO) : open (file, O_RDONLY);
    if (fd >= 0 && fstat (fd, &about) == 0 && S_ISDIR (about.st_mode)) {
        close (fd);
        fd = -1;
        errno = EISDIR;
    }
    gzFile stream = fd < 0 ? NULL : gzdopen (fd, "rb");
    if (!stream) {
        fprintf (stderr, "%s: %s\n", file, strerror (errno));
        return NULL;
    }
    gzbuffer (stream, ROOM_FIRST);
    table_t *self = zmalloc (sizeof (table_t));
    self->file = strdup (file);
    assert (self->file);
    self->stream = stream;
    self->file_size = S_ISREG (about.st_mode) ? about.st_size : 0;
    self->room = ROOM_FIRST;
    self->data = zmalloc (self->room);
    self->line_next = 1;
    return self;
}


void
table_destroy (table_t **self_p)
{
    table_t *self = *self_p;
    if (self) {
        if (self->stream)
            gzclose (self->stream);
        free (self->file);
        free (self->data);
        free (self);
        *self_p = NULL;
    }
}


//  A packed file that was cut short is only told of on closing

static void
s_end (table_t *self, bool broken)
{
    self->ended = true;
    self->broken = gzclose (self->stream) != Z_OK || broken;
    self->stream = NULL;
}


//  Read more behind what there is, making room if need be

static void
s_fill (table_t *self)
{
    if (self->start > 0) {
        memmove (self->data, self->data + self->start, self->end - self->start);
        self->end -= self->start;
        self->start = 0;
    }
    if (self->end == self->room) {
        self->room += self->room / 2 + ROOM_FIRST;
        self->data = realloc (self->data, self->room);
        assert (self->data);
    }
    int got = gzread (self->stream, self->data + self->end,
        (unsigned) (self->room - self->end));
    if (got > 0)
        self->end += (size_t) got;
    else
        s_end (self, got < 0);
}


//  Decide by the first byte what stands between records

static bool
s_begin (table_t *self)
{
    while (!self->ended && self->start == self->end)
        s_fill (self);
    if (self->start == self->end)
        return false;
    if (!self->separator) {
        bool is_sequence = *self->data == RECORD_SEPARATOR;
        self->separator = is_sequence ? RECORD_SEPARATOR : '\n';
        self->start += is_sequence;
    }
    return true;
}


static size_t
s_count_lines (span_t text)
{
    size_t count = 0;
    while (memchr (text.data, '\n', text.size)) {
        span_until (&text, '\n');
        count++;
    }
    return count;
}


//  Cut size bytes and a separator off the front of what was read

static span_t
s_cut (table_t *self, size_t size)
{
    span_t record = {self->data + self->start, size};
    self->line_next += s_count_lines (record);
    self->start += size;
    if (self->start < self->end) {
        self->line_next += self->separator == '\n';
        self->start++;
    }
    return record;
}


int
table_read (table_t *self, span_t *record)
{
    self->line = self->line_next;
    if (!s_begin (self))
        return -1;
    bool is_long = false;
    size_t seen = 0;
    const char *found = NULL;
    for (;;) {
        const char *start = self->data + self->start;
        found = memchr (
            start + seen, self->separator, self->end - self->start - seen);
        if (found || self->ended)
            break;
        seen = self->end - self->start;
        if (seen >= TABLE_RECORD_MAX) {
            is_long = true;
            s_cut (self, seen);
            seen = 0;
        }
        s_fill (self);
    }
    if (self->broken)
        return -1;
    size_t size = self->end - self->start;
    if (found)
        size = (size_t) (found - (self->data + self->start));
    *record = s_cut (self, size);
    return !is_long && !memchr (record->data, '\0', record->size);
}


bool
table_is_whole (const table_t *self)
{
    return self->ended && !self->broken;
}


int
table_percent (table_t *self)
{
    if (!self->file_size || !self->stream)
        return self->file_size ? 100 : -1;
    return (int) (gzoffset (self->stream) * INT64_C (100) / self->file_size);
}


void
table_complain (table_t *self, const char *wrong)
{
    self->bad_lines++;
    if (self->bad_lines <= TOLD_MAX)
        fprintf (stderr, "%s: line %zu: %s\n", self->file, self->line, wrong);
}


size_t
table_bad_lines (const table_t *self)
{
    return self->bad_lines;
}
