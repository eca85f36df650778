/*  =========================================================================
    test_import - reads a file of places into an image

    GeoJSON as osmium and Overture's program write it, in either framing, good
    and bad.
    =========================================================================
*/

#include "places/builder.h"
#include "places/import_case.h"

#include <czmq.h>
#include <zlib.h>

#include <setjmp.h>
#include <cmocka.h>

#define POINT(lng, lat)                                                        \
    "\"geometry\":{\"type\":\"Point\",\"coordinates\":[" #lng "," #lat "]}"
#define FEATURE(rest) "{\"type\":\"Feature\"," rest "}\n"
#define CAFE                                                                   \
    POINT (2.3522, 48.8566)                                                    \
    ",\"properties\":{\"amenity\":\"cafe\",\"name\":\"Café Één\","          \
    "\"addr:street\":\"Rue A\",\"addr:housenumber\":\"7b\","                   \
    "\"addr:city\":\"Paris\",\"website\":\"x\"}"


static void
s_reads (const char *records, const char *id, const char *types,
    const char *vicinity)
{
    import_case_t self;
    place_t place = import_case_find (&self, records, id);
    if (!place.name.data)
        fail_msg ("%s is not in %s", id, records);
    assert_string_equal (place.types.data, types);
    assert_string_equal (place.vicinity.data, vicinity);
    assert_true (place.name.size > 0);
    import_case_free (&self);
}


static void
s_passes_over (const char *feature)
{
    char records [2048];
    import_case_t self;
    snprintf (records, sizeof (records), "%s%s", feature, FEATURE (CAFE));
    import_case_run (&self, records, strlen (records), false);
    assert_int_equal (self.rc, 0);
    assert_string_equal (self.said, "");
    assert_int_equal (self.count.places, 1);
    assert_int_equal (self.count.bad_lines, 0);
    import_case_free (&self);
}


#define GENERAL "point_of_interest,establishment"


static void
openstreetmap_is_read_as_osmium_writes_it (void **state)
{
    (void) state;
    s_reads (FEATURE ("\"id\":\"n12\"," CAFE), "osm-n12", "cafe,food," GENERAL,
        "Rue A 7b, Paris");
    s_reads (FEATURE ("\"id\":\"a246\"," CAFE), "osm-w123",
        "cafe,food," GENERAL, "Rue A 7b, Paris");
    s_reads (FEATURE ("\"id\":\"a247\"," CAFE), "osm-r123",
        "cafe,food," GENERAL, "Rue A 7b, Paris");
    s_reads (FEATURE (POINT (1, 2) ",\"properties\":{\"@type\":\"way\","
                                   "\"@id\":5,\"shop\":\"rare\","
                                   "\"name\":\"A\",\"addr:city\":\"B\"}"),
        "osm-w5", "store," GENERAL, "B");
    s_reads (FEATURE (POINT (1, 2) ",\"properties\":{\"office\":\"x\","
                                   "\"name\":\"A\","
                                   "\"addr:housenumber\":\"1\"}"),
        "at-20000000.10000000-2961dea0", GENERAL, "");
}


static void
what_is_no_place_is_passed_over (void **state)
{
    (void) state;
    s_passes_over (FEATURE (POINT (1, 2) ",\"properties\":{\"name\":\"A\"}"));
    s_passes_over (
        FEATURE (POINT (1, 2) ",\"properties\":{\"shop\":\"bakery\"}"));
    s_passes_over (FEATURE (POINT (1, 2) ",\"properties\":{\"name\":\"A\","
                                         "\"railway\":\"rail\"}"));
    s_passes_over (FEATURE (POINT (1, 2) ",\"properties\":{\"name\":\"A\","
                                         "\"place\":\"ocean\"}"));
    s_passes_over (FEATURE (POINT (1, 2) ",\"properties\":null"));
}


static void
overture_is_read_as_its_program_writes_it (void **state)
{
    (void) state;
#define OVERTURE(category, rest)                                               \
    FEATURE (                                                                  \
        POINT (1, 2) ",\"properties\":{\"id\":\"08f\",\"names\":{"             \
                     "\"primary\":\"A\",\"common\":null},"                     \
                     "\"categories\":{\"primary\":" category ","               \
                     "\"alternate\":[\"b\"]},\"confidence\":0.95" rest "}")
    s_reads (OVERTURE ("\"coffee_shop\"",
                 ",\"addresses\":[{\"freeform\":\"Main St 1\",\"locality\":"
                 "\"Town\",\"region\":\"CA\",\"country\":\"US\"}]"),
        "overture-08f", "cafe,food," GENERAL, "Main St 1, Town");
    s_reads (OVERTURE ("\"thai_restaurant\"", ""), "overture-08f",
        "restaurant,food," GENERAL, "");
    s_reads (
        OVERTURE ("\"museum\"", ""), "overture-08f", "museum," GENERAL, "");
    s_reads (
        OVERTURE ("null", ",\"addresses\":[]"), "overture-08f", GENERAL, "");
    s_passes_over (
        OVERTURE ("\"bar\"", ",\"operating_status\":\"permanently_closed\""));
}


//  A line, and the areas osmium makes, stand at the middle of their box

static void
shapes_stand_at_their_middle (void **state)
{
    static const char *const shapes [] = {
        "\"LineString\",\"coordinates\":[[1,2],[3,8]]",
        "\"Polygon\",\"coordinates\":[[[1,2],[3,2],[3,8],[1,2]]]",
        ("\"MultiPolygon\",\"coordinates\":[[[[1,2],[1,3],[2,2],[1,2]]],"
         "[[[3,8],[3,7],[2,7],[3,8]]]]")};
    (void) state;
    for (size_t index = 0; index < 3; index++) {
        char record [512];
        import_case_t self;
        snprintf (record, sizeof (record),
            FEATURE ("\"id\":\"w1\",\"geometry\":{\"type\":%s},"
                     "\"properties\":{\"shop\":\"mall\",\"name\":\"A\"}"),
            shapes [index]);
        place_t place = import_case_find (&self, record, "osm-w1");
        assert_int_equal (place.at.lat, 50000000);
        assert_int_equal (place.at.lng, 20000000);
        import_case_free (&self);
    }
}


static void
bad_features_are_told_by_number (void **state)
{
    static const char records [] =
        FEATURE (CAFE) "{\"type\":\"Feature\n" FEATURE (
            POINT (181, 0) ",\"properties\":{}")
            FEATURE ("\"geometry\":{},\"properties\":{}") FEATURE (
                "\"geometry\":{\"coordinates\":[[[[[[[[[[1,2]]]]]]"
                "]]]]}") FEATURE ("\"geometry\":{\"coordinates\":[1,\"2\"]}")
                FEATURE ("\"geometry\":{\"coordinates\":[[1,2],[]]"
                         "}") "{\"type\":\"Polygon\"}\n[1]\nbad\n";
    static const char *const said [] = {": line 2: not JSON\n",
        ": line 3: bad geometry\n", ": line 4: bad geometry\n",
        ": line 5: bad geometry\n", ": line 6: bad geometry\n",
        ": line 7: bad geometry\n", ": line 8: not a Feature\n",
        ": line 9: not JSON\n", ": line 10: not JSON\n",
        ": 9 bad lines left out\n"};
    import_case_t self;
    (void) state;
    import_case_run (&self, records, sizeof (records) - 1, false);
    assert_int_equal (self.rc, 0);
    assert_int_equal (self.count.places, 1);
    assert_int_equal (self.count.bad_lines, 9);
    for (size_t index = 0; index < sizeof (said) / sizeof (*said); index++)
        if (!strstr (self.said, said [index]))
            fail_msg ("not said: %s in\n%s", said [index], self.said);
    import_case_free (&self);
}


//  RFC 8142 frames a record by RS, so that it may have many lines

static void
text_sequences_are_read_too (void **state)
{
    static const char records [] =
        "\x1e" FEATURE ("\"id\":\"n1\"," CAFE) "\x1e{\n\"type\":\"Feature\",\n"
                                               "\"id\":\"n2\",\n" CAFE
                                               "}\n\n\x1e{bad}\n\x1e" FEATURE (
                                                   "\"id\":\"n3\"," CAFE);
    import_case_t self;
    (void) state;
    import_case_run (&self, records, sizeof (records) - 1, false);
    assert_int_equal (self.count.places, 3);
    assert_int_equal (self.count.bad_lines, 1);
    assert_non_null (strstr (self.said, ": line 7: not JSON\n"));
    import_case_free (&self);
}


//  What people have, of two places

static void
features_come_in_many_framings (void **state)
{
#define ONE "{\"type\":\"Feature\",\"id\":\"n1\"," CAFE "}"
#define TWO "{\"type\":\"Feature\",\n\"id\":\"n2\"," CAFE "}"
#define BOM "\xef\xbb\xbf"
    static const char *const framings [] = {ONE "\n" TWO, ONE TWO,
        BOM ONE "\n" TWO "\n", BOM "\x1e" ONE "\n\x1e" TWO "\n",
        "  " ONE "\n\n \r\n\t" TWO "\r\n\n", "[" ONE "," TWO "]",
        "\n\x1e\x1e" ONE "\n\x1e\n" TWO "\n\x1e", ONE ",\n" TWO ",\n",
        "{\"type\":\"FeatureCollection\",\"features\":[" ONE "," TWO "]}",
        BOM "{\n \"type\": \"FeatureCollection\",\n \"bbox\": [1, 2],\n"
            " \"features\": [\n" ONE ",\n" TWO "\n ],\n \"a\": {}\n}\n",
        "{\"features\":[" ONE "]}\n{\"features\":[" TWO "]}\n"};
    (void) state;
    for (size_t at = 0; at < sizeof (framings) / sizeof (*framings); at++) {
        s_reads (
            framings [at], "osm-n1", "cafe,food," GENERAL, "Rue A 7b, Paris");
        s_reads (
            framings [at], "osm-n2", "cafe,food," GENERAL, "Rue A 7b, Paris");
    }
}


//  Even if it is the first

static void
a_bad_feature_is_no_bad_table (void **state)
{
    static const char text [] = "type\":\"Feature\"}\n" ONE "\n}\n";
    import_case_t self;
    (void) state;
    import_case_run (&self, text, sizeof (text) - 1, false);
    assert_int_equal (self.count.places, 1);
    assert_non_null (strstr (
        self.said, ": line 1: neither GeoJSON nor columns between tabs\n"));
    assert_non_null (strstr (self.said, ": line 3: not JSON\n"));
    import_case_free (&self);
}


//  A collection may be on one line

static void
bad_features_of_a_line_are_told_by_byte (void **state)
{
    static const char text [] =
        "\n{\"features\":[" ONE ",{\"a\":\"\\ud800\"}," TWO ",7]}\n{}";
    char said [64];
    import_case_t self;
    (void) state;
    import_case_run (&self, text, sizeof (text) - 1, false);
    assert_int_equal (self.rc, 0);
    assert_int_equal (self.count.places, 2);
    snprintf (said, sizeof (said), ": line 2, byte %zu: not JSON\n",
        strlen ("{\"features\":[" ONE ",{"));
    assert_non_null (strstr (self.said, said));
    assert_non_null (strstr (self.said, ": line 3, byte "));
    assert_non_null (strstr (self.said, ": line 4: not a Feature\n"));
    import_case_free (&self);
}


//  Nobody asks for it, and a place has it

static void
a_number_too_large_for_us_is_read_over (void **state)
{
    (void) state;
    s_reads (FEATURE ("\"a\":[18446744073709551616,-9223372036854775809],"
                      "\"id\":\"n1\"," CAFE),
        "osm-n1", "cafe,food," GENERAL, "Rue A 7b, Paris");
}


static void
a_file_that_is_cut_short_is_no_import (void **state)
{
    static const char text [] =
        "{\"type\":\"FeatureCollection\",\"features\":[" ONE "," ONE;
    import_case_t self;
    (void) state;
    import_case_run (&self, text, sizeof (text) - 1, false);
    assert_int_equal (self.rc, -1);
    assert_non_null (strstr (self.said, ": cut short: "));
    import_case_run (&self, text, sizeof (text) - 5, false);
    assert_int_equal (self.rc, -1);
    assert_non_null (strstr (self.said, ": line 1, byte "));
    assert_non_null (strstr (self.said, ": cut short: "));
    import_case_run (&self, "\xff\xfe{\0}\0", 6, false);
    assert_int_equal (self.rc, -1);
    assert_non_null (strstr (self.said, ": in UTF-16: "));
}


static void
what_comes_twice_is_kept_once (void **state)
{
    static const char records [] = FEATURE ("\"id\":\"w1\"," CAFE)
        FEATURE ("\"id\":\"n1\"," CAFE) FEATURE ("\"id\":\"a2\"," CAFE);
    import_case_t self;
    (void) state;
    import_case_run (&self, records, sizeof (records) - 1, false);
    assert_int_equal (self.count.places, 2);
    assert_int_equal (self.count.twice, 1);
    import_case_free (&self);
}


static void
progress_is_shown_and_taken_back (void **state)
{
    import_case_t self;
    (void) state;
    import_case_run (&self, FEATURE (CAFE), strlen (FEATURE (CAFE)), true);
    assert_non_null (
        strstr (self.said, "\r1 records, 1 places, 100 %, sorting"));
    size_t size = strlen (self.said);
    assert_string_equal (self.said + size - 4, "\r\x1b[K");
    import_case_free (&self);
}


static void
nothing_good_is_no_import (void **state)
{
    import_case_t self;
    (void) state;
    import_case_run (&self, "", 0, false);
    assert_int_equal (self.rc, -1);
    assert_non_null (
        strstr (self.said, ": no places in it, nor anything else\n"));
    import_case_run (&self, "\x1e", 1, false);
    assert_int_equal (self.rc, -1);
    import_case_run (&self, "{}\n", 3, false);
    assert_int_equal (self.rc, -1);
    assert_non_null (strstr (self.said, ": 1 bad lines left out\n"));
    assert_non_null (strstr (self.said,
        ": no places in it: \"zherd-places -h\" tells what it can be\n"));
    import_case_run (&self, "\x1f\x8bnot gzip", 10, false);
    assert_int_equal (self.rc, -1);
}


//  And so is what a file has instead of places

static void
what_is_passed_over_is_counted_by_reasons (void **state)
{
#define OTHERS                                                                 \
    FEATURE (POINT (1, 2) ",\"properties\":{\"name\":\"A\"}")                  \
    FEATURE ("\"geometry\":null,\"properties\":{\"name\":\"A\"}")              \
    FEATURE ("\"geometry\":{\"coordinates\":[]}")                              \
    FEATURE (POINT (1, 2) ",\"properties\":{\"shop\":\"bakery\"}")             \
    FEATURE (POINT (1, 2) ",\"properties\":{\"shop\":\"bakery\"}")             \
    FEATURE (POINT (1, 2) ",\"properties\":{\"shop\":\"bakery\"}")
    static const char said [] =
        ": 6 passed over: no tag that tells of a place (1), no position (2), "
        "no name (3)\n";
    import_case_t self;
    (void) state;
    import_case_run (
        &self, OTHERS FEATURE (CAFE), strlen (OTHERS FEATURE (CAFE)), false);
    assert_int_equal (self.rc, 0);
    assert_string_equal (self.said, "");
    assert_int_equal (self.count.places, 1);
    assert_int_equal (self.count.passed_over, 6);
    char *told = NULL;
    size_t size = 0;
    FILE *out = open_memstream (&told, &size);
    import_tell (&self.count, "", out);
    fclose (out);
    assert_string_equal (told, said);
    free (told);
    import_case_free (&self);
    import_case_run (&self, OTHERS, strlen (OTHERS), false);
    assert_int_equal (self.rc, -1);
    assert_non_null (strstr (self.said, said));
    assert_non_null (strstr (self.said, ": no places in it\n"));
}


static void
a_full_disk_is_told (void **state)
{
    import_count_t count;
    char *said = NULL;
    size_t size = 0;
    int full = open ("/dev/full", O_WRONLY);
    FILE *kept = stderr;
    (void) state;
    assert_true (full >= 0);
    stderr = open_memstream (&said, &size);
    int rc = import_file ("data/cities500.tsv.gz", NULL, full, false, &count);
    fclose (stderr);
    stderr = kept;
    close (full);
    assert_int_equal (rc, -1);
    assert_string_equal (
        said, "data/cities500.tsv.gz: No space left on device\n");
    free (said);
}


//  At once, not after hours

static void
a_place_that_cannot_be_kept_is_refused (void **state)
{
    int full = open ("/dev/full", O_WRONLY);
    builder_t *builder = builder_new (full);
    place_t place = {.name = span_of ("A place with some name")};
    size_t count = 0;
    (void) state;
    while (builder_add (builder, &place))
        assert_in_range (++count, 0, 1000000);
    assert_int_equal (errno, ENOSPC);
    assert_int_equal (builder_end (builder), -1);
    assert_int_equal (errno, ENOSPC);
    builder_destroy (&builder);
    close (full);
}


//  An image of which any byte is another, or an end is missing, is refused or
//  read, but never read beyond its end

static void
a_damaged_image_hurts_nobody (void **state)
{
    static const char records [] =
        FEATURE ("\"id\":\"w1\"," CAFE) FEATURE ("\"id\":\"n1\"," CAFE);
    import_case_t self;
    (void) state;
    import_case_run (&self, records, sizeof (records) - 1, false);
    assert_int_equal (self.count.places, 2);
    for (size_t at = 0; at < self.size * 2; at++) {
        char kept = self.bytes [at / 2];
        self.bytes [at / 2] ^= at % 2 ? '\x01' : '\x7f';
        image_t *image = import_case_map (self.bytes, self.size);
        self.bytes [at / 2] = kept;
        size_t size = image ? image_size (image) : 0;
        for (size_t index = 0; index < size; index++) {
            place_t place = image_place (image, &image_entries (image) [index]);
            assert_true (place.id.size + place.name.size + place.vicinity.size +
                             place.types.size + place.credit.size <
                         self.size);
        }
        image_destroy (&image);
    }
    for (size_t size = 0; size < self.size; size++)
        assert_null (import_case_map (self.bytes, size));
    import_case_free (&self);
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        cmocka_unit_test (openstreetmap_is_read_as_osmium_writes_it),
        cmocka_unit_test (what_is_no_place_is_passed_over),
        cmocka_unit_test (overture_is_read_as_its_program_writes_it),
        cmocka_unit_test (shapes_stand_at_their_middle),
        cmocka_unit_test (bad_features_are_told_by_number),
        cmocka_unit_test (text_sequences_are_read_too),
        cmocka_unit_test (features_come_in_many_framings),
        cmocka_unit_test (a_bad_feature_is_no_bad_table),
        cmocka_unit_test (bad_features_of_a_line_are_told_by_byte),
        cmocka_unit_test (a_number_too_large_for_us_is_read_over),
        cmocka_unit_test (a_file_that_is_cut_short_is_no_import),
        cmocka_unit_test (what_comes_twice_is_kept_once),
        cmocka_unit_test (progress_is_shown_and_taken_back),
        cmocka_unit_test (nothing_good_is_no_import),
        cmocka_unit_test (what_is_passed_over_is_counted_by_reasons),
        cmocka_unit_test (a_full_disk_is_told),
        cmocka_unit_test (a_place_that_cannot_be_kept_is_refused),
        cmocka_unit_test (a_damaged_image_hurts_nobody),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
