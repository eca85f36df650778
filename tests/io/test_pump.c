/*  =========================================================================
    test_pump - where core and rooms meet

    Two servers in one loop, each the other's peer: what leaves for a peer in
    which turn.
    =========================================================================
*/

#include "io/pump.h"

#include "io/loop_case.h"
#include "loop/clock.h"

#define PORT_BASE 15200

//  Longer than a test takes
#define LONG_MS 600000

enum { ALFORD, BALL, SERVERS };
static const char *const s_names [SERVERS] = {"Alford", "Ball"};

typedef struct {
    loop_case_t *stage;
    zap_t *zap;
    pump_t pumps [SERVERS];
    endpoint_t at [SERVERS];
    unsigned told;   //  Clients so far
    size_t settled;  //  Links whose ends have equal tables, and know it
    size_t known;    //  Clients that Ball knows
    size_t said;     //  Messages that Ball sent
} case_t;


static flood_link_t
s_link (const case_t *self, int server)
{
    return server_link (self->pumps [server].server, 0);
}


static void
s_turn (void *context)
{
    case_t *self = context;
    self->settled = 0;
    for (int server = 0; server < SERVERS; server++) {
        pump_t *pump = &self->pumps [server];
        pump_turn (pump);
        poller_turn_by (self->stage->poller, pump->next_ms);
        self->settled += s_link (self, server).in_sync;
    }
    self->known = server_status (self->pumps [BALL].server).clients_known;
    self->said = s_link (self, BALL).messages_out;
}


static void
s_tick (void *context)
{
    case_t *self = context;
    for (int server = 0; server < SERVERS; server++) {
        event_t event = {.kind = EVENT_TICK};
        clock_stamp (&event);
        pump_event (&self->pumps [server], &event);
        mesh_tick (self->pumps [server].mesh);
    }
}


static void
s_open (case_t *self, int server)
{
    poller_t *poller = self->stage->poller;
    pump_t *pump = &self->pumps [server];
    pump->effects = effects_new ();
    pump->server = server_new (&(server_options_t){.name = s_names [server],
        .herd = "test",
        .secret = "",
        .incarnation = (uint64_t) server + 1,
        .peers = &s_names [!server],
        .peer_count = 1,
        .table_size_max = 1 << 20,
        .waiting_max = 1});
    pump->journal = journal_new (&(journal_options_t){
        .file = "/dev/null", .server = s_names [server], .full = true});
    pump->mesh = mesh_new (poller,
        &(mesh_options_t){.listen = self->at [server],
            .reconnect_ms = 50,
            .message_size_max = MESSAGE_SIZE_MAX,
            .zap = self->zap},
        pump_event, pump);
    pump->places = places_new (poller,
        &(places_options_t){.timeout_ms = 1000, .connections_max = 1},
        pump_event, pump);
    pump->clients = connections_new (
        poller, &(connections_options_t){.port = 0}, pump_event, pump);
    assert_true (pump->journal && pump->mesh && pump->places && pump->clients);
}


static endpoint_t
s_endpoint (loop_case_t *stage)
{
    char text [ENDPOINT_TEXT_SIZE];
    endpoint_t endpoint;
    snprintf (text, sizeof (text), "127.0.0.1:%u", loop_case_port (stage));
    const char *wrong = endpoint_read (&endpoint, span_of (text));
    assert_null (wrong);
    return endpoint;
}


static int
s_set_up (void **state)
{
    case_t *self = zmalloc (sizeof (case_t));
    self->stage = loop_case_new (PORT_BASE);
    self->zap = zap_new (self->stage->poller);
    assert_non_null (self->zap);
    for (int server = 0; server < SERVERS; server++)
        self->at [server] = s_endpoint (self->stage);
    for (int server = 0; server < SERVERS; server++)
        s_open (self, server);
    for (int server = 0; server < SERVERS; server++)
        mesh_connect (self->pumps [server].mesh, 0, s_names [!server],
            &self->at [!server]);
    self->stage->context = self;
    self->stage->turn = s_turn;
    self->stage->tick = s_tick;
    REACH (self->stage, &self->settled, SERVERS);
    *state = self;
    return 0;
}


static int
s_tear_down (void **state)
{
    case_t *self = *state;
    for (int server = 0; server < SERVERS; server++) {
        pump_t *pump = &self->pumps [server];
        connections_destroy (&pump->clients);
        places_destroy (&pump->places);
        mesh_destroy (&pump->mesh);
        server_destroy (&pump->server);
        effects_destroy (&pump->effects);
        journal_destroy (&pump->journal);
    }
    zap_destroy (&self->zap);
    loop_case_destroy (&self->stage);
    free (self);
    return 0;
}


//  So many clients tell Alford where they are, in one turn

static void
s_tell (case_t *self, unsigned count)
{
    pump_t *pump = &self->pumps [ALFORD];
    char line [64];
    for (; count; count--) {
        snprintf (line, sizeof (line), "IAMAT client%u +34.068930-118.445127 1",
            self->told++);
        event_t event = {.kind = EVENT_CONNECTION_OPENED, .connection = 1};
        clock_stamp (&event);
        if (self->told == 1)
            pump_event (pump, &event);
        event.kind = EVENT_CONNECTION_LINE;
        event.text = span_of (line);
        pump_event (pump, &event);
    }
    pump_turn (pump);
}


//  What comes while it lasts waits for its end, and goes as one message

static void
a_peer_rests_after_a_small_message (void **state)
{
    case_t *self = *state;
    pump_t *pump = &self->pumps [ALFORD];
    pump->rest_ms [0] = 0;
    int64_t from_ms = clock_ms ();
    s_tell (self, 1);
    assert_int_equal (s_link (self, ALFORD).records_out, 1);
    assert_in_range (pump->rest_ms [0], from_ms + 3, clock_ms () + 3);

    int64_t end_ms = clock_ms () + LONG_MS;
    pump->rest_ms [0] = end_ms;
    s_tell (self, 1);
    s_tell (self, 1);
    assert_int_equal (s_link (self, ALFORD).records_out, 1);
    assert_int_equal (pump->next_ms, end_ms);
    pump->rest_ms [0] = 0;
    uint64_t said = s_link (self, ALFORD).messages_out;
    pump_turn (pump);
    assert_int_equal (s_link (self, ALFORD).records_out, 3);
    //  A STATE may be due, too
    assert_in_range (s_link (self, ALFORD).messages_out, said + 1, said + 2);
}


static void
nobody_rests_after_a_large_one (void **state)
{
    case_t *self = *state;
    pump_t *pump = &self->pumps [ALFORD];
    pump->rest_ms [0] = 0;
    s_tell (self, 150);
    assert_int_equal (s_link (self, ALFORD).records_out, 150);
    assert_int_equal (pump->rest_ms [0], 0);
    REACH (self->stage, &self->known, 150);
}


//  Ball acknowledges what it hears, and states what it has

static void
nobody_rests_after_a_message_without_a_body (void **state)
{
    case_t *self = *state;
    uint64_t said = s_link (self, BALL).messages_out;
    s_tell (self, 1);
    REACH (self->stage, &self->known, 1);
    REACH (self->stage, &self->said, said + 1);
    assert_int_equal (self->pumps [BALL].rest_ms [0], 0);
    assert_int_not_equal (self->pumps [ALFORD].rest_ms [0], 0);
}


#define CASE(name) cmocka_unit_test_setup_teardown (name, s_set_up, s_tear_down)

int
main (void)
{
    const struct CMUnitTest tests [] = {
        CASE (a_peer_rests_after_a_small_message),
        CASE (nobody_rests_after_a_large_one),
        CASE (nobody_rests_after_a_message_without_a_body),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
