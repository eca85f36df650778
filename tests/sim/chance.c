/*  =========================================================================
    chance - all the luck there is in a simulated world
    =========================================================================
*/

#include "sim/chance.h"

#include <assert.h>


void
chance_seed (chance_t *self, uint64_t seed)
{
    self->state = seed;
}


//  Splitmix64: one word of state, and neighbouring seeds have nothing in common

uint64_t
chance_next (chance_t *self)
{
    uint64_t mixed = self->state += UINT64_C (0x9e3779b97f4a7c15);
    mixed = (mixed ^ mixed >> 30) * UINT64_C (0xbf58476d1ce4e5b9);
    mixed = (mixed ^ mixed >> 27) * UINT64_C (0x94d049bb133111eb);
    return mixed ^ mixed >> 31;
}


unsigned
chance_below (chance_t *self, unsigned count)
{
    assert (count);
    return (unsigned) ((chance_next (self) >> 32) * count >> 32);
}


int64_t
chance_between (chance_t *self, int64_t min, int64_t max)
{
    assert (min <= max);
    uint64_t count = (uint64_t) (max - min) + 1;
    return min + (int64_t) (chance_next (self) % count);
}


bool
chance_percent (chance_t *self, double percent)
{
    if (percent <= 0)
        return false;
    return (double) (chance_next (self) >> 11) / 9007199254740992.0 * 100 <
           percent;
}
