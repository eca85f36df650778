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

static const char *const s_reasons [REFUSALS] = {
    [REFUSED_BAD] = "a message that is none of this protocol",
    [REFUSED_VERSION] = "a message of another version than ZHERD/2",
    [REFUSED_HERD] = "a message of another herd",
    [REFUSED_ECHO] = "a message in our own name",
    [REFUSED_STRANGER] = "a message of a server we have no link to",
    [REFUSED_TWIN] = "a message of a second server of one name",
    [REFUSED_RECORD] = "a record that is no AT line",
    [REFUSED_FUTURE] = "a location that was heard in the future",
    [REFUSED_AUDIT] = "a line that no audit has",
    [REFUSED_FULL] = "a new location: the table is full",
    [REFUSED_CLIENT] = "a connection: no room within clients_max",
    [REFUSED_ADDRESS] = "a connection: one more than connections_per_address",
    [REFUSED_NEWCOMER] = "a new client: one more than new_clients_per_minute",
    [REFUSED_STRANGE] = "a connection to the mesh: no peer has this address",
    [REFUSED_CROWDED] = "a connection to the mesh: too many, and it was silent",
    [REFUSED_LOOKUP] = "a lookup: one more than places/per_client_per_minute",
    [REFUSED_ENDLESS] = "a connection to the mesh: much came and no message",
};


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
    if (what->address)
        snprintf (what_text, sizeof (what_text), "from %u.%u.%u.%u",
            what->address >> 24, what->address >> 16 & 255,
            what->address >> 8 & 255, what->address & 255);
    else
        snprintf (what_text, sizeof (what_text), "%zu bytes%s%s", what->size,
            what->peer ? ", from " : "", what->peer ? what->peer : "");
    effects_tell (effects, "refused %s, %s, %" PRIu64 " so far",
        s_reasons [why], what_text, self->counts [why]);
}


uint64_t
refusals_sum (const refusals_t *self)
{
    uint64_t sum = 0;
    for (unsigned index = 0; index < REFUSALS; index++)
        sum += self->counts [index];
    return sum;
}
