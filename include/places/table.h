/*  =========================================================================
    table - a file of lines or records, packed or not, one after the other

    What was read is forgotten with the next line, so a table may be of any
    size.  A file that begins with the byte RS is a text sequence by RFC 8142,
    whose records may have many lines; of any other each line is a record.
    =========================================================================
*/

#ifndef PLACES_TABLE_H
#define PLACES_TABLE_H

#include "core/span.h"

//  A record with more bytes is a bad one.
#define TABLE_RECORD_MAX (64 << 20)

typedef struct table_t table_t;

//  Open the file, "-" for standard input; it is unpacked if it is packed with
//  gzip.  Returns NULL, after a line on standard error, when it can't be.
table_t *
table_new (const char *file);

//  Free the table and set *self_p to NULL.
void
table_destroy (table_t **self_p);

//  Read the next record.  Returns 1, or 0 when it is too long or has a NUL in
//  it, or -1 after the last, or when the file can't be read any further.  The
//  record is good until the next one is read.
int
table_read (table_t *self, span_t *record);

//  Return true if the file was read to its end, and is not damaged.
bool
table_is_whole (const table_t *self);

//  Return how much of the file was read, 0 to 100, or -1 if that is not known.
int
table_percent (table_t *self);

//  Tell, on standard error, what is wrong with the record read last, by the
//  number of its first line.  Of many only the first are told.
void
table_complain (table_t *self, const char *wrong);

//  Return how many records were complained of.
size_t
table_bad_lines (const table_t *self);

#endif
