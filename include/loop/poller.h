/*  =========================================================================
    poller - the loop: waits for descriptors, and for the next tick

    All clients, sockets of ZeroMQ and curl, timers and signals live in one
    epoll set: a turn costs one system call, whatever their number.  CZMQ's
    zloop asks poll(2), twice a turn.  Level-triggered: what a handler leaves
    undone is told again on the next turn.
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

//  What is called at the end of every turn that had something ready, or was
//  due; or at each tick.
typedef void (poller_turn_fn) (void *context);

//  Make an empty set; turn, if not NULL, is called with context after each
//  turn's handlers.  Returns NULL, errno set, when the system has no descriptor
//  for it.
poller_t *
poller_new (poller_turn_fn *turn, void *context);

//  Free the set and set *self_p to NULL.  Watchers' own descriptors stay open.
void
poller_destroy (poller_t **self_p);

//  Call tick with context every so many ms while the loop runs; a loop that is
//  late leaves ticks out.
void
poller_tick (poller_t *self, int ms, poller_turn_fn *tick, void *context);

//  Run the loop until a handler, turn or tick ends it; it may be run again.
void
poller_run (poller_t *self);
void
poller_end (poller_t *self);

//  Have another turn when clock_ms shows this time, or at once, whether or not
//  something is ready.  If one comes earlier, that is the one, and its end may
//  ask for another.
void
poller_turn_by (poller_t *self, int64_t ms);
void
poller_hurry (poller_t *self);

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
