/*  =========================================================================
    session - the use of one stream
    =========================================================================
*/

#include "gateway/standing.h"

#include "loop/clock.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

//  How often all that is looked at
#define WATCH_MS 100

//  Letters taken, locations published, and records looked at a turn
#define LETTERS_MAX 256
#define PUBLISH_MAX 512
#define LOOKS_MAX 8192

session_t *
session_new (const abroad_options_t *options)
{
    const config_t *config = options->config;
    session_t *self = calloc (1, sizeof (session_t));
    assert (self);
    self->journal = options->journal;
    self->take = options->take;
    self->context = options->context;
    self->replicas = config->nats.replicas;
    self->ttl_seconds = config->ttl_seconds;
    self->post = post_new (options->poller, config, options->server);
    if (!self->post) {
        free (self);
        return NULL;
    }
    sources_init (&self->sources, self->post, self->journal,
        config->nats.stream, config->region);
    self->sources.list [SOURCES_MET].wanted = true;
    return self;
}


void
session_destroy (session_t **self_p)
{
    session_t *self = *self_p;
    if (self) {
        post_destroy (&self->post);
        free (self);
        *self_p = NULL;
    }
}


void
session_serve (session_t *self, server_t *server)
{
    self->server = server;
    self->trade = server_trade (server);
    assert (self->trade);
}


//  The stream says that it has a message, of a number if it is a location

static void
s_take_ack (session_t *self, const letter_t *letter, const uint64_t *number,
    int64_t now_ms)
{
    uint64_t sequence;
    char why [JETSTREAM_WHY_SIZE] = "no stream has the subject";
    if (self->phase != PHASE_USES)
        return;
    if (letter->status ||
        jetstream_read_ack (letter->text, &sequence, why) != JETSTREAM_GOOD) {
        standing_fail (self, now_ms, "a message is not kept", why);
        return;
    }
    if (sequence > self->sequence)
        self->sequence = sequence;
    self->progress_ms = now_ms;
    if (number)
        trade_acknowledge (self->trade, *number);
    else if (sequence > self->announced)
        self->announced = sequence;
}


static void
s_set_joined (session_t *self)
{
    source_t *own = &self->sources.list [SOURCES_OWN];
    own->wanted = false;
    sources_restart_one (&self->sources, own);
    self->is_joined = true;
    journal_notice (self->journal, NOTICE_STREAM_JOINED,
        "stream %s is joined: what region %s published is read",
        self->sources.stream, trade_region (self->trade));
}


//  What answers a request of ours: the rest is what is behind the inbox

static void
s_take_answer (
    session_t *self, const letter_t *letter, span_t rest, int64_t now_ms)
{
    span_t number = rest;
    uint64_t value = 0, pending = 0;
    span_t kind = span_until (&number, '.');
    const source_t *own = &self->sources.list [SOURCES_OWN];
    bool good = span_number (number, UINT64_MAX, &value);
    if (span_equal (kind, span_of ("a")) && good)
        s_take_ack (self, letter, &value, now_ms);
    else if (span_equal (kind, span_of ("m")))
        s_take_ack (self, letter, NULL, now_ms);
    else if (span_equal (kind, span_of ("i"))) {
        if (self->polling && good && value == self->request)
            standing_take_info (self, letter, now_ms);
    }
    else if (sources_answer (&self->sources, letter, rest, now_ms, &pending) ==
                 own &&
             pending == 0)
        s_set_joined (self);
}


static void
s_emit (session_t *self, event_kind_t kind, const char *speaker, span_t text)
{
    event_t event = {.kind = kind, .speaker = speaker, .text = text};
    clock_stamp (&event);
    self->take (self->context, &event);
}


static void
s_meet (session_t *self, const char *region, span_t servers, uint64_t sequence,
    int64_t now_ms)
{
    bool is_new = false;
    span_t name = span_of (region);
    bool own = span_equal (name, span_of (trade_region (self->trade)));
    if (!subject_is_region (name) || servers.size > RESIDENTS_SIZE_MAX) {
        self->counts.errors++;
        return;
    }
    if (!own && !sources_add (&self->sources, name, now_ms, &is_new)) {
        self->counts.errors++;
        journal_notice (self->journal, NOTICE_REGION_LEFT_OUT,
            "region %s is not read: there are %d others already", region,
            SOURCES_REGIONS_MAX);
        return;
    }
    if (own && sequence > self->announced)
        self->announced = sequence;
    if (is_new)
        journal_notice (
            self->journal, NOTICE_REGION_MET, "region %s is there", region);
    s_emit (self, EVENT_REGION_MET, region, servers);
}


static void
s_take_message (session_t *self, const letter_t *letter, int64_t now_ms)
{
    jetstream_place_t place;
    size_t size = strlen (self->sources.stream) + 1;
    source_t *source = sources_take (&self->sources, letter, now_ms, &place);
    if (!source)
        return;
    if (place.sequence > self->sequence)
        self->sequence = place.sequence;
    const char *subject = letter->subject;
    subject += strlen (subject) > size ? size : strlen (subject);
    if (source == &self->sources.list [SOURCES_MET])
        s_meet (self, subject, letter->text, place.sequence, now_ms);
    else
        s_emit (self, EVENT_REGION_RECORD, subject, letter->text);
    if (source == &self->sources.list [SOURCES_OWN] && place.pending == 0)
        s_set_joined (self);
}


static void
s_take_letter (session_t *self, const letter_t *letter, int64_t now_ms)
{
    size_t size = strlen (self->sources.inbox);
    if (letter->kind == LETTER_CONNECTED)
        standing_connect (self, letter);
    else if (letter->kind == LETTER_LOST)
        standing_lose (self, letter, now_ms);
    else if (letter->connection != self->sources.connection)
        return;
    else if (letter->kind == LETTER_DENIED)
        standing_deny (self, letter);
    else if (size &&
             strncmp (letter->subject, self->sources.inbox, size) == 0 &&
             letter->subject [size] == '.')
        s_take_answer (
            self, letter, span_of (letter->subject + size + 1), now_ms);
    else if (self->phase == PHASE_USES)
        s_take_message (self, letter, now_ms);
}


static void
s_publish (session_t *self, const trade_item_t *item)
{
    char subject [SUBJECT_SIZE], reply [REPLY_SIZE];
    size_t size = (size_t) snprintf (
        subject, sizeof subject, "%s.", self->sources.stream);
    size += trade_print (self->trade, item->line, subject + size);
    subject [size] = '\0';
    snprintf (reply, sizeof reply, "%s.a.%" PRIu64, self->sources.inbox,
        item->number);
    post_send (
        self->post, self->sources.connection, subject, reply, item->line);
}


//  Returns true if more could be done at once

static bool
s_feed (session_t *self)
{
    trade_item_t item;
    size_t looks = LOOKS_MAX;
    if (self->phase != PHASE_USES)
        return false;
    if (!self->is_prepared) {
        self->is_prepared = trade_prepare (self->trade, &looks);
        return true;
    }
    for (unsigned count = 0; self->is_joined && post_has_room (self->post) &&
                             trade_next (self->trade, &item, &looks);
         count++) {
        s_publish (self, &item);
        if (count == PUBLISH_MAX)
            return true;
    }
    return self->is_joined && !looks;
}


bool
session_turn (session_t *self, int64_t now_ms)
{
    letter_t *letter;
    unsigned count = 0;
    while (count < LETTERS_MAX && (letter = post_receive (self->post))) {
        s_take_letter (self, letter, now_ms);
        letter_destroy (&letter);
        count++;
    }
    if (now_ms - self->watched_ms >= WATCH_MS)
        standing_watch (self, now_ms);
    bool more = s_feed (self);
    return more || count == LETTERS_MAX;
}


bool
session_has_output (const session_t *self)
{
    return self->phase == PHASE_USES && self->is_joined &&
           (trade_counts (self->trade).in_flight ||
               trade_has_next (self->trade));
}


region_counts_t
session_counts (const session_t *self)
{
    region_counts_t counts = trade_counts (self->trade);
    counts.connected = self->phase == PHASE_USES;
    counts.joined = self->is_joined;
    counts.regions = self->sources.count - SOURCES_OTHERS;
    counts.connects = self->counts.connects;
    counts.joins = self->counts.joins;
    counts.errors = self->counts.errors + self->sources.errors;
    return counts;
}
