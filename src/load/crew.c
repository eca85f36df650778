/*  =========================================================================
    crew - the client connections of a load
    =========================================================================
*/

#include "load/crew.h"

#include "loop/clock.h"

#include <czmq.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/epoll.h>

#define PARTING_MS 2000
#define EVENTS 256
#define INPUT_SIZE 65536

//  So that no server's queue of connections runs over, which may be as short
//  as 50: 5,000 a second at most
#define AT_ONCE 16
#define PAUSE_NS 3200000

//  Of a crowd, so many come from each address
#define PER_SOURCE 5000


static int
s_watch (crew_t *self, caller_t *caller, int operation)
{
    struct epoll_event event = {
        .events = caller->blocked ? EPOLLIN | EPOLLOUT : EPOLLIN,
        .data.ptr = caller};
    return epoll_ctl (self->epoll, operation, caller->channel.fd, &event);
}


static int
s_connect (crew_t *self, caller_t *caller)
{
    uint64_t source = (uint64_t) (caller - self->callers) / PER_SOURCE;
    int fd = target_connect (caller->target, source);
    caller->channel.fd = fd;
    if (fd < 0 || fcntl (fd, F_SETFL, O_NONBLOCK) ||
        s_watch (self, caller, EPOLL_CTL_ADD)) {
        fprintf (stderr, "zherd-load: %s: %s\n", caller->target->name,
            strerror (errno));
        channel_close (&caller->channel);
        return -1;
    }
    return 0;
}


crew_t *
crew_new (const options_t *options, uint32_t depth)
{
    const targets_t *targets = &options->targets;
    const struct timespec pause = {.tv_nsec = PAUSE_NS};
    crew_t *self = zmalloc (sizeof (crew_t));
    self->count = options->connections;
    self->callers = zmalloc (self->count * sizeof (caller_t));
    self->epoll = epoll_create1 (EPOLL_CLOEXEC);
    assert (self->epoll >= 0);
    for (uint32_t at = 0; at < self->count; at++) {
        caller_t *caller = &self->callers [at];
        caller->target = &targets->list [at % targets->count];
        channel_init (&caller->channel, depth);
        walk_init (&caller->walk, at, self->count, options->ids);
    }
    while (self->opened < self->count) {
        if (self->opened && self->opened % AT_ONCE == 0)
            clock_nanosleep (CLOCK_MONOTONIC, 0, &pause, NULL);
        if (s_connect (self, &self->callers [self->opened]))
            break;
        self->opened++;
    }
    bool is_idle = options->workload == WORKLOAD_IDLE;
    if (self->opened < (is_idle ? 1 : self->count))
        crew_destroy (&self);
    return self;
}


void
crew_destroy (crew_t **self_p)
{
    crew_t *self = *self_p;
    if (self) {
        for (uint32_t at = 0; at < self->count; at++)
            channel_clear (&self->callers [at].channel);
        close (self->epoll);
        free (self->callers);
        free (self);
        *self_p = NULL;
    }
}


int
crew_reconnect (crew_t *self, caller_t *caller, uint64_t source)
{
    channel_close (&caller->channel);
    caller->blocked = false;
    caller->channel.fd = target_begin (caller->target, source);
    return caller->channel.fd < 0 ? -1 : s_watch (self, caller, EPOLL_CTL_ADD);
}


int
crew_send (crew_t *self, caller_t *caller)
{
    int rc = channel_send (&caller->channel);
    if (rc < 0 || caller->blocked == rc)
        return rc < 0 ? -1 : 0;
    caller->blocked = rc;
    return s_watch (self, caller, EPOLL_CTL_MOD);
}


//  Read what there is.  Returns false when the connection is at its end.

static bool
s_drain (caller_t *caller, char *input, uint64_t *lines)
{
    channel_t *channel = &caller->channel;
    ssize_t size = read (channel->fd, input, INPUT_SIZE);
    if (size < 0 && (errno == EAGAIN || errno == EINTR))
        return true;
    span_t bytes = {input, size > 0 ? (size_t) size : 0};
    while (reply_next (&channel->reply, REPLY_LINE, &bytes) != REPLY_MORE)
        (*lines)++;
    return size > 0;
}


uint64_t
crew_part (crew_t *self)
{
    struct epoll_event events [EVENTS];
    char input [INPUT_SIZE];
    uint64_t lines = 0;
    uint32_t open = 0;
    for (uint32_t at = 0; at < self->count; at++)
        if (self->callers [at].channel.fd >= 0) {
            shutdown (self->callers [at].channel.fd, SHUT_WR);
            open++;
        }
    int64_t until_ms = clock_ms () + PARTING_MS;
    while (open && clock_ms () < until_ms) {
        int count = epoll_wait (
            self->epoll, events, EVENTS, (int) (until_ms - clock_ms () + 1));
        for (int at = 0; at < count; at++) {
            caller_t *caller = events [at].data.ptr;
            if (s_drain (caller, input, &lines))
                continue;
            channel_close (&caller->channel);
            open--;
        }
    }
    return lines;
}
