/*  =========================================================================
    verdict - what a client is told of what Places said
    =========================================================================
*/

#include "command/verdict.h"

#include "page/failure.h"

#include <assert.h>
#include <stdlib.h>


static bool
s_fail (sessions_t *sessions, const event_t *event, failure_t why,
    google_status_t status, effects_t *effects)
{
    size_t size;
    char *text = failure_print (status, failure_message (why), &size);
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
        return s_fail (
            sessions, event, FAILURE_NONSENSE, GOOGLE_UNKNOWN_ERROR, effects);
    if (answer->failed)
        return s_fail (sessions, event, FAILURE_REFUSAL,
            failure_status (answer->status), effects);
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
    google_status_t status =
        event->status == GOOGLE_NONE ? GOOGLE_UNKNOWN_ERROR : event->status;
    if (!sessions_is_waiting (
            sessions, event->connection, event->request, &bound))
        return true;
    if (event->kind == EVENT_PLACES_ANSWER)
        return s_answer (sessions, event, bound, effects);
    if (event->kind == EVENT_PLACES_ABSENT)
        return s_fail (sessions, event, FAILURE_ABSENCE, status, effects);
    if (event->kind == EVENT_PLACES_SPENT)
        return s_fail (
            sessions, event, FAILURE_BUDGET, GOOGLE_OVER_QUERY_LIMIT, effects);
    if (event->kind == EVENT_PLACES_RATIONED)
        return s_fail (
            sessions, event, FAILURE_SHARE, GOOGLE_OVER_QUERY_LIMIT, effects);
    return s_fail (sessions, event,
        status == GOOGLE_UNKNOWN_ERROR ? FAILURE_SILENCE : FAILURE_REFUSAL,
        status, effects);
}


size_t
verdict_none (sessions_t *sessions, effects_t *effects)
{
    size_t size;
    char *text = failure_print (
        GOOGLE_UNKNOWN_ERROR, failure_message (FAILURE_SILENCE), &size);
    //  All but its line end
    size_t count =
        sessions_answer_all (sessions, (span_t){text, size - 1}, effects);
    free (text);
    return count;
}
