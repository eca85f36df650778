/*  =========================================================================
    chance - numbers that look random, and are the same in every run
    =========================================================================
*/

#include "unit/chance.h"

#include <inttypes.h>
#include <stdio.h>


chance_t
chance_new (uint64_t seed)
{
    printf ("# seed %" PRIu64 "\n", seed);
    return (chance_t){seed};
}


//  SplitMix64

uint64_t
chance_next (chance_t *self)
{
    uint64_t bits = self->state += 0x9E3779B97F4A7C15u;
    bits = (bits ^ bits >> 30) * 0xBF58476D1CE4E5B9u;
    bits = (bits ^ bits >> 27) * 0x94D049BB133111EBu;
    return bits ^ bits >> 31;
}


size_t
chance_below (chance_t *self, size_t count)
{
    return (size_t) (chance_next (self) % count);
}


void
chance_shuffle (chance_t *self, size_t *numbers, size_t count)
{
    for (size_t at = 0; at < count; at++) {
        size_t other = chance_below (self, at + 1);
        numbers [at] = numbers [other];
        numbers [other] = at;
    }
}
