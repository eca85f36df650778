/*  =========================================================================
    reader - the blocks of a generation, one after the other
    =========================================================================
*/

#include "store/reader.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

//  Read at a time; a block fits
#define BUFFER_SIZE 262144

_Static_assert(BUFFER_SIZE >= BLOCK_HEAD_SIZE + BLOCK_TEXT_SIZE_MAX &&
                   BUFFER_SIZE >= 2 * BLOCK_TITLE_SIZE_MAX,
    "the buffer holds what has to be in it as a whole");

struct reader_t {
    const calls_t *calls;
    int fd;
    uint64_t file_size;
    uint64_t at;       //  What is looked at
    uint64_t offset;   //  Behind the last good block
    uint64_t skipped;  //  Before good blocks
    block_title_t title;
    unsigned char key [BLOCK_KEY_SIZE];
    reader_result_t result;  //  The last
    int error;               //  Of READER_FAILED
    uint64_t start;          //  Offset of the buffer's first byte
    size_t size;             //  Bytes in it
    char buffer [BUFFER_SIZE];
};


//  Have so many bytes from what is looked at on in the buffer, or fewer if the
//  file ends.  Returns false, errno set, if it can't be read

static bool
s_fill (reader_t *self, size_t size)
{
    assert (size <= BUFFER_SIZE && self->at >= self->start);
    size_t done = (size_t) (self->at - self->start);
    if (self->size >= done + size)
        return true;
    memmove (self->buffer, self->buffer + done, self->size - done);
    self->start = self->at;
    self->size -= done;
    while (self->size < size) {
        ssize_t more = self->calls->pread (self->fd, self->buffer + self->size,
            BUFFER_SIZE - self->size, (off_t) (self->start + self->size));
        if (more < 0 && errno != EINTR)
            return false;
        if (more == 0)
            break;
        if (more > 0)
            self->size += (size_t) more;
    }
    return true;
}


//  Return the bytes in the buffer from what is looked at on

static span_t
s_rest (const reader_t *self)
{
    size_t done = (size_t) (self->at - self->start);
    return (span_t){self->buffer + done, self->size - done};
}


//  Read the first of the two titles that is good.  Returns NULL, or what is
//  wrong with the one at the start

static const char *
s_find_title (block_title_t *title, span_t start)
{
    const char *why = "no table of zherd's";
    for (size_t at = 0; at < start.size; at++) {
        span_t rest = {start.data + at, start.size - at};
        const char *wrong = block_parse_title (title, span_until (&rest, '\n'));
        if (!wrong)
            return NULL;
        if (at == 0)
            why = wrong;
    }
    return why;
}


static const char *
s_read_title (reader_t *self)
{
    struct stat facts;
    char line [BLOCK_TITLE_SIZE_MAX];
    if (fstat (self->fd, &facts) == -1 ||
        !s_fill (self, (size_t) 2 * BLOCK_TITLE_SIZE_MAX))
        return strerror (errno);
    self->file_size = (uint64_t) facts.st_size;
    span_t start = s_rest (self);
    if (start.size > (size_t) 2 * BLOCK_TITLE_SIZE_MAX)
        start.size = (size_t) 2 * BLOCK_TITLE_SIZE_MAX;
    const char *why = s_find_title (&self->title, start);
    if (why)
        return why;
    size_t size = block_print_title (&self->title, line);
    if (start.size < 2 * size)
        return "a table that ends within its title";
    block_key (self->key, (span_t){line, size});
    self->at = self->offset = 2 * size;
    self->result = READER_BLOCK;
    return NULL;
}


reader_t *
reader_new (const calls_t *calls, int fd, const char **why)
{
    reader_t *self = calloc (1, sizeof (reader_t));
    assert (self);
    self->calls = calls;
    self->fd = fd;
    *why = s_read_title (self);
    if (*why)
        reader_destroy (&self);
    return self;
}


void
reader_destroy (reader_t **self_p)
{
    free (*self_p);
    *self_p = NULL;
}


const block_title_t *
reader_title (const reader_t *self)
{
    return &self->title;
}


const unsigned char *
reader_key (const reader_t *self)
{
    return self->key;
}


//  Read the block that is looked at

static reader_result_t
s_look (reader_t *self, block_kind_t *kind, span_t *text)
{
    size_t size;
    if (!s_fill (self, BLOCK_HEAD_SIZE))
        return READER_FAILED;
    span_t rest = s_rest (self);
    if (rest.size == 0)
        return READER_END;
    if (rest.size < BLOCK_HEAD_SIZE ||
        !block_parse_head (rest.data, kind, &size))
        return READER_BAD;
    if (!s_fill (self, BLOCK_HEAD_SIZE + size))
        return READER_FAILED;
    rest = s_rest (self);
    if (rest.size < BLOCK_HEAD_SIZE + size ||
        !block_is_good (self->key, self->at, rest.data, size))
        return READER_BAD;
    *text = (span_t){rest.data + BLOCK_HEAD_SIZE, size};
    self->skipped += self->at - self->offset;
    self->at += BLOCK_HEAD_SIZE + size;
    self->offset = self->at;
    return READER_BLOCK;
}


//  Look on, byte by byte, behind what is no good block

static reader_result_t
s_next (reader_t *self, block_kind_t *kind, span_t *text)
{
    reader_result_t result;
    while ((result = s_look (self, kind, text)) == READER_BAD)
        self->at++;
    return result == READER_END && self->at > self->offset ? READER_BAD
                                                           : result;
}


//  Return the text of the mark that begins here, if it is a good one

static span_t
s_mark (const reader_t *self)
{
    block_kind_t kind;
    size_t size;
    span_t rest = s_rest (self);
    if (rest.size < BLOCK_HEAD_SIZE || rest.data [0] != BLOCK_MARK ||
        !block_parse_head (rest.data, &kind, &size) ||
        rest.size < BLOCK_HEAD_SIZE + size ||
        !block_is_good (self->key, self->at, rest.data, size))
        return (span_t){NULL, 0};
    return (span_t){rest.data + BLOCK_HEAD_SIZE, size};
}


//  Look elsewhere, with an empty buffer

static void
s_seek (reader_t *self, uint64_t at)
{
    self->at = self->start = at;
    self->size = 0;
}


size_t
reader_last_mark (reader_t *self, char *buffer)
{
    span_t text = {NULL, 0};
    uint64_t first = self->at;
    uint64_t start = first;
    if (self->file_size > first + BUFFER_SIZE)
        start = self->file_size - BUFFER_SIZE;
    s_seek (self, start);
    if (s_fill (self, BUFFER_SIZE)) {
        self->at = start + self->size;
        while (!text.size && self->at > start) {
            self->at--;
            text = s_mark (self);
        }
    }
    if (text.size)
        memcpy (buffer, text.data, text.size);
    s_seek (self, first);
    return text.size;
}


reader_result_t
reader_next (reader_t *self, block_kind_t *kind, span_t *text)
{
    if (self->result == READER_BLOCK) {
        self->result = s_next (self, kind, text);
        self->error = errno;
    }
    errno = self->error;
    return self->result;
}


uint64_t
reader_skipped (const reader_t *self)
{
    return self->skipped;
}


uint64_t
reader_offset (const reader_t *self)
{
    return self->offset;
}


uint64_t
reader_file_size (const reader_t *self)
{
    return self->file_size;
}
