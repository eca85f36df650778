/*  =========================================================================
    world - many servers of the real core in virtual time

    A herd in one thread: the servers' minds, the network between them, and
    whatever may happen to both.  One seed decides all that is left to chance,
    so that what happened once can be told again.

    The rules are checked at every step, unless switched off: see ledger.  The
    world stands still when one is broken, and says which on stderr, with the
    options and the last lines of the story.  The checks ask servers WHATSAT,
    which shows in their counters.
    =========================================================================
*/

#ifndef SIM_WORLD_H
#define SIM_WORLD_H

#include "sim/box.h"
#include "sim/network.h"

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

//  Break the link of two neighbours, both ways, or one server's connection to
//  the other; both hear of it at once.  It stays broken until mended.
void
world_cut (world_t *self, unsigned one, unsigned other);
void
world_cut_way (world_t *self, unsigned from, unsigned to);

//  Lose all that one server sends to its neighbour, without a sign, until
//  mended.
void
world_silence (world_t *self, unsigned from, unsigned to);

//  Mend the link of two neighbours, both ways.
void
world_mend (world_t *self, unsigned one, unsigned other);

//  Kill a server: it loses all memory.  Nothing happens to a dead one.
void
world_kill (world_t *self, unsigned server);

//  Start a dead server, as an empty process with a new incarnation.  Nothing
//  happens to one that runs.
void
world_start (world_t *self, unsigned server);

//  Stop a running server, as by SIGSTOP, or let a paused one go on.  Nothing
//  happens to others.
void
world_pause (world_t *self, unsigned server);
void
world_resume (world_t *self, unsigned server);

//  Add to what the server's wall clock is wrong by.
void
world_skew (world_t *self, unsigned server, int64_t ms);

//  Say a line to the server on a new connection and return all it replies, or
//  NULL if it does not run.  Places answers at once that there are none.  The
//  world owns the reply; it is good until the next call.
const char *
world_say (world_t *self, unsigned server, const char *line);

//  Return the AT line the server holds of the client, or "".  The server must
//  run.  The world owns the line; it is good until the next call.
const char *
world_find (world_t *self, unsigned server, const char *client);

//  Let time pass.
void
world_run (world_t *self, int64_t ms);

//  End all faults: links are mended, paused servers go on, dead ones start,
//  messages arrive.  Clocks stay as they are.
void
world_calm (world_t *self);

//  Return true if all servers that run have equal roots and counts, and by the
//  ledger the newest of what was in the world at the last world_calm.
bool
world_agrees (world_t *self);

//  Let time pass until the servers agree.  Returns the time it took in ms, or
//  -1, with a word on stderr, if they do not within limit_ms or a rule breaks.
int64_t
world_settle (world_t *self, int64_t limit_ms);

//  Return true if the servers' journals since the last call say just this:
//  lines of server, " * ", note.  Else print what they say to stderr.
bool
world_story (world_t *self, const char *lines);

//  Return a hash of everything that happened.
uint64_t
world_hash (const world_t *self);

//  Return the first rule that was broken, or NULL.
const char *
world_broken (const world_t *self);

//  Print the options and the last lines of the story to stderr.
void
world_tell (const world_t *self);

//  Return the clock of the server, as POSIX time.
instant_t
world_clock (const world_t *self, unsigned server);

//  Return the mind of a server, for its counters; NULL if it is dead.
const server_t *
world_server (const world_t *self, unsigned server);

//  Return the network, for its time, its hosts and who is whose neighbour.
const network_t *
world_network (const world_t *self);

//  Return how many records one server sent to its neighbour so far, in all its
//  lives.
uint64_t
world_records (const world_t *self, unsigned from, unsigned to);

//  Return how often the AT line was sent from one server to another, or 0 if
//  the world is unchecked.
uint64_t
world_copies (const world_t *self, const char *line);

#endif
