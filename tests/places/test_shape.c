/*  =========================================================================
    test_shape - where a GeoJSON geometry is
    =========================================================================
*/

#include "places/shape.h"

#include <czmq.h>

#include <setjmp.h>
#include <cmocka.h>

//  Geometries of the five types, with those brackets around their points
#define POINT(point) "{\"type\":\"Point\",\"coordinates\":" point "}"
#define LINE(points) "{\"type\":\"LineString\",\"coordinates\":[" points "]}"
#define POLYGON(points) "{\"type\":\"Polygon\",\"coordinates\":[[" points "]]}"
#define POLYGONS(one, other)                                                   \
    "{\"type\":\"MultiPolygon\",\"coordinates\":[[[" one "]],[[" other "]]]}"
#define COLLECTION(geometries)                                                 \
    "{\"type\":\"GeometryCollection\",\"geometries\":[" geometries "]}"


static shape_t
s_shape (const char *text, globe_point_t *middle)
{
    json_t *geometry = json_loads (text, JSON_DECODE_ANY, NULL);
    if (!geometry)
        fail_msg ("no JSON: %s", text);
    shape_t shape = shape_middle (geometry, middle);
    json_decref (geometry);
    return shape;
}


static void
s_stands_at (const char *text, double lng, double lat)
{
    globe_point_t at = {0};
    if (s_shape (text, &at) != SHAPE_GOOD || at.lng != lround (lng * DEGREE) ||
        at.lat != lround (lat * DEGREE))
        fail_msg ("%s stands at %d, %d", text, at.lng, at.lat);
}


static void
s_is (shape_t shape, const char *text)
{
    globe_point_t at = {1, 2};
    if (s_shape (text, &at) != shape || at.lat != 1 || at.lng != 2)
        fail_msg ("%s is not %d", text, shape);
}


static void
every_type_stands_at_the_middle_of_its_box (void **state)
{
    (void) state;
    s_stands_at (POINT ("[1.5,-2,300]"), 1.5, -2);
    s_stands_at (LINE ("[1,2],[3,8]"), 2, 5);
    s_stands_at (POLYGON ("[1,2],[3,2],[3,8],[1,2]"), 2, 5);
    s_stands_at (
        POLYGONS ("[1,2],[1,3],[2,2],[1,2]", "[3,8],[3,7],[2,7],[3,8]"), 2, 5);
    s_stands_at (COLLECTION (POINT ("[1,2]") "," LINE ("[2,3],[3,8]")), 2, 5);
    s_stands_at (COLLECTION (COLLECTION (POINT ("[1,2]"))), 1, 2);
    s_stands_at (LINE ("[-100,2],[70,2]"), -15, 2);
    s_stands_at (LINE ("[-90,2],[0,0],[100,2]"), 5, 1);
}


//  Cut there, as RFC 7946 has it, and uncut, as osmium writes it

static void
across_the_180th_meridian_is_near_it (void **state)
{
    (void) state;
    s_stands_at (POLYGONS ("[179.9,-17],[180,-17],[180,-16],[179.9,-17]",
                     "[-180,-17],[-179.9,-17],[-179.9,-16],[-180,-17]"),
        180, -16.5);
    s_stands_at (POLYGONS ("[178,65],[180,65],[180,70],[178,65]",
                     "[-180,65],[-170,65],[-170,70],[-180,65]"),
        -176, 67.5);
    s_stands_at (
        POLYGON ("[179,1],[-179.5,1],[-179.5,2],[179,1]"), 179.75, 1.5);
    s_stands_at (LINE ("[-179,1],[178,3]"), 179.5, 2);
    s_stands_at (LINE ("[-180,1],[180,3]"), 180, 2);
    s_stands_at (
        COLLECTION (POINT ("[179,1]") "," POINT ("[-177,3]")), -179, 2);
    s_stands_at (POINT ("[180,1]"), 180, 1);
    s_stands_at (POINT ("[-180,1]"), -180, 1);
}


static void
what_is_nowhere_is_not_bad (void **state)
{
    (void) state;
    assert_int_equal (shape_middle (NULL, NULL), SHAPE_NONE);
    s_is (SHAPE_NONE, "null");
    s_is (SHAPE_NONE, POINT ("[]"));
    s_is (SHAPE_NONE, COLLECTION (""));
    s_is (SHAPE_NONE, COLLECTION ("null," POINT ("[]")));
}


static void
what_is_no_geometry_is_bad (void **state)
{
    (void) state;
    s_is (SHAPE_BAD, "[1,2]");
    s_is (SHAPE_BAD, "{}");
    s_is (SHAPE_BAD, POINT ("null"));
    s_is (SHAPE_BAD, POINT ("[1]"));
    s_is (SHAPE_BAD, POINT ("[1,\"2\"]"));
    s_is (SHAPE_BAD, LINE ("[1,2],[]"));
    s_is (SHAPE_BAD, LINE ("[1,2],3"));
    s_is (SHAPE_BAD, POINT ("[180.1,2]"));
    s_is (SHAPE_BAD, POINT ("[1,90.1]"));
    s_is (SHAPE_BAD, COLLECTION (POINT ("[1,2]") ",3"));
    s_is (SHAPE_BAD, POINT ("[[[[[[[[[[1,2]]]]]]]]]]"));
    s_is (SHAPE_BAD,
        COLLECTION (COLLECTION (COLLECTION (COLLECTION (
            COLLECTION (COLLECTION (COLLECTION (COLLECTION ("null")))))))));
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        cmocka_unit_test (every_type_stands_at_the_middle_of_its_box),
        cmocka_unit_test (across_the_180th_meridian_is_near_it),
        cmocka_unit_test (what_is_nowhere_is_not_bad),
        cmocka_unit_test (what_is_no_geometry_is_bad),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
