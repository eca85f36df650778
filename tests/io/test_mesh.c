/*  =========================================================================
    test_mesh - our ZeroMQ sockets

    Two rooms in one loop that speak to each other, strangers at the door of
    one, and one that calls at a stranger's.
    =========================================================================
*/

#include "io/mesh_case.h"

#include "io/wire.h"
#include "loop/listen.h"

#include <sys/resource.h>
#include <unistd.h>


static void
each_hears_once_that_the_other_is_up (void **state)
{
    mesh_case_t *self = *state;
    mesh_case_pair (self);
    loop_case_spend (self->stage, 50);
    assert_int_equal (self->one.ups, 1);
    assert_int_equal (self->other.ups, 1);
    assert_int_equal (self->one.downs + self->other.downs, 0);
}


static void
each_hears_once_that_the_other_is_gone (void **state)
{
    mesh_case_t *self = *state;
    mesh_case_pair (self);
    mesh_destroy (&self->other.mesh);
    REACH (self->stage, &self->one.downs, 1);
    assert_false (mesh_can_send (self->one.mesh, 0));
    loop_case_spend (self->stage, 300);
    assert_int_equal (self->one.ups, 1);
    assert_int_equal (self->one.downs, 1);
    mesh_case_open (&self->other, self->one.port);
    REACH (self->stage, &self->one.ups, 2);
    assert_int_equal (self->one.downs, 1);
    assert_true (mesh_can_send (self->one.mesh, 0));
}


static void
messages_arrive_whole_and_in_order (void **state)
{
    mesh_case_t *self = *state;
    mesh_case_pair (self);
    static const struct {
        const char *text;
        size_t size;
    } messages [] = {{"one", 3}, {"", 0}, {"\0\n\xFF", 3}, {"last\n", 5}};
    for (size_t index = 0; index < 4; index++)
        mesh_send (self->one.mesh, 0,
            (span_t){messages [index].text, messages [index].size});
    REACH (self->stage, &self->other.messages, 4);
    assert_string_equal (self->other.story, "[one][][\\x00\\n\\xff][last\\n]");
    assert_int_equal (self->one.messages, 0);
    mesh_send (self->other.mesh, 0, span_of ("back"));
    REACH (self->stage, &self->one.messages, 1);
    assert_string_equal (self->one.story, "[back]");
}


static void
the_largest_message_passes (void **state)
{
    mesh_case_t *self = *state;
    mesh_case_pair (self);
    char *text = zmalloc (MESSAGE_MAX);
    memset (text, 'x', MESSAGE_MAX);
    mesh_send (self->one.mesh, 0, (span_t){text, MESSAGE_MAX});
    REACH (self->stage, &self->other.messages, 1);
    assert_int_equal (self->other.bytes, MESSAGE_MAX);
    free (text);
}


//  The connection ends, and is there again

static void
a_message_too_large_ends_the_connection (void **state)
{
    mesh_case_t *self = *state;
    mesh_case_pair (self);
    char *text = zmalloc (MESSAGE_MAX + 1);
    mesh_send (self->one.mesh, 0, (span_t){text, MESSAGE_MAX + 1});
    REACH (self->stage, &self->one.downs, 1);
    REACH (self->stage, &self->one.ups, 2);
    mesh_send (self->one.mesh, 0, span_of ("hello"));
    REACH (self->stage, &self->other.messages, 1);
    assert_string_equal (self->other.story, "[hello]");
    assert_int_equal (self->other.ups, 1);
    assert_int_equal (self->other.downs, 0);
    free (text);
}


static void
one_that_is_down_takes_nothing (void **state)
{
    mesh_case_t *self = *state;
    mesh_case_open (&self->one, self->other.port);
    assert_false (mesh_can_send (self->one.mesh, 0));
    loop_case_spend (self->stage, 150);
    assert_false (mesh_can_send (self->one.mesh, 0));
    mesh_send (self->one.mesh, 0, span_of ("lost"));
    assert_int_equal (self->one.ups + self->one.downs, 0);
}


static void
one_that_comes_later_is_found (void **state)
{
    mesh_case_t *self = *state;
    mesh_case_open (&self->one, self->other.port);
    loop_case_spend (self->stage, 250);
    mesh_case_open (&self->other, self->one.port);
    REACH (self->stage, &self->one.ups, 1);
    mesh_send (self->one.mesh, 0, span_of ("hello"));
    REACH (self->stage, &self->other.messages, 1);
    assert_string_equal (self->other.story, "[hello]");
}


//  It reads nothing while we do not let it, so the way to it fills up.  Then
//  only a turn that comes by itself can send on

static void
who_takes_no_more_takes_again_later (void **state)
{
    mesh_case_t *self = *state;
    enum { SIZE = 16384, MOST = 20000 };
    mesh_case_pair (self);
    char *text = zmalloc (SIZE);
    size_t sent = 0;
    //  Full is what takes nothing for a while
    int64_t taken_ms = clock_ms ();
    while (clock_ms () < taken_ms + 30 && sent < MOST)
        if (mesh_can_send (self->one.mesh, 0)) {
            mesh_send (self->one.mesh, 0, (span_t){text, SIZE});
            taken_ms = clock_ms ();
            sent++;
        }
    assert_in_range (sent, 64, MOST - 1);
    self->one.text = (span_t){text, SIZE};
    self->one.left = 200;
    sent += self->one.left;
    REACH (self->stage, &self->other.messages, sent);
    assert_true (mesh_can_send (self->one.mesh, 0));
    assert_int_equal (self->other.messages, sent);
    assert_int_equal (self->other.bytes, sent * SIZE);
    assert_int_equal (self->one.downs, 0);
    free (text);
}


//  What libzmq wants to be read is read, whoever asks for nothing

static void
an_idle_link_costs_no_turns (void **state)
{
    mesh_case_t *self = *state;
    mesh_case_pair (self);
    mesh_send (self->one.mesh, 0, span_of ("x"));
    REACH (self->stage, &self->other.messages, 1);
    loop_case_rest (self->stage);
}


//  A thousand messages are not read in one go, and none is forgotten

static void
a_burst_takes_some_turns (void **state)
{
    mesh_case_t *self = *state;
    mesh_case_pair (self);
    size_t turns = self->other.turns;
    for (size_t sent = 0; sent < 1000;)
        if (mesh_can_send (self->one.mesh, 0)) {
            mesh_send (self->one.mesh, 0, span_of ("x"));
            sent++;
        }
    REACH (self->stage, &self->other.messages, 1000);
    assert_true (self->other.turns >= turns + 3);
    assert_int_equal (self->other.bytes, 1000);
}


//  After whatever was said at the door, the room still hears its peer

static void
s_still_works (mesh_case_t *self)
{
    size_t messages = self->other.messages;
    mesh_send (self->one.mesh, 0, span_of ("still here"));
    REACH (self->stage, &self->other.messages, messages + 1);
    assert_int_equal (self->one.ups, 1);
    assert_int_equal (self->one.downs, 0);
}


static void
nonsense_at_the_door_is_dropped (void **state)
{
    mesh_case_t *self = *state;
    static const char zeros [64];
    static const char mechanism [64] = "\xFF\0\0\0\0\0\0\0\1\x7F\3\1NONSENSE";
    static const struct {
        const char *bytes;
        size_t size;
    } greetings [] = {
        {"GET /status HTTP/1.1\r\nHost: here\r\n\r\n", 36},
        {"\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 15},
        {zeros, 64},
        {"\xFF\0\0\0\0\0\0\0\1\x7F\3\0NULL\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
         "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
         "\x06\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF",
            73},
        {mechanism, 64}, {"x", 1},
        {"\x01\x00\x06\x00hello", 9},  //  A message of ZMTP 1.0
    };
    mesh_case_pair (self);
    for (size_t index = 0; index < 7; index++)
        for (int count = 0; count < 5; count++) {
            wire_t *wire = wire_connect (self->stage, self->other.port);
            wire_send (wire, greetings [index].bytes, greetings [index].size);
            loop_case_spend (self->stage, 5);
            if (count % 2)
                wire_reset (&wire);
            else
                wire_destroy (&wire);
        }
    s_still_works (self);
    assert_string_equal (self->other.story, "[still here]");
}


//  A stranger who speaks ZeroMQ: the second frame is the message

static void
strangers_frames_are_no_messages (void **state)
{
    mesh_case_t *self = *state;
    mesh_case_pair (self);
    zsock_t *stranger = zsock_new (ZMQ_DEALER);
    zsock_set_linger (stranger, 1000);
    assert_int_equal (
        zsock_connect (stranger, "tcp://127.0.0.1:%u", self->other.port), 0);
    zstr_sendx (stranger, "first", "second", "third", NULL);
    zstr_send (stranger, "single");
    zstr_sendx (stranger, "", "", "", "", NULL);
    zstr_send (stranger, "end");
    REACH (self->stage, &self->other.messages, 4);
    s_still_works (self);
    assert_string_equal (
        self->other.story, "[first][single][][end][still here]");
    zsock_destroy (&stranger);
    loop_case_spend (self->stage, 20);
    assert_int_equal (self->other.messages, 5);
}


//  Somebody else at a peer's port
typedef struct {
    watcher_t watcher;
    size_t callers;
    int caller;  //  The last one's socket, if it is kept
    bool keeps;
} admission_t;


static void
s_knock (void *context, uint32_t events)
{
    admission_t *door = context;
    (void) events;
    int fd = accept4 (door->watcher.fd, NULL, NULL, SOCK_CLOEXEC);
    if (fd < 0)
        return;
    if (door->keeps)
        door->caller = fd;
    else
        close (fd);
    door->callers++;
}


static void
s_open_door (mesh_case_t *self, admission_t *door, uint16_t port)
{
    door->watcher = (watcher_t){.fd = listen_at (&loop_case_home, port, 0),
        .ready = s_knock,
        .context = door};
    assert_int_equal (
        poller_add (self->stage->poller, &door->watcher, EPOLLIN), 0);
}


static void
s_close_door (mesh_case_t *self, admission_t *door)
{
    poller_drop (self->stage->poller, &door->watcher);
    close (door->watcher.fd);
}


//  libzmq never again calls where it was told nonsense.  We do

static void
who_spoke_nonsense_may_become_a_peer (void **state)
{
    mesh_case_t *self = *state;
    char nonsense [64];
    admission_t door = {.keeps = true};
    memset (nonsense, 0xFF, sizeof (nonsense));
    s_open_door (self, &door, self->other.port);
    mesh_case_open (&self->one, self->other.port);
    REACH (self->stage, &door.callers, 1);
    wire_t *wire = wire_new (self->stage, door.caller);
    wire_send (wire, nonsense, sizeof (nonsense));
    REACH (self->stage, &wire->closed, 1);
    wire_destroy (&wire);
    s_close_door (self, &door);
    mesh_case_open (&self->other, self->one.port);
    REACH (self->stage, &self->one.ups, 1);
    mesh_send (self->one.mesh, 0, span_of ("hello"));
    REACH (self->stage, &self->other.messages, 1);
    assert_int_equal (self->one.downs, 0);
}


//  Every attempt is an event of a monitor; one that is not read would freeze
//  all sockets, those of other links too

static void
a_peer_that_always_hangs_up_disturbs_nobody (void **state)
{
    mesh_case_t *self = *state;
    enum { CALLERS = 600 };
    admission_t door = {.keeps = false};
    mesh_case_pair (self);
    uint16_t port = loop_case_port (self->stage);
    s_open_door (self, &door, port);
    self->third.reconnect_ms = 1;
    mesh_case_open (&self->third, port);
    REACH (self->stage, &door.callers, CALLERS);
    s_still_works (self);
    assert_int_equal (self->third.ups + self->third.downs, 0);
    s_close_door (self, &door);
}


static void
an_end_may_come_with_traffic_under_way (void **state)
{
    mesh_case_t *self = *state;
    mesh_case_pair (self);
    for (int count = 0; count < 200; count++) {
        if (mesh_can_send (self->one.mesh, 0))
            mesh_send (self->one.mesh, 0, span_of ("there"));
        if (mesh_can_send (self->other.mesh, 0))
            mesh_send (self->other.mesh, 0, span_of ("back"));
    }
    loop_case_spend (self->stage, 2);
    mesh_destroy (&self->one.mesh);
    assert_null (self->one.mesh);
    REACH (self->stage, &self->other.downs, 1);
    mesh_destroy (&self->other.mesh);
}


//  A farewell reaches the peer, although the room is gone at once: so many
//  messages the socket takes without holding one

static void
what_was_sent_before_an_end_arrives (void **state)
{
    mesh_case_t *self = *state;
    enum { MOST = 40 };
    char *text = zmalloc (MESSAGE_MAX);
    size_t sent = 0;
    mesh_case_pair (self);
    for (; sent < MOST && mesh_can_send (self->one.mesh, 0); sent++)
        mesh_send (self->one.mesh, 0, (span_t){text, MESSAGE_MAX});
    assert_int_equal (sent, MOST);
    mesh_destroy (&self->one.mesh);
    REACH (self->stage, &self->other.messages, sent);
    free (text);
}


static void
a_taken_endpoint_is_an_error (void **state)
{
    mesh_case_t *self = *state;
    mesh_case_open (&self->one, self->other.port);
    mesh_options_t options = {
        .listen = mesh_case_at ("127.0.0.1", self->other.port),
        .reconnect_ms = 100,
        .zap = self->zap};
    int fd = listen_at (&options.listen.address, self->other.port, 0);
    assert_true (fd >= 0);
    errno = 0;
    assert_null (mesh_new (self->stage->poller, &options, NULL, NULL));
    assert_int_equal (errno, EADDRINUSE);
    close (fd);
}


//  Let this process open nothing more: a limit at its first free descriptor

static void
s_starve (void)
{
    struct rlimit limit;
    int fd = dup (STDOUT_FILENO);
    if (fd < 0)
        return;
    close (fd);
    assert_int_equal (getrlimit (RLIMIT_NOFILE, &limit), 0);
    limit.rlim_cur = (rlim_t) fd;
    assert_int_equal (setrlimit (RLIMIT_NOFILE, &limit), 0);
}


static void
one_that_has_no_descriptor_goes_on_trying (void **state)
{
    mesh_case_t *self = *state;
    struct rlimit limit;
    assert_int_equal (getrlimit (RLIMIT_NOFILE, &limit), 0);
    mesh_case_open (&self->one, self->other.port);
    for (int times = 0; times < 20; times++) {
        s_starve ();
        loop_case_spend (self->stage, 50);
    }
    assert_int_equal (setrlimit (RLIMIT_NOFILE, &limit), 0);
    mesh_case_open (&self->other, self->one.port);
    REACH (self->stage, &self->one.ups, 1);
    REACH (self->stage, &self->other.ups, 1);
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        CASE (each_hears_once_that_the_other_is_up),
        CASE (each_hears_once_that_the_other_is_gone),
        CASE (messages_arrive_whole_and_in_order),
        CASE (the_largest_message_passes),
        CASE (a_message_too_large_ends_the_connection),
        CASE (one_that_is_down_takes_nothing),
        CASE (one_that_comes_later_is_found),
        CASE (one_that_has_no_descriptor_goes_on_trying),
        CASE (who_takes_no_more_takes_again_later),
        CASE (an_idle_link_costs_no_turns),
        CASE (a_burst_takes_some_turns),
        CASE (nonsense_at_the_door_is_dropped),
        CASE (strangers_frames_are_no_messages),
        CASE (who_spoke_nonsense_may_become_a_peer),
        CASE (a_peer_that_always_hangs_up_disturbs_nobody),
        CASE (an_end_may_come_with_traffic_under_way),
        CASE (what_was_sent_before_an_end_arrives),
        CASE (a_taken_endpoint_is_an_error),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
