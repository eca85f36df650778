/*  =========================================================================
    records - a file of lines or records, packed or not, one after the other
    =========================================================================
*/

#include "places/records.h"

#include "base/buffer.h"
#include "places/splitter.h"

#include <assert.h>
#include <czmq.h>
#include <zlib.h>

#define ROOM_FIRST (1 << 20)
#define TOLD_MAX 10
#define UTF16_LITTLE "\xff\xfe"
#define UTF16_BIG "\xfe\xff"

struct records_t {
    char *file;
    gzFile stream;
    int64_t file_size;  //  0 if it is not known
    splitter_t *splitter;
    char *data;
    size_t room;
    size_t start;  //  Of what was not read yet, in data
    size_t end;
    bool ended;         //  There is no more to read
    const char *wrong;  //  Or NULL
    size_t line;        //  Where the record read last begins, from 1
    size_t byte;        //  Of its line, or 0 if it is the line's first record
    size_t line_next;   //  Where we are
    size_t byte_next;   //
    size_t bad_lines;
};


records_t *
records_new (const char *file)
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
    records_t *self = zmalloc (sizeof (records_t));
    self->file = strdup (file);
    assert (self->file);
    self->stream = stream;
    self->file_size = S_ISREG (about.st_mode) ? about.st_size : 0;
    self->splitter = splitter_new (RECORDS_SIZE_MAX);
    self->room = ROOM_FIRST;
    self->data = zmalloc (self->room);
    self->line_next = 1;
    self->byte_next = 1;
    return self;
}


void
records_destroy (records_t **self_p)
{
    records_t *self = *self_p;
    if (self) {
        if (self->stream)
            gzclose (self->stream);
        splitter_destroy (&self->splitter);
        free (self->file);
        free (self->data);
        free (self);
        *self_p = NULL;
    }
}


//  A packed file that was cut short is only told of on closing

static void
s_end_file (records_t *self, bool broken)
{
    self->ended = true;
    if (gzclose (self->stream) != Z_OK || broken)
        self->wrong = "damaged: can't be read to its end";
    self->stream = NULL;
}


//  Read more behind what there is, making room if need be

static void
s_fill (records_t *self)
{
    if (self->start > 0) {
        memmove (self->data, self->data + self->start, self->end - self->start);
        self->end -= self->start;
        self->start = 0;
    }
    self->data = buffer_grow (self->data, &self->room, self->end + 1, 1);
    int got = gzread (self->stream, self->data + self->end,
        (unsigned) (self->room - self->end));
    bool is_first = got > 1 && gztell (self->stream) == got;
    if (is_first && (memcmp (self->data, UTF16_LITTLE, 2) == 0 ||
                        memcmp (self->data, UTF16_BIG, 2) == 0))
        self->wrong = "in UTF-16: \"iconv -f UTF-16 -t UTF-8\" makes it UTF-8";
    if (got > 0)
        self->end += (size_t) got;
    else
        s_end_file (self, got < 0);
}


//  Take what has been seen to off the front

static span_t
s_take_front (records_t *self, size_t size)
{
    span_t taken = {self->data + self->start, size};
    span_t rest = taken;
    self->start += size;
    while (memchr (rest.data, '\n', rest.size)) {
        span_until (&rest, '\n');
        self->line_next++;
        self->byte_next = 1;
    }
    self->byte_next += rest.size;
    return taken;
}


records_kind_t
records_read (records_t *self, span_t *record)
{
    splitter_found_t found;
    size_t line_before = self->line ? self->line_next : 0;
    for (;;) {
        span_t text = {self->data + self->start, self->end - self->start};
        found = splitter_find (self->splitter, text, self->ended);
        s_take_front (self, found.before);
        if (found.kind != SPLITTER_MORE || self->wrong)
            break;
        s_fill (self);
    }
    self->line = self->line_next;
    self->byte = self->line == line_before ? self->byte_next : 0;
    *record = s_take_front (self, found.size);
    if (self->wrong || found.kind == SPLITTER_END)
        return RECORDS_END;
    if (found.kind == SPLITTER_LINE || found.kind == SPLITTER_JSON) {
        if (!memchr (record->data, '\0', record->size))
            return found.kind == SPLITTER_LINE ? RECORDS_LINE : RECORDS_JSON;
    }
    *record = span_of ("too long, or not text");
    if (found.kind == SPLITTER_TORN) {
        *record = span_of ("here the end of a collection is missing");
        if (self->ended && self->start == self->end)
            self->wrong = "cut short: the end of its collection is missing";
    }
    return RECORDS_BAD;
}


void
records_keep_to_lines (records_t *self)
{
    splitter_keep_to_lines (self->splitter);
}


const char *
records_wrong (const records_t *self)
{
    return self->wrong;
}


int
records_percent (records_t *self)
{
    if (!self->file_size || !self->stream)
        return self->file_size ? 100 : -1;
    return (int) (gzoffset (self->stream) * INT64_C (100) / self->file_size);
}


void
records_complain (records_t *self, const char *wrong)
{
    self->bad_lines++;
    if (self->bad_lines > TOLD_MAX)
        return;
    fprintf (stderr, "%s: line %zu", self->file, self->line);
    if (self->byte)
        fprintf (stderr, ", byte %zu", self->byte);
    fprintf (stderr, ": %s\n", wrong);
}


size_t
records_bad_lines (const records_t *self)
{
    return self->bad_lines;
}
