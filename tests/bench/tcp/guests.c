/*  =========================================================================
    guests - connections that peers made to us, over plain TCP
    =========================================================================
*/

#include "bench/tcp/guests.h"

#include "bench/tcp/call.h"
#include "bench/tcp/framed.h"
#include "loop/clock.h"

#include <unistd.h>

//  Frames of one guest a turn, so that clients have theirs
#define TAKE_MAX 512

typedef struct guest_t guest_t;

struct guest_t {
    guests_t *owner;
    guest_t *next;  //  Who came before
    framed_t framed;
    address_t address;
    int64_t heard_ms;
    bool spoke;  //  A message came
    bool more;   //  Some of what was read is left
};

struct guests_t {
    guests_options_t options;
    poller_t *poller;
    guest_t *list;  //  The last to come is the first
    size_t count;
    size_t count_max;
};


guests_t *
guests_new (poller_t *poller, const guests_options_t *options)
{
    guests_t *self = zmalloc (sizeof (guests_t));
    *self = (guests_t){.options = *options, .poller = poller, .count_max = 1};
    return self;
}


static void
s_remove (guest_t *guest)
{
    guest_t **place = &guest->owner->list;
    while (*place != guest)
        place = &(*place)->next;
    *place = guest->next;
    guest->owner->count--;
    framed_close (&guest->framed);
    free (guest);
}


void
guests_destroy (guests_t **self_p)
{
    guests_t *self = *self_p;
    if (self) {
        while (self->list)
            s_remove (self->list);
        free (self);
        *self_p = NULL;
    }
}


void
guests_limit (guests_t *self, size_t count_max)
{
    self->count_max = count_max;
}


//  End the connection, and tell why

static void
s_cut (guest_t *guest, event_kind_t why, const char *text)
{
    guests_t *self = guest->owner;
    event_t event = {
        .kind = why, .address = guest->address, .text = span_of (text)};
    s_remove (guest);
    clock_stamp (&event);
    self->options.emit (self->options.context, &event);
}


//  A ping is answered if the last answer has left, so little waits for who
//  reads nothing

static void
s_answer (guest_t *guest, const frame_t *frame, event_t *event)
{
    const guests_options_t *options = &guest->owner->options;
    if (frame->kind == FRAMED_MESSAGE) {
        guest->spoke = true;
        event->text = frame->body;
        options->emit (options->context, event);
    }
    else if (framed_is_clear (&guest->framed))
        framed_say (&guest->framed, FRAMED_PONG, (span_t){"", 0});
}


static void
s_take (guest_t *guest)
{
    event_t event = {.kind = EVENT_PEER_MESSAGE};
    framed_found_t found = FRAMED_FRAME;
    clock_stamp (&event);
    guest->heard_ms = event.clock_ms;
    for (int count = 0; found != FRAMED_NOTHING && count < TAKE_MAX; count++) {
        frame_t frame;
        found = framed_take (&guest->framed, &frame);
        if (found == FRAMED_NONSENSE) {
            s_cut (guest, EVENT_CALLER_UNMET, "it says what no peer says");
            return;
        }
        if (found == FRAMED_GREETING)
            framed_greet (&guest->framed);
        else if (found == FRAMED_FRAME)
            s_answer (guest, &frame, &event);
    }
    guest->more = found != FRAMED_NOTHING;
}


static void
s_ready (void *context, uint32_t events)
{
    guest_t *guest = context;
    framed_flush (&guest->framed);
    if (guest->more || !(events & (EPOLLIN | EPOLLHUP | EPOLLERR)))
        return;
    if (framed_read (&guest->framed))
        s_take (guest);
    else
        s_remove (guest);
}


//  The one that came last may have had no time to speak yet

static void
s_make_room (guests_t *self)
{
    guest_t *silent = self->list;
    if (self->count <= self->count_max)
        return;
    for (guest_t *guest = silent; guest; guest = guest->next)
        if (!guest->spoke)
            silent = guest;
    s_cut (silent, EVENT_CALLER_CROWDED, "");
}


void
guests_add (guests_t *self, int fd, const address_t *address)
{
    guest_t *guest = zmalloc (sizeof (guest_t));
    *guest = (guest_t){.owner = self,
        .next = self->list,
        .address = *address,
        .heard_ms = clock_ms ()};
    framed_init (&guest->framed, self->poller, self->options.message_size_max,
        s_ready, guest);
    if (!framed_open (&guest->framed, fd, false)) {
        free (guest);
        return;
    }
    self->list = guest;
    self->count++;
    if (self->options.admits (self->options.context, address))
        s_make_room (self);
    else
        s_cut (guest, EVENT_CALLER_STRANGE, "");
}


void
guests_expel (guests_t *self)
{
    guest_t *next;
    for (guest_t *guest = self->list; guest; guest = next) {
        next = guest->next;
        if (!self->options.admits (self->options.context, &guest->address))
            s_cut (guest, EVENT_CALLER_STRANGE, "");
    }
}


bool
guests_turn (guests_t *self)
{
    bool more = false;
    guest_t *next;
    for (guest_t *guest = self->list; guest; guest = next) {
        next = guest->next;
        more |= guest->more;
        if (guest->more)
            s_take (guest);
    }
    return more;
}


void
guests_tick (guests_t *self, int64_t late_ms)
{
    int64_t now_ms = clock_ms ();
    guest_t *next;
    for (guest_t *guest = self->list; guest; guest = next) {
        next = guest->next;
        guest->heard_ms += late_ms;
        int64_t silent_ms = now_ms - guest->heard_ms;
        if (!guest->framed.greeted && silent_ms >= CALL_GREETING_MS)
            s_cut (guest, EVENT_CALLER_UNMET, "it does not greet");
        else if (silent_ms >= CALL_SILENCE_MS + CALL_PING_MS)
            s_remove (guest);
    }
}
