/*  =========================================================================
    connection - messages on their way from one host to another
    =========================================================================
*/

#include "sim/connection.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

//  A message out of order arrives behind those of the next so many us
#define REORDER_US 20000

struct connection_t {
    happening_t pattern;
    unsigned bandwidth;
    int64_t last_us;  //  When its last message arrives
    int64_t busy_us;  //  Until when its bandwidth is taken
    unsigned in_flight;
    bool late;
};


connection_t *
connection_new (const happening_t *pattern, unsigned bandwidth)
{
    connection_t *self = calloc (1, sizeof (connection_t));
    assert (self);
    self->pattern = *pattern;
    self->pattern.connection = self;
    self->bandwidth = bandwidth;
    return self;
}


void
connection_destroy (connection_t **self_p)
{
    free (*self_p);
    *self_p = NULL;
}


bool
connection_accepts (const connection_t *self, const air_t *air)
{
    return self->in_flight < air->options.window;
}


//  Return when the connection has brought so many bytes

static int64_t
s_arrival_us (connection_t *self, const air_t *air, size_t size)
{
    const world_options_t *options = &air->options;
    if (self->busy_us < air->now_us)
        self->busy_us = air->now_us;
    if (self->bandwidth)
        self->busy_us += (int64_t) (size * 1000 / self->bandwidth);
    int64_t at_us = self->busy_us + weather_delay_us (options, air->chance);
    if (chance_percent (air->chance, options->reorder))
        return at_us + chance_between (air->chance, 0, REORDER_US);
    if (at_us < self->last_us)
        at_us = self->last_us;
    self->last_us = at_us;
    return at_us;
}


//  Takes over the text

static void
s_post (
    connection_t *self, const air_t *air, char *text, size_t size, bool silent)
{
    happening_t message = self->pattern;
    message.kind = HAPPENING_MESSAGE;
    message.at_us = s_arrival_us (self, air, size);
    message.text = text;
    message.size = size;
    message.lost = chance_percent (air->chance, air->options.loss) || silent;
    if (chance_percent (air->chance, air->options.corrupt))
        weather_corrupt (air->chance, text, size);
    self->in_flight++;
    agenda_put (air->agenda, &message);
}


static char *
s_copy (span_t text)
{
    char *copy = malloc (text.size);
    assert (copy);
    return memcpy (copy, text.data, text.size);
}


void
connection_send (connection_t *self, const air_t *air, span_t text,
    const char *to, bool silent)
{
    assert (connection_accepts (self, air));
    if (chance_percent (air->chance, air->options.garbage)) {
        size_t size;
        char *garbage = weather_garbage (air->chance, text, to, &size);
        s_post (self, air, garbage, size, silent);
    }
    s_post (self, air, s_copy (text), text.size, silent);
    if (chance_percent (air->chance, air->options.repeats))
        s_post (self, air, s_copy (text), text.size, silent);
}


bool
connection_receive (connection_t *self, const air_t *air)
{
    bool full = !connection_accepts (self, air);
    assert (self->in_flight);
    self->in_flight--;
    return full && connection_accepts (self, air);
}


void
connection_orphan (connection_t *self, bool late)
{
    self->late = late;
}


bool
connection_is_late (const connection_t *self)
{
    return self->late;
}
