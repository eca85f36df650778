/*  =========================================================================
    connection - one TCP connection of a client
    =========================================================================
*/

#include "connections/connection.h"

#include "base/lines.h"
#include "command/telnet.h"
#include "base/buffer.h"
#include "loop/clock.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

//  What a connection that was told goodbye may still send before we close
#define LINGER_SECONDS 2

struct connection_t {
    watcher_t watcher;
    uint64_t number;
    address_t address;
    connection_host_t *host;
    connection_t *next;   //  In the host's list of those to be flushed
    const char *overdue;  //  Why it is to be cut, or NULL
    telnet_t telnet;
    lines_t lines;
    buffer_t unread;    //  Bytes read and not taken
    buffer_t output;    //  Replies not sent
    size_t size;        //  Bytes that these four hold
    int64_t active_ms;  //  When it last sent, or took, something
    int64_t begun_ns;   //  When the first command of this turn was taken,
    uint64_t commands;  //  and how many there were since
    uint32_t events;    //  What the poller waits for
    connection_state_t state;
    bool listed;  //  Is to be flushed
    bool held;    //  Emit no lines
    bool paused;  //  The same, since all hold too much
};


static void
s_list (connection_t *self)
{
    if (!self->listed) {
        self->listed = true;
        self->next = self->host->dirty;
        self->host->dirty = self;
    }
}


//  Count what it holds among all connections'

static void
s_count (connection_t *self)
{
    size_t size = self->telnet.size + self->lines.room + self->unread.room +
                  self->output.room;
    self->host->share.size += size - self->size;
    self->size = size;
}


//  Return true if lines may be emitted: there is room for their replies

static bool
s_may_take (const connection_t *self)
{
    return self->state == CONNECTION_OPEN && !self->held &&
           buffer_all (&self->output).size <= self->host->output_size_max &&
           !share_is_over (&self->host->share, self->number, self->output.room);
}


static bool
s_may_read (const connection_t *self)
{
    return self->state == CONNECTION_LINGERING ||
           (!self->host->stopped && !self->paused && s_may_take (self));
}


//  Wait for what the connection's state calls for

static void
s_rewatch (connection_t *self)
{
    uint32_t events = 0;
    s_count (self);
    bool over = share_is_over (&self->host->share, self->number, self->size);
    self->host->counts.reading_pauses += over && !self->paused;
    self->paused = over;
    if (s_may_read (self))
        events |= EPOLLIN;
    //  A socket that takes bytes wakes us for those that were put aside too
    if (self->output.data || (self->unread.data && s_may_take (self)))
        events |= EPOLLOUT;
    if (events != self->events) {
        self->events = events;
        poller_change (self->host->poller, &self->watcher, events);
    }
}


static void
s_emit (connection_t *self, event_kind_t kind, span_t text, event_t *event)
{
    event->kind = kind;
    event->connection = self->number;
    event->address = self->address;
    event->text = text;
    self->host->emit (self->host->context, event);
}


//  Close the connection.  It is freed when nobody is in the middle of it

static void
s_cut (connection_t *self, const char *why)
{
    event_t event = {.kind = EVENT_CONNECTION_CLOSED};
    if (self->state == CONNECTION_DEAD)
        return;
    poller_drop (self->host->poller, &self->watcher);
    close (self->watcher.fd);
    self->state = CONNECTION_DEAD;
    if (self->output.data)
        self->host->outputs--;
    s_list (self);
    clock_stamp (&event);
    s_emit (self, EVENT_CONNECTION_CLOSED, span_of (why), &event);
}


//  Emit lines off the front of the bytes as long as that may be.  Returns what
//  is left

static span_t
s_take_lines (connection_t *self, span_t bytes, event_t *event)
{
    while (s_may_take (self)) {
        span_t line;
        lines_result_t result =
            lines_next (&self->lines, &bytes, self->host->line_size_max, &line);
        if (result == LINES_LONG) {
            self->state = CONNECTION_DEAF;
            s_emit (self, EVENT_CONNECTION_LONG, line, event);
        }
        else if (result == LINES_LINE) {
            self->commands++;
            s_emit (self, EVENT_CONNECTION_LINE, line, event);
        }
        if (result != LINES_LINE)
            return (span_t){NULL, 0};
    }
    return bytes;
}


//  The client sends no more.  "printf 'IAMAT ...' | nc" ends without LF, and is
//  a line all the same

static void
s_end_input (connection_t *self, event_t *event)
{
    span_t rest = lines_rest (&self->lines);
    self->state = CONNECTION_SILENT;
    if (rest.size) {
        self->commands++;
        s_emit (self, EVENT_CONNECTION_LINE, rest, event);
    }
    if (self->state != CONNECTION_DEAD)
        s_emit (self, EVENT_CONNECTION_ENDED, (span_t){NULL, 0}, event);
}


//  The time of commands begins, unless it has in this turn

static void
s_begin (connection_t *self, int64_t now_ns)
{
    if (self->commands == 0)
        self->begun_ns = now_ns;
}


static void
s_read_socket (connection_t *self)
{
    ssize_t size = read (self->watcher.fd, self->host->bytes,
        share_is_tight (&self->host->share) ? SHARE_LEAST
                                            : CONNECTION_READ_SIZE);
    if (size < 0) {
        if (errno != EAGAIN && errno != EINTR)
            s_cut (self, strerror (errno));
        return;
    }
    if (self->state == CONNECTION_LINGERING) {
        if (size == 0)
            s_cut (self, "told goodbye");
        return;
    }
    event_t event = {.kind = EVENT_CONNECTION_LINE};
    s_begin (self, clock_stamp (&event));
    self->active_ms = event.clock_ms;
    span_t input = {self->host->bytes, (size_t) size};
    if (!telnet_pass (&self->telnet, &input))
        return;
    if (input.size == 0)
        s_end_input (self, &event);
    //  What may not be taken yet is put aside
    buffer_add (&self->unread, s_take_lines (self, input, &event));
    telnet_clear (&self->telnet);
}


static void
s_ready (void *context, uint32_t events)
{
    connection_t *self = context;
    if (self->unread.data && s_may_take (self)) {
        event_t event = {.kind = EVENT_CONNECTION_LINE};
        s_begin (self, clock_stamp (&event));
        span_t all = buffer_all (&self->unread);
        span_t rest = s_take_lines (self, all, &event);
        buffer_drop (&self->unread, all.size - rest.size);
    }
    else if (events & EPOLLIN && s_may_read (self))
        s_read_socket (self);
    else if (events & (EPOLLERR | EPOLLHUP))
        s_cut (self, "connection lost");
    if (self->state != CONNECTION_DEAD)
        s_list (self);
}


connection_t *
connection_new (
    connection_host_t *host, int fd, uint64_t number, const address_t *address)
{
    connection_t *self = zmalloc (sizeof (connection_t));
    self->watcher = (watcher_t){.fd = fd, .ready = s_ready, .context = self};
    self->host = host;
    self->number = number;
    self->address = *address;
    self->events = EPOLLIN;
    if (poller_add (host->poller, &self->watcher, EPOLLIN) == -1) {
        free (self);
        return NULL;
    }
    return self;
}


void
connection_open (connection_t *self, span_t from)
{
    event_t event = {.kind = EVENT_CONNECTION_OPENED};
    clock_stamp (&event);
    self->active_ms = event.clock_ms;
    s_emit (self, EVENT_CONNECTION_OPENED, from, &event);
}


void
connection_destroy (connection_t **self_p)
{
    connection_t *self = *self_p;
    if (self) {
        if (self->state != CONNECTION_DEAD) {
            poller_drop (self->host->poller, &self->watcher);
            close (self->watcher.fd);
        }
        self->host->share.size -= self->size;
        telnet_clear (&self->telnet);
        lines_clear (&self->lines);
        buffer_clear (&self->unread);
        buffer_clear (&self->output);
        free (self);
        *self_p = NULL;
    }
}


const uint64_t *
connection_number (const connection_t *self)
{
    return &self->number;
}


const address_t *
connection_address (const connection_t *self)
{
    return &self->address;
}


bool
connection_is_open (const connection_t *self)
{
    return self->state != CONNECTION_DEAD;
}


void
connection_reply (connection_t *self, span_t text)
{
    if (self->state == CONNECTION_DEAD || text.size == 0)
        return;
    if (!self->output.data) {
        self->host->outputs++;
        s_list (self);
    }
    buffer_add (&self->output, text);
    s_count (self);
}


void
connection_hold (connection_t *self, bool held)
{
    self->held = held;
    s_list (self);
}


void
connection_close (connection_t *self)
{
    if (self->state == CONNECTION_SILENT)
        self->state = CONNECTION_PARTING;
    else if (self->state == CONNECTION_OPEN || self->state == CONNECTION_DEAF)
        self->state = CONNECTION_CLOSING;
    s_list (self);
}


void
connection_check (connection_t *self, int64_t now_ms, int64_t stall_seconds,
    int64_t idle_seconds)
{
    int64_t seconds = (now_ms - self->active_ms) / 1000;
    if (self->state == CONNECTION_LINGERING && seconds >= LINGER_SECONDS)
        self->overdue = "told goodbye";
    //  A reply that the socket was not offered yet is no stall
    else if (self->output.data && self->events & EPOLLOUT &&
             seconds >= stall_seconds)
        self->overdue = "it does not read its replies";
    else if (idle_seconds && self->state == CONNECTION_OPEN && !self->held &&
             !self->paused && seconds >= idle_seconds)
        self->overdue = "idle";
    if (self->overdue || self->paused)
        s_list (self);
}


//  Send as much of the output as the socket takes

static void
s_send (connection_t *self)
{
    span_t output = buffer_all (&self->output);
    ssize_t sent = send (self->watcher.fd, output.data, output.size,
        MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0) {
        if (errno != EAGAIN && errno != EINTR)
            s_cut (self, strerror (errno));
        return;
    }
    buffer_drop (&self->output, (size_t) sent);
    if (!self->output.data)
        self->host->outputs--;
    else
        //  Only one that was slow is looked at for being slow
        self->active_ms = clock_ms ();
}


//  Count how long this turn's commands took.  The clock is read once for all
//  connections of a turn, before the first sends

static void
s_end (connection_t *self)
{
    connection_host_t *host = self->host;
    if (self->commands == 0)
        return;
    if (host->flush_ns == 0)
        host->flush_ns = clock_ns ();
    durations_add (&host->counts.command_time, host->flush_ns - self->begun_ns,
        self->commands);
    self->commands = 0;
}


//  All is delivered: close, but let one that is still sending read our reply,
//  which a reset would take away from it

static void
s_finish (connection_t *self)
{
    if (self->state == CONNECTION_PARTING)
        s_cut (self, "all delivered");
    else if (self->state == CONNECTION_CLOSING) {
        self->state = CONNECTION_LINGERING;
        self->active_ms = clock_ms ();
        (void) shutdown (self->watcher.fd, SHUT_WR);
    }
}


connection_t *
connection_flush (connection_host_t *host)
{
    while (host->dirty) {
        connection_t *self = host->dirty;
        host->dirty = self->next;
        s_end (self);
        if (self->overdue)
            s_cut (self, self->overdue);
        if (self->state != CONNECTION_DEAD && self->output.data)
            s_send (self);
        if (!self->output.data)
            s_finish (self);
        if (self->state != CONNECTION_DEAD)
            s_rewatch (self);
        //  Not before, so that nothing of this lists it again
        self->listed = false;
        if (self->state == CONNECTION_DEAD)
            return self;
    }
    host->flush_ns = 0;
    return NULL;
}
