/*  =========================================================================
    response - an HTTP response, in any slices
    =========================================================================
*/

#include "load/response.h"

#include <string.h>
#include <strings.h>


//  Take bytes up to the line's end.  Returns false if it has not come yet

static bool
s_take_line (response_t *self, span_t *bytes)
{
    const char *end = memchr (bytes->data, '\n', bytes->size);
    size_t size = end ? (size_t) (end - bytes->data) : bytes->size;
    size_t kept = sizeof (self->line) - self->line_size;
    if (kept > size)
        kept = size;
    memcpy (self->line + self->line_size, bytes->data, kept);
    self->line_size += (unsigned) kept;
    size += end != NULL;
    bytes->data += size;
    bytes->size -= size;
    return end != NULL;
}


//  Cut the name off the front of the line, if it begins so, in whatever case

static bool
s_cut (span_t *line, const char *name)
{
    size_t size = strlen (name);
    if (line->size < size || strncasecmp (line->data, name, size) != 0)
        return false;
    *line = (span_t){line->data + size, line->size - size};
    return true;
}


static unsigned
s_read_status (span_t line)
{
    uint64_t status;
    bool good = s_cut (&line, "HTTP/1.1 ") &&
                span_number (span_until (&line, ' '), 599, &status) &&
                status >= 200;
    return good ? (unsigned) status : RESPONSE_NONE;
}


//  A line of the headers, or the empty one that ends them

static void
s_read_header (response_t *self, span_t line)
{
    if (line.size == 0) {
        self->in_body = true;
        if (!self->has_length)
            self->status = RESPONSE_NONE;
    }
    else if (s_cut (&line, "Content-Length:"))
        self->has_length =
            span_number (span_field (&line), UINT32_MAX, &self->left);
}


static void
s_read_line (response_t *self)
{
    span_t line = {self->line, self->line_size};
    if (line.size && line.data [line.size - 1] == '\r')
        line.size--;
    if (self->status)
        s_read_header (self, line);
    else
        self->status = s_read_status (line);
    self->in_body |= self->status == RESPONSE_NONE;
    self->line_size = 0;
}


unsigned
response_next (response_t *self, span_t *bytes)
{
    while (!self->in_body && bytes->size)
        if (s_take_line (self, bytes))
            s_read_line (self);
    if (!self->in_body)
        return 0;
    size_t size = self->left < bytes->size ? (size_t) self->left : bytes->size;
    *bytes = (span_t){bytes->data + size, bytes->size - size};
    self->left -= size;
    unsigned status = self->left ? 0 : self->status;
    if (status)
        *self = (response_t){.status = 0};
    return status;
}
