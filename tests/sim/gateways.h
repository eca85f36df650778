/*  =========================================================================
    gateways - servers that join the herds of regions over an engine

    A gateway is a server without clients, whose region/trade is asked what
    to publish and given what the engine sends; this room is what the program
    has sockets and gateway/session for.

    As gateway/session has it, a gateway waits until it knows what its peers
    know.  Of a stream that it does not know, or that may have lost messages, it
    reads all, then publishes what the stream lacks.  When its connection comes
    back, it goes on where it was, with reading and with what was not
    acknowledged.
    =========================================================================
*/

#ifndef SIM_GATEWAYS_H
#define SIM_GATEWAYS_H

#include "sim/box.h"
#include "sim/engine.h"
#include "sim/network.h"

typedef struct gateways_t gateways_t;

typedef struct {
    uint64_t refused;  //  Lines that forged a server's name
    uint64_t joins;    //  Times that a gateway read all
} gateways_counts_t;

//  Make the gateways of the options' regions, all dead, and an engine.  Borrows
//  the boxes.  Never returns NULL.  Or free it and set *self_p to NULL.
gateways_t *
gateways_new (const world_options_t *options, box_t *const *boxes);
void
gateways_destroy (gateways_t **self_p);

//  Return the engine, which the gateways own, or what was counted.
engine_t *
gateways_engine (const gateways_t *self);
gateways_counts_t
gateways_counts (const gateways_t *self);

//  A gateway is dead.
void
gateways_kill (gateways_t *self, unsigned gateway);

//  To be called after each event of a gateway that runs, so long after the
//  start: it connects, looks, and publishes what it may.
void
gateways_turn (gateways_t *self, unsigned gateway, int64_t now_us);

//  End the options' faults, and all that befell the engine.
void
gateways_calm (gateways_t *self, int64_t now_us);

//  Let a gateway hear what is next, if that is now; who stands still hears it
//  later.  Returns false if there is nothing.  *line is the AT line it was
//  given, good until the next call, or empty.
bool
gateways_next (gateways_t *self, const network_t *network, unsigned *gateway,
    span_t *line);

//  Return true if more came with that line, in the same turn of its loop.
bool
gateways_is_amid (const gateways_t *self);

//  Return true if all gateways that run have published all they have to, and
//  nothing is on its way.
bool
gateways_rest (const gateways_t *self, const network_t *network);

#endif
