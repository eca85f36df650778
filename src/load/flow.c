/*  =========================================================================
    flow - requests and replies over many connections
    =========================================================================
*/

#include "load/flow.h"

#include "io/clock.h"
#include "load/channel.h"

#include <czmq.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#define SECOND_NS 1000000000
#define SILENCE_NS (10 * (int64_t) SECOND_NS)
#define PARTING_NS (2 * (int64_t) SECOND_NS)
#define LATE_NS 1000000
#define INPUT_SIZE 262144
#define EVENTS 256

//  Before there is anything to wait for, how deep ids are told
#define IDS_DEPTH 64

//  So that no server's queue of connections runs over: 5,000 a second
#define CONNECT_PAUSE_NS 200000

//  One client connection, and the ids that are its own: first, first + all
//  connections, and so on, count of them
typedef struct {
    channel_t channel;
    const target_t *target;
    bool blocked;        //  Is watched for EPOLLOUT
    uint32_t first;      //  Id
    uint32_t count;      //  Ids
    uint32_t at;         //  Index of the next one
    uint32_t step;       //  From one to the next, prime to count
    uint32_t turn;       //  Of a mixed load
    uint64_t quota;      //  Requests still to make, if each has its own
    uint64_t owed;       //  Requests that are due
    uint64_t due_index;  //  Of the oldest of these, or the next one
} caller_t;

struct flow_t {
    const options_t *options;  //  Borrowed
    caller_t *callers;         //  All of them
    uint32_t alive;            //  Those that have not failed
    int epoll;
    char *input;  //  INPUT_SIZE bytes
    request_t request;
    flow_tally_t tally;

    //  What is being done
    workload_t workload;
    double rate;           //  0 = as replies come
    uint32_t depth;        //
    bool by_quota;         //  Each caller has its own
    uint64_t left;         //  Requests to begin
    uint64_t outstanding;  //  Requests without a reply
    uint64_t owed;         //  Requests that are due, and not sent
    uint64_t due_index;    //  Of the next one to be due
    int64_t stop_ns;       //  When no more are begun
    int64_t now_ns;
    int64_t looked_ns;  //  When silence was looked for
};


//  Say what ended a connection; only the first of a target's, and count all

static void
s_fail (flow_t *self, caller_t *caller, const char *reason)
{
    channel_t *channel = &caller->channel;
    if (self->tally.failed++ == 0)
        fprintf (stderr, "zherd-load: %s: %s, %u replies missing\n",
            caller->target->name, reason, channel->outstanding);
    self->tally.lost += channel->outstanding + caller->owed;
    self->outstanding -= channel->outstanding;
    self->owed -= caller->owed;
    caller->owed = 0;
    if (self->by_quota)
        self->left -= caller->quota;
    channel_close (channel);
    self->alive--;
}


static void
s_watch (flow_t *self, caller_t *caller, int operation)
{
    struct epoll_event event = {
        .events = EPOLLIN | (caller->blocked ? EPOLLOUT : 0),
        .data.ptr = caller};
    if (epoll_ctl (self->epoll, operation, caller->channel.fd, &event))
        s_fail (self, caller, strerror (errno));
}


static void
s_send (flow_t *self, caller_t *caller)
{
    int rc = channel_send (&caller->channel);
    if (rc < 0)
        s_fail (self, caller, strerror (errno));
    else if (caller->blocked != rc) {
        caller->blocked = rc;
        s_watch (self, caller, EPOLL_CTL_MOD);
    }
}


static int64_t
s_due_ns (const flow_t *self, uint64_t index)
{
    return self->tally.begin_ns +
           (int64_t) ((double) index * SECOND_NS / self->rate);
}


//  May the caller make a request now?  Since when it might have is its time.

static bool
s_take_turn (flow_t *self, caller_t *caller, int64_t *since_ns)
{
    if (self->rate > 0) {
        if (caller->owed == 0)
            return false;
        *since_ns = s_due_ns (self, caller->due_index);
        caller->due_index += self->options->connections;
        caller->owed--;
        self->owed--;
        return true;
    }
    if (self->left == 0 || self->now_ns >= self->stop_ns ||
        (self->by_quota && caller->quota == 0))
        return false;
    self->left--;
    caller->quota--;
    *since_ns = self->now_ns;
    return true;
}


static uint32_t
s_next_id (const flow_t *self, caller_t *caller)
{
    uint32_t id = caller->first + caller->at * self->options->connections;
    caller->at += caller->step;
    if (caller->at >= caller->count)
        caller->at -= caller->count;
    return id;
}


static request_kind_t
s_next_kind (const flow_t *self, caller_t *caller)
{
    bool asks = self->workload == WORKLOAD_WHATSAT ||
                (self->workload == WORKLOAD_MIXED && caller->turn++ % 10 == 9);
    return asks ? REQUEST_WHATSAT : REQUEST_IAMAT;
}


//  Make as many requests as there is room for, and send them

static void
s_refill (flow_t *self, caller_t *caller)
{
    channel_t *channel = &caller->channel;
    waiting_t waiting;
    if (channel->outstanding == 0)
        channel->heard_ns = self->now_ns;
    while (channel->outstanding < self->depth &&
           s_take_turn (self, caller, &waiting.since_ns)) {
        request_kind_t kind = s_next_kind (self, caller);
        size_t size = request_print (&self->request, kind,
            s_next_id (self, caller), channel_room (channel));
        waiting.form = reply_form (self->request.speech, kind);
        channel_add (channel, size, waiting);
        self->outstanding++;
        self->tally.requests++;
    }
    if (!caller->blocked)
        s_send (self, caller);
}


//  Count the replies in the bytes

static void
s_take (flow_t *self, caller_t *caller, span_t bytes)
{
    channel_t *channel = &caller->channel;
    channel->heard_ns = self->now_ns;
    while (bytes.size) {
        waiting_t waiting;
        if (channel->outstanding == 0) {
            if (reply_next (&channel->reply, REPLY_LINE, &bytes) != REPLY_MORE)
                self->tally.surplus++;
            continue;
        }
        reply_result_t result = channel_take (channel, &bytes, &waiting);
        if (result == REPLY_MORE)
            break;
        self->outstanding--;
        self->tally.replies += result == REPLY_GOOD;
        self->tally.bad += result == REPLY_BAD;
        self->tally.end_ns = self->now_ns;
        histogram_record (self->tally.latency, self->now_ns - waiting.since_ns);
    }
}


//  Read what there is.  Returns false when there is no more for now.

static bool
s_read (flow_t *self, caller_t *caller)
{
    ssize_t size = read (caller->channel.fd, self->input, INPUT_SIZE);
    if (size < 0 && (errno == EAGAIN || errno == EINTR))
        return false;
    if (size <= 0) {
        s_fail (self, caller, size ? strerror (errno) : "closed by the server");
        return false;
    }
    self->now_ns = clock_ns ();
    s_take (self, caller, (span_t){self->input, (size_t) size});
    return size == INPUT_SIZE;
}


static void
s_ready (flow_t *self, caller_t *caller, uint32_t events)
{
    if (caller->channel.fd >= 0 && events & EPOLLOUT)
        s_send (self, caller);
    if (caller->channel.fd < 0 || !(events & ~(uint32_t) EPOLLOUT))
        return;
    while (s_read (self, caller))
        ;
    if (caller->channel.fd >= 0)
        s_refill (self, caller);
}


//  What is due by now is its caller's to send

static void
s_call_due (flow_t *self)
{
    while (self->left && self->now_ns < self->stop_ns) {
        int64_t due_ns = s_due_ns (self, self->due_index);
        if (due_ns > self->now_ns)
            return;
        caller_t *caller =
            &self->callers [self->due_index++ % self->options->connections];
        self->left--;
        self->tally.late += self->now_ns - due_ns > LATE_NS;
        if (caller->channel.fd < 0) {
            self->tally.lost++;
            continue;
        }
        caller->owed++;
        self->owed++;
        s_refill (self, caller);
    }
}


static void
s_find_silent (flow_t *self)
{
    self->looked_ns = self->now_ns;
    for (uint32_t at = 0; at < self->options->connections; at++) {
        caller_t *caller = &self->callers [at];
        if (caller->channel.outstanding &&
            self->now_ns - caller->channel.heard_ns > SILENCE_NS)
            s_fail (self, caller, "silent for ten seconds");
    }
}


static bool
s_is_done (const flow_t *self)
{
    bool is_late = self->now_ns >= self->stop_ns;
    bool has_more = self->left || self->owed;
    return self->alive == 0 ||
           (self->outstanding == 0 && (is_late || !has_more));
}


//  Wait for replies, for the next request to be due, and for nothing longer

static int
s_wait (const flow_t *self, struct epoll_event *events, int64_t until_ns)
{
    if (self->stop_ns > self->now_ns && self->stop_ns < until_ns)
        until_ns = self->stop_ns;
    if (self->rate > 0 && self->left) {
        int64_t due_ns = s_due_ns (self, self->due_index);
        until_ns = due_ns < until_ns ? due_ns : until_ns;
    }
    int64_t wait_ns = until_ns - clock_ns ();
    if (wait_ns < 0)
        wait_ns = 0;
    if (wait_ns > SECOND_NS)
        wait_ns = SECOND_NS;
    struct timespec wait = {wait_ns / SECOND_NS, wait_ns % SECOND_NS};
    return epoll_pwait2 (self->epoll, events, EVENTS, &wait, NULL);
}


bool
flow_go (flow_t *self, int64_t until_ns)
{
    struct epoll_event events [EVENTS];
    while (!s_is_done (self)) {
        if (self->now_ns >= until_ns)
            return true;
        int count = s_wait (self, events, until_ns);
        self->now_ns = clock_ns ();
        for (int at = 0; at < count; at++)
            s_ready (self, events [at].data.ptr, events [at].events);
        if (self->rate > 0)
            s_call_due (self);
        if (self->now_ns - self->looked_ns > SECOND_NS)
            s_find_silent (self);
    }
    self->tally.unsent = self->owed;
    return false;
}


//  Begin with every caller at its first id

static void
s_begin (flow_t *self)
{
    self->now_ns = self->looked_ns = clock_ns ();
    self->tally.begin_ns = self->tally.end_ns = self->now_ns;
    for (uint32_t at = 0; at < self->options->connections; at++) {
        caller_t *caller = &self->callers [at];
        caller->due_index = at;
        if (self->rate == 0 && caller->channel.fd >= 0 && self->left)
            s_refill (self, caller);
    }
}


void
flow_begin_ids (flow_t *self)
{
    self->workload = WORKLOAD_IAMAT;
    self->depth = IDS_DEPTH;
    self->by_quota = true;
    self->left = self->options->ids;
    self->stop_ns = INT64_MAX;
    for (uint32_t at = 0; at < self->options->connections; at++)
        self->callers [at].quota =
            at < self->options->ids ? self->callers [at].count : 0;
    s_begin (self);
}


void
flow_begin (flow_t *self)
{
    const options_t *options = self->options;
    self->workload = options->workload;
    self->depth = options->depth;
    self->rate = options->rate;
    self->by_quota = false;
    self->left = options->requests ? options->requests : UINT64_MAX;
    self->stop_ns = INT64_MAX;
    if (options->seconds > 0)
        self->stop_ns = clock_ns () + (int64_t) (options->seconds * SECOND_NS);
    if (self->workload == WORKLOAD_IDLE)
        self->left = 0;
    s_begin (self);
}


//  A step of about the golden part of all visits them in no obvious order

static uint32_t
s_choose_step (uint32_t count)
{
    uint32_t step = (uint32_t) (0.618 * count) | 1;
    for (;; step++) {
        uint32_t one = count, other = step;
        while (other) {
            uint32_t rest = one % other;
            one = other;
            other = rest;
        }
        if (one == 1)
            return count == 1 ? 0 : step;
    }
}


static int
s_open (flow_t *self, caller_t *caller)
{
    caller->channel.fd = target_connect (caller->target);
    if (caller->channel.fd < 0) {
        fprintf (stderr, "zherd-load: %s: %s\n", caller->target->name,
            strerror (errno));
        return -1;
    }
    fcntl (caller->channel.fd, F_SETFL, O_NONBLOCK);
    self->alive++;
    s_watch (self, caller, EPOLL_CTL_ADD);
    struct timespec pause = {.tv_nsec = CONNECT_PAUSE_NS};
    clock_nanosleep (CLOCK_MONOTONIC, 0, &pause, NULL);
    return caller->channel.fd < 0 ? -1 : 0;
}


static int
s_open_all (flow_t *self)
{
    const options_t *options = self->options;
    uint32_t depth = options->depth;
    if (options->load_ids && depth < IDS_DEPTH)
        depth = IDS_DEPTH;
    for (uint32_t at = 0; at < options->connections; at++) {
        caller_t *caller = &self->callers [at];
        channel_init (&caller->channel, depth);
        caller->target = &options->targets.list [at % options->targets.count];
        caller->first = at % options->ids;
        caller->count = at < options->ids
                            ? (options->ids - at - 1) / options->connections + 1
                            : 1;
        caller->step = s_choose_step (caller->count);
    }
    for (uint32_t at = 0; at < options->connections; at++)
        if (s_open (self, &self->callers [at]))
            return -1;
    return 0;
}


//  As many descriptors as the system allows; waits as short as it can

static void
s_claim_system (void)
{
    struct rlimit limit;
    getrlimit (RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit (RLIMIT_NOFILE, &limit);
    prctl (PR_SET_TIMERSLACK, 1, 0, 0, 0);
}


flow_t *
flow_new (const options_t *options)
{
    flow_t *self = zmalloc (sizeof (flow_t));
    instant_t now = clock_now ();
    s_claim_system ();
    self->options = options;
    self->callers = zmalloc (options->connections * sizeof (caller_t));
    self->input = zmalloc (INPUT_SIZE);
    self->tally.latency = histogram_new ();
    request_init (&self->request, options->speech,
        now.seconds * SECOND_NS + now.nanoseconds);
    request_ask (&self->request, options->radius, options->bound);
    self->epoll = epoll_create1 (EPOLL_CLOEXEC);
    assert (self->epoll >= 0);
    if (s_open_all (self))
        flow_destroy (&self);
    return self;
}


void
flow_destroy (flow_t **self_p)
{
    flow_t *self = *self_p;
    if (self) {
        for (uint32_t at = 0; at < self->options->connections; at++)
            channel_clear (&self->callers [at].channel);
        close (self->epoll);
        histogram_destroy (&self->tally.latency);
        free (self->callers);
        free (self->input);
        free (self);
        *self_p = NULL;
    }
}


void
flow_part (flow_t *self)
{
    (void) self;
}


const flow_tally_t *
flow_tally (const flow_t *self)
{
    return &self->tally;
}
