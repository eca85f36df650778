/*  =========================================================================
    zap - who may connect to our ROUTER
    =========================================================================
*/

#include "mesh/zap.h"

#include <assert.h>
#include <errno.h>

//  Where libzmq asks
#define ENDPOINT "inproc://zeromq.zap.01"

//  Frames of a request, in the order of ZAP 1.0; credentials follow
enum { VERSION, REQUEST_ID, DOMAIN, ADDRESS, ROUTING_ID, MECHANISM, FRAMES };

struct zap_t {
    poller_t *poller;   //  Borrowed
    zsock_t *handler;   //  A REP
    watcher_t watcher;  //  Ready when it may have requests
    bool asked;         //  It may, though its descriptor doesn't say so again
    address_t *addresses;  //  That are admitted
    size_t count;          //
};


static bool
s_may_pass (const zap_t *self, zmsg_t *request)
{
    zframe_t *frame = zmsg_first (request);
    for (int index = 0; frame && index < ADDRESS; index++)
        frame = zmsg_next (request);
    address_t address;
    return frame && zmsg_size (request) >= FRAMES &&
           address_read (&address,
               (span_t){(char *) zframe_data (frame), zframe_size (frame)}) &&
           zap_admits (self, &address);
}


//  An answer begins as its request does: with version and request id

static void
s_answer (zap_t *self)
{
    zmsg_t *request = zmsg_recv (self->handler);
    if (!request)
        return;
    bool may = s_may_pass (self, request);
    while (zmsg_size (request) > DOMAIN) {
        zframe_t *frame = zmsg_last (request);
        zmsg_remove (request, frame);
        zframe_destroy (&frame);
    }
    zmsg_addstr (request, may ? "200" : "400");
    zmsg_addstr (request, may ? "" : "no peer has this address");
    zmsg_addstr (request, "");  //  No user's name
    zmsg_addstr (request, "");  //  No metadata
    zmsg_send (&request, self->handler);
    zmsg_destroy (&request);
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
zap_admit (zap_t *self, const address_t *addresses, size_t count)
{
    free (self->addresses);
    self->addresses = zmalloc ((count + 1) * sizeof (address_t));
    for (self->count = 0; self->count < count; self->count++)
        self->addresses [self->count] = addresses [self->count];
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
zap_answer (zap_t *self)
{
    self->asked = true;
    for (int count = 0; self->asked && count < ZAP_ANSWERS_MAX; count++) {
        self->asked = zsock_events (self->handler) & ZMQ_POLLIN;
        if (self->asked)
            s_answer (self);
    }
}
