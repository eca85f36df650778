/*  =========================================================================
    teller - tells a server of the herd what waits
    =========================================================================
*/

#include "mqtt/teller.h"

#include "base/buffer.h"
#include "loop/clock.h"

//  Bytes that wait for the connection, at most
#define OUTPUT_SIZE_MAX 65536

//  The longest reply: a line that was refused, and "? "
#define REPLY_SIZE_MAX (LOCATION_LINE_SIZE_MAX + 64)

struct teller_t {
    teller_options_t options;
    servers_t *servers;
    int64_t heard_ms;  //  When a reply that was due came, or began to be due
    buffer_t output;
    bool blocked;  //  The connection takes no more now
    teller_counts_t counts;
};


//  A reply came

static void
s_line (void *context, span_t line)
{
    teller_t *self = context;
    devices_reply_t reply = devices_reply (self->options.devices, line);
    self->heard_ms = clock_ms ();
    if (reply == DEVICES_NONSENSE) {
        //  What it said may name a device and a place
        servers_fail (
            self->servers, "is given up: its response is no reply", "");
    }
    self->counts.taken += reply == DEVICES_TAKEN;
    self->counts.refused += reply == DEVICES_REFUSED;
}


static void
s_up (void *context)
{
    teller_t *self = context;
    self->options.reached (self->options.context);
}


//  What has no reply waits again

static void
s_down (void *context)
{
    teller_t *self = context;
    self->blocked = false;
    buffer_clear (&self->output);
    devices_untell (self->options.devices);
}


static void
s_ready (void *context, uint32_t events)
{
    teller_t *self = context;
    if (events & EPOLLOUT) {
        self->blocked = false;
        servers_watch (self->servers, EPOLLIN);
    }
    if (events & ~(uint32_t) EPOLLOUT)
        servers_read (self->servers);
}


teller_t *
teller_new (const teller_options_t *options)
{
    teller_t *self = zmalloc (sizeof (teller_t));
    self->options = *options;
    self->servers =
        servers_new (&options->herd, &(servers_user_t){.up = s_up,
                                         .ready = s_ready,
                                         .line = s_line,
                                         .down = s_down,
                                         .context = self,
                                         .line_size_max = REPLY_SIZE_MAX});
    if (!self->servers)
        freen (self);
    return self;
}


void
teller_destroy (teller_t **self_p)
{
    teller_t *self = *self_p;
    if (self) {
        servers_destroy (&self->servers);
        s_down (self);
        free (self);
        *self_p = NULL;
    }
}


void
teller_tick (teller_t *self)
{
    servers_tick (self->servers);
    if (teller_is_up (self) && devices_told (self->options.devices) &&
        clock_ms () - self->heard_ms > TELLER_REPLY_MS)
        servers_fail (self->servers, "is given up: it does not reply", "");
}


//  Have lines wait for the connection

static void
s_fill (teller_t *self)
{
    devices_t *devices = self->options.devices;
    while (devices_told (devices) < TELLER_AHEAD_MAX &&
           devices_waiting (devices) &&
           buffer_all (&self->output).size < OUTPUT_SIZE_MAX) {
        if (devices_told (devices) == 0)
            self->heard_ms = clock_ms ();
        buffer_add (&self->output, devices_tell (devices));
        buffer_add (&self->output, span_of ("\n"));
        self->counts.told++;
    }
}


void
teller_send (teller_t *self)
{
    if (!teller_is_up (self) || self->blocked)
        return;
    s_fill (self);
    span_t rest = buffer_all (&self->output);
    if (rest.size == 0)
        return;
    ssize_t size = send (
        servers_socket (self->servers), rest.data, rest.size, MSG_NOSIGNAL);
    if (size < 0 && errno != EAGAIN && errno != EINTR) {
        servers_fail (self->servers, "is gone: ", strerror (errno));
        return;
    }
    if (size > 0)
        buffer_drop (&self->output, (size_t) size);
    self->blocked = buffer_all (&self->output).size > 0;
    if (self->blocked)
        servers_watch (self->servers, EPOLLIN | EPOLLOUT);
}


bool
teller_is_up (const teller_t *self)
{
    return servers_socket (self->servers) >= 0;
}


const teller_counts_t *
teller_counts (const teller_t *self)
{
    return &self->counts;
}
