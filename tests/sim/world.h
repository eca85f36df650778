/*  =========================================================================
    world - many servers of the real core in virtual time

    The servers' minds, the network between them, and whatever may happen to
    both.  One seed decides all that is left to chance: a story can be retold.
    The rules are checked at every step: see ledger.  When one is broken, the
    world stands still and says so on stderr, with options and last lines.
    =========================================================================
*/

#ifndef SIM_WORLD_H
#define SIM_WORLD_H

#include "sim/box.h"
#include "sim/gateways.h"
#include "sim/network.h"
#include "sim/tally.h"

typedef struct world_t world_t;

//  Make a world, never NULL, or free it and set *self_p to NULL.  Links are
//  fixed and servers start when time first passes or something is done to one.
world_t *
world_new (const world_options_t *options);
void
world_destroy (world_t **self_p);

//  Make two servers peers, before anything else.
void
world_join (world_t *self, unsigned one, unsigned other);

//  Break the link of two peers, or one's connection to the other; or lose
//  all that one sends, without a sign; or mend the link, both ways.
void
world_cut (world_t *self, unsigned one, unsigned other);
void
world_cut_way (world_t *self, unsigned from, unsigned to);
void
world_silence (world_t *self, unsigned from, unsigned to);
void
world_mend (world_t *self, unsigned one, unsigned other);

//  Take the link of two neighbours out of what they read, or put it in again:
//  who stands still goes on by what it read before.
void
world_unlink (world_t *self, unsigned one, unsigned other);
void
world_link (world_t *self, unsigned one, unsigned other);

//  Kill a server, so that it loses all memory, or start a dead one, as an empty
//  process with a new incarnation, or kill one for good; stop one, as by
//  SIGSTOP, or let it go on; or let one say, as on SIGTERM, that it will end.
void
world_kill (world_t *self, unsigned server);
void
world_start (world_t *self, unsigned server);
void
world_retire (world_t *self, unsigned server);
void
world_pause (world_t *self, unsigned server);
void
world_resume (world_t *self, unsigned server);
void
world_leave (world_t *self, unsigned server);

//  Behind a running server's back: add to what its wall clock is wrong by, take
//  the client out of its table, or make what it holds of one this AT line.
void
world_skew (world_t *self, unsigned server, int64_t ms);
void
world_rob (world_t *self, unsigned server, const char *client);
void
world_alter (world_t *self, unsigned server, const char *line);

//  Say a line to the server on a new connection and return all it replies, or
//  NULL if it does not run; Places has none.  Or return the AT line a running
//  server holds of the client, or "".  Either is good until the next call.
const char *
world_say (world_t *self, unsigned server, const char *line);
const char *
world_find (world_t *self, unsigned server, const char *client);

//  Let time pass; or, at once, end all faults: links are mended, paused servers
//  go on, dead ones start, messages arrive.  Clocks stay as they are.
void
world_run (world_t *self, int64_t ms);
void
world_calm (world_t *self);

//  Return true if all servers that run have equal roots and counts, and by the
//  ledger the newest of what was in the world at the last world_calm; or if all
//  their links are up with nothing on its way; or let time pass until they
//  agree, and return how many ms it took, or -1, with a word on stderr, if they
//  do not within limit_ms or a rule is broken.
bool
world_agrees (world_t *self);
bool
world_rests (world_t *self);
int64_t
world_settle (world_t *self, int64_t limit_ms);

//  Have all listeners read what there is.  Returns what is wrong with what one
//  of them knows then, or NULL.
const char *
world_listen (world_t *self);

//  Return true if the servers' journals say just this since the last call, in
//  lines of "server * note", else print what they say to stderr; a hash of
//  everything that happened; and the first rule that was broken, or NULL.
bool
world_story (world_t *self, const char *lines);
uint64_t
world_hash (const world_t *self);
const char *
world_broken (const world_t *self);

//  Print to stderr how make sim tells this story again, and its last lines;
//  nothing if options.quiet.
void
world_tell (const world_t *self);

//  Return a server's wall clock; its mind, or NULL if it is dead; the network,
//  for time, hosts and peers; the gateways, or NULL; how many records one sent
//  to another in all its lives; what all did; how often a line was sent.
instant_t
world_clock (const world_t *self, unsigned server);
const server_t *
world_server (const world_t *self, unsigned server);
const network_t *
world_network (const world_t *self);
gateways_t *
world_gateways (const world_t *self);
uint64_t
world_records (const world_t *self, unsigned from, unsigned to);
tally_t
world_tally (const world_t *self);
uint64_t
world_copies (const world_t *self, const char *line);

#endif
