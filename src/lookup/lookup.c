/*  =========================================================================
    lookup - one question to a provider, and all who wait for its answer
    =========================================================================
*/

#include "lookup/lookup.h"

#include <sodium/randombytes.h>

//  Put off so often at most, for a random part of so long, and four times as
//  long
#define RETRIES_MAX 2
#define RETRY_MS 200

struct lookup_waiter_t {
    lookup_waiter_t *next;
    uint64_t connection;
    uint64_t request;
};


lookup_t *
lookup_new (span_t place, uint32_t radius_mm)
{
    lookup_t *self = zmalloc (sizeof (lookup_t));
    api_question_t *question = &self->question;
    api_write_question (question, place, radius_mm);
    snprintf (self->key, LOOKUP_KEY_SIZE_MAX, "%s,%s,%s", question->latitude,
        question->longitude, question->radius);
    self->kind = EVENT_PLACES_FAILED;
    return self;
}


void
lookup_destroy (lookup_t **self_p)
{
    lookup_t *self = *self_p;
    if (self) {
        uint64_t connection;
        uint64_t request;
        while (lookup_next (self, &connection, &request))
            continue;
        free (self);
        *self_p = NULL;
    }
}


void
lookup_add (lookup_t *self, uint64_t connection, uint64_t request)
{
    lookup_waiter_t *waiter = zmalloc (sizeof (lookup_waiter_t));
    *waiter = (lookup_waiter_t){self->waiters, connection, request};
    self->waiters = waiter;
}


bool
lookup_next (lookup_t *self, uint64_t *connection, uint64_t *request)
{
    lookup_waiter_t *waiter = self->waiters;
    if (!waiter)
        return false;
    *connection = waiter->connection;
    *request = waiter->request;
    self->waiters = waiter->next;
    free (waiter);
    return true;
}


bool
lookup_put_off (lookup_t *self, int64_t now_ms)
{
    int64_t most_ms = RETRY_MS << 2 * self->retries;
    int64_t delay_ms = (int64_t) randombytes_uniform ((uint32_t) most_ms);
    if (self->retries == RETRIES_MAX || now_ms + delay_ms >= self->deadline_ms)
        return false;
    self->retries++;
    self->start_ms = now_ms + delay_ms;
    return true;
}
