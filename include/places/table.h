/*  =========================================================================
    table - a file of lines or records, packed or not, one after the other

    What was read is forgotten with the next record, so a table may be of any
    size.  The splitter says what a record is.
    =========================================================================
*/

#ifndef PLACES_TABLE_H
#define PLACES_TABLE_H

#include "base/span.h"

//  A record with more bytes is a bad one, as is a value of too many values.
#define TABLE_RECORD_MAX (16 << 20)

typedef struct table_t table_t;

//  What was read.
typedef enum {
    TABLE_LINE,  //  A line without a NUL
    TABLE_JSON,  //  What should be a JSON value
    TABLE_BAD,   //  A record that can't be had, nothing of it
    TABLE_END    //  Nothing: the file is at its end, or broken
} table_kind_t;

//  Open the file, "-" for standard input; it is unpacked if it is packed with
//  gzip.  Returns NULL, after a line on standard error, when it can't be.
table_t *
table_new (const char *file);

//  Free the table and set *self_p to NULL.
void
table_destroy (table_t **self_p);

//  Read the next record, good until the one after it is read.  Of a bad one
//  this is what is wrong with it, in words.
table_kind_t
table_read (table_t *self, span_t *record);

//  Take all that follows for lines, whatever they begin with.
void
table_keep_to_lines (table_t *self);

//  Return what kept us from reading the file to its end, in words, or NULL.
const char *
table_wrong (const table_t *self);

//  Return how much of the file was read, 0 to 100, or -1 if that is not known.
int
table_percent (table_t *self);

//  Tell, on standard error, what is wrong with the record read last, by the
//  number of its first line, and of its first byte there if another record is
//  before it.  Of many only the first are told.
void
table_complain (table_t *self, const char *wrong);

//  Return how many records were complained of.
size_t
table_bad_lines (const table_t *self);

#endif
