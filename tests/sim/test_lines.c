/*  =========================================================================
    test_lines - lines with a rate, and buffers before them

    Goal: the simulated network holds what a real one holds, no more and no
    less, and delivers it when a real one would.  Method: one connection with
    an agenda of its own, whose messages are taken from it one by one.
    =========================================================================
*/

#include "sim/connection.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define MESSAGE_SIZE ((int64_t) 64000)

typedef struct {
    air_t air;
    chance_t chance;
    connection_t *connection;
    bool stopped;      //  The receiver reads nothing
    size_t held;       //  Messages that arrived meanwhile
    size_t heard;      //  Messages read
    int64_t heard_us;  //  When the last was
} lab_t;


//  1 byte takes 1 us, and then 300 ms

static lab_t *
s_lab (size_t buffer, unsigned window)
{
    lab_t *self = calloc (1, sizeof (lab_t));
    assert_non_null (self);
    chance_seed (&self->chance, 1);
    self->air = (air_t){options_default (), &self->chance, agenda_new (), 0};
    self->air.options.delay_min_us = self->air.options.delay_max_us = 0;
    line_t line = {8000, 300000, buffer, window};
    self->connection = connection_new (&(happening_t){.host = 0}, &line);
    return self;
}


static void
s_destroy (lab_t *self)
{
    connection_destroy (&self->connection);
    agenda_destroy (&self->air.agenda);
    free (self);
}


static void
s_send (lab_t *self)
{
    static char text [MESSAGE_SIZE];
    connection_send (
        self->connection, &self->air, (span_t){text, MESSAGE_SIZE}, "", false);
}


//  Return how many messages the connection takes now

static size_t
s_fill (lab_t *self)
{
    size_t count = 0;
    for (; connection_accepts (self->connection); count++)
        s_send (self);
    return count;
}


static void
s_read (lab_t *self)
{
    connection_read (self->connection, &self->air, MESSAGE_SIZE);
    self->heard++;
    self->heard_us = self->air.now_us;
}


//  Let time pass.  Returns how often there was room again

static unsigned
s_run (lab_t *self, int64_t until_us)
{
    unsigned rooms = 0;
    happening_t happening;
    while (agenda_take (self->air.agenda, until_us, &happening)) {
        self->air.now_us = happening.at_us;
        if (happening.kind == HAPPENING_SENT) {
            connection_go_on (self->connection, &self->air);
            continue;
        }
        rooms +=
            connection_arrive (self->connection, &self->air, happening.size);
        free (happening.text);
        if (self->stopped)
            self->held++;
        else
            s_read (self);
    }
    self->air.now_us = until_us;
    return rooms;
}


static void
a_message_takes_its_bytes_and_the_delay (void **state)
{
    (void) state;
    lab_t *lab = s_lab (1000000, 64);
    s_send (lab);
    s_run (lab, 1000000);
    assert_int_equal (lab->heard, 1);
    assert_int_equal (lab->heard_us, MESSAGE_SIZE + 300000);
    s_destroy (lab);
}


static void
a_message_waits_behind_those_before_it (void **state)
{
    (void) state;
    lab_t *lab = s_lab (1000000, 64);
    for (unsigned count = 0; count < 10; count++)
        s_send (lab);
    s_run (lab, 10000000);
    assert_int_equal (lab->heard, 10);
    assert_int_equal (lab->heard_us, 10 * MESSAGE_SIZE + 300000);
    s_destroy (lab);
}


//  The kernel's bytes, of which the last message may be in part, and the
//  socket's messages.  The socket knows by the half of its queue what left it

static void
a_sender_is_held_up_by_full_buffers (void **state)
{
    (void) state;
    static const struct {
        size_t buffer;
        unsigned window;
        size_t takes;
    } cases [] = {{0, 1, 1 + 1}, {0, 64, 64}, {31 * MESSAGE_SIZE, 64, 64},
        {32 * MESSAGE_SIZE, 64, 32 + 64}, {31 * MESSAGE_SIZE + 1, 64, 32 + 64},
        {63 * MESSAGE_SIZE, 64, 32 + 64}, {64 * MESSAGE_SIZE, 64, 64 + 64}};
    for (size_t at = 0; at < sizeof (cases) / sizeof (cases [0]); at++) {
        lab_t *lab = s_lab (cases [at].buffer, cases [at].window);
        assert_int_equal (s_fill (lab), cases [at].takes);
        s_destroy (lab);
    }
}


//  Ten messages are in the kernel and 54 in the queue, of which 22 leave

static void
room_is_told_by_the_half_queue (void **state)
{
    (void) state;
    lab_t *lab = s_lab (10 * MESSAGE_SIZE, 64);
    s_fill (lab);
    assert_int_equal (s_run (lab, 300000 + 22 * MESSAGE_SIZE - 1), 0);
    assert_false (connection_accepts (lab->connection));
    assert_int_equal (s_run (lab, 300000 + 22 * MESSAGE_SIZE), 1);
    assert_int_equal (s_fill (lab), 32);
    s_destroy (lab);
}


//  Who does not read holds up what its kernel and its socket do not take: then
//  the sender's buffers fill

static void
a_receiver_that_stands_still_holds_up_its_senders (void **state)
{
    (void) state;
    static const struct {
        size_t buffer;
        size_t held;
    } cases [] = {{10 * MESSAGE_SIZE, 1000}, {2000 * MESSAGE_SIZE, 2000}};
    for (size_t at = 0; at < sizeof (cases) / sizeof (cases [0]); at++) {
        lab_t *lab = s_lab (cases [at].buffer, 64);
        size_t sent = 0;
        lab->stopped = true;
        for (unsigned count = 0; count < 100; count++) {
            sent += s_fill (lab);
            s_run (lab, lab->air.now_us + 100 * MESSAGE_SIZE);
        }
        //  What was on the line meanwhile comes too
        assert_in_range (lab->held, cases [at].held, cases [at].held + 5);
        assert_false (connection_accepts (lab->connection));
        lab->stopped = false;
        for (; lab->held; lab->held--)
            s_read (lab);
        s_run (lab, lab->air.now_us + 10000 * MESSAGE_SIZE);
        assert_int_equal (lab->heard, sent);
        s_destroy (lab);
    }
}


//  What is in a kernel outlives its process, the socket's queue does not

static void
a_dead_process_sends_what_its_kernel_has (void **state)
{
    (void) state;
    lab_t *lab = s_lab (10 * MESSAGE_SIZE, 64);
    s_fill (lab);
    connection_break (lab->connection, true);
    s_run (lab, 100 * MESSAGE_SIZE);
    assert_int_equal (lab->heard, 10);
    s_destroy (lab);
    lab = s_lab (10 * MESSAGE_SIZE, 64);
    s_fill (lab);
    connection_break (lab->connection, false);
    s_run (lab, 100 * MESSAGE_SIZE);
    assert_int_equal (lab->heard, 0);
    s_destroy (lab);
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        cmocka_unit_test (a_message_takes_its_bytes_and_the_delay),
        cmocka_unit_test (a_message_waits_behind_those_before_it),
        cmocka_unit_test (a_sender_is_held_up_by_full_buffers),
        cmocka_unit_test (room_is_told_by_the_half_queue),
        cmocka_unit_test (a_receiver_that_stands_still_holds_up_its_senders),
        cmocka_unit_test (a_dead_process_sends_what_its_kernel_has),
    };
    return cmocka_run_group_tests_name ("lines", tests, NULL, NULL);
}
