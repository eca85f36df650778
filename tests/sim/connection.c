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

//  What a receiver's socket holds before its kernel has to: mesh/mesh sets it
#define RECEIVE_HWM 1000

//  A message before it is on the line
typedef struct {
    char *text;
    size_t size;
    bool lost;
} letter_t;

struct connection_t {
    happening_t pattern;
    line_t line;
    letter_t *letters;  //  First those in the kernel, then the socket's queue
    size_t first;       //
    size_t count;       //
    size_t room;        //  A power of two
    size_t taken;       //  Of the letters, by the kernel
    uint64_t queued;    //  Since the start
    uint64_t credited;  //  The sender was told that so many left the queue
    uint64_t window;    //  Messages the queue holds
    size_t sending;     //  Bytes in the sender's kernel and on the line
    size_t unread;      //  Bytes that arrived
    size_t unread_count;
    int64_t last_us;  //  When the last message arrives
    bool busy;        //  A HAPPENING_SENT is planned
    bool late;
};


connection_t *
connection_new (const happening_t *pattern, const line_t *line)
{
    connection_t *self = calloc (1, sizeof (connection_t));
    assert (self);
    self->pattern = *pattern;
    self->pattern.connection = self;
    self->line = *line;
    return self;
}


static letter_t *
s_letter (const connection_t *self, size_t index)
{
    return &self->letters [(self->first + index) & (self->room - 1)];
}


//  Forget the letters behind the first so many

static void
s_drop (connection_t *self, size_t count)
{
    while (self->count > count)
        free (s_letter (self, --self->count)->text);
    if (self->taken > count)
        self->taken = count;
}


void
connection_destroy (connection_t **self_p)
{
    connection_t *self = *self_p;
    if (self) {
        s_drop (self, 0);
        free (self->letters);
        free (self);
        *self_p = NULL;
    }
}


//  libzmq tells a sender of room by the half of the queue, not by the message

bool
connection_accepts (const connection_t *self)
{
    return self->queued - self->credited < self->line.window;
}


//  The first letter is on the line

static void
s_fly (connection_t *self, const air_t *air)
{
    const world_options_t *options = &air->options;
    const letter_t *letter = s_letter (self, 0);
    happening_t message = self->pattern;
    message.kind = HAPPENING_MESSAGE;
    message.text = letter->text;
    message.size = letter->size;
    message.lost = letter->lost;
    self->first++;
    self->count--;
    self->taken--;
    message.at_us = air->now_us + self->line.delay_us +
                    weather_delay_us (options, air->chance);
    if (chance_percent (air->chance, options->reorder))
        message.at_us += chance_between (air->chance, 0, REORDER_US);
    else if (message.at_us < self->last_us)
        message.at_us = self->last_us;
    else
        self->last_us = message.at_us;
    agenda_put (air->agenda, &message);
}


//  Let the line take what the kernel has.  It stands still while it is busy, or
//  the receiver has no room

static void
s_transmit (connection_t *self, const air_t *air)
{
    while (self->taken && !self->busy &&
           (self->unread_count < RECEIVE_HWM ||
               self->unread < self->line.buffer)) {
        if (self->line.rate == 0) {
            s_fly (self, air);
            continue;
        }
        happening_t sent = self->pattern;
        sent.kind = HAPPENING_SENT;
        sent.at_us = air->now_us + (int64_t) (s_letter (self, 0)->size * 8000 /
                                              self->line.rate);
        self->busy = true;
        agenda_put (air->agenda, &sent);
    }
}


//  Let the kernel take what the queue has: a message is begun if there is room,
//  and then has to be ended

static void
s_take (connection_t *self, const air_t *air)
{
    while (self->taken < self->count &&
           (self->sending == 0 || self->sending < self->line.buffer)) {
        self->sending += s_letter (self, self->taken++)->size;
        uint64_t left = self->queued - (self->count - self->taken);
        uint64_t half = (self->line.window + 1) / 2;
        self->credited = left - left % half;
    }
    s_transmit (self, air);
}


static void
s_make_room (connection_t *self)
{
    size_t room = self->room ? self->room * 2 : 16;
    letter_t *letters = malloc (room * sizeof (letter_t));
    assert (letters);
    for (size_t index = 0; index < self->count; index++)
        letters [index] = *s_letter (self, index);
    free (self->letters);
    self->letters = letters;
    self->room = room;
    self->first = 0;
}


//  Takes over the text.  Returns true if it will be lost

static bool
s_post (
    connection_t *self, const air_t *air, char *text, size_t size, bool silent)
{
    if (self->count == self->room)
        s_make_room (self);
    letter_t letter = {.text = text, .size = size};
    letter.lost = chance_percent (air->chance, air->options.loss) || silent;
    if (chance_percent (air->chance, air->options.corrupt))
        weather_corrupt (air->chance, text, size);
    *s_letter (self, self->count++) = letter;
    self->queued++;
    s_take (self, air);
    return letter.lost;
}


static char *
s_copy (span_t text)
{
    char *copy = malloc (text.size);
    assert (copy);
    return memcpy (copy, text.data, text.size);
}


bool
connection_send (connection_t *self, const air_t *air, span_t text,
    const char *to, bool silent)
{
    assert (connection_accepts (self));
    if (chance_percent (air->chance, air->options.garbage)) {
        size_t size;
        char *garbage = weather_garbage (air->chance, text, to, &size);
        (void) s_post (self, air, garbage, size, silent);
    }
    bool lost = s_post (self, air, s_copy (text), text.size, silent);
    if (chance_percent (air->chance, air->options.repeats))
        lost = s_post (self, air, s_copy (text), text.size, silent) && lost;
    return lost;
}


void
connection_go_on (connection_t *self, const air_t *air)
{
    self->busy = false;
    if (self->taken)
        s_fly (self, air);
    s_transmit (self, air);
}


bool
connection_arrive (connection_t *self, const air_t *air, size_t size)
{
    bool full = !connection_accepts (self);
    assert (self->sending >= size);
    self->sending -= size;
    self->unread += size;
    self->unread_count++;
    s_take (self, air);
    return full && connection_accepts (self);
}


void
connection_read (connection_t *self, const air_t *air, size_t size)
{
    assert (self->unread >= size && self->unread_count);
    self->unread -= size;
    self->unread_count--;
    s_transmit (self, air);
}


void
connection_break (connection_t *self, bool late)
{
    s_drop (self, late ? self->taken : 0);
    self->late = late;
}


bool
connection_is_late (const connection_t *self)
{
    return self->late;
}
