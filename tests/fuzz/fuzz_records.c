/*  =========================================================================
    fuzz_records - whatever a file of places holds, it is cut and read

    The first byte of the input is the size of the pieces that the rest comes
    in, and its highest bit whether all are lines.  However it comes, the same
    records are found; they lie in the text one after the other, and what is
    between them is nothing that a value or a line is made of.
    =========================================================================
*/

#include "places/columns.h"
#include "places/feature.h"
#include "places/splitter.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

#define RECORD_SIZE_MAX 200

//  How a text is cut
typedef struct {
    span_t text;
    size_t piece;
    bool by_lines;
} cut_t;


//  Read the record out of memory of its own

static void
s_read (span_t record, splitter_kind_t kind, columns_t *columns)
{
    feature_t feature = {0};
    place_t place = {0};
    char *copy = malloc (record.size + !record.size);
    assert (copy);
    if (record.size)
        memcpy (copy, record.data, record.size);
    span_t own = {copy, record.size};
    if (kind == SPLITTER_LINE && !memchr (copy, '\0', own.size))
        (void) columns_read (columns, own, &place);
    else if (kind == SPLITTER_JSON)
        (void) feature_read (&feature, own, &place);
    assert (!place.name.data || place.name.size);
    assert (place.at.lat >= -90 * DEGREE && place.at.lat <= 90 * DEGREE);
    assert (place.at.lng >= -180 * DEGREE && place.at.lng <= 180 * DEGREE);
    feature_free (&feature);
    free (copy);
}


//  Return what is found, a line each: where, how much and what

static char *
s_cut (const cut_t *self)
{
    char *said = NULL;
    size_t said_size = 0;
    FILE *out = open_memstream (&said, &said_size);
    splitter_t *splitter = splitter_new (RECORD_SIZE_MAX);
    columns_t columns = {0};
    if (self->by_lines)
        splitter_keep_to_lines (splitter);
    splitter_found_t found;
    size_t start = 0;
    size_t end = 0;
    do {
        bool ended = end == self->text.size;
        span_t given = {self->text.data + start, end - start};
        found = splitter_find (splitter, given, ended);
        assert (found.before + found.size <= given.size);
        assert (found.size <= RECORD_SIZE_MAX);
        start += found.before;
        if (found.kind == SPLITTER_MORE) {
            assert (!ended && end - start <= RECORD_SIZE_MAX + self->piece);
            size_t left = self->text.size - end;
            end += self->piece < left ? self->piece : left;
        }
        else
            fprintf (out, "%zu %zu %d\n", start, found.size, found.kind);
        s_read ((span_t){self->text.data + start, found.size}, found.kind,
            &columns);
        start += found.size;
    } while (found.kind != SPLITTER_END);
    assert (start == self->text.size);
    columns_free (&columns);
    splitter_destroy (&splitter);
    fclose (out);
    return said;
}


int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    span_t text = {(const char *) data + 1, size - 1};
    bool by_lines = data [0] & 0x80;
    char *whole = s_cut (&(cut_t){text, size, by_lines});
    char *pieces = s_cut (&(cut_t){text, data [0] % 0x80 + 1, by_lines});
    assert (strcmp (whole, pieces) == 0);
    free (pieces);
    free (whole);
    return 0;
}
