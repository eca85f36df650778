/*  =========================================================================
    connection - messages on their way from one host to another

    What libzmq, two kernels and a line hold of them, one after the other: the
    socket's queue of so many messages, the sender's kernel, the line, the
    receiver's kernel and socket.  A message waits behind those before it, and
    what has left the queue is not taken back.  While a host stands still its
    buffers fill, then those of the senders.
    =========================================================================
*/

#ifndef SIM_CONNECTION_H
#define SIM_CONNECTION_H

#include "base/span.h"
#include "sim/agenda.h"
#include "sim/weather.h"

typedef struct connection_t connection_t;

//  What a message passes through.
typedef struct {
    world_options_t options;
    chance_t *chance;
    agenda_t *agenda;
    int64_t now_us;
} air_t;

//  Make a connection over the line; its messages are planned like the pattern,
//  which names host, peer and life.  Never returns NULL.
connection_t *
connection_new (const happening_t *pattern, const line_t *line);

//  Free the connection and set *self_p to NULL.  Nothing of it may be planned
//  any more.
void
connection_destroy (connection_t **self_p);

//  Return true if the socket's queue has room for a message.
bool
connection_accepts (const connection_t *self);

//  Queue a copy of the text, and what the options' faults make of it.  to is
//  the name of whom it is for.  What is silent comes to nothing.  There must
//  be room.  Returns true if it will be lost though the connection stands.
bool
connection_send (connection_t *self, const air_t *air, span_t text,
    const char *to, bool silent);

//  Its HAPPENING_SENT: the line has taken a message.
void
connection_go_on (connection_t *self, const air_t *air);

//  A HAPPENING_MESSAGE of so many bytes has come to the receiver's kernel.
//  Returns true if the queue had no room until now.
bool
connection_arrive (connection_t *self, const air_t *air, size_t size);

//  The receiver has read a message that arrived.
void
connection_read (connection_t *self, const air_t *air, size_t size);

//  The connection broke: what waits is lost.  Late is whether the sender's
//  kernel still delivers what it has, as it does for a process that died.
void
connection_break (connection_t *self, bool late);

//  Return what was last told to connection_break, false if nothing.
bool
connection_is_late (const connection_t *self);

#endif
