/*  =========================================================================
    test_feature - a GeoJSON Feature that is a place

    What OpenStreetMap's tools, All the Places, Overture and people of their own
    write: what it is, whose it is, and what is none any more.
    =========================================================================
*/

#include "places/feature.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <cmocka.h>

#define POINT "point_of_interest,establishment"
#define AT                                                                     \
    "{\"type\":\"Feature\",\"geometry\":"                                      \
    "{\"type\":\"Point\",\"coordinates\":[1,2]},"


//  Read a Feature of these members beside type and geometry, in JSON with ' for
//  quotes

static void
s_read (feature_t *self, const char *members, place_t *place)
{
    char record [2048];
    int size = snprintf (record, sizeof (record), "%s%s}", AT, members);
    for (int index = 0; index < size; index++)
        if (record [index] == '\'')
            record [index] = '"';
    const char *wrong =
        feature_read (self, (span_t){record, (size_t) size}, place);
    if (wrong)
        fail_msg ("%s: %s", record, wrong);
}


#define TAGS(tags) "'id':'n1','properties':{'name':'A'," tags "}"


static void
s_is (const char *members, const char *types)
{
    feature_t self;
    place_t place;
    s_read (&self, members, &place);
    if (!place.name.data)
        fail_msg ("%s: %s", members, self.none);
    if (!span_equal (place.types, span_of (types)))
        fail_msg (
            "%s: %.*s", members, (int) place.types.size, place.types.data);
    feature_free (&self);
}


static void
s_is_none (const char *members, const char *why)
{
    feature_t self;
    place_t place;
    s_read (&self, members, &place);
    if (place.name.data || !self.none || strcmp (self.none, why) != 0)
        fail_msg ("%s: %s", members, self.none ? self.none : "a place");
    feature_free (&self);
}


static void
a_place_is_all_that_its_tag_says (void **state)
{
    (void) state;
    s_is (TAGS ("'amenity':'cafe;bar'"), "cafe,food,bar," POINT);
    s_is (TAGS ("'shop':'vacant;bakery'"), "bakery,food,store," POINT);
    s_is (TAGS ("'amenity':'place_of_worship','religion':'muslim'"),
        "mosque,place_of_worship," POINT);
    s_is (TAGS ("'amenity':'place_of_worship','religion':'shinto'"),
        "place_of_worship," POINT);
    s_is (TAGS ("'railway':'station','station':'subway'"),
        "subway_station,transit_station," POINT);
    s_is (
        TAGS ("'religion':'muslim','shop':'books'"), "book_store,store," POINT);
}


//  The first key that tells of a place counts, not one that tells of none

static void
another_tag_may_tell_of_the_place (void **state)
{
    (void) state;
    s_is (TAGS ("'amenity':'no','shop':'bakery'"), "bakery,food,store," POINT);
    s_is (TAGS ("'railway':'rail','shop':'books'"), "book_store,store," POINT);
    s_is (TAGS ("'disused:amenity':'cafe','shop':'books'"),
        "book_store,store," POINT);
}


//  https://wiki.openstreetmap.org/wiki/Lifecycle_prefix

static void
what_is_no_more_is_no_place (void **state)
{
    static const char *const none [] = {TAGS ("'shop':'vacant'"),
        TAGS ("'shop':'no'"), TAGS ("'shop':'disused'"),
        TAGS ("'amenity':'closed'"), TAGS ("'shop':'vacant;no'"),
        TAGS ("'disused:shop':'bakery'"), TAGS ("'abandoned:amenity':'cafe'"),
        TAGS ("'was:amenity':'cafe'"), TAGS ("'demolished:tourism':'hotel'"),
        TAGS ("'razed:railway':'station'"), TAGS ("'proposed:shop':'mall'"),
        TAGS ("'construction:amenity':'school'")};
    static const char *const closed [] = {
        TAGS ("'shop':'bakery','disused':'yes'"),
        TAGS ("'amenity':'cafe','abandoned':'yes'"),
        TAGS ("'amenity':'school','construction':'yes'"),
        TAGS ("'amenity':'cafe','end_date':'2019'"),
        TAGS ("'amenity':'cafe','end_date':'2019-07-01'"),
        TAGS ("'amenity':'cafe','end_date':'before 1950'"),
        TAGS ("'amenity':'cafe','end_date':'yes'")};
    (void) state;
    for (size_t index = 0; index < sizeof (none) / sizeof (*none); index++)
        s_is_none (none [index], "no tag that tells of a place");
    for (size_t index = 0; index < sizeof (closed) / sizeof (*closed); index++)
        s_is_none (closed [index], "closed");
    s_is (TAGS ("'historic':'castle','abandoned':'yes','tourism':'hotel'"),
        "tourist_attraction," POINT);
    s_is_none ("'properties':{'shop':'bakery'}", "no name");
    s_is (TAGS ("'shop':'bakery','disused':'no'"), "bakery,food,store," POINT);
    s_is (
        TAGS ("'amenity':'cafe','end_date':'9999-12-31'"), "cafe,food," POINT);
    s_is (TAGS ("'amenity':'cafe','end_date':'no'"), "cafe,food," POINT);
}


static void
s_comes_from (const char *members, const char *id, const char *credit)
{
    feature_t self;
    place_t place;
    s_read (&self, members, &place);
    if (!place.name.data || !span_equal (place.id, span_of (id)))
        fail_msg ("%s: %.*s", members, (int) place.id.size, place.id.data);
    bool has_credit = *credit ? strstr (place.credit.data, credit) != NULL
                              : place.credit.size == 0;
    if (!has_credit)
        fail_msg ("%s: %s", members, place.credit.data);
    feature_free (&self);
}


#define CAFE "'properties':{'name':'A','amenity':'cafe'"
#define OSM "OpenStreetMap contributors"


//  As osmium, osmtogeojson, ogr2ogr, Nominatim and Photon tell what it was

static void
openstreetmap_is_credited_where_it_is_openstreetmap (void **state)
{
    (void) state;
    s_comes_from ("'id':'n12'," CAFE "}", "osm-n12", OSM);
    s_comes_from ("'id':'a247'," CAFE "}", "osm-r123", OSM);
    s_comes_from ("'id':'n-5'," CAFE "}", "osm-n-5", OSM);
    s_comes_from ("'id':'node/12'," CAFE "}", "osm-n12", OSM);
    s_comes_from ("'id':'relation/7'," CAFE "}", "osm-r7", OSM);
    s_comes_from (CAFE ",'@id':'way/5'}", "osm-w5", OSM);
    s_comes_from (CAFE ",'@type':'way','@id':5}", "osm-w5", OSM);
    s_comes_from (CAFE ",'osm_type':'N','osm_id':5}", "osm-n5", OSM);
    s_comes_from (CAFE ",'osm_type':'N','osm_id':5,'x':99999999999999999999}",
        "osm-n5", OSM);
    s_comes_from (CAFE ",'osm_type':'relation','osm_id':'5'}", "osm-r5", OSM);
    s_comes_from (CAFE ",'osm_id':'5'}", "at-20000000.10000000-2961dea0", OSM);
    s_comes_from ("'id':7," CAFE ",'@version':2}", "7", OSM);
}


static void
own_data_keeps_its_ids_and_is_credited_to_nobody (void **state)
{
    (void) state;
    s_comes_from ("'id':'cafe-1'," CAFE "}", "cafe-1", "");
    s_comes_from ("'id':5," CAFE "}", "5", "");
    s_comes_from ("'id':'n'," CAFE "}", "n", "");
    s_comes_from ("'id':'n1x'," CAFE "}", "n1x", "");
    s_comes_from ("'id':'nodes/1'," CAFE "}", "nodes/1", "");
    s_comes_from ("'id':''," CAFE "}", "at-20000000.10000000-2961dea0", "");
    s_comes_from (CAFE "}", "at-20000000.10000000-2961dea0", "");
}


#define ATP(tags)                                                              \
    "'id':'-XyZ_1=','properties':{'@spider':'cafes_us','brand':'B'," tags "}"


static void
s_stands_at (const char *members, const char *vicinity)
{
    feature_t self;
    place_t place;
    s_read (&self, members, &place);
    assert_non_null (place.name.data);
    if (!span_equal (place.vicinity, span_of (vicinity)))
        fail_msg ("%s: %s", members, place.vicinity.data);
    feature_free (&self);
}


//  https://github.com/alltheplaces/alltheplaces/blob/master/DATA_FORMAT.md

static void
all_the_places_is_credited_to_itself (void **state)
{
    feature_t self;
    place_t place;
    (void) state;
    s_comes_from (ATP ("'amenity':'cafe'"),
        "atp--XyZ_1=", "https://www.alltheplaces.xyz/");
    s_read (&self, ATP ("'amenity':'cafe'"), &place);
    assert_true (span_equal (place.name, span_of ("B")));
    assert_null (strstr (place.credit.data, "OpenStreetMap"));
    feature_free (&self);
    s_stands_at (ATP ("'shop':'bakery','addr:street_address':'1 Main St',"
                      "'addr:city':'Town'"),
        "1 Main St, Town");
    s_stands_at (ATP ("'shop':'bakery','addr:street':'Main St',"
                      "'addr:housenumber':'1','addr:city':'Town'"),
        "Main St 1, Town");
    s_stands_at (ATP ("'shop':'bakery','addr:full':'1 Main St, Town, CA',"
                      "'addr:city':'Town'"),
        "1 Main St, Town, CA");
    s_is_none (ATP ("'shop':'bakery','end_date':'yes'"), "closed");
    s_is_none (ATP ("'shop':'bakery','end_date':'2024-05-01'"), "closed");
    s_is (ATP ("'shop':'bakery','end_date':'9999-05-01'"),
        "bakery,food,store," POINT);
}


//  osmium-tool issue 287

static void
ids_without_quotes_are_read (void **state)
{
    (void) state;
    s_comes_from ("'id':n100," CAFE "}", "osm-n100", OSM);
    s_comes_from ("'id': a247 ," CAFE "}", "osm-r123", OSM);
    s_comes_from (CAFE "},'id':w-5", "osm-w-5", OSM);
    s_comes_from ("'id':n100,'properties':{'amenity':'cafe',"
                  "'name':'\\\\\\':n1,','note':':a5 w6,'}",
        "osm-n100", OSM);
}


static void
other_words_without_quotes_are_not (void **state)
{
    static const char *const members [] = {AT "\"id\":x100}", AT "\"id\":n}",
        AT "\"id\":n100x}", AT "\"id\":n1", AT "\"id\":n1\"", "n1", "n1n1",
        "\"\\", "n"};
    (void) state;
    for (size_t index = 0; index < sizeof (members) / sizeof (*members);
         index++) {
        feature_t self;
        place_t place;
        const char *wrong =
            feature_read (&self, span_of (members [index]), &place);
        assert_non_null (wrong);
        feature_free (&self);
    }
}


#define OVERTURE(rest)                                                         \
    "'id':'08f','properties':{'names':{'primary':'A'}," rest "}"


//  What is no word of ours may have a kind that is one

static void
overture_says_in_several_ways_what_it_is (void **state)
{
    (void) state;
    s_is (OVERTURE ("'categories':{'primary':'banks'}"), "bank,finance," POINT);
    s_is (OVERTURE ("'taxonomy':{'primary':'bank'}"), "bank,finance," POINT);
    s_is (OVERTURE ("'taxonomy':{'primary':'gelateria','hierarchy':"
                    "['food_and_drink','cafe','gelateria']}"),
        "cafe,food," POINT);
    s_is (OVERTURE ("'categories':{'primary':'x'},'basic_category':'atm'"),
        "atm,finance," POINT);
    s_is (OVERTURE ("'categories':null"), POINT);
    s_is (OVERTURE ("'categories':{'primary':7},'taxonomy':[],"
                    "'basic_category':{}"),
        POINT);
    s_is_none (OVERTURE ("'operating_status':'permanently_closed'"), "closed");
    s_is_none ("'properties':{'names':{'primary':''}}", "no name");
    s_comes_from (OVERTURE ("'categories':null"), "overture-08f", "Overture");
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        cmocka_unit_test (a_place_is_all_that_its_tag_says),
        cmocka_unit_test (another_tag_may_tell_of_the_place),
        cmocka_unit_test (what_is_no_more_is_no_place),
        cmocka_unit_test (openstreetmap_is_credited_where_it_is_openstreetmap),
        cmocka_unit_test (own_data_keeps_its_ids_and_is_credited_to_nobody),
        cmocka_unit_test (all_the_places_is_credited_to_itself),
        cmocka_unit_test (ids_without_quotes_are_read),
        cmocka_unit_test (other_words_without_quotes_are_not),
        cmocka_unit_test (overture_says_in_several_ways_what_it_is),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
