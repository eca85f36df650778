/*  =========================================================================
    callers - the connections made to our ROUTER
    =========================================================================
*/

#include "mesh/callers.h"

#include "loop/clock.h"
#include "mesh/intake.h"

#include <assert.h>
#include <malloc.h>
#include <sys/socket.h>

#define NOTHING ((span_t){"", 0})

//  If we end more than these in a tick, there is a crowd for so long
#define CROWD 25
#define CROWD_MS 60000

//  So long after we end a connection from a peer's address, or when the crowd
//  is over if that is later, memory goes back.  Further ones do not delay that
#define TIDY_MS 10000

typedef struct {
    int fd;             //  libzmq's
    address_t address;  //  Who is there
    uint16_t port;      //
    bool spoke;         //  Since it was last judged
    uint64_t told;      //  Bytes come when it had last spoken, or more
    uint64_t come;      //  By the last measure
} caller_t;

//  Those who ever spoke come first, the last to speak before all; then the
//  others, the oldest first
struct callers_t {
    callers_options_t options;
    caller_t *list;
    size_t room;       //  In the list
    size_t count;      //
    size_t speakers;   //  That ever spoke
    size_t ended;      //  By us, since the last measure
    int64_t crowd_ms;  //  Until when there is a crowd
    int64_t tidy_ms;   //  When to give memory back; 0 = there is none
    bool held;         //  Silent ones are, as was last noted
};


callers_t *
callers_new (const callers_options_t *options)
{
    assert (options->count_max > 0);
    callers_t *self = zmalloc (sizeof (callers_t));
    self->options = *options;
    callers_limit (self, options->count_max);
    return self;
}


//  One more than may be is in the list until it is known who goes

void
callers_limit (callers_t *self, size_t count_max)
{
    self->options.count_max = count_max;
    if (self->room > count_max)
        return;
    self->room = count_max + 1;
    self->list = realloc (self->list, self->room * sizeof (caller_t));
    assert (self->list);
}


void
callers_destroy (callers_t **self_p)
{
    callers_t *self = *self_p;
    if (self) {
        free (self->list);
        free (self);
        *self_p = NULL;
    }
}


//  Return the place of the connection in the list, which is count if it has
//  none

static size_t
s_find_caller (const callers_t *self, int fd)
{
    size_t index = 0;
    while (index < self->count && self->list [index].fd != fd)
        index++;
    return index;
}


static void
s_move (callers_t *self, size_t from, size_t to)
{
    caller_t caller = self->list [from];
    if (from > to)
        memmove (&self->list [to + 1], &self->list [to],
            (from - to) * sizeof (caller_t));
    else
        memmove (&self->list [from], &self->list [from + 1],
            (to - from) * sizeof (caller_t));
    self->list [to] = caller;
}


static void
s_remove (callers_t *self, size_t index)
{
    s_move (self, index, --self->count);
    if (index < self->speakers)
        self->speakers--;
}


static void
s_tell (callers_t *self, const caller_t *caller, event_kind_t why, span_t text)
{
    event_t event = {.kind = why, .address = caller->address, .text = text};
    clock_stamp (&event);
    self->options.emit (self->options.context, &event);
}


//  Have libzmq find the connection closed: its descriptor stays libzmq's.  Who
//  is at the other end is asked again, as libzmq may have closed it, and the
//  system given its number to somebody else

static void
s_cut (callers_t *self, const caller_t *caller, event_kind_t why, span_t text)
{
    static const struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    if (!intake_is_from (caller->fd, &caller->address, caller->port))
        return;
    //  Nothing that is on its way is of use, neither to them nor to us
    (void) setsockopt (
        caller->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof (at_once));
    shutdown (caller->fd, SHUT_RDWR);
    self->ended++;
    if (why != EVENT_CALLER_STRANGE && !self->tidy_ms)
        self->tidy_ms = clock_ms () + TIDY_MS;
    s_tell (self, caller, why, text);
}


static void
s_end_caller (callers_t *self, size_t index, event_kind_t why, span_t text)
{
    caller_t caller = self->list [index];
    s_remove (self, index);
    s_cut (self, &caller, why, text);
}


void
callers_opened (callers_t *self, int fd)
{
    caller_t caller = {.fd = fd};
    callers_closed (self, fd, NULL);
    //  It may be gone already, and its number a client's by now
    if (!intake_is_at (fd, self->options.port) ||
        !intake_from (fd, &caller.address, &caller.port))
        return;
    if (!zap_admits (self->options.zap, &caller.address)) {
        s_cut (self, &caller, EVENT_CALLER_STRANGE, NOTHING);
        return;
    }
    self->list [self->count++] = caller;
    if (self->count <= self->options.count_max)
        return;
    bool only = self->speakers + 1 == self->count;
    s_end_caller (self, only ? self->speakers - 1 : self->speakers,
        EVENT_CALLER_CROWDED, NOTHING);
}


void
callers_closed (callers_t *self, int fd, const char *why)
{
    size_t index = s_find_caller (self, fd);
    caller_t caller = {.fd = -1};
    if (index < self->count) {
        caller = self->list [index];
        s_remove (self, index);
    }
    if (why)
        s_tell (self, &caller, EVENT_CALLER_UNMET, span_of (why));
}


void
callers_spoke (callers_t *self, int fd)
{
    size_t index = s_find_caller (self, fd);
    if (index == self->count)
        return;
    if (index >= self->speakers)
        self->speakers++;
    if (index)
        s_move (self, index, 0);
    self->list [0].spoke = true;
}


void
callers_end (callers_t *self, int fd, event_kind_t why, span_t text)
{
    size_t index = s_find_caller (self, fd);
    if (index < self->count)
        s_end_caller (self, index, why, text);
}


void
callers_expel (callers_t *self)
{
    for (size_t index = 0; index < self->count;)
        if (zap_admits (self->options.zap, &self->list [index].address))
            index++;
        else
            s_end_caller (self, index, EVENT_CALLER_STRANGE, NOTHING);
}


bool
callers_are_crowd (const callers_t *self)
{
    return clock_ms () < self->crowd_ms;
}


void
callers_note_held (callers_t *self, bool held)
{
    if (held == self->held)
        return;
    self->held = held;
    event_t event = {.kind = EVENT_NOTED,
        .notice = held ? NOTICE_CROWD : NOTICE_CROWD_GONE,
        .text = span_of (
            held
                ? "many connections to the mesh had to be closed: Linux holds "
                  "back those that say nothing"
                : "connections to the mesh that say nothing are let in again")};
    clock_stamp (&event);
    self->options.emit (self->options.context, &event);
}


//  libzmq has freed what it had for the connections that we ended, but the heap
//  keeps it.  In a crowd the next ones need it

static void
s_tidy (callers_t *self)
{
    if (self->tidy_ms && clock_ms () >= self->tidy_ms &&
        !callers_are_crowd (self)) {
        self->tidy_ms = 0;
        malloc_trim (0);
    }
}


void
callers_measure (callers_t *self)
{
    if (self->ended > CROWD)
        self->crowd_ms = clock_ms () + CROWD_MS;
    self->ended = 0;
    s_tidy (self);
    for (size_t index = 0; index < self->count; index++) {
        caller_t *caller = &self->list [index];
        caller->come =
            intake_of (caller->fd, caller->told + self->options.intake_max);
    }
}


void
callers_judge (callers_t *self)
{
    for (size_t index = 0; index < self->count;) {
        caller_t *caller = &self->list [index];
        if (caller->spoke)
            caller->told = intake_of (caller->fd, 0);
        else if (caller->come > caller->told + self->options.intake_max) {
            s_end_caller (self, index, EVENT_CALLER_ENDLESS, NOTHING);
            continue;
        }
        caller->spoke = false;
        index++;
    }
}


size_t
callers_count (const callers_t *self)
{
    return self->count;
}
