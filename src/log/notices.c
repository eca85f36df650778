/*  =========================================================================
    notices - which notices are logged, and which are left out
    =========================================================================
*/

#include "log/notices.h"

#include <string.h>


//  Return true if one more may be logged, which uses it up

static bool
s_may (notices_kind_t *kind, int64_t clock_ms)
{
    int64_t earliest_ms =
        clock_ms - (int64_t) NOTICES_AT_ONCE * NOTICES_EVERY_MS;
    if (!kind->used || kind->used_ms < earliest_ms)
        kind->used_ms = earliest_ms;
    if (kind->used_ms > clock_ms - NOTICES_EVERY_MS)
        return false;
    kind->used = true;
    kind->used_ms += NOTICES_EVERY_MS;
    return true;
}


//  Those that were left out come first

bool
notices_take (notices_t *self, notice_t notice, span_t text, int64_t clock_ms)
{
    notices_kind_t *kind = &self->kinds [notice];
    if (kind->left_out == 0 && s_may (kind, clock_ms))
        return true;
    kind->left_out++;
    kind->text_size =
        text.size < NOTICES_TEXT_SIZE_MAX ? text.size : NOTICES_TEXT_SIZE_MAX;
    memcpy (kind->text, text.data, kind->text_size);
    return false;
}


uint64_t
notices_next (notices_t *self, int64_t clock_ms, notice_t *notice, span_t *text)
{
    for (unsigned index = 0; index < NOTICES; index++) {
        notices_kind_t *kind = &self->kinds [index];
        if (kind->left_out == 0 || !s_may (kind, clock_ms))
            continue;
        uint64_t count = kind->left_out;
        kind->left_out = 0;
        *notice = (notice_t) index;
        *text = (span_t){kind->text, kind->text_size};
        return count;
    }
    return 0;
}
