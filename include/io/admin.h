/*  =========================================================================
    admin - the admin port

    HTTP for operators and scripts: GET /status, what the server knows of
    itself, as JSON; GET /healthz, "ok".  Asks the daemon, never the core.
    =========================================================================
*/

#ifndef IO_ADMIN_H
#define IO_ADMIN_H

#include "io/watch.h"

#include <jansson.h>
#include <stdint.h>

//  Connections at once; others wait.
#define ADMIN_CONNECTION_MAX 64

typedef struct admin_t admin_t;

//  Return a new reference to what /status is to show.
typedef json_t *(admin_status_fn) (void *context);

//  Serve at the IPv4 address and port, in the watch, which is borrowed.
//  Returns NULL, errno set, if that can't be had.
admin_t *
admin_new (watch_t *watch, const char *address, uint16_t port,
    admin_status_fn *status, void *context);

//  Close the port and set *self_p to NULL.
void
admin_destroy (admin_t **self_p);

//  To be called about once a second.
void
admin_tick (admin_t *self);

#endif
