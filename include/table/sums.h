/*  =========================================================================
    sums - the digest of an atlas, kept up with its changes

    A reader of the changes like any neighbour, and a little behind them: a
    client that moves often is summed up once for all its moves, and none of
    them waits for the digest's memory.  Whoever asks for it never sees that.

    What is kept is believed no more than others' words: all records are summed
    up anew, a few at a time, into a digest that takes the place of the one
    that is kept.  So memory that was altered is seen, and an audit can mend it.
    =========================================================================
*/

#ifndef TABLE_SUMS_H
#define TABLE_SUMS_H

#include "table/digest.h"
#include "table/slots.h"

//  Part of the atlas' structure.
typedef struct {
    const slots_t *slots;  //  Borrowed
    changes_t *changes;    //  Borrowed
    arena_ref_t cursor;    //  Behind what is summed up
    uint64_t lsn;          //  Of the last that is
    digest_t *digest;
    digest_t *anew;           //  That takes its place when it has all; or NULL
    arena_ref_t anew_cursor;  //  Behind the old records that are in anew
    uint64_t anew_lsn;        //  Of the last of them
    uint64_t anew_from;       //  Later ones are in anew if they are in digest
    uint64_t leaf;            //  To be compared next
} sums_t;

//  Make *self the digest of what is in the slots, which is nothing.
void
sums_init (sums_t *self, const slots_t *slots, changes_t *changes);

//  Free what *self holds.
void
sums_clear (sums_t *self);

//  Sum up a record that is no change.
void
sums_add (sums_t *self, const change_t *record, uint64_t hash);

//  The record goes: it is not to be counted any more.
void
sums_remove (sums_t *self, const change_t *record, uint64_t hash);

//  To be called after each change, with which the digest keeps up in time.
void
sums_follow (sums_t *self);

//  Return the digest over all records, good until the next change or scrub.
const digest_t *
sums_digest (sums_t *self);

//  Sum up the next records anew, some thousand at most.  Returns how many sums
//  were found that are not those of their records; soon they are.
size_t
sums_scrub (sums_t *self);

#endif
