/*  =========================================================================
    pump - where core and rooms meet

    Every event of an io room goes through the journal into the core, every
    effect through the journal to its room.  At the end of a turn peers
    take what they can, then the table on disk, then clients their replies, then
    the log its lines: so an update was handed to the links before its client
    has the reply.
    =========================================================================
*/

#ifndef IO_PUMP_H
#define IO_PUMP_H

#include "connections/connections.h"
#include "core/server.h"
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
    store_t *store;      //  Or NULL
    effects_t *effects;  //  From effects_new, the pump's own
    bool expel;          //  A link ended: its peer's connections may be there
    bool more;           //  The last turn left messages that could go
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

//  End a turn.  A poller_turn_fn, for a pump_t.  If pump_t's more is set
//  afterwards, another is wanted without waiting for anything.
void
pump_turn (void *self);

#endif
