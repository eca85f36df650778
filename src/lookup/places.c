/*  =========================================================================
    places - what is around a place, as a provider tells
    =========================================================================
*/

#include "lookup/places.h"

#include "base/key.h"
#include "base/quota.h"
#include "log/secret.h"
#include "lookup/cache.h"
#include "lookup/inquiry.h"
#include "lookup/restraint.h"
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

struct places_t {
    places_options_t options;
    char *url;
    char *key;
    event_fn *emit;
    void *context;
    transport_t *transport;
    cache_t *cache;
    restraint_t restraint;
    quota_t *shares;  //  Of addresses in the budget
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
            s_end (self, inquiry,
                (event_t){.kind = inquiry->kind,
                    .address = inquiry->address,
                    .text = span_of (inquiry->refused)});
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


static bool
s_retry (places_t *self, inquiry_t *inquiry, int64_t now_ms)
{
    if (!inquiry_put_off (inquiry, now_ms))
        return false;
    self->counts.retries++;
    zlist_append (self->later, inquiry);
    return true;
}


//  Leave the provider alone for as long as it says, and say so once

static void
s_hold (places_t *self, const outcome_t *outcome, int64_t after_s)
{
    char text [OUTCOME_WHY_SIZE + 64];
    event_t event = {.kind = EVENT_PLACES_HELD};
    clock_stamp (&event);
    int64_t for_ms = restraint_hold (
        &self->restraint, outcome->refusal, after_s, event.clock_ms);
    if (for_ms == 0)
        return;
    snprintf (text, sizeof (text), "%s: nothing is asked for %" PRId64 " s",
        outcome->why, for_ms / 1000);
    event.text = span_of (text);
    self->emit (self->context, &event);
}


static void
s_done (void *context, const transport_result_t *result)
{
    places_t *self = context;
    inquiry_t *inquiry = result->owner;
    int64_t now_ms = clock_ms ();
    outcome_t outcome;
    outcome_read (&outcome, self->options.dialect, result);
    if (outcome.refusal)
        s_hold (self, &outcome, result->retry_after_s);
    else
        restraint_report (&self->restraint, outcome.failure, now_ms);
    if (outcome.lasting && self->cache)
        cache_put (self->cache, inquiry->key, outcome.text, now_ms);
    bool again = outcome.passing &&
                 !restraint_is_shut (&self->restraint, now_ms) &&
                 s_retry (self, inquiry, now_ms);
    if (!again && outcome.answered)
        s_pass_on (
            self, inquiry, outcome.text, outcome.read ? &outcome.answer : NULL);
    else if (!again && outcome.refusal)
        s_fail (self, inquiry, LEFT_ALONE, outcome.refusal);
    else if (!again)
        s_fail (self, inquiry, outcome.why, outcome.failure);
    outcome_clear (&outcome);
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
    unsigned char key [KEY_SIZE];
    randombytes_buf (key, sizeof (key));
    self->shares = quota_new (key, 0, options->per_client_per_minute);
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
        quota_destroy (&self->shares);
        secret_forget (&self->key);
        free (self->url);
        free (self);
        *self_p = NULL;
        errno = error;
    }
}


//  Return true if the inquiry is not to be asked, for lack of room or because
//  its address has had its share, which is not counted while the provider is
//  left alone

static bool
s_is_refused (places_t *self, inquiry_t *inquiry, int64_t now_ms)
{
    if (zhashx_size (self->inquiries) >=
        self->options.queue_max + self->options.connections_max)
        inquiry->refused = "queue full";
    else if (!restraint_is_shut (&self->restraint, now_ms) &&
             !quota_take (self->shares, inquiry->address, now_ms)) {
        inquiry->refused = "share spent";
        inquiry->kind = EVENT_PLACES_RATIONED;
    }
    return inquiry->refused;
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
    inquiry->address = effect->address;
    inquiry->deadline_ms = now_ms + self->options.timeout_ms;
    span_t body;
    bool kept =
        self->cache && cache_find (self->cache, inquiry->key, now_ms, &body);
    if (!self->url)
        inquiry->refused = "no provider";
    else if (!kept && s_is_refused (self, inquiry, now_ms))
        self->counts.refused++;
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
