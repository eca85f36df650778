/*  =========================================================================
    digest - the fingerprint of a table, as a tree of sums
    =========================================================================
*/

#include "table/digest.h"

#include "base/spare.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

//  A branch is kept for so many levels of leaves, so that no sum is of more
//  than a few thousand, and a change costs but one addition more
#define BRANCH_LEVELS 2

struct digest_t {
    unsigned depth;
    unsigned branch_level;
    uint64_t root;
    uint64_t *leaves;
    uint64_t *branches;  //  Behind the leaves, in the same memory
};


digest_t *
digest_new (unsigned depth)
{
    assert (depth >= 1 && depth <= 5);
    digest_t *self = calloc (1, sizeof (digest_t));
    if (self) {
        self->depth = depth;
        self->branch_level = depth > BRANCH_LEVELS ? depth - BRANCH_LEVELS : 0;
        size_t leaves = (size_t) 1 << (4 * depth);
        size_t branches = (size_t) 1 << (4 * self->branch_level);
        self->leaves = spare_calloc (leaves + branches, sizeof (uint64_t));
        if (self->leaves)
            self->branches = self->leaves + leaves;
        else
            digest_destroy (&self);
    }
    return self;
}


void
digest_destroy (digest_t **self_p)
{
    digest_t *self = *self_p;
    if (self) {
        free (self->leaves);
        free (self);
        *self_p = NULL;
    }
}


void
digest_add (digest_t *self, uint64_t hash, uint64_t check)
{
    uint64_t leaf = digest_leaf (self, hash);
    self->leaves [leaf] += check;
    self->branches [leaf >> 4 * (self->depth - self->branch_level)] += check;
    self->root += check;
}


uint64_t
digest_root (const digest_t *self)
{
    return self->root;
}


unsigned
digest_depth (const digest_t *self)
{
    return self->depth;
}


uint64_t
digest_leaf (const digest_t *self, uint64_t hash)
{
    return hash >> (64 - 4 * self->depth);
}


uint64_t
digest_sum (const digest_t *self, unsigned level, uint64_t prefix)
{
    assert (level <= self->depth);
    bool high = level < self->branch_level;
    const uint64_t *sums = high ? self->branches : self->leaves;
    unsigned shift = 4 * ((high ? self->branch_level : self->depth) - level);
    uint64_t sum = 0;
    for (uint64_t at = prefix << shift; at < (prefix + 1) << shift; at++)
        sum += sums [at];
    return sum;
}


//  Nearly always none differs, and memory is compared quickly

size_t
digest_differences (
    const digest_t *self, const digest_t *other, uint64_t leaf, uint64_t count)
{
    assert (self->depth == other->depth);
    assert (leaf + count <= (uint64_t) 1 << 4 * self->depth);
    const uint64_t *ours = self->leaves + leaf;
    const uint64_t *theirs = other->leaves + leaf;
    size_t differ = 0;
    if (memcmp (ours, theirs, count * sizeof (uint64_t)) != 0)
        for (uint64_t at = 0; at < count; at++)
            differ += ours [at] != theirs [at];
    return differ;
}
