/*  =========================================================================
    mesh - what include/mesh/mesh.h promises, over plain TCP

    In place of the shelf of that name it makes a zherd that has everything but
    ZeroMQ between its servers, which shows what that costs and gives.  Each
    server calls each of its peers (call), to speak, and listens to those who
    call it (guests).  Links are plain: where there are keys there is no mesh.
    =========================================================================
*/

#include "mesh/mesh.h"

#include "bench/tcp/call.h"
#include "bench/tcp/guests.h"
#include "loop/clock.h"
#include "loop/listen.h"
#include "loop/sockaddr.h"
#include "mesh/whereabouts.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <unistd.h>

//  As in the shelf
#define CALLERS_PER_PEER 4
#define CALLERS_MORE 64
#define NAME_DESCRIPTORS 3
#define DOWN_MS 5000

//  Connections taken a turn
#define ACCEPT_MAX 64

//  A tick that is later has told nobody anything meanwhile
#define LATE_MS 500

//  A call that is leaving
typedef struct leaver_t leaver_t;

struct leaver_t {
    call_t *call;
    leaver_t *next;
};

struct mesh_t {
    poller_t *poller;
    mesh_options_t options;
    event_fn *emit;
    void *context;
    watcher_t door;  //  Where we listen
    bool full;       //  There was no descriptor for who came
    guests_t *guests;
    leaver_t *leavers;
    int64_t ticked_ms;  //  When the last tick was
    whereabouts_t *whereabouts;
    call_t *calls [MESH_PEERS_MAX];  //  NULL = no peer
    unsigned count;                  //  Of them
};

//  Whom it admits, the mesh knows by itself
struct zap_t {
    poller_t *poller;
};


zap_t *
zap_new (poller_t *poller)
{
    zap_t *self = zmalloc (sizeof (zap_t));
    self->poller = poller;
    return self;
}


void
zap_destroy (zap_t **self_p)
{
    free (*self_p);
    *self_p = NULL;
}


//  Where a stranger calls, it may be a peer whose name has another address now

static void
s_emit (void *context, const event_t *event)
{
    mesh_t *self = context;
    for (unsigned peer = 0; peer < MESH_PEERS_MAX; peer++)
        if (event->kind == EVENT_CALLER_STRANGE)
            whereabouts_ask (self->whereabouts, peer);
    self->emit (self->context, event);
}


static size_t
s_guests_max (unsigned peer_count)
{
    return CALLERS_MORE + (size_t) CALLERS_PER_PEER * peer_count;
}


static bool
s_admits (void *context, const address_t *address)
{
    const mesh_t *self = context;
    for (unsigned peer = 0; peer < MESH_PEERS_MAX; peer++) {
        size_t count;
        const address_t *addresses =
            whereabouts_of (self->whereabouts, peer, &count);
        for (size_t index = 0; index < count; index++)
            if (address_equal (&addresses [index], address))
                return true;
    }
    return false;
}


//  A connection for which there is no descriptor waits until the next tick

static void
s_knocked (void *context, uint32_t events)
{
    mesh_t *self = context;
    (void) events;
    for (int count = 0; count < ACCEPT_MAX; count++) {
        sockaddr_t from;
        address_t address;
        socklen_t size = sizeof (from);
        int fd = accept4 (
            self->door.fd, &from.any, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd == -1) {
            self->full = errno != EAGAIN && errno != ECONNABORTED;
            if (self->full)
                poller_change (self->poller, &self->door, 0);
            return;
        }
        if (sockaddr_read (&from.any, &address, NULL))
            guests_add (self->guests, fd, &address);
        else
            close (fd);
    }
}


static void
s_moved (void *context, unsigned peer)
{
    mesh_t *self = context;
    size_t count;
    const address_t *addresses =
        whereabouts_of (self->whereabouts, peer, &count);
    call_seek (self->calls [peer], addresses, count);
}


mesh_t *
mesh_new (poller_t *poller, const mesh_options_t *options, event_fn *emit,
    void *context)
{
    mesh_t *self = zmalloc (sizeof (mesh_t));
    *self = (mesh_t){.poller = poller,
        .options = *options,
        .emit = emit,
        .context = context,
        .ticked_ms = clock_ms ()};
    self->guests = guests_new (poller,
        &(guests_options_t){.message_size_max = options->message_size_max,
            .admits = s_admits,
            .emit = s_emit,
            .context = self});
    self->door = (watcher_t){.fd = -1, .ready = s_knocked, .context = self};
    if (options->keys)
        errno = ENOTSUP;
    else
        self->door.fd =
            listen_at (&options->listen.address, options->listen.port, 0);
    if (self->door.fd >= 0 && poller_add (poller, &self->door, EPOLLIN) == 0)
        self->whereabouts = whereabouts_new (
            poller, &(whereabouts_options_t){
                        .moved = s_moved, .emit = s_emit, .context = self});
    if (!self->whereabouts)
        mesh_destroy (&self);
    return self;
}


//  Nothing else happens meanwhile, so what leaves is waited for here

static void
s_see_off (mesh_t *self)
{
    while (self->leavers) {
        leaver_t *leaver = self->leavers;
        framed_t *framed;
        self->leavers = leaver->next;
        while ((framed = call_leaving (leaver->call))) {
            struct pollfd ready = {.fd = framed->watcher.fd,
                .events = POLLIN | (framed_is_clear (framed) ? 0 : POLLOUT)};
            (void) poll (&ready, 1, 10);
            if (framed_leave (framed))
                framed_close (framed);
        }
        call_destroy (&leaver->call);
        free (leaver);
    }
}


void
mesh_destroy (mesh_t **self_p)
{
    mesh_t *self = *self_p;
    if (self) {
        int error = errno;
        for (unsigned peer = 0; peer < MESH_PEERS_MAX; peer++)
            if (self->calls [peer])
                mesh_part (self, peer);
        s_see_off (self);
        whereabouts_destroy (&self->whereabouts);
        guests_destroy (&self->guests);
        if (self->door.fd >= 0) {
            poller_drop (self->poller, &self->door);
            close (self->door.fd);
        }
        free (self);
        *self_p = NULL;
        errno = error;
    }
}


void
mesh_connect (
    mesh_t *self, unsigned peer, const char *name, const endpoint_t *endpoint)
{
    assert (peer < MESH_PEERS_MAX);
    (void) name;
    event_t event = {.kind = EVENT_PEER_DOWN, .peer = peer};
    if (self->calls [peer] && call_is_up (self->calls [peer])) {
        clock_stamp (&event);
        s_emit (self, &event);
    }
    mesh_part (self, peer);
    self->calls [peer] =
        call_new (self->poller, &(call_options_t){.peer = peer,
                                    .port = endpoint->port,
                                    .source = self->options.listen.address,
                                    .reconnect_ms = self->options.reconnect_ms,
                                    .emit = s_emit,
                                    .context = self});
    guests_limit (self->guests, s_guests_max (++self->count));
    whereabouts_put (self->whereabouts, peer, endpoint);
    s_moved (self, peer);
}


void
mesh_part (mesh_t *self, unsigned peer)
{
    assert (peer < MESH_PEERS_MAX);
    if (self->calls [peer]) {
        leaver_t *leaver = zmalloc (sizeof (leaver_t));
        *leaver = (leaver_t){.call = self->calls [peer], .next = self->leavers};
        self->leavers = leaver;
        call_leave (leaver->call);
        self->calls [peer] = NULL;
        guests_limit (self->guests, s_guests_max (--self->count));
    }
    whereabouts_drop (self->whereabouts, peer);
}


void
mesh_expel (mesh_t *self)
{
    guests_expel (self->guests);
}


void
mesh_set_reconnect (mesh_t *self, int reconnect_ms)
{
    self->options.reconnect_ms = reconnect_ms;
}


//  The file's security stays while a server runs, so there are none

void
mesh_rekey (mesh_t *self, const keys_t *keys)
{
    (void) self;
    assert (!keys);
}


size_t
mesh_descriptors (unsigned peer_count)
{
    return 1 + s_guests_max (peer_count) +
           (1 + (size_t) NAME_DESCRIPTORS) * peer_count;
}


bool
mesh_can_send (mesh_t *self, unsigned peer)
{
    assert (peer < MESH_PEERS_MAX);
    return self->calls [peer] && call_can_send (self->calls [peer]);
}


void
mesh_send (mesh_t *self, unsigned peer, span_t text)
{
    assert (peer < MESH_PEERS_MAX && self->calls [peer]);
    call_send (self->calls [peer], text);
}


bool
mesh_turn (mesh_t *self)
{
    return guests_turn (self->guests);
}


static void
s_check_leavers (mesh_t *self)
{
    for (leaver_t **place = &self->leavers; *place;) {
        leaver_t *leaver = *place;
        if (call_leaving (leaver->call)) {
            place = &leaver->next;
            continue;
        }
        *place = leaver->next;
        call_destroy (&leaver->call);
        free (leaver);
    }
}


void
mesh_tick (mesh_t *self)
{
    int64_t now_ms = clock_ms ();
    int64_t late_ms = now_ms - self->ticked_ms;
    late_ms = late_ms >= LATE_MS ? late_ms : 0;
    self->ticked_ms = now_ms;
    if (self->full)
        poller_change (self->poller, &self->door, EPOLLIN);
    self->full = false;
    for (unsigned peer = 0; peer < MESH_PEERS_MAX; peer++) {
        if (!self->calls [peer])
            continue;
        call_tick (self->calls [peer], late_ms);
        if (self->calls [peer] && call_down_ms (self->calls [peer]) >= DOWN_MS)
            whereabouts_ask (self->whereabouts, peer);
    }
    guests_tick (self->guests, late_ms);
    s_check_leavers (self);
}
