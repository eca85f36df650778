/*  =========================================================================
    zap - who may connect to our ROUTER
    =========================================================================
*/

#include "mesh/zap.h"

#include "loop/clock.h"
#include "mesh/curve.h"

#include <assert.h>
#include <errno.h>

//  Where libzmq asks
#define ENDPOINT "inproc://zeromq.zap.01"

//  Frames of a request, in the order of ZAP 1.0; credentials follow
enum { VERSION, REQUEST_ID, DOMAIN, ADDRESS, ROUTING_ID, MECHANISM, FRAMES };

//  ZMQ_ZAP_ENFORCE_DOMAIN: libzmq 4.3.4 takes it, and hides its name
#define ENFORCE_DOMAIN 93

struct zap_t {
    poller_t *poller;   //  Borrowed
    zsock_t *handler;   //  A REP
    watcher_t watcher;  //  Ready when it may have requests
    bool asked;         //  It may, though its descriptor doesn't say so again
    address_t *addresses;  //  That are admitted
    size_t count;          //
    const keys_t *keys;    //  That are demanded, borrowed; NULL = none are
};


//  Return the frame of the request at the index, or NULL

static zframe_t *
s_frame (zmsg_t *request, int index)
{
    zframe_t *frame = zmsg_first (request);
    while (frame && index-- > 0)
        frame = zmsg_next (request);
    return frame;
}


static bool
s_has_address (const zap_t *self, zmsg_t *request, address_t *address)
{
    zframe_t *frame = s_frame (request, ADDRESS);
    return frame && zmsg_size (request) >= FRAMES &&
           address_read (address,
               (span_t){(char *) zframe_data (frame), zframe_size (frame)}) &&
           zap_admits (self, address);
}


//  Tell of somebody at a peer's address who has none of their keys

static void
s_tell (
    const address_t *address, const char *key, event_fn *emit, void *context)
{
    event_t event = {.kind = EVENT_CALLER_UNKNOWN,
        .address = *address,
        .text = {key, CURVE_SHOWN_SIZE}};
    clock_stamp (&event);
    emit (context, &event);
}


//  Find whose key the request has.  CURVE credentials are the public key alone

static const char *
s_owner (const zap_t *self, zmsg_t *request, char key [KEYS_STRING_SIZE])
{
    zframe_t *mechanism = s_frame (request, MECHANISM);
    if (!mechanism || !zframe_streq (mechanism, "CURVE"))
        return NULL;
    zframe_t *frame = s_frame (request, FRAMES);
    if (!frame || zframe_size (frame) != KEYS_SIZE)
        return NULL;
    zmq_z85_encode (key, zframe_data (frame), KEYS_SIZE);
    return keys_owner (self->keys, key);
}


static void
s_add_key (zmsg_t *reply, const char *key)
{
    static const char name [] = CURVE_KEY_PROPERTY;
    uint8_t bytes [1 + sizeof (name) - 1 + 4 + KEYS_STRING_SIZE - 1] = {
        sizeof (name) - 1};
    memcpy (bytes + 1, name, sizeof (name) - 1);
    bytes [sizeof (name) + 3] = KEYS_STRING_SIZE - 1;
    memcpy (bytes + sizeof (name) + 4, key, KEYS_STRING_SIZE - 1);
    zmsg_addmem (reply, bytes, sizeof (bytes));
}


//  Answer the next request.  Returns false if there is none.  An answer begins
//  as its request does: with version and request id

static bool
s_answer (zap_t *self, event_fn *emit, void *context)
{
    zmsg_t *request = zmsg_recv (self->handler);
    if (!request)
        return false;
    char key [KEYS_STRING_SIZE] = "";
    address_t address;
    bool at_home = s_has_address (self, request, &address);
    const char *owner =
        at_home && self->keys ? s_owner (self, request, key) : NULL;
    bool may = at_home && (owner || !self->keys);
    if (at_home && !may && *key)
        s_tell (&address, key, emit, context);
    while (zmsg_size (request) > DOMAIN) {
        zframe_t *frame = zmsg_last (request);
        zmsg_remove (request, frame);
        zframe_destroy (&frame);
    }
    zmsg_addstr (request, may ? "200" : "400");
    zmsg_addstr (request, may       ? ""
                          : at_home ? "no peer has this key"
                                    : "no peer has this address");
    zmsg_addstr (request, owner ? owner : "");
    if (owner)
        s_add_key (request, key);
    else
        zmsg_addstr (request, "");
    zmsg_send (&request, self->handler);
    zmsg_destroy (&request);
    return true;
}


static void
s_asked (void *context, uint32_t events)
{
    zap_t *self = context;
    (void) events;
    self->asked = true;
}


zap_t *
zap_new (poller_t *poller)
{
    zap_t *self = zmalloc (sizeof (zap_t));
    self->poller = poller;
    self->handler = zsock_new (ZMQ_REP);
    assert (self->handler);
    zsock_set_rcvtimeo (self->handler, 0);
    self->watcher = (watcher_t){.ready = s_asked, .context = self};
    poller_socket (poller, &self->watcher, self->handler);
    if (zsock_bind (self->handler, "%s", ENDPOINT) == -1)
        zap_destroy (&self);
    return self;
}


void
zap_destroy (zap_t **self_p)
{
    zap_t *self = *self_p;
    if (self) {
        int error = errno;
        poller_drop (self->poller, &self->watcher);
        //  A closed socket keeps its endpoint for a moment
        zsock_unbind (self->handler, "%s", ENDPOINT);
        zsock_destroy (&self->handler);
        free (self->addresses);
        free (self);
        *self_p = NULL;
        errno = error;
    }
}


void
zap_guard (zsock_t *router)
{
    static const int enforced = 1;
    zsock_set_zap_domain (router, ZAP_DOMAIN);
    int rc = zmq_setsockopt (
        zsock_resolve (router), ENFORCE_DOMAIN, &enforced, sizeof (enforced));
    assert (rc == 0);
}


void
zap_admit (zap_t *self, const address_t *addresses, size_t count)
{
    free (self->addresses);
    self->addresses = zmalloc ((count + 1) * sizeof (address_t));
    for (self->count = 0; self->count < count; self->count++)
        self->addresses [self->count] = addresses [self->count];
}


void
zap_demand (zap_t *self, const keys_t *keys)
{
    self->keys = keys;
}


bool
zap_admits (const zap_t *self, const address_t *address)
{
    for (size_t index = 0; index < self->count; index++)
        if (address_equal (&self->addresses [index], address))
            return true;
    return false;
}


bool
zap_is_asked (const zap_t *self)
{
    return self->asked;
}


void
zap_answer (zap_t *self, event_fn *emit, void *context)
{
    self->asked = true;
    for (int count = 0; self->asked && count < ZAP_ANSWERS_MAX; count++)
        self->asked = s_answer (self, emit, context);
}
