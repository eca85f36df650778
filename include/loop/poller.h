/*  =========================================================================
    poller - one epoll descriptor for everything that is not ZeroMQ

    zloop asks poll(2), which costs as much as there are descriptors.  So all
    clients, curl's sockets, timers and signals live in this one epoll set,
    and the loop sees a single descriptor.  Level-triggered: what a handler
    leaves undone is told again on the next turn.
    =========================================================================
*/

#ifndef LOOP_POLLER_H
#define LOOP_POLLER_H

#include <czmq.h>
#include <sys/epoll.h>

typedef struct poller_t poller_t;

//  What is called when a descriptor is ready; events are EPOLLIN and so on.
//  It may add, change and drop watches, its own too, and free the watcher.
typedef void (poller_fn) (void *context, uint32_t events);

//  Whose descriptor it is.  Part of the owner's own structure: the poller
//  keeps a pointer to it until poller_drop, and the owner may be freed after
//  poller_drop even inside a handler.
typedef struct {
    int fd;            //  The descriptor, owned by the owner; -1 if none
    poller_fn *ready;  //  Called with context
    void *context;     //  The owner
} watcher_t;

//  What is called at the end of every turn that had something ready.
typedef void (poller_turn_fn) (void *context);

//  Make an empty set in the loop; turn, if not NULL, is called with context
//  after each turn's handlers.  Borrows the loop for its whole life.  Returns
//  NULL, errno set, when the system has no descriptor for it.
poller_t *
poller_new (zloop_t *loop, poller_turn_fn *turn, void *context);

//  Leave the loop, free the set and set *self_p to NULL.  Watchers' own
//  descriptors stay open.
void
poller_destroy (poller_t **self_p);

//  Watch the descriptor for the epoll events.  Borrows the watcher until
//  poller_drop.  Returns -1, errno set, when the system refuses.
int
poller_add (poller_t *self, watcher_t *watcher, uint32_t events)
    __attribute__ ((warn_unused_result));

//  Watch a ZeroMQ socket: the watcher, whose fd is set here, is called when the
//  socket may have something to read, or takes messages again.  That is told
//  once: a handler reads until there is nothing, or remembers that it did not.
void
poller_socket (poller_t *self, watcher_t *watcher, zsock_t *socket);

//  Return true if the system gives so many more descriptors now.
bool
poller_has_room (size_t descriptors);

//  Watch for other events from now on.
void
poller_change (poller_t *self, watcher_t *watcher, uint32_t events);

//  Stop watching.  The watcher's handler is not called again, even if its
//  descriptor was found ready in this same turn.  The descriptor may already
//  be closed.
void
poller_drop (poller_t *self, watcher_t *watcher);

#endif
