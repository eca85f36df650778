/*  =========================================================================
    digest_keeper - the digest of a table, kept up with its changes

    A reader of the changes like any peer, and a little behind them: a
    client that moves often is summed up once for all its moves, and none of
    them waits for the digest's memory.  Whoever asks for it never sees that.

    What is kept is believed no more than others' words: all records are summed
    up anew, a few at a time, into a digest that takes the place of the one
    that is kept.  So memory that was altered is seen, and an audit can mend it.
    =========================================================================
*/

#ifndef TABLE_DIGEST_KEEPER_H
#define TABLE_DIGEST_KEEPER_H

#include "table/digest.h"
#include "table/index.h"

//  Part of the table's structure.
typedef struct {
    const index_t *index;    //  Borrowed
    change_list_t *changes;  //  Borrowed
    arena_ref_t cursor;      //  Behind what is summed up
    uint64_t lsn;            //  Of the last that is
    digest_t *digest;
    digest_t *anew;           //  That takes its place when it has all; or NULL
    arena_ref_t anew_cursor;  //  Behind the old records that are in anew
    uint64_t anew_lsn;        //  Of the last of them
    uint64_t anew_from;       //  Later ones are in anew if they are in digest
    uint64_t leaf;            //  To be compared next
} digest_keeper_t;

//  Make *self the digest of what is in the slots, which is nothing.
void
digest_keeper_init (
    digest_keeper_t *self, const index_t *index, change_list_t *changes);

//  Free what *self holds.
void
digest_keeper_clear (digest_keeper_t *self);

//  Sum up a record that is no change.
void
digest_keeper_add (
    digest_keeper_t *self, const change_t *record, uint64_t hash);

//  The record goes: it is not to be counted any more.
void
digest_keeper_remove (
    digest_keeper_t *self, const change_t *record, uint64_t hash);

//  To be called after each change, with which the digest keeps up in time.
void
digest_keeper_follow (digest_keeper_t *self);

//  Return the digest over all records, good until the next change or scrub.
const digest_t *
digest_keeper_digest (digest_keeper_t *self);

//  Sum up the next records anew, some thousand at most.  Returns how many sums
//  were found that are not those of their records; soon they are.
size_t
digest_keeper_scrub (digest_keeper_t *self);

#endif
