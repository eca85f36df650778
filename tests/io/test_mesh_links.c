/*  =========================================================================
    test_mesh_links - peers that come, go and move while the mesh goes on
    =========================================================================
*/

#include "io/mesh_case.h"

#include "io/later.h"
#include "mesh/dealer.h"

//  A greeting and the words after it have more than that
#define HANDSHAKE_SIZE 100

typedef struct {
    dealer_t *dealer;
    size_t sendable;  //  Ticks after which it was
} call_t;


static void
one_that_moved_is_found_elsewhere (void **state)
{
    mesh_case_t *self = *state;
    mesh_case_pair (self);
    mesh_case_open (&self->third, self->one.port);
    endpoint_t elsewhere = mesh_case_at ("127.0.0.1", self->third.port);
    mesh_connect (self->one.mesh, 0, NULL, &elsewhere);
    assert_int_equal (self->one.downs, 1);
    REACH (self->stage, &self->one.ups, 2);
    mesh_send (self->one.mesh, 0, span_of ("hello"));
    REACH (self->stage, &self->third.messages, 1);
    assert_int_equal (self->other.messages, 0);
    assert_int_equal (self->other.downs, 0);
}


//  What was said last arrives, and nobody hears of an end that was wanted

static void
one_that_is_parted_from_is_told_what_was_said (void **state)
{
    mesh_case_t *self = *state;
    mesh_case_pair (self);
    mesh_send (self->one.mesh, 0, span_of ("goodbye"));
    mesh_part (self->one.mesh, 0);
    REACH (self->stage, &self->other.messages, 1);
    assert_string_equal (self->other.story, "[goodbye]");
    assert_int_equal (self->one.downs, 0);
    assert_false (mesh_can_send (self->one.mesh, 0));
    mesh_part (self->one.mesh, 0);
    loop_case_spend (self->stage, 150);
    assert_int_equal (self->one.ups, 1);
}


//  A connection that is there already is ended, not only new ones refused

static void
one_that_is_not_admitted_any_more_is_expelled (void **state)
{
    mesh_case_t *self = *state;
    mesh_case_pair (self);
    mesh_expel (self->one.mesh);
    assert_int_equal (self->one.strange, 0);
    mesh_part (self->one.mesh, 0);
    mesh_expel (self->one.mesh);
    assert_int_equal (self->one.strange, 1);
    REACH (self->stage, &self->other.downs, 1);
    assert_int_equal (self->other.ups, 1);
}


static void
s_ignore (void *context, const event_t *event)
{
    (void) context;
    (void) event;
}


static void
s_on_tick (void *context)
{
    call_t *self = context;
    dealer_tick (self->dealer);
    self->sendable += dealer_can_send (self->dealer);
}


//  A peer has two addresses, and answers at the first while the loop is busy
//  for so long that the second is due

static void
s_succeed_late (mesh_case_t *self, uint16_t port)
{
    call_t call = {NULL, 0};
    address_t addresses [] = {loop_case_home, loop_case_home};
    addresses [1].bytes [15] = 2;
    call.dealer =
        dealer_new (self->stage->poller, &(dealer_options_t){.port = port,
                                             .reconnect_ms = 50,
                                             .message_size_max = MESSAGE_MAX,
                                             .emit = s_ignore});
    dealer_seek (call.dealer, addresses, 2);
    int64_t end_ms = clock_ms () + 20000;
    while (mesh_case_answers (port) < HANDSHAKE_SIZE)
        assert_true (clock_ms () < end_ms);
    later_by (10500);
    dealer_tick (call.dealer);
    self->stage->context = &call;
    REACH (self->stage, &call.sendable, 1);
    dealer_destroy (&call.dealer);
}


//  libzmq's thread may tell of it a moment after that: so, some times

static void
an_attempt_that_succeeds_late_is_not_taken_for_the_next_one (void **state)
{
    mesh_case_t *self = *state;
    zsock_t *router = zsock_new (ZMQ_ROUTER);
    uint16_t port = self->one.port;
    assert_int_not_equal (zsock_bind (router, "tcp://127.0.0.1:%u", port), -1);
    self->stage->turn = NULL;
    self->stage->tick = s_on_tick;
    for (int count = 0; count < 8; count++)
        s_succeed_late (self, port);
    self->stage->tick = NULL;
    zsock_destroy (&router);
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        CASE (one_that_moved_is_found_elsewhere),
        CASE (one_that_is_parted_from_is_told_what_was_said),
        CASE (one_that_is_not_admitted_any_more_is_expelled),
        CASE (an_attempt_that_succeeds_late_is_not_taken_for_the_next_one),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
