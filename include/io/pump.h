/*  =========================================================================
    pump - where core and rooms meet

    Every event of an io room goes through the journal into the core, every
    effect through the journal to its room.  At the end of a turn peers
    and other regions take what they can, then clients their replies, then the
    table on disk, then listeners over HTTP, then the log its lines.  So an
    update is handed to the links before its client has the reply, unless their
    peers rest, and the reply waits for nobody else.

    A message between servers costs more than all else that an update needs, as
    it wakes threads at both ends.  So a peer rests for three milliseconds after
    a small message with a body: what comes meanwhile goes in one message, and
    need not go at all if the peer says it itself.  After a pause nothing waits.
    =========================================================================
*/

#ifndef IO_PUMP_H
#define IO_PUMP_H

#include "connections/connections.h"
#include "core/server.h"
#include "io/abroad.h"
#include "log/journal.h"
#include "lookup/places.h"
#include "mesh/mesh.h"
#include "store/store.h"
#include "web/web.h"

//  The rooms it joins, all borrowed, and its own state.  Filled in by the
//  daemon before the first event.
typedef struct {
    server_t *server;
    journal_t *journal;
    mesh_t *mesh;
    connections_t *clients;
    web_t *web;  //  NULL if there is no such port
    places_t *places;
    store_t *store;          //  Or NULL
    const abroad_t *abroad;  //  NULL = there are no other regions
    void *region;            //  What that opened
    effects_t *effects;      //  From effects_new, the pump's own
    bool expel;  //  A link ended: its peer's connections may be there
    int64_t rest_ms [MESH_PEERS_MAX];  //  Until when each peer is given nothing
    int64_t next_ms;  //  When another turn is wanted, whatever is ready: 0 = at
                      //  once, INT64_MAX = not at all
    char buffer [FLOOD_ROOM];
} pump_t;

//  Take an event, stamped by its room.  An event_fn, for a pump_t.
void
pump_event (void *self, const event_t *event);

//  Log what a request says or is told.  A web_tell_fn, for a pump_t.
void
pump_tell (void *self, uint64_t connection, char sign, span_t text);

//  Return the bytes that the core keeps for a client.  A share_kept_fn, for a
//  pump_t.
size_t
pump_kept (void *self, uint64_t connection);

//  End a turn.  A poller_turn_fn, for a pump_t, whose next_ms tells afterwards
//  when another is wanted.
void
pump_turn (void *self);

#endif
