/*  =========================================================================
    test_connections_share - what clients together can make us hold

    Many who read nothing, and some who do: the first are not read, but not
    cut either, and the others notice nothing.
    =========================================================================
*/

#include "io/connections_case.h"
#include "io/later.h"

#define CROWD 8
#define LINE 512
#define SAID_SIZE 524288


//  Each says twice what all may have waiting, and reads nothing at first.  None
//  loses anything

static void
what_waits_for_all_is_limited (void **state)
{
    connections_case_t *self = *state;
    wire_t *wires [CROWD];
    char *text = zmalloc (SAID_SIZE);
    memset (text, 'x', SAID_SIZE);
    for (size_t at = LINE - 1; at < SAID_SIZE; at += LINE)
        text [at] = '\n';
    self->options.waiting_size_max = SAID_SIZE / 2;
    self->options.output_size_max = SAID_SIZE;
    connections_case_serve (self);
    for (size_t at = 0; at < CROWD; at++) {
        wires [at] = wire_prepare (self->stage, 65536);
        wire_dial (wires [at], self->options.port);
        wire_deafen (wires [at], true);
        wire_send (wires [at], text, SAID_SIZE);
    }
    REACH (self->stage, &self->pauses, CROWD);
    wire_t *modest = connections_case_connect (self);
    wire_say (modest, "x\n");
    REACH (self->stage, &modest->lines, 1);
    assert_int_equal (self->closed, 0);

    for (size_t at = 0; at < CROWD; at++)
        wire_deafen (wires [at], false);
    for (size_t at = 0; at < CROWD; at++) {
        REACH (self->stage, &wires [at]->lines, SAID_SIZE / LINE);
        assert_int_equal (
            wires [at]->in_size, SAID_SIZE + 2 * SAID_SIZE / LINE);
        wire_destroy (&wires [at]);
    }
    //  Besides that each may have its share, a read and a reply
    assert_true (self->waiting_most > SAID_SIZE / 4);
    assert_true (
        self->waiting_most < SAID_SIZE / 2 + CROWD * 3 * (SHARE_LEAST + LINE));
    wire_end (modest);
    connections_case_part (self, &modest);
    free (text);
}


//  It is no more idle than one that is held

static void
who_has_much_in_the_core_is_not_read (void **state)
{
    connections_case_t *self = *state;
    self->options.idle_seconds = 60;
    connections_case_serve (self);
    wire_t *wire = connections_case_connect (self);
    self->kept = 2 * WAITING_SIZE_MAX;
    self->keeper = self->last;
    self->kept_own = SHARE_LEAST + 1;
    wire_say (wire, "1\n");
    REACH (self->stage, &self->pauses, 1);
    later_by (100000);
    loop_case_spend (self->stage, 50);
    assert_int_equal (self->lines, 0);
    assert_int_equal (self->closed, 0);

    wire_t *other = connections_case_connect (self);
    wire_say (other, "2\n");
    REACH (self->stage, &other->lines, 1);
    wire_destroy (&other);
    REACH (self->stage, &self->closed, 1);

    self->kept_own = SHARE_LEAST;
    REACH (self->stage, &wire->lines, 1);
    assert_int_equal (self->pauses, 1);
    wire_end (wire);
    connections_case_part (self, &wire);
}


//  Lines that were read are taken one at a time as long as there is room for
//  their replies

static void
what_was_read_waits_for_room (void **state)
{
    connections_case_t *self = *state;
    wire_t *wire = connections_case_connect (self);
    self->keeps = SHARE_LEAST;
    self->kept = 2 * WAITING_SIZE_MAX;
    self->keeper = self->last;
    wire_say (wire, "1\n2\n3\n4\n");
    REACH (self->stage, &wire->lines, 2);
    loop_case_spend (self->stage, 50);
    assert_int_equal (self->lines, 2);
    self->keeps = 0;
    self->kept_own = 0;
    REACH (self->stage, &wire->lines, 4);
    assert_string_equal (wire->in, "> 1\n> 2\n> 3\n> 4\n");
    wire_end (wire);
    connections_case_part (self, &wire);
}


//  The start of a line counts too

static void
a_long_line_waits_for_room (void **state)
{
    connections_case_t *self = *state;
    char line [8 * SHARE_LEAST];
    memset (line, 'x', sizeof (line));
    self->options.line_size_max = sizeof (line);
    connections_case_serve (self);
    wire_t *wire = connections_case_connect (self);
    self->kept = 2 * WAITING_SIZE_MAX;
    wire_send (wire, line, sizeof (line));
    wire_say (wire, "\n");
    REACH (self->stage, &self->pauses, 1);
    loop_case_spend (self->stage, 50);
    assert_int_equal (self->lines, 0);
    assert_true (
        connections_counts (self->clients).waiting_bytes < self->kept + 20000);
    self->kept = 0;
    REACH (self->stage, &wire->lines, 1);
    wire_end (wire);
    connections_case_part (self, &wire);
}


//  Neither more than was read, nor for longer than it waits

static void
what_is_put_aside_takes_what_it_needs (void **state)
{
    connections_case_t *self = *state;
    enum { SIZE = 60000 };
    char *text = zmalloc (SIZE);
    memset (text, '\n', SIZE);
    wire_t *wire = connections_case_connect (self);
    self->holds = 1;
    wire_send (wire, text, SIZE);
    REACH (self->stage, &wire->lines, 1);
    while (self->lines < SIZE) {
        size_t left = SIZE - self->lines;
        size_t size = connections_counts (self->clients).waiting_bytes;
        assert_true (size <= 4 * left + 1000);
        self->holds = left > 10000 ? 10000 : left;
        connections_hold (self->clients, self->last, false);
        REACH (self->stage, &self->lines, SIZE - left + self->holds);
    }
    REACH (self->stage, &wire->lines, SIZE);
    assert_int_equal (connections_counts (self->clients).waiting_bytes, 0);
    connections_hold (self->clients, self->last, false);
    wire_end (wire);
    connections_case_part (self, &wire);
    free (text);
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        CASE (what_waits_for_all_is_limited),
        CASE (who_has_much_in_the_core_is_not_read),
        CASE (what_was_read_waits_for_room),
        CASE (a_long_line_waits_for_room),
        CASE (what_is_put_aside_takes_what_it_needs),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
