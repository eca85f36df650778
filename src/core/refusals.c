/*  =========================================================================
    refusals - what was refused, counted
    =========================================================================
*/

#include "core/refusals.h"

#include <inttypes.h>
#include <stdio.h>

#define NOTE_MS 60000

//  "18446744073709551615 bytes, from " and a peer's name
#define WHAT_SIZE_MAX 128

#define TEXT_OF_MESSAGE(id, text) [REFUSED_##id] = (text),
#define TEXT(id, key, label, text) [REFUSED_##id] = (text),

static const char *const s_reasons [] = {REFUSALS_LIST (TEXT_OF_MESSAGE, TEXT)};


bool
refusals_count (refusals_t *self, refusal_t why, int64_t clock_ms)
{
    bool noted =
        self->counts [why]++ && clock_ms - self->noted_ms [why] < NOTE_MS;
    if (!noted)
        self->noted_ms [why] = clock_ms;
    return !noted;
}


void
refusals_add (
    refusals_t *self, refusal_t why, const refused_t *what, effects_t *effects)
{
    if (!refusals_count (self, why, what->clock_ms))
        return;
    char what_text [WHAT_SIZE_MAX];
    char address [ADDRESS_TEXT_SIZE];
    if (!address_is_any (&what->address))
        snprintf (what_text, sizeof (what_text), "%.*s%sfrom %s",
            (int) what->detail.size, what->detail.data,
            what->detail.size ? ", " : "",
            address_print (&what->address, address));
    else if (what->gone)
        snprintf (what_text, sizeof (what_text),
            "%.*s%sgone before it was seen", (int) what->detail.size,
            what->detail.data, what->detail.size ? ", " : "");
    else
        snprintf (what_text, sizeof (what_text), "%zu bytes%s%s", what->size,
            what->peer ? ", from " : "", what->peer ? what->peer : "");
    effects_tell (effects, NOTICE_REFUSED,
        "refused %s%s %s, %" PRIu64 " so far", s_reasons [why],
        what->detail.size ? "" : ",", what_text, self->counts [why]);
}


uint64_t
refusals_sum (const refusals_t *self)
{
    uint64_t sum = 0;
    for (unsigned index = 0; index < REFUSALS; index++)
        sum += self->counts [index];
    return sum;
}
