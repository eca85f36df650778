/*  =========================================================================
    notices - which notices are logged, and which are left out
    =========================================================================
*/

#include "log/notices.h"

#include <assert.h>
#include <string.h>


static notice_t *
s_find_notice (notices_t *self, const char *format)
{
    size_t index = 0;
    while (index < self->count && self->kinds [index].format != format)
        index++;
    notice_t *notice = &self->kinds [index];
    if (index == self->count) {
        assert (index < NOTICES_KINDS_MAX);
        self->count++;
        notice->format = format;
        notice->used_ms = INT64_MIN;
    }
    return notice;
}


//  Return true if one more may be logged, which uses it up

static bool
s_may (notice_t *notice, int64_t clock_ms)
{
    int64_t earliest_ms =
        clock_ms - (int64_t) NOTICES_AT_ONCE * NOTICES_EVERY_MS;
    if (notice->used_ms < earliest_ms)
        notice->used_ms = earliest_ms;
    if (notice->used_ms > clock_ms - NOTICES_EVERY_MS)
        return false;
    notice->used_ms += NOTICES_EVERY_MS;
    return true;
}


//  Those that were left out come first

bool
notices_take (
    notices_t *self, const char *format, span_t text, int64_t clock_ms)
{
    notice_t *notice = s_find_notice (self, format);
    if (notice->left_out == 0 && s_may (notice, clock_ms))
        return true;
    assert (text.size);
    notice->left_out++;
    notice->text_size =
        text.size < NOTICES_TEXT_SIZE_MAX ? text.size : NOTICES_TEXT_SIZE_MAX;
    memcpy (notice->text, text.data, notice->text_size);
    return false;
}


span_t
notices_next (notices_t *self, int64_t clock_ms, uint64_t *count)
{
    for (size_t index = 0; index < self->count; index++) {
        notice_t *notice = &self->kinds [index];
        if (notice->left_out == 0 || !s_may (notice, clock_ms))
            continue;
        *count = notice->left_out;
        notice->left_out = 0;
        return (span_t){notice->text, notice->text_size};
    }
    return (span_t){"", 0};
}
