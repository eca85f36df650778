/*  =========================================================================
    test_records - tables of places are read

    Good and bad lines, packed and damaged tables, and the one we ship.
    =========================================================================
*/

#include "places/gazetteer_case.h"

#include <czmq.h>
#include <zlib.h>

#include <setjmp.h>
#include <cmocka.h>


static void
a_place_keeps_its_columns (void **state)
{
    gazetteer_t *gazetteer = gazetteer_case_new (
        "4294967295\tLe Plessis-Pâté\t-48.61095\t2.3277\tPPLX\tFR\t11\t4062\n"
        "7\tA\t-48.61095\t2.3277\tPPL\tUS\tCA\t0\n");
    gazetteer_query_t query = {.at = {-486109500, 23277000}};
    place_t found [2];
    (void) state;
    assert_int_equal (gazetteer_size (gazetteer), 2);
    assert_int_equal (gazetteer_find (gazetteer, &query, found, 2), 2);
    assert_string_equal (found [0].id.data, "gn-4294967295");
    assert_string_equal (found [0].name.data, "Le Plessis-Pâté");
    assert_string_equal (found [0].types.data, "neighborhood,political");
    assert_string_equal (found [0].vicinity.data, "FR");
    assert_int_equal (found [0].at.lat, -486109500);
    assert_int_equal (found [0].at.lng, 23277000);
    assert_string_equal (found [1].types.data, "locality,political");
    assert_string_equal (found [1].vicinity.data, "CA, US");
    gazetteer_destroy (&gazetteer);
}


static void
bad_lines_are_told_by_number_and_left_out (void **state)
{
    static const char table [] = "\xef\xbb\xbf"
                                 "1\tgood\t0\t0\tPPL\tUS\tCA\t1\n"
                                 "x\tid\t0\t0\tPPL\tUS\tCA\t1\n"
                                 "3\t\t0\t0\tPPL\tUS\tCA\t1\n"
                                 "4\tlat\t90.1\t0\tPPL\tUS\tCA\t1\n"
                                 "5\tlng\t0\tnan\tPPL\tUS\tCA\t1\n"
                                 "6\tmany\t0\t0\tPPL\tUS\tCA\t-1\n"
                                 "7\tfew\t0\t0\tPPL\tUS\tCA\n"
                                 "8\tmore\t0\t0\tPPL\tUS\tCA\t1\tx\n"
                                 " \t\r\n"
                                 "9\tn\0l\t0\t0\tPPL\tUS\tCA\t1\n"
                                 "10\tgood\t0\t0\tPPL\tUS\tCA\t1";
    static const char *const said [] = {": line 2: bad id\n",
        ": line 3: no name\n", ": line 4: bad latitude\n",
        ": line 5: bad longitude\n", ": line 6: bad population\n",
        ": line 7: not eight columns of text",
        ": line 8: not eight columns of text",
        ": line 10: too long, or not text\n"};
    gazetteer_case_t self;
    (void) state;
    gazetteer_case_load (&self, table, sizeof (table) - 1);
    assert_int_equal (gazetteer_size (self.gazetteer), 2);
    assert_int_equal (gazetteer_bad_lines (self.gazetteer), 8);
    for (size_t index = 0; index < 8; index++)
        assert_non_null (strstr (self.said, said [index]));
    gazetteer_destroy (&self.gazetteer);
}


#define HEAD "#id\tname\tlatitude\tlongitude\tkind\tvicinity\tdetails\n"


static void
our_own_table_has_a_head (void **state)
{
    gazetteer_t *gazetteer = gazetteer_case_new (
        HEAD "#credit\t<b>we</b>\n# a remark\n"
             "osm-n1\tCafé\t1\t2\tamenity=cafe\tRambla 1, Town\t6\n"
             "x\tOwn\t1\t2\tbar,food\t\t0\r\n"
             "#credit\n"
             "y\tOdd\t1\t2\tman_made=mast\tHere\t0\n");
    gazetteer_query_t query = {.at = {10000000, 20000000}};
    place_t found [4];
    (void) state;
    assert_int_equal (gazetteer_find (gazetteer, &query, found, 4), 3);
    assert_string_equal (found [0].id.data, "osm-n1");
    assert_string_equal (found [0].name.data, "Café");
    assert_string_equal (
        found [0].types.data, "cafe,food,point_of_interest,establishment");
    assert_string_equal (found [0].vicinity.data, "Rambla 1, Town");
    assert_string_equal (found [0].credit.data, "<b>we</b>");
    assert_string_equal (found [1].types.data, "bar,food");
    assert_string_equal (found [1].credit.data, "<b>we</b>");
    assert_string_equal (found [1].vicinity.data, "");
    assert_string_equal (
        found [2].types.data, "point_of_interest,establishment");
    assert_string_equal (found [2].credit.data, "");
    gazetteer_destroy (&gazetteer);
}


static void
our_own_table_has_bad_lines_too (void **state)
{
    static const char table [] = HEAD "a\tA\t1\t2\tbar\t\t0\n"
                                      "a\tA\t1\t2\tbar\t\n"
                                      "\tA\t1\t2\tbar\t\t0\n"
                                      "a\t\t1\t2\tbar\t\t0\n"
                                      "a\tA\t1\t2\t\t\t0\n"
                                      "a\tA\t1\t2\tbar\t\t7\n"
                                      "a\tA\t1\t200\tbar\t\t0\n";
    static const char *const said [] = {": line 3: not as many columns",
        ": line 4: no id\n", ": line 5: no name\n", ": line 6: no kind\n",
        ": line 7: bad details\n", ": line 8: bad longitude\n",
        ": 6 bad lines left out\n"};
    gazetteer_case_t self;
    (void) state;
    gazetteer_case_load (&self, table, sizeof (table) - 1);
    assert_int_equal (gazetteer_size (self.gazetteer), 1);
    for (size_t index = 0; index < sizeof (said) / sizeof (*said); index++)
        assert_non_null (strstr (self.said, said [index]));
    gazetteer_destroy (&self.gazetteer);
}


//  A name in braces is a GUID

static void
rows_of_a_table_may_begin_as_json_does (void **state)
{
    gazetteer_t *gazetteer =
        gazetteer_case_new (HEAD "{3F2504E0}\tA\t1\t2\tbar\t\t0\n"
                                 "[b]\tB\t1\t2\tbar\t\t0\n");
    (void) state;
    assert_int_equal (gazetteer_size (gazetteer), 2);
    gazetteer_destroy (&gazetteer);
}


//  Longer than what is read at once

static void
lines_are_cut_wherever_they_lie (void **state)
{
    enum { LINES = 60000 };
    char *table;
    size_t size;
    FILE *out = open_memstream (&table, &size);
    (void) state;
    for (unsigned id = 1; id <= LINES; id++)
        fprintf (out, "%u\t%0*u\t1\t1\tPPL\tUS\tCA\t%u\n", id,
            (int) (id % 97 + 1), id, id);
    fprintf (out, "70000\t%0*u\t1\t1\tPPL\tUS\tCA\t1\n", 3 << 20, 0U);
    fputs ("bad\n", out);
    fclose (out);
    gazetteer_case_t self;
    gazetteer_case_load (&self, table, size);
    assert_int_equal (gazetteer_size (self.gazetteer), LINES + 1);
    assert_non_null (strstr (self.said, ": line 60002: not eight columns"));
    gazetteer_destroy (&self.gazetteer);
    free (table);
}


static void
of_many_bad_lines_only_the_first_are_told (void **state)
{
    char table [2000];
    for (size_t at = 0; at < sizeof (table); at++)
        table [at] = at % 2 ? '\n' : 'x';
    gazetteer_case_t self;
    (void) state;
    gazetteer_case_load (&self, table, sizeof (table));
    assert_null (self.gazetteer);
    assert_non_null (strstr (self.said, ": line 10: "));
    assert_null (strstr (self.said, ": line 11: "));
    assert_non_null (strstr (self.said, ": 1000 bad lines left out\n"));
    assert_non_null (strstr (self.said, ": no places in it: "));
}


static void
what_is_no_table_is_refused (void **state)
{
    gazetteer_case_t self;
    (void) state;
    gazetteer_case_load (&self, "", 0);
    assert_null (self.gazetteer);
    assert_non_null (
        strstr (self.said, ": no places in it, nor anything else\n"));
    assert_null (gazetteer_new ((const char *[]){"/no/such/file"}, 1));
    assert_null (gazetteer_new ((const char *[]){"/"}, 1));
}


static void
a_packed_table_is_as_good_but_not_cut_short (void **state)
{
    char table [] = LINE (1, "a", "0", "0", 1);
    unsigned char packed [200];
    z_stream stream = {.next_in = (Bytef *) table,
        .avail_in = (unsigned) strlen (table),
        .next_out = packed,
        .avail_out = sizeof (packed)};
    (void) state;
    //  15 bits of window, and 16 for a gzip header
    assert_int_equal (
        deflateInit2 (&stream, 9, Z_DEFLATED, 15 + 16, 8, 0), Z_OK);
    assert_int_equal (deflate (&stream, Z_FINISH), Z_STREAM_END);
    deflateEnd (&stream);

    gazetteer_case_t self;
    gazetteer_case_load (&self, (char *) packed, stream.total_out);
    assert_int_equal (gazetteer_size (self.gazetteer), 1);
    gazetteer_destroy (&self.gazetteer);
    for (size_t size = 20; size < stream.total_out; size++) {
        gazetteer_case_load (&self, (char *) packed, size);
        assert_null (self.gazetteer);
        assert_non_null (
            strstr (self.said, ": damaged: can't be read to its end\n"));
    }
}


static void
our_own_table_is_all_good (void **state)
{
    gazetteer_t *gazetteer =
        gazetteer_new ((const char *[]){"data/cities500.tsv.gz"}, 1);
    (void) state;
    assert_non_null (gazetteer);
    assert_int_equal (gazetteer_size (gazetteer), 199524);
    assert_int_equal (gazetteer_bad_lines (gazetteer), 0);
    gazetteer_query_t query = {.at = {340689300, -1184451270},
        .radius_mm = 10000000,
        .by_distance = true};
    place_t found [20];
    size_t size = gazetteer_find (gazetteer, &query, found, 20);
    assert_int_equal (size, 10);
    assert_string_equal (found [0].name.data, "Westwood");
    gazetteer_destroy (&gazetteer);
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        cmocka_unit_test (a_place_keeps_its_columns),
        cmocka_unit_test (bad_lines_are_told_by_number_and_left_out),
        cmocka_unit_test (our_own_table_has_a_head),
        cmocka_unit_test (our_own_table_has_bad_lines_too),
        cmocka_unit_test (rows_of_a_table_may_begin_as_json_does),
        cmocka_unit_test (lines_are_cut_wherever_they_lie),
        cmocka_unit_test (of_many_bad_lines_only_the_first_are_told),
        cmocka_unit_test (what_is_no_table_is_refused),
        cmocka_unit_test (a_packed_table_is_as_good_but_not_cut_short),
        cmocka_unit_test (our_own_table_is_all_good),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
