/*  =========================================================================
    callers - the connections made to our ROUTER

    libzmq accepts whoever comes as long as there are descriptors, and gathers
    the parts of a message without a limit before it shows us the first.  So we
    end connections that libzmq would keep: of strangers at once; of those who
    said nothing yet the oldest, when there are too many; and those from which
    much comes and no message.
    =========================================================================
*/

#ifndef MESH_CALLERS_H
#define MESH_CALLERS_H

#include "core/event.h"
#include "mesh/zap.h"

typedef struct callers_t callers_t;

typedef struct {
    const zap_t *zap;   //  Knows strangers; borrowed
    uint16_t port;      //  At which they call
    size_t count_max;   //  Connections at once, at least 1
    size_t intake_max;  //  Bytes that may come without a message
    event_fn *emit;     //  Told of those we end: EVENT_CALLER_*, and of what
    void *context;      //  is noted: EVENT_NOTED
} callers_options_t;

//  Make an empty list.  Never returns NULL.
callers_t *
callers_new (const callers_options_t *options);

//  Free the list and set *self_p to NULL.  Connections stay.
void
callers_destroy (callers_t **self_p);

//  Let there be so many connections at once from now on.  Those there are stay.
void
callers_limit (callers_t *self, size_t count_max);

//  A connection was accepted.  Ends it if it is a stranger's, or another one if
//  there are too many: the oldest that never spoke, but the new one, else the
//  one that has been silent for longest.
void
callers_opened (callers_t *self, int fd);

//  A connection is gone.  Why is NULL, or in words why its handshake failed,
//  which is told; one that was gone before we looked has no address any more.
void
callers_closed (callers_t *self, int fd, const char *why);

//  A message came over the connection.
void
callers_spoke (callers_t *self, int fd);

//  End the connection, and tell why, with the text.
void
callers_end (callers_t *self, int fd, event_kind_t why, span_t text);

//  End the connections of those who became strangers.
void
callers_expel (callers_t *self);

//  Note what has come over each connection so far: to be called every
//  CORE_TICK_MS.  Ten seconds after we end a connection from a peer's address,
//  or when the crowd is over if that is later, gives free memory back to the
//  system, once; connections that we end meanwhile do not put that off.
void
callers_measure (callers_t *self);

//  Return true while there is a crowd: if we end more than 25 connections from
//  one measure to the next, there is one for the next minute, and each time
//  that happens the minute begins anew.  Those that libzmq ends do not count.
bool
callers_are_crowd (const callers_t *self);

//  The system holds silent connections back, or not: note it if that changed.
void
callers_note_held (callers_t *self, bool held);

//  End the connections that have not spoken since they were last judged, though
//  by the last measure more than intake_max has come over them.  All messages
//  that had come by then must have been told.
void
callers_judge (callers_t *self);

//  Return the number of connections.
size_t
callers_count (const callers_t *self);

#endif
