/*  =========================================================================
    test_columns - a line of a table of places, between tabs

    GeoNames' own tables and its short one, and heads that name columns.
    =========================================================================
*/

#include "places/columns.h"

#include <stdarg.h>
#include <string.h>

#include <setjmp.h>
#include <cmocka.h>

#define LONG_LINE(class, code, population)                                     \
    "5393212\tSanta Monica\tSanta "                                            \
    "Monica\tSM,Santa\t34.01949\t-118.49138\t" class "\t" code                 \
                                                     "\tUS\t\tCA\t037\t\t"     \
                                                     "\t" population           \
                                                     "\t32\t35\tAmerica/"      \
                                                     "Los_Angeles\t2023-01-01"
#define SHORT_LINE(code, population)                                           \
    "7\tA\t34.01949\t-118.49138\t" code "\tUS\tCA\t" population
#define POINT "point_of_interest,establishment"


static void
s_is_good (columns_t *self, const char *line, place_t *place)
{
    const char *wrong = columns_read (self, span_of (line), place);
    if (wrong)
        fail_msg ("%s: %s", line, wrong);
}


static void
s_reads (const char *line, const char *id, const char *types)
{
    columns_t self = {0};
    place_t place;
    s_is_good (&self, line, &place);
    assert_true (span_equal (place.id, span_of (id)));
    assert_true (place.name.size > 0);
    assert_int_equal (place.at.lat, 340194900);
    assert_int_equal (place.at.lng, -1184913800);
    if (!span_equal (place.types, span_of (types)))
        fail_msg ("%s: %.*s", line, (int) place.types.size, place.types.data);
    columns_free (&self);
}


//  As GeoNames' downloads have them: https://download.geonames.org/export/dump

static void
geonames_own_tables_have_nineteen_columns (void **state)
{
    columns_t self = {0};
    place_t place;
    (void) state;
    s_is_good (&self, LONG_LINE ("P", "PPL", "93220"), &place);
    assert_true (span_equal (place.name, span_of ("Santa Monica")));
    assert_true (span_equal (place.vicinity, span_of ("CA, US")));
    assert_int_equal (place.prominence, (93220 + 500) * 2);
    assert_non_null (strstr (place.credit.data, "GeoNames"));
    columns_free (&self);
    s_reads (LONG_LINE ("P", "PPL", "1"), "gn-5393212", "locality,political");
    s_reads (LONG_LINE ("P", "PPL", ""), "gn-5393212", "locality,political");
    s_reads (
        LONG_LINE ("P", "PPL", "1") "\r", "gn-5393212", "locality,political");
    s_reads (SHORT_LINE ("PPL", "1"), "gn-7", "locality,political");
    s_reads (SHORT_LINE ("PPL", ""), "gn-7", "locality,political");
}


//  Other tables than those of towns have all else that is on a map

static void
what_geonames_says_it_is_becomes_types (void **state)
{
    static const char *const cases [][2] = {
        {LONG_LINE ("P", "PPLX", "1"), "neighborhood,political"},
        {LONG_LINE ("P", "PPLA2", "1"), "locality,political"},
        {LONG_LINE ("P", "", "1"), "locality,political"},
        {LONG_LINE ("A", "ADM1", "1"), "administrative_area_level_1,political"},
        {LONG_LINE ("A", "PCLI", "1"), "country,political"},
        {LONG_LINE ("A", "ZN", "1"), "political"},
        {LONG_LINE ("S", "AIRP", "0"), "airport," POINT},
        {LONG_LINE ("S", "CH", "0"), "church,place_of_worship," POINT},
        {LONG_LINE ("S", "SCH", "0"), "school," POINT},
        {LONG_LINE ("S", "SCHC", "0"), "university," POINT},
        {LONG_LINE ("S", "RSTN", "0"), "train_station,transit_station," POINT},
        {LONG_LINE ("L", "PRK", "0"), "park," POINT},
        {LONG_LINE ("T", "MT", "0"), "natural_feature," POINT},
        {LONG_LINE ("H", "LK", "0"), "natural_feature," POINT},
        {LONG_LINE ("S", "DAM", "0"), POINT},
        {LONG_LINE ("R", "RD", "0"), "route"}};
    (void) state;
    for (size_t index = 0; index < sizeof (cases) / sizeof (*cases); index++)
        s_reads (cases [index][0], "gn-5393212", cases [index][1]);
}


static void
what_geonames_says_is_gone_is_no_place (void **state)
{
    static const char *const codes [] = {LONG_LINE ("P", "PPLQ", "1"),
        LONG_LINE ("P", "PPLH", "1"), LONG_LINE ("P", "PPLW", "1"),
        LONG_LINE ("P", "PPLCH", "1"), LONG_LINE ("A", "ADM1H", "1"),
        LONG_LINE ("S", "RSTNQ", "1"), SHORT_LINE ("PPLQ", "1")};
    (void) state;
    for (size_t index = 0; index < sizeof (codes) / sizeof (*codes); index++) {
        columns_t self = {0};
        place_t place;
        s_is_good (&self, codes [index], &place);
        assert_null (place.name.data);
        assert_non_null (self.none);
        columns_free (&self);
    }
}


//  Prominence has 32 bits; whoever has more people has as much as fits

static void
no_population_is_too_large (void **state)
{
    static const struct {
        const char *line;
        uint32_t prominence;
    } cases [] = {{SHORT_LINE ("PPLC", "268434955"), 4294967280},
        {SHORT_LINE ("PPLC", "268434956"), 4294967280},
        {SHORT_LINE ("PPLC", "8000000000"), 4294967280},
        {SHORT_LINE ("PPL", "268434956"), 536870912},
        {SHORT_LINE ("PPL", "4294967295"), 4294967294},
        {SHORT_LINE ("PPLX", "18446744073709551615"), 4294967295},
        {SHORT_LINE ("PPLX", "99999999999999999999999"), 4294967295},
        {LONG_LINE ("P", "PPL", "268434956"), 536870912},
        {SHORT_LINE ("PPL", "0"), 1000}};
    (void) state;
    for (size_t index = 0; index < sizeof (cases) / sizeof (*cases); index++) {
        columns_t self = {0};
        place_t place;
        s_is_good (&self, cases [index].line, &place);
        if (place.prominence != cases [index].prominence)
            fail_msg ("%s: %u", cases [index].line, place.prominence);
        columns_free (&self);
    }
}


static void
a_head_names_columns_in_any_order (void **state)
{
    static const char *const tables [][2] = {
        {"#id\tname\tlongitude\tlatitude\tkind\tvicinity\tdetails",
            "1\tA\t-118.49138\t34.01949\tcafe\tStreet 1\t1"},
        {"# details\tkind\tlatitude\tlongitude\tname\tid\tvicinity",
            "1\tcafe\t34.01949\t-118.49138\tA\t1\tStreet 1"},
        {"ID\tLat\tLon\tNAME\tstars\tTypes\tAddress\tdetails",
            "1\t34.01949\t-118.49138\tA\t5\tcafe\tStreet 1\t1"},
        {"name\tid\tLONG\tnone\tlat\tvicinity\tdetails\tkind\r",
            "A\t1\t-118.49138\t\t34.01949\tStreet 1\t1\tcafe\r"}};
    (void) state;
    for (size_t index = 0; index < sizeof (tables) / sizeof (*tables);
         index++) {
        columns_t self = {0};
        place_t place;
        s_is_good (&self, tables [index][0], &place);
        assert_null (place.name.data);
        s_is_good (&self, tables [index][1], &place);
        assert_true (span_equal (place.id, span_of ("1")));
        assert_true (span_equal (place.name, span_of ("A")));
        assert_int_equal (place.at.lat, 340194900);
        assert_int_equal (place.at.lng, -1184913800);
        assert_true (span_equal (place.types, span_of ("cafe")));
        assert_true (span_equal (place.vicinity, span_of ("Street 1")));
        assert_int_equal (place.prominence, (2 + 1) * KIND_PROMINENCE);
        assert_int_equal (place.credit.size, 0);
        columns_free (&self);
    }
}


//  GeoNames' names for its columns, with a column or two taken out

static void
a_head_may_be_one_of_geonames (void **state)
{
    columns_t self = {0};
    place_t place;
    (void) state;
    s_is_good (&self,
        "geonameid\tpopulation\tname\tlongitude\tlatitude\tfeature class\t"
        "feature_code\tcountry code",
        &place);
    s_is_good (&self, "7\t500\tA\t-118.49138\t34.01949\tP\tPPLC\tUS", &place);
    assert_true (span_equal (place.id, span_of ("gn-7")));
    assert_true (span_equal (place.types, span_of ("locality,political")));
    assert_true (span_equal (place.vicinity, span_of ("US")));
    assert_int_equal (place.at.lat, 340194900);
    assert_int_equal (place.prominence, 16000);
    assert_non_null (strstr (place.credit.data, "GeoNames"));
    columns_free (&self);
}


static void
name_and_point_are_enough (void **state)
{
    columns_t self = {0};
    place_t place;
    (void) state;
    s_is_good (&self, "name\tlat\tlon", &place);
    s_is_good (&self, "A\t34.01949\t-118.49138", &place);
    assert_true (span_equal (place.types, span_of (POINT)));
    assert_true (
        span_equal (place.id, span_of ("at-340194900.-1184913800-2961dea0")));
    assert_int_equal (place.vicinity.size, 0);
    columns_free (&self);
}


//  Tables that were put one behind the other have each its own head

static void
a_head_holds_until_the_next (void **state)
{
    columns_t self = {0};
    place_t place;
    (void) state;
    s_is_good (&self, "name\tlat\tlon", &place);
    s_is_good (&self, "A\t1\t2", &place);
    s_is_good (&self, "lon\tlat\tname", &place);
    s_is_good (&self, "2\t1\tA", &place);
    assert_int_equal (place.at.lat, 10000000);
    assert_int_equal (place.at.lng, 20000000);
    columns_free (&self);
}


static void
s_is_wrong (columns_t *self, const char *line, const char *expected)
{
    place_t place;
    const char *wrong = columns_read (self, span_of (line), &place);
    if (!wrong || !strstr (wrong, expected))
        fail_msg ("%s: %s", line, wrong ? wrong : "good");
}


static void
a_head_that_lacks_a_column_is_told_so (void **state)
{
    static const char *const heads [] = {"#id\tname\tlatitude\tkind",
        "#id\tname\tx\ty", "name\tlatitude", "id\tname\tx\ty",
        "lat\tlon\ttitle"};
    (void) state;
    for (size_t index = 0; index < sizeof (heads) / sizeof (*heads); index++) {
        columns_t self = {0};
        s_is_wrong (&self, heads [index],
            "a head must name the columns name, latitude and longitude");
        columns_free (&self);
    }
}


static void
a_line_has_as_many_columns_as_the_head (void **state)
{
    columns_t self = {0};
    place_t place;
    (void) state;
    s_is_wrong (&self, "A\t1\t2", "not eight columns of text, nor nineteen");
    s_is_wrong (&self, "", "not eight columns of text, nor nineteen");
    s_is_good (&self, "name\tlat\tlon\tdetails", &place);
    s_is_wrong (&self, "A\t1\t2", "not as many columns as the head names");
    s_is_wrong (&self, "A\t1\t2\t\t", "not as many columns as the head names");
    s_is_wrong (&self, SHORT_LINE ("PPL", "1"), "as the head names");
    s_is_good (&self, "A\t1\t2\t", &place);
    columns_free (&self);
}


static void
a_kind_that_is_gone_is_no_place (void **state)
{
    columns_t self = {0};
    place_t place;
    (void) state;
    s_is_good (&self, "name\tlat\tlon\tkind", &place);
    s_is_good (&self, "A\t1\t2\tshop=vacant", &place);
    assert_null (place.name.data);
    assert_string_equal (self.none, "closed");
    s_is_good (&self, "A\t1\t2\tamenity=cafe;bar", &place);
    assert_true (span_equal (place.types, span_of ("cafe,food,bar," POINT)));
    assert_null (self.none);
    columns_free (&self);
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        cmocka_unit_test (geonames_own_tables_have_nineteen_columns),
        cmocka_unit_test (what_geonames_says_it_is_becomes_types),
        cmocka_unit_test (what_geonames_says_is_gone_is_no_place),
        cmocka_unit_test (no_population_is_too_large),
        cmocka_unit_test (a_head_names_columns_in_any_order),
        cmocka_unit_test (a_head_may_be_one_of_geonames),
        cmocka_unit_test (name_and_point_are_enough),
        cmocka_unit_test (a_head_holds_until_the_next),
        cmocka_unit_test (a_head_that_lacks_a_column_is_told_so),
        cmocka_unit_test (a_line_has_as_many_columns_as_the_head),
        cmocka_unit_test (a_kind_that_is_gone_is_no_place),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
