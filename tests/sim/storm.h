/*  =========================================================================
    storm - misfortunes and updates, one after the other, by chance

    What is done to a world, and what clients say meanwhile: few clients, at
    many servers, with stamps that are right, equal, late and in the future.
    =========================================================================
*/

#ifndef SIM_STORM_H
#define SIM_STORM_H

#include "sim/world.h"

//  How often something happens, on average.
#define STORM_STEP_MS 100

//  So many seeds, or servers, a test tries: sanitizers make each slow, so there
//  it is an eighth of those that other builds try.
#ifdef __SANITIZE_ADDRESS__
#define STORM_SHARE(count) (((count) + 7) / 8)
#else
#define STORM_SHARE(count) (count)
#endif

//  Bytes of a line about one of a crowd, about.
#define STORM_CROWD_SIZE 1000

//  Return options by the seed: 2 to servers_max servers in any graph, loss up
//  to 30 percent, and some of all other faults.
world_options_t
storm_options (uint64_t seed, unsigned servers_max);

//  Let the storm rage over the world of these options for so long, by their
//  seed.  It ends early if a rule is broken.
void
storm_run (world_t *world, const world_options_t *options, int64_t ms);

//  Clients from one number to another, with very long names, say to the server
//  where they are.
void
storm_crowd (world_t *world, unsigned server, unsigned from, unsigned to);

//  End the storm.  Within limit_ms all must agree and their streams come to
//  rest, and stay so when what was late has arrived; and no link that carries
//  something may be taken for dead.  Returns how many ms it took until all
//  agreed, or -1, and in *fault what is wrong, or NULL.
int64_t
storm_end (world_t *world, int64_t limit_ms, const char **fault);

//  Take up to eight links away one by one, and mend them in another order,
//  while clients move.
void
storm_swizzle (world_t *world, const world_options_t *options);

#endif
