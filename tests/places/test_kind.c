/*  =========================================================================
    test_kind - what a place is, in Google's words

    Tags and types; and texts as readers compare them.
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
    kind_t kind;
    if (!kind_of_tag (span_of (tag), &kind))
        fail_msg ("%s is no place", tag);
    assert_string_equal (kind.types, types);
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
    const kind_row_t *kinds = kind_table (&size);
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


//  What has several values is all that they say, general types last

static void
several_values_are_all_meant (void **state)
{
    kind_t kind;
    (void) state;
    s_is ("amenity=cafe;bar", "cafe,food,bar," POINT);
    s_is ("amenity=bar;cafe", "bar,cafe,food," POINT);
    s_is ("amenity= cafe ; pub;", "cafe,food,bar," POINT);
    s_is ("shop=vacant;bakery", "bakery,food,store," POINT);
    s_is ("shop=rare;bakery", "store,bakery,food," POINT);
    s_is ("place=town;suburb", "locality,neighborhood,political");
    assert_true (kind_of_tag (span_of ("amenity=atm;university;bank"), &kind));
    assert_int_equal (kind.weight, 8);
}


//  However many values there are, what every place ends with has room

static void
many_values_leave_room_for_the_general_types (void **state)
{
    char tag [] = "shop=furniture;doityourself;hardware;electronics;shoes;"
                  "jewelry;department_store;tyres;video;pet;art;books;bakery";
    kind_t kind;
    (void) state;
    assert_true (kind_of_tag (span_of (tag), &kind));
    assert_non_null (strstr (kind.types, "," POINT));
    assert_null (strstr (strstr (kind.types, "store,") + 1, ",store,store"));
}


static void
what_is_gone_is_no_place (void **state)
{
    static const char *const tags [] = {"shop=vacant", "shop=no", "amenity=no",
        "shop=disused", "amenity=abandoned", "shop=closed", "shop=empty",
        "railway=razed", "office=vacant;no", "amenity=construction"};
    (void) state;
    for (size_t index = 0; index < sizeof (tags) / sizeof (*tags); index++) {
        kind_t kind = {.weight = 77};
        if (kind_of_tag (span_of (tags [index]), &kind))
            fail_msg ("%s is a place", tags [index]);
        assert_int_equal (kind.weight, 77);
    }
    s_is ("shop=yes", "store," POINT);
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
        cmocka_unit_test (several_values_are_all_meant),
        cmocka_unit_test (many_values_leave_room_for_the_general_types),
        cmocka_unit_test (what_is_gone_is_no_place),
        cmocka_unit_test (capitals_and_accents_do_not_count),
        cmocka_unit_test (marks_rule_out_what_is_not_there),
        cmocka_unit_test (bad_utf_8_is_compared_by_bytes),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
