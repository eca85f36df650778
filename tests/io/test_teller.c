/*  =========================================================================
    test_teller - a server is told what waits, whatever becomes of it
    =========================================================================
*/

#include "mqtt/teller.h"

#include "base/key.h"
#include "io/later.h"
#include "io/wire.h"
#include "loop/listen.h"

#define PORT_BASE 23400

#define MANY 2000

typedef struct {
    loop_case_t *stage;
    devices_t *devices;
    diary_t *diary;
    teller_t *teller;
    endpoint_t servers [2];
    watcher_t listener;
    wire_t *wire;  //  The server's end of the last connection
    size_t accepted;
    size_t reached;
} case_t;


static void
s_on_reached (void *context)
{
    case_t *self = context;
    self->reached++;
}


static void
s_on_turn (void *context)
{
    case_t *self = context;
    teller_send (self->teller);
}


static void
s_on_tick (void *context)
{
    case_t *self = context;
    teller_tick (self->teller);
}


static void
s_on_connection (void *context, uint32_t events)
{
    case_t *self = context;
    (void) events;
    int fd = accept4 (self->listener.fd, NULL, NULL, SOCK_NONBLOCK);
    assert_true (fd >= 0);
    wire_destroy (&self->wire);
    self->wire = wire_new (self->stage, fd);
    self->accepted++;
}


static void
s_listen (case_t *self, uint16_t port)
{
    self->listener = (watcher_t){
        listen_at (&loop_case_home, port, 0), s_on_connection, self};
    assert_true (self->listener.fd >= 0);
    assert_int_equal (
        poller_add (self->stage->poller, &self->listener, EPOLLIN), 0);
}


//  There are two servers, at the second of which somebody listens

static int
s_set_up (void **state)
{
    static const unsigned char key [KEY_SIZE] = {7};
    case_t *self = zmalloc (sizeof (case_t));
    self->stage = loop_case_new (PORT_BASE);
    self->devices = devices_new (MANY, key);
    self->diary = diary_new ("/dev/null");
    for (size_t index = 0; index < 2; index++) {
        char at [ENDPOINT_TEXT_SIZE];
        uint16_t port = loop_case_port (self->stage);
        assert_null (endpoint_read (&self->servers [index],
            span_of (endpoint_print_address (&loop_case_home, port, at))));
    }
    self->teller =
        teller_new (&(teller_options_t){.herd = {.poller = self->stage->poller,
                                            .diary = self->diary,
                                            .list = self->servers,
                                            .count = 2},
            .devices = self->devices,
            .reached = s_on_reached,
            .context = self});
    assert_non_null (self->teller);
    s_listen (self, self->servers [1].port);
    self->stage->turn = s_on_turn;
    self->stage->tick = s_on_tick;
    self->stage->context = self;
    *state = self;
    return 0;
}


static int
s_tear_down (void **state)
{
    case_t *self = *state;
    wire_destroy (&self->wire);
    poller_drop (self->stage->poller, &self->listener);
    close (self->listener.fd);
    teller_destroy (&self->teller);
    devices_destroy (&self->devices);
    diary_destroy (&self->diary);
    loop_case_destroy (&self->stage);
    free (self);
    return 0;
}


static void
s_put (case_t *self, const char *id, int second)
{
    char line [64];
    snprintf (line, sizeof (line), "IAMAT %s +1+2 %d", id, second);
    devices_put (
        self->devices, span_of (id), span_of (line), (instant_t){second, 0});
}


static size_t
s_told (const case_t *self)
{
    return (size_t) teller_counts (self->teller)->told;
}


static void
the_next_server_is_told_if_one_is_not_there (void **state)
{
    case_t *self = *state;
    s_put (self, "a", 5);
    REACH (self->stage, &self->accepted, 1);
    REACH (self->stage, &self->wire->lines, 1);
    assert_string_equal (self->wire->in, "IAMAT a +1+2 5\n");
    assert_int_equal (self->reached, 1);
    wire_say (self->wire, "AT B +0.000000000 a +1+2 1479413884\r\n");
    const uint64_t *taken = &teller_counts (self->teller)->taken;
    REACH (self->stage, (const size_t *) taken, 1);
    assert_int_equal (devices_told (self->devices), 0);
}


static void
what_has_no_reply_is_told_the_next_connection (void **state)
{
    case_t *self = *state;
    s_put (self, "a", 5);
    s_put (self, "b", 5);
    REACH (self->stage, &self->accepted, 1);
    REACH (self->stage, &self->wire->lines, 2);
    wire_say (self->wire, "? IAMAT a +1+2 5\nAT B +0.0");
    wire_end (self->wire);
    REACH (self->stage, &self->accepted, 2);
    REACH (self->stage, &self->wire->lines, 1);
    assert_string_equal (self->wire->in, "IAMAT b +1+2 5\n");
    assert_int_equal (teller_counts (self->teller)->refused, 1);
    assert_int_equal (devices_refused (self->devices), 1);
}


static void
who_speaks_nonsense_is_given_up (void **state)
{
    static const char *const said [] = {"? too many clients\n",
        "AT B +0.000000000 b +1+2 5\n", "HTTP/1.1 400 Bad Request\r\n\r\n"};
    case_t *self = *state;
    s_put (self, "a", 5);
    for (size_t index = 0; index < 3; index++) {
        REACH (self->stage, &self->accepted, index + 1);
        REACH (self->stage, &self->wire->lines, 1);
        wire_say (self->wire, said [index]);
        REACH (self->stage, &self->wire->closed, 1);
        later_by (60000);
    }
}


static void
who_says_a_line_without_end_is_given_up (void **state)
{
    case_t *self = *state;
    REACH (self->stage, &self->accepted, 1);
    char *text = zmalloc (4096);
    memset (text, 'x', 4096);
    wire_send (self->wire, text, 4096);
    free (text);
    REACH (self->stage, &self->wire->closed, 1);
}


static void
who_does_not_reply_is_given_up (void **state)
{
    case_t *self = *state;
    REACH (self->stage, &self->accepted, 1);
    later_by ((int64_t) 2 * TELLER_REPLY_MS);
    loop_case_spend (self->stage, 100);
    assert_int_equal (self->wire->closed, 0);
    s_put (self, "a", 5);
    REACH (self->stage, &self->wire->lines, 1);
    later_by (TELLER_REPLY_MS + 1);
    REACH (self->stage, &self->wire->closed, 1);
    later_by (60000);
    REACH (self->stage, &self->accepted, 2);
    REACH (self->stage, &self->wire->lines, 1);
}


static void
a_server_is_not_told_more_than_it_replies_to (void **state)
{
    case_t *self = *state;
    for (int number = 0; number < MANY; number++) {
        char id [16];
        snprintf (id, sizeof (id), "c%d", number);
        s_put (self, id, 5);
    }
    REACH (self->stage, &self->accepted, 1);
    REACH (self->stage, &self->wire->lines, TELLER_AHEAD_MAX);
    loop_case_spend (self->stage, 100);
    assert_int_equal (s_told (self), TELLER_AHEAD_MAX);
    for (int number = 0; number < MANY; number++) {
        char reply [64];
        snprintf (
            reply, sizeof (reply), "AT B +0.000000000 c%d +1+2 5\n", number);
        REACH (self->stage, &self->wire->lines, (size_t) number + 1);
        wire_say (self->wire, reply);
    }
    REACH (self->stage, &self->wire->lines, MANY);
    assert_int_equal (s_told (self), MANY);
}


#define CASE(test) cmocka_unit_test_setup_teardown (test, s_set_up, s_tear_down)

int
main (void)
{
    const struct CMUnitTest tests [] = {
        CASE (the_next_server_is_told_if_one_is_not_there),
        CASE (what_has_no_reply_is_told_the_next_connection),
        CASE (who_speaks_nonsense_is_given_up),
        CASE (who_says_a_line_without_end_is_given_up),
        CASE (who_does_not_reply_is_given_up),
        CASE (a_server_is_not_told_more_than_it_replies_to),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
