/*  =========================================================================
    whereabouts - the addresses at which peers are
    =========================================================================
*/

#include "mesh/whereabouts.h"

#include "loop/clock.h"
#include "loop/resolver.h"

#include <assert.h>
#include <errno.h>

//  A name is not resolved more often
#define PAUSE_MS 5000

//  "NAME is ADDRESS, ADDRESS ..."
#define TEXT_SIZE                                                              \
    (ENDPOINT_TEXT_SIZE + RESOLVER_ADDRESSES_MAX * (ADDRESS_TEXT_SIZE + 2))

typedef struct {
    bool known;
    size_t number;  //  Of all that were put: tells this one from others
    endpoint_t endpoint;
    address_t addresses [RESOLVER_ADDRESSES_MAX];
    size_t count;
    bool pending;        //  The resolver was asked, and has not answered
    int64_t asked_ms;    //  When it was last asked
    const char *failed;  //  Why it last had no answer; NULL = it had
} peer_t;

struct whereabouts_t {
    whereabouts_options_t options;
    resolver_t *resolver;
    size_t last_number;
    peer_t peers [WHEREABOUTS_PEERS_MAX];
};


static void
s_emit (whereabouts_t *self, const char *text)
{
    event_t event = {.kind = EVENT_NOTED,
        .notice = NOTICE_PEER_NAME,
        .text = span_of (text)};
    clock_stamp (&event);
    self->options.emit (self->options.context, &event);
}


static bool
s_has (const address_t *addresses, size_t count, const address_t *address)
{
    for (size_t index = 0; index < count; index++)
        if (address_equal (&addresses [index], address))
            return true;
    return false;
}


//  In which order they come does not matter: DNS servers turn them round

static bool
s_is_known (const peer_t *peer, const resolved_t *resolved)
{
    size_t known = 0;
    for (size_t index = 0; index < resolved->count; index++)
        known +=
            s_has (peer->addresses, peer->count, &resolved->addresses [index]);
    return known == resolved->count && known == peer->count;
}


static void
s_fail (whereabouts_t *self, unsigned index, const char *reason)
{
    char text [TEXT_SIZE];
    peer_t *peer = &self->peers [index];
    if (peer->failed && streq (peer->failed, reason))
        return;
    peer->failed = reason;
    snprintf (text, sizeof (text), "%s cannot be resolved: %s",
        peer->endpoint.host, reason);
    s_emit (self, text);
}


static void
s_move (whereabouts_t *self, unsigned index, const resolved_t *resolved)
{
    char text [TEXT_SIZE];
    peer_t *peer = &self->peers [index];
    int size = snprintf (text, sizeof (text), "%s is", peer->endpoint.host);
    for (size_t at = 0; at < resolved->count; at++) {
        char number [ADDRESS_TEXT_SIZE];
        peer->addresses [at] = resolved->addresses [at];
        size += snprintf (text + size, sizeof (text) - (size_t) size, "%s %s",
            at ? "," : "", address_print (&peer->addresses [at], number));
    }
    peer->count = resolved->count;
    s_emit (self, text);
    self->options.moved (self->options.context, index);
}


static void
s_resolved (void *context, const resolved_t *resolved)
{
    whereabouts_t *self = context;
    unsigned index = (unsigned) (resolved->asker % WHEREABOUTS_PEERS_MAX);
    peer_t *peer = &self->peers [index];
    //  It may be forgotten by now, and its place another's
    if (!peer->known || peer->number != resolved->asker / WHEREABOUTS_PEERS_MAX)
        return;
    peer->pending = false;
    if (resolved->count == 0) {
        s_fail (self, index, resolved->reason);
        return;
    }
    bool again = peer->failed;
    peer->failed = NULL;
    if (again || !s_is_known (peer, resolved))
        s_move (self, index, resolved);
}


static void
s_ask (whereabouts_t *self, unsigned index)
{
    peer_t *peer = &self->peers [index];
    peer->pending = true;
    peer->asked_ms = clock_ms ();
    resolver_ask (self->resolver, peer->endpoint.host,
        peer->number * WHEREABOUTS_PEERS_MAX + index);
}


whereabouts_t *
whereabouts_new (poller_t *poller, const whereabouts_options_t *options)
{
    whereabouts_t *self = zmalloc (sizeof (whereabouts_t));
    self->options = *options;
    self->resolver = resolver_new (poller, s_resolved, self);
    if (!self->resolver)
        whereabouts_destroy (&self);
    return self;
}


void
whereabouts_destroy (whereabouts_t **self_p)
{
    whereabouts_t *self = *self_p;
    if (self) {
        int error = errno;
        resolver_destroy (&self->resolver);
        free (self);
        *self_p = NULL;
        errno = error;
    }
}


void
whereabouts_put (whereabouts_t *self, unsigned peer, const endpoint_t *endpoint)
{
    assert (peer < WHEREABOUTS_PEERS_MAX);
    peer_t *whose = &self->peers [peer];
    *whose = (peer_t){
        .known = true, .number = ++self->last_number, .endpoint = *endpoint};
    if (endpoint->is_name)
        s_ask (self, peer);
    else
        whose->addresses [whose->count++] = endpoint->address;
}


void
whereabouts_drop (whereabouts_t *self, unsigned peer)
{
    assert (peer < WHEREABOUTS_PEERS_MAX);
    self->peers [peer] = (peer_t){.known = false};
}


const address_t *
whereabouts_of (const whereabouts_t *self, unsigned peer, size_t *count)
{
    assert (peer < WHEREABOUTS_PEERS_MAX);
    *count = self->peers [peer].count;
    return self->peers [peer].addresses;
}


void
whereabouts_ask (whereabouts_t *self, unsigned peer)
{
    assert (peer < WHEREABOUTS_PEERS_MAX);
    const peer_t *whose = &self->peers [peer];
    if (whose->known && whose->endpoint.is_name && !whose->pending &&
        clock_ms () - whose->asked_ms >= PAUSE_MS)
        s_ask (self, peer);
}
