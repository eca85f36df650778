/*  =========================================================================
    digest - the fingerprint of a table, as a tree of sums
    =========================================================================
*/

#include "core/digest.h"

#include "core/spare.h"

#include <assert.h>
#include <stdlib.h>

//  Only the leaves are kept: a branch is asked for rarely, and its leaves are
//  neighbours in memory
struct digest_t {
    unsigned depth;
    uint64_t root;
    uint64_t *leaves;
};


digest_t *
digest_new (unsigned depth)
{
    assert (depth >= 1 && depth <= 5);
    digest_t *self = calloc (1, sizeof (digest_t));
    if (self) {
        self->depth = depth;
        self->leaves =
            spare_calloc ((size_t) 1 << (4 * depth), sizeof (uint64_t));
        if (!self->leaves)
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
    self->leaves [digest_leaf (self, hash)] += check;
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
    unsigned shift = 4 * (self->depth - level);
    uint64_t sum = 0;
    for (uint64_t at = prefix << shift; at < (prefix + 1) << shift; at++)
        sum += self->leaves [at];
    return sum;
}
