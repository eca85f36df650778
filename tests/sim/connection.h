/*  =========================================================================
    connection - messages on their way from one host to another

    Holds what a connection of libzmq over TCP holds: an order, a bandwidth and
    a window of messages that are on their way.
    =========================================================================
*/

#ifndef SIM_CONNECTION_H
#define SIM_CONNECTION_H

#include "core/span.h"
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

//  Make a connection of so many bytes per ms, 0 = no limit; its messages are
//  planned like the pattern, which names host, peer and life.  Never returns
//  NULL.
connection_t *
connection_new (const happening_t *pattern, unsigned bandwidth);

//  Free the connection and set *self_p to NULL.  Nothing of it may be planned
//  any more.
void
connection_destroy (connection_t **self_p);

//  Return true if there is room for a message.
bool
connection_accepts (const connection_t *self, const air_t *air);

//  Plan a copy of the text, and what the options' faults make of it.  to is
//  the name of whom it is for.  What is silent comes to nothing.  There must
//  be room.
void
connection_send (connection_t *self, const air_t *air, span_t text,
    const char *to, bool silent);

//  One of its messages has arrived or is lost.  Return true if there was no
//  room until now.
bool
connection_receive (connection_t *self, const air_t *air);

//  It broke because its sender died; late is whether what is on its way still
//  arrives.
void
connection_orphan (connection_t *self, bool late);

//  Return what was last told to connection_orphan, false if nothing.
bool
connection_is_late (const connection_t *self);

#endif
