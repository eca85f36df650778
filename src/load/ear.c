/*  =========================================================================
    ear - what one listener is told
    =========================================================================
*/

#include "load/ear.h"

#include "base/decimal.h"

#include <string.h>

//  The longest line, which an ID of a kilobyte has, each byte escaped
#define LINE_SIZE_MAX 16384

//  Before a stamp
static const char s_stamp [] = "\"stamp\":\"";


void
ear_clear (ear_t *self)
{
    lines_clear (&self->lines);
}


static bool
s_starts (span_t line, const char *text)
{
    size_t size = strlen (text);
    return line.size >= size && memcmp (line.data, text, size) == 0;
}


//  Return the stamp in a line of JSON, or 0

static int64_t
s_read_stamp (span_t line)
{
    int64_t stamp_ns;
    const char *at = memmem (line.data, line.size, s_stamp, sizeof s_stamp - 1);
    if (!at)
        return 0;
    at += sizeof s_stamp - 1;
    span_t rest = {at, line.size - (size_t) (at - line.data)};
    return decimal_read_plain (span_until (&rest, '"'), 9, INT64_MAX, &stamp_ns)
               ? stamp_ns
               : 0;
}


//  A line of the headers

static ear_result_t
s_hear_head (ear_t *self, span_t line)
{
    if (self->began)
        self->in_body = line.size == 0;
    else if (s_starts (line, "HTTP/1.1 200 ") ||
             s_starts (line, "HTTP/1.0 200 "))
        self->began = true;
    else
        return EAR_REFUSED;
    return self->in_body ? EAR_BEGINS : EAR_NOTHING;
}


//  Of an event, its data: it has one line of them

static ear_result_t
s_hear_line (ear_t *self, span_t line, int64_t *stamp_ns)
{
    *stamp_ns = 0;
    if (line.size && line.data [line.size - 1] == '\r')
        line.size--;
    if (!self->in_body)
        return s_hear_head (self, line);
    if (!s_starts (line, "data: ") && !s_starts (line, "{"))
        return EAR_NOTHING;
    *stamp_ns = s_read_stamp (line);
    return EAR_EVENT;
}


ear_result_t
ear_next (ear_t *self, span_t *bytes, int64_t *stamp_ns)
{
    span_t line;
    lines_result_t result;
    while ((result = lines_next (&self->lines, bytes, LINE_SIZE_MAX, &line)) ==
           LINES_LINE) {
        ear_result_t heard = s_hear_line (self, line, stamp_ns);
        if (heard != EAR_NOTHING)
            return heard;
    }
    return result == LINES_LONG ? EAR_REFUSED : EAR_NOTHING;
}
