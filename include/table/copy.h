/*  =========================================================================
    copy - what is to be written to a copy of the table

    A copy that is kept elsewhere, on a disk, is one more reader of the changes:
    it is written all records from the first, then what changed, each client
    once however often it moved, and so never has anything overflow.  What was
    loaded in bulk goes before all records and is no change: a second cursor,
    which goes back from where the first began, sees that.  What is dropped is
    not told: whoever reads the copy drops it by the same rule.
    =========================================================================
*/

#ifndef TABLE_COPY_H
#define TABLE_COPY_H

#include "table/table.h"

//  Part of the owner's structure.
typedef struct {
    table_t *table;          //  Borrowed
    table_cursor_t changes;  //  Behind what was written of records and changes
    table_cursor_t loaded;   //  Before what was written, or will be by changes
} copy_t;

//  What a copy has: all records from the first lsn to the last, both included,
//  that were there when it had them.
typedef struct {
    uint64_t first;
    uint64_t last;
} copy_position_t;

//  Make *self a copy that has nothing.  Returns false if there is no memory for
//  two cursors.
bool
copy_init (copy_t *self, table_t *table);

//  Give back what copy_init took, while the table is there.
void
copy_clear (copy_t *self);

//  It has nothing: write all from the first record.
void
copy_restart (copy_t *self);

//  It has all that is no change.
void
copy_skip_loaded (copy_t *self);

//  Return the position of a copy that has nothing, or that lacks nothing.
copy_position_t
copy_nothing (const copy_t *self);
copy_position_t
copy_everything (const copy_t *self);

//  It has what it had at this position, which one of its table once gave, over
//  so many records at most.  Returns true if it is there; if not, call it again
//  and nothing else.
bool
copy_seek (copy_t *self, copy_position_t position, size_t steps);

//  Return the next record that it lacks, good until the next table_put; or
//  false.
bool
copy_peek (const copy_t *self, table_record_t *record);

//  The same, and it has the record now: move the position there.
bool
copy_take (copy_t *self, table_record_t *record, copy_position_t *position);

//  Return true if it lacks a record.
bool
copy_has_next (const copy_t *self);

//  Write the next AT lines, each with LF, to the buffer of so many bytes, which
//  the longest line must fit.  Returns their size, 0 if the copy has all, and
//  adds their number to *records.
size_t
copy_write (copy_t *self, size_t size, char *buffer, uint64_t *records);

#endif
