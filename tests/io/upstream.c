/*  =========================================================================
    upstream - a Places provider in a test's hands
    =========================================================================
*/

#include "io/upstream.h"

#include "loop/listen.h"


//  Give the request the answer that all have.  A reset takes away what the
//  other side did not read yet, so it waits for the reply to be on its way

static void
s_answer (upstream_t *self, wire_t *wire)
{
    self->requests++;
    snprintf (self->request, sizeof (self->request), "%s", wire->in);
    wire->in_size = 0;
    if (self->firsts) {
        self->firsts--;
        wire_say (wire, self->first);
        return;
    }
    if (self->reply_size == 0)
        return;
    wire_send (wire, self->reply, self->reply_size);
    if (self->closes)
        wire_end (wire);
    if (self->resets) {
        struct linger at_once = {.l_onoff = 1, .l_linger = 0};
        (void) !send (wire->watcher.fd, self->reply, self->reply_size, 0);
        setsockopt (wire->watcher.fd, SOL_SOCKET, SO_LINGER, &at_once,
            sizeof (at_once));
        zlist_remove (self->wires, wire);
        wire_destroy (&wire);
        self->open--;
    }
}


static void
s_heard (void *context, wire_t *wire)
{
    upstream_t *self = context;
    if (wire->closed)
        self->open--;
    else if (strstr (wire->in, "\r\n\r\n"))
        s_answer (self, wire);
}


//  Return how many the other side has not closed, though we may not have been
//  told yet

static size_t
s_count_open (const upstream_t *self)
{
    size_t count = 0;
    for (const wire_t *wire = zlist_first (self->wires); wire;
         wire = zlist_next (self->wires)) {
        char byte;
        count += !wire->closed && recv (wire->watcher.fd, &byte, 1,
                                      MSG_PEEK | MSG_DONTWAIT) != 0;
    }
    return count;
}


static void
s_accept (void *context, uint32_t events)
{
    upstream_t *self = context;
    (void) events;
    int fd = accept4 (self->listener.fd, NULL, NULL, SOCK_CLOEXEC);
    if (fd < 0)
        return;
    wire_t *wire = wire_new (self->stage, fd);
    wire->heard = s_heard;
    wire->context = self;
    zlist_append (self->wires, wire);
    self->connections++;
    self->open++;
    size_t open = s_count_open (self);
    if (self->open_most < open)
        self->open_most = open;
}


upstream_t *
upstream_new (loop_case_t *stage)
{
    upstream_t *self = zmalloc (sizeof (upstream_t));
    self->stage = stage;
    self->port = loop_case_port (stage);
    self->wires = zlist_new ();
    self->listener =
        (watcher_t){listen_at (&loop_case_home, self->port, 0), s_accept, self};
    assert_true (self->listener.fd >= 0);
    assert_int_equal (poller_add (stage->poller, &self->listener, EPOLLIN), 0);
    return self;
}


void
upstream_destroy (upstream_t **self_p)
{
    upstream_t *self = *self_p;
    if (self) {
        wire_t *wire;
        while ((wire = zlist_pop (self->wires)))
            wire_destroy (&wire);
        zlist_destroy (&self->wires);
        poller_drop (self->stage->poller, &self->listener);
        close (self->listener.fd);
        free (self);
        *self_p = NULL;
    }
}


void
upstream_will_send (upstream_t *self, const void *bytes, size_t size)
{
    self->reply = bytes;
    self->reply_size = size;
}


void
upstream_will_say (upstream_t *self, const char *text)
{
    upstream_will_send (self, text, strlen (text));
}


void
upstream_will_say_first (upstream_t *self, const char *text, size_t count)
{
    self->first = text;
    self->firsts = count;
}
