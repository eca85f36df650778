/*  =========================================================================
    change_list - the records of a table in the order they changed

    A ring of links in the arena.  A record's link is the head of its own
    memory; a cursor is a link without a line, so that nothing that happens to
    a record can lose a cursor.
    =========================================================================
*/

#ifndef TABLE_CHANGE_LIST_H
#define TABLE_CHANGE_LIST_H

#include "base/span.h"
#include "table/arena.h"

//  The number of the first change is one more.
#define CHANGE_LIST_BASE 1000000000000

//  There are millions: every byte counts.
typedef struct {
    uint64_t lsn : 53;   //  Of its change; 0 in a cursor
    uint64_t size : 11;  //  Bytes of the line; 0 if it is no record
    uint64_t known;      //  The table's own
    arena_ref_t previous;
    arena_ref_t next;
    uint8_t client_at;  //  Where its client starts in the line
    char line [];       //  The record's own
} change_t;

//  What the structure has room for: the longest line, and the last number,
//  which a million changes a second reach in 285 years.
#define CHANGE_LINE_SIZE_MAX ((1u << 11) - 1)
#define CHANGE_LIST_LAST ((UINT64_C (1) << 53) - 1)

//  Bytes of a record with a line of so many, without what pads a structure.
#define CHANGE_SIZE(size) (offsetof (change_t, line) + (size))

//  Part of the table's structure.
typedef struct {
    arena_t *arena;   //  Borrowed
    arena_ref_t end;  //  Before the first record and after the last
    uint64_t first;   //  lsn of the first, at most CHANGE_LIST_BASE + 1
    uint64_t last;    //  lsn of the newest change
} change_list_t;

//  Write the line, whose client starts at client_at, into the record, which has
//  CHANGE_SIZE (line.size) bytes and is in no ring; it has no number then.
void
change_write (change_t *record, span_t line, size_t client_at);

//  Return the record's line from its client on, which a blank ends.
span_t
change_rest (const change_t *record);

//  Make *self empty, with links in the arena, which must live as long.
void
change_list_init (change_list_t *self, arena_t *arena);

//  Return the link, good until the next arena_take.
change_t *
changes_at (const change_list_t *self, arena_ref_t ref);

//  Ask the memory for a link that is soon looked at.
void
change_list_prefetch (const change_list_t *self, arena_ref_t ref);

//  Put the record at the end, with the next lsn.
void
change_list_append (change_list_t *self, arena_ref_t ref);

//  Put the record before all others, with an lsn below theirs: it is there,
//  but counts as no change.
void
change_list_prepend (change_list_t *self, arena_ref_t ref);

//  Take the record out; its memory stays the caller's.
void
change_list_remove (change_list_t *self, arena_ref_t ref);

//  Make a cursor before all records.  Returns 0 if there is no memory for it.
arena_ref_t
change_list_cursor (change_list_t *self);

//  Give a cursor back.
void
changes_drop_cursor (change_list_t *self, arena_ref_t cursor);

//  Return the record after the link, or 0 if it is the last.
arena_ref_t
change_list_after (const change_list_t *self, arena_ref_t ref);

//  Return the record before the link, or 0 if it is the first.
arena_ref_t
change_list_before (const change_list_t *self, arena_ref_t ref);

//  Move the cursor behind the record after it, which there must be.
void
change_list_advance (change_list_t *self, arena_ref_t cursor);

//  Move the cursor behind this record.
void
change_list_follow (
    change_list_t *self, arena_ref_t cursor, arena_ref_t record);

//  Move the cursor before the record before it, which there must be.
void
changes_retreat (change_list_t *self, arena_ref_t cursor);

//  Move the cursor behind all records up to this lsn: from where it is, or from
//  either end of the ring, whichever seems nearest, over so many records at
//  most.  Returns true if it is there; if not, call it again, and until then
//  the cursor has no meaning.
bool
change_list_seek (
    change_list_t *self, arena_ref_t cursor, uint64_t lsn, size_t steps);

#endif
