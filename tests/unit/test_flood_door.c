/*  =========================================================================
    test_flood_door - keeping the atlases of neighbours equal: the door

    Alford alone, with messages made by hand in the name of Ball and others:
    what is refused, how that is noted, and what strange but well formed
    messages lead to.  What Alford says is lost.
    =========================================================================
*/

#include "unit/chance.h"
#include "unit/pump.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KIWI "AT Ball +0.000000000 kiwi +1+1 100"
#define BALL_SAYS                                                              \
    "ZHERD/1 0000000000001234 Ball 00000000000000bb 0000000000000001 "


//  Alford hears nobody but us

static int
s_setup (void **state)
{
    pump_pair (state);
    pump_lose (*state, ALFORD, BALL, true);
    pump_lose (*state, BALL, ALFORD, true);
    return 0;
}


static void
s_hears (pump_t *self, const char *text)
{
    pump_receive (self, ALFORD, span_of (text));
}


//  Ball, which has Alford's log up to got, and no news

static void
s_hears_state (pump_t *self, uint64_t got, const char *flags)
{
    char text [MESSAGE_HEAD_SIZE_MAX];
    snprintf (text, sizeof text,
        BALL_SAYS "STATE 0 0 0 0000000000000001 %" PRIu64
                  " 0 0000000000000000 5 0 %s\n",
        got, flags);
    s_hears (self, text);
}


static const atlas_t *
s_atlas (const pump_t *self)
{
    return self->members [ALFORD].atlas;
}


//  Unknown word, wrong herd, ourselves, somebody else: drop; never reply,
//  never abort

static void
what_is_not_from_a_neighbour_is_refused (void **state)
{
    pump_t *self = *state;
    static const struct {
        span_t text;
        const char *note;
    } rows [] = {
        {{NULL, 0}, "* refused a message that is none of this protocol's "
                    "version, 1 so far\n"},
        {BYTES (
             "ZHERD/1 0000000000001235 Ball 00000000000000bb BATCH 0 1\n" KIWI
             "\n"),
            "* refused a message of another herd, from Ball, 1 so far\n"},
        {BYTES (
             "ZHERD/1 0000000000001234 Alford 00000000000000bb BATCH 0 1\n" KIWI
             "\n"),
            "* refused a message in our own name, from Alford, 1 so far\n"},
        {BYTES (
             "ZHERD/1 0000000000001234 Welsh 00000000000000bb BATCH 0 1\n" KIWI
             "\n"),
            "* refused a message of a server we have no link to, from Welsh, "
            "1 so far\n"},
    };
    pump_run (self, 2000);
    pump_forget (self);
    for (size_t row = 0; row < COUNT (rows); row++) {
        pump_receive (self, ALFORD, rows [row].text);
        assert_story (self->members [ALFORD].effects, rows [row].note);
        assert_int_equal (
            flood_refused (self->members [ALFORD].flood), row + 1);
    }
    assert_int_equal (atlas_count (s_atlas (self)), 0);
    assert_int_equal (pump_link (self, ALFORD, BALL).messages_in, 0);
    assert_false (
        flood_has_next (self->members [ALFORD].flood, 0, self->clock_ms));
}


//  13: refused, one line a minute

static void
a_kind_of_nonsense_is_noted_once_a_minute (void **state)
{
    pump_t *self = *state;
    for (int times = 0; times < 600; times++) {
        s_hears (self, "nonsense");
        self->clock_ms += 100;
    }
    assert_story (self->members [ALFORD].effects,
        "* refused a message that is none of this protocol's version, 1 so "
        "far\n");
    s_hears (self, "nonsense");
    s_hears (self, "nonsense");
    assert_story (self->members [ALFORD].effects,
        "* refused a message that is none of this protocol's version, 601 so "
        "far\n");
}


static void
a_long_name_is_noted_in_part (void **state)
{
    pump_t *self = *state;
    char text [4200] = "ZHERD/1 0000000000001234 ";
    memset (text + 25, 'N', 4000);
    stpcpy (text + 4025, " 00000000000000bb BATCH 0 1\nAT\n");
    s_hears (self, text);
    effect_t note = effects_at (self->members [ALFORD].effects, 0);
    assert_true (note.text.size < 160);
}


static void
a_record_that_is_no_at_line_is_left_out (void **state)
{
    pump_t *self = *state;
    s_hears (self, BALL_SAYS "BATCH 0 9\n"
                             "AT Ball +0.000000000 one +1+1 100\n"
                             "IAMAT two +1+1 100\n"
                             "\n"
                             "AT Ball +0.0 three +1+1 100\n"
                             "AT Ball +0.000000000 four +91+1 100\n"
                             "AT Ball +0.000000000 five +1+1 100\r\n"
                             "AT Ball +0.000000000 six +1+1 100\n");
    assert_int_equal (atlas_count (s_atlas (self)), 2);
    assert_int_equal (flood_refused (self->members [ALFORD].flood), 5);
    assert_story (self->members [ALFORD].effects,
        "* refused a record that is no AT line, from Ball, 1 so far\n");
    location_t location;
    assert_true (atlas_find (s_atlas (self), SPAN ("six"), &location));
}


static void
a_record_longer_than_may_travel_is_left_out (void **state)
{
    pump_t *self = *state;
    char *text = malloc (MESSAGE_SIZE_MAX);
    assert_non_null (text);
    size_t head = (size_t) snprintf (text, 256, BALL_SAYS "BATCH 0 9\nAT B ");
    head += (size_t) snprintf (text + head, 32, "+0.000000000 ");
    size_t line = head - strlen ("AT B +0.000000000 ");
    size_t end = line + MESSAGE_RECORD_SIZE_MAX + 1;
    memset (text + head, 'x', end - head);
    spans_write (text + end - 9, SPAN (" +1+1 100\n"));
    pump_receive (self, ALFORD, (span_t){text, end + 1});
    assert_int_equal (atlas_count (s_atlas (self)), 0);
    spans_write (text + end - 10, SPAN (" +1+1 100\n"));
    pump_receive (self, ALFORD, (span_t){text, end});
    assert_int_equal (atlas_count (s_atlas (self)), 1);
    free (text);
}


static void
records_there_is_no_memory_for_are_noted (void **state)
{
    pump_t *self = *state;
    self->size_max = 8000;
    pump_restart (self, ALFORD, "0123456789abcdef");
    for (int at = 0; at < 100; at++) {
        char text [256];
        snprintf (text, sizeof text,
            BALL_SAYS "BATCH 0 %d\nAT Ball +0.000000000 c%d +1+1 100\n", at + 1,
            at);
        s_hears (self, text);
    }
    assert_true (atlas_size (s_atlas (self)) <= 8000);
    assert_true (flood_refused (self->members [ALFORD].flood) > 50);
    assert_story (self->members [ALFORD].effects,
        "* refused a new location: no memory left within table_size_max, from "
        "Ball, 1 so far\n");
}


//  Both hear each other: Ball must name our process

static void
a_link_is_up_when_the_neighbour_names_our_process (void **state)
{
    pump_t *self = *state;
    s_hears (self, BALL_SAYS "STATE 0 0 0 0000000000000000 0 0 "
                             "0000000000000000 4 0 -\n");
    s_hears (self, BALL_SAYS "STATE 0 0 0 0000000000000099 0 0 "
                             "0000000000000000 4 0 -\n");
    assert_false (pump_link (self, ALFORD, BALL).up);
    s_hears_state (self, 0, "-");
    assert_true (pump_link (self, ALFORD, BALL).up);
    assert_story (self->members [ALFORD].effects, "* link to Ball up\n");
}


//  What was on its way when the connection broke does not bring the link up

static void
a_lost_connection_is_believed_for_3_beats (void **state)
{
    pump_t *self = *state;
    s_hears_state (self, 0, "-");
    pump_cut (self, ALFORD, BALL);
    s_hears_state (self, 0, "-");
    pump_run (self, 3000);
    s_hears_state (self, 0, "-");
    assert_false (pump_link (self, ALFORD, BALL).up);
    pump_run (self, 100);
    s_hears_state (self, 0, "-");
    assert_true (pump_link (self, ALFORD, BALL).up);
}


static void
a_neighbour_that_has_more_than_there_is_gets_all (void **state)
{
    pump_t *self = *state;
    pump_put_many (self, ALFORD, 7, 100);
    s_hears_state (self, 1000, "-");
    pump_turn (self);
    assert_int_equal (self->wires [ALFORD][BALL].records, 7);
    s_hears_state (self, 1000, "-");
    s_hears_state (self, 1000, "nak");
    assert_int_equal (pump_link (self, ALFORD, BALL).behind, 7);
    assert_int_equal (pump_link (self, ALFORD, BALL).rewinds, 0);
}


//  An ack that does not move for 3 T rewinds to acked

static void
a_stream_whose_ack_stalls_goes_back (void **state)
{
    pump_t *self = *state;
    s_hears_state (self, 0, "-");
    pump_put_many (self, ALFORD, 5, 100);
    pump_run (self, 500);
    s_hears_state (self, 2, "-");
    assert_int_equal (pump_link (self, ALFORD, BALL).behind, 3);
    for (int beat = 0; beat < 3; beat++) {
        pump_run (self, 1000);
        s_hears_state (self, 2, "-");
        assert_int_equal (self->wires [ALFORD][BALL].records, 5);
    }
    effects_clear (self->members [ALFORD].effects);
    pump_run (self, 500);
    assert_story (self->members [ALFORD].effects,
        "* stream to Ball goes back from 5 to 2\n");
    assert_int_equal (self->wires [ALFORD][BALL].records, 8);
    s_hears_state (self, 5, "-");
    pump_run (self, 2900);
    assert_int_equal (pump_link (self, ALFORD, BALL).rewinds, 1);
    assert_int_equal (pump_link (self, ALFORD, BALL).behind, 0);
}


//  NAK rewinds the cursor

static void
a_nak_takes_the_stream_back_to_what_was_got (void **state)
{
    pump_t *self = *state;
    s_hears_state (self, 0, "-");
    pump_put_many (self, ALFORD, 5, 100);
    pump_turn (self);
    s_hears_state (self, 3, "nak");
    pump_turn (self);
    assert_int_equal (self->wires [ALFORD][BALL].records, 7);
    s_hears_state (self, 5, "nak");
    pump_turn (self);
    assert_int_equal (self->wires [ALFORD][BALL].records, 7);
    assert_int_equal (pump_link (self, ALFORD, BALL).rewinds, 1);
}


//  Return the got of Alford's STATE then, and whether it is a NAK

static uint64_t
s_says_got (pump_t *self, int64_t after_ms, bool *nak)
{
    self->clock_ms += after_ms;
    span_t text = flood_next (self->members [ALFORD].flood, 0, self->clock_ms,
        self->buffer, self->members [ALFORD].effects);
    message_t message;
    message_parse (&message, text);
    assert_int_equal (message.kind, MESSAGE_STATE);
    *nak = message.flags & MESSAGE_NAK;
    return message.got;
}


//  prev <= got: got := max (got, last).  Otherwise a gap: keep got, NAK at most
//  once per T

static void
a_gap_is_not_passed_over (void **state)
{
    pump_t *self = *state;
    bool nak;
    s_hears_state (self, 0, "-");
    s_hears (self, BALL_SAYS "BATCH 0 5\n" KIWI "\n");
    assert_int_equal (s_says_got (self, 1000, &nak), 5);
    assert_false (nak);
    for (int times = 0; times < 10; times++)
        s_hears (self, BALL_SAYS "BATCH 7 9\n"
                                 "AT Ball +0.000000000 plum +1+1 100\n");
    assert_int_equal (atlas_count (s_atlas (self)), 2);
    assert_int_equal (pump_link (self, ALFORD, BALL).naks, 1);
    assert_int_equal (s_says_got (self, 50, &nak), 5);
    assert_true (nak);
    s_hears (self, BALL_SAYS "BATCH 2 4\n" KIWI "\n");
    assert_int_equal (s_says_got (self, 1000, &nak), 5);
    assert_false (nak);
    s_hears (self, BALL_SAYS "BATCH 4 9\n" KIWI "\n");
    assert_int_equal (s_says_got (self, 1000, &nak), 9);
    assert_false (nak);
}


static void
another_process_of_a_neighbour_starts_at_nothing (void **state)
{
    pump_t *self = *state;
    bool nak;
    pump_put_many (self, ALFORD, 3, 100);
    s_hears_state (self, 3, "-");
    assert_int_equal (pump_link (self, ALFORD, BALL).behind, 0);
    s_hears (self, BALL_SAYS "BATCH 0 5\n" KIWI "\n");
    assert_int_equal (s_says_got (self, 1000, &nak), 5);
    s_hears (self, "ZHERD/1 0000000000001234 Ball 00000000000000cc BATCH 0 9\n"
                   "AT Ball +0.000000000 plum +1+1 100\n");
    assert_int_equal (s_says_got (self, 1000, &nak), 5);
    s_hears (self, "ZHERD/1 0000000000001234 Ball 00000000000000cc STATE 0 0 0 "
                   "0000000000000009 0 0 0000000000000000 4 0 -\n");
    assert_int_equal (s_says_got (self, 1000, &nak), 0);
    assert_int_equal (atlas_count (s_atlas (self)), 5);
    assert_int_equal (pump_link (self, ALFORD, BALL).behind, 5);
}


static void
a_digest_of_another_depth_is_not_compared (void **state)
{
    pump_t *self = *state;
    for (int beat = 0; beat < 5; beat++) {
        s_hears (self, BALL_SAYS "STATE 0 0 0 0000000000000001 0 3 "
                                 "0123456789abcdef 5 0 -\n");
        pump_run (self, 1000);
    }
    assert_int_equal (pump_link (self, ALFORD, BALL).roots_differ, 0);
}


static void
a_difference_that_comes_again_is_noted_again (void **state)
{
    pump_t *self = *state;
    static const char *const roots [] = {"0123456789abcdef", "0123456789abcdef",
        "0000000000000000", "0123456789abcdef"};
    s_hears_state (self, 0, "-");
    for (size_t at = 0; at < COUNT (roots); at++) {
        char text [MESSAGE_HEAD_SIZE_MAX];
        snprintf (text, sizeof text,
            BALL_SAYS "STATE 0 0 0 0000000000000001 0 3 %s 4 0 -\n",
            roots [at]);
        s_hears (self, text);
    }
    assert_int_equal (pump_link (self, ALFORD, BALL).roots_differ, 2);
}


//  While the link is down its stream does not go back and forth

static void
a_stream_to_nobody_does_not_stall (void **state)
{
    pump_t *self = *state;
    s_hears_state (self, 0, "-");
    pump_put_many (self, ALFORD, 5, 100);
    pump_turn (self);
    pump_cut (self, ALFORD, BALL);
    effects_clear (self->members [ALFORD].effects);
    for (int beat = 0; beat < 10; beat++) {
        s_hears (self, BALL_SAYS "STATE 0 0 0 0000000000000099 0 0 "
                                 "0000000000000000 4 0 -\n");
        pump_run (self, 1000);
    }
    assert_story (self->members [ALFORD].effects, "");
}


//  Random, truncated, miscounted peer messages: no crash

static void
broken_messages_do_no_harm (void **state)
{
    pump_t *self = *state;
    chance_t chance = chance_new (16);
    static const span_t good [] = {
        BYTES (BALL_SAYS "STATE 3 5 9 0000000000000001 2 7 0123456789abcdef 4 "
                         "0 nak\n"),
        BYTES (BALL_SAYS "BATCH 3 5\n" KIWI "\n"
                         "AT Ball +0.000000000 plum +1+1 100\n")};
    for (int round = 0; round < 6000; round++) {
        span_t from = good [chance_below (&chance, COUNT (good))];
        size_t size = chance_below (&chance, 3)
                          ? from.size
                          : chance_below (&chance, from.size) + 1;
        char *copy = malloc (size);
        assert_non_null (copy);
        memcpy (copy, from.data, size);
        for (size_t edits = chance_below (&chance, 4); edits; edits--)
            copy [chance_below (&chance, size)] =
                "0189af \n,-+." [chance_below (&chance, 12)];
        pump_receive (self, ALFORD, (span_t){copy, size});
        free (copy);
        if (round % 20 == 0)
            pump_run (self, 100);
        effects_clear (self->members [ALFORD].effects);
    }
    assert_true (flood_refused (self->members [ALFORD].flood) > 1000);
}


#define CASE(name) cmocka_unit_test_setup_teardown (name, s_setup, pump_free)

int
main (void)
{
    const struct CMUnitTest cases [] = {
        CASE (what_is_not_from_a_neighbour_is_refused),
        CASE (a_kind_of_nonsense_is_noted_once_a_minute),
        CASE (a_long_name_is_noted_in_part),
        CASE (a_record_that_is_no_at_line_is_left_out),
        CASE (a_record_longer_than_may_travel_is_left_out),
        CASE (records_there_is_no_memory_for_are_noted),
        CASE (a_link_is_up_when_the_neighbour_names_our_process),
        CASE (a_lost_connection_is_believed_for_3_beats),
        CASE (a_neighbour_that_has_more_than_there_is_gets_all),
        CASE (a_stream_whose_ack_stalls_goes_back),
        CASE (a_nak_takes_the_stream_back_to_what_was_got),
        CASE (a_gap_is_not_passed_over),
        CASE (another_process_of_a_neighbour_starts_at_nothing),
        CASE (a_digest_of_another_depth_is_not_compared),
        CASE (a_difference_that_comes_again_is_noted_again),
        CASE (a_stream_to_nobody_does_not_stall),
        CASE (broken_messages_do_no_harm),
    };
    return cmocka_run_group_tests (cases, NULL, NULL);
}
