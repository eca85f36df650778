/*  =========================================================================
    test_callers - the connections made to our ROUTER

    Real connections, accepted and read by the test in libzmq's place.
    =========================================================================
*/

#include "io/later.h"
#include "io/loop_case.h"
#include "loop/listen.h"
#include "mesh/callers.h"

#include <arpa/inet.h>
#include <malloc.h>
#include <poll.h>

#define PORT_BASE 15400
#define HOME "127.0.0.1"
#define AWAY "127.0.0.9"
#define MOST 3
#define INTAKE_MAX ((size_t) 10000)

//  A connection, seen from both ends
typedef struct {
    int ours;
    int theirs;
} line_t;

typedef struct {
    loop_case_t *stage;
    zap_t *zap;
    callers_t *callers;
    int listener;
    uint16_t port;
    size_t strange;
    size_t crowded;
    size_t endless;
    address_t address;  //  Of the last one that was cut
} case_t;


//  Times that memory was given back: this takes the place of the C library's

static size_t s_trims;


int
malloc_trim (size_t pad)
{
    (void) pad;
    s_trims++;
    return 0;
}


static void
s_event (void *context, const event_t *event)
{
    case_t *self = context;
    self->strange += event->kind == EVENT_CALLER_STRANGE;
    self->crowded += event->kind == EVENT_CALLER_CROWDED;
    self->endless += event->kind == EVENT_CALLER_ENDLESS;
    self->address = event->address;
    assert_true (event->clock_ms > 0);
}


static void
s_admit (case_t *self, const char *text)
{
    address_t address;
    assert_true (address_read (&address, span_of (text)));
    zap_admit (self->zap, &address, 1);
}


static void
s_assert_address (const case_t *self, const char *text)
{
    char address [ADDRESS_TEXT_SIZE];
    assert_string_equal (address_print (&self->address, address), text);
}


static int
s_new (void **state)
{
    case_t *self = zmalloc (sizeof (case_t));
    self->stage = loop_case_new (PORT_BASE);
    self->zap = zap_new (self->stage->poller);
    assert_non_null (self->zap);
    s_admit (self, HOME);
    self->port = loop_case_port (self->stage);
    self->callers = callers_new (&(callers_options_t){.zap = self->zap,
        .port = self->port,
        .count_max = MOST,
        .intake_max = INTAKE_MAX,
        .emit = s_event,
        .context = self});
    self->listener = listen_at (&loop_case_home, self->port, 0);
    assert_true (self->listener >= 0);
    *state = self;
    return 0;
}


static int
s_destroy (void **state)
{
    case_t *self = *state;
    close (self->listener);
    callers_destroy (&self->callers);
    assert_null (self->callers);
    zap_destroy (&self->zap);
    loop_case_destroy (&self->stage);
    free (self);
    return 0;
}


//  Make a connection from the address

static line_t
s_connect (case_t *self, const char *from)
{
    line_t line = {.theirs = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    struct sockaddr_in at = {.sin_family = AF_INET};
    inet_pton (AF_INET, from, &at.sin_addr);
    assert_int_equal (
        bind (line.theirs, (struct sockaddr *) &at, sizeof (at)), 0);
    at.sin_port = htons (self->port);
    inet_pton (AF_INET, HOME, &at.sin_addr);
    assert_int_equal (
        connect (line.theirs, (struct sockaddr *) &at, sizeof (at)), 0);
    struct pollfd called = {.fd = self->listener, .events = POLLIN};
    assert_int_equal (poll (&called, 1, 5000), 1);
    line.ours = accept4 (self->listener, NULL, NULL, SOCK_CLOEXEC);
    assert_true (line.ours >= 0);
    return line;
}


static line_t
s_call (case_t *self)
{
    line_t line = s_connect (self, HOME);
    callers_opened (self->callers, line.ours);
    return line;
}


static bool
s_is_cut (const line_t *line)
{
    struct pollfd end = {.fd = line->ours, .events = POLLRDHUP};
    return poll (&end, 1, 0) == 1;
}


static void
s_hang_up (const line_t *lines, size_t count)
{
    for (size_t index = 0; index < count; index++) {
        close (lines [index].ours);
        close (lines [index].theirs);
    }
}


//  They send so many bytes, of which we read some

static void
s_send (const line_t *line, size_t size, size_t read)
{
    char bytes [INTAKE_MAX * 2] = {0};
    assert_true (size <= sizeof (bytes));
    assert_int_equal (send (line->theirs, bytes, size, 0), size);
    if (read)
        assert_int_equal (recv (line->ours, bytes, read, MSG_WAITALL), read);
}


static void
s_judge (case_t *self)
{
    callers_measure (self->callers);
    callers_judge (self->callers);
}


static void
a_stranger_is_cut_at_once (void **state)
{
    case_t *self = *state;
    line_t lines [] = {s_connect (self, AWAY), s_call (self)};
    callers_opened (self->callers, lines [0].ours);
    assert_true (s_is_cut (&lines [0]));
    assert_false (s_is_cut (&lines [1]));
    assert_int_equal (self->strange, 1);
    s_assert_address (self, AWAY);
    assert_int_equal (callers_count (self->callers), 1);
    s_admit (self, AWAY);
    line_t late = s_call (self);
    assert_true (s_is_cut (&late));
    assert_false (s_is_cut (&lines [1]));
    assert_int_equal (self->strange, 2);
    s_hang_up (lines, 2);
    s_hang_up (&late, 1);
}


static void
of_too_many_the_oldest_that_is_silent_is_cut (void **state)
{
    case_t *self = *state;
    line_t lines [6];
    for (size_t index = 0; index < 3; index++)
        lines [index] = s_call (self);
    callers_spoke (self->callers, lines [0].ours);
    assert_int_equal (self->crowded, 0);
    for (size_t index = 3; index < 6; index++) {
        lines [index] = s_call (self);
        assert_int_equal (self->crowded, index - 2);
        assert_true (s_is_cut (&lines [index - 2]));
        assert_false (s_is_cut (&lines [index - 1]));
        assert_false (s_is_cut (&lines [index]));
        assert_int_equal (callers_count (self->callers), MOST);
    }
    assert_false (s_is_cut (&lines [0]));
    s_assert_address (self, HOME);
    s_hang_up (lines, 6);
}


//  Where all have spoken somebody must make room for who comes

static void
of_speakers_the_longest_silent_is_cut (void **state)
{
    case_t *self = *state;
    line_t lines [5];
    for (size_t index = 0; index < 3; index++) {
        lines [index] = s_call (self);
        callers_spoke (self->callers, lines [index].ours);
    }
    callers_spoke (self->callers, lines [0].ours);
    lines [3] = s_call (self);
    assert_true (s_is_cut (&lines [1]));
    callers_spoke (self->callers, lines [3].ours);
    callers_spoke (self->callers, lines [2].ours);
    lines [4] = s_call (self);
    assert_true (s_is_cut (&lines [0]));
    assert_false (s_is_cut (&lines [2]));
    assert_false (s_is_cut (&lines [3]));
    assert_false (s_is_cut (&lines [4]));
    assert_int_equal (self->crowded, 2);
    s_hang_up (lines, 5);
}


static void
who_is_gone_makes_room (void **state)
{
    case_t *self = *state;
    line_t lines [6];
    for (size_t index = 0; index < 6; index++) {
        lines [index] = s_call (self);
        if (index % 2)
            callers_spoke (self->callers, lines [index].ours);
        if (index < 3)
            callers_closed (self->callers, lines [index].ours, NULL);
    }
    assert_int_equal (callers_count (self->callers), MOST);
    assert_int_equal (self->crowded, 0);
    callers_closed (self->callers, lines [0].ours, NULL);
    callers_spoke (self->callers, lines [0].ours);
    callers_end (
        self->callers, lines [0].ours, EVENT_CALLER_ENDLESS, span_of (""));
    assert_int_equal (callers_count (self->callers), MOST);
    assert_int_equal (self->endless, 0);
    s_hang_up (lines, 6);
}


static void
much_without_a_message_is_cut (void **state)
{
    case_t *self = *state;
    line_t lines [] = {s_call (self), s_call (self)};
    s_send (&lines [0], INTAKE_MAX, INTAKE_MAX);
    s_judge (self);
    assert_int_equal (self->endless, 0);
    s_send (&lines [0], 1, 1);
    s_judge (self);
    assert_int_equal (self->endless, 1);
    assert_true (s_is_cut (&lines [0]));
    assert_false (s_is_cut (&lines [1]));
    assert_int_equal (callers_count (self->callers), 1);
    s_hang_up (lines, 2);
}


//  What libzmq has not read yet is no message that it keeps from us

static void
what_is_not_read_does_not_count (void **state)
{
    case_t *self = *state;
    line_t line = s_call (self);
    s_send (&line, INTAKE_MAX * 2, INTAKE_MAX - 1);
    s_judge (self);
    assert_int_equal (self->endless, 0);
    s_send (&line, 0, 2);
    s_judge (self);
    assert_int_equal (self->endless, 1);
    s_hang_up (&line, 1);
}


static void
a_message_accounts_for_what_came (void **state)
{
    case_t *self = *state;
    line_t line = s_call (self);
    for (int count = 0; count < 5; count++) {
        s_send (&line, INTAKE_MAX * 2, INTAKE_MAX * 2);
        callers_spoke (self->callers, line.ours);
        s_judge (self);
    }
    s_send (&line, INTAKE_MAX, INTAKE_MAX);
    s_judge (self);
    assert_int_equal (self->endless, 0);
    assert_false (s_is_cut (&line));
    s_send (&line, 1, 1);
    s_judge (self);
    assert_int_equal (self->endless, 1);
    s_hang_up (&line, 1);
}


static void
a_message_does_not_account_for_what_is_unread_behind_it (void **state)
{
    case_t *self = *state;
    line_t line = s_call (self);
    s_send (&line, INTAKE_MAX * 2, 1);
    callers_spoke (self->callers, line.ours);
    s_judge (self);
    s_send (&line, 0, INTAKE_MAX);
    s_judge (self);
    assert_int_equal (self->endless, 0);
    s_send (&line, 0, 1);
    s_judge (self);
    assert_int_equal (self->endless, 1);
    s_hang_up (&line, 1);
}


//  Messages told between the two account for what came between the two

static void
what_came_after_the_measure_is_not_judged (void **state)
{
    case_t *self = *state;
    line_t lines [] = {s_call (self), s_call (self)};
    callers_measure (self->callers);
    s_send (&lines [0], INTAKE_MAX * 2, INTAKE_MAX * 2);
    s_send (&lines [1], INTAKE_MAX * 2, INTAKE_MAX * 2);
    callers_spoke (self->callers, lines [1].ours);
    callers_judge (self->callers);
    assert_int_equal (self->endless, 0);
    s_judge (self);
    assert_int_equal (self->endless, 1);
    assert_true (s_is_cut (&lines [0]));
    assert_false (s_is_cut (&lines [1]));
    s_hang_up (lines, 2);
}


//  libzmq closes descriptors before we hear of it

static void
a_number_that_is_somebody_elses_by_now_is_left_alone (void **state)
{
    case_t *self = *state;
    line_t old = s_call (self);
    line_t new = s_connect (self, HOME);
    assert_int_equal (dup2 (new.ours, old.ours), old.ours);
    callers_end (self->callers, old.ours, EVENT_CALLER_ENDLESS, span_of (""));
    assert_false (s_is_cut (&new));
    assert_int_equal (self->endless, 0);
    assert_int_equal (callers_count (self->callers), 0);
    close (new.ours);
    close (old.ours);
    callers_opened (self->callers, old.ours);
    assert_int_equal (callers_count (self->callers), 0);
    assert_int_equal (self->strange, 0);
    close (old.theirs);
    close (new.theirs);
}


//  libzmq may have closed a stranger's connection before we hear of it, and the
//  system given its number to a client

static void
who_called_at_another_port_is_left_alone (void **state)
{
    case_t *self = *state;
    uint16_t mesh = self->port;
    close (self->listener);
    self->port = loop_case_port (self->stage);
    self->listener = listen_at (&loop_case_home, self->port, 0);
    assert_int_not_equal (self->port, mesh);
    line_t line = s_connect (self, AWAY);
    callers_opened (self->callers, line.ours);
    assert_false (s_is_cut (&line));
    assert_int_equal (self->strange, 0);
    assert_int_equal (callers_count (self->callers), 0);
    s_hang_up (&line, 1);
}


#define CASE(name) cmocka_unit_test_setup_teardown (name, s_new, s_destroy)


static void
s_end_strangers (case_t *self, size_t count)
{
    for (size_t index = 0; index < count; index++) {
        line_t line = s_connect (self, AWAY);
        callers_opened (self->callers, line.ours);
        s_hang_up (&line, 1);
    }
    callers_measure (self->callers);
}


static void
memory_goes_back_ten_seconds_after_one_was_ended (void **state)
{
    case_t *self = *state;
    line_t lines [] = {s_call (self), s_call (self), s_call (self)};
    s_trims = 0;
    s_end_strangers (self, 1);
    later_by (10000);
    for (size_t half = 0; half < 3; half++) {
        int fd = lines [half].ours;
        callers_end (self->callers, fd, EVENT_CALLER_ENDLESS, (span_t){"", 0});
        later_by (5000);
        callers_measure (self->callers);
        assert_int_equal (s_trims, half > 0);
    }
    s_hang_up (lines, 3);
}


static void
many_that_are_ended_at_once_are_a_crowd_for_a_minute (void **state)
{
    case_t *self = *state;
    enum { MANY = 25 };
    line_t line = s_call (self);
    s_trims = 0;
    callers_end (self->callers, line.ours, EVENT_CALLER_ENDLESS, span_of (""));
    s_end_strangers (self, MANY - 1);
    assert_false (callers_are_crowd (self->callers));
    s_end_strangers (self, MANY + 1);
    later_by (40000);
    s_end_strangers (self, 1);
    assert_int_equal (s_trims, 0);
    assert_true (callers_are_crowd (self->callers));
    later_by (20000);
    assert_false (callers_are_crowd (self->callers));
    callers_measure (self->callers);
    assert_int_equal (s_trims, 1);
    s_hang_up (&line, 1);
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        CASE (a_stranger_is_cut_at_once),
        CASE (of_too_many_the_oldest_that_is_silent_is_cut),
        CASE (of_speakers_the_longest_silent_is_cut),
        CASE (who_is_gone_makes_room),
        CASE (much_without_a_message_is_cut),
        CASE (what_is_not_read_does_not_count),
        CASE (a_message_accounts_for_what_came),
        CASE (a_message_does_not_account_for_what_is_unread_behind_it),
        CASE (what_came_after_the_measure_is_not_judged),
        CASE (a_number_that_is_somebody_elses_by_now_is_left_alone),
        CASE (who_called_at_another_port_is_left_alone),
        CASE (memory_goes_back_ten_seconds_after_one_was_ended),
        CASE (many_that_are_ended_at_once_are_a_crowd_for_a_minute),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
