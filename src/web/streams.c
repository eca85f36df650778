/*  =========================================================================
    streams - responses that go on: who is told of changes as they come
    =========================================================================
*/

#include "web/streams.h"

#include "web/rota.h"
#include "web/telling.h"
#include "web/where.h"

#include <assert.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

//  How often it is looked whether a listener hung up: libmicrohttpd does not
//  look while it is suspended
#define HEED_MS 1000

//  Who takes nothing for so long is cut
#define SILENCE_SECONDS 60

//  What libmicrohttpd asks for at once, and what the kernel keeps of it: more
//  would only be old when it is read
#define BLOCK_SIZE 16384
#define UNSENT_SIZE 16384

//  What listeners have of a turn, in looks at a record: half a millisecond.
//  What else is done for them takes as long as so many looks
#define SHARE 8192
#define VISIT_LOOKS 8
#define WAKE_LOOKS 384
#define LOOK_BYTES 8

//  Listeners that are written to before it is seen what is left of that
#define WAKES 4

typedef struct {
    rota_member_t member;
    streams_t *crowd;
    inbound_t *inbound;
    int fd;  //  libmicrohttpd's
    telling_t telling;
    int64_t heed_ms;  //  When it was looked whether it hung up
    uint64_t turn;    //  In which it had its last block
    bool suspended;   //  It has nothing to say, or was put off
} listener_t;

struct streams_t {
    streams_options_t options;
    followers_t *followers;
    rota_t rota;
    uint64_t events;
    int64_t now_ms;   //  This turn
    uint64_t turn;    //
    size_t share;     //  What is left of it
    bool is_telling;  //  It ends
    bulletin_t bulletin;
};


streams_t *
streams_new (const streams_options_t *options)
{
    streams_t *self = calloc (1, sizeof (streams_t));
    assert (self);
    self->options = *options;
    self->bulletin = options->bulletin;
    self->followers = followers_new (options->table, options->inside_size_max);
    rota_init (&self->rota);
    return self;
}


void
streams_destroy (streams_t **self_p)
{
    streams_t *self = *self_p;
    if (self) {
        assert (!self->rota.count);
        followers_destroy (&self->followers);
        bulletin_clear (&self->bulletin);
        free (self);
        *self_p = NULL;
    }
}


void
streams_show_herd (streams_t *self, exchange_response_t *response)
{
    bulletin_show (&self->bulletin, self->now_ms, response);
}


//  Take so much of this turn's share

static void
s_charge (streams_t *self, size_t looks)
{
    self->share -= looks < self->share ? looks : self->share;
}


//  The stream has counted events

static void
s_count (listener_t *self)
{
    self->crowd->events += self->telling.events;
    self->telling.events = 0;
}


static size_t
s_write (listener_t *self, char *block, size_t room)
{
    streams_t *crowd = self->crowd;
    size_t size = telling_write (
        &self->telling, crowd->now_ms, block, room, &crowd->share);
    s_count (self);
    s_charge (crowd, size / LOOK_BYTES);
    self->turn = crowd->turn;
    return size;
}


//  Return true if it may have a block: one a turn, at its end.  The listener's
//  own end is not put off

static bool
s_may_write (const listener_t *self)
{
    const streams_t *crowd = self->crowd;
    return self->telling.ended ||
           (crowd->is_telling && self->turn != crowd->turn);
}


//  libmicrohttpd has room for more.  It would ask again at once if it got
//  nothing and were not suspended

static ssize_t
s_read (void *context, uint64_t at, char *block, size_t room)
{
    listener_t *self = context;
    engine_t *engine = self->crowd->options.engine;
    struct MHD_Connection *connection = self->inbound->connection;
    (void) at;
    engine_allow (engine, connection, SILENCE_SECONDS);
    size_t size = s_may_write (self) ? s_write (self, block, room) : 0;
    if (size)
        return (ssize_t) size;
    if (self->telling.ended)
        return MHD_CONTENT_READER_END_OF_STREAM;
    self->suspended = true;
    engine_suspend (engine, connection);
    if (self->telling.rest_size || follower_has_next (self->telling.follower))
        rota_put_off (&self->crowd->rota, &self->member);
    return 0;
}


static void
s_close (void *context)
{
    listener_t *self = context;
    rota_drop (&self->crowd->rota, &self->member);
    telling_clear (&self->telling);
    free (self);
}


static bool
s_wants_herd (const inbound_t *inbound)
{
    char text [PARAMETER_SIZE];
    return inbound->v1.kind == V1_EVENTS &&
           parameter_read (inbound->request.query, "herd", "no", text) &&
           strcmp (text, "yes") == 0;
}


static listener_t *
s_new (streams_t *crowd, inbound_t *inbound, follower_t *follower)
{
    listener_t *self = calloc (1, sizeof (listener_t));
    assert (self);
    const union MHD_ConnectionInfo *info = MHD_get_connection_info (
        inbound->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    *self = (listener_t){.crowd = crowd,
        .inbound = inbound,
        .fd = info->connect_fd,
        .telling = {.follower = follower,
            .form = inbound->v1.kind == V1_FEED ? STREAM_FEED : STREAM_EVENTS,
            .process = crowd->options.process,
            .bulletin = s_wants_herd (inbound) ? &crowd->bulletin : NULL,
            .told_ms = crowd->now_ms}};
    telling_begin (&self->telling, inbound->number);
    rota_add (&crowd->rota, &self->member);
    return self;
}


//  Begin where the request says that its sender was.  An area, and who thins,
//  always begin anew

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
    listener_t *listener = s_new (self, inbound, follower);
    (void) setsockopt (
        listener->fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &unsent, sizeof unsent);
    inbound->response = (exchange_response_t){
        .status = 200, .type = stream_type (listener->telling.form)};
    inbound->stream = MHD_create_response_from_callback (
        MHD_SIZE_UNKNOWN, BLOCK_SIZE, s_read, listener, s_close);
    assert (inbound->stream);
}


static void
s_refuse (inbound_t *inbound, const char *why)
{
    exchange_refuse_api (&inbound->response, 503, why);
    inbound->response.wait = 5;
}


void
streams_open (streams_t *self, inbound_t *inbound)
{
    where_t where = {.area = {.kind = AREA_ALL}};
    if (inbound->v1.kind == V1_EVENTS &&
        !where_read (&where, inbound->request.query, self->options.table,
            &inbound->response))
        return;
    if (self->rota.count >= self->options.listeners_max) {
        s_refuse (inbound, "there are too many listeners");
        return;
    }
    bool full;
    bool thins = inbound->v1.kind == V1_EVENTS &&
                 parameter_has (inbound->request.query, "max");
    size_t most = self->options.inside_max;
    size_t max = thins ? parameter_count (
                             inbound->request.query, "max", most, UINT32_MAX)
                       : most;
    if (max == 0) {
        exchange_refuse_api (&inbound->response, 400, "max must be 1 or more");
        return;
    }
    follower_t *follower = follower_new (
        self->followers, &where.area, max < most ? max : most, thins, &full);
    if (follower && where.area.kind == AREA_ALL && !thins)
        s_resume (self, follower, inbound);
    if (follower)
        s_begin (self, inbound, follower);
    else if (full)
        s_refuse (inbound, "all areas together have too many clients");
    else
        exchange_refuse_api (&inbound->response, 413,
            "more clients are inside than events/inside_max, or more around "
            "than are looked at for one listener: name a smaller area, or max");
}


static void
s_wake (listener_t *self)
{
    rota_take_back (&self->crowd->rota, &self->member);
    s_charge (self->crowd, WAKE_LOOKS);
    self->suspended = false;
    engine_resume (self->crowd->options.engine, self->inbound->connection);
}


static void
s_end (listener_t *self)
{
    self->telling.ended = true;
    if (self->suspended)
        s_wake (self);
}


static bool
s_has_hung_up (const listener_t *self)
{
    char byte;
    ssize_t size = recv (self->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return size == 0 || (size < 0 && errno != EAGAIN && errno != EINTR);
}


//  Resume the listener if there is something to tell: that is looked for here,
//  since to resume costs much more.  Returns true if so

static bool
s_visit (listener_t *self)
{
    streams_t *crowd = self->crowd;
    s_charge (crowd, VISIT_LOOKS);
    if (!self->suspended)
        return false;
    if (crowd->now_ms - self->heed_ms >= HEED_MS) {
        self->heed_ms = crowd->now_ms;
        if (s_has_hung_up (self)) {
            s_end (self);
            return true;
        }
    }
    bool found = telling_seek (&self->telling, crowd->now_ms, &crowd->share);
    s_count (self);
    if (found)
        s_wake (self);
    else if (follower_has_next (self->telling.follower))
        rota_put_off (&crowd->rota, &self->member);
    return found;
}


//  Visit some and have them written to, before more are looked at.  Returns
//  true if there may be more

static bool
s_tell_some (streams_t *self)
{
    int woken = 0;
    rota_member_t *next = NULL;
    while (woken < WAKES && self->share > 0 && (next = rota_next (&self->rota)))
        woken += s_visit ((listener_t *) next);
    engine_turn (self->options.engine);
    return next && self->share > 0;
}


void
streams_turn (streams_t *self, int64_t clock_ms)
{
    if (!self)
        return;
    rota_spend (&self->rota, clock_ms - self->now_ms);
    self->now_ms = clock_ms;
    self->share = SHARE;
    self->turn++;
    self->is_telling = true;
    while (s_tell_some (self))
        ;
    self->is_telling = false;
}


bool
streams_have_more (const streams_t *self)
{
    return self && rota_has_more (&self->rota);
}


static void
s_judge (listener_t *self, const gate_t *gate)
{
    exchange_response_t refusal = {.status = 0};
    if (gate_stops (gate, &self->inbound->request, GATE_ASK, true, &refusal))
        s_end (self);
    free (refusal.text);
}


static rota_member_t *
s_first (streams_t *self)
{
    return self ? TAILQ_FIRST (&self->rota.all) : NULL;
}


void
streams_judge (streams_t *self, const gate_t *gate)
{
    for (rota_member_t *each = s_first (self); each;
         each = TAILQ_NEXT (each, in_all))
        s_judge ((listener_t *) each, gate);
}


void
streams_stop (streams_t *self)
{
    for (rota_member_t *each = s_first (self); each;
         each = TAILQ_NEXT (each, in_all))
        s_end ((listener_t *) each);
}


streams_counts_t
streams_counts (const streams_t *self)
{
    return self ? (streams_counts_t){self->rota.count,
                      followers_size (self->followers), self->events}
                : (streams_counts_t){.count = 0};
}
