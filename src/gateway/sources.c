/*  =========================================================================
    sources - what is read of a stream: a consumer for each region
    =========================================================================
*/

#include "gateway/sources.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

//  Messages on their way to us: of all sources, of one at least and at most
#define CREDIT_ALL 16384
#define CREDIT_LEAST 32
#define CREDIT_MOST 8192

//  For an answer; for a word of a consumer, which says each JETSTREAM_BEAT_MS
//  that it waits; and between one and the next
#define ANSWER_MS 30000
#define SILENCE_MS ((int64_t) 8 * JETSTREAM_BEAT_MS)
#define PAUSE_MS 1000

#define TEXT_SIZE 256

enum { STATUS_BEAT = 100, STATUS_NONE = 404, STATUS_TIMEOUT = 408 };


void
sources_init (sources_t *self, post_t *post, journal_t *journal,
    const char *stream, const char *region)
{
    *self =
        (sources_t){.post = post, .journal = journal, .count = SOURCES_OTHERS};
    snprintf (self->stream, sizeof self->stream, "%s", stream);
    source_t *own = &self->list [SOURCES_OWN];
    snprintf (own->region, sizeof own->region, "%s", region);
}


//  Write the subjects that it reads

static void
s_name (const sources_t *self, const source_t *source, char name [TEXT_SIZE])
{
    bool met = source == &self->list [SOURCES_MET];
    snprintf (name, TEXT_SIZE, "%s.%s%s", self->stream, source->region,
        met ? "*" : ".*");
}


//  Leave the consumer: the stream need not send what it was asked for

static void
s_drop (sources_t *self, source_t *source)
{
    char subject [TEXT_SIZE];
    if (source->consumer [0]) {
        snprintf (subject, sizeof subject, "$JS.API.CONSUMER.DELETE.%s.%s",
            self->stream, source->consumer);
        post_send (
            self->post, self->connection, subject, NULL, (span_t){NULL, 0});
    }
    source->consumer [0] = '\0';
    source->asked = false;
    source->credit = 0;
    source->count = 0;
}


void
sources_connect (sources_t *self, uint64_t connection, const char *inbox)
{
    self->connection = connection;
    snprintf (self->inbox, sizeof self->inbox, "%s", inbox);
    for (size_t index = 0; index < self->count; index++)
        self->list [index].consumer [0] = '\0';
    sources_pause (self);
}


void
sources_pause (sources_t *self)
{
    for (size_t index = 0; index < self->count; index++) {
        s_drop (self, &self->list [index]);
        self->list [index].next_ms = 0;
    }
}


void
sources_restart_one (sources_t *self, source_t *source)
{
    s_drop (self, source);
    source->read = 0;
}


void
sources_restart (sources_t *self)
{
    for (size_t index = 0; index < self->count; index++)
        sources_restart_one (self, &self->list [index]);
}


static source_t *
s_find (sources_t *self, span_t region)
{
    for (size_t index = SOURCES_OTHERS; index < self->count; index++)
        if (span_equal (region, span_of (self->list [index].region)))
            return &self->list [index];
    return NULL;
}


//  Return the source of a region that was silent for long, which is given up;
//  or NULL

static source_t *
s_give_up (sources_t *self, int64_t now_ms)
{
    source_t *source = &self->list [SOURCES_OTHERS];
    for (size_t index = SOURCES_OTHERS; index < self->count; index++)
        if (self->list [index].met_ms < source->met_ms)
            source = &self->list [index];
    if (now_ms - source->met_ms < SOURCES_SILENCE_MS)
        return NULL;
    s_drop (self, source);
    journal_notice (self->journal, NOTICE_REGION_LEFT_OUT,
        "region %s is not read any more: it is silent, and others need its "
        "place",
        source->region);
    return source;
}


source_t *
sources_add (sources_t *self, span_t region, int64_t now_ms, bool *is_new)
{
    source_t *source = s_find (self, region);
    *is_new = !source;
    if (!source && self->count < SOURCES_MAX)
        source = &self->list [self->count++];
    else if (!source)
        source = s_give_up (self, now_ms);
    if (source && *is_new) {
        *source = (source_t){.wanted = true};
        assert (region.size < sizeof source->region);
        memcpy (source->region, region.data, region.size);
    }
    if (source)
        source->met_ms = now_ms;
    return source;
}


//  Something is wrong with the consumer: have another, but not at once

static void
s_replace (sources_t *self, source_t *source, int64_t now_ms, const char *why)
{
    char subjects [TEXT_SIZE];
    s_name (self, source, subjects);
    journal_notice (self->journal, NOTICE_REGION_FAILS,
        "%s is asked for again: %s", subjects, why);
    self->errors++;
    s_drop (self, source);
    source->next_ms = now_ms + PAUSE_MS;
}


static void
s_send (sources_t *self, source_t *source, const char *subject, char kind,
    const char *text)
{
    char reply [TEXT_SIZE];
    snprintf (reply, sizeof reply, "%s.%c.%zu.%" PRIu64, self->inbox, kind,
        (size_t) (source - self->list), source->request);
    post_send (self->post, self->connection, subject, reply, span_of (text));
}


static void
s_ask (sources_t *self, source_t *source, int64_t now_ms)
{
    char subjects [TEXT_SIZE], subject [TEXT_SIZE];
    s_name (self, source, subjects);
    snprintf (
        subject, sizeof subject, "$JS.API.CONSUMER.CREATE.%s", self->stream);
    char *text =
        jetstream_make_consumer (self->stream, subjects, source->read + 1);
    s_drop (self, source);
    source->request = ++self->requests;
    source->asked = true;
    source->heard_ms = now_ms;
    s_send (self, source, subject, 'c', text);
    free (text);
}


//  Half of what was asked for is still on its way when more is

static void
s_pull (sources_t *self, source_t *source)
{
    char subject [TEXT_SIZE];
    unsigned most = (unsigned) (CREDIT_ALL / self->count);
    if (most < CREDIT_LEAST)
        most = CREDIT_LEAST;
    if (most > CREDIT_MOST)
        most = CREDIT_MOST;
    if (source->credit > most / 2 || !post_has_room (self->post))
        return;
    snprintf (subject, sizeof subject, "$JS.API.CONSUMER.MSG.NEXT.%s.%s",
        self->stream, source->consumer);
    char *text = jetstream_pull (most);
    source->credit += most;
    s_send (self, source, subject, 'p', text);
    free (text);
}


void
sources_tick (sources_t *self, int64_t now_ms)
{
    for (size_t index = 0; index < self->count; index++) {
        source_t *source = &self->list [index];
        int64_t silent_ms = now_ms - source->heard_ms;
        if (!source->wanted || !post_has_room (self->post))
            continue;
        if (source->asked && silent_ms > ANSWER_MS)
            s_replace (self, source, now_ms, "no consumer is made");
        else if (source->consumer [0] && silent_ms > SILENCE_MS)
            s_replace (self, source, now_ms, "its consumer is silent");
        if (source->consumer [0])
            s_pull (self, source);
        else if (!source->asked && now_ms >= source->next_ms)
            s_ask (self, source, now_ms);
    }
}


static bool
s_read_consumer (sources_t *self, source_t *source, const letter_t *letter,
    int64_t now_ms, uint64_t *pending)
{
    char why [JETSTREAM_WHY_SIZE] = "JetStream does not answer";
    source->asked = false;
    if (!letter->status &&
        jetstream_read_consumer (
            letter->text, source->consumer, pending, why) == JETSTREAM_GOOD)
        return true;
    s_replace (self, source, now_ms, why);
    return false;
}


//  A pull says that it waits, or that it has ended

static void
s_read_pull (
    sources_t *self, source_t *source, const letter_t *letter, int64_t now_ms)
{
    if (letter->status == STATUS_TIMEOUT || letter->status == STATUS_NONE) {
        uint64_t ended =
            letter->pending ? letter->pending : (uint64_t) source->credit;
        source->credit -=
            ended < source->credit ? (unsigned) ended : source->credit;
    }
    else if (letter->status != STATUS_BEAT)
        s_replace (self, source, now_ms, "its consumer is gone");
}


source_t *
sources_answer (sources_t *self, const letter_t *letter, span_t rest,
    int64_t now_ms, uint64_t *pending)
{
    uint64_t index, number;
    span_t kind = span_until (&rest, '.');
    if (!span_number (span_until (&rest, '.'), self->count - 1, &index) ||
        !span_number (rest, UINT64_MAX, &number) ||
        number != self->list [index].request)
        return NULL;
    source_t *source = &self->list [index];
    source->heard_ms = now_ms;
    if (span_equal (kind, span_of ("p"))) {
        bool waits = source->consumer [0] && letter->status == STATUS_BEAT;
        if (source->consumer [0])
            s_read_pull (self, source, letter, now_ms);
        *pending = 0;
        return waits ? source : NULL;
    }
    bool good = source->asked &&
                s_read_consumer (self, source, letter, now_ms, pending);
    return good ? source : NULL;
}


source_t *
sources_take (sources_t *self, const letter_t *letter, int64_t now_ms,
    jetstream_place_t *place)
{
    size_t index = 0;
    if (!letter->reply ||
        !jetstream_read_place (span_of (letter->reply), place) ||
        !place->consumer.size)
        return NULL;
    while (index < self->count &&
           !span_equal (place->consumer, span_of (self->list [index].consumer)))
        index++;
    if (index == self->count)
        return NULL;
    source_t *source = &self->list [index];
    source->heard_ms = now_ms;
    if (place->count != source->count + 1 || place->sequence <= source->read) {
        s_replace (self, source, now_ms, "a message is missing");
        return NULL;
    }
    source->count = place->count;
    source->read = place->sequence;
    source->credit -= source->credit > 0;
    s_pull (self, source);
    return source;
}
