/*  =========================================================================
    test_gazetteer - places, found by where they are

    Small tables with the answer plain to see, and a large random one against
    a plain search with another formula.
    =========================================================================
*/

#include "places/gazetteer_case.h"

#include <czmq.h>
#include <math.h>

#include <setjmp.h>
#include <cmocka.h>

#define FOUND_MAX 20

//  Find, around a point in degrees, and compare with the ids expected

static void
s_finds (const char *table, double lat, double lng, gazetteer_query_t query,
    const char *expected)
{
    place_t found [FOUND_MAX];
    gazetteer_t *gazetteer = gazetteer_case_new (table);
    query.at = (globe_point_t){
        (int32_t) lround (lat * DEGREE), (int32_t) lround (lng * DEGREE)};
    size_t size = gazetteer_find (gazetteer, &query, found, FOUND_MAX);
    char ids [256] = "";
    for (size_t index = 0, at = 0; index < size; index++)
        at += (size_t) snprintf (
            ids + at, sizeof (ids) - at, "%s ", found [index].id.data + 3);
    gazetteer_destroy (&gazetteer);
    assert_string_equal (ids, expected);
}


#define KM(count) ((count) *1000000)


//  A degree of longitude is 111.2 km on the equator

static void
only_places_within_the_radius_are_found (void **state)
{
    const char *table = LINE (1, "here", "0", "0", 1)
        LINE (2, "in", "0", "0.089", 1) LINE (3, "out", "0", "0.091", 1)
            LINE (4, "south", "-0.089", "0", 1) LINE (5, "far", "60", "0", 1);
    (void) state;
    s_finds (table, 0, 0, (gazetteer_query_t){.radius_mm = KM (10)}, "1 2 4 ");
    s_finds (table, 0, 0, (gazetteer_query_t){.radius_mm = KM (5)}, "1 ");
    s_finds (table, 1, 1, (gazetteer_query_t){.radius_mm = KM (5)}, "");
}


static void
radius_0_finds_what_is_at_the_point (void **state)
{
    const char *table = LINE (1, "here", "34.06893", "-118.445127", 1)
        LINE (2, "near", "34.06894", "-118.445127", 1);
    (void) state;
    s_finds (table, 34.06893, -118.445127,
        (gazetteer_query_t){.radius_mm = KM (0)}, "1 ");
}


static void
the_date_line_is_no_edge (void **state)
{
    const char *table = LINE (1, "east", "-16.8", "179.99", 1)
        LINE (2, "west", "-16.8", "-179.99", 2)
            LINE (3, "on", "-16.8", "180", 3)
                LINE (4, "on too", "-16.8", "-180", 4);
    (void) state;
    s_finds (table, -16.8, 179.98, (gazetteer_query_t){.radius_mm = KM (5)},
        "4 3 2 1 ");
    s_finds (table, -16.8, -179.98, (gazetteer_query_t){.radius_mm = KM (5)},
        "4 3 2 1 ");
    s_finds (
        table, -16.8, 180, (gazetteer_query_t){.radius_mm = KM (0)}, "4 3 ");
    s_finds (
        table, -16.8, -180, (gazetteer_query_t){.radius_mm = KM (0)}, "4 3 ");
    s_finds (
        table, -16.8, 179.98, (gazetteer_query_t){.radius_mm = KM (2)}, "1 ");
}


static void
the_poles_are_no_edges (void **state)
{
    const char *table = LINE (1, "pole", "90", "0", 1)
        LINE (2, "here", "89.9", "10", 2) LINE (3, "across", "89.9", "-170", 3)
            LINE (4, "south", "-90", "77", 4) LINE (5, "ice", "-89.9", "0", 5);
    (void) state;
    s_finds (table, 90, 123, (gazetteer_query_t){.radius_mm = KM (0)}, "1 ");
    s_finds (
        table, 89.9, 10, (gazetteer_query_t){.radius_mm = KM (12)}, "2 1 ");
    s_finds (
        table, 89.9, 10, (gazetteer_query_t){.radius_mm = KM (23)}, "3 2 1 ");
    s_finds (
        table, -90, -180, (gazetteer_query_t){.radius_mm = KM (12)}, "5 4 ");
}


static void
the_most_prominent_come_first (void **state)
{
    const char *table = "1\ta\t0\t0\tPPL\tUS\t\t1000\n"
                        "2\ta\t0\t0\tPPLX\tUS\t\t2000\n"
                        "3\ta\t0\t0\tPPLA2\tUS\t\t1000\n"
                        "4\ta\t0\t0\tPPLA\tUS\t\t1000\n"
                        "5\ta\t0\t0\tPPLC\tUS\t\t1000\n"
                        "6\ta\t0\t0\tPPL\tUS\t\t20000000\n"
                        "7\ta\t0\t0\t\tUS\t\t0\n";
    (void) state;
    s_finds (table, 0, 0, (gazetteer_query_t){.radius_mm = KM (1)},
        "6 5 4 3 1 2 7 ");
}


static void
equals_stand_by_distance_then_by_id (void **state)
{
    const char *table =
        LINE (10, "a", "0", "0.002", 5) LINE (9, "a", "0", "0.002", 5)
            LINE (100, "a", "0", "0.001", 5) LINE (8, "a", "0", "0.003", 6);
    (void) state;
    s_finds (
        table, 0, 0, (gazetteer_query_t){.radius_mm = KM (1)}, "8 100 9 10 ");
    s_finds (table, 0, 0,
        (gazetteer_query_t){.radius_mm = KM (1), .by_distance = true},
        "100 9 10 8 ");
}


static void
a_query_names_what_it_wants (void **state)
{
    const char *table = LINE (1, "Santa Rosa", "0", "0", 9)
        LINE (2, "Rosario", "0", "0", 8) "3\tQuarter\t0\t0\tPPLX\tFR\t11\t7\n"
                                         "4\tMost\t0\t0\tPPL\tFR\t11\t1\n";
    (void) state;
    s_finds (table, 0, 0, (gazetteer_query_t){.name = "rosa"}, "1 2 ");
    s_finds (table, 0, 0, (gazetteer_query_t){.name = "FR"}, "");
    s_finds (table, 0, 0, (gazetteer_query_t){.keyword = "fr"}, "4 3 ");
    s_finds (table, 0, 0, (gazetteer_query_t){.keyword = "ca, us"}, "1 2 ");
    s_finds (
        table, 0, 0, (gazetteer_query_t){.keyword = " us  ROSA\t"}, "1 2 ");
    s_finds (table, 0, 0, (gazetteer_query_t){.keyword = "us quarter"}, "");
    s_finds (table, 0, 0, (gazetteer_query_t){.keyword = "NEIGHBOR"}, "3 ");
    s_finds (table, 0, 0, (gazetteer_query_t){.type = "neighborhood"}, "3 ");
    s_finds (table, 0, 0, (gazetteer_query_t){.type = "locality"}, "1 2 4 ");
    s_finds (table, 0, 0, (gazetteer_query_t){.type = "political"}, "1 2 4 3 ");
    s_finds (table, 0, 0, (gazetteer_query_t){.type = "restaurant"}, "");
    s_finds (table, 0, 0,
        (gazetteer_query_t){.type = "locality", .name = "o", .keyword = "us"},
        "1 2 ");
}


static void
no_more_than_asked_for_are_found (void **state)
{
    gazetteer_t *gazetteer = gazetteer_case_new (LINE (1, "a", "0", "0", 1)
            LINE (2, "a", "0", "0", 2) LINE (3, "a", "0", "0", 3));
    gazetteer_query_t query = {.radius_mm = KM (1)};
    place_t found [2];
    (void) state;
    assert_int_equal (gazetteer_find (gazetteer, &query, found, 0), 0);
    assert_int_equal (gazetteer_find (gazetteer, &query, found, 1), 1);
    assert_string_equal (found [0].id.data, "gn-3");
    assert_int_equal (gazetteer_find (gazetteer, &query, found, 2), 2);
    assert_string_equal (found [0].id.data, "gn-3");
    assert_string_equal (found [1].id.data, "gn-2");
    gazetteer_destroy (&gazetteer);
}


//  Ten times as many places as can be found in one cell, and around it: the
//  best come out of the few cells that can have them

static void
a_crowded_cell_gives_its_best (void **state)
{
    enum { CROWD = 2000, BEST = 60 };
    char *table;
    size_t size;
    FILE *out = open_memstream (&table, &size);
    (void) state;
    for (unsigned id = 0; id < CROWD; id++) {
        unsigned row = id / 40;
        fprintf (out, "%u\ta\t%.7f\t%.7f\tPPL\tUS\tCA\t%u\n", id,
            id % 40 * 0.005, row * 0.005, id * 7919 % CROWD);
    }
    fclose (out);
    gazetteer_t *gazetteer = gazetteer_case_new (table);
    free (table);
    place_t found [BEST];
    gazetteer_query_t query = {.at = {1000000, 1000000}, .radius_mm = KM (50)};
    assert_int_equal (gazetteer_find (gazetteer, &query, found, BEST), BEST);
    for (unsigned index = 0; index < BEST; index++)
        assert_int_equal (
            found [index].prominence, 2 * (CROWD - 1 - index + 500));
    gazetteer_destroy (&gazetteer);
}


//  Metres between two points by the haversine formula

static double
s_metres (globe_point_t one, globe_point_t other)
{
    const double unit = M_PI / 180 / DEGREE;
    double lat = sin ((one.lat - (double) other.lat) * unit / 2);
    double lng = sin ((one.lng - (double) other.lng) * unit / 2);
    double part =
        lat * lat + cos (one.lat * unit) * cos (other.lat * unit) * lng * lng;
    return 2 * 6371008.8 * asin (fmin (1, sqrt (part)));
}


//  A random point near a pole, near the date line, or anywhere

static globe_point_t
s_point (uint64_t *seed)
{
    double random [3];
    for (size_t index = 0; index < 3; index++) {
        *seed = *seed * 6364136223846793005 + 1442695040888963407;
        random [index] = (double) (*seed >> 33) / (1U << 31);
    }
    double lat = random [1] * 180 - 90;
    double lng = random [2] * 360 - 180;
    if (random [0] < 0.4)
        lat = random [0] < 0.2 ? 89.5 + random [1] / 2 : random [1] / 2 - 90;
    else if (random [0] < 0.8)
        lng = random [2] < 0.5 ? random [2] - 180 : 180 - (1 - random [2]);
    if (random [0] >= 0.4 && random [0] < 0.8)
        lat = random [1] * 2 - 1;
    return (globe_point_t){(int32_t) (lat * DEGREE), (int32_t) (lng * DEGREE)};
}


enum { POINTS = 3000, QUESTIONS = 500 };


static void
a_plain_search_finds_the_same (void **state)
{
    globe_point_t points [POINTS];
    uint64_t seed = 1;
    char *table;
    size_t size;
    FILE *out = open_memstream (&table, &size);
    (void) state;
    for (size_t id = 0; id < POINTS; id++) {
        points [id] = s_point (&seed);
        fprintf (out, "%zu\ta\t%.7f\t%.7f\tPPL\tUS\tCA\t1\n", id,
            points [id].lat / (double) DEGREE,
            points [id].lng / (double) DEGREE);
    }
    fclose (out);
    gazetteer_t *gazetteer = gazetteer_case_new (table);
    free (table);

    place_t found [POINTS];
    size_t all = 0;
    for (uint32_t question = 0; question < QUESTIONS; question++) {
        gazetteer_query_t query = {.at = s_point (&seed),
            .radius_mm = question * 100000,
            .by_distance = true};
        size_t count = gazetteer_find (gazetteer, &query, found, POINTS);
        bool is_found [POINTS] = {false};
        double last = 0;
        for (size_t index = 0; index < count; index++) {
            double metres = s_metres (query.at, found [index].at);
            assert_true (metres > last - 0.01);
            unsigned long id = strtoul (found [index].id.data + 3, NULL, 10);
            assert_false (is_found [id]);
            is_found [id] = true;
            last = metres;
        }
        for (size_t id = 0; id < POINTS; id++) {
            double beyond =
                s_metres (query.at, points [id]) - query.radius_mm / 1000.0;
            assert_true (is_found [id] ? beyond < 0.01 : beyond > -0.01);
        }
        all += count;
    }
    assert_true (all > QUESTIONS);
    gazetteer_destroy (&gazetteer);
}


//  What we ship, as it is served: read once, since it is much

static int
s_open_shipped (void **state)
{
    static const char *const shipped [] = {"data/cities500.tsv.gz",
        "data/osm-montevideo-astana.tsv.gz", "data/airports.tsv.gz",
        "data/ucla.tsv"};
    *state = gazetteer_new (shipped, 4);
    return *state == NULL;
}


static int
s_close_shipped (void **state)
{
    gazetteer_t *gazetteer = *state;
    gazetteer_destroy (&gazetteer);
    return 0;
}


//  The assignment asks around the university, and people about airports

static void
the_university_and_airports_are_found (void **state)
{
    gazetteer_t *gazetteer = *state;
    gazetteer_query_t query = {
        .at = {340689300, -1184451270}, .radius_mm = KM (1)};
    place_t found [20];
    assert_int_equal (gazetteer_find (gazetteer, &query, found, 20), 1);
    assert_string_equal (
        found [0].name.data, "University of California, Los Angeles");
    assert_string_equal (found [0].types.data, "university,establishment");
    assert_string_equal (found [0].vicinity.data, "Los Angeles");
    assert_int_equal (found [0].at.lat, 340689210);
    assert_int_equal (found [0].at.lng, -1184451810);
    query = (gazetteer_query_t){.at = query.at,
        .radius_mm = KM (20),
        .type = "airport",
        .keyword = "lax"};
    assert_int_equal (gazetteer_find (gazetteer, &query, found, 20), 1);
    assert_string_equal (
        found [0].name.data, "Los Angeles International Airport (LAX)");
    assert_string_equal (
        found [0].types.data, "airport,point_of_interest,establishment");
    assert_non_null (strstr (found [0].credit.data, "OurAirports"));
}


static void
several_files_are_searched_as_one (void **state)
{
    gazetteer_t *gazetteer = *state;
    assert_int_equal (gazetteer_size (gazetteer), 199524 + 8498 + 4517 + 1);
    assert_int_equal (gazetteer_bad_lines (gazetteer), 0);
    gazetteer_query_t query = {
        .at = {-349058000, -561913000}, .radius_mm = KM (1)};
    place_t found [20];
    assert_int_equal (gazetteer_find (gazetteer, &query, found, 20), 20);
    assert_string_equal (found [0].name.data, "Montevideo");
    assert_string_equal (found [0].id.data, "gn-3441575");
    assert_memory_equal (found [1].id.data, "osm-", 4);
    query.type = "cafe";
    size_t count = gazetteer_find (gazetteer, &query, found, 20);
    assert_true (count > 5);
    assert_non_null (strstr (found [0].vicinity.data, ", Montevideo"));
    query = (gazetteer_query_t){
        .at = {511283000, 714305000}, .radius_mm = KM (10), .keyword = "КАФЕ"};
    assert_true (gazetteer_find (gazetteer, &query, found, 20) > 0);
    assert_null (
        gazetteer_new ((const char *[]){"data/ucla.tsv", "/no/such"}, 2));
    assert_null (gazetteer_new (NULL, 0));
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        cmocka_unit_test (only_places_within_the_radius_are_found),
        cmocka_unit_test (radius_0_finds_what_is_at_the_point),
        cmocka_unit_test (the_date_line_is_no_edge),
        cmocka_unit_test (the_poles_are_no_edges),
        cmocka_unit_test (the_most_prominent_come_first),
        cmocka_unit_test (equals_stand_by_distance_then_by_id),
        cmocka_unit_test (a_query_names_what_it_wants),
        cmocka_unit_test (no_more_than_asked_for_are_found),
        cmocka_unit_test (a_crowded_cell_gives_its_best),
        cmocka_unit_test (a_plain_search_finds_the_same),
        cmocka_unit_test (the_university_and_airports_are_found),
        cmocka_unit_test (several_files_are_searched_as_one),
    };
    return cmocka_run_group_tests (tests, s_open_shipped, s_close_shipped);
}
