/*  =========================================================================
    test_collection - the same places, however their Features are framed

    Thousands of OpenStreetMap's, out of the table that we ship, are written as
    a text sequence (RFC 8142) and as collections, on one line and on many: the
    images must be the same, byte by byte.
    =========================================================================
*/

#include "places/import_case.h"

#include <czmq.h>
#include <jansson.h>
#include <zlib.h>

#include <setjmp.h>
#include <cmocka.h>

#define FEATURES 5889
#define TABLE "data/osm-montevideo-astana.tsv.gz"

//  What stands before, between and after the Features
typedef struct {
    const char *head;
    const char *before;
    const char *between;
    const char *after;
    const char *end;
    size_t indent;
} framing_t;


//  A row of the table as a Feature

static json_t *
s_feature (char *row)
{
    span_t rest = span_of (row);
    span_t fields [5];
    char tag [2][64] = {"", ""};
    for (size_t index = 0; index < 5; index++)
        fields [index] = span_until (&rest, '\t');
    span_t value = fields [4];
    span_t key = span_until (&value, '=');
    snprintf (tag [0], 64, "%.*s", (int) key.size, key.data);
    snprintf (tag [1], 64, "%.*s", (int) value.size, value.data);
    json_t *feature = json_pack (
        "{s:s, s:s%, s:{s:s, s:[f, f]}, s:{s:s, s:s%}}", "type", "Feature",
        "id", fields [0].data + 4, fields [0].size - 4, "geometry", "type",
        "Point", "coordinates", strtod (fields [3].data, NULL),
        strtod (fields [2].data, NULL), "properties", tag [0], tag [1], "name",
        fields [1].data, fields [1].size);
    assert_non_null (feature);
    return feature;
}


//  Return the Features in that framing, and their size

static char *
s_write (const framing_t *framing, size_t *size)
{
    char *text = NULL;
    char row [1024];
    size_t count = 0;
    gzFile table = gzopen (TABLE, "rb");
    FILE *out = open_memstream (&text, size);
    assert_non_null (table);
    fputs (framing->head, out);
    while (count < FEATURES && gzgets (table, row, sizeof (row))) {
        if (*row == '#')
            continue;
        json_t *feature = s_feature (row);
        fprintf (out, "%s%s", count++ ? framing->between : "", framing->before);
        json_dumpf (feature, out, JSON_REAL_PRECISION (10) | framing->indent);
        fputs (framing->after, out);
        json_decref (feature);
    }
    fputs (framing->end, out);
    fclose (out);
    gzclose (table);
    assert_int_equal (count, FEATURES);
    return text;
}


static void
s_import (import_case_t *self, const framing_t *framing)
{
    size_t size;
    char *text = s_write (framing, &size);
    import_case_run (self, text, size, false);
    free (text);
    if (self->rc < 0 || *self->said)
        fail_msg ("%s: %s", framing->head, self->said);
}


static void
a_collection_gives_the_places_of_a_sequence (void **state)
{
    static const framing_t sequence = {"", "\x1e", "", "\n", "", JSON_COMPACT};
    static const framing_t others [] = {{"", "", "", "\n", "", JSON_COMPACT},
        {"{\"type\":\"FeatureCollection\",\"features\":[", "", ",", "", "]}",
            JSON_COMPACT},
        {"{\"type\":\"FeatureCollection\",\"features\":[\n", "", ",", "\n",
            "]}\n", 0},
        {"\xef\xbb\xbf{\n\"name\":\"all\",\n\"bbox\":[-180,-90,180,90],\n"
         "\"features\":[\n",
            "\n", ",\n", "\n", "\n],\n\"type\":\"FeatureCollection\"}\n",
            JSON_INDENT (4)}};
    import_case_t expected;
    (void) state;
    s_import (&expected, &sequence);
    assert_in_range (expected.count.places, 5000, FEATURES);
    for (size_t index = 0; index < sizeof (others) / sizeof (*others);
         index++) {
        import_case_t self;
        s_import (&self, &others [index]);
        assert_int_equal (self.count.places, expected.count.places);
        assert_int_equal (self.size, expected.size);
        assert_memory_equal (self.bytes, expected.bytes, self.size);
        import_case_free (&self);
    }
    import_case_free (&expected);
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        cmocka_unit_test (a_collection_gives_the_places_of_a_sequence),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
