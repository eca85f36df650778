/*  =========================================================================
    publisher - what a herd knows, published at a broker
    =========================================================================
*/

#include "mqtt/publisher.h"

#include "mqtt/feed.h"
#include "mqtt/stage.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

//  Bytes of a topic, with its NUL, at most: longer ones are passed over
#define TOPIC_SIZE 4096

typedef struct {
    const publisher_options_t *options;
    stage_t stage;
    broker_t *broker;
    feed_t *feed;
    bool up;             //  The broker was, at the last tick
    size_t ahead;        //  Messages on their way
    uint64_t published;  //  Messages that it has taken
    uint64_t passed;     //  Locations of clients that can have no topic
} publisher_t;


static bool
s_is_plain (char byte)
{
    return (unsigned char) byte > ' ' && byte != 127 && byte != '+' &&
           byte != '#' && byte != '%';
}


//  Write the topic of a client, of TOPIC_SIZE: what a topic can't have, and %,
//  as %XX.  Returns false if it is too long

static bool
s_write_topic (const char *prefix, const char *id, char *topic)
{
    static const char hex [] = "0123456789ABCDEF";
    int size = snprintf (topic, TOPIC_SIZE, "%s/", prefix);
    if (size < 0 || size >= TOPIC_SIZE)
        return false;
    char *to = topic + size;
    for (; *id; id++) {
        if (to + 4 > topic + TOPIC_SIZE)
            return false;
        if (s_is_plain (*id))
            *to++ = *id;
        else {
            *to++ = '%';
            *to++ = hex [(unsigned char) *id >> 4];
            *to++ = hex [(unsigned char) *id & 15];
        }
    }
    *to = '\0';
    return true;
}


//  The broker is lost, perhaps with what it retained

static void
s_begin_anew (publisher_t *self)
{
    self->ahead = 0;
    feed_read (self->feed, true);
    feed_restart (self->feed);
}


//  A line of the feed, as feed_line_fn has it

static void
s_publish (void *context, const char *id, span_t json)
{
    publisher_t *self = context;
    char topic [TOPIC_SIZE];
    int number = -1;
    if (s_write_topic (self->options->prefix, id, topic))
        number = broker_give (self->broker, topic, json);
    if (number == 0)
        s_begin_anew (self);
    self->passed += number < 0;
    self->ahead += number > 0;
}


//  The broker has a message, as broker_taken_fn has it

static void
s_taken (void *context, int number)
{
    publisher_t *self = context;
    (void) number;
    self->published++;
    self->ahead -= self->ahead > 0;
}


//  The feed has a line or some in a read: it is left alone in time

static void
s_turn (void *context)
{
    publisher_t *self = context;
    feed_read (self->feed, self->ahead < PUBLISHER_AHEAD_MAX);
}


static void
s_tick (void *context)
{
    publisher_t *self = context;
    broker_tick (self->broker);
    bool up = broker_is_up (self->broker);
    if (up)
        feed_tick (self->feed);
    else if (self->up)
        s_begin_anew (self);
    self->up = up;
}


static void
s_count (void *context, char *text)
{
    const publisher_t *self = context;
    snprintf (text, DIARY_LINE_SIZE_MAX,
        "%" PRIu64 " locations published, %" PRIu64
        " passed over; %zu on their way",
        self->published, self->passed, self->ahead);
}


static void
s_stop (void *context)
{
    publisher_t *self = context;
    broker_end (self->broker);
}


static bool
s_is_over (void *context)
{
    (void) context;
    return true;
}


static bool
s_open_parts (publisher_t *self)
{
    const publisher_options_t *options = self->options;
    if (!stage_open (&self->stage))
        return false;
    self->feed =
        feed_new (&(feed_options_t){.herd = {.poller = self->stage.poller,
                                        .diary = self->stage.diary,
                                        .list = options->bridge->servers,
                                        .count = options->bridge->server_count},
            .token = options->token,
            .line = s_publish,
            .context = self});
    if (self->feed)
        self->broker =
            broker_new (&(broker_use_t){.options = &options->bridge->broker,
                .poller = self->stage.poller,
                .diary = self->stage.diary,
                .taken = s_taken,
                .context = self});
    return self->broker;
}


bool
publisher_run (const publisher_options_t *options, diary_t *diary)
{
    publisher_t self = {.options = options,
        .stage = {.diary = diary,
            .turn = s_turn,
            .tick = s_tick,
            .count = s_count,
            .stop = s_stop,
            .is_over = s_is_over,
            .context = &self}};
    bool opened = s_open_parts (&self);
    int reason = errno;
    if (opened)
        stage_run (&self.stage);
    feed_destroy (&self.feed);
    broker_destroy (&self.broker);
    stage_close (&self.stage);
    errno = reason;
    return opened;
}
