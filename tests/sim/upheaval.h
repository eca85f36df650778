/*  =========================================================================
    upheaval - misfortunes of regions and of the engine between them
    =========================================================================
*/

#ifndef SIM_UPHEAVAL_H
#define SIM_UPHEAVAL_H

#include "sim/storm.h"

//  Return options by the seed: so many regions of 2 to 5 servers, of which one
//  or two are gateways, a herd in any weather each, and an engine with some of
//  its faults.
world_options_t
upheaval_options (uint64_t seed, unsigned regions);

//  Something befalls the engine, a gateway's connection to it, or a whole
//  region.  By odd seeds the stream loses messages, by even ones a region all
//  of its memory: what both lose at once only clients can bring back.
void
upheaval_strike (
    world_t *world, const world_options_t *options, chance_t *chance);

#endif
