/*  =========================================================================
    inquiry - one question to a provider, and all who wait for its answer
    =========================================================================
*/

#include "lookup/inquiry.h"

#include <sodium/randombytes.h>

//  Put off so often at most, for a random part of so long, and four times as
//  long
#define RETRIES_MAX 2
#define RETRY_MS 200

struct inquiry_waiter_t {
    inquiry_waiter_t *next;
    uint64_t client;
    uint64_t request;
};


inquiry_t *
inquiry_new (span_t place, uint32_t radius_mm)
{
    inquiry_t *self = zmalloc (sizeof (inquiry_t));
    dialect_question_t *question = &self->question;
    dialect_write_question (question, place, radius_mm);
    snprintf (self->key, INQUIRY_KEY_SIZE_MAX, "%s,%s,%s", question->latitude,
        question->longitude, question->radius);
    self->kind = EVENT_PLACES_FAILED;
    return self;
}


void
inquiry_destroy (inquiry_t **self_p)
{
    inquiry_t *self = *self_p;
    if (self) {
        uint64_t client;
        uint64_t request;
        while (inquiry_next (self, &client, &request))
            continue;
        free (self);
        *self_p = NULL;
    }
}


void
inquiry_add (inquiry_t *self, uint64_t client, uint64_t request)
{
    inquiry_waiter_t *waiter = zmalloc (sizeof (inquiry_waiter_t));
    *waiter = (inquiry_waiter_t){self->waiters, client, request};
    self->waiters = waiter;
}


bool
inquiry_next (inquiry_t *self, uint64_t *client, uint64_t *request)
{
    inquiry_waiter_t *waiter = self->waiters;
    if (!waiter)
        return false;
    *client = waiter->client;
    *request = waiter->request;
    self->waiters = waiter->next;
    free (waiter);
    return true;
}


bool
inquiry_put_off (inquiry_t *self, int64_t now_ms)
{
    int64_t most_ms = RETRY_MS << 2 * self->retries;
    int64_t delay_ms = (int64_t) randombytes_uniform ((uint32_t) most_ms);
    if (self->retries == RETRIES_MAX || now_ms + delay_ms >= self->deadline_ms)
        return false;
    self->retries++;
    self->start_ms = now_ms + delay_ms;
    return true;
}
