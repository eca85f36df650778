/*  =========================================================================
    test_mesh_callers - who calls at our ZeroMQ sockets, and who is no peer

    Strangers at the zap, crowds that say nothing, and messages without an end,
    at the ROUTER and at a DEALER.  A link between two rooms stays as it is.
    =========================================================================
*/

#include "io/mesh_case.h"

#include "io/later.h"
#include "io/wire.h"
#include "loop/listen.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

//  So much comes without a message that it can only be cut
#define ENDLESS_SIZE ((size_t) 32 << 20)

//  More than may call at once
#define CROWD 300

static const char s_greeting [64] = "\xFF\0\0\0\0\0\0\0\1\x7F\3\0NULL";
static const char s_dealer [] =
    "\x04\x1C\x05READY\x0BSocket-Type\0\0\0\6DEALER";
static const char s_router [] =
    "\x04\x1C\x05READY\x0BSocket-Type\0\0\0\6ROUTER";


//  Shake hands in ZMTP 3.0

static void
s_greet (mesh_case_t *self, wire_t *wire, const char *ready)
{
    wire_send (wire, s_greeting, sizeof (s_greeting));
    wire_send (wire, ready, sizeof (s_dealer) - 1);
    REACH (self->stage, &wire->in_size, sizeof (s_greeting) + 20);
}


//  Send frames, all with more to come, until we are cut

static void
s_send_endless (mesh_case_t *self, wire_t *wire, size_t frame_size)
{
    size_t unit = frame_size + 2;
    char *text = zmalloc (ENDLESS_SIZE + unit);
    for (size_t at = 0; at < ENDLESS_SIZE; at += unit) {
        text [at] = 1;
        text [at + 1] = (char) frame_size;
    }
    wire_send (wire, text, ENDLESS_SIZE);
    free (text);
    REACH (self->stage, &wire->closed, 1);
}


//  Whatever happened, the link is up, was never down, and carries messages

static void
s_still_works (mesh_case_t *self)
{
    size_t messages = self->other.messages;
    mesh_send (self->one.mesh, 0, span_of ("still here"));
    REACH (self->stage, &self->other.messages, messages + 1);
    assert_int_equal (self->one.ups, 1);
    assert_int_equal (self->one.downs, 0);
    assert_int_equal (self->other.downs, 0);
}


static void
s_assert_caller (const mesh_room_t *room, uint32_t number)
{
    address_t address = address_of_v4 (number);
    assert_true (address_equal (&room->caller, &address));
}


static void
strangers_are_refused_and_counted (void **state)
{
    mesh_case_t *self = *state;
    enum { STRANGERS = 50 };
    zsock_t *strangers [STRANGERS];
    mesh_case_open (&self->one, self->other.port);
    for (size_t index = 0; index < STRANGERS; index++) {
        strangers [index] = zsock_new (ZMQ_DEALER);
        //  It calls once, so that there is something to count
        zsock_set_reconnect_ivl (strangers [index], -1);
        zsock_connect (strangers [index], "tcp://127.0.0.9:0;127.0.0.1:%u",
            self->one.port);
        zstr_send (strangers [index], "let me in");
    }
    REACH (self->stage, &self->one.strange, STRANGERS);
    loop_case_spend (self->stage, 50);
    assert_int_equal (self->one.strange, STRANGERS);
    s_assert_caller (&self->one, 0x7F000009);
    assert_int_equal (self->one.messages, 0);
    for (size_t index = 0; index < STRANGERS; index++)
        zsock_destroy (&strangers [index]);
}


//  Nothing is bound anew for that

static void
who_is_admitted_later_comes_by_itself (void **state)
{
    mesh_case_t *self = *state;
    mesh_case_open (&self->one, self->other.port);
    mesh_case_open (&self->other, self->one.port);
    zap_admit (self->zap, NULL, 0);
    REACH (self->stage, &self->one.strange, 1);
    REACH (self->stage, &self->other.strange, 1);
    assert_int_equal (self->one.ups + self->other.ups, 0);
    zap_admit (self->zap, &loop_case_home, 1);
    REACH (self->stage, &self->one.ups, 1);
    REACH (self->stage, &self->other.ups, 1);
    s_still_works (self);
}


//  Idle ones are many, and have shaken hands.  Who then comes and speaks is
//  heard, and stays

static void
a_silent_crowd_keeps_no_peer_out (void **state)
{
    mesh_case_t *self = *state;
    wire_t *crowd [CROWD];
    mesh_case_pair (self);
    s_still_works (self);
    for (size_t index = 0; index < CROWD; index++) {
        crowd [index] = wire_connect (self->stage, self->other.port);
        s_greet (self, crowd [index], s_dealer);
    }
    size_t crowded = self->other.crowded;
    assert_in_range (crowded, CROWD / 2, CROWD - 1);
    mesh_case_open (&self->third, self->other.port);
    REACH (self->stage, &self->third.ups, 1);
    mesh_send (self->third.mesh, 0, span_of ("I am new"));
    size_t messages = self->other.messages;
    REACH (self->stage, &self->other.messages, messages + 1);
    s_still_works (self);
    loop_case_spend (self->stage, 50);
    assert_int_equal (self->third.downs, 0);
    size_t closed = 0;
    for (size_t index = 0; index < CROWD; index++) {
        closed += crowd [index]->closed;
        wire_destroy (&crowd [index]);
    }
    assert_int_equal (closed, self->other.crowded);
    assert_int_equal (self->other.endless, 0);
}


//  More than may stay call at other, stay for a moment and say nothing but for
//  the last one.  More than net.core.somaxconn, which may be 128, would not be
//  held back.  Returns how many were cut

static size_t
s_call_in_silence (mesh_case_t *self)
{
    enum { SILENT = 120 };
    wire_t *crowd [SILENT];
    size_t closed = 0;
    for (size_t index = 0; index < SILENT; index++)
        crowd [index] = wire_connect (self->stage, self->other.port);
    s_greet (self, crowd [SILENT - 1], s_dealer);
    s_still_works (self);
    loop_case_spend (self->stage, 50);
    for (size_t index = 0; index < SILENT; index++) {
        closed += crowd [index]->closed;
        wire_destroy (&crowd [index]);
    }
    return closed;
}


//  How many of them are cut between two ticks is up to the machine

static void
a_crowd_that_says_nothing_and_comes_again_is_held_back (void **state)
{
    mesh_case_t *self = *state;
    enum { ROUNDS_MAX = 100, A_MINUTE_MS = 60000 };
    if (!mesh_case_can_hold_back ())
        skip ();
    mesh_case_pair (self);
    s_still_works (self);
    for (int rounds = 0; !mesh_case_holds_back (self->other.port); rounds++) {
        assert_true (rounds < ROUNDS_MAX);
        s_call_in_silence (self);
    }
    size_t crowded = self->other.crowded;
    assert_true (crowded > 0);
    assert_int_equal (self->other.held, 1);
    assert_int_equal (s_call_in_silence (self), 0);
    assert_int_equal (self->other.crowded, crowded);
    wire_t *silent = wire_connect (self->stage, self->other.port);
    s_still_works (self);
    loop_case_spend (self->stage, 50);
    assert_int_equal (silent->in_size, 0);
    wire_destroy (&silent);
    assert_int_equal (self->other.freed, 0);
    later_by (A_MINUTE_MS);
    REACH (self->stage, &self->other.freed, 1);
    silent = wire_connect (self->stage, self->other.port);
    //  What is held back would come in after thirty seconds
    for (int ms = 0; !silent->in_size && ms < 20000; ms += 50)
        loop_case_spend (self->stage, 50);
    assert_true (silent->in_size > 0);
    wire_destroy (&silent);
}


//  libzmq tells of all who come and go.  Were there a limit to what we have not
//  heard of yet, it would wait for us, and all sockets of this process with it

static void
a_crowd_that_comes_while_we_are_busy_holds_up_nobody (void **state)
{
    mesh_case_t *self = *state;
    enum { GUESTS = 1500 };
    const struct timeval patience = {.tv_sec = 20};
    struct sockaddr_in at = {
        .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK)};
    mesh_case_pair (self);
    at.sin_port = htons (self->other.port);
    for (size_t index = 0; index < GUESTS; index++) {
        char greeting [10] = "\xFF";
        int guest = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        setsockopt (
            guest, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof (patience));
        assert_int_equal (
            connect (guest, (struct sockaddr *) &at, sizeof (at)), 0);
        assert_int_equal (send (guest, greeting, 1, 0), 1);
        assert_int_equal (
            recv (guest, greeting, sizeof (greeting), MSG_WAITALL),
            sizeof (greeting));
        close (guest);
    }
    s_still_works (self);
}


//  It is read in many turns, and whoever sent it is not heard again

static void
a_message_of_many_frames_takes_many_turns (void **state)
{
    mesh_case_t *self = *state;
    enum { FRAMES = 20000, A_TURN = 512 };
    mesh_case_pair (self);
    zsock_t *stranger = zsock_new (ZMQ_DEALER);
    zsock_connect (stranger, "tcp://127.0.0.1:%u", self->other.port);
    size_t turns = self->other.turns;
    zmsg_t *message = zmsg_new ();
    for (int count = 0; count < FRAMES; count++)
        zmsg_addstr (message, "x");
    zmsg_send (&message, stranger);
    REACH (self->stage, &self->other.endless, 1);
    s_still_works (self);
    assert_true (self->other.turns >= turns + FRAMES / A_TURN);
    assert_int_equal (self->other.endless, 1);
    assert_string_equal (self->other.story, "[x][still here]");
    zsock_destroy (&stranger);
}


static void
a_message_without_end_is_cut (void **state)
{
    mesh_case_t *self = *state;
    static const size_t frame_sizes [] = {0, 1, 250};
    mesh_case_pair (self);
    for (size_t index = 0; index < 3; index++) {
        wire_t *wire = wire_connect (self->stage, self->other.port);
        s_greet (self, wire, s_dealer);
        s_send_endless (self, wire, frame_sizes [index]);
        wire_destroy (&wire);
        REACH (self->stage, &self->other.endless, index + 1);
        s_assert_caller (&self->other, 0x7F000001);
        s_still_works (self);
    }
    assert_int_equal (self->other.messages, 3);
}


//  Somebody is where a peer should be, and says what no peer says there

typedef struct {
    watcher_t watcher;
    size_t callers;
    int caller;
} admission_t;


static void
s_answer (void *context, uint32_t events)
{
    admission_t *door = context;
    (void) events;
    door->caller = accept4 (door->watcher.fd, NULL, NULL, SOCK_CLOEXEC);
    assert_true (door->caller >= 0);
    door->callers++;
}


static void
an_answer_without_end_is_cut (void **state)
{
    mesh_case_t *self = *state;
    admission_t door = {
        .watcher = {.fd = listen_at (&loop_case_home, self->other.port, 0),
            .ready = s_answer,
            .context = &door}};
    assert_int_equal (
        poller_add (self->stage->poller, &door.watcher, EPOLLIN), 0);
    mesh_case_open (&self->one, self->other.port);
    for (size_t count = 1; count <= 2; count++) {
        REACH (self->stage, &door.callers, count);
        wire_t *wire = wire_new (self->stage, door.caller);
        s_greet (self, wire, s_router);
        REACH (self->stage, &self->one.ups, count);
        s_send_endless (self, wire, 1);
        assert_int_equal (self->one.endless, count);
        assert_int_equal (self->one.downs, count);
        s_assert_caller (&self->one, 0x7F000001);
        wire_destroy (&wire);
    }
    poller_drop (self->stage->poller, &door.watcher);
    close (door.watcher.fd);
    mesh_case_open (&self->other, self->one.port);
    REACH (self->stage, &self->one.ups, 3);
    mesh_send (self->one.mesh, 0, span_of ("hello"));
    REACH (self->stage, &self->other.messages, 1);
    assert_int_equal (self->one.endless, 2);
}


//  Large messages that come faster than they are read are no endless one

static void
much_that_is_messages_is_not_cut (void **state)
{
    mesh_case_t *self = *state;
    enum { SIZE = 65536, COUNT = 3000 };
    mesh_case_pair (self);
    char *text = zmalloc (SIZE);
    self->one.text = (span_t){text, SIZE};
    self->one.left = COUNT;
    REACH (self->stage, &self->other.messages, COUNT);
    s_still_works (self);
    assert_int_equal (self->other.bytes, (size_t) SIZE * COUNT + 10);
    assert_int_equal (self->one.endless + self->other.endless, 0);
    free (text);
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        CASE (strangers_are_refused_and_counted),
        CASE (who_is_admitted_later_comes_by_itself),
        CASE (a_silent_crowd_keeps_no_peer_out),
        CASE (a_crowd_that_says_nothing_and_comes_again_is_held_back),
        CASE (a_crowd_that_comes_while_we_are_busy_holds_up_nobody),
        CASE (a_message_of_many_frames_takes_many_turns),
        CASE (a_message_without_end_is_cut),
        CASE (an_answer_without_end_is_cut),
        CASE (much_that_is_messages_is_not_cut),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
