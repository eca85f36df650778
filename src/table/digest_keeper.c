/*  =========================================================================
    digest_keeper - the digest of a table, kept up with its changes
    =========================================================================
*/

#include "table/digest_keeper.h"

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
digest_keeper_init (
    digest_keeper_t *self, const index_t *index, change_list_t *changes)
{
    *self = (digest_keeper_t){.index = index,
        .changes = changes,
        .cursor = change_list_cursor (changes),
        .lsn = CHANGE_LIST_BASE,
        .digest = digest_new (DEPTH),
        .anew_cursor = change_list_cursor (changes)};
    assert (self->digest);
}


void
digest_keeper_clear (digest_keeper_t *self)
{
    digest_destroy (&self->digest);
    digest_destroy (&self->anew);
}


static uint64_t
s_check (const digest_keeper_t *self, const change_t *record)
{
    return index_hash (self->index, (span_t){record->line, record->size});
}


void
digest_keeper_add (digest_keeper_t *self, const change_t *record, uint64_t hash)
{
    uint64_t check = s_check (self, record);
    digest_add (self->digest, hash, check);
    if (self->anew)
        digest_add (self->anew, hash, check);
}


void
digest_keeper_remove (
    digest_keeper_t *self, const change_t *record, uint64_t hash)
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
s_follow_changes (digest_keeper_t *self, uint64_t behind)
{
    while (self->changes->last - self->lsn > behind) {
        arena_ref_t ref = change_list_after (self->changes, self->cursor);
        if (!ref) {
            self->lsn = self->changes->last;
            break;
        }
        const change_t *record = changes_at (self->changes, ref);
        change_list_prefetch (self->changes, record->next);
        digest_keeper_add (
            self, record, index_hash_client (self->index, record));
        self->lsn = record->lsn;
        change_list_advance (self->changes, self->cursor);
    }
}


void
digest_keeper_follow (digest_keeper_t *self)
{
    if (self->index->count > FEW_CLIENTS)
        s_follow_changes (self, BEHIND_MAX);
}


const digest_t *
digest_keeper_digest (digest_keeper_t *self)
{
    s_follow_changes (self, 0);
    return self->digest;
}


//  The table has become large: begin a digest with more leaves.  Returns NULL
//  if it has not, or there is no memory for them

static digest_t *
s_deeper (const digest_keeper_t *self)
{
    const digest_t *last = self->anew ? self->anew : self->digest;
    bool large = self->index->count >= DEPTH_CLIENTS;
    return large && digest_depth (last) == DEPTH ? digest_new (DEPTH + 1)
                                                 : NULL;
}


//  Begin a digest of all there is now, if none is begun.  What is loaded from
//  now on is in it from the start.  Returns false if there is no memory for it

static bool
s_begin_anew (digest_keeper_t *self)
{
    digest_t *deeper = s_deeper (self);
    if (self->anew && !deeper)
        return true;
    digest_destroy (&self->anew);
    self->anew = deeper ? deeper : digest_new (digest_depth (self->digest));
    change_list_seek (self->changes, self->anew_cursor, 0, 1);
    self->anew_from = self->lsn;
    self->leaf = 0;
    return self->anew;
}


//  Sum up the next old records.  Returns true when there are no more: what
//  changed meanwhile was summed up like all changes

static bool
s_sum_up (digest_keeper_t *self)
{
    size_t records = self->index->count / SCRUB_TURNS + 1;
    if (records > SCRUB_RECORDS)
        records = SCRUB_RECORDS;
    for (; records; records--) {
        arena_ref_t ref = change_list_after (self->changes, self->anew_cursor);
        const change_t *record = ref ? changes_at (self->changes, ref) : NULL;
        if (!record || record->lsn > self->anew_from)
            return true;
        change_list_prefetch (self->changes, record->next);
        digest_add (self->anew, index_hash_client (self->index, record),
            s_check (self, record));
        self->anew_lsn = record->lsn;
        change_list_advance (self->changes, self->anew_cursor);
    }
    return false;
}


//  Compare the next leaves of both digests; a deeper one has others.  Returns
//  how many differ

static size_t
s_compare_leaves (digest_keeper_t *self)
{
    size_t wrong = 0;
    unsigned depth = digest_depth (self->anew);
    uint64_t left = ((uint64_t) 1 << 4 * depth) - self->leaf;
    if (depth != digest_depth (self->digest))
        left = 0;
    else {
        uint64_t count = left < SCRUB_LEAVES ? left : SCRUB_LEAVES;
        wrong =
            digest_differences (self->anew, self->digest, self->leaf, count);
        self->leaf += count;
        left -= count;
    }
    if (!left) {
        digest_destroy (&self->digest);
        self->digest = self->anew;
        self->anew = NULL;
    }
    return wrong;
}


size_t
digest_keeper_scrub (digest_keeper_t *self)
{
    s_follow_changes (self, 0);
    return s_begin_anew (self) && s_sum_up (self) ? s_compare_leaves (self) : 0;
}
