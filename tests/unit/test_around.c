/*  =========================================================================
    test_around - which clients are near a place or another client, or in a box
    =========================================================================
*/

#include "unit/spans.h"

#include "web/around.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    table_t *table;
    exchange_response_t response;
    json_t *page;  //  What the response is
} around_t;

static around_t s_around;


static void
s_put (around_t *self, const char *line)
{
    location_t location = spans_location (line);
    assert_int_equal (
        table_put (self->table, &location, TABLE_DOOR), TABLE_STORED);
}


static int
s_setup (void **state)
{
    around_t *self = *state = &s_around;
    memset (self, 0, sizeof (*self));
    self->table =
        table_new ((const unsigned char *) "0123456789abcdef", 1 << 24);
    table_keep_near (self->table);
    s_put (self, "AT A +0.000000000 kiwi +34.068930-118.445127 1");
    s_put (self, "AT A +0.000000000 kea +34.078930-118.445127 1");
    s_put (self, "AT A +0.000000000 moa +34.068930-118.545127 1");
    s_put (self, "AT A +0.000000000 emu -17.0+179.9 1");
    s_put (self, "AT A +0.000000000 roc -17.0-179.9 1");
    return 0;
}


static int
s_teardown (void **state)
{
    around_t *self = *state;
    json_decref (self->page);
    free (self->response.text);
    table_destroy (&self->table);
    return 0;
}


//  Ask, and return the status

static unsigned
s_ask (around_t *self, const char *query)
{
    exchange_request_t request = {.method = "GET", .query = span_of (query)};
    free (self->response.text);
    json_decref (self->page);
    self->response = (exchange_response_t){.status = 0};
    assert_true (around_is_asked (span_of (query)));
    around_show (&request, (instant_t){99, 7}, self->table, &self->response);
    self->page = json_loadb (self->response.text, self->response.size, 0, NULL);
    assert_non_null (self->page);
    return self->response.status;
}


static json_t *
s_feature (const around_t *self, size_t index)
{
    return json_array_get (json_object_get (self->page, "features"), index);
}


//  Return the IDs, with blanks between

static const char *
s_ids (const around_t *self)
{
    static char ids [256];
    ids [0] = '\0';
    for (size_t at = 0; s_feature (self, at); at++) {
        size_t used = strlen (ids);
        snprintf (ids + used, sizeof (ids) - used, "%s%s", at ? " " : "",
            json_string_value (json_object_get (s_feature (self, at), "id")));
    }
    return ids;
}


static void
the_nearest_come_first (void **state)
{
    static const struct {
        const char *query;
        const char *ids;
    } rows [] = {
        {"near=34.07,-118.44&km=20", "kiwi kea moa"},
        {"near=34.07,-118.44&km=20&limit=2", "kiwi kea"},
        {"near=%2B34.07,-118.44&km=5", "kiwi kea"},
        {"near=+34.07,-118.44&km=0.8", "kiwi"},
        {"near=34.068930,-118.445127&km=0", "kiwi"},
        {"near=kiwi&km=1.2", "kea"},
        {"near=kiwi&km=20&limit=1", "kea"},
        {"near=kiwi&km=1", ""},
        {"near=-17.0,179.99&km=15", "emu roc"},
        {"near=-17,-179.99&limit=2", "roc emu"},
        {"near=emu&km=22", "roc"},
        {"near=80,-118", "kea kiwi moa roc emu"},
    };
    around_t *self = *state;
    for (size_t row = 0; row < COUNT (rows); row++) {
        assert_row (s_ask (self, rows [row].query) == 200, rows [row].query);
        assert_string_equal (self->response.type, "application/geo+json");
        assert_row (
            strcmp (s_ids (self), rows [row].ids) == 0, rows [row].query);
    }
}


static void
distances_are_in_metres (void **state)
{
    around_t *self = *state;
    assert_int_equal (s_ask (self, "near=kiwi&km=2"), 200);
    json_t *properties = json_object_get (s_feature (self, 0), "properties");
    double metres =
        json_number_value (json_object_get (properties, "distance_metres"));
    //  A hundredth of a degree north
    assert_true (metres > 1111.94 && metres < 1111.96);
    assert_int_equal (
        json_integer_value (json_object_get (self->page, "numberReturned")), 1);
}


static void
a_box_has_its_edges_and_may_cross_the_date_line (void **state)
{
    static const struct {
        const char *query;
        const char *some;
        size_t count;
    } rows [] = {
        {"bbox=-118.5,34,-118.4,34.1", "kiwi", 2},
        {"bbox=-118.445127,34.068930,-118.445127,34.068930", "kiwi", 1},
        {"bbox=179,-18,-179,-16", "emu", 2},
        {"bbox=-179,-18,179,-16", "", 0},
        {"bbox=-180,-90,180,90", "roc", 5},
        {"bbox=-179.9999999,-90,180,90", "roc", 5},
        {"bbox=0,-90,0,90", "", 0},
    };
    around_t *self = *state;
    for (size_t row = 0; row < COUNT (rows); row++) {
        assert_row (s_ask (self, rows [row].query) == 200, rows [row].query);
        size_t count =
            json_array_size (json_object_get (self->page, "features"));
        assert_row (count == rows [row].count, rows [row].query);
        assert_row (strstr (s_ids (self), rows [row].some), rows [row].query);
        assert_null (json_object_get (self->page, "links"));
    }
}


//  Follow the links.  Returns how many pages there are

static size_t
s_read_pages (around_t *self, const char *first, size_t *clients)
{
    char query [256];
    size_t pages = 0;
    snprintf (query, sizeof (query), "%s", first);
    *clients = 0;
    for (bool more = true; more; pages++) {
        assert_int_equal (s_ask (self, query), 200);
        *clients += json_array_size (json_object_get (self->page, "features"));
        const char *next = json_string_value (json_object_get (
            json_array_get (json_object_get (self->page, "links"), 0), "href"));
        more = next;
        if (more)
            snprintf (query, sizeof (query), "%s", strchr (next, '?') + 1);
    }
    return pages;
}


//  Clients on a line beside the box, and some of the Earth: what is not in the
//  box is looked at, too, and that much on a page is enough

static void
a_box_comes_in_pages (void **state)
{
    around_t *self = *state;
    char line [128];
    size_t clients;
    assert_int_equal (
        s_read_pages (self, "bbox=-180,-90,180,90&limit=2", &clients), 3);
    assert_int_equal (clients, 5);
    assert_int_equal (
        s_read_pages (self, "bbox=-180,-90,180,90&limit=5", &clients), 1);
    for (int client = 0; client < 40000; client++) {
        snprintf (line, sizeof (line),
            "AT A +0.000000000 c%d +10.0000001+%d.%03d 1", client,
            client / 1000, client % 1000);
        s_put (self, line);
    }
    assert_true (
        s_read_pages (self, "bbox=0,9.9999999,180,10.0", &clients) > 1);
    assert_int_equal (clients, 0);
    assert_int_equal (
        s_read_pages (self, "bbox=0,10,180,10.1&limit=10000", &clients), 4);
    assert_int_equal (clients, 40000);
}


static void
what_cannot_be_asked_is_refused_with_the_reason (void **state)
{
    static const struct {
        const char *query;
        const char *detail;
    } rows [] = {
        {"near=", "near is latitude,longitude or an id"},
        {"near=91,0", "near is latitude,longitude within 90 and 180"},
        {"near=0,181", "near is latitude,longitude within 90 and 180"},
        {"near=1.2.3,4", "near is latitude,longitude within 90 and 180"},
        {"near=kiwi%00", "near is latitude,longitude or an id"},
        {"near=kiwi&km=-1", "km is 0 to 20016"},
        {"near=kiwi&km=20017", "km is 0 to 20016"},
        {"near=kiwi&km=1e3", "km is 0 to 20016"},
        {"near=kiwi&km=", "km is 0 to 20016"},
        {"near=kiwi&limit=0", "limit is 1 to 10000"},
        {"near=kiwi&limit=10001", "limit is 1 to 10000"},
        {"near=kiwi&bbox=1,2,3,4", "near and bbox are two questions"},
        {"near=kiwi&cursor=1-1", "who is near comes on one page"},
        {"bbox=1,2,3", "bbox is west,south,east,north"},
        {"bbox=1,2,3,4,5,6", "bbox is west,south,east,north"},
        {"bbox=1,4,3,2", "bbox is west,south,east,north"},
        {"bbox=-181,2,3,4", "bbox is west,south,east,north"},
        {"bbox=a,2,3,4", "bbox is west,south,east,north"},
        {"bbox=", "bbox is west,south,east,north"},
        {"bbox=1,2,3,4&km=1", "km belongs to near"},
        {"bbox=1,2,3,4&cursor=7", "cursor is what a page's next link has"},
        {"bbox=1,2,3,4&limit=x", "limit is 1 to 10000"},
    };
    around_t *self = *state;
    for (size_t row = 0; row < COUNT (rows); row++) {
        assert_row (s_ask (self, rows [row].query) == 400, rows [row].query);
        const char *detail =
            json_string_value (json_object_get (self->page, "detail"));
        assert_row (strstr (detail, rows [row].detail), rows [row].query);
    }
    assert_int_equal (s_ask (self, "near=nobody"), 404);
}


//  Equally far from the pole, so that all have to be looked at

static void
a_question_that_costs_too_much_is_refused (void **state)
{
    around_t *self = *state;
    char line [128];
    for (int client = 0; client < 40000; client++) {
        snprintf (line, sizeof (line), "AT A +0.000000000 c%d +80+%d.%03d 1",
            client, client / 1000, client % 1000);
        s_put (self, line);
    }
    assert_int_equal (s_ask (self, "near=90,0&limit=1"), 400);
    assert_non_null (strstr (self->response.text, "fewer km"));
    assert_int_equal (s_ask (self, "near=90,0&limit=1&km=1000"), 200);
}


static void
a_table_that_does_not_know_says_so (void **state)
{
    around_t *self = *state;
    table_destroy (&self->table);
    self->table = table_new ((const unsigned char *) "0123456789abcdef", 65536);
    assert_int_equal (s_ask (self, "near=1,2"), 501);
    assert_int_equal (s_ask (self, "bbox=1,2,3,4"), 501);
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        cmocka_unit_test_setup_teardown (
            the_nearest_come_first, s_setup, s_teardown),
        cmocka_unit_test_setup_teardown (
            distances_are_in_metres, s_setup, s_teardown),
        cmocka_unit_test_setup_teardown (
            a_box_has_its_edges_and_may_cross_the_date_line, s_setup,
            s_teardown),
        cmocka_unit_test_setup_teardown (
            a_box_comes_in_pages, s_setup, s_teardown),
        cmocka_unit_test_setup_teardown (
            what_cannot_be_asked_is_refused_with_the_reason, s_setup,
            s_teardown),
        cmocka_unit_test_setup_teardown (
            a_question_that_costs_too_much_is_refused, s_setup, s_teardown),
        cmocka_unit_test_setup_teardown (
            a_table_that_does_not_know_says_so, s_setup, s_teardown),
    };
    return cmocka_run_group_tests_name ("around", tests, NULL, NULL);
}
