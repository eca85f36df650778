/*  =========================================================================
    refusals - what peers sent that is no good, counted
    =========================================================================
*/

#include "core/refusals.h"

#include <inttypes.h>

#define NOTE_MS 60000
#define SENDER_SIZE_MAX 64

static const char *const s_reasons [REFUSALS] = {
    [REFUSED_BAD] = "a message that is none of this protocol's version",
    [REFUSED_HERD] = "a message of another herd",
    [REFUSED_ECHO] = "a message in our own name",
    [REFUSED_STRANGER] = "a message of a server we have no link to",
    [REFUSED_TWIN] = "a message of a second server of one name",
    [REFUSED_RECORD] = "a record that is no AT line",
    [REFUSED_AUDIT] = "a line that no audit has",
    [REFUSED_FULL] = "a new location: no memory left within table_size_max",
};


void
refusals_add (refusals_t *self, refusal_t why, span_t sender, int64_t clock_ms,
    effects_t *effects)
{
    if (self->counts [why]++ && clock_ms - self->noted_ms [why] < NOTE_MS)
        return;
    self->noted_ms [why] = clock_ms;
    if (sender.size > SENDER_SIZE_MAX)
        sender.size = SENDER_SIZE_MAX;
    effects_note (effects, "refused %s%s%.*s, %" PRIu64 " so far",
        s_reasons [why], sender.size ? ", from " : "", (int) sender.size,
        sender.size ? sender.data : "", self->counts [why]);
}


uint64_t
refusals_sum (const refusals_t *self)
{
    uint64_t sum = 0;
    for (unsigned index = 0; index < REFUSALS; index++)
        sum += self->counts [index];
    return sum;
}
