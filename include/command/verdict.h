/*  =========================================================================
    verdict - what a client is told of what Places said

    Google's bytes, cut at the bound; or, in Google's frame, why there are none.
    The provider's own words of failure may name our address or account, so of
    those only the status is passed on.
    =========================================================================
*/

#ifndef COMMAND_VERDICT_H
#define COMMAND_VERDICT_H

#include "command/sessions.h"

//  Take what became of a lookup, and answer who waits for it, if it still does.
//  Returns false if the answer is that there is none.
bool
verdict_tell (sessions_t *sessions, const event_t *event, effects_t *effects);

//  Tell all who wait for Places that it did not answer.  Returns how many.
size_t
verdict_none (sessions_t *sessions, effects_t *effects);

#endif
