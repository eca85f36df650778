/*  =========================================================================
    reply - bytes in any slices are counted as replies
    =========================================================================
*/

#include "load/reply.h"

#include <string.h>


reply_form_t
reply_form (speech_t speech, request_kind_t kind)
{
    switch (speech) {
    case SPEECH_ECHO:
        return REPLY_LINE;
    case SPEECH_REDIS:
        return REPLY_REDIS;
    case SPEECH_REDIS_PUBLISH:
        return REPLY_REDIS_TWICE;
    case SPEECH_PUT:
    case SPEECH_OSMAND:
        return REPLY_HTTP;
    default:
        return kind == REQUEST_WHATSAT ? REPLY_PLACES : REPLY_AT;
    }
}


//  Take bytes up to the line's end.  Returns false if it has not come yet.

static bool
s_take_line (reply_t *self, span_t *bytes)
{
    const char *end = memchr (bytes->data, '\n', bytes->size);
    size_t size = end ? (size_t) (end - bytes->data) : bytes->size;
    for (size_t at = 0; self->line_size < 3 && at < size; at++)
        self->start [self->line_size++] = bytes->data [at];
    size += end != NULL;
    bytes->data += size;
    bytes->size -= size;
    return end != NULL;
}


static bool
s_is_good (const reply_t *self, reply_form_t form)
{
    switch (form) {
    case REPLY_LINE:
        return true;
    case REPLY_REDIS:
    case REPLY_REDIS_TWICE:
        return self->line_size &&
               (self->start [0] == ':' || self->start [0] == '+');
    default:
        return self->lines ||
               (self->line_size == 3 && memcmp (self->start, "AT ", 3) == 0);
    }
}


//  Does the reply end with the line just taken?

static bool
s_is_whole (const reply_t *self, reply_form_t form)
{
    switch (form) {
    case REPLY_PLACES:
        return self->bad || (self->lines && self->line_size == 0);
    case REPLY_REDIS_TWICE:
        return self->lines == 1;
    default:
        return true;
    }
}


static reply_result_t
s_next_response (reply_t *self, span_t *bytes)
{
    unsigned status = response_next (&self->response, bytes);
    if (status == 0)
        return REPLY_MORE;
    return status == 200 ? REPLY_GOOD : REPLY_BAD;
}


reply_result_t
reply_next (reply_t *self, reply_form_t form, span_t *bytes)
{
    if (form == REPLY_HTTP)
        return s_next_response (self, bytes);
    while (bytes->size && s_take_line (self, bytes)) {
        self->bad |= !s_is_good (self, form);
        if (s_is_whole (self, form)) {
            reply_result_t result = self->bad ? REPLY_BAD : REPLY_GOOD;
            *self = (reply_t){0};
            return result;
        }
        self->lines++;
        self->line_size = 0;
    }
    return REPLY_MORE;
}
