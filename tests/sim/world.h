/*  =========================================================================
    world - many servers of the real core in virtual time

    The servers' minds, the network between them, and whatever may happen to
    both.  One seed decides all that is left to chance: a story can be retold.

    The rules are checked at every step: see ledger.  When one is broken, the
    world stands still and says so on stderr, with its options and the last
    lines of its story.  The checks ask WHATSAT, which shows in counters.
    =========================================================================
*/

#ifndef SIM_WORLD_H
#define SIM_WORLD_H

#include "sim/box.h"
#include "sim/network.h"
#include "sim/tally.h"

typedef struct world_t world_t;

//  Make a world.  Servers start, and links are fixed, when time first passes
//  or something is done to a server.  Never returns NULL.
world_t *
world_new (const world_options_t *options);

//  Free the world and set *self_p to NULL.
void
world_destroy (world_t **self_p);

//  Make two servers neighbours, before anything else.
void
world_join (world_t *self, unsigned one, unsigned other);

//  Break the link of two neighbours, or one server's connection to the other;
//  or lose all that one sends to the other, without a sign; or mend the link,
//  both ways.
void
world_cut (world_t *self, unsigned one, unsigned other);
void
world_cut_way (world_t *self, unsigned from, unsigned to);
void
world_silence (world_t *self, unsigned from, unsigned to);
void
world_mend (world_t *self, unsigned one, unsigned other);

//  Kill a server that lives, so that it loses all memory, or start a dead one,
//  as an empty process with a new incarnation.  Nothing happens to others.
void
world_kill (world_t *self, unsigned server);
void
world_start (world_t *self, unsigned server);

//  Kill a server for good: nothing starts it again.
void
world_retire (world_t *self, unsigned server);

//  Let a running server tell its neighbours that it is about to end, as on
//  SIGTERM; it goes on until it is killed.
void
world_stop (world_t *self, unsigned server);

//  Stop a running server, as by SIGSTOP, or let a paused one go on.  Nothing
//  happens to others.
void
world_pause (world_t *self, unsigned server);
void
world_resume (world_t *self, unsigned server);

//  Add to what the server's wall clock is wrong by.
void
world_skew (world_t *self, unsigned server, int64_t ms);

//  Behind a running server's back, take the client out of its table, or make
//  what it holds of the client this AT line.
void
world_rob (world_t *self, unsigned server, const char *client);
void
world_alter (world_t *self, unsigned server, const char *line);

//  Say a line to the server on a new connection and return all it replies, or
//  NULL if it does not run.  Places answers at once that there are none.  The
//  world owns the reply; it is good until the next call.
const char *
world_say (world_t *self, unsigned server, const char *line);

//  Return the AT line a running server holds of the client, or "".  The world
//  owns the line; it is good until the next call.
const char *
world_find (world_t *self, unsigned server, const char *client);

//  Let time pass; or, at once, end all faults: links are mended, paused servers
//  go on, dead ones start, messages arrive.  Clocks stay as they are.
void
world_run (world_t *self, int64_t ms);
void
world_calm (world_t *self);

//  Return true if all servers that run have equal roots and counts, and by the
//  ledger the newest of what was in the world at the last world_calm.
bool
world_agrees (world_t *self);

//  Let time pass until all agree.  Returns how many ms it took, or -1, with a
//  word on stderr, if they do not within limit_ms or a rule is broken.
int64_t
world_settle (world_t *self, int64_t limit_ms);

//  Return true if the servers' journals say just this since the last call, in
//  lines of "server * note".  Else print what they say to stderr.
bool
world_story (world_t *self, const char *lines);

//  Return a hash of everything that happened, and the first rule that was
//  broken, or NULL.
uint64_t
world_hash (const world_t *self);
const char *
world_broken (const world_t *self);

//  Return a server's wall clock; its mind, for counters, or NULL if it is dead;
//  and the network, for its time, its hosts and who is whose neighbour.
instant_t
world_clock (const world_t *self, unsigned server);
const server_t *
world_server (const world_t *self, unsigned server);
const network_t *
world_network (const world_t *self);

//  Return how many records one server sent to its neighbour so far, in all its
//  lives; what all servers did; and how often all sent an AT line (0 if
//  unchecked).
uint64_t
world_records (const world_t *self, unsigned from, unsigned to);
tally_t
world_tally (const world_t *self);
uint64_t
world_copies (const world_t *self, const char *line);

#endif
