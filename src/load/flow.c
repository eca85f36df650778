/*  =========================================================================
    flow - requests and replies over many connections
    =========================================================================
*/

#include "load/flow.h"

#include "load/crew.h"
#include "loop/clock.h"

#include <czmq.h>
#include <errno.h>
#include <sys/epoll.h>
#include <sys/prctl.h>

#define SECOND_NS 1000000000
#define SILENCE_NS (10 * (int64_t) SECOND_NS)
#define INPUT_SIZE 262144
#define EVENTS 256
#define CLOSED "closed by the server"

//  How long it takes before churn, or a phone, opens a connection in place of a
//  failed one: there may be nobody there for a while
#define REST_NS (SECOND_NS / 100)

//  How deep ids are told, when nobody looks
#define IDS_DEPTH 64

//  How many requests in a hundred are questions
static const unsigned s_questions [] = {[WORKLOAD_WHATSAT] = 100,
    [WORKLOAD_MIXED] = 10,
    [WORKLOAD_NEAR] = 100,
    [WORKLOAD_IDLE] = 0};

struct flow_t {
    const options_t *options;  //  Borrowed
    crew_t *crew;
    uint32_t alive;     //  Callers that have not failed, or only rest
    uint32_t resting;   //  Callers that begin anew, as their connection failed
    int64_t rested_ns;  //  When the last of them began anew
    char *input;        //  INPUT_SIZE bytes
    request_t request;
    bool is_brief;         //  Each request has a connection of its own
    uint32_t depth;        //  Requests outstanding on each
    uint64_t outstanding;  //  On all
    pace_t pace;
    int64_t now_ns;     //  Monotonic time
    int64_t epoch_ns;   //  What makes it POSIX time
    int64_t looked_ns;  //  When silence was looked for
    flow_tally_t tally;
};


//  A connection has ended as it should not.  Where one fails others do, so
//  the first is said and all are counted.

static void
s_fail (flow_t *self, caller_t *caller, const char *reason)
{
    channel_t *channel = &caller->channel;
    if (self->tally.failed++ == 0)
        fprintf (stderr, "zherd-load: %s: %s, with %u replies to come\n",
            caller->target->name, reason, channel->outstanding);
    self->outstanding -= channel->outstanding;
    uint64_t owed = pace_leave (&self->pace, &caller->turns);
    self->tally.requests += owed;
    self->tally.lost += channel->outstanding + owed;
    channel_close (channel);
    if (self->is_brief) {
        caller->resting = true;
        self->resting++;
    }
    else
        self->tally.open = --self->alive;
}


static void
s_send (flow_t *self, caller_t *caller)
{
    if (crew_send (self->crew, caller))
        s_fail (self, caller, errno == EPIPE ? CLOSED : strerror (errno));
}


//  Make as many requests as there is room for, and send them

static void
s_refill (flow_t *self, caller_t *caller)
{
    channel_t *channel = &caller->channel;
    waiting_t waiting;
    if (channel->outstanding == 0)
        channel->heard_ns = self->now_ns;
    request_clock (&self->request, self->now_ns + self->epoch_ns);
    while (channel->outstanding < self->depth &&
           pace_take (
               &self->pace, &caller->turns, self->now_ns, &waiting.since_ns)) {
        request_kind_t kind = request_choose (&self->request);
        size_t size =
            request_print (&self->request, kind, walk_next (&caller->walk),
                caller->target->name, channel_room (channel));
        waiting.form = reply_form (self->request.speech, kind);
        channel_add (channel, size, waiting);
        self->outstanding++;
        self->tally.requests++;
    }
    if (!caller->blocked)
        s_send (self, caller);
}


//  A connection for the next request, if there is one and its time has come.
//  One that can't even begin is lost: or their number would never be reached

static void
s_reconnect (flow_t *self, caller_t *caller)
{
    int64_t since_ns;
    if (!pace_has (&self->pace, &caller->turns, self->now_ns))
        channel_close (&caller->channel);
    else if (crew_reconnect (self->crew, caller, self->tally.requests) == 0)
        s_refill (self, caller);
    else {
        const char *reason = strerror (errno);
        bool lost =
            pace_take (&self->pace, &caller->turns, self->now_ns, &since_ns);
        self->tally.requests += lost;
        self->tally.lost += lost;
        s_fail (self, caller, reason);
    }
}


static void
s_wake_resting (flow_t *self)
{
    uint32_t resting = self->resting;
    self->resting = 0;
    self->rested_ns = self->now_ns;
    for (uint32_t at = 0; at < self->crew->count && resting; at++) {
        caller_t *caller = &self->crew->callers [at];
        if (!caller->resting)
            continue;
        caller->resting = false;
        resting--;
        s_reconnect (self, caller);
    }
}


//  Count the replies in the bytes

static void
s_take_replies (flow_t *self, caller_t *caller, span_t bytes)
{
    channel_t *channel = &caller->channel;
    flow_tally_t *tally = &self->tally;
    waiting_t waiting;
    channel->heard_ns = self->now_ns;
    while (channel->outstanding) {
        reply_result_t result = channel_take (channel, &bytes, &waiting);
        if (result == REPLY_MORE)
            return;
        self->outstanding--;
        tally->replies += result == REPLY_GOOD;
        tally->bad += result == REPLY_BAD;
        tally->end_ns = self->now_ns;
        if (result == REPLY_GOOD)
            histogram_record (tally->latency, self->now_ns - waiting.since_ns);
    }
    while (reply_next (&channel->reply, REPLY_LINE, &bytes) != REPLY_MORE)
        tally->surplus++;
}


//  Read what there is.  Returns whether there may be more.

static bool
s_read_replies (flow_t *self, caller_t *caller)
{
    ssize_t size = read (caller->channel.fd, self->input, INPUT_SIZE);
    if (size < 0 && (errno == EAGAIN || errno == EINTR))
        return false;
    if (size <= 0) {
        s_fail (self, caller, size ? strerror (errno) : CLOSED);
        return false;
    }
    self->now_ns = clock_ns ();
    s_take_replies (self, caller, (span_t){self->input, (size_t) size});
    return size == INPUT_SIZE;
}


static void
s_ready (flow_t *self, caller_t *caller, uint32_t events)
{
    channel_t *channel = &caller->channel;
    if (channel->fd >= 0 && events & EPOLLOUT)
        s_send (self, caller);
    if (channel->fd < 0 || events == EPOLLOUT)
        return;
    while (s_read_replies (self, caller))
        ;
    if (channel->fd < 0)
        return;
    if (!self->is_brief)
        s_refill (self, caller);
    else if (channel->outstanding == 0)
        s_reconnect (self, caller);
}


static void
s_call_due (flow_t *self)
{
    uint32_t index;
    while (pace_due (&self->pace, self->now_ns, &index)) {
        caller_t *caller = &self->crew->callers [index];
        bool is_open = caller->channel.fd >= 0;
        if (!is_open && !self->is_brief) {
            self->tally.lost++;
            continue;
        }
        pace_owe (&self->pace, &caller->turns, 1);
        if (is_open)
            s_refill (self, caller);
        else if (!caller->resting)
            s_reconnect (self, caller);
    }
}


static void
s_find_silent (flow_t *self)
{
    self->looked_ns = self->now_ns;
    for (uint32_t at = 0; at < self->crew->count; at++) {
        caller_t *caller = &self->crew->callers [at];
        if (caller->channel.outstanding &&
            self->now_ns - caller->channel.heard_ns > SILENCE_NS)
            s_fail (self, caller, "silent for ten seconds");
    }
}


//  Wait for bytes, for the next request to be due, and for nothing too long

static void
s_wait (flow_t *self, int64_t until_ns)
{
    struct epoll_event events [EVENTS];
    int64_t next_ns = pace_next_ns (&self->pace, self->now_ns);
    if (self->resting && self->rested_ns + REST_NS < next_ns)
        next_ns = self->rested_ns + REST_NS;
    int64_t wait_ns = (next_ns < until_ns ? next_ns : until_ns) - clock_ns ();
    if (wait_ns < 0)
        wait_ns = 0;
    if (wait_ns > SECOND_NS)
        wait_ns = SECOND_NS;
    struct timespec wait = {wait_ns / SECOND_NS, wait_ns % SECOND_NS};
    int count = epoll_pwait2 (self->crew->epoll, events, EVENTS, &wait, NULL);
    self->now_ns = clock_ns ();
    for (int at = 0; at < count; at++)
        s_ready (self, events [at].data.ptr, events [at].events);
}


bool
flow_go (flow_t *self, int64_t until_ns)
{
    while (self->alive) {
        if (pace_is_over (&self->pace, self->now_ns) && self->outstanding == 0)
            break;
        if (self->now_ns >= until_ns)
            return true;
        s_wait (self, until_ns);
        s_call_due (self);
        if (self->resting && self->now_ns - self->rested_ns >= REST_NS)
            s_wake_resting (self);
        if (self->now_ns - self->looked_ns > SECOND_NS)
            s_find_silent (self);
    }
    self->tally.unsent = self->pace.owed;
    self->tally.late = self->pace.late;
    return false;
}


//  Begin to count, and let everybody begin

static void
s_begin_counting (flow_t *self)
{
    flow_tally_t *tally = &self->tally;
    tally->requests = tally->replies = 0;
    histogram_clear (tally->latency);
    tally->begin_ns = tally->end_ns = self->looked_ns = self->now_ns;
    for (uint32_t at = 0; at < self->crew->count; at++) {
        caller_t *caller = &self->crew->callers [at];
        if (caller->channel.fd < 0)
            continue;
        if (self->is_brief)
            s_reconnect (self, caller);
        else
            s_refill (self, caller);
    }
}


void
flow_begin_ids (flow_t *self)
{
    self->depth = IDS_DEPTH;
    self->now_ns = clock_ns ();
    self->pace = (pace_t){.callers = self->crew->count,
        .begin_ns = self->now_ns,
        .stop_ns = INT64_MAX};
    for (uint32_t at = 0; at < self->crew->count; at++)
        if (at < self->options->ids)
            pace_owe (&self->pace, &self->crew->callers [at].turns,
                self->crew->callers [at].walk.count);
    s_begin_counting (self);
}


void
flow_begin (flow_t *self)
{
    const options_t *options = self->options;
    self->is_brief = options_is_brief (options->workload);
    request_mix (&self->request, s_questions [options->workload]);
    self->depth = options->workload == WORKLOAD_IDLE ? 0 : options->depth;
    self->now_ns = clock_ns ();
    self->pace = (pace_t){.rate = options->rate,
        .callers = options->connections,
        .begin_ns = self->now_ns,
        .stop_ns = INT64_MAX,
        .left = options->requests ? options->requests : UINT64_MAX};
    if (options->seconds > 0)
        self->pace.stop_ns =
            self->now_ns + (int64_t) (options->seconds * SECOND_NS);
    for (uint32_t at = 0; at < options->connections; at++)
        self->crew->callers [at].turns.due_index = at;
    s_begin_counting (self);
}


flow_t *
flow_new (const options_t *options)
{
    uint32_t depth = options->depth;
    if (options->load_ids && depth < IDS_DEPTH)
        depth = IDS_DEPTH;
    crew_t *crew = crew_new (options, depth);
    if (!crew)
        return NULL;
    flow_t *self = zmalloc (sizeof (flow_t));
    instant_t now = clock_now ();
    prctl (PR_SET_TIMERSLACK, 1, 0, 0, 0);
    self->options = options;
    self->crew = crew;
    self->alive = crew->opened;
    self->tally.opened = self->tally.open = self->alive;
    self->tally.failed = crew->count - self->alive;
    self->input = zmalloc (INPUT_SIZE);
    self->tally.latency = histogram_new ();
    self->now_ns = clock_ns ();
    self->epoch_ns = now.seconds * SECOND_NS + now.nanoseconds - self->now_ns;
    request_init (
        &self->request, options->speech, self->now_ns + self->epoch_ns);
    request_ask (&self->request, options->radius, options->bound);
    if (options->walk)
        request_walk (&self->request);
    return self;
}


void
flow_destroy (flow_t **self_p)
{
    flow_t *self = *self_p;
    if (self) {
        crew_destroy (&self->crew);
        histogram_destroy (&self->tally.latency);
        free (self->input);
        free (self);
        *self_p = NULL;
    }
}


void
flow_part (flow_t *self)
{
    self->tally.surplus += crew_part (self->crew);
}


const flow_tally_t *
flow_tally (const flow_t *self)
{
    return &self->tally;
}
