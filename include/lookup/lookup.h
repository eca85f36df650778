/*  =========================================================================
    lookup - one question to a provider, and all who wait for its answer

    Equal questions at the same time are coalesced: they share one request.
    Failures that may pass are retried after a back-off with jitter.
    =========================================================================
*/

#ifndef LOOKUP_LOOKUP_H
#define LOOKUP_LOOKUP_H

#include "core/event.h"
#include "providers/api.h"

#define LOOKUP_KEY_SIZE_MAX 96  //  Three texts of a question

typedef struct lookup_waiter_t lookup_waiter_t;

typedef struct {
    char key [LOOKUP_KEY_SIZE_MAX];  //  Equal for equal questions
    api_question_t question;
    lookup_waiter_t *waiters;  //  The lookup's own
    int64_t deadline_ms;       //  It ends by then
    int64_t start_ms;          //  It is not to be asked again before
    unsigned retries;          //  Times it was put off
    const char *refused;       //  Why it is not to be asked, or NULL
    event_kind_t kind;         //  Of the event that tells that
    address_t address;         //  Of who asked first
    const api_t *api;          //  By which it was asked last, as the provider
    unsigned provider;         //  of this number
} lookup_t;

//  Make an lookup about a valid place of ISO 6709.  Never returns NULL.
lookup_t *
lookup_new (span_t place, uint32_t radius_mm);

//  Free the lookup and set *self_p to NULL.
void
lookup_destroy (lookup_t **self_p);

//  Let the connection's request wait for the answer too.
void
lookup_add (lookup_t *self, uint64_t connection, uint64_t request);

//  Take one who waits out.  Returns false if there is none.
bool
lookup_next (lookup_t *self, uint64_t *connection, uint64_t *request);

//  Put it off for a back-off at random, longer each time.  Returns false if
//  it was put off often enough, or there is no time for that.
bool
lookup_put_off (lookup_t *self, int64_t now_ms);

#endif
