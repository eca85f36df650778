/*  =========================================================================
    test_status - what a server knows of itself, as JSON

    Whether it is ready, and what is missing.
    =========================================================================
*/

#include "io/status.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

typedef struct {
    server_t *server;
    effects_t *effects;
    status_facts_t facts;
    int64_t clock_ms;
} case_t;


static void
s_open (case_t *self, const char *const *peers, unsigned peer_count)
{
    self->effects = effects_new ();
    self->clock_ms = 1000000;
    self->facts =
        (status_facts_t){.server = "Alford", .peer_count = peer_count};
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


static void
s_check (case_t *self, const char *text)
{
    json_t *json = status_ready_json (&self->facts, self->server);
    char *said = json_dumps (json, JSON_COMPACT);
    assert_string_equal (said, text);
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
    self->facts.stopping = true;
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
    json_t *json = status_json (&self->facts, self->server);
    assert_true (json_is_false (json_object_get (json, "twin")));
    json_decref (json);
    s_step (self, EVENT_PEER_UP, 0);
    s_let_pass (self, 10000);
    json = status_json (&self->facts, self->server);
    assert_true (json_is_true (json_object_get (json, "twin")));
    json_decref (json);
}


#define CASE(name) cmocka_unit_test_setup_teardown (name, s_new, s_destroy)


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
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
