/*  =========================================================================
    places - what is around a place, as a provider tells

    Questions that are asked already share one request; what may be kept is
    kept for a while; what failed in a way that may pass is asked again; a
    provider that keeps failing, or a spent budget, is not asked.  Whatever
    happens, each lookup ends within its time.  Emits EVENT_PLACES_*.
    =========================================================================
*/

#ifndef LOOKUP_PLACES_H
#define LOOKUP_PLACES_H

#include "base/metric.h"
#include "core/event.h"
#include "providers/api.h"

typedef struct places_t places_t;

typedef struct {
    const api_t *api;                //  How to ask
    const char *url;                 //  Whom; NULL = no provider; copied
    const char *key;                 //  API key or NULL; copied
    bool full;                       //  As in api_access_t
    int64_t timeout_ms;              //  For a lookup
    size_t body_size_max;            //  Bytes of an answer, after decompression
    unsigned connections_max;        //  Requests under way at once
    size_t queue_max;                //  Questions that wait for their turn
    uint64_t per_second;             //  Requests at most; 0 = no limit
    uint64_t per_day;                //
    uint64_t per_client_per_minute;  //  Of one address; 0 = no limit
    int64_t cache_ms;                //  Answers are kept for so long; 0 = not
    size_t cache_size_max;           //  Bytes of them
} places_options_t;

//  As base/metric has it.
#define PLACES_METRICS(X)                                                      \
    X (COUNT, lookups, "places_lookups", NULL, "Lookups asked for.")           \
    X (COUNT, shared, "places_shared", NULL,                                   \
        "Lookups answered by another lookup's request.")                       \
    X (COUNT, kept, "places_kept", NULL, "Lookups answered from the cache.")   \
    X (COUNT, requests, "places_requests", NULL, "Requests to the provider.")  \
    X (COUNT, retries, "places_retries", NULL,                                 \
        "Requests that were made again.")                                      \
    X (COUNT, refused, "places_refused", NULL,                                 \
        "Lookups not tried: share, budget, breaker, queue.")

typedef struct {
    PLACES_METRICS (METRIC_FIELD)
} places_counts_t;

//  Make the room ready.  Borrows the poller; events go to emit with context.
//  Returns NULL, errno set, when the system has no descriptor for it.
places_t *
places_new (poller_t *poller, const places_options_t *options, event_fn *emit,
    void *context);

//  Let the options be so from now on.  With another API, URL, key or fields it
//  is another provider: nothing is held against it, and no answers are kept
//  that the one before gave.  Requests that are made already end as they would.
void
places_change (places_t *self, const places_options_t *options);

//  End all requests without an event, wipe the key and set *self_p to NULL.
void
places_destroy (places_t **self_p);

//  Look up what is around the place of an EFFECT_FETCH.  Emits, on a later
//  turn, EVENT_PLACES_ANSWER with a legacy answer, EVENT_PLACES_ABSENT,
//  EVENT_PLACES_SPENT, EVENT_PLACES_RATIONED, or EVENT_PLACES_FAILED with a
//  reason that names neither key nor URL.
void
places_fetch (places_t *self, const effect_t *effect);

//  Let requests go on: to be called in every turn, never inside an event.  May
//  emit.
void
places_turn (places_t *self);

//  To be called some times a second: ends what waited too long, and asks again
//  what is to be asked again.
void
places_tick (places_t *self);

//  Return the counters.
places_counts_t
places_counts (const places_t *self);

#endif
