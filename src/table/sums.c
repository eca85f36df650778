/*  =========================================================================
    sums - the digest of an atlas, kept up with its changes
    =========================================================================
*/

#include "table/sums.h"

#include <assert.h>

//  A digest of 16^4 leaves serves until there are so many clients, then one of
//  16^5: a leaf has some dozen records, and costs less than they do
#define DEPTH 4
#define DEPTH_CLIENTS 1500000

//  Changes the digest may be behind.  Of few clients there are no more records
//  to be summed up than clients, and they are in the cache
#define BEHIND_MAX 4096
#define FEW_CLIENTS 16384

//  All is summed up anew in so many turns; more if there are many records, so
//  that none takes a millisecond
#define SCRUB_TURNS 160
#define SCRUB_RECORDS 4096

//  Leaves compared in a turn
#define SCRUB_LEAVES 65536


void
sums_init (sums_t *self, const slots_t *slots, changes_t *changes)
{
    *self = (sums_t){.slots = slots,
        .changes = changes,
        .cursor = changes_cursor (changes),
        .lsn = CHANGES_BASE,
        .digest = digest_new (DEPTH),
        .anew_cursor = changes_cursor (changes)};
    assert (self->digest);
}


void
sums_clear (sums_t *self)
{
    digest_destroy (&self->digest);
    digest_destroy (&self->anew);
}


static uint64_t
s_check (const sums_t *self, const change_t *record)
{
    return slots_hash (self->slots, (span_t){record->line, record->size});
}


void
sums_add (sums_t *self, const change_t *record, uint64_t hash)
{
    uint64_t check = s_check (self, record);
    digest_add (self->digest, hash, check);
    if (self->anew)
        digest_add (self->anew, hash, check);
}


void
sums_remove (sums_t *self, const change_t *record, uint64_t hash)
{
    if (record->lsn > self->lsn)
        return;
    uint64_t check = s_check (self, record);
    digest_add (self->digest, hash, 0 - check);
    if (self->anew &&
        (record->lsn <= self->anew_lsn || record->lsn > self->anew_from))
        digest_add (self->anew, hash, 0 - check);
}


//  Be so many changes behind at most.  The next record is asked of the memory
//  while one is summed up

static void
s_follow (sums_t *self, uint64_t behind)
{
    while (self->changes->last - self->lsn > behind) {
        arena_ref_t ref = changes_after (self->changes, self->cursor);
        if (!ref) {
            self->lsn = self->changes->last;
            break;
        }
        const change_t *record = changes_at (self->changes, ref);
        changes_expect (self->changes, record->next);
        sums_add (self, record, slots_hash_client (self->slots, record));
        self->lsn = record->lsn;
        changes_advance (self->changes, self->cursor);
    }
}


void
sums_follow (sums_t *self)
{
    if (self->slots->count > FEW_CLIENTS)
        s_follow (self, BEHIND_MAX);
}


const digest_t *
sums_digest (sums_t *self)
{
    s_follow (self, 0);
    return self->digest;
}


//  The table has become large: begin a digest with more leaves.  Returns NULL
//  if it has not, or there is no memory for them

static digest_t *
s_deeper (const sums_t *self)
{
    const digest_t *last = self->anew ? self->anew : self->digest;
    bool large = self->slots->count >= DEPTH_CLIENTS;
    return large && digest_depth (last) == DEPTH ? digest_new (DEPTH + 1)
                                                 : NULL;
}


//  Begin a digest of all there is now, if none is begun.  What is loaded from
//  now on is in it from the start.  Returns false if there is no memory for it

static bool
s_begin (sums_t *self)
{
    digest_t *deeper = s_deeper (self);
    if (self->anew && !deeper)
        return true;
    digest_destroy (&self->anew);
    self->anew = deeper ? deeper : digest_new (digest_depth (self->digest));
    changes_seek (self->changes, self->anew_cursor, 0, 1);
    self->anew_from = self->lsn;
    self->leaf = 0;
    return self->anew;
}


//  Sum up the next old records.  Returns true when there are no more: what
//  changed meanwhile was summed up like all changes

static bool
s_sum_up (sums_t *self)
{
    size_t records = self->slots->count / SCRUB_TURNS + 1;
    if (records > SCRUB_RECORDS)
        records = SCRUB_RECORDS;
    for (; records; records--) {
        arena_ref_t ref = changes_after (self->changes, self->anew_cursor);
        const change_t *record = ref ? changes_at (self->changes, ref) : NULL;
        if (!record || record->lsn > self->anew_from)
            return true;
        changes_expect (self->changes, record->next);
        digest_add (self->anew, slots_hash_client (self->slots, record),
            s_check (self, record));
        self->anew_lsn = record->lsn;
        changes_advance (self->changes, self->anew_cursor);
    }
    return false;
}


//  Compare the next leaves of both digests; a deeper one has others.  Returns
//  how many differ

static size_t
s_compare (sums_t *self)
{
    size_t wrong = 0;
    unsigned depth = digest_depth (self->anew);
    uint64_t leaves = (uint64_t) 1 << 4 * depth;
    if (depth != digest_depth (self->digest))
        self->leaf = leaves;
    for (size_t count = 0; count < SCRUB_LEAVES && self->leaf < leaves;
         count++, self->leaf++)
        wrong += digest_sum (self->anew, depth, self->leaf) !=
                 digest_sum (self->digest, depth, self->leaf);
    if (self->leaf == leaves) {
        digest_destroy (&self->digest);
        self->digest = self->anew;
        self->anew = NULL;
    }
    return wrong;
}


size_t
sums_scrub (sums_t *self)
{
    s_follow (self, 0);
    return s_begin (self) && s_sum_up (self) ? s_compare (self) : 0;
}
