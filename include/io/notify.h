/*  =========================================================================
    notify - tells a service manager how the server is

    The protocol is that of sd_notify(3): a datagram of "NAME=value" lines to
    the socket that the environment's NOTIFY_SOCKET names, as a path or, after
    "@", as an abstract name.  The server never waits for its manager: what the
    manager does not take at once is told again when it is next due.
    =========================================================================
*/

#ifndef IO_NOTIFY_H
#define IO_NOTIFY_H

#include "core/server.h"

typedef struct notify_t notify_t;

//  Take NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID out of the environment.
//  Returns NULL if nobody is to be told; or, after a line on standard error, if
//  nobody can be.  The functions below do nothing if self is NULL.
notify_t *
notify_new (void);

//  Close the socket and set *self_p to NULL.
void
notify_destroy (notify_t **self_p);

//  Tell, of our server at the time of clock_ms,
//
//  WATCHDOG=1   when half of the manager's timeout has passed; the loop calls
//               this at each tick, so that a server that hangs is not alive
//  READY=1      once, when /readyz says so; until then ask for a longer
//               timeout, as a table may take long to load
//  STATUS=      once a second, if it changed
//  STOPPING=1   once, when it is
void
notify_tick (
    notify_t *self, int64_t now_ms, const server_t *server, bool stopping);

//  Tell that the server reads its file again, and that it has done so; but not
//  while the manager waits for READY=1, or once it was told of the stop.
void
notify_reloading (const notify_t *self, int64_t now_ms);
void
notify_reloaded (notify_t *self);

#endif
