/*  =========================================================================
    test_v1 - what applications may ask, and what they are answered
    =========================================================================
*/

#include "unit/spans.h"

#include "web/v1.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static const unsigned char s_key [TABLE_KEY_SIZE] = "key";


static void
a_path_says_what_is_asked_for (void **state)
{
    static const struct {
        const char *path;
        v1_kind_t kind;
        const char *id;
    } rows [] = {
        {"/v1/clients", V1_CLIENTS, ""},
        {"/v1/clients/kiwi", V1_CLIENT, "kiwi"},
        {"/v1/clients/kiwi/places", V1_PLACES, "kiwi"},
        {"/v1/clients/owntracks%2Fjane%2Fphone/places", V1_PLACES,
            "owntracks/jane/phone"},
        {"/v1/clients/a+b%2Bc", V1_CLIENT, "a+b+c"},
        {"/v1/clients/places", V1_CLIENT, "places"},
        {"/openapi.json", V1_OPENAPI, ""},
        {"/v1/herd", V1_HERD, ""},
        {"/v1/clients/", V1_UNKNOWN, ""},
        {"/v1/clients//places", V1_UNKNOWN, ""},
        {"/v1/clients/kiwi/", V1_UNKNOWN, "kiwi"},
        {"/v1/clients/kiwi/places/", V1_UNKNOWN, "kiwi"},
        {"/v1/clients/owntracks/jane/phone", V1_UNKNOWN, "owntracks"},
        {"/v1/", V1_UNKNOWN, ""},
        {"/v1/clientsx", V1_UNKNOWN, ""},
        {"/v1", V1_NONE, ""},
        {"/V1/clients", V1_NONE, ""},
        {"/", V1_NONE, ""},
        {"", V1_NONE, ""},
    };
    (void) state;
    for (size_t index = 0; index < COUNT (rows); index++) {
        v1_t v1;
        v1_find (&v1, span_of (rows [index].path));
        assert_row (v1.kind == rows [index].kind, rows [index].path);
        assert_text (((span_t){v1.id, v1.id_size}), rows [index].id);
    }
}


static void
an_id_has_its_bounds (void **state)
{
    char path [8192] = "/v1/clients/";
    size_t start = strlen (path);
    v1_t v1;
    (void) state;
    for (size_t at = 0; at < 1024; at++)
        memcpy (path + start + 3 * at, "%78", 3);
    v1_find (&v1, span_of (path));
    assert_int_equal (v1.kind, V1_CLIENT);
    assert_int_equal (v1.id_size, 1024);
    path [start + 3 * (size_t) 1024] = 'x';
    v1_find (&v1, span_of (path));
    assert_int_equal (v1.kind, V1_UNKNOWN);
    memset (path + start, 'x', 1025);
    path [start + 1025] = '\0';
    v1_find (&v1, span_of (path));
    assert_int_equal (v1.kind, V1_UNKNOWN);
}


//  What a request becomes, or the status that it gets

static void
a_request_becomes_a_line (void **state)
{
#define BODY "{\"latitude\":1.50,\"longitude\":-2}"
    static const struct {
        const char *path;
        const char *query;
        const char *body;
        unsigned status;
        const char *line;
    } rows [] = {
        {"/v1/clients/a", "", "{\"latitude\":1,\"longitude\":2,\"stamp\":7.50}",
            0, "IAMAT a +1+2 7.50"},
        {"/v1/clients/a", "", BODY, 0, "IAMAT a +1.50-2 99.000000007"},
        {"/v1/clients/a%20b", "", BODY, 400, NULL},
        {"/v1/clients/a%00", "", BODY, 400, NULL},
        {"/v1/clients/a2345678901", "", BODY, 400, NULL},
        {"/v1/clients/a", "", "{}", 400, NULL},
        {"/v1/clients/a/places", "", "", 0, "WHATSAT a 10 20"},
        {"/v1/clients/a/places", "km=0.5&limit=3", "", 0, "WHATSAT a 0.5 3"},
        {"/v1/clients/a/places", "km=1&km=2", "", 0, "WHATSAT a 2 20"},
        {"/v1/clients/a/places", "km=51", "", 400, NULL},
        {"/v1/clients/a/places", "km=", "", 400, NULL},
        {"/v1/clients/a/places", "km=1%202", "", 400, NULL},
        {"/v1/clients/a/places", "km=-1", "", 400, NULL},
        {"/v1/clients/a/places", "limit=21", "", 400, NULL},
        {"/v1/clients/a/places", "limit=1.5", "", 400, NULL},
        {"/v1/clients/a/places", "limit=1%00", "", 400, NULL},
        {"/v1/clients/a%09/places", "", "", 400, NULL},
    };
    (void) state;
    for (size_t index = 0; index < COUNT (rows); index++) {
        v1_t v1;
        char line [FIX_LINE_SIZE];
        exchange_response_t response = {.status = 0};
        exchange_request_t request = {.query = span_of (rows [index].query),
            .body = span_of (rows [index].body)};
        v1_find (&v1, span_of (rows [index].path));
        size_t size =
            v1_say (&v1, &request, (instant_t){99, 7}, 10, line, &response);
        assert_row (response.status == rows [index].status, rows [index].query);
        if (rows [index].line)
            assert_text (((span_t){line, size}), rows [index].line);
        else
            assert_int_equal (size, 0);
        free (response.text);
    }
}


static void
s_put (table_t *table, const char *line)
{
    location_t location = spans_location (line);
    table_put (table, &location, TABLE_DOOR);
}


//  Return the status of a GET, and keep its answer

static unsigned
s_get (const table_t *table, const char *path, const char *query,
    const char *etag, exchange_response_t *response)
{
    v1_t v1;
    exchange_request_t request = {
        .method = "GET", .query = span_of (query), .if_none_match = etag};
    free (response->text);
    *response = (exchange_response_t){.status = 0};
    v1_find (&v1, span_of (path));
    v1_show (&v1, &request, (instant_t){99, 7}, table, response);
    return response->status;
}


static void
an_etag_is_of_the_location_alone (void **state)
{
    table_t *one = table_new (s_key, 65536);
    table_t *other = table_new (s_key, 65536);
    exchange_response_t first = {.status = 0};
    exchange_response_t second = {.status = 0};
    char etags [128];
    (void) state;
    s_put (one, "AT A +0.000000000 a +1+2 7");
    s_put (other, "AT A +0.000000000 b +1+2 7");
    s_put (other, "AT A +0.000000000 a +1+2 7");
    assert_int_equal (s_get (one, "/v1/clients/a", "", NULL, &first), 200);
    assert_int_equal (s_get (other, "/v1/clients/a", "", NULL, &second), 200);
    assert_string_equal (first.etag, second.etag);
    assert_int_equal (
        s_get (other, "/v1/clients/a", "", first.etag, &second), 304);
    assert_int_equal (second.size, 0);
    assert_string_equal (second.etag, first.etag);
    snprintf (etags, sizeof (etags), "\"x\", W/%s", first.etag);
    assert_int_equal (s_get (one, "/v1/clients/a", "", etags, &second), 304);
    assert_int_equal (s_get (one, "/v1/clients/a", "", "*", &second), 304);
    assert_int_equal (s_get (one, "/v1/clients/b", "", "*", &second), 404);
    s_put (one, "AT A +0.000000000 a +1+2 8");
    assert_int_equal (
        s_get (one, "/v1/clients/a", "", first.etag, &second), 200);
    free (first.text);
    free (second.text);
    table_destroy (&one);
    table_destroy (&other);
}


//  Read all pages.  Returns how many clients there are on them, each once

static size_t
s_count_all (const table_t *table, size_t limit)
{
    exchange_response_t response = {.status = 0};
    json_t *seen = json_object ();
    char query [128];
    snprintf (query, sizeof (query), "limit=%zu", limit);
    for (const char *more = query; more;) {
        assert_int_equal (
            s_get (table, "/v1/clients", more, NULL, &response), 200);
        json_t *page = json_loadb (response.text, response.size, 0, NULL);
        json_t *features = json_object_get (page, "features");
        size_t count = json_array_size (features);
        assert_true (count <= limit);
        assert_int_equal (count,
            json_integer_value (json_object_get (page, "numberReturned")));
        for (size_t index = 0; index < count; index++) {
            const char *id = json_string_value (
                json_object_get (json_array_get (features, index), "id"));
            assert_null (json_object_get (seen, id));
            json_object_set_new (seen, id, json_true ());
        }
        const char *next = json_string_value (json_object_get (
            json_array_get (json_object_get (page, "links"), 0), "href"));
        if (next)
            assert_int_equal (count, limit);
        more = next ? strncpy (query, strchr (next, '?') + 1, 127) : NULL;
        json_decref (page);
    }
    size_t count = json_object_size (seen);
    json_decref (seen);
    free (response.text);
    return count;
}


static const char *
s_client (int client)
{
    static char text [32];
    snprintf (text, sizeof (text), "client-%04d", client);
    return text;
}


static void
s_put_client (table_t *table, int client)
{
    char line [128];
    snprintf (
        line, sizeof (line), "AT A +0.000000000 %s +1+2 7", s_client (client));
    s_put (table, line);
}


static void
all_clients_are_on_pages (void **state)
{
    table_t *table = table_new (s_key, 16777216);
    (void) state;
    assert_int_equal (s_count_all (table, 100), 0);
    for (int client = 0; client < 4096; client++) {
        s_put_client (table, client);
        if (client == 6)
            assert_int_equal (s_count_all (table, 1), 7);
    }
    assert_int_equal (s_count_all (table, 1000), 4096);
    s_put_client (table, 4096);
    assert_int_equal (s_count_all (table, 1000), 4097);
    assert_int_equal (s_count_all (table, 499), 4097);
    assert_int_equal (s_count_all (table, 10000), 4097);
    table_destroy (&table);
}


//  Return the page, but for its time

static char *
s_page (const table_t *table, const char *query)
{
    exchange_response_t response = {.status = 0};
    assert_int_equal (
        s_get (table, "/v1/clients", query, NULL, &response), 200);
    char *end = memmem (response.text, response.size, "\"timeStamp\"", 11);
    assert_non_null (end);
    *end = '\0';
    return response.text;
}


//  However servers came to know them, and how many more they know

static void
pages_are_the_same_at_all_servers (void **state)
{
    table_t *one = table_new (s_key, 16777216);
    table_t *other = table_new (s_key, 16777216);
    (void) state;
    for (int client = 0; client < 5000; client++) {
        s_put_client (one, client);
        s_put_client (other, 4999 - client);
    }
    char *first = s_page (one, "limit=700&cursor=9000000000000000000");
    char *second = s_page (other, "limit=700&cursor=9000000000000000000");
    assert_string_equal (first, second);
    free (second);
    for (int client = 0; client < 5000; client++)
        if (!strstr (first, s_client (client)))
            table_drop (other, span_of (s_client (client)));
    assert_int_equal (table_count (other), 700);
    second = s_page (other, "");
    assert_int_equal (strncmp (first, second, 10000), 0);
    free (first);
    free (second);
    table_destroy (&one);
    table_destroy (&other);
}


static void
a_page_has_its_bounds (void **state)
{
    static const struct {
        const char *query;
        unsigned status;
    } rows [] = {
        {"", 200},
        {"limit=1", 200},
        {"limit=10000", 200},
        {"limit=0", 400},
        {"limit=10001", 400},
        {"limit=x", 400},
        {"limit=", 400},
        {"cursor=0", 200},
        {"cursor=18446744073709551615", 200},
        {"cursor=18446744073709551616", 400},
        {"cursor=1-0", 400},
        {"cursor=-1", 400},
        {"cursor=x", 400},
    };
    table_t *table = table_new (s_key, 65536);
    exchange_response_t response = {.status = 0};
    (void) state;
    s_put (table, "AT A +0.000000000 a +1+2 7");
    for (size_t index = 0; index < COUNT (rows); index++)
        assert_row (s_get (table, "/v1/clients", rows [index].query, NULL,
                        &response) == rows [index].status,
            rows [index].query);
    free (response.text);
    table_destroy (&table);
}


//  Return the text of an answer to the reply

static exchange_response_t
s_answer (const table_t *table, const char *path, const char *reply)
{
    v1_t v1;
    exchange_response_t response = {.status = 0};
    v1_find (&v1, span_of (path));
    v1_answer (&v1, span_of (reply), table, &response);
    return response;
}


static void
a_put_is_told_whether_it_is_the_newest (void **state)
{
    table_t *table = table_new (s_key, 65536);
    (void) state;
    s_put (table, "AT A +0.000000000 a +1+2 7");
    exchange_response_t newest =
        s_answer (table, "/v1/clients/a", "AT A +0.000000000 a +1+2 7\n");
    exchange_response_t stale =
        s_answer (table, "/v1/clients/a", "AT A +0.000000000 a +1+2 6\n");
    exchange_response_t refused =
        s_answer (table, "/v1/clients/a", "? IAMAT a +1+2 6\n");
    assert_int_equal (newest.status, 200);
    assert_non_null (memmem (newest.text, newest.size, "\"newest\":true", 13));
    assert_int_equal (stale.status, 200);
    assert_non_null (memmem (stale.text, stale.size, "\"newest\":false", 14));
    assert_string_equal (newest.etag, stale.etag);
    assert_int_equal (refused.status, 503);
    assert_true (refused.wait > 0);
    free (newest.text);
    free (stale.text);
    free (refused.text);
    table_destroy (&table);
}


static void
places_are_the_bytes_that_came (void **state)
{
#define PLACES "{\n   \"results\" : [],\n   \"status\" : \"OK\"\n}"
    (void) state;
    exchange_response_t response = s_answer (NULL, "/v1/clients/a/places",
        "AT A +0.000000000 a +1+2 7\n" PLACES "\n\n");
    assert_int_equal (response.status, 200);
    assert_text (((span_t){response.text, response.size}), PLACES);
    free (response.text);
    response = s_answer (NULL, "/v1/clients/a/places", "? WHATSAT a 1 1\n");
    assert_int_equal (response.status, 404);
    free (response.text);
}


static void
the_description_is_json_of_the_paths_there_are (void **state)
{
    static const char *const paths [] = {"/v1/clients", "/v1/clients/{id}",
        "/v1/clients/{id}/places", "/v1/events", "/v1/feed", "/v1/herd",
        "/openapi.json"};
    exchange_response_t response = {.status = 0};
    (void) state;
    assert_int_equal (s_get (NULL, "/openapi.json", "", NULL, &response), 200);
    json_t *json = json_loadb (response.text, response.size, 0, NULL);
    json_t *described = json_object_get (json, "paths");
    assert_int_equal (json_object_size (described), COUNT (paths));
    for (size_t index = 0; index < COUNT (paths); index++)
        assert_non_null (json_object_get (described, paths [index]));
    json_decref (json);
    free (response.text);
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        cmocka_unit_test (a_path_says_what_is_asked_for),
        cmocka_unit_test (an_id_has_its_bounds),
        cmocka_unit_test (a_request_becomes_a_line),
        cmocka_unit_test (an_etag_is_of_the_location_alone),
        cmocka_unit_test (all_clients_are_on_pages),
        cmocka_unit_test (pages_are_the_same_at_all_servers),
        cmocka_unit_test (a_page_has_its_bounds),
        cmocka_unit_test (a_put_is_told_whether_it_is_the_newest),
        cmocka_unit_test (places_are_the_bytes_that_came),
        cmocka_unit_test (the_description_is_json_of_the_paths_there_are),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
