/*  =========================================================================
    poller - one epoll descriptor for everything that is not ZeroMQ
    =========================================================================
*/

#include "loop/poller.h"

#include <assert.h>
#include <sys/eventfd.h>
#include <unistd.h>

//  Ready descriptors taken a turn: enough to batch well, few enough that the
//  peers, who have their own place in the loop, never wait long.
#define READY_MAX 256

struct poller_t {
    zloop_t *loop;        //  Borrowed
    zmq_pollitem_t item;  //  Our epoll descriptor as the loop knows it
    poller_turn_fn *turn;
    void *context;
    struct epoll_event ready [READY_MAX];
    int ready_at;     //  Next of ready to be told
    int ready_count;  //  In this turn
};


static int
s_turn (zloop_t *loop, zmq_pollitem_t *item, void *argument)
{
    poller_t *self = argument;
    (void) loop;
    self->ready_count = epoll_wait (item->fd, self->ready, READY_MAX, 0);
    if (self->ready_count < 0)
        self->ready_count = 0;
    for (self->ready_at = 0; self->ready_at < self->ready_count;) {
        struct epoll_event *event = &self->ready [self->ready_at++];
        watcher_t *watcher = event->data.ptr;
        if (watcher)
            watcher->ready (watcher->context, event->events);
    }
    self->ready_count = 0;
    if (self->turn)
        self->turn (self->context);
    return 0;
}


poller_t *
poller_new (zloop_t *loop, poller_turn_fn *turn, void *context)
{
    int fd = epoll_create1 (EPOLL_CLOEXEC);
    if (fd < 0)
        return NULL;
    poller_t *self = zmalloc (sizeof (poller_t));
    self->loop = loop;
    self->turn = turn;
    self->context = context;
    self->item = (zmq_pollitem_t){.fd = fd, .events = ZMQ_POLLIN};
    int rc = zloop_poller (loop, &self->item, s_turn, self);
    assert (rc == 0);
    zloop_poller_set_tolerant (loop, &self->item);
    return self;
}


void
poller_destroy (poller_t **self_p)
{
    poller_t *self = *self_p;
    if (self) {
        zloop_poller_end (self->loop, &self->item);
        close (self->item.fd);
        free (self);
        *self_p = NULL;
    }
}


int
poller_add (poller_t *self, watcher_t *watcher, uint32_t events)
{
    struct epoll_event event = {.events = events, .data.ptr = watcher};
    assert (watcher->ready);
    return epoll_ctl (self->item.fd, EPOLL_CTL_ADD, watcher->fd, &event);
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
    int rc = epoll_ctl (self->item.fd, EPOLL_CTL_MOD, watcher->fd, &event);
    assert (rc == 0);
}


void
poller_drop (poller_t *self, watcher_t *watcher)
{
    //  Its owner may have closed the descriptor already, which is as good
    (void) epoll_ctl (self->item.fd, EPOLL_CTL_DEL, watcher->fd, NULL);
    for (int at = self->ready_at; at < self->ready_count; at++)
        if (self->ready [at].data.ptr == watcher)
            self->ready [at].data.ptr = NULL;
}
