/*  =========================================================================
    teller - tells a server of the herd what waits

    One connection to the client port of one server: IAMAT lines there, replies
    back, each to the oldest line that has none.  If a server can't be reached,
    is gone, says nothing or nonsense, what has no reply waits again, and the
    next server is tried.  Never waits for anybody.
    =========================================================================
*/

#ifndef MQTT_TELLER_H
#define MQTT_TELLER_H

#include "base/endpoint.h"
#include "mqtt/devices.h"
#include "mqtt/servers.h"

//  So many lines have no reply, at most.
#define TELLER_AHEAD_MAX 512

//  A reply takes so long at most.
#define TELLER_REPLY_MS 30000

typedef struct teller_t teller_t;

//  Called when a server has been reached.
typedef void (teller_fn) (void *context);

typedef struct {
    servers_options_t herd;
    devices_t *devices;  //  Borrowed
    teller_fn *reached;  //  Called with context
    void *context;       //
} teller_options_t;

//  What it did, since it was made.
typedef struct {
    uint64_t told;     //  Lines sent
    uint64_t taken;    //  Replies by kind
    uint64_t refused;  //
} teller_counts_t;

//  Returns NULL, errno set, when the system has no descriptor for it.
teller_t *
teller_new (const teller_options_t *options);

//  Close the connection, free all and set *self_p to NULL.
void
teller_destroy (teller_t **self_p);

//  Connect, or give up, if it is time.  To be called some times a second.
void
teller_tick (teller_t *self);

//  Send what waits, as far as the connection takes it.  To be called at the end
//  of each turn.
void
teller_send (teller_t *self);

//  Return true if there is a server now.
bool
teller_is_up (const teller_t *self);

const teller_counts_t *
teller_counts (const teller_t *self);

#endif
