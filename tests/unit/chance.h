/*  =========================================================================
    chance - numbers that look random, and are the same in every run
    =========================================================================
*/

#ifndef TESTS_UNIT_CHANCE_H
#define TESTS_UNIT_CHANCE_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
    uint64_t state;
} chance_t;

//  Start from the seed, and print it.
chance_t
chance_new (uint64_t seed);

//  Return the next 64 bits.
uint64_t
chance_next (chance_t *self);

//  Return a number from 0 to count - 1.
size_t
chance_below (chance_t *self, size_t count);

//  Put the numbers from 0 to count - 1 in any order.
void
chance_shuffle (chance_t *self, size_t *numbers, size_t count);

#endif
