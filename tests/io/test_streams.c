/*  =========================================================================
    test_streams - listeners over HTTP, as bytes

    Requests are of HTTP/1.0, whose responses come without the sizes of chunks.
    =========================================================================
*/

#include "io/web_case.h"

#include "loop/clock.h"


static int
s_status (web_case_t *self, const char *path)
{
    char line [600];
    snprintf (line, sizeof line, "GET %s", path);
    return web_case_ask (self, line, "", "");
}


static void
a_feed_is_all_and_then_what_changes (void **state)
{
    web_case_t *self = *state;
    web_case_tell (self, "kiwi", "+1+2", 1);
    wire_t *wire = web_case_listen (self, "/v1/feed", "");
    web_case_await (self, wire, "200 OK\r\n");
    web_case_await (self, wire, "Content-Type: application/x-ndjson\r\n");
    web_case_await (
        self, wire, "\r\n\r\n{\"type\":\"Feature\",\"id\":\"kiwi\",");
    web_case_await (self, wire, "}}\n");
    web_case_tell (self, "fig", "+3+4", 1);
    web_case_await (self, wire, "{\"type\":\"Feature\",\"id\":\"fig\",");
    assert_int_equal (web_counts (self->web).streams, 1);
    wire_destroy (&wire);
}


static void
who_comes_back_goes_on_where_it_was (void **state)
{
    web_case_t *self = *state;
    static const char *const ways [][2] = {
        {"/v1/events", "Last-Event-ID: "}, {"/v1/feed?since=", ""}};
    web_case_tell (self, "kiwi", "+1+2", 1);
    web_case_tell (self, "fig", "+3+4", 1);
    wire_t *wire = web_case_listen (self, "/v1/events", "");
    web_case_await (self, wire, "\"kiwi\"");
    web_case_await (self, wire, "id: ");
    char *id = strndup (wire->in, strcspn (wire->in, "\n"));
    web_case_await (self, wire, "\"fig\"");
    web_case_hang_up (self, &wire);
    web_case_tell (self, "kiwi", "+5+6", 2);
    for (size_t row = 0; row < 2; row++) {
        char path [200];
        char header [200];
        bool by_header = *ways [row][1] != '\0';
        snprintf (
            path, sizeof path, "%s%s", ways [row][0], by_header ? "" : id);
        snprintf (header, sizeof header, "%s%s%s", ways [row][1],
            by_header ? id : "", by_header ? "\r\n" : "");
        wire = web_case_listen (self, path, header);
        web_case_await (self, wire, "[6,5]");
        assert_null (strstr (wire->in, "fig"));
        web_case_hang_up (self, &wire);
    }
    //  Those of another process count for nothing
    id [0] = id [0] == 'A' ? 'B' : 'A';
    char header [200];
    snprintf (header, sizeof header, "Last-Event-ID: %s\r\n", id);
    wire = web_case_listen (self, "/v1/events", header);
    web_case_await (self, wire, "\"fig\"");
    web_case_hang_up (self, &wire);
    free (id);
}


static void
who_begins_now_is_told_what_is_new (void **state)
{
    web_case_t *self = *state;
    web_case_tell (self, "kiwi", "+1+2", 1);
    wire_t *wire = web_case_listen (self, "/v1/feed?since=now", "");
    web_case_await (self, wire, "\r\n\r\n");
    web_case_tell (self, "fig", "+3+4", 1);
    web_case_await (self, wire, "{\"type\":\"Feature\",\"id\":\"fig\",");
    wire_destroy (&wire);
}


//  Who is inside, or of which share of all it is told, nobody knows before

static void
an_area_and_a_share_begin_anew_whoever_comes_back (void **state)
{
    web_case_t *self = *state;
    static const char *const queries [] = {
        "bbox=0,0,5,5", "near=1,2&km=9", "id=kiwi", "max=3"};
    char path [200];
    web_case_tell (self, "kiwi", "+1+2", 1);
    wire_t *wire = web_case_listen (self, "/v1/events", "");
    web_case_await (self, wire, "id: ");
    char *id = strndup (wire->in, strcspn (wire->in, "\n"));
    web_case_hang_up (self, &wire);
    for (size_t row = 0; row < 2 * sizeof queries / sizeof *queries; row++) {
        snprintf (path, sizeof path, "/v1/events?%s&since=%s",
            queries [row / 2], row % 2 ? id : "now");
        wire = web_case_listen (self, path, "");
        web_case_await (self, wire, "event: reset\ndata: {\"inside\":1}\n\n");
        web_case_await (self, wire, "\"kiwi\"");
        web_case_hang_up (self, &wire);
    }
    free (id);
}


static void
a_listener_of_an_area_is_told_who_comes_and_goes (void **state)
{
    web_case_t *self = *state;
    static const char *const areas [] = {"/v1/events?near=1,2&km=120",
        "/v1/events?near=kiwi&km=120", "/v1/events?bbox=1.5,0.5,2.5,1.9"};
    for (unsigned row = 0; row < 3; row++) {
        unsigned time = 10 * row;
        web_case_tell (self, "kiwi", "+1+2", time + 1);
        wire_t *wire = web_case_listen (self, areas [row], "");
        web_case_await (self, wire, "X-Accel-Buffering: no\r\n");
        web_case_await (self, wire, "retry: 2");
        web_case_await (self, wire, "event: reset\ndata: {\"inside\":1}\n\n");
        web_case_await (self, wire,
            "event: location\ndata: {\"type\":\"Feature\","
            "\"id\":\"kiwi\"");
        web_case_tell (self, "fig", "+9+9", time + 1);
        web_case_tell (self, "fig", "+1.1+2", time + 2);
        web_case_await (self, wire,
            "event: enter\ndata: {\"type\":\"Feature\","
            "\"id\":\"fig\"");
        web_case_tell (self, "kiwi", "+1.2+2", time + 2);
        web_case_await (self, wire,
            "event: location\ndata: {\"type\":\"Feature\","
            "\"id\":\"kiwi\"");
        web_case_tell (self, "fig", "+9+9", time + 3);
        web_case_await (self, wire,
            "event: leave\ndata: {\"type\":\"Feature\","
            "\"id\":\"fig\"");
        table_drop (self->table, span_of ("fig"));
        table_drop (self->table, span_of ("kiwi"));
        web_case_await (self, wire, "event: gone\ndata: {\"id\":\"kiwi\"}\n\n");
        assert_null (strstr (wire->in, "fig"));
        wire_destroy (&wire);
    }
}


static void
a_listener_of_a_client_is_told_of_it_alone (void **state)
{
    web_case_t *self = *state;
    wire_t *wire = web_case_listen (self, "/v1/events?id=ki%77i", "");
    web_case_await (self, wire, "event: reset\ndata: {\"inside\":0}\n\n");
    web_case_tell (self, "fig", "+1+2", 1);
    web_case_tell (self, "kiwi", "+1+2", 1);
    web_case_await (self, wire, "event: enter\n");
    web_case_await (self, wire, "\"kiwi\"");
    wire_destroy (&wire);
}


static void
what_names_no_area_is_refused (void **state)
{
    web_case_t *self = *state;
    static const char *const queries [] = {"near=1,2", "near=91,0&km=1",
        "near=1,181&km=1", "near=1,2&km=-1", "near=1,2&km=20017", "near=&km=1",
        "bbox=1,2,3", "bbox=1,2,3,x", "bbox=1,2,3,1", "bbox=-181,0,0,1",
        "bbox=0,0,0,91", "bbox=", "id=", "id=kiwi&near=1,2&km=1",
        "bbox=1,1,2,2&id=kiwi"};
    for (size_t row = 0; row < sizeof queries / sizeof *queries; row++) {
        char path [100];
        snprintf (path, sizeof path, "/v1/events?%s", queries [row]);
        if (s_status (self, path) != 400)
            fail_msg ("%s is not refused", path);
    }
    assert_int_equal (s_status (self, "/v1/events?near=nobody&km=1"), 404);
    assert_int_equal (web_case_ask (self, "PUT /v1/feed", JSON, "{}"), 405);
}


static void
listeners_and_who_they_have_inside_are_limited (void **state)
{
    web_case_t *self = *state;
    wire_t *wires [WEB_CASE_LISTENERS];
    static const char box [] = "/v1/events?bbox=0,0,5,5";
    for (unsigned index = 0; index < WEB_CASE_LISTENERS; index++) {
        wires [index] = web_case_listen (self, box, "");
        web_case_await (self, wires [index], "event: reset");
    }
    assert_int_equal (s_status (self, "/v1/feed"), 503);
    assert_non_null (strstr (self->reply, "Retry-After: 5\r\n"));
    for (unsigned index = 1; index < WEB_CASE_LISTENERS; index++)
        wire_destroy (&wires [index]);
    for (unsigned client = 0; client <= WEB_CASE_INSIDE; client++)
        web_case_tell (
            self, (char []){'c', (char) ('0' + client), '\0'}, "+1+2", 1);
    web_case_await (
        self, wires [0], "event: crowded\ndata: {\"inside\":5}\n\n");
    REACH (self->stage, &wires [0]->closed, 1);
    wire_destroy (&wires [0]);
    web_case_await_streams (self, 0);
    assert_int_equal (s_status (self, box), 413);
}


//  Of all listeners together

static void
memory_of_who_is_inside_is_limited (void **state)
{
    web_case_t *self = *state;
    static const char box [] = "/v1/events?bbox=0,0,5,5";
    web_destroy (&self->web);
    self->inside_size_max = 200;
    self->web = web_case_open (self);
    web_serve (self->web, self->table);
    web_case_tell (self, "kiwi", "+1+2", 1);
    wire_t *wire = web_case_listen (self, box, "");
    web_case_await (self, wire, "\"kiwi\"");
    assert_in_range (web_counts (self->web).inside_size, 1, 200);
    assert_int_equal (s_status (self, box), 503);
    web_case_hang_up (self, &wire);
    assert_int_equal (web_counts (self->web).inside_size, 0);
    wire = web_case_listen (self, box, "");
    web_case_await (self, wire, "\"kiwi\"");
    wire_destroy (&wire);
}


static void
without_a_table_there_are_no_streams (void **state)
{
    web_case_t *self = *state;
    web_destroy (&self->web);
    self->web = web_case_open (self);
    assert_false (web_turn (self->web, clock_ms ()));
    assert_true (web_reload (self->web));
    assert_int_equal (web_counts (self->web).streams, 0);
    web_stop (self->web);
}


static void
who_stops_ends_all_streams (void **state)
{
    web_case_t *self = *state;
    wire_t *idle = web_case_listen (self, "/v1/events?since=now", "");
    wire_t *deaf = web_case_listen (self, "/v1/feed", "");
    web_case_await (self, idle, "retry: ");
    web_case_await (self, deaf, "\r\n\r\n");
    wire_deafen (deaf, true);
    web_stop (self->web);
    REACH (self->stage, &idle->closed, 1);
    web_destroy (&self->web);
    wire_destroy (&idle);
    wire_destroy (&deaf);
}


static void
with_max_an_area_is_thinned_and_never_refused (void **state)
{
    web_case_t *self = *state;
    for (int client = 0; client < 40; client++) {
        char name [20];
        snprintf (name, sizeof name, "c%d", client);
        web_case_tell (self, name, "+1+2", 1);
    }
    assert_int_equal (s_status (self, "/v1/events?bbox=0,0,5,5"), 413);
    assert_int_equal (s_status (self, "/v1/events?max=0"), 400);
    assert_int_equal (s_status (self, "/v1/events?max=x"), 400);
    wire_t *wire =
        web_case_listen (self, "/v1/events?bbox=0,0,5,5&max=100", "");
    web_case_await (self, wire, "event: reset\ndata: {\"inside\":");
    web_case_await (self, wire, ",\"thinned\":");
    web_case_hang_up (self, &wire);
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        CASE (a_feed_is_all_and_then_what_changes),
        CASE (with_max_an_area_is_thinned_and_never_refused),
        CASE (who_comes_back_goes_on_where_it_was),
        CASE (who_begins_now_is_told_what_is_new),
        CASE (an_area_and_a_share_begin_anew_whoever_comes_back),
        CASE (a_listener_of_an_area_is_told_who_comes_and_goes),
        CASE (a_listener_of_a_client_is_told_of_it_alone),
        CASE (what_names_no_area_is_refused),
        CASE (listeners_and_who_they_have_inside_are_limited),
        CASE (memory_of_who_is_inside_is_limited),
        CASE (without_a_table_there_are_no_streams),
        CASE (who_stops_ends_all_streams),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
