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
#include "io/legacy.h"
#include "io/restraint.h"
#include "io/transport.h"

#include <assert.h>
#include <errno.h>
#include <sodium/utils.h>

//  Looks at the queue in a turn
#define ROUNDS_MAX 16

#define UNKNOWN "UNKNOWN_ERROR"
#define LEFT_ALONE "it is left alone"

struct places_t {
    places_options_t options;
    char *url;
    char *key;
    event_fn *emit;
    void *context;
    transport_t *transport;
    cache_t *cache;
    restraint_t restraint;
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
        s_fail (self, inquiry, LEFT_ALONE, self->restraint.word);
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


//  Ask, or end what is too late or not to be asked.  Returns false if it has to
//  wait

static bool
s_begin (places_t *self, inquiry_t *inquiry, int64_t now_ms)
{
    bool late = inquiry->deadline_ms <= now_ms;
    if (!late && !restraint_is_shut (&self->restraint, now_ms) &&
        (now_ms < inquiry->start_ms || transport_is_full (self->transport)))
        return false;
    if (late)
        s_fail (self, inquiry, "waited too long", UNKNOWN);
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


static bool
s_retry (places_t *self, inquiry_t *inquiry, int64_t now_ms)
{
    if (!inquiry_put_off (inquiry, now_ms))
        return false;
    self->counts.retries++;
    zlist_append (self->later, inquiry);
    return true;
}


//  Leave the provider alone for as long as it says; why is for the log

static void
s_hold (places_t *self, const char *word, const char *why,
    const transport_result_t *result)
{
    int64_t for_ms = restraint_hold (
        &self->restraint, word, result->retry_after_s, clock_ms ());
    if (for_ms == 0)
        return;
    char text [128];
    snprintf (text, sizeof (text), "%s: nothing is asked for %" PRId64 " s",
        why, for_ms / 1000);
    event_t event = {.kind = EVENT_PLACES_HELD, .text = span_of (text)};
    clock_stamp (&event);
    self->emit (self->context, &event);
}


//  There is a legacy answer, though it may be one of failure

static void
s_answered (places_t *self, inquiry_t *inquiry, span_t body,
    const transport_result_t *result)
{
    answer_t answer;
    int64_t now_ms = clock_ms ();
    bool good = answer_read (&answer, body);
    const char *refusal = good ? legacy_refusal (answer.status) : NULL;
    bool passing = good && span_equal (answer.status, span_of (UNKNOWN));
    bool lasting =
        good && (span_equal (answer.status, span_of ("OK")) ||
                    span_equal (answer.status, span_of ("ZERO_RESULTS")));
    if (refusal)
        s_hold (self, refusal, refusal, result);
    else
        restraint_report (
            &self->restraint, good && !passing ? NULL : UNKNOWN, now_ms);
    if (passing && s_retry (self, inquiry, now_ms))
        return;
    if (lasting && !answer.failed && self->cache)
        cache_put (self->cache, inquiry->key, body, now_ms);
    s_pass_on (self, inquiry, body, good ? &answer : NULL);
}


//  There is none

static void
s_failed (places_t *self, inquiry_t *inquiry, const transport_result_t *result)
{
    char why [64] = "an answer that is none";
    int64_t now_ms = clock_ms ();
    bool passing = result->error ? result->may_retry : result->status >= 500;
    const char *refusal = legacy_refusal_http (result->status);
    if (result->status != 200)
        snprintf (why, sizeof (why), "HTTP status %ld", result->status);
    if (!refusal && result->status >= 400 && result->retry_after_s > 0)
        refusal = "OVER_QUERY_LIMIT";
    if (refusal) {
        s_hold (self, refusal, why, result);
        s_fail (self, inquiry, LEFT_ALONE, refusal);
        return;
    }
    restraint_report (&self->restraint, UNKNOWN, now_ms);
    if (!passing || !s_retry (self, inquiry, now_ms))
        s_fail (self, inquiry, result->error ? result->error : why, UNKNOWN);
}


static void
s_done (void *context, const transport_result_t *result)
{
    places_t *self = context;
    inquiry_t *inquiry = result->owner;
    const dialect_t *dialect = self->options.dialect;
    char *translated = NULL;
    size_t size = 0;
    if (!result->error && dialect->translate)
        translated = dialect->translate (result->status, result->body, &size);
    if (translated)
        s_answered (self, inquiry, (span_t){translated, size}, result);
    else if (!result->error && !dialect->translate && result->status == 200)
        s_answered (self, inquiry, result->body, result);
    else
        s_failed (self, inquiry, result);
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
