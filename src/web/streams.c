/*  =========================================================================
    streams - responses that go on: who is told of changes as they come
    =========================================================================
*/

#include "web/streams.h"

#include "base/buffer.h"
#include "follow/follower.h"
#include "web/stream_text.h"
#include "web/where.h"

#include <assert.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

//  Nobody is told of changes more often
#define PAUSE_MS 100

//  It is looked as often for listeners who hung up: libmicrohttpd does not look
//  while they are suspended
#define LOOK_MS 1000

//  Who was told nothing for so long is sent a sign of life: that finds those
//  who are gone, and keeps proxies from ending it
#define BEAT_MS 15000

//  Who takes nothing for so long is cut
#define SILENCE_SECONDS 60

//  What libmicrohttpd asks for at once, and what the kernel keeps of it: more
//  would only be old when it is read
#define BLOCK_SIZE 16384
#define UNSENT_SIZE 16384

typedef struct stream_t stream_t;

struct stream_t {
    streams_t *crowd;
    stream_t *next;
    stream_t **at;  //  Where the list points to it
    inbound_t *inbound;
    int fd;  //  libmicrohttpd's
    follower_t *follower;
    stream_form_t form;
    int64_t told_ms;  //  When it was resumed last
    bool suspended;   //  It has nothing to say,
    bool beat;        //  or but a sign of life
    bool ended;       //  The rest is its end
    char *rest;       //  What did not fit into a block
    size_t rest_size;
    size_t rest_room;
    size_t rest_at;
};

struct streams_t {
    streams_options_t options;
    followers_t *followers;
    stream_t *first;
    size_t count;
    uint64_t events;
    int64_t turn_ms;  //  When it was looked for news
    int64_t look_ms;  //  or for those who hung up
    int64_t now_ms;   //  This turn
    bool more;        //  There were more than could be told at once
};


streams_t *
streams_new (const streams_options_t *options)
{
    streams_t *self = calloc (1, sizeof (streams_t));
    assert (self);
    self->options = *options;
    self->followers = followers_new (options->table);
    return self;
}


void
streams_destroy (streams_t **self_p)
{
    streams_t *self = *self_p;
    if (self) {
        assert (!self->first);
        followers_destroy (&self->followers);
        free (self);
        *self_p = NULL;
    }
}


//  Give the block as much of the rest as it takes

static size_t
s_flush (stream_t *self, char *block, size_t room)
{
    size_t size = self->rest_size - self->rest_at;
    if (size > room)
        size = room;
    if (size)
        memcpy (block, self->rest + self->rest_at, size);
    self->rest_at += size;
    if (self->rest_at == self->rest_size)
        self->rest_at = self->rest_size = 0;
    return size;
}


//  Give the text to the block, and keep what does not fit

static size_t
s_give (stream_t *self, span_t text, char *block, size_t room)
{
    size_t size = text.size < room ? text.size : room;
    size_t rest = text.size - size;
    memcpy (block, text.data, size);
    if (rest) {
        self->rest = buffer_grow (self->rest, &self->rest_room, rest, 1);
        memcpy (self->rest, text.data + size, rest);
        self->rest_size = rest;
    }
    return size;
}


//  Write what there is to tell, as much as the block takes

static size_t
s_write (stream_t *self, char *block, size_t room)
{
    char text [STREAM_TEXT_SIZE_MAX];
    follower_event_t event;
    size_t size = s_flush (self, block, room);
    if (self->beat && size < room) {
        self->beat = false;
        size +=
            s_give (self, stream_beat (self->form), block + size, room - size);
    }
    while (
        size < room && !self->ended && follower_next (self->follower, &event)) {
        self->crowd->events++;
        self->ended = event.kind == FOLLOWER_CROWDED;
        size_t written = stream_print (
            self->form, &event, self->crowd->options.process, text);
        size +=
            s_give (self, (span_t){text, written}, block + size, room - size);
    }
    return size;
}


//  libmicrohttpd has room for more.  It would ask again at once if it got
//  nothing and were not suspended

static ssize_t
s_read (void *context, uint64_t at, char *block, size_t room)
{
    stream_t *self = context;
    engine_t *engine = self->crowd->options.engine;
    struct MHD_Connection *connection = self->inbound->connection;
    (void) at;
    engine_allow (engine, connection, SILENCE_SECONDS);
    if (!self->ended && engine_puts_off (engine, connection))
        return 0;
    size_t size = s_write (self, block, room);
    if (size)
        return (ssize_t) size;
    if (self->ended)
        return MHD_CONTENT_READER_END_OF_STREAM;
    self->suspended = true;
    self->crowd->more |= follower_has_next (self->follower);
    engine_suspend (engine, connection);
    return 0;
}


static void
s_close (void *context)
{
    stream_t *self = context;
    *self->at = self->next;
    if (self->next)
        self->next->at = self->at;
    self->crowd->count--;
    follower_destroy (&self->follower);
    free (self->rest);
    free (self);
}


static stream_t *
s_new (streams_t *crowd, inbound_t *inbound, follower_t *follower)
{
    stream_t *self = calloc (1, sizeof (stream_t));
    assert (self);
    const union MHD_ConnectionInfo *info = MHD_get_connection_info (
        inbound->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    *self = (stream_t){.crowd = crowd,
        .next = crowd->first,
        .at = &crowd->first,
        .inbound = inbound,
        .fd = info->connect_fd,
        .follower = follower,
        .form = inbound->v1.kind == V1_FEED ? STREAM_FEED : STREAM_EVENTS,
        .told_ms = crowd->now_ms};
    if (self->next)
        self->next->at = &self->next;
    crowd->first = self;
    crowd->count++;
    return self;
}


//  Begin where the request says that its sender was

static void
s_resume (streams_t *self, follower_t *follower, const inbound_t *inbound)
{
    copy_position_t position;
    const char *last = inbound->request.last_event_id;
    char text [PARAMETER_SIZE];
    span_t since = {NULL, 0};
    if (last)
        since = span_of (last);
    else if (parameter_read (inbound->request.query, "since", "", text))
        since = span_of (text);
    if (span_equal (since, span_of ("now")))
        follower_skip (follower);
    else if (stream_read_position (since, self->options.process, &position))
        (void) follower_resume (follower, position);
}


static void
s_begin (streams_t *self, inbound_t *inbound, follower_t *follower)
{
    int unsent = UNSENT_SIZE;
    stream_t *stream = s_new (self, inbound, follower);
    (void) setsockopt (
        stream->fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &unsent, sizeof unsent);
    s_resume (self, follower, inbound);
    span_t head = stream_head (
        stream->form, inbound->number, &stream->rest, &stream->rest_room);
    stream->rest_size = head.size;
    inbound->response = (exchange_response_t){
        .status = 200, .type = stream_type (stream->form)};
    inbound->stream = MHD_create_response_from_callback (
        MHD_SIZE_UNKNOWN, BLOCK_SIZE, s_read, stream, s_close);
    assert (inbound->stream);
}


void
streams_open (streams_t *self, inbound_t *inbound)
{
    where_t where = {.area = {.kind = AREA_ALL}};
    if (inbound->v1.kind == V1_EVENTS &&
        !where_read (&where, inbound->request.query, self->options.table,
            &inbound->response))
        return;
    if (self->count >= self->options.listeners_max) {
        exchange_refuse_api (
            &inbound->response, 503, "there are too many listeners");
        inbound->response.wait = 5;
        return;
    }
    follower_t *follower =
        follower_new (self->followers, &where.area, self->options.inside_max);
    if (follower)
        s_begin (self, inbound, follower);
    else
        exchange_refuse_api (&inbound->response, 413,
            "there are more clients inside than events/inside_max: name a "
            "smaller area");
}


static void
s_wake (stream_t *self)
{
    self->suspended = false;
    self->told_ms = self->crowd->now_ms;
    engine_resume (self->crowd->options.engine, self->inbound->connection);
}


static void
s_end (stream_t *self)
{
    self->ended = true;
    if (self->suspended)
        s_wake (self);
}


static bool
s_has_hung_up (const stream_t *self)
{
    char byte;
    ssize_t size = recv (self->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return size == 0 || (size < 0 && errno != EAGAIN && errno != EINTR);
}


static void
s_look (streams_t *self)
{
    self->look_ms = self->now_ms;
    for (stream_t *each = self->first; each; each = each->next)
        if (each->suspended && s_has_hung_up (each))
            s_end (each);
}


void
streams_turn (streams_t *self, int64_t clock_ms)
{
    self->now_ms = clock_ms;
    if (!self->more && clock_ms - self->turn_ms < PAUSE_MS)
        return;
    self->more = false;
    self->turn_ms = clock_ms;
    if (clock_ms - self->look_ms >= LOOK_MS)
        s_look (self);
    for (stream_t *each = self->first; each; each = each->next) {
        if (!each->suspended)
            continue;
        each->beat = clock_ms - each->told_ms >= BEAT_MS;
        if (each->beat || follower_has_next (each->follower))
            s_wake (each);
    }
}


void
streams_judge (streams_t *self, const gate_t *gate)
{
    for (stream_t *each = self->first; each; each = each->next) {
        exchange_response_t refusal = {.status = 0};
        if (gate_stops (
                gate, &each->inbound->request, GATE_ASK, true, &refusal))
            s_end (each);
        free (refusal.text);
    }
}


void
streams_stop (streams_t *self)
{
    for (stream_t *each = self ? self->first : NULL; each; each = each->next)
        s_end (each);
}


size_t
streams_count (const streams_t *self)
{
    return self->count;
}


uint64_t
streams_events (const streams_t *self)
{
    return self->events;
}
