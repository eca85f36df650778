/*  =========================================================================
    test_broker - what becomes of what a broker sends

    The broker is the test's: packets of MQTT 3.1.1, written by hand.
    =========================================================================
*/

#include "mqtt/broker.h"

#include "io/wire.h"
#include "loop/listen.h"

#define PORT_BASE 23900

//  Bytes of CONNECT, by which it is the client's first packet
#define CONNECT_SIZE 14

typedef struct {
    loop_case_t *stage;
    diary_t *diary;
    broker_options_t options;
    broker_t *broker;
    watcher_t listener;
    wire_t *wire;  //  The broker's end of the last connection
    size_t accepted;
    size_t heard;  //  Bytes that came there
    size_t up;     //  1 once the broker is
    size_t taken;
} case_t;


static void
s_on_taken (void *context, int number)
{
    case_t *self = context;
    assert_int_equal (number, 1);
    self->taken++;
}


static void
s_on_tick (void *context)
{
    case_t *self = context;
    broker_tick (self->broker);
    self->up = broker_is_up (self->broker);
    self->heard = self->wire ? self->wire->in_size : 0;
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


static int
s_set_up (void **state)
{
    char at [ENDPOINT_TEXT_SIZE];
    case_t *self = zmalloc (sizeof (case_t));
    self->stage = loop_case_new (PORT_BASE);
    uint16_t port = loop_case_port (self->stage);
    self->options.client_id = "test";
    assert_null (endpoint_read (&self->options.endpoint,
        span_of (endpoint_print_address (&loop_case_home, port, at))));
    self->listener = (watcher_t){
        listen_at (&loop_case_home, port, 0), s_on_connection, self};
    assert_true (self->listener.fd >= 0);
    assert_int_equal (
        poller_add (self->stage->poller, &self->listener, EPOLLIN), 0);
    self->diary = diary_new ("/dev/null");
    self->broker = broker_new (&(broker_use_t){.options = &self->options,
        .poller = self->stage->poller,
        .diary = self->diary,
        .taken = s_on_taken,
        .context = self});
    assert_non_null (self->broker);
    self->stage->tick = s_on_tick;
    self->stage->context = self;
    *state = self;
    return 0;
}


static int
s_tear_down (void **state)
{
    case_t *self = *state;
    broker_destroy (&self->broker);
    wire_destroy (&self->wire);
    poller_drop (self->stage->poller, &self->listener);
    close (self->listener.fd);
    diary_destroy (&self->diary);
    loop_case_destroy (&self->stage);
    free (self);
    return 0;
}


static void
what_nobody_subscribed_to_is_passed_over (void **state)
{
    static const unsigned char connected [] = {0x20, 2, 0, 0};
    static const unsigned char message [] = {0x30, 5, 0, 1, 'a', 'h', 'i'};
    static const unsigned char has_first [] = {0x40, 2, 0, 1};
    case_t *self = *state;
    REACH (self->stage, &self->accepted, 1);
    REACH (self->stage, &self->heard, CONNECT_SIZE);
    wire_send (self->wire, connected, sizeof (connected));
    wire_send (self->wire, message, sizeof (message));
    REACH (self->stage, &self->up, 1);
    assert_int_equal (broker_give (self->broker, "b", span_of ("ho")), 1);
    wire_send (self->wire, message, sizeof (message));
    wire_send (self->wire, has_first, sizeof (has_first));
    REACH (self->stage, &self->taken, 1);
    assert_true (broker_is_up (self->broker));
    assert_int_equal (self->accepted, 1);
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        cmocka_unit_test_setup_teardown (
            what_nobody_subscribed_to_is_passed_over, s_set_up, s_tear_down),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
