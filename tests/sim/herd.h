/*  =========================================================================
    herd - boxes on a network, and the rules they are checked by

    The engine of the world: what happens at a server, what it says then, and
    the ledger's look at it after each event.
    =========================================================================
*/

#ifndef SIM_HERD_H
#define SIM_HERD_H

#include "sim/box.h"
#include "sim/gateways.h"
#include "sim/ledger.h"
#include "sim/network.h"
#include "sim/tally.h"

typedef struct herd_t herd_t;

//  Make a herd of servers that are all dead, linked as the options say.  Never
//  returns NULL.
herd_t *
herd_new (const world_options_t *options);

//  Free the herd and set *self_p to NULL.
void
herd_destroy (herd_t **self_p);

//  Return what the herd stands on.  The herd owns them.
network_t *
herd_network (const herd_t *self);
story_t *
herd_story (const herd_t *self);

//  Return the ledger, or NULL if the herd is unchecked.  The herd owns it.
ledger_t *
herd_ledger (const herd_t *self);

//  Return the gateways, or NULL if there is one region.  The herd owns them.
gateways_t *
herd_gateways (const herd_t *self);

//  Return the server's box, its clocks set.  The herd owns it.
box_t *
herd_box (const herd_t *self, unsigned server);

//  Start a dead server, as an empty process with a new incarnation.
void
herd_start (herd_t *self, unsigned server);

//  Let a server read that its link to the peer is taken out, or put in again,
//  which it is not if it does not run; it is so when it starts.
void
herd_unlink (herd_t *self, unsigned server, unsigned peer);
void
herd_link (herd_t *self, unsigned server, unsigned peer);

//  Kill a server that is alive.
void
herd_kill (herd_t *self, unsigned server);

//  Say a line to a running server, and let it send what comes of it.  Returns
//  the reply, which the caller frees.
char *
herd_say (herd_t *self, unsigned server, const char *line)
    __attribute__ ((warn_unused_result));

//  Let things happen, until then or until a rule is broken.
void
herd_run (herd_t *self, int64_t until_us);

//  Behind a running server's back, take the client out of its table, or make
//  what it holds of the client this AT line.
void
herd_rob (herd_t *self, unsigned server, const char *client);
void
herd_alter (herd_t *self, unsigned server, const char *line);

//  Let a running server tell its peers that it is about to end.
void
herd_leave (herd_t *self, unsigned server);

//  Return true if all servers alive have equal roots and counts, and by the
//  ledger what was promised.
bool
herd_agrees (const herd_t *self);

//  Return true if all links of servers that run are up, and have nothing on
//  their way.
bool
herd_rests (const herd_t *self);

//  Return how many records one server sent to its peer so far, in all its
//  lives.
uint64_t
herd_records (const herd_t *self, unsigned from, unsigned to);

//  Return the counts of all servers in all their lives.
tally_t
herd_tally (const herd_t *self);

//  Return the first rule that was broken, or NULL.
const char *
herd_broken (const herd_t *self);

//  Print how make sim tells this story again, its last lines and what was
//  broken to stderr; nothing if options.quiet.
void
herd_tell (const herd_t *self);

#endif
