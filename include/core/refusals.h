/*  =========================================================================
    refusals - what was refused, counted

    A peer's nonsense, or one client too many, costs a counter, and a line of
    the log a minute.
    =========================================================================
*/

#ifndef CORE_REFUSALS_H
#define CORE_REFUSALS_H

#include "core/event.h"

//  Why a message, or a line of it, is refused; or a client.
typedef enum {
    REFUSED_BAD,
    REFUSED_VERSION,
    REFUSED_HERD,
    REFUSED_ECHO,
    REFUSED_STRANGER,
    REFUSED_TWIN,
    REFUSED_RECORD,
    REFUSED_FUTURE,
    REFUSED_AUDIT,
    REFUSED_FULL,
    REFUSED_CLIENT,
    REFUSED_ADDRESS,
    REFUSED_NEWCOMER,
    REFUSED_STRANGE,
    REFUSED_CROWDED,
    REFUSED_ENDLESS,
    REFUSED_LOOKUP,
    REFUSALS
} refusal_t;

//  Part of the owner's structure; all zero is none.
typedef struct {
    uint64_t counts [REFUSALS];
    int64_t noted_ms [REFUSALS];  //  When each was last noted
} refusals_t;

//  What is noted of what is refused.
typedef struct {
    const char *peer;  //  Whose it says it is, if that is a peer; else NULL
    size_t size;       //  Its bytes
    uint32_t address;  //  As in event_t, if it is a client's; then no size is
    int64_t clock_ms;  //  When it came
} refused_t;

//  Count one.  Returns true if a note of it is to be written: a minute has
//  passed since the last of its kind.
bool
refusals_count (refusals_t *self, refusal_t why, int64_t clock_ms);

//  Count one, and note it if a minute has passed since the last of its kind.
//  A stranger's own words are not noted.
void
refusals_add (
    refusals_t *self, refusal_t why, const refused_t *what, effects_t *effects);

//  Return how many there were in all.
uint64_t
refusals_sum (const refusals_t *self);

#endif
