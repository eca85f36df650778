/*  =========================================================================
    test_status - what a server knows of itself, in words

    Whether it is ready, and what is missing.
    =========================================================================
*/

#include "admin/metrics.h"
#include "admin/status.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

typedef struct {
    server_t *server;
    effects_t *effects;
    status_facts_t facts;
    int64_t clock_ms;
    bool ready;  //  By the page last read
} case_t;


static void
s_open (case_t *self, const char *const *peers, unsigned peer_count)
{
    self->effects = effects_new ();
    self->clock_ms = 1000000;
    self->facts = (status_facts_t){.server = "Alford"};
    self->server = server_new (&(server_options_t){.name = "Alford",
        .herd = "test",
        .secret = "",
        .incarnation = 1,
        .peers = peers,
        .peer_count = peer_count,
        .table_size_max = 1 << 20,
        .waiting_max = 1});
}


static int
s_new (void **state)
{
    static const char *const peers [] = {"Ball", "Welsh"};
    case_t *self = calloc (1, sizeof (case_t));
    assert_non_null (self);
    s_open (self, peers, 2);
    *state = self;
    return 0;
}


static int
s_destroy (void **state)
{
    case_t *self = *state;
    server_destroy (&self->server);
    effects_destroy (&self->effects);
    free (self);
    return 0;
}


static void
s_step (case_t *self, event_kind_t kind, unsigned peer)
{
    event_t event = {.kind = kind,
        .peer = peer,
        .clock_ms = self->clock_ms,
        .now = {.seconds = 1479413884}};
    server_step (self->server, &event, self->effects);
    effects_clear (self->effects);
}


static void
s_let_pass (case_t *self, int64_t ms)
{
    for (; ms > 0; ms -= CORE_TICK_MS) {
        self->clock_ms += CORE_TICK_MS;
        s_step (self, EVENT_TICK, 0);
    }
}


static json_t *
s_page (case_t *self, admin_page_t page)
{
    char *text = status_text (page, &self->facts, self->server, &self->ready);
    json_t *json = json_loads (text, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null (json);
    free (text);
    return json;
}


static void
s_check (case_t *self, const char *text)
{
    json_t *json = s_page (self, ADMIN_READYZ);
    char *said = json_dumps (json, JSON_COMPACT);
    assert_string_equal (said, text);
    assert_int_equal (self->ready, strstr (text, "\"ready\":true") != NULL);
    free (said);
    json_decref (json);
}


static void
while_it_loads_it_is_not_ready (void **state)
{
    case_t *self = *state;
    s_step (self, EVENT_TICK, 0);
    s_check (self, "{\"ready\":false,\"reasons\":[\"loading\"],"
                   "\"links_down\":[\"Ball\",\"Welsh\"]}");
}


static void
without_peers_it_is_ready_at_once (void **state)
{
    case_t *self = *state;
    server_destroy (&self->server);
    effects_destroy (&self->effects);
    s_open (self, NULL, 0);
    s_check (self, "{\"ready\":true,\"reasons\":[],\"links_down\":[]}");
}


//  Nobody can be loaded from, and clients are served

static void
links_that_are_down_are_named_and_no_reason (void **state)
{
    case_t *self = *state;
    s_let_pass (self, 5000);
    s_check (self, "{\"ready\":true,\"reasons\":[],"
                   "\"links_down\":[\"Ball\",\"Welsh\"]}");
}


static void
while_it_stops_it_is_not_ready (void **state)
{
    case_t *self = *state;
    s_let_pass (self, 5000);
    self->facts.process.stopping = true;
    s_check (self, "{\"ready\":false,\"reasons\":[\"stopping\"],"
                   "\"links_down\":[\"Ball\",\"Welsh\"]}");
}


//  Its connections stand, and nobody speaks to it

static void
a_refused_twin_is_not_ready (void **state)
{
    case_t *self = *state;
    s_step (self, EVENT_PEER_UP, 0);
    s_step (self, EVENT_PEER_UP, 1);
    s_let_pass (self, 10000);
    assert_true (server_status (self->server).twin);
    s_check (self, "{\"ready\":false,\"reasons\":[\"twin\"],"
                   "\"links_down\":[\"Ball\",\"Welsh\"]}");
}


static void
status_tells_of_a_twin (void **state)
{
    case_t *self = *state;
    json_t *json = s_page (self, ADMIN_STATUS);
    assert_true (json_is_false (json_object_get (json, "twin")));
    json_decref (json);
    s_step (self, EVENT_PEER_UP, 0);
    s_let_pass (self, 10000);
    json = s_page (self, ADMIN_STATUS);
    assert_true (json_is_true (json_object_get (json, "twin")));
    json_decref (json);
}


//  Return the line's first word behind the prefix, up to one of these bytes

static span_t
s_word (const char *line, const char *prefix, const char *ends)
{
    size_t size = strlen (prefix);
    assert_memory_equal (line, prefix, size);
    return (span_t){line + size, strcspn (line + size, ends)};
}


//  A sample has the name, or that of a part of a histogram

static bool
s_is_of (span_t sample, span_t name)
{
    static const char *const parts [] = {"", "_bucket", "_sum", "_count"};
    if (!sample.data || !name.data)
        return false;
    for (size_t index = 0; index < sizeof parts / sizeof *parts; index++)
        if (sample.size == name.size + strlen (parts [index]) &&
            memcmp (sample.data, name.data, name.size) == 0 &&
            memcmp (sample.data + name.size, parts [index],
                strlen (parts [index])) == 0)
            return true;
    return false;
}


//  What the exposition format, 0.0.4, asks for: each name has its two lines of
//  comment, once, before all its samples, which differ in labels; counters, and
//  they alone, end in _total; the last line ends with LF

static void
metrics_are_as_prometheus_wants_them (void **state)
{
    case_t *self = *state;
    zhashx_t *seen = zhashx_new ();
    span_t name = {0};
    bool is_counter = false;
    char *text =
        status_text (ADMIN_METRICS, &self->facts, self->server, &self->ready);
    assert_true (strlen (text) && text [strlen (text) - 1] == '\n');
    for (char *rest = text, *line; (line = strsep (&rest, "\n")) && rest;) {
        if (strncmp (line, "# HELP", 6) == 0) {
            name = s_word (line, "# HELP ", " ");
            assert_true (strlen (name.data + name.size) > 5);
            line [7 + name.size] = '\0';
            assert_int_equal (zhashx_insert (seen, line, self), 0);
            line = strsep (&rest, "\n");
            span_t again = s_word (line, "# TYPE ", " ");
            assert_true (span_equal (again, name));
            const char *type = again.data + again.size;
            is_counter = strcmp (type, " counter") == 0;
            assert_true (is_counter || strcmp (type, " gauge") == 0 ||
                         strcmp (type, " histogram") == 0);
            bool is_total = name.size > 6 && memcmp (name.data + name.size - 6,
                                                 "_total", 6) == 0;
            assert_int_equal (is_total, is_counter);
            continue;
        }
        assert_true (s_is_of (s_word (line, "", "{ "), name));
        char *value = strrchr (line, ' ');
        assert_int_equal (
            strspn (value + 1, "-0123456789.e"), strlen (value + 1));
        *value = '\0';
        assert_int_equal (zhashx_insert (seen, line, self), 0);
    }
    assert_non_null (
        zhashx_lookup (seen, "zherd_commands_total{command=\"iamat\"}"));
    assert_non_null (zhashx_lookup (seen, "zherd_peer_up{peer=\"Ball\"}"));
    assert_non_null (zhashx_lookup (
        seen, "zherd_peer_bytes_total{peer=\"Welsh\",direction=\"in\"}"));
    zhashx_destroy (&seen);
    free (text);
}


static void
s_has (case_t *self, const char *line)
{
    char *text =
        status_text (ADMIN_METRICS, &self->facts, self->server, &self->ready);
    if (!strstr (text, line))
        fail_msg ("%s is not in\n%s", line, text);
    free (text);
}


//  A bucket counts those of the ones before it, too

static void
durations_are_a_histogram (void **state)
{
    case_t *self = *state;
    durations_t *time = &self->facts.connections.command_time;
    durations_add (time, 60000, 3);
    durations_add (time, 2000000, 1);
    durations_add (time, INT64_C (100000000000), 1);
#define NAME "zherd_command_duration_seconds"
    s_has (
        self, "\n# TYPE " NAME " histogram\n" NAME "_bucket{le=\"1e-05\"} 0\n");
    s_has (self, "\n" NAME "_bucket{le=\"0.0001\"} 3\n");
    s_has (self, "\n" NAME "_bucket{le=\"0.0025\"} 4\n");
    s_has (self,
        "\n" NAME "_bucket{le=\"60\"} 4\n" NAME "_bucket{le=\"+Inf\"} 5\n" NAME
        "_sum 100.00218\n" NAME "_count 5\n");
    json_t *json = s_page (self, ADMIN_STATUS);
    json_t *shown = json_object_get (json, "command_time");
    assert_int_equal (json_integer_value (json_object_get (shown, "count")), 5);
    assert_true (json_real_value (json_object_get (shown, "seconds")) > 100);
    json_decref (json);
}


//  And of the process under the names that others give it

static void
times_are_in_seconds (void **state)
{
    case_t *self = *state;
    self->facts.store.sync_ms = 1234;
    self->facts.usage = (usage_t){.cpu_ms = 5, .open_fds = 7};
    s_has (self, "\nzherd_store_sync_seconds 1.234\n");
    s_has (self, "\n# TYPE process_cpu_seconds_total counter\n"
                 "process_cpu_seconds_total 0.005\n");
    s_has (self, "\nprocess_open_fds 7\n");
}


//  Without a link there is no metric of links, and nothing is read beyond

static void
a_server_without_peers_has_no_metrics_of_them (void **state)
{
    case_t *self = *state;
    server_destroy (&self->server);
    effects_destroy (&self->effects);
    s_open (self, NULL, 0);
    char *text =
        status_text (ADMIN_METRICS, &self->facts, self->server, &self->ready);
    assert_null (strstr (text, "peer="));
    assert_non_null (strstr (text, "\nzherd_records 0\n"));
    free (text);
}


//  All rooms' numbers are shown, each under a key of its own

static void
no_number_hides_another (void **state)
{
    case_t *self = *state;
    size_t count = 0;
    metrics_t groups [METRICS_GROUPS];
    server_status_t status = server_status (self->server);
    metrics_of_server (&self->facts, &status, groups);
    json_t *json = s_page (self, ADMIN_STATUS);
    json_t *section;
    const char *key;
    for (size_t index = 0; index < METRICS_GROUPS; index++)
        count += groups [index].count;
    json_object_foreach (json, key, section) count -=
        json_is_object (section) && !json_object_get (section, "seconds")
            ? json_object_size (section)
            : !json_is_string (section) && !json_is_array (section);
    //  But for clients_connected, an old name
    assert_int_equal (count, (size_t) -1);
    assert_true (json_equal (json_object_get (json, "clients_connected"),
        json_object_get (json, "connections")));
    json_decref (json);
}


#define CASE(name) cmocka_unit_test_setup_teardown (name, s_new, s_destroy)


static void
the_root_says_where_the_page_is (void **state)
{
    case_t *self = *state;
    endpoint_t at;
    char *text =
        status_text (ADMIN_ROOT, &self->facts, self->server, &self->ready);
    assert_non_null (strstr (text, "no live page"));
    free (text);
    assert_null (endpoint_read (&at, span_of ("[::1]:16000")));
    self->facts.http = &at;
    text = status_text (ADMIN_ROOT, &self->facts, self->server, &self->ready);
    assert_non_null (strstr (text, "<a href=\"http://[::1]:16000/\">"));
    free (text);
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        CASE (while_it_loads_it_is_not_ready),
        CASE (without_peers_it_is_ready_at_once),
        CASE (links_that_are_down_are_named_and_no_reason),
        CASE (while_it_stops_it_is_not_ready),
        CASE (a_refused_twin_is_not_ready),
        CASE (status_tells_of_a_twin),
        CASE (metrics_are_as_prometheus_wants_them),
        CASE (durations_are_a_histogram),
        CASE (times_are_in_seconds),
        CASE (no_number_hides_another),
        CASE (a_server_without_peers_has_no_metrics_of_them),
        CASE (the_root_says_where_the_page_is),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
