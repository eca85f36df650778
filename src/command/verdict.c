/*  =========================================================================
    verdict - what a client is told of what Places said
    =========================================================================
*/

#include "command/verdict.h"

#include "page/failure.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

//  Google's word for what it has no other word for
#define UNKNOWN "UNKNOWN_ERROR"

#define REFUSED "The Places service refused the request."
#define NO_ANSWER "The Places service did not answer."


static bool
s_fail (sessions_t *sessions, const event_t *event, const char *status,
    const char *message, effects_t *effects)
{
    size_t size;
    char *text = failure_print (status, message, &size);
    //  All but its line end
    sessions_answer (sessions, event->connection, event->request,
        (span_t){text, size - 1}, effects);
    free (text);
    return false;
}


static bool
s_answer (sessions_t *sessions, const event_t *event, uint32_t bound,
    effects_t *effects)
{
    const answer_t *answer = event->answer;
    if (!answer)
        return s_fail (sessions, event, UNKNOWN,
            "The Places service gave no valid answer.", effects);
    if (answer->failed)
        return s_fail (
            sessions, event, failure_status (answer->status), REFUSED, effects);
    char *text = malloc (event->text.size);
    assert (text);
    size_t size = answer_print (answer, bound, text);
    sessions_answer (sessions, event->connection, event->request,
        (span_t){text, size}, effects);
    free (text);
    return true;
}


bool
verdict_tell (sessions_t *sessions, const event_t *event, effects_t *effects)
{
    uint32_t bound;
    const char *status = event->status ? event->status : UNKNOWN;
    if (!sessions_is_waiting (
            sessions, event->connection, event->request, &bound))
        return true;
    if (event->kind == EVENT_PLACES_ANSWER)
        return s_answer (sessions, event, bound, effects);
    if (event->kind == EVENT_PLACES_SPENT)
        return s_fail (sessions, event, "OVER_QUERY_LIMIT",
            "The budget of Places requests is spent.", effects);
    if (event->kind == EVENT_PLACES_RATIONED)
        return s_fail (sessions, event, "OVER_QUERY_LIMIT",
            "Your address has had its Places requests of this minute.",
            effects);
    return s_fail (sessions, event, status,
        strcmp (status, UNKNOWN) == 0 ? NO_ANSWER : REFUSED, effects);
}


size_t
verdict_none (sessions_t *sessions, effects_t *effects)
{
    size_t size;
    char *text = failure_print (UNKNOWN, NO_ANSWER, &size);
    //  All but its line end
    size_t count =
        sessions_answer_all (sessions, (span_t){text, size - 1}, effects);
    free (text);
    return count;
}
