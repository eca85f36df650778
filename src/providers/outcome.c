/*  =========================================================================
    outcome - what the end of a request to a provider means
    =========================================================================
*/

#include "providers/outcome.h"

#include "providers/legacy.h"


//  There is a legacy answer, or what should be one

static void
s_read_answer (outcome_t *self)
{
    google_status_t status = GOOGLE_NONE;
    self->answered = true;
    self->read = answer_read (&self->answer, self->text);
    if (self->read)
        status = google_status_of (self->answer.status);
    self->refusal = legacy_refusal (status);
    self->passing = status == GOOGLE_UNKNOWN_ERROR;
    self->lasting = !self->answer.failed &&
                    (status == GOOGLE_OK || status == GOOGLE_ZERO_RESULTS);
    if (!self->read || self->passing)
        self->failure = GOOGLE_UNKNOWN_ERROR;
    if (self->refusal)
        snprintf (self->why, sizeof (self->why), "%s",
            google_status_word (self->refusal));
}


//  There is none.  HTTP's status says why, even if what came with it did not
//  come whole

static void
s_read_failure (outcome_t *self, const transport_result_t *result)
{
    self->failure = GOOGLE_UNKNOWN_ERROR;
    self->passing = result->error ? result->may_retry : result->status >= 500;
    self->refusal = legacy_refusal_http (result->status);
    if (!self->refusal && result->status >= 400 && result->retry_after_s > 0)
        self->refusal = GOOGLE_OVER_QUERY_LIMIT;
    if (self->refusal)
        self->passing = false;
    if (result->error && !self->refusal)
        snprintf (self->why, sizeof (self->why), "%s", result->error);
    else if (result->status != 200)
        snprintf (
            self->why, sizeof (self->why), "HTTP status %ld", result->status);
    else
        snprintf (self->why, sizeof (self->why), "an answer that is none");
}


void
outcome_read (
    outcome_t *self, const api_t *api, const transport_result_t *result)
{
    *self = (outcome_t){.text = result->body};
    if (!result->error && api->translate) {
        size_t size = 0;
        self->translated = api->translate (result->status, result->body, &size);
        self->text = (span_t){self->translated, size};
    }
    if (self->translated ||
        (!result->error && !api->translate && result->status == 200))
        s_read_answer (self);
    else
        s_read_failure (self, result);
}


void
outcome_clear (outcome_t *self)
{
    free (self->translated);
    self->translated = NULL;
}
