/*  =========================================================================
    test_connections_limits - what clients cannot do to us

    Clients that are slow, silent, many or gone, and a system that has no more
    descriptors.
    =========================================================================
*/

#include "io/connections_case.h"
#include "io/later.h"

#include <sys/resource.h>

//  What the system may hold of a connection's replies at both ends, if this one
//  reads little
#define SYSTEM_SIZE_MAX 524288


//  It sends commands without end and reads no reply.  The system's buffers
//  fill, which are not large, then our output; then its commands stay in its
//  own machine

static void
s_assert_address (const connections_case_t *self, uint32_t number)
{
    address_t address = address_of_v4 (number);
    assert_true (address_equal (&self->address, &address));
}


static void
who_never_reads_is_no_longer_read_then_cut (void **state)
{
    connections_case_t *self = *state;
    enum { SIZE = 16 * 1048576, LINE = 512 };
    char *text = zmalloc (SIZE);
    memset (text, 'x', SIZE);
    for (size_t at = LINE - 1; at < SIZE; at += LINE)
        text [at] = '\n';
    wire_t *wire = wire_prepare (self->stage, 4096);
    wire_dial (wire, self->options.port);
    wire_deafen (wire, true);
    wire_send (wire, text, SIZE);
    loop_case_rest (self->stage);
    size_t answered = self->answered;
    assert_true (answered > OUTPUT_SIZE_MAX);
    assert_true (answered < OUTPUT_SIZE_MAX + SYSTEM_SIZE_MAX);
    later_by (60000);
    REACH (self->stage, &self->closed, 1);
    assert_int_equal (self->answered, answered);
    assert_string_equal (self->why, "it does not read its replies");
    assert_false (connections_has_output (self->clients));
    wire_destroy (&wire);
    free (text);
}


//  Replies taken slowly are no stall, however long they take.  What it reads at
//  a time is more than the system holds, so some was sent meanwhile

static void
who_reads_slowly_is_not_cut (void **state)
{
    connections_case_t *self = *state;
    enum { STEPS = 12, SIZE = (STEPS + 1) * SYSTEM_SIZE_MAX };
    char *text = zmalloc (SIZE);
    self->options.output_stall_seconds = 60;
    connections_case_serve (self);
    wire_t *wire = wire_prepare (self->stage, 65536);
    wire_dial (wire, self->options.port);
    REACH (self->stage, &self->opened, 1);
    wire_deafen (wire, true);
    connections_reply (self->clients, self->last, (span_t){text, SIZE});
    connections_flush (self->clients);
    for (size_t step = 1; step <= STEPS; step++) {
        later_by (50000);
        connections_tick (self->clients);
        connections_flush (self->clients);
        assert_true (connections_has_output (self->clients));
        wire_read_to (wire, step * SYSTEM_SIZE_MAX);
        REACH (self->stage, &wire->in_size, step * SYSTEM_SIZE_MAX);
    }
    wire_read_to (wire, SIZE);
    REACH (self->stage, &wire->in_size, SIZE);
    assert_int_equal (self->closed, 0);
    wire_deafen (wire, false);
    wire_end (wire);
    connections_case_part (self, &wire);
    free (text);
}


static void
too_many_are_refused_with_a_reason (void **state)
{
    connections_case_t *self = *state;
    self->options.connections_max = 2;
    connections_case_serve (self);
    wire_t *one = connections_case_connect (self);
    wire_t *two = connections_case_connect (self);
    wire_t *three = wire_connect (self->stage, self->options.port);
    wire_say (three, "IAMAT kiwi +1-1 2\n");
    REACH (self->stage, &three->closed, 1);
    assert_string_equal (three->in, "? too many clients\n");
    wire_destroy (&three);
    assert_int_equal (self->opened, 2);
    assert_int_equal (self->refused, 1);
    s_assert_address (self, INADDR_LOOPBACK);

    wire_destroy (&one);
    REACH (self->stage, &self->closed, 1);
    one = connections_case_connect (self);
    wire_say (one, "again\n");
    wire_say (two, "still\n");
    REACH (self->stage, &one->lines, 1);
    REACH (self->stage, &two->lines, 1);
    wire_destroy (&one);
    wire_end (two);
    connections_case_part (self, &two);
}


//  Connect from 127.0.0.HOST

static wire_t *
s_connect_from (connections_case_t *self, uint32_t host)
{
    wire_t *wire = wire_prepare (self->stage, 0);
    struct sockaddr_in from = {.sin_family = AF_INET,
        .sin_addr.s_addr = htonl (INADDR_LOOPBACK - 1 + host)};
    assert_int_equal (
        bind (wire->watcher.fd, (struct sockaddr *) &from, sizeof (from)), 0);
    wire_dial (wire, self->options.port);
    return wire;
}


//  Others do not notice; who leaves makes room for one from the same address

static void
too_many_from_an_address_are_refused_with_a_reason (void **state)
{
    connections_case_t *self = *state;
    self->options.connections_per_address = 2;
    connections_case_serve (self);
    wire_t *one = s_connect_from (self, 1);
    wire_t *two = s_connect_from (self, 1);
    REACH (self->stage, &self->opened, 2);
    for (size_t count = 1; count <= 10; count++) {
        wire_t *three = s_connect_from (self, 1);
        REACH (self->stage, &three->closed, 1);
        assert_string_equal (
            three->in, "? too many connections from your address\n");
        wire_destroy (&three);
        assert_int_equal (self->refused_addresses, count);
        s_assert_address (self, INADDR_LOOPBACK);
    }
    wire_t *other = s_connect_from (self, 2);
    wire_say (other, "x\n");
    REACH (self->stage, &other->lines, 1);
    s_assert_address (self, INADDR_LOOPBACK + 1);

    wire_destroy (&one);
    REACH (self->stage, &self->closed, 1);
    one = s_connect_from (self, 1);
    REACH (self->stage, &self->opened, 4);
    wire_t *again = s_connect_from (self, 1);
    REACH (self->stage, &self->refused_addresses, 11);
    assert_int_equal (self->refused, 0);
    wire_destroy (&again);
    wire_destroy (&one);
    wire_destroy (&other);
    wire_destroy (&two);
    REACH (self->stage, &self->closed, 4);
    one = s_connect_from (self, 1);
    REACH (self->stage, &self->opened, 5);
    wire_end (one);
    connections_case_part (self, &one);
}


//  A reply comes when the client was quiet for longer than a stall may last,
//  just before the clock is looked at

static void
a_late_reply_is_no_stall (void **state)
{
    connections_case_t *self = *state;
    wire_t *wire = connections_case_connect (self);
    later_by (100000);
    connections_reply (self->clients, self->last, span_of ("at last\n"));
    connections_tick (self->clients);
    connections_flush (self->clients);
    REACH (self->stage, &wire->lines, 1);
    assert_int_equal (self->closed, 0);
    wire_end (wire);
    connections_case_part (self, &wire);
}


static void
a_reset_is_an_end_like_others (void **state)
{
    connections_case_t *self = *state;
    wire_t *wire = connections_case_connect (self);
    wire_say (wire, "one\ntwo");
    REACH (self->stage, &wire->lines, 1);
    wire_reset (&wire);
    REACH (self->stage, &self->closed, 1);
    assert_int_equal (connections_count (self->clients), 0);
    assert_int_equal (self->lines, 1);
}


//  Nobody is there any more; whoever answers need not know

static void
replies_to_one_who_is_gone_go_nowhere (void **state)
{
    connections_case_t *self = *state;
    wire_t *wire = connections_case_connect (self);
    uint64_t number = self->last;
    wire_reset (&wire);
    for (int count = 0; self->closed == 0; count++) {
        connections_reply (self->clients, number, span_of ("hello\n"));
        connections_flush (self->clients);
        size_t turns = self->stage->turns;
        REACH (self->stage, &self->stage->turns, turns + (self->closed == 0));
    }
    connections_reply (self->clients, number, span_of ("hello\n"));
    connections_hold (self->clients, number, true);
    connections_close (self->clients, number);
    connections_reply (self->clients, 4711, span_of ("hello\n"));
    connections_flush (self->clients);
    assert_int_equal (self->closed, 1);
    assert_int_equal (connections_count (self->clients), 0);
    assert_false (connections_has_output (self->clients));
}


//  It half-closed, so that no end of its is seen: the reply finds it gone

static void
one_who_left_after_its_end_is_found_out (void **state)
{
    connections_case_t *self = *state;
    wire_t *wire = connections_case_connect (self);
    self->holds = 1;
    wire_say (wire, "1\n2\n");
    wire_end (wire);
    REACH (self->stage, &wire->lines, 1);
    wire_destroy (&wire);
    connections_hold (self->clients, self->last, false);
    connections_flush (self->clients);
    REACH (self->stage, &self->closed, 1);
    assert_int_equal (connections_count (self->clients), 0);
    assert_false (connections_has_output (self->clients));
}


static void
after_stop_replies_still_leave (void **state)
{
    connections_case_t *self = *state;
    wire_t *idle = connections_case_connect (self);
    wire_t *wire = connections_case_connect (self);
    self->stops = true;
    wire_say (wire, "one\n");
    REACH (self->stage, &wire->lines, 1);
    wire_say (wire, "two\n");
    wire_say (idle, "one\n");
    wire_t *late = wire_prepare (self->stage, 0);
    struct sockaddr_in to = {.sin_family = AF_INET,
        .sin_port = htons (self->options.port),
        .sin_addr.s_addr = htonl (INADDR_LOOPBACK)};
    assert_int_equal (
        connect (late->watcher.fd, (struct sockaddr *) &to, sizeof (to)), -1);
    assert_int_equal (errno, ECONNREFUSED);
    loop_case_spend (self->stage, 30);
    assert_int_equal (self->lines, 1);
    connections_reply (self->clients, self->last, span_of ("bye\n"));
    assert_true (connections_has_output (self->clients));
    connections_flush (self->clients);
    assert_false (connections_has_output (self->clients));
    REACH (self->stage, &wire->lines, 2);
    assert_string_equal (wire->in, "> one\nbye\n");
    late->closed = 1;
    wire_destroy (&late);
    wire_destroy (&wire);
    wire_destroy (&idle);
}


static void
a_thousand_at_once_are_served (void **state)
{
    connections_case_t *self = *state;
    enum { CROWD = 1000 };
    wire_t *wires [CROWD];
    for (size_t index = 0; index < CROWD; index++)
        wires [index] = wire_connect (self->stage, self->options.port);
    REACH (self->stage, &self->opened, CROWD);
    assert_int_equal (connections_count (self->clients), CROWD);
    for (size_t index = 0; index < CROWD; index++) {
        char line [16];
        snprintf (line, sizeof (line), "%zu\n", index);
        wire_say (wires [index], line);
    }
    for (size_t index = 0; index < CROWD; index++) {
        char reply [16];
        snprintf (reply, sizeof (reply), "> %zu\n", index);
        REACH (self->stage, &wires [index]->lines, 1);
        assert_string_equal (wires [index]->in, reply);
        if (index % 2)
            wire_reset (&wires [index]);
        else
            wire_destroy (&wires [index]);
    }
    REACH (self->stage, &self->closed, CROWD);
    assert_int_equal (connections_count (self->clients), 0);
}


//  The room is destroyed with clients in any state

static void
an_end_closes_all (void **state)
{
    connections_case_t *self = *state;
    wire_t *idle = connections_case_connect (self);
    wire_t *owed = connections_case_connect (self);
    connections_reply (self->clients, self->last, span_of ("never sent\n"));
    wire_t *held = connections_case_connect (self);
    self->holds = 1;
    wire_say (held, "1\n2\n3");
    REACH (self->stage, &held->lines, 1);
    connections_destroy (&self->clients);
    assert_null (self->clients);
    REACH (self->stage, &idle->closed, 1);
    REACH (self->stage, &owed->closed, 1);
    REACH (self->stage, &held->closed, 1);
    assert_int_equal (self->closed, 0);
    wire_destroy (&idle);
    wire_destroy (&owed);
    wire_destroy (&held);
}


//  Leave the process so many descriptors, or, if negative, all it had

static void
s_leave_descriptors (int count)
{
    struct rlimit limit;
    assert_int_equal (getrlimit (RLIMIT_NOFILE, &limit), 0);
    int next = dup (STDIN_FILENO);
    close (next);
    limit.rlim_cur = count < 0 ? limit.rlim_max : (rlim_t) (next + count);
    assert_int_equal (setrlimit (RLIMIT_NOFILE, &limit), 0);
}


//  Who waits hears of it, once a tick; the others' turn comes when there are
//  descriptors again

static void
without_descriptors_accepting_pauses_and_recovers (void **state)
{
    connections_case_t *self = *state;
    enum { CROWD = 20, LEFT = 4 };
    wire_t *wires [CROWD];
    self->stage->tick = NULL;
    for (size_t index = 0; index < CROWD; index++)
        wires [index] = wire_prepare (self->stage, 0);
    s_leave_descriptors (LEFT);
    for (size_t index = 0; index < CROWD; index++)
        wire_dial (wires [index], self->options.port);
    REACH (self->stage, &wires [LEFT]->closed, 1);
    assert_string_equal (wires [LEFT]->in, "? too many clients\n");
    assert_int_equal (self->opened, LEFT);
    assert_int_equal (self->refused, 1);
    size_t turns = self->stage->turns;
    loop_case_spend (self->stage, 50);
    assert_true (self->stage->turns <= turns + 2);

    //  Those there are do not notice
    wire_say (wires [0], "x\n");
    REACH (self->stage, &wires [0]->lines, 1);
    connections_tick (self->clients);
    REACH (self->stage, &wires [LEFT + 1]->closed, 1);
    assert_int_equal (self->opened, LEFT);

    s_leave_descriptors (-1);
    connections_tick (self->clients);
    REACH (self->stage, &self->opened, CROWD - 2);
    for (size_t index = 0; index < CROWD; index++)
        wire_destroy (&wires [index]);
    REACH (self->stage, &self->closed, CROWD - 2);
}


static void
a_taken_port_is_an_error (void **state)
{
    connections_case_t *self = *state;
    errno = 0;
    assert_null (
        connections_new (self->stage->poller, &self->options, NULL, NULL));
    assert_int_equal (errno, EADDRINUSE);
    self->options.address = address_of_v4 (0xC0000201);
    assert_null (
        connections_new (self->stage->poller, &self->options, NULL, NULL));
    assert_int_equal (errno, EADDRNOTAVAIL);
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        CASE (who_never_reads_is_no_longer_read_then_cut),
        CASE (who_reads_slowly_is_not_cut),
        CASE (too_many_are_refused_with_a_reason),
        CASE (too_many_from_an_address_are_refused_with_a_reason),
        CASE (a_late_reply_is_no_stall),
        CASE (a_reset_is_an_end_like_others),
        CASE (replies_to_one_who_is_gone_go_nowhere),
        CASE (one_who_left_after_its_end_is_found_out),
        CASE (after_stop_replies_still_leave),
        CASE (a_thousand_at_once_are_served),
        CASE (an_end_closes_all),
        CASE (without_descriptors_accepting_pauses_and_recovers),
        CASE (a_taken_port_is_an_error),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
