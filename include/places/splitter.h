/*  =========================================================================
    splitter - cuts a text into its records

    A record is a line of a table, or a JSON value: one a line, one over many
    lines, one after the byte RS (RFC 7464), an element of an array, or an
    element of the member "features" of an object, which is a GeoJSON
    FeatureCollection.  White space, commas and a byte order mark between
    records are passed over.  Only brackets and strings are looked at, so that
    a value that is no JSON costs itself alone: whoever reads it is the judge.

    A value that has no end is taken to end with its first line, or where RS
    or, in a collection, the next object begins.
    =========================================================================
*/

#ifndef PLACES_SPLITTER_H
#define PLACES_SPLITTER_H

#include "base/span.h"

//  Most values in a value, in brackets of any depth: each takes memory when it
//  is read.  A shape of 160,000 points has less.
#define SPLITTER_VALUES_MAX 500000

typedef struct splitter_t splitter_t;

typedef enum {
    SPLITTER_MORE,  //  None yet: more text is needed
    SPLITTER_LINE,  //  A line
    SPLITTER_JSON,  //  What should be a JSON value
    SPLITTER_LONG,  //  One that was too large, and is gone
    SPLITTER_TORN,  //  The end of a collection is missing
    SPLITTER_END    //  None any more
} splitter_kind_t;

//  What is at the start of the text: first bytes that are no more needed, then
//  the record.
typedef struct {
    splitter_kind_t kind;  //
    size_t before;         //  Bytes
    size_t size;           //  Bytes; 0 if there is no record
} splitter_found_t;

//  Make a splitter of records of at most so many bytes.
splitter_t *
splitter_new (size_t size_max);

//  Free the splitter and set *self_p to NULL.
void
splitter_destroy (splitter_t **self_p);

//  Find the next record.  The text is what was left of the text before, when
//  what was found was taken off its front, and more that follows; or less, by
//  nothing, once the text has ended.
splitter_found_t
splitter_find (splitter_t *self, span_t text, bool ended);

//  From now on every line is a record.
void
splitter_keep_to_lines (splitter_t *self);

#endif
