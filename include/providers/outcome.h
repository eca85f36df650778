/*  =========================================================================
    outcome - what the end of a request to a provider means
    =========================================================================
*/

#ifndef PROVIDERS_OUTCOME_H
#define PROVIDERS_OUTCOME_H

#include "page/answer.h"
#include "page/google_status.h"
#include "providers/api.h"

#define OUTCOME_WHY_SIZE 128

typedef struct {
    bool answered;            //  There is something to pass on:
    span_t text;              //  this, which should be a legacy answer
    bool read;                //  It is one,
    answer_t answer;          //  as this, maybe one of failure
    google_status_t refusal;  //  Set if the provider says not to ask it for now
    google_status_t failure;  //  Set if it failed in another way
    bool passing;             //  It may do better when it is asked again
    bool lasting;             //  The answer is good for a while
    char why [OUTCOME_WHY_SIZE];  //  Why it failed, for the log
    char *translated;             //  What text is in, if it is ours
} outcome_t;

//  Say what the result means that a provider of this api gave.  Borrows it
//  until outcome_clear.
void
outcome_read (
    outcome_t *self, const api_t *api, const transport_result_t *result);

//  Free what is in it.
void
outcome_clear (outcome_t *self);

#endif
