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

//  Make *self a copy that has nothing.  To be called while the table is new:
//  there must be memory for two cursors.
void
copy_init (copy_t *self, table_t *table);

//  It has nothing: write all from the first record.
void
copy_restart (copy_t *self);

//  It has all that is no change.
void
copy_skip_loaded (copy_t *self);

//  Return true if it lacks a record.
bool
copy_has_next (const copy_t *self);

//  Write the next AT lines, each with LF, to the buffer of so many bytes, which
//  the longest line must fit.  Returns their size, 0 if the copy has all, and
//  adds their number to *records.
size_t
copy_write (copy_t *self, size_t size, char *buffer, uint64_t *records);

#endif
