/*  =========================================================================
    chance - all the luck there is in a simulated world

    One seed, one sequence: the same on every machine, for ever.
    =========================================================================
*/

#ifndef SIM_CHANCE_H
#define SIM_CHANCE_H

#include <stdbool.h>
#include <stdint.h>

typedef struct {
    uint64_t state;
} chance_t;

//  Start the seed's sequence.
void
chance_seed (chance_t *self, uint64_t seed);

//  Return the next 64 bits.
uint64_t
chance_next (chance_t *self);

//  Return a number below count, which is at least 1.
unsigned
chance_below (chance_t *self, unsigned count);

//  Return a number from min to max, both included.
int64_t
chance_between (chance_t *self, int64_t min, int64_t max);

//  Return true in so many of 100 cases.  0 takes nothing from the sequence, so
//  that a fault that is switched off leaves the rest of the story alone.
bool
chance_percent (chance_t *self, double percent);

#endif
