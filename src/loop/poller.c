/*  =========================================================================
    poller - the loop: waits for descriptors, and for the next tick
    =========================================================================
*/

#include "loop/poller.h"

#include "loop/clock.h"

#include <assert.h>
#include <limits.h>
#include <sys/eventfd.h>
#include <unistd.h>

//  Ready descriptors taken a turn: enough to batch well, few enough that the
//  peers, who have their own place in the loop, never wait long.
#define READY_MAX 256

struct poller_t {
    int fd;
    poller_turn_fn *turn;
    void *context;  //  Of turn
    struct epoll_event ready [READY_MAX];
    int ready_at;     //  Next of ready to be told
    int ready_count;  //  In this turn
    int64_t turn_ms;  //  When a turn is due, ready or not; INT64_MAX = none
    bool running;
    int tick_ms;
    poller_turn_fn *tick;
    void *tick_context;
    int64_t due_ms;  //  When the next tick is; INT64_MAX = there are none
};


poller_t *
poller_new (poller_turn_fn *turn, void *context)
{
    int fd = epoll_create1 (EPOLL_CLOEXEC);
    if (fd < 0)
        return NULL;
    poller_t *self = zmalloc (sizeof (poller_t));
    self->fd = fd;
    self->turn = turn;
    self->context = context;
    self->turn_ms = self->due_ms = INT64_MAX;
    return self;
}


void
poller_destroy (poller_t **self_p)
{
    poller_t *self = *self_p;
    if (self) {
        close (self->fd);
        free (self);
        *self_p = NULL;
    }
}


void
poller_tick (poller_t *self, int ms, poller_turn_fn *tick, void *context)
{
    self->tick_ms = ms;
    self->tick = tick;
    self->tick_context = context;
    self->due_ms = clock_ms () + ms;
}


//  Return how long a turn may wait: if that is more than a number can say, it
//  waits again

static int
s_patience_ms (const poller_t *self, int64_t now_ms)
{
    int64_t next_ms =
        self->turn_ms < self->due_ms ? self->turn_ms : self->due_ms;
    if (next_ms <= now_ms)
        return 0;
    int64_t wait_ms = next_ms - now_ms;
    return wait_ms < INT_MAX ? (int) wait_ms : INT_MAX;
}


//  Wait until something is ready, a turn or a tick is due at the latest, and
//  tell it

static void
s_turn (poller_t *self, int64_t now_ms)
{
    self->ready_count = epoll_wait (
        self->fd, self->ready, READY_MAX, s_patience_ms (self, now_ms));
    bool any = self->ready_count > 0 || self->turn_ms <= clock_ms ();
    if (any)
        self->turn_ms = INT64_MAX;
    for (self->ready_at = 0; self->ready_at < self->ready_count;) {
        struct epoll_event *event = &self->ready [self->ready_at++];
        watcher_t *watcher = event->data.ptr;
        if (watcher)
            watcher->ready (watcher->context, event->events);
    }
    self->ready_count = 0;
    if (any && self->turn)
        self->turn (self->context);
}


static void
s_tick (poller_t *self, int64_t now_ms)
{
    self->due_ms += self->tick_ms;
    if (self->due_ms <= now_ms)
        self->due_ms = now_ms + self->tick_ms;
    self->tick (self->tick_context);
}


void
poller_run (poller_t *self)
{
    int64_t now_ms = clock_ms ();
    self->running = true;
    while (self->running) {
        s_turn (self, now_ms);
        now_ms = clock_ms ();
        if (now_ms >= self->due_ms)
            s_tick (self, now_ms);
    }
}


void
poller_end (poller_t *self)
{
    self->running = false;
}


void
poller_turn_by (poller_t *self, int64_t ms)
{
    if (ms < self->turn_ms)
        self->turn_ms = ms;
}


void
poller_hurry (poller_t *self)
{
    poller_turn_by (self, INT64_MIN);
}


int
poller_add (poller_t *self, watcher_t *watcher, uint32_t events)
{
    struct epoll_event event = {.events = events, .data.ptr = watcher};
    assert (watcher->ready);
    return epoll_ctl (self->fd, EPOLL_CTL_ADD, watcher->fd, &event);
}


//  The socket's descriptor tells when the socket becomes ready, and not before
//  it was found not to be

void
poller_socket (poller_t *self, watcher_t *watcher, zsock_t *socket)
{
    watcher->fd = (int) zsock_fd (socket);
    int rc = poller_add (self, watcher, EPOLLIN);
    assert (rc == 0);
    (void) zsock_events (socket);
}


//  Only who takes them knows

bool
poller_has_room (size_t descriptors)
{
    int *taken = zmalloc ((descriptors + 1) * sizeof (int));
    size_t count = 0;
    while (
        count < descriptors && (taken [count] = eventfd (0, EFD_CLOEXEC)) >= 0)
        count++;
    bool all = count == descriptors;
    while (count > 0)
        close (taken [--count]);
    free (taken);
    return all;
}


void
poller_change (poller_t *self, watcher_t *watcher, uint32_t events)
{
    struct epoll_event event = {.events = events, .data.ptr = watcher};
    int rc = epoll_ctl (self->fd, EPOLL_CTL_MOD, watcher->fd, &event);
    assert (rc == 0);
}


void
poller_drop (poller_t *self, watcher_t *watcher)
{
    //  Its owner may have closed the descriptor already, which is as good
    (void) epoll_ctl (self->fd, EPOLL_CTL_DEL, watcher->fd, NULL);
    for (int at = self->ready_at; at < self->ready_count; at++)
        if (self->ready [at].data.ptr == watcher)
            self->ready [at].data.ptr = NULL;
}
