/*  =========================================================================
    agenda - what is going to happen, the soonest first

    A heap in virtual time.  Things of one moment happen in the order in which
    they were put, so that a story has one order.
    =========================================================================
*/

#ifndef SIM_AGENDA_H
#define SIM_AGENDA_H

#include "core/event.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
    HAPPENING_TICK,     //  Time passes at host
    HAPPENING_UP,       //  host's connection to its peer is made
    HAPPENING_DOWN,     //  host's connection to its peer is lost
    HAPPENING_ROOM,     //  host's connection to its peer takes messages again
    HAPPENING_SENT,     //  The line of peer's connection to host is free
    HAPPENING_MESSAGE,  //  host gets a text from its peer

    //  Between the engine and host, a gateway: see sim/engine
    HAPPENING_ENGINE_UP,       //  host's connection is made
    HAPPENING_ENGINE_DOWN,     //  It is lost
    HAPPENING_ENGINE_PUBLISH,  //  The engine gets a text, of the region peer
    HAPPENING_ENGINE_STORED,   //  host hears that one is stored
    HAPPENING_ENGINE_LINES     //  host gets a text
} happening_kind_t;

struct connection_t;

typedef struct {
    happening_kind_t kind;
    int64_t at_us;                    //  When
    uint64_t number;                  //  Set by agenda_put
    unsigned host;                    //  To whom
    unsigned peer;                    //  Index among host's peers
    uint64_t life;                    //  host's life when this was planned
    struct connection_t *connection;  //  SENT, MESSAGE: it came by
    char *text;                       //  To be freed
    size_t size;                      //  Of the text
    uint64_t previous;  //  HAPPENING_ENGINE_LINES: behind this number
    uint64_t last;      //  up to this one
    bool lost;          //  It only takes its time and room
    bool arrived;       //  It waits at its host to be read
} happening_t;

typedef struct agenda_t agenda_t;

//  Make an empty agenda.  Never returns NULL.
agenda_t *
agenda_new (void);

//  Free the agenda with all texts and set *self_p to NULL.
void
agenda_destroy (agenda_t **self_p);

//  Plan the happening.  Takes over its text.
void
agenda_put (agenda_t *self, const happening_t *happening);

//  Take what happens next if it is not after until_us.  The caller owns its
//  text.  Returns false if there is nothing.
bool
agenda_take (agenda_t *self, int64_t until_us, happening_t *happening);

//  Return when something happens next, or INT64_MAX.
int64_t
agenda_next_us (const agenda_t *self);

//  Return the kind of event that it is for the core of its host.
event_kind_t
agenda_event (happening_kind_t kind);

#endif
