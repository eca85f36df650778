/*  =========================================================================
    admin - the admin port

    HTTP for operators and scripts, who may ask for GET

    /healthz  "ok": the loop turns
    /readyz   200 if the server is ready for clients, else 503; JSON says why
    /status   all that the server knows of itself, as JSON

    Asks the daemon, never the core.
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

//  Return a new reference to what /status is to show; if brief, to what /readyz
//  is, with a boolean "ready" in it.
typedef json_t *(admin_tell_fn) (void *context, bool brief);

typedef struct {
    const char *address;  //  IPv4 in numbers
    uint16_t port;        //  To listen at
    admin_tell_fn *tell;  //  Called with context
    void *context;        //
} admin_options_t;

//  Serve in the watch, which is borrowed.  Returns NULL, errno set, if address
//  and port can't be had.
admin_t *
admin_new (watch_t *watch, const admin_options_t *options);

//  Close the port and set *self_p to NULL.
void
admin_destroy (admin_t **self_p);

//  To be called about once a second.
void
admin_tick (admin_t *self);

#endif
