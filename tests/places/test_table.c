/*  =========================================================================
    test_table - a table of places is read

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
    gazetteer_place_t found [2];
    (void) state;
    assert_int_equal (gazetteer_size (gazetteer), 2);
    assert_int_equal (gazetteer_find (gazetteer, &query, found, 2), 2);
    assert_int_equal (found [0].id, UINT32_MAX);
    assert_string_equal (found [0].name, "Le Plessis-Pâté");
    assert_string_equal (found [0].type, "neighborhood");
    assert_string_equal (found [0].vicinity, "FR");
    assert_int_equal (found [0].at.lat, -486109500);
    assert_int_equal (found [0].at.lng, 23277000);
    assert_string_equal (found [1].type, "locality");
    assert_string_equal (found [1].vicinity, "CA, US");
    gazetteer_destroy (&gazetteer);
}


static void
bad_lines_are_told_by_number_and_left_out (void **state)
{
    static const char table [] = "1\tgood\t0\t0\tPPL\tUS\tCA\t1\n"
                                 "x\tid\t0\t0\tPPL\tUS\tCA\t1\n"
                                 "3\t\t0\t0\tPPL\tUS\tCA\t1\n"
                                 "4\tlat\t90.1\t0\tPPL\tUS\tCA\t1\n"
                                 "5\tlng\t0\tnan\tPPL\tUS\tCA\t1\n"
                                 "6\tmany\t0\t0\tPPL\tUS\tCA\t-1\n"
                                 "7\tfew\t0\t0\tPPL\tUS\tCA\n"
                                 "8\tmore\t0\t0\tPPL\tUS\tCA\t1\tx\n"
                                 "\n"
                                 "9\tn\0l\t0\t0\tPPL\tUS\tCA\t1\n"
                                 "10\tgood\t0\t0\tPPL\tUS\tCA\t1";
    static const char *const said [] = {": line 2: bad id\n",
        ": line 3: no name\n", ": line 4: bad latitude\n",
        ": line 5: bad longitude\n", ": line 6: bad population\n",
        ": line 7: not eight columns of text\n",
        ": line 8: not eight columns of text\n",
        ": line 9: not eight columns of text\n",
        ": line 10: not eight columns of text\n"};
    gazetteer_case_t self;
    (void) state;
    gazetteer_case_load (&self, table, sizeof (table) - 1);
    assert_int_equal (gazetteer_size (self.gazetteer), 2);
    assert_int_equal (gazetteer_bad_lines (self.gazetteer), 9);
    for (size_t index = 0; index < 9; index++)
        assert_non_null (strstr (self.said, said [index]));
    gazetteer_destroy (&self.gazetteer);
}


static void
of_many_bad_lines_only_the_first_are_told (void **state)
{
    char table [1000];
    memset (table, '\n', sizeof (table));
    gazetteer_case_t self;
    (void) state;
    gazetteer_case_load (&self, table, sizeof (table));
    assert_null (self.gazetteer);
    assert_non_null (strstr (self.said, ": line 10: "));
    assert_null (strstr (self.said, ": line 11: "));
    assert_non_null (strstr (self.said, ": 1000 bad lines left out\n"));
    assert_non_null (strstr (self.said, ": no places in it\n"));
}


static void
what_is_no_table_is_refused (void **state)
{
    gazetteer_case_t self;
    (void) state;
    gazetteer_case_load (&self, "", 0);
    assert_null (self.gazetteer);
    assert_non_null (strstr (self.said, ": no places in it\n"));
    assert_null (gazetteer_new ("/no/such/file"));
    assert_null (gazetteer_new ("/"));
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
        assert_non_null (strstr (self.said, ": damaged, or too big\n"));
    }
}


static void
our_own_table_is_all_good (void **state)
{
    gazetteer_t *gazetteer = gazetteer_new ("data/cities500.tsv.gz");
    (void) state;
    assert_non_null (gazetteer);
    assert_int_equal (gazetteer_size (gazetteer), 199568);
    assert_int_equal (gazetteer_bad_lines (gazetteer), 0);
    gazetteer_query_t query = {.at = {340689300, -1184451270},
        .radius_mm = 10000000,
        .by_distance = true};
    gazetteer_place_t found [20];
    size_t size = gazetteer_find (gazetteer, &query, found, 20);
    assert_int_equal (size, 10);
    assert_string_equal (found [0].name, "Westwood");
    gazetteer_destroy (&gazetteer);
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        cmocka_unit_test (a_place_keeps_its_columns),
        cmocka_unit_test (bad_lines_are_told_by_number_and_left_out),
        cmocka_unit_test (of_many_bad_lines_only_the_first_are_told),
        cmocka_unit_test (what_is_no_table_is_refused),
        cmocka_unit_test (a_packed_table_is_as_good_but_not_cut_short),
        cmocka_unit_test (our_own_table_is_all_good),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
