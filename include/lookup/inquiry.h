/*  =========================================================================
    inquiry - one question to a provider, and all who wait for its answer
    =========================================================================
*/

#ifndef LOOKUP_INQUIRY_H
#define LOOKUP_INQUIRY_H

#include "core/event.h"
#include "providers/dialect.h"

#define INQUIRY_KEY_SIZE_MAX 96  //  Three texts of a question

typedef struct inquiry_waiter_t inquiry_waiter_t;

typedef struct {
    char key [INQUIRY_KEY_SIZE_MAX];  //  Equal for equal questions
    dialect_question_t question;
    inquiry_waiter_t *waiters;  //  The inquiry's own
    int64_t deadline_ms;        //  It ends by then
    int64_t start_ms;           //  It is not to be asked again before
    unsigned retries;           //  Times it was put off
    const char *refused;        //  Why it is not to be asked, or NULL
    event_kind_t kind;          //  Of the event that tells that
    uint32_t address;           //  IPv4 of who asked first
} inquiry_t;

//  Make an inquiry about a valid place of ISO 6709.  Never returns NULL.
inquiry_t *
inquiry_new (span_t place, uint32_t radius_mm);

//  Free the inquiry and set *self_p to NULL.
void
inquiry_destroy (inquiry_t **self_p);

//  Let the client's request wait for the answer too.
void
inquiry_add (inquiry_t *self, uint64_t client, uint64_t request);

//  Take one who waits out.  Returns false if there is none.
bool
inquiry_next (inquiry_t *self, uint64_t *client, uint64_t *request);

//  Put it off for a while that nobody else puts it off for.  Returns false if
//  it was put off often enough, or there is no time for that.
bool
inquiry_put_off (inquiry_t *self, int64_t now_ms);

#endif
