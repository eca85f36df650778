/*  =========================================================================
    records - a file of lines or records, packed or not, one after the other

    What was read is forgotten with the next record, so a table may be of any
    size.  The splitter says what a record is.
    =========================================================================
*/

#ifndef PLACES_RECORDS_H
#define PLACES_RECORDS_H

#include "base/span.h"

//  A record with more bytes is a bad one, as is a value of too many values.
#define RECORDS_SIZE_MAX (16 << 20)

typedef struct records_t records_t;

//  What was read.
typedef enum {
    RECORDS_LINE,  //  A line without a NUL
    RECORDS_JSON,  //  What should be a JSON value
    RECORDS_BAD,   //  A record that can't be had, nothing of it
    RECORDS_END    //  Nothing: the file is at its end, or broken
} records_kind_t;

//  Open the file, "-" for standard input; it is unpacked if it is packed with
//  gzip.  Returns NULL, after a line on standard error, when it can't be.
records_t *
records_new (const char *file);

//  Free the table and set *self_p to NULL.
void
records_destroy (records_t **self_p);

//  Read the next record, good until the one after it is read.  Of a bad one
//  this is what is wrong with it, in words.
records_kind_t
records_read (records_t *self, span_t *record);

//  Take all that follows for lines, whatever they begin with.
void
records_keep_to_lines (records_t *self);

//  Return what kept us from reading the file to its end, in words, or NULL.
const char *
records_wrong (const records_t *self);

//  Return how much of the file was read, 0 to 100, or -1 if that is not known.
int
records_percent (records_t *self);

//  Tell, on standard error, what is wrong with the record read last, by the
//  number of its first line, and of its first byte there if another record is
//  before it.  Of many only the first are told.
void
records_complain (records_t *self, const char *wrong);

//  Return how many records were complained of.
size_t
records_bad_lines (const records_t *self);

#endif
