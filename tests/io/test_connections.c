/*  =========================================================================
    test_connections - those who talk to us over TCP

    What a client says becomes lines, and what it is told reaches it: in order,
    whole, and before it is closed.
    =========================================================================
*/

#include "io/connections_case.h"


static void
each_line_is_answered_in_order (void **state)
{
    connections_case_t *self = *state;
    wire_t *wire = connections_case_connect (self);
    self->tells = true;
    wire_say (wire, "one\ntwo\r\n\nthree\n");
    REACH (self->stage, &wire->lines, 4);
    assert_string_equal (wire->in, "> one\n> two\r\n> \n> three\n");
    assert_string_equal (
        self->story, "line 1 one, line 1 two\r, line 1, line 1 three, ");
    wire_end (wire);
    connections_case_part (self, &wire);
}


//  All commands of a read together, an empty line too

static void
commands_are_timed (void **state)
{
    connections_case_t *self = *state;
    wire_t *wire = connections_case_connect (self);
    wire_say (wire, "one\ntwo\n\n");
    REACH (self->stage, &wire->lines, 3);
    wire_say (wire, "three\n");
    REACH (self->stage, &wire->lines, 4);
    connection_counts_t counts = connections_counts (self->clients);
    assert_int_equal (durations_count (&counts.command_time), 4);
    assert_true (counts.command_time.seconds > 0);
    assert_true (counts.command_time.seconds < 60);
    wire_end (wire);
    connections_case_part (self, &wire);
}


//  Every line is one reply, wherever the segments end

static void
bytes_may_come_one_at_a_time (void **state)
{
    connections_case_t *self = *state;
    static const char text [] = "IAMAT kiwi +1-1 2\n\nWHATSAT kiwi 1 1\nx\n";
    wire_t *wire = connections_case_connect (self);
    for (size_t at = 0; text [at]; at++) {
        wire_send (wire, text + at, 1);
        size_t turns = self->stage->turns;
        REACH (self->stage, &self->stage->turns, turns + 2);
    }
    REACH (self->stage, &wire->lines, 4);
    assert_string_equal (
        wire->in, "> IAMAT kiwi +1-1 2\n> \n> WHATSAT kiwi 1 1\n> x\n");
    wire_end (wire);
    connections_case_part (self, &wire);
}


static void
bytes_may_be_split_anywhere (void **state)
{
    connections_case_t *self = *state;
    static const char text [] = "first\nse\0cond\nthird\n";
    const size_t size = sizeof (text) - 1;
    for (size_t split = 1; split < size; split++) {
        wire_t *wire = connections_case_connect (self);
        wire_send (wire, text, split);
        size_t turns = self->stage->turns;
        REACH (self->stage, &self->stage->turns, turns + 2);
        wire_send (wire, text + split, size - split);
        wire_end (wire);
        REACH (self->stage, &wire->closed, 1);
        assert_int_equal (wire->in_size, size + 6);
        assert_memory_equal (
            wire->in, "> first\n> se\0cond\n> third\n", size + 6);
        connections_case_part (self, &wire);
    }
}


static void
a_last_line_without_its_end_is_a_line (void **state)
{
    connections_case_t *self = *state;
    wire_t *wire = connections_case_connect (self);
    self->tells = true;
    wire_say (wire, "one\ntwo");
    wire_end (wire);
    REACH (self->stage, &wire->closed, 1);
    assert_string_equal (wire->in, "> one\n> two\n");
    assert_string_equal (self->story, "line 1 one, line 1 two, ended 1, ");
    assert_int_equal (wire->error, 0);
    connections_case_part (self, &wire);
    assert_string_equal (self->why, "all delivered");
}


//  Many segments' worth at once, with the end right behind

static void
everything_at_once_is_answered_whole (void **state)
{
    connections_case_t *self = *state;
    enum { LINES = 20000 };
    wire_t *wire = connections_case_connect (self);
    char *all = zmalloc ((size_t) LINES * 16);
    char *expected = zmalloc ((size_t) LINES * 16);
    size_t size = 0;
    size_t expected_size = 0;
    for (int line = 0; line < LINES; line++) {
        size += (size_t) snprintf (all + size, 16, "%d\n", line);
        expected_size +=
            (size_t) snprintf (expected + expected_size, 16, "> %d\n", line);
    }
    wire_send (wire, all, size);
    wire_end (wire);
    REACH (self->stage, &wire->closed, 1);
    assert_int_equal (wire->in_size, expected_size);
    assert_memory_equal (wire->in, expected, expected_size);
    free (all);
    free (expected);
    connections_case_part (self, &wire);
}


//  As PuTTY begins, wherever the segments end

static void
telnet_commands_before_the_first_line_are_passed_over (void **state)
{
    connections_case_t *self = *state;
    static const char text [] =
        "\377\373\37\377\373\40\377\373\30\377\373\47\377\375\1\377\373\3"
        "\377\375\3IAMAT p1 +1+1 1\r\n\377\361\n";
    const size_t size = sizeof (text) - 1;
    for (size_t split = 1; split <= size; split++) {
        wire_t *wire = connections_case_connect (self);
        wire_send (wire, text, split);
        size_t turns = self->stage->turns;
        REACH (self->stage, &self->stage->turns, turns + 2);
        wire_send (wire, text + split, size - split);
        REACH (self->stage, &wire->lines, 2);
        assert_string_equal (wire->in, "> IAMAT p1 +1+1 1\r\n> \377\361\n");
        wire_end (wire);
        connections_case_part (self, &wire);
    }
}


//  Nothing spins while it is not known what the bytes are, and what was not a
//  command comes in its order, though the client is held in between

static void
half_a_telnet_command_is_an_ordinary_line (void **state)
{
    connections_case_t *self = *state;
    wire_t *wire = connections_case_connect (self);
    self->holds = 2;
    wire_say (wire, "\377\361\377\372a\nb\nc\nd");
    size_t turns = self->stage->turns;
    REACH (self->stage, &self->stage->turns, turns + 2);
    loop_case_rest (self->stage);
    assert_int_equal (self->lines, 0);
    wire_end (wire);
    REACH (self->stage, &wire->lines, 2);
    loop_case_rest (self->stage);
    connections_hold (self->clients, self->last, false);
    REACH (self->stage, &wire->closed, 1);
    assert_string_equal (wire->in, "> \377\372a\n> b\n> c\n> d\n");
    connections_case_part (self, &wire);
    assert_string_equal (self->why, "all delivered");
}


//  What is read meanwhile is put aside, and comes in its order

static void
a_held_client_waits_with_what_it_sent (void **state)
{
    connections_case_t *self = *state;
    wire_t *wire = connections_case_connect (self);
    self->holds = 2;
    wire_say (wire, "1\n2\n3\n4");
    REACH (self->stage, &wire->lines, 2);
    wire_say (wire, "5\n6\n7");
    wire_end (wire);
    loop_case_spend (self->stage, 30);
    assert_int_equal (self->lines, 2);
    self->holds = 2;
    connections_hold (self->clients, self->last, false);
    REACH (self->stage, &wire->lines, 4);
    loop_case_spend (self->stage, 30);
    assert_int_equal (self->lines, 4);
    connections_hold (self->clients, self->last, false);
    REACH (self->stage, &wire->closed, 1);
    assert_string_equal (wire->in, "> 1\n> 2\n> 3\n> 45\n> 6\n> 7\n");
    connections_case_part (self, &wire);
}


//  No more bytes come that could wake anybody

static void
what_was_put_aside_is_taken_on_release (void **state)
{
    connections_case_t *self = *state;
    wire_t *wire = connections_case_connect (self);
    self->holds = 1;
    wire_say (wire, "1\n2\n3\n");
    REACH (self->stage, &wire->lines, 1);
    loop_case_spend (self->stage, 5);
    connections_hold (self->clients, self->last, false);
    REACH (self->stage, &wire->lines, 3);
    assert_string_equal (wire->in, "> 1\n> 2\n> 3\n");
    wire_end (wire);
    connections_case_part (self, &wire);
}


//  Nothing spins, and nobody is forgotten, while a client is held

static void
a_held_client_costs_no_turns (void **state)
{
    connections_case_t *self = *state;
    wire_t *wire = connections_case_connect (self);
    self->holds = 1;
    wire_say (wire, "1\n2\n");
    REACH (self->stage, &wire->lines, 1);
    wire_say (wire, "3\n");
    loop_case_rest (self->stage);
    wire_reset (&wire);
    REACH (self->stage, &self->closed, 1);
    assert_int_equal (self->lines, 1);
}


static void
an_idle_client_costs_no_turns (void **state)
{
    connections_case_t *self = *state;
    wire_t *wire = connections_case_connect (self);
    wire_say (wire, "x\ny");
    REACH (self->stage, &wire->lines, 1);
    loop_case_rest (self->stage);
    wire_end (wire);
    connections_case_part (self, &wire);
}


static void
close_delivers_first (void **state)
{
    connections_case_t *self = *state;
    enum { SIZE = 8 * 1048576 };
    wire_t *wire = connections_case_connect (self);
    char *text = zmalloc (SIZE);
    memset (text, 'x', SIZE);
    wire_deafen (wire, true);
    connections_reply (self->clients, self->last, (span_t){text, SIZE});
    connections_close (self->clients, self->last);
    connections_flush (self->clients);
    loop_case_spend (self->stage, 20);
    assert_true (connections_has_output (self->clients));
    wire_deafen (wire, false);
    REACH (self->stage, &wire->closed, 1);
    assert_int_equal (wire->in_size, SIZE);
    assert_int_equal (wire->error, 0);
    free (text);
    connections_case_part (self, &wire);
}


//  Its end of the connection is its own to close

static void
who_is_told_goodbye_sees_it_at_once (void **state)
{
    connections_case_t *self = *state;
    self->stage->tick = NULL;
    wire_t *wire = connections_case_connect (self);
    connections_close (self->clients, self->last);
    connections_flush (self->clients);
    REACH (self->stage, &wire->closed, 1);
    assert_int_equal (wire->error, 0);
    assert_int_equal (self->closed, 0);
    wire_destroy (&wire);
    REACH (self->stage, &self->closed, 1);
    assert_string_equal (self->why, "told goodbye");
}


static void
all_part_once_they_have_their_replies (void **state)
{
    connections_case_t *self = *state;
    self->stage->tick = NULL;
    wire_t *owed = connections_case_connect (self);
    connections_reply (self->clients, self->last, span_of ("last words\n"));
    wire_t *held = connections_case_connect (self);
    self->holds = 1;
    wire_say (held, "1\n2\n");
    REACH (self->stage, &held->lines, 1);
    wire_t *idle = connections_case_connect (self);
    connections_part (self->clients);
    connections_flush (self->clients);
    REACH (self->stage, &owed->closed, 1);
    REACH (self->stage, &held->closed, 1);
    REACH (self->stage, &idle->closed, 1);
    assert_string_equal (owed->in, "last words\n");
    assert_string_equal (held->in, "> 1\n");
    wire_destroy (&owed);
    wire_destroy (&held);
    connections_case_part (self, &idle);
}


//  The longest line is a line; one byte more is not

static void
a_line_has_its_limit (void **state)
{
    connections_case_t *self = *state;
    char line [LINE_SIZE_MAX + 1];
    memset (line, 'x', sizeof (line));
    wire_t *wire = connections_case_connect (self);
    wire_send (wire, line, LINE_SIZE_MAX);
    wire_say (wire, "\nshort\n");
    REACH (self->stage, &wire->lines, 2);
    assert_int_equal (wire->in_size, LINE_SIZE_MAX + 3 + 8);
    wire_send (wire, line, LINE_SIZE_MAX + 1);
    wire_say (wire, "\nnot a line any more\n");
    REACH (self->stage, &wire->lines, 3);
    assert_string_equal (wire->in + LINE_SIZE_MAX + 3 + 8, "? too long\n");
    wire_end (wire);
    connections_case_part (self, &wire);
    assert_int_equal (self->lines, 2);
}


//  A reset would take the reply away from one that is still sending

static void
who_sends_too_much_still_reads_why (void **state)
{
    connections_case_t *self = *state;
    enum { SIZE = 1048576 };
    char *text = zmalloc (SIZE);
    memset (text, 'x', SIZE);
    wire_t *wire = connections_case_connect (self);
    wire_send (wire, text, SIZE);
    REACH (self->stage, &wire->closed, 1);
    assert_string_equal (wire->in, "? too long\n");
    assert_int_equal (wire->error, 0);
    wire_destroy (&wire);
    REACH (self->stage, &self->closed, 1);
    assert_string_equal (self->why, "told goodbye");
    assert_int_equal (self->lines, 0);
    free (text);
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        CASE (each_line_is_answered_in_order),
        CASE (commands_are_timed),
        CASE (bytes_may_come_one_at_a_time),
        CASE (bytes_may_be_split_anywhere),
        CASE (a_last_line_without_its_end_is_a_line),
        CASE (everything_at_once_is_answered_whole),
        CASE (telnet_commands_before_the_first_line_are_passed_over),
        CASE (half_a_telnet_command_is_an_ordinary_line),
        CASE (a_held_client_waits_with_what_it_sent),
        CASE (what_was_put_aside_is_taken_on_release),
        CASE (a_held_client_costs_no_turns),
        CASE (an_idle_client_costs_no_turns),
        CASE (close_delivers_first),
        CASE (who_is_told_goodbye_sees_it_at_once),
        CASE (all_part_once_they_have_their_replies),
        CASE (a_line_has_its_limit),
        CASE (who_sends_too_much_still_reads_why),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
