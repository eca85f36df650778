/*  =========================================================================
    standing - whether the stream can be used, and is what it was
    =========================================================================
*/

#include "gateway/standing.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

//  How often the stream is looked at, and others told that we are there; but
//  that each third of the time to live at least, and so each sixth is looked
#define POLL_MS 2000
#define ANNOUNCE_MS 20000

//  For an answer, and for the next of what is acknowledged; then how long the
//  stream is not used, or if it is none for us
#define ANSWER_MS 20000
#define ACK_MS 20000
#define PAUSE_MS 1000
#define WRONG_MS 10000


//  Nothing that is on its way counts

static void
s_rest (session_t *self, phase_t phase, int64_t resume_ms)
{
    self->phase = phase;
    self->resume_ms = resume_ms;
    self->polling = false;
    sources_pause (&self->sources);
    trade_rewind (self->trade);
}


static void
s_say (session_t *self, notice_t notice, const char *what, const char *why)
{
    char failure [FAILURE_SIZE];
    snprintf (failure, sizeof failure, "%s%s%s", what, *why ? ": " : "", why);
    if (strcmp (self->failure, failure) != 0)
        journal_notice (self->journal, notice, "stream %s can't be used: %s",
            self->sources.stream, failure);
    memcpy (self->failure, failure, sizeof failure);
}


void
standing_fail (
    session_t *self, int64_t now_ms, const char *what, const char *why)
{
    self->counts.errors++;
    s_say (self, NOTICE_STREAM_FAILS, what, why);
    s_rest (self, PHASE_RESTS, now_ms + PAUSE_MS);
}


//  Ask what the stream is, or, with a text, to make it

static void
s_ask (session_t *self, const char *text, int64_t now_ms)
{
    char subject [SUBJECT_SIZE], reply [REPLY_SIZE];
    self->making = *text;
    snprintf (subject, sizeof subject, "$JS.API.STREAM.%s.%s",
        self->making ? "CREATE" : "INFO", self->sources.stream);
    snprintf (reply, sizeof reply, "%s.i.%" PRIu64, self->sources.inbox,
        ++self->request);
    post_send (
        self->post, self->sources.connection, subject, reply, span_of (text));
    self->polling = true;
    self->polled_ms = now_ms;
    self->asked_sequence = self->sequence;
}


static void
s_make (session_t *self, int64_t now_ms)
{
    char *text = jetstream_make_stream (
        self->sources.stream, self->replicas, self->ttl_seconds);
    s_ask (self, text, now_ms);
    free (text);
}


static void
s_announce (session_t *self, int64_t now_ms)
{
    char subject [SUBJECT_SIZE], reply [REPLY_SIZE];
    char names [RESIDENTS_SIZE_MAX];
    size_t size = residents_print (trade_residents (self->trade), names);
    snprintf (subject, sizeof subject, "%s.%s", self->sources.stream,
        trade_region (self->trade));
    snprintf (reply, sizeof reply, "%s.m", self->sources.inbox);
    post_send (self->post, self->sources.connection, subject, reply,
        (span_t){names, size});
    self->announced_ms = now_ms;
}


void
standing_connect (session_t *self, const letter_t *letter)
{
    bool same = strcmp (self->process, letter->subject) == 0;
    self->is_restarted |= *self->process && !same;
    snprintf (self->process, sizeof self->process, "%s", letter->subject);
    self->counts.connects++;
    sources_connect (&self->sources, letter->connection, letter->text.data);
    s_rest (self, PHASE_RESTS, 0);
}


void
standing_lose (session_t *self, const letter_t *letter, int64_t now_ms)
{
    standing_fail (self, now_ms, "no connection to NATS", letter->text.data);
    sources_connect (&self->sources, 0, "");
    self->phase = PHASE_AWAY;
}


void
standing_deny (session_t *self, const letter_t *letter)
{
    self->counts.errors++;
    journal_notice (self->journal, NOTICE_STREAM_DENIED,
        "NATS refuses what stream %s needs: %s", self->sources.stream,
        letter->text.data);
}


//  All is to be read, and then our own published that is not there

static void
s_begin_to_join (session_t *self)
{
    if (self->is_known)
        journal_notice (self->journal, NOTICE_STREAM_NEW,
            "stream %s is new, or may have lost messages: it is read again",
            self->sources.stream);
    self->counts.joins++;
    self->sequence = self->announced = 0;
    self->is_prepared = self->is_joined = false;
    self->sources.list [SOURCES_OWN].wanted = false;
    sources_restart (&self->sources);
    trade_restart (self->trade);
}


static int64_t
s_announce_ms (const session_t *self)
{
    int64_t third_ms = (int64_t) self->ttl_seconds * 1000 / 3;
    return third_ms && third_ms < ANNOUNCE_MS ? third_ms : ANNOUNCE_MS;
}


static int64_t
s_poll_ms (const session_t *self)
{
    int64_t half_ms = s_announce_ms (self) / 2;
    return half_ms < POLL_MS ? half_ms : POLL_MS;
}


//  Who made the stream may keep clients for another time than we

static void
s_compare_ttl (session_t *self, const jetstream_info_t *info)
{
    bool same = self->is_known && info->seconds == self->info.seconds;
    if (!same && info->seconds != self->ttl_seconds)
        journal_notice (self->journal, NOTICE_STREAM_TTL,
            "stream %s keeps messages for %" PRIu64
            " s, herd/ttl_seconds is %" PRIu64 ", 0 is for ever",
            self->sources.stream, info->seconds, self->ttl_seconds);
}


//  A process of NATS that was killed may not have had the last on its disk, if
//  no other has it.  That a purge took what we announced last is seen until we
//  announce again: so we do that only when there was none, and at once

static void
s_use (session_t *self, const jetstream_info_t *info, int64_t now_ms)
{
    bool intact = self->is_known &&
                  jetstream_is_intact (&self->info, info, self->asked_sequence,
                      self->announced) &&
                  !(self->is_restarted && info->replicas <= 1);
    bool resumed = self->phase != PHASE_USES;
    if (!intact)
        s_begin_to_join (self);
    if (*self->failure || !self->is_known)
        journal_notice (self->journal, NOTICE_STREAM_USED,
            "stream %s is used: %" PRIu64 " messages", self->sources.stream,
            info->messages);
    s_compare_ttl (self, info);
    self->info = *info;
    self->is_known = true;
    self->is_restarted = false;
    self->failure [0] = '\0';
    self->phase = PHASE_USES;
    if (resumed || !intact)
        self->progress_ms = now_ms;
    if (resumed || !intact ||
        now_ms - self->announced_ms >= s_announce_ms (self))
        s_announce (self, now_ms);
}


void
standing_take_info (session_t *self, const letter_t *letter, int64_t now_ms)
{
    jetstream_info_t info;
    char why [JETSTREAM_WHY_SIZE];
    self->polling = false;
    if (letter->status) {
        standing_fail (self, now_ms, "JetStream does not answer", "");
        return;
    }
    switch (
        jetstream_read_info (letter->text, self->sources.stream, &info, why)) {
    case JETSTREAM_MISSING:
        if (self->making) {
            standing_fail (self, now_ms, "JetStream does not make it", why);
            break;
        }
        self->phase = PHASE_ASKS;
        s_make (self, now_ms);
        break;
    case JETSTREAM_ERROR:
        standing_fail (self, now_ms, "JetStream", why);
        break;
    case JETSTREAM_GOOD:
        if (!info.fault) {
            s_use (self, &info, now_ms);
            break;
        }
        s_say (
            self, NOTICE_STREAM_WRONG, "it is not as it must be", info.fault);
        s_rest (self, PHASE_RESTS, now_ms + WRONG_MS);
        break;
    }
}


//  A server that loads does not know yet what it need not be told

static bool
s_is_loaded (session_t *self)
{
    self->is_loaded = self->is_loaded || !server_status (self->server).loading;
    return self->is_loaded;
}


//  Of what others published something may be taken now that was not before

static void
s_read_others_again (session_t *self)
{
    for (size_t index = SOURCES_OTHERS; index < self->sources.count; index++)
        sources_restart_one (&self->sources, &self->sources.list [index]);
}


static void
s_watch_use (session_t *self, int64_t now_ms)
{
    region_counts_t counts = trade_counts (self->trade);
    if (!counts.in_flight)
        self->progress_ms = now_ms;
    if (now_ms - self->progress_ms > ACK_MS) {
        standing_fail (self, now_ms, "nothing is acknowledged", "");
        return;
    }
    if (!self->polling && now_ms - self->polled_ms >= s_poll_ms (self))
        s_ask (self, "", now_ms);
    if (trade_wants_all (self->trade, now_ms))
        s_read_others_again (self);
    self->sources.list [SOURCES_OWN].wanted =
        self->is_prepared && !self->is_joined;
    sources_tick (&self->sources, now_ms);
}


void
standing_watch (session_t *self, int64_t now_ms)
{
    self->watched_ms = now_ms;
    if (self->phase == PHASE_AWAY || !post_has_room (self->post))
        return;
    if (self->polling && now_ms - self->polled_ms > ANSWER_MS)
        standing_fail (self, now_ms, "JetStream does not answer", "");
    else if (self->phase == PHASE_RESTS && now_ms >= self->resume_ms &&
             s_is_loaded (self)) {
        self->phase = PHASE_ASKS;
        s_ask (self, "", now_ms);
    }
    else if (self->phase == PHASE_USES)
        s_watch_use (self, now_ms);
}
