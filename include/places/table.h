/*  =========================================================================
    table - a file of tab-separated lines, packed or not
    =========================================================================
*/

#ifndef PLACES_TABLE_H
#define PLACES_TABLE_H

#include "core/span.h"

typedef struct table_t table_t;

//  Read the whole file, unpacking it if it is packed with gzip.  Returns NULL,
//  after a line on standard error, when it can't be read, is damaged or has
//  more than 1 GiB.
table_t *
table_new (const char *file);

//  Free the table and set *self_p to NULL.
void
table_destroy (table_t **self_p);

//  Return how many bytes there are in the lines not cut yet.
size_t
table_size (const table_t *self);

//  Cut the next line into count fields; an empty one at its end is none.
//  Returns 1, or 0 when the line is not text or has another number of fields,
//  or -1 after the last line.  The fields are good as long as the table.
int
table_next (table_t *self, span_t *fields, size_t count);

//  Tell, on standard error, what is wrong with the line cut last.  Of many
//  bad lines only the first are told.
void
table_complain (table_t *self, const char *wrong);

//  Return how many lines were complained of.
size_t
table_bad_lines (const table_t *self);

#endif
