/*  =========================================================================
    test_kind - what a place is, in Google's words

    Tags, categories and types; and texts as readers compare them.
    =========================================================================
*/

#include "places/fold.h"
#include "places/kind.h"

#include <stdarg.h>
#include <string.h>

#include <setjmp.h>
#include <cmocka.h>


static void
s_is (const char *tag, const char *types)
{
    assert_string_equal (kind_of_tag (span_of (tag)).types, types);
}


#define POINT "point_of_interest,establishment"


static void
tags_become_types (void **state)
{
    (void) state;
    s_is ("amenity=cafe", "cafe,food," POINT);
    s_is ("shop=bakery", "bakery,food,store," POINT);
    s_is ("shop=nothing_we_know", "store," POINT);
    s_is ("shop=", "store," POINT);
    s_is ("healthcare=x", "health," POINT);
    s_is ("place=suburb", "neighborhood,political");
    s_is ("amenity=nothing_we_know", POINT);
    s_is ("shop", POINT);
    s_is ("=", POINT);
    s_is ("", POINT);
}


//  The table is searched by halves, so it must be in order; and whatever is no
//  area ends with the two general types

static void
the_table_is_in_order (void **state)
{
    size_t size;
    const kind_t *kinds = kind_table (&size);
    (void) state;
    assert_true (size > 113);
    for (size_t index = 0; index < size; index++) {
        const char *types = kinds [index].types;
        const char *end =
            strstr (kinds [index].tag, "place=") == kinds [index].tag
                ? "political"
                : POINT;
        assert_true (strlen (types) >= strlen (end));
        assert_string_equal (types + strlen (types) - strlen (end), end);
        assert_true (kinds [index].weight >= 1 && kinds [index].weight <= 8);
        assert_true (
            !index || strcmp (kinds [index - 1].tag, kinds [index].tag) < 0);
        s_is (kinds [index].tag, types);
    }
}


static void
categories_become_types (void **state)
{
    static const char *const cases [][2] = {
        {"bakery", "bakery,food,store," POINT},
        {"coffee_shop", "cafe,food," POINT}, {"gym", "gym,health," POINT},
        {"sushi_restaurant", "restaurant,food," POINT},
        {"shoe_store", "shoe_store,clothing_store,store," POINT},
        {"flower_shop", "store," POINT}, {"_shop", POINT}, {"", POINT},
        {"dog_walker", POINT}};
    (void) state;
    for (size_t index = 0; index < sizeof (cases) / sizeof (*cases); index++)
        if (strcmp (kind_of_category (span_of (cases [index][0])).types,
                cases [index][1]) != 0)
            fail_msg ("%s", cases [index][0]);
}


static void
not_every_tag_makes_a_place (void **state)
{
    (void) state;
    assert_string_equal (kind_key (0), "amenity");
    assert_null (kind_key (16));
    assert_true (kind_is_place ("railway", "station"));
    assert_false (kind_is_place ("railway", "signal"));
    assert_true (kind_is_place ("place", "town"));
    assert_false (kind_is_place ("place", "country"));
    assert_true (kind_is_place ("shop", "yes"));
    assert_false (kind_is_place ("shop", "no"));
}


static void
s_has (const char *text, const char *part, bool expected)
{
    if (fold_has (span_of (text), span_of (part)) != expected)
        fail_msg ("%s in %s", part, text);
}


static void
capitals_and_accents_do_not_count (void **state)
{
    (void) state;
    s_has ("Panadería Ñandú", "panaderia nandu", true);
    s_has ("panaderia", "PANADERÍA", true);
    s_has ("ŁÓDŹ Żabka", "lodz zabka", true);
    s_has ("Кафе Ёлка", "кАФЕ елка", true);
    s_has ("Қағанат", "қАҒАН", true);
    s_has ("ΑΘΗΝΑ", "αθη", true);
    s_has ("東京タワー", "京タ", true);
    s_has ("aab", "ab", true);
    s_has ("ab", "abc", false);
    s_has ("Æ×÷", "a", false);
    s_has ("a", "", true);
    s_has ("", "", true);
    s_has ("", "a", false);
}


static void
bad_utf_8_is_compared_by_bytes (void **state)
{
    (void) state;
    s_has ("a\xff\xc3", "\xff\xc3", true);
    s_has ("a\xc3", "\xc3\xa9", false);
    s_has ("\xe4\xb8", "\xb8", true);
}


//  A text that has the other has its mark, too; long ones tell most of those
//  that don't have it

static void
marks_rule_out_what_is_not_there (void **state)
{
    fold_mark_t mark = fold_mark_of (
        span_of ("Panadería Ñandú"), span_of ("Rambla 12, Montevideo"));
    const span_t none = {0};
    (void) state;
    assert_true (fold_mark_has (mark, fold_mark_of (span_of ("NANDU"), none)));
    assert_true (
        fold_mark_has (mark, fold_mark_of (span_of ("12, monte"), none)));
    assert_true (fold_mark_has (mark, fold_mark_of (span_of ("xy"), none)));
    assert_true (fold_mark_has (mark, fold_mark_of (none, none)));
    assert_false (
        fold_mark_has (mark, fold_mark_of (span_of ("pizzeria"), none)));
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        cmocka_unit_test (tags_become_types),
        cmocka_unit_test (the_table_is_in_order),
        cmocka_unit_test (categories_become_types),
        cmocka_unit_test (not_every_tag_makes_a_place),
        cmocka_unit_test (capitals_and_accents_do_not_count),
        cmocka_unit_test (marks_rule_out_what_is_not_there),
        cmocka_unit_test (bad_utf_8_is_compared_by_bytes),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
