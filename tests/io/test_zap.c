/*  =========================================================================
    test_zap - who may connect to our ROUTER

    A ROUTER that has the zap asked, and callers from two addresses of this
    machine.
    =========================================================================
*/

#include "io/wire.h"
#include "mesh/zap.h"

#define PORT_BASE 15600
#define HOME "127.0.0.1"
#define AWAY "127.0.0.9"

typedef struct {
    loop_case_t *stage;
    zap_t *zap;
    size_t answers;  //  Turns in which the zap was asked
    zsock_t *router;
    watcher_t watcher;
    uint16_t port;
    size_t heard;  //  Messages of the router
} case_t;


static void
s_turn (void *context)
{
    case_t *self = context;
    if (!self->zap || !zap_is_asked (self->zap))
        return;
    self->answers++;
    zap_answer (self->zap, NULL, NULL);
}


static void
s_hear (void *context, uint32_t events)
{
    case_t *self = context;
    (void) events;
    while (zsock_events (self->router) & ZMQ_POLLIN) {
        zmsg_t *message = zmsg_recv (self->router);
        zmsg_destroy (&message);
        self->heard++;
    }
}


static int
s_new (void **state)
{
    case_t *self = zmalloc (sizeof (case_t));
    self->stage = loop_case_new (PORT_BASE);
    self->stage->turn = s_turn;
    self->stage->context = self;
    self->zap = zap_new (self->stage->poller);
    assert_non_null (self->zap);
    self->port = loop_case_port (self->stage);
    self->router = zsock_new (ZMQ_ROUTER);
    zsock_set_zap_domain (self->router, ZAP_DOMAIN);
    self->watcher = (watcher_t){.ready = s_hear, .context = self};
    poller_socket (self->stage->poller, &self->watcher, self->router);
    assert_int_not_equal (
        zsock_bind (self->router, "tcp://" HOME ":%u", self->port), -1);
    *state = self;
    return 0;
}


static int
s_destroy (void **state)
{
    case_t *self = *state;
    poller_drop (self->stage->poller, &self->watcher);
    zsock_destroy (&self->router);
    zap_destroy (&self->zap);
    loop_case_destroy (&self->stage);
    free (self);
    return 0;
}


static address_t
s_address (const char *text)
{
    address_t address;
    assert_true (address_read (&address, span_of (text)));
    return address;
}


static void
s_admit (case_t *self, const char *text)
{
    address_t address = s_address (text);
    zap_admit (self->zap, &address, 1);
}


static bool
s_admits (case_t *self, const char *text)
{
    address_t address = s_address (text);
    return zap_admits (self->zap, &address);
}


//  Call from the address, and say something as soon as hands are shaken

static zsock_t *
s_call (case_t *self, const char *from)
{
    zsock_t *dealer = zsock_new (ZMQ_DEALER);
    int rc = zsock_connect (dealer, "tcp://%s:0;" HOME ":%u", from, self->port);
    assert_int_equal (rc, 0);
    zstr_send (dealer, "hello");
    return dealer;
}


static void
nobody_is_admitted_at_first (void **state)
{
    case_t *self = *state;
    assert_false (s_admits (self, HOME));
    zsock_t *dealer = s_call (self, HOME);
    REACH (self->stage, &self->answers, 1);
    loop_case_spend (self->stage, 50);
    assert_int_equal (self->heard, 0);
    zsock_destroy (&dealer);
}


static void
who_is_on_the_list_is_admitted_and_nobody_else (void **state)
{
    case_t *self = *state;
    const address_t list [] = {
        s_address ("10.0.0.1"), s_address (AWAY), s_address ("2001:db8::1")};
    zap_admit (self->zap, list, 3);
    assert_true (s_admits (self, "10.0.0.1"));
    assert_true (s_admits (self, "::ffff:10.0.0.1"));
    assert_true (s_admits (self, "2001:db8::1"));
    assert_true (s_admits (self, AWAY));
    assert_false (s_admits (self, HOME));
    assert_false (s_admits (self, "10.0.0.11"));
    assert_false (s_admits (self, "2001:db8::2"));
    assert_false (s_admits (self, "::"));
    zsock_t *stranger = s_call (self, HOME);
    REACH (self->stage, &self->answers, 1);
    zsock_t *peer = s_call (self, AWAY);
    REACH (self->stage, &self->heard, 1);
    loop_case_spend (self->stage, 50);
    assert_int_equal (self->heard, 1);
    zsock_destroy (&stranger);
    zsock_destroy (&peer);
}


//  The ROUTER stays bound, and whoever is connected stays so

static void
a_new_list_is_for_those_who_come (void **state)
{
    case_t *self = *state;
    s_admit (self, HOME);
    zsock_t *first = s_call (self, HOME);
    REACH (self->stage, &self->heard, 1);
    s_admit (self, AWAY);
    zsock_t *late = s_call (self, HOME);
    zsock_t *other = s_call (self, AWAY);
    REACH (self->stage, &self->heard, 2);
    zstr_send (first, "still here");
    REACH (self->stage, &self->heard, 3);
    loop_case_spend (self->stage, 50);
    assert_int_equal (self->heard, 3);
    zap_admit (self->zap, NULL, 0);
    assert_false (s_admits (self, AWAY));
    zsock_destroy (&first);
    zsock_destroy (&late);
    zsock_destroy (&other);
}


//  Versions of ZMTP before 3 ask nobody: libzmq refuses them

static void
old_versions_are_not_heard (void **state)
{
    case_t *self = *state;
    static const struct {
        const char *bytes;
        size_t size;
    } greetings [] = {
        {"\x01\x00\x06\x00hello", 9},
        {"\xFF\0\0\0\0\0\0\0\1\x7F\0\x05\0\0\0\5hello", 20},
        {"\xFF\0\0\0\0\0\0\0\1\x7F\1\x05\0\0\0\5hello", 20},
    };
    s_admit (self, HOME);
    for (size_t index = 0; index < 3; index++) {
        wire_t *wire = wire_connect (self->stage, self->port);
        wire_send (wire, greetings [index].bytes, greetings [index].size);
        REACH (self->stage, &wire->closed, 1);
        wire_destroy (&wire);
    }
    assert_int_equal (self->answers, 0);
    assert_int_equal (self->heard, 0);
}


//  Those who come at once are answered in several turns, and all are

static void
a_crowd_is_answered_in_turns (void **state)
{
    case_t *self = *state;
    enum { CROWD = 200 };
    zsock_t *dealers [CROWD];
    zap_t *zap = self->zap;
    s_admit (self, HOME);
    self->zap = NULL;
    for (size_t index = 0; index < CROWD; index++)
        dealers [index] = s_call (self, HOME);
    loop_case_spend (self->stage, 200);
    assert_int_equal (self->heard, 0);
    zap_answer (zap, NULL, NULL);
    loop_case_spend (self->stage, 50);
    assert_true (self->heard <= ZAP_ANSWERS_MAX);
    self->zap = zap;
    REACH (self->stage, &self->heard, CROWD);
    for (size_t index = 0; index < CROWD; index++)
        zsock_destroy (&dealers [index]);
}


static void
a_process_has_one_gate (void **state)
{
    case_t *self = *state;
    errno = 0;
    assert_null (zap_new (self->stage->poller));
    assert_int_equal (errno, EADDRINUSE);
    zap_destroy (&self->zap);
    assert_null (self->zap);
    self->zap = zap_new (self->stage->poller);
    assert_non_null (self->zap);
    s_admit (self, HOME);
    zsock_t *dealer = s_call (self, HOME);
    REACH (self->stage, &self->heard, 1);
    zsock_destroy (&dealer);
}


#define CASE(name) cmocka_unit_test_setup_teardown (name, s_new, s_destroy)


int
main (void)
{
    const struct CMUnitTest tests [] = {
        CASE (nobody_is_admitted_at_first),
        CASE (who_is_on_the_list_is_admitted_and_nobody_else),
        CASE (a_new_list_is_for_those_who_come),
        CASE (old_versions_are_not_heard),
        CASE (a_crowd_is_answered_in_turns),
        CASE (a_process_has_one_gate),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
