/*  =========================================================================
    sums - the digest of an atlas, kept up with its changes
    =========================================================================
*/

#include "core/sums.h"

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
#define SCRUB_TURNS 340
#define SCRUB_RECORDS 2560


void
sums_init (sums_t *self, const slots_t *slots, changes_t *changes)
{
    *self = (sums_t){.slots = slots,
        .changes = changes,
        .cursor = changes_cursor (changes),
        .lsn = CHANGES_BASE,
        .digest = digest_new (DEPTH)};
    assert (self->digest);
}


void
sums_clear (sums_t *self)
{
    digest_destroy (&self->digest);
    digest_destroy (&self->deeper);
}


static uint64_t
s_check (const sums_t *self, const change_t *record)
{
    return slots_hash (self->slots, (span_t){record->line, record->size});
}


static void
s_add (sums_t *self, uint64_t hash, uint64_t check)
{
    digest_add (self->digest, hash, check);
    if (self->deeper && digest_leaf (self->deeper, hash) < self->leaf)
        digest_add (self->deeper, hash, check);
}


void
sums_add (sums_t *self, const change_t *record, uint64_t hash)
{
    s_add (self, hash, s_check (self, record));
}


void
sums_remove (sums_t *self, const change_t *record, uint64_t hash)
{
    if (record->lsn <= self->lsn)
        s_add (self, hash, 0 - s_check (self, record));
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


//  Sum up the leaf anew, and count its records.  Returns true if it was wrong

static bool
s_scrub_leaf (const sums_t *self, digest_t *digest, size_t *records)
{
    slots_walk_t walk = {.level = digest_depth (digest), .prefix = self->leaf};
    uint64_t sum = 0;
    while (slots_next (self->slots, &walk)) {
        sum += walk.check;
        ++*records;
    }
    uint64_t kept = digest_sum (digest, walk.level, walk.prefix);
    digest_add (digest, walk.prefix << (64 - 4 * walk.level), sum - kept);
    return sum != kept;
}


//  The table has become large: begin a digest with more leaves.  If there is no
//  memory for them, the old one serves on

static void
s_deepen (sums_t *self)
{
    if (!self->deeper && digest_depth (self->digest) == DEPTH &&
        self->slots->count >= DEPTH_CLIENTS) {
        self->deeper = digest_new (DEPTH + 1);
        if (self->deeper)
            self->leaf = 0;
    }
}


//  All leaves were seen: begin again; with the deeper digest, if there is one

static void
s_begin (sums_t *self)
{
    self->leaf = 0;
    if (self->deeper) {
        digest_destroy (&self->digest);
        self->digest = self->deeper;
        self->deeper = NULL;
    }
}


size_t
sums_scrub (sums_t *self)
{
    size_t wrong = 0;
    size_t records = 0;
    s_follow (self, 0);
    s_deepen (self);
    digest_t *digest = self->deeper ? self->deeper : self->digest;
    uint64_t last = digest_leaf (digest, UINT64_MAX);
    for (uint64_t leaves = 0;
         leaves <= last / SCRUB_TURNS && records < SCRUB_RECORDS; leaves++) {
        wrong += s_scrub_leaf (self, digest, &records) && !self->deeper;
        if (self->leaf++ == last) {
            s_begin (self);
            break;
        }
    }
    return wrong;
}
