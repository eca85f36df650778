/*  =========================================================================
    refusals - what peers sent that is no good, counted
    =========================================================================
*/

#include "core/refusals.h"

#include <inttypes.h>

#define NOTE_MS 60000

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
refusals_add (
    refusals_t *self, refusal_t why, const refused_t *what, effects_t *effects)
{
    if (self->counts [why]++ && what->clock_ms - self->noted_ms [why] < NOTE_MS)
        return;
    self->noted_ms [why] = what->clock_ms;
    effects_note (effects, "refused %s, %zu bytes%s%s, %" PRIu64 " so far",
        s_reasons [why], what->size, what->peer ? ", from " : "",
        what->peer ? what->peer : "", self->counts [why]);
}


uint64_t
refusals_sum (const refusals_t *self)
{
    uint64_t sum = 0;
    for (unsigned index = 0; index < REFUSALS; index++)
        sum += self->counts [index];
    return sum;
}
