/*  =========================================================================
    bulletin - how the server and its herd are, for pages

        GET /v1/herd                 tells it once, as JSON
        GET /v1/events?herd=yes      has it as the event herd, once a second

    The server is asked for it once a second at most, however many read it.
    =========================================================================
*/

#ifndef WEB_BULLETIN_H
#define WEB_BULLETIN_H

#include "web/exchange.h"

//  It is as old at most.
#define BULLETIN_MS 1000

//  Return it, JSON in one line, for the bulletin to free.
typedef char *(bulletin_fn) (void *context);

//  Part of the owner's structure, which sets ask and context; the rest is zero.
typedef struct {
    bulletin_fn *ask;
    void *context;
    char *event;  //  As it was told last; NULL = never
    size_t event_size;
    int64_t made_ms;
} bulletin_t;

//  Free what it holds.
void
bulletin_clear (bulletin_t *self);

//  Return it as a server-sent event, good until the next call.
span_t
bulletin_event (bulletin_t *self, int64_t clock_ms);

//  Answer with it.
void
bulletin_show (
    bulletin_t *self, int64_t clock_ms, exchange_response_t *response);

#endif
