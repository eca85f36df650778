/*  =========================================================================
    admin - the admin port

    HTTP for operators and scripts, who may ask for GET

    /         a link to the live page
    /healthz  "ok": the loop turns
    /readyz   200 if the server is ready for clients, else 503; JSON says why
    /status   all that the server knows of itself, as JSON
    /metrics  the same figures as text, as Prometheus reads it

    Asks the daemon, never the core.  A request whose Host is no address, nor
    localhost, the machine's name, the server's own or where the port is found,
    gets 421: it may be that of a web page.
    =========================================================================
*/

#ifndef ADMIN_ADMIN_H
#define ADMIN_ADMIN_H

#include "base/address.h"
#include "loop/poller.h"

//  Connections at once; others wait.
#define ADMIN_CONNECTION_MAX 64

typedef struct admin_t admin_t;

//  The pages that are asked of the daemon.
typedef enum {
    ADMIN_ROOT,
    ADMIN_READYZ,
    ADMIN_STATUS,
    ADMIN_METRICS
} admin_page_t;

//  Return the text that the page is to show, for admin to free.  *ready comes
//  as false; it counts for ADMIN_READYZ.
typedef char *(admin_tell_fn) (void *context, admin_page_t page, bool *ready);

typedef struct {
    address_t address;    //  Where to listen; :: = at all
    const char *server;   //  Its name
    const char *host;     //  Where the port is found; copied
    uint16_t port;        //  To listen at
    admin_tell_fn *tell;  //  Called with context
    void *context;        //
} admin_options_t;

//  Serve in the poller, which is borrowed.  Returns NULL, errno set, if address
//  and port can't be had.
admin_t *
admin_new (poller_t *poller, const admin_options_t *options);

//  Close the port and set *self_p to NULL.
void
admin_destroy (admin_t **self_p);

//  To be called about once a second.
void
admin_tick (admin_t *self);

#endif
