/*  =========================================================================
    digest - the fingerprint of a table, as a tree of sums

    Every record counts with a 64-bit check in the leaf that the top bits of
    its key's hash name.  A leaf is the sum of its checks modulo 2^64, a branch
    the sum of its leaves, the root the sum of all: kept up to date by one
    subtraction and one addition, whatever the order of changes.  So it is a
    Merkle tree of sums instead of hashes of hashes.  Two tables are equal if
    their roots are, but for one chance in 2^64.

    Section 4.3 of docs/protocol.md.
    =========================================================================
*/

#ifndef TABLE_DIGEST_H
#define TABLE_DIGEST_H

#include <stddef.h>
#include <stdint.h>

//  Every level divides its range of hashes by 16.
#define DIGEST_FANOUT 16

typedef struct digest_t digest_t;

//  Make the digest of an empty table; depth is the number of levels below the
//  root, 1 to 5: 16^depth leaves of 8 bytes.  Returns NULL if there is no
//  memory for them.
digest_t *
digest_new (unsigned depth);

//  Free the digest and set *self_p to NULL.
void
digest_destroy (digest_t **self_p);

//  Take a record with this key hash and check into the table; or out of it,
//  with 0 - check.
void
digest_add (digest_t *self, uint64_t hash, uint64_t check);

//  Return the sum over the whole table.
uint64_t
digest_root (const digest_t *self);

//  Return the number of levels.
unsigned
digest_depth (const digest_t *self);

//  Return the number of the leaf for this key hash.
uint64_t
digest_leaf (const digest_t *self, uint64_t hash);

//  Return the sum over the records whose hash starts with the prefix, which
//  is of level * 4 bits (level 0: all, level digest_depth: one leaf).  The 16
//  below a prefix take 4096 additions at most.
uint64_t
digest_sum (const digest_t *self, unsigned level, uint64_t prefix);

//  Return how many of the leaves from this one on, so many, are not the same in
//  the other digest, which is as deep.
size_t
digest_differences (
    const digest_t *self, const digest_t *other, uint64_t leaf, uint64_t count);

#endif
