/*  =========================================================================
    places - what is around a place, as a provider tells
    =========================================================================
*/

#include "lookup/places.h"

#include "base/key.h"
#include "base/quota.h"
#include "log/secret.h"
#include "lookup/cache.h"
#include "lookup/lookup.h"
#include "lookup/rate_limit.h"
#include "loop/clock.h"
#include "page/answer.h"
#include "providers/outcome.h"
#include "providers/transport.h"

#include <assert.h>
#include <errno.h>
#include <sodium/randombytes.h>

//  Looks at the queue in a turn
#define ROUNDS_MAX 16

#define LEFT_ALONE "it is left alone"
#define ABSENT "no provider"

struct places_t {
    places_options_t options;
    char *url;
    char *key;
    event_fn *emit;
    void *context;
    transport_t *transport;
    cache_t *cache;
    unsigned provider;  //  Number of the present one
    rate_limit_t rate_limit;
    quota_t *shares;  //  Of addresses in the budget
    places_counts_t counts;
    bool pending;       //  The queue is to be looked at
    zhashx_t *lookups;  //  By key
    zlist_t *known;     //  Those whose end is known, to be told
    zlist_t *queue;     //  Those that wait for their turn, oldest first
    zlist_t *later;     //  Those that are to be asked again
};


//  Tell all who wait how it ended

static void
s_end_lookup (places_t *self, lookup_t *lookup, event_t event)
{
    clock_stamp (&event);
    if (!lookup->refused)
        zhashx_delete (self->lookups, lookup->key);
    while (lookup_next (lookup, &event.connection, &event.request))
        self->emit (self->context, &event);
    lookup_destroy (&lookup);
}


static void
s_fail (
    places_t *self, lookup_t *lookup, const char *why, google_status_t status)
{
    event_t event = {
        .kind = EVENT_PLACES_FAILED, .text = span_of (why), .status = status};
    s_end_lookup (self, lookup, event);
}


static void
s_pass_on (
    places_t *self, lookup_t *lookup, span_t body, const answer_t *answer)
{
    s_end_lookup (self, lookup,
        (event_t){.kind = EVENT_PLACES_ANSWER, .text = body, .answer = answer});
}


//  Make the request, unless there is a reason not to

static void
s_ask (places_t *self, lookup_t *lookup, int64_t now_ms)
{
    event_t event = {.kind = EVENT_PLACES_SPENT};
    switch (rate_limit_take (&self->rate_limit, clock_now (), now_ms)) {
    case RATE_LIMIT_BUDGET:
        self->counts.refused++;
        event.text = span_of ("budget spent");
        s_end_lookup (self, lookup, event);
        return;
    case RATE_LIMIT_BROKEN:
        self->counts.refused++;
        s_fail (self, lookup, LEFT_ALONE, self->rate_limit.status);
        return;
    case RATE_LIMIT_NONE:
        break;
    }
    transport_request_t request = {
        .timeout_ms = lookup->deadline_ms - now_ms, .owner = lookup};
    lookup->api = self->options.api;
    lookup->provider = self->provider;
    lookup->api->ask (&(api_access_t){self->url, self->key, self->options.full,
                          self->options.timeout_ms},
        &lookup->question, &request);
    self->counts.requests++;
    transport_send (self->transport, &request);
}


//  Tell the ends that were known at once

static void
s_tell_known (places_t *self, int64_t now_ms)
{
    lookup_t *lookup;
    while ((lookup = zlist_pop (self->known))) {
        span_t body;
        answer_t answer;
        if (lookup->refused)
            s_end_lookup (self, lookup,
                (event_t){.kind = lookup->kind,
                    .address = lookup->address,
                    .text = span_of (lookup->refused)});
        else if (self->cache &&
                 cache_find (self->cache, lookup->key, now_ms, &body) &&
                 answer_read (&answer, body)) {
            self->counts.kept++;
            s_pass_on (self, lookup, body, &answer);
        }
        else
            zlist_append (self->queue, lookup);
    }
}


//  Ask, or end what is too late or not to be asked.  Returns false if it has to
//  wait

static bool
s_begin_lookup (places_t *self, lookup_t *lookup, int64_t now_ms)
{
    bool late = lookup->deadline_ms <= now_ms;
    if (self->url && !late && !rate_limit_is_shut (&self->rate_limit, now_ms) &&
        (now_ms < lookup->start_ms || transport_is_full (self->transport)))
        return false;
    if (late)
        s_fail (self, lookup, "waited too long", GOOGLE_UNKNOWN_ERROR);
    else if (!self->url)
        s_end_lookup (self, lookup,
            (event_t){.kind = EVENT_PLACES_ABSENT, .text = span_of (ABSENT)});
    else
        s_ask (self, lookup, now_ms);
    return true;
}


//  Ask those whose turn it is, and end those whose time is over.  Those that
//  are asked again are older than the queue, where the order is that of ends

static void
s_schedule (places_t *self)
{
    int64_t now_ms = clock_ms ();
    lookup_t *lookup;
    s_tell_known (self, now_ms);
    for (size_t count = zlist_size (self->later); count; count--) {
        lookup = zlist_pop (self->later);
        if (!s_begin_lookup (self, lookup, now_ms))
            zlist_append (self->later, lookup);
    }
    while ((lookup = zlist_pop (self->queue)))
        if (!s_begin_lookup (self, lookup, now_ms)) {
            zlist_push (self->queue, lookup);
            break;
        }
}


static bool
s_retry (places_t *self, lookup_t *lookup, int64_t now_ms)
{
    if (!lookup_put_off (lookup, now_ms))
        return false;
    self->counts.retries++;
    zlist_append (self->later, lookup);
    return true;
}


//  Leave the provider alone for as long as it says, and say so once

static void
s_hold (places_t *self, const outcome_t *outcome, int64_t after_s)
{
    char text [OUTCOME_WHY_SIZE + 64];
    event_t event = {.kind = EVENT_NOTED, .notice = NOTICE_PLACES_HELD};
    clock_stamp (&event);
    int64_t for_ms = rate_limit_hold (
        &self->rate_limit, outcome->refusal, after_s, event.clock_ms);
    if (for_ms == 0)
        return;
    snprintf (text, sizeof (text),
        "places: %s: nothing is asked for %" PRId64 " s", outcome->why,
        for_ms / 1000);
    event.text = span_of (text);
    self->emit (self->context, &event);
}


static void
s_done (void *context, const transport_result_t *result)
{
    places_t *self = context;
    lookup_t *lookup = result->owner;
    int64_t now_ms = clock_ms ();
    outcome_t outcome;
    outcome_read (&outcome, lookup->api, result);
    bool present = lookup->provider == self->provider;
    if (present && outcome.refusal)
        s_hold (self, &outcome, result->retry_after_s);
    else if (present)
        rate_limit_report (&self->rate_limit, outcome.failure, now_ms);
    if (present && outcome.lasting && self->cache)
        cache_put (self->cache, lookup->key, outcome.text, now_ms);
    bool again = outcome.passing &&
                 !rate_limit_is_shut (&self->rate_limit, now_ms) &&
                 s_retry (self, lookup, now_ms);
    if (!again && outcome.answered)
        s_pass_on (
            self, lookup, outcome.text, outcome.read ? &outcome.answer : NULL);
    else if (!again && outcome.refusal)
        s_fail (self, lookup, LEFT_ALONE, outcome.refusal);
    else if (!again)
        s_fail (self, lookup, outcome.why, outcome.failure);
    outcome_clear (&outcome);
    self->pending = true;
}


places_t *
places_new (poller_t *poller, const places_options_t *options, event_fn *emit,
    void *context)
{
    places_t *self = zmalloc (sizeof (places_t));
    self->options = *options;
    self->url = options->url ? strdup (options->url) : NULL;
    self->key = options->key ? strdup (options->key) : NULL;
    self->emit = emit;
    self->context = context;
    self->lookups = zhashx_new ();
    zhashx_set_key_duplicator (self->lookups, NULL);
    zhashx_set_key_destructor (self->lookups, NULL);
    self->known = zlist_new ();
    self->queue = zlist_new ();
    self->later = zlist_new ();
    rate_limit_init (&self->rate_limit, options->per_second, options->per_day);
    unsigned char key [KEY_SIZE];
    randombytes_buf (key, sizeof (key));
    self->shares = quota_new (key, 0, options->per_client_per_minute);
    if (options->cache_ms)
        self->cache = cache_new (options->cache_size_max, options->cache_ms);
    self->transport = transport_new (
        poller, options->connections_max, options->body_size_max, s_done, self);
    if (!self->transport)
        places_destroy (&self);
    return self;
}


static bool
s_is_same (const char *one, const char *other)
{
    return one && other ? streq (one, other) : one == other;
}


//  Who is to be asked from now on: returns true if that is somebody else

static bool
s_turn_to (places_t *self, const places_options_t *options)
{
    bool same = self->options.api == options->api &&
                self->options.full == options->full &&
                s_is_same (self->url, options->url) &&
                s_is_same (self->key, options->key);
    if (!same) {
        secret_forget (&self->key);
        free (self->url);
        self->url = options->url ? strdup (options->url) : NULL;
        self->key = options->key ? strdup (options->key) : NULL;
        self->provider++;
    }
    return !same;
}


void
places_change (places_t *self, const places_options_t *options)
{
    bool other = s_turn_to (self, options);
    if (other)
        rate_limit_forgive (&self->rate_limit);
    if (other || !options->cache_ms)
        cache_destroy (&self->cache);
    if (self->cache)
        cache_limit (self->cache, options->cache_size_max, options->cache_ms);
    else if (options->cache_ms)
        self->cache = cache_new (options->cache_size_max, options->cache_ms);
    self->options = *options;
    rate_limit_change (
        &self->rate_limit, options->per_second, options->per_day);
    quota_limit (self->shares, options->per_client_per_minute);
    transport_limit (
        self->transport, options->connections_max, options->body_size_max);
    self->pending = true;
}


//  Free those that are in no table, because they were refused, and the list

static void
s_free_known (places_t *self)
{
    lookup_t *lookup;
    while ((lookup = zlist_pop (self->known)))
        if (lookup->refused)
            lookup_destroy (&lookup);
    zlist_destroy (&self->known);
}


void
places_destroy (places_t **self_p)
{
    places_t *self = *self_p;
    if (self) {
        int error = errno;
        lookup_t *lookup;
        transport_destroy (&self->transport);
        s_free_known (self);
        while ((lookup = zhashx_first (self->lookups))) {
            zhashx_delete (self->lookups, lookup->key);
            lookup_destroy (&lookup);
        }
        zhashx_destroy (&self->lookups);
        zlist_destroy (&self->queue);
        zlist_destroy (&self->later);
        cache_destroy (&self->cache);
        quota_destroy (&self->shares);
        secret_forget (&self->key);
        free (self->url);
        free (self);
        *self_p = NULL;
        errno = error;
    }
}


//  Return true if the lookup is not to be asked, for lack of room or because
//  its address has had its share, which is not counted while the provider is
//  left alone

static bool
s_is_refused (places_t *self, lookup_t *lookup, int64_t now_ms)
{
    if (zhashx_size (self->lookups) >=
        self->options.queue_max + self->options.connections_max)
        lookup->refused = "queue full";
    else if (!rate_limit_is_shut (&self->rate_limit, now_ms) &&
             !quota_take (self->shares, &lookup->address, now_ms)) {
        lookup->refused = "share spent";
        lookup->kind = EVENT_PLACES_RATIONED;
    }
    return lookup->refused;
}


void
places_fetch (places_t *self, const effect_t *effect)
{
    lookup_t *lookup = lookup_new (effect->text, effect->radius_mm);
    self->counts.lookups++;
    lookup_t *same = zhashx_lookup (self->lookups, lookup->key);
    if (same) {
        self->counts.shared++;
        lookup_add (same, effect->connection, effect->request);
        lookup_destroy (&lookup);
        return;
    }
    int64_t now_ms = clock_ms ();
    lookup_add (lookup, effect->connection, effect->request);
    lookup->address = effect->address;
    lookup->deadline_ms = now_ms + self->options.timeout_ms;
    span_t body;
    bool kept =
        self->cache && cache_find (self->cache, lookup->key, now_ms, &body);
    if (!self->url) {
        lookup->refused = ABSENT;
        lookup->kind = EVENT_PLACES_ABSENT;
    }
    else if (!kept && s_is_refused (self, lookup, now_ms))
        self->counts.refused++;
    else
        zhashx_insert (self->lookups, lookup->key, lookup);
    zlist_append (lookup->refused || kept ? self->known : self->queue, lookup);
    self->pending = true;
}


//  What ends makes room for what waits, and what begins may end at once; after
//  some rounds the rest is left to the tick

void
places_turn (places_t *self)
{
    transport_turn (self->transport);
    for (int round = 0; self->pending && round < ROUNDS_MAX; round++) {
        self->pending = false;
        s_schedule (self);
        transport_turn (self->transport);
    }
}


void
places_tick (places_t *self)
{
    s_schedule (self);
}


places_counts_t
places_counts (const places_t *self)
{
    return self->counts;
}
