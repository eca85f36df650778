/*  =========================================================================
    places - what is around a place, as a provider tells
    =========================================================================
*/

#include "io/places.h"

#include "core/answer.h"
#include "core/failure.h"
#include "io/cache.h"
#include "io/clock.h"
#include "io/inquiry.h"
#include "io/restraint.h"
#include "io/transport.h"

#include <assert.h>
#include <errno.h>
#include <sodium/randombytes.h>
#include <sodium/utils.h>

//  Looks at the queue in a turn
#define ROUNDS_MAX 16

//  Asked again so often at most, after a random part of so long, and four
//  times as long
#define RETRIES_MAX 2
#define RETRY_MS 200

//  A key that is refused will be refused again
#define DENIED_MS 30000

struct places_t {
    places_options_t options;
    char *url;
    char *key;
    event_fn *emit;
    void *context;
    transport_t *transport;
    cache_t *cache;
    restraint_t restraint;
    const char *broken;  //  Google's word while the provider is left alone
    places_counts_t counts;
    bool pending;         //  The queue is to be looked at
    zhashx_t *inquiries;  //  By key
    zlist_t *known;       //  Those whose end is known, to be told
    zlist_t *queue;       //  Those that wait for their turn, oldest first
    zlist_t *later;       //  Those that are to be asked again
};


//  Tell all who wait how it ended

static void
s_end (places_t *self, inquiry_t *inquiry, event_t event)
{
    clock_stamp (&event);
    if (!inquiry->refused)
        zhashx_delete (self->inquiries, inquiry->key);
    while (inquiry_next (inquiry, &event.client, &event.request))
        self->emit (self->context, &event);
    inquiry_destroy (&inquiry);
}


static void
s_fail (places_t *self, inquiry_t *inquiry, const char *why, const char *status)
{
    event_t event = {
        .kind = EVENT_PLACES_FAILED, .text = span_of (why), .status = status};
    s_end (self, inquiry, event);
}


static void
s_pass_on (
    places_t *self, inquiry_t *inquiry, span_t body, const answer_t *answer)
{
    s_end (self, inquiry,
        (event_t){.kind = EVENT_PLACES_ANSWER, .text = body, .answer = answer});
}


//  Make the request, unless there is a reason not to

static void
s_ask (places_t *self, inquiry_t *inquiry, int64_t now_ms)
{
    event_t event = {.kind = EVENT_PLACES_SPENT};
    switch (restraint_take (&self->restraint, clock_now (), now_ms)) {
    case RESTRAINT_BUDGET:
        self->counts.refused++;
        event.text = span_of ("budget spent");
        s_end (self, inquiry, event);
        return;
    case RESTRAINT_BROKEN:
        self->counts.refused++;
        s_fail (self, inquiry, "it is left alone", self->broken);
        return;
    case RESTRAINT_NONE:
        break;
    }
    transport_request_t request = {
        .timeout_ms = inquiry->deadline_ms - now_ms, .owner = inquiry};
    self->options.dialect->ask (
        &(dialect_access_t){
            self->url, self->key, self->options.full, self->options.timeout_ms},
        &inquiry->question, &request);
    self->counts.requests++;
    transport_send (self->transport, &request);
}


//  Tell the ends that were known at once

static void
s_tell (places_t *self, int64_t now_ms)
{
    inquiry_t *inquiry;
    while ((inquiry = zlist_pop (self->known))) {
        span_t body;
        answer_t answer;
        if (inquiry->refused)
            s_fail (self, inquiry, inquiry->refused, inquiry->status);
        else if (cache_find (self->cache, inquiry->key, now_ms, &body) &&
                 answer_read (&answer, body)) {
            self->counts.kept++;
            s_pass_on (self, inquiry, body, &answer);
        }
        else
            zlist_append (self->queue, inquiry);
    }
}


//  Ask, or end what is too late for that.  Returns false if it has to wait

static bool
s_begin (places_t *self, inquiry_t *inquiry, int64_t now_ms)
{
    bool late = inquiry->deadline_ms <= now_ms;
    if (!late &&
        (now_ms < inquiry->start_ms || transport_is_full (self->transport)))
        return false;
    if (late)
        s_fail (self, inquiry, "waited too long", "UNKNOWN_ERROR");
    else
        s_ask (self, inquiry, now_ms);
    return true;
}


//  Ask those whose turn it is, and end those whose time is over.  Those that
//  are asked again are older than the queue, where the order is that of ends

static void
s_schedule (places_t *self)
{
    int64_t now_ms = clock_ms ();
    inquiry_t *inquiry;
    s_tell (self, now_ms);
    for (size_t count = zlist_size (self->later); count; count--) {
        inquiry = zlist_pop (self->later);
        if (!s_begin (self, inquiry, now_ms))
            zlist_append (self->later, inquiry);
    }
    while ((inquiry = zlist_pop (self->queue)))
        if (!s_begin (self, inquiry, now_ms)) {
            zlist_push (self->queue, inquiry);
            break;
        }
}


//  Put it off for a while that nobody else puts it off for, if there is time

static bool
s_retry (places_t *self, inquiry_t *inquiry, long after_s, int64_t now_ms)
{
    int64_t most_ms = RETRY_MS << 2 * inquiry->retries;
    int64_t delay_ms = (int64_t) randombytes_uniform ((uint32_t) most_ms);
    if (after_s > self->options.timeout_ms / 1000)
        return false;
    if (after_s > 0)
        delay_ms = (int64_t) after_s * 1000;
    if (inquiry->retries == RETRIES_MAX ||
        now_ms + delay_ms >= inquiry->deadline_ms)
        return false;
    inquiry->retries++;
    inquiry->start_ms = now_ms + delay_ms;
    self->counts.retries++;
    zlist_append (self->later, inquiry);
    return true;
}


//  What the answer's own status calls for

static bool
s_is_lasting (span_t status)
{
    return span_equal (status, span_of ("OK")) ||
           span_equal (status, span_of ("ZERO_RESULTS"));
}


static bool
s_is_passing (span_t status)
{
    return span_equal (status, span_of ("UNKNOWN_ERROR")) ||
           span_equal (status, span_of ("OVER_QUERY_LIMIT"));
}


//  There is a legacy answer, though it may be one of failure

static void
s_answered (places_t *self, inquiry_t *inquiry, span_t body, long after_s)
{
    answer_t answer;
    int64_t now_ms = clock_ms ();
    bool good = answer_read (&answer, body);
    bool passing = good && s_is_passing (answer.status);
    restraint_report (&self->restraint, good && !passing, now_ms);
    self->broken = good ? failure_status (answer.status) : "UNKNOWN_ERROR";
    if (good && span_equal (answer.status, span_of ("REQUEST_DENIED")))
        restraint_shut (&self->restraint, DENIED_MS, now_ms);
    if (passing && s_retry (self, inquiry, after_s, now_ms))
        return;
    if (good && !answer.failed && s_is_lasting (answer.status) && self->cache)
        cache_put (self->cache, inquiry->key, body, now_ms);
    s_pass_on (self, inquiry, body, good ? &answer : NULL);
}


static void
s_done (void *context, const transport_result_t *result)
{
    places_t *self = context;
    inquiry_t *inquiry = result->owner;
    const dialect_t *dialect = self->options.dialect;
    bool passing = result->error
                       ? result->may_retry
                       : result->status == 429 || result->status >= 500;
    char *translated = NULL;
    size_t size = 0;
    if (!result->error && dialect->translate)
        translated = dialect->translate (result->status, result->body, &size);
    if (translated)
        s_answered (
            self, inquiry, (span_t){translated, size}, result->retry_after_s);
    else if (!result->error && !dialect->translate && result->status == 200)
        s_answered (self, inquiry, result->body, result->retry_after_s);
    else {
        char why [64] = "an answer that is none";
        if (result->status != 200)
            snprintf (why, sizeof (why), "HTTP status %ld", result->status);
        self->broken =
            result->status == 429 ? "OVER_QUERY_LIMIT" : "UNKNOWN_ERROR";
        restraint_report (&self->restraint, false, clock_ms ());
        if (!passing ||
            !s_retry (self, inquiry, result->retry_after_s, clock_ms ()))
            s_fail (self, inquiry, result->error ? result->error : why,
                self->broken);
    }
    free (translated);
    self->pending = true;
}


places_t *
places_new (watch_t *watch, const places_options_t *options, event_fn *emit,
    void *context)
{
    places_t *self = zmalloc (sizeof (places_t));
    self->options = *options;
    self->url = options->url ? strdup (options->url) : NULL;
    self->key = options->key ? strdup (options->key) : NULL;
    self->emit = emit;
    self->context = context;
    self->inquiries = zhashx_new ();
    zhashx_set_key_duplicator (self->inquiries, NULL);
    zhashx_set_key_destructor (self->inquiries, NULL);
    self->known = zlist_new ();
    self->queue = zlist_new ();
    self->later = zlist_new ();
    restraint_init (&self->restraint, options->per_second, options->per_day);
    if (options->cache_ms)
        self->cache = cache_new (options->cache_size_max, options->cache_ms);
    self->transport = transport_new (
        watch, options->connections_max, options->body_size_max, s_done, self);
    if (!self->transport)
        places_destroy (&self);
    return self;
}


//  Free those that are in no table, because they were refused, and the list

static void
s_free_known (places_t *self)
{
    inquiry_t *inquiry;
    while ((inquiry = zlist_pop (self->known)))
        if (inquiry->refused)
            inquiry_destroy (&inquiry);
    zlist_destroy (&self->known);
}


void
places_destroy (places_t **self_p)
{
    places_t *self = *self_p;
    if (self) {
        int error = errno;
        inquiry_t *inquiry;
        transport_destroy (&self->transport);
        s_free_known (self);
        while ((inquiry = zhashx_first (self->inquiries))) {
            zhashx_delete (self->inquiries, inquiry->key);
            inquiry_destroy (&inquiry);
        }
        zhashx_destroy (&self->inquiries);
        zlist_destroy (&self->queue);
        zlist_destroy (&self->later);
        cache_destroy (&self->cache);
        if (self->key)
            sodium_memzero (self->key, strlen (self->key));
        free (self->key);
        free (self->url);
        free (self);
        *self_p = NULL;
        errno = error;
    }
}


void
places_fetch (places_t *self, const effect_t *effect)
{
    inquiry_t *inquiry = inquiry_new (effect->text, effect->radius_mm);
    self->counts.lookups++;
    inquiry_t *same = zhashx_lookup (self->inquiries, inquiry->key);
    if (same) {
        self->counts.shared++;
        inquiry_add (same, effect->client, effect->request);
        inquiry_destroy (&inquiry);
        return;
    }
    int64_t now_ms = clock_ms ();
    inquiry_add (inquiry, effect->client, effect->request);
    inquiry->deadline_ms = now_ms + self->options.timeout_ms;
    span_t body;
    bool kept =
        self->cache && cache_find (self->cache, inquiry->key, now_ms, &body);
    if (!self->url)
        inquiry->refused = "no provider";
    else if (!kept &&
             zhashx_size (self->inquiries) >=
                 self->options.queue_max + self->options.connections_max) {
        inquiry->refused = "queue full";
        self->counts.refused++;
    }
    else
        zhashx_insert (self->inquiries, inquiry->key, inquiry);
    zlist_append (
        inquiry->refused || kept ? self->known : self->queue, inquiry);
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
