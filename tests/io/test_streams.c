/*  =========================================================================
    test_streams - listeners over HTTP, as bytes

    Requests are of HTTP/1.0, whose responses come without the sizes of chunks.
    =========================================================================
*/

#include "io/web_case.h"

#include "loop/clock.h"

//  What a condition is waited for
#define AWAIT_MS 20000


static wire_t *
s_open (web_case_t *self, const char *path, const char *headers)
{
    char head [600];
    wire_t *wire = wire_connect (self->stage, self->port);
    snprintf (head, sizeof head, "GET %s HTTP/1.0\r\nHost: localhost\r\n%s\r\n",
        path, headers);
    wire_say (wire, head);
    return wire;
}


static void
s_tell (web_case_t *self, const char *client, const char *place, unsigned time)
{
    char line [200];
    location_t location;
    snprintf (line, sizeof line, "AT Alford +0.000000000 %s %s %u", client,
        place, time);
    assert_true (location_parse (&location, span_of (line)));
    table_put (self->table, &location, TABLE_DOOR);
}


//  Wait until the text came, and forget what came up to its end

static void
s_await (web_case_t *self, wire_t *wire, const char *text)
{
    int64_t until_ms = clock_ms () + AWAIT_MS;
    char *found = strstr (wire->in, text);
    while (!found && !wire->closed && clock_ms () < until_ms) {
        loop_case_spend (self->stage, 5);
        found = strstr (wire->in, text);
    }
    if (!found) {
        fail_msg ("no \"%s\" in: %s", text, wire->in);
        return;
    }
    found += strlen (text);
    wire->in_size -= (size_t) (found - wire->in);
    memmove (wire->in, found, wire->in_size + 1);
}


//  Hang up, and wait until that is seen

static void
s_hang_up (web_case_t *self, wire_t **wire_p)
{
    int64_t until_ms = clock_ms () + AWAIT_MS;
    size_t streams = web_counts (self->web).streams;
    wire_destroy (wire_p);
    while (web_counts (self->web).streams == streams && clock_ms () < until_ms)
        loop_case_spend (self->stage, 5);
    assert_int_equal (web_counts (self->web).streams, streams - 1);
}


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
    s_tell (self, "kiwi", "+1+2", 1);
    wire_t *wire = s_open (self, "/v1/feed", "");
    s_await (self, wire, "200 OK\r\n");
    s_await (self, wire, "Content-Type: application/x-ndjson\r\n");
    s_await (self, wire, "\r\n\r\n{\"type\":\"Feature\",\"id\":\"kiwi\",");
    s_await (self, wire, "}}\n");
    s_tell (self, "fig", "+3+4", 1);
    s_await (self, wire, "{\"type\":\"Feature\",\"id\":\"fig\",");
    assert_int_equal (web_counts (self->web).streams, 1);
    wire_destroy (&wire);
}


static void
who_comes_back_goes_on_where_it_was (void **state)
{
    web_case_t *self = *state;
    static const char *const ways [][2] = {
        {"/v1/events", "Last-Event-ID: "}, {"/v1/feed?since=", ""}};
    s_tell (self, "kiwi", "+1+2", 1);
    s_tell (self, "fig", "+3+4", 1);
    wire_t *wire = s_open (self, "/v1/events", "");
    s_await (self, wire, "\"kiwi\"");
    s_await (self, wire, "id: ");
    char *id = strndup (wire->in, strcspn (wire->in, "\n"));
    s_await (self, wire, "\"fig\"");
    s_hang_up (self, &wire);
    s_tell (self, "kiwi", "+5+6", 2);
    for (size_t row = 0; row < 2; row++) {
        char path [200];
        char header [200];
        bool by_header = *ways [row][1] != '\0';
        snprintf (
            path, sizeof path, "%s%s", ways [row][0], by_header ? "" : id);
        snprintf (header, sizeof header, "%s%s%s", ways [row][1],
            by_header ? id : "", by_header ? "\r\n" : "");
        wire = s_open (self, path, header);
        s_await (self, wire, "[6,5]");
        assert_null (strstr (wire->in, "fig"));
        s_hang_up (self, &wire);
    }
    //  Those of another process count for nothing
    id [0] = id [0] == 'A' ? 'B' : 'A';
    char header [200];
    snprintf (header, sizeof header, "Last-Event-ID: %s\r\n", id);
    wire = s_open (self, "/v1/events", header);
    s_await (self, wire, "\"fig\"");
    s_hang_up (self, &wire);
    free (id);
}


static void
who_begins_now_is_told_what_is_new (void **state)
{
    web_case_t *self = *state;
    s_tell (self, "kiwi", "+1+2", 1);
    wire_t *wire = s_open (self, "/v1/feed?since=now", "");
    s_await (self, wire, "\r\n\r\n");
    s_tell (self, "fig", "+3+4", 1);
    s_await (self, wire, "{\"type\":\"Feature\",\"id\":\"fig\",");
    wire_destroy (&wire);
}


static void
a_listener_of_an_area_is_told_who_comes_and_goes (void **state)
{
    web_case_t *self = *state;
    static const char *const areas [] = {"/v1/events?near=1,2&km=120",
        "/v1/events?near=kiwi&km=120", "/v1/events?bbox=1.5,0.5,2.5,1.9"};
    for (unsigned row = 0; row < 3; row++) {
        unsigned time = 10 * row;
        s_tell (self, "kiwi", "+1+2", time + 1);
        wire_t *wire = s_open (self, areas [row], "");
        s_await (self, wire, "X-Accel-Buffering: no\r\n");
        s_await (self, wire, "retry: 2");
        s_await (self, wire, "event: reset\ndata: {\"inside\":1}\n\n");
        s_await (self, wire,
            "event: location\ndata: {\"type\":\"Feature\","
            "\"id\":\"kiwi\"");
        s_tell (self, "fig", "+9+9", time + 1);
        s_tell (self, "fig", "+1.1+2", time + 2);
        s_await (self, wire,
            "event: enter\ndata: {\"type\":\"Feature\","
            "\"id\":\"fig\"");
        s_tell (self, "kiwi", "+1.2+2", time + 2);
        s_await (self, wire,
            "event: location\ndata: {\"type\":\"Feature\","
            "\"id\":\"kiwi\"");
        s_tell (self, "fig", "+9+9", time + 3);
        s_await (self, wire,
            "event: leave\ndata: {\"type\":\"Feature\","
            "\"id\":\"fig\"");
        table_drop (self->table, span_of ("fig"));
        table_drop (self->table, span_of ("kiwi"));
        s_await (self, wire, "event: gone\ndata: {\"id\":\"kiwi\"}\n\n");
        assert_null (strstr (wire->in, "fig"));
        wire_destroy (&wire);
    }
}


static void
a_listener_of_a_client_is_told_of_it_alone (void **state)
{
    web_case_t *self = *state;
    wire_t *wire = s_open (self, "/v1/events?id=ki%77i", "");
    s_await (self, wire, "event: reset\ndata: {\"inside\":0}\n\n");
    s_tell (self, "fig", "+1+2", 1);
    s_tell (self, "kiwi", "+1+2", 1);
    s_await (self, wire, "event: enter\n");
    s_await (self, wire, "\"kiwi\"");
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
        wires [index] = s_open (self, box, "");
        s_await (self, wires [index], "event: reset");
    }
    assert_int_equal (s_status (self, "/v1/feed"), 503);
    assert_non_null (strstr (self->reply, "Retry-After: 5\r\n"));
    for (unsigned index = 1; index < WEB_CASE_LISTENERS; index++)
        wire_destroy (&wires [index]);
    for (unsigned client = 0; client <= WEB_CASE_INSIDE; client++)
        s_tell (self, (char []){'c', (char) ('0' + client), '\0'}, "+1+2", 1);
    s_await (self, wires [0], "event: crowded\ndata: {\"inside\":5}\n\n");
    REACH (self->stage, &wires [0]->closed, 1);
    wire_destroy (&wires [0]);
    loop_case_rest (self->stage);
    assert_int_equal (s_status (self, box), 413);
    assert_int_equal (web_counts (self->web).streams, 0);
}


//  However much changes meanwhile: the kernel has what it took, then comes what
//  is the newest

static void
who_reads_nothing_costs_no_memory_and_gets_the_newest (void **state)
{
    web_case_t *self = *state;
    wire_t *wire = wire_prepare (self->stage, 4096);
    wire_dial (wire, self->port);
    wire_say (wire, "GET /v1/feed HTTP/1.0\r\nHost: localhost\r\n\r\n");
    s_await (self, wire, "\r\n\r\n");
    wire_deafen (wire, true);
    for (unsigned time = 1; time <= 3000; time++) {
        s_tell (self, "kiwi", "+1+2", time);
        if (time % 10 == 0)
            loop_case_spend (self->stage, 1);
        later_by (20);
    }
    uint64_t told = web_counts (self->web).events;
    assert_in_range (told, 1, 1000);
    wire_deafen (wire, false);
    s_await (self, wire, "\"stamp\":\"3000\"");
    wire_destroy (&wire);
}


//  Not even what was there when it came

static void
who_takes_nothing_for_a_minute_is_cut (void **state)
{
    web_case_t *self = *state;
    for (unsigned client = 0; client < 500; client++) {
        char id [16];
        snprintf (id, sizeof id, "c%u", client);
        s_tell (self, id, "+1+2", 1);
    }
    wire_t *wire = wire_prepare (self->stage, 4096);
    wire_dial (wire, self->port);
    wire_deafen (wire, true);
    wire_say (wire, "GET /v1/feed HTTP/1.0\r\nHost: localhost\r\n\r\n");
    loop_case_rest (self->stage);
    assert_int_equal (web_counts (self->web).streams, 1);
    later_by (59000);
    loop_case_spend (self->stage, 50);
    assert_int_equal (web_counts (self->web).streams, 1);
    later_by (2000);
    int64_t until_ms = clock_ms () + AWAIT_MS;
    while (web_counts (self->web).streams && clock_ms () < until_ms)
        loop_case_spend (self->stage, 5);
    assert_int_equal (web_counts (self->web).streams, 0);
    wire_destroy (&wire);
}


//  Longer than any request may take, and without a word

static void
a_listener_stays_and_gets_signs_of_life (void **state)
{
    web_case_t *self = *state;
    wire_t *wire = s_open (self, "/v1/events?since=now", "");
    s_await (self, wire, "retry: ");
    for (int beat = 0; beat < 6; beat++) {
        later_by (16000);
        s_await (self, wire, &"\n:\n\n" [beat > 0]);
    }
    s_tell (self, "kiwi", "+1+2", 1);
    s_await (self, wire, "event: location\n");
    wire_destroy (&wire);
}


static void
who_stops_ends_all_streams (void **state)
{
    web_case_t *self = *state;
    wire_t *idle = s_open (self, "/v1/events?since=now", "");
    wire_t *deaf = s_open (self, "/v1/feed", "");
    s_await (self, idle, "retry: ");
    s_await (self, deaf, "\r\n\r\n");
    wire_deafen (deaf, true);
    web_stop (self->web);
    REACH (self->stage, &idle->closed, 1);
    web_destroy (&self->web);
    wire_destroy (&idle);
    wire_destroy (&deaf);
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        CASE (a_feed_is_all_and_then_what_changes),
        CASE (who_comes_back_goes_on_where_it_was),
        CASE (who_begins_now_is_told_what_is_new),
        CASE (a_listener_of_an_area_is_told_who_comes_and_goes),
        CASE (a_listener_of_a_client_is_told_of_it_alone),
        CASE (what_names_no_area_is_refused),
        CASE (listeners_and_who_they_have_inside_are_limited),
        CASE (who_reads_nothing_costs_no_memory_and_gets_the_newest),
        CASE (who_takes_nothing_for_a_minute_is_cut),
        CASE (a_listener_stays_and_gets_signs_of_life),
        CASE (who_stops_ends_all_streams),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
