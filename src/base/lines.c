/*  =========================================================================
    lines - bytes in any slices become lines
    =========================================================================
*/

#include "base/lines.h"

#include "base/buffer.h"

#include <stdlib.h>
#include <string.h>


//  Add the bytes to what is kept.  Room doubles, so that a line that comes
//  byte by byte is copied twice at most

static void
s_keep (lines_t *self, span_t bytes)
{
    size_t size = self->kept_size + bytes.size;
    self->kept = buffer_grow (self->kept, &self->room, size, 1);
    memcpy (self->kept + self->kept_size, bytes.data, bytes.size);
    self->kept_size = size;
}


lines_result_t
lines_next (lines_t *self, span_t *bytes, size_t size_max, span_t *line)
{
    if (self->room && self->kept_size == 0)
        lines_clear (self);
    if (bytes->size == 0)
        return LINES_MORE;
    const char *end = memchr (bytes->data, '\n', bytes->size);
    span_t piece = *bytes;
    if (end)
        piece.size = (size_t) (end - bytes->data);
    bytes->data += piece.size + (end != NULL);
    bytes->size -= piece.size + (end != NULL);

    //  What comes without its end, or in pieces, must be put together; but
    //  never more of it than makes it too long
    if (!end || self->kept_size) {
        if (piece.size > size_max + 1)
            piece.size = size_max + 1;
        if (piece.size)
            s_keep (self, piece);
        piece = lines_rest (self);
    }
    *line = piece;
    if (piece.size > size_max)
        return LINES_LONG;
    if (!end)
        return LINES_MORE;
    self->kept_size = 0;
    return LINES_LINE;
}


span_t
lines_rest (const lines_t *self)
{
    return (span_t){self->kept, self->kept_size};
}


void
lines_clear (lines_t *self)
{
    free (self->kept);
    *self = (lines_t){NULL, 0, 0};
}
