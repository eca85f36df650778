/*  =========================================================================
    table_record - what readers of a table are told of its records

    Who follows the changes has a cursor and is told a record; who compares
    tables walks over the records of a part of one.
    =========================================================================
*/

#ifndef TABLE_TABLE_RECORD_H
#define TABLE_TABLE_RECORD_H

#include "base/span.h"

typedef struct table_t table_t;

//  Where a reader of the changes is: behind a record, or before all.
typedef uint32_t table_cursor_t;

typedef struct {
    span_t line;     //  The AT line
    uint64_t lsn;    //  Number of the change that put it here
    uint64_t known;  //  Bit i: peer i is known to have just this
} table_record_t;

//  A walk over the records whose clients' hashes start with a prefix.  It comes
//  with level and prefix and zeros for the rest.  If records are put or dropped
//  between its steps, it still ends, but may miss some or see them twice.
typedef struct {
    unsigned level;   //  Hexadecimal digits of the prefix, 0 to 16
    uint64_t prefix;  //  Their value
    size_t seen;      //  Where the walk is: the table's own
    bool onward;      //
    span_t line;      //  The record's AT line; empty if it is not below the
                      //  prefix, and only stands there
    uint64_t hash;    //  Of its client
    uint64_t check;   //  Of the whole line
} table_walk_t;

//  Make a cursor before all records, or drop one; the table owns it until then.
//  Returns 0 if there is no memory for it.
table_cursor_t
table_cursor (table_t *self);
void
table_drop_cursor (table_t *self, table_cursor_t cursor);

//  Return the record after the cursor, good until the next table_put, or false.
bool
table_peek (const table_t *self, table_cursor_t cursor, table_record_t *record);

//  Move the cursor behind the record that table_peek gives.
void
table_advance (table_t *self, table_cursor_t cursor);

//  The peer of that bit is not known any more to have the record after the
//  cursor, which there must be.
void
table_disown (table_t *self, table_cursor_t cursor, unsigned peer);

//  The same with the record before the cursor, and to move it before that.
bool
table_peek_back (
    const table_t *self, table_cursor_t cursor, table_record_t *record);
void
table_retreat (table_t *self, table_cursor_t cursor);

//  Move the cursor behind all records up to this lsn, over so many records at
//  most.  Returns true if it is there; if not, call it again, and until then
//  the cursor has no meaning.
bool
table_seek (table_t *self, table_cursor_t cursor, uint64_t lsn, size_t steps);

//  Return the newest lsn, or TABLE_LSN_BASE; and how many were TABLE_STORED.
uint64_t
table_lsn (const table_t *self);
uint64_t
table_stored (const table_t *self);

#endif
