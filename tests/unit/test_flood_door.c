/*  =========================================================================
    test_flood_door - keeping the tables of peers equal: the door

    Alford alone, with messages made by hand in the name of Ball and others:
    what is refused, how that is noted, and what strange but well formed
    messages lead to.  What Alford says is lost.
    =========================================================================
*/

#include "unit/ball.h"
#include "unit/chance.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static table_t *
s_table (const relay_t *self)
{
    return self->members [ALFORD].table;
}


//  Unknown word, wrong herd, ourselves, somebody else: drop; never reply,
//  never abort

static void
what_is_not_from_a_peer_is_refused (void **state)
{
    relay_t *self = *state;
    static const struct {
        span_t text;
        const char *note;
    } rows [] = {
        {{NULL, 0}, "* refused a message that is none of this protocol, "
                    "0 bytes, 1 so far\n"},
        {BYTES ("ZHERD/2 AAAAAAAABI1 Ball AAAAAAAAAC7 "
                "AAAAAAAAAAB 0 0 BATCH " LSN "0 1 0 1000000000000\n" BALL_KIWI
                "\n"),
            "* refused a message of another herd, 126 bytes, from Ball, 1 so "
            "far\n"},
        {BYTES ("ZHERD/2 AAAAAAAABI0 Alford AAAAAAAAAC7 "
                "AAAAAAAAAAB 0 0 BATCH " LSN "0 1 0 1000000000000\n" BALL_KIWI
                "\n"),
            "* refused a message in our own name, 128 bytes, 1 so far\n"},
        {BYTES ("ZHERD/2 AAAAAAAABI0 Welsh AAAAAAAAAC7 "
                "AAAAAAAAAAB 0 0 BATCH " LSN "0 1 0 1000000000000\n" BALL_KIWI
                "\n"),
            "* refused a message of a server we have no link to, 127 bytes, "
            "1 so far\n"},
    };
    relay_run (self, 2000);
    relay_forget (self);
    for (size_t row = 0; row < COUNT (rows); row++) {
        relay_receive (self, ALFORD, rows [row].text);
        assert_story (self->members [ALFORD].effects, rows [row].note);
        assert_int_equal (
            flood_refused (self->members [ALFORD].flood), row + 1);
    }
    assert_int_equal (table_count (s_table (self)), 0);
    assert_int_equal (relay_link (self, ALFORD, BALL).messages_in, 0);
    assert_false (
        flood_has_next (self->members [ALFORD].flood, 0, self->clock_ms));
}


//  13: refused, one line a minute

static void
a_kind_of_nonsense_is_noted_once_a_minute (void **state)
{
    relay_t *self = *state;
    for (int times = 0; times < 600; times++) {
        ball_says (self, "nonsense");
        self->clock_ms += 100;
    }
    assert_story (self->members [ALFORD].effects,
        "* refused a message that is none of this protocol, 8 bytes, "
        "1 so "
        "far\n");
    ball_says (self, "nonsense");
    ball_says (self, "nonsense");
    assert_story (self->members [ALFORD].effects,
        "* refused a message that is none of this protocol, 8 bytes, "
        "601 so "
        "far\n");
}


//  Nobody writes into our log by knocking at our door

static void
nothing_that_a_stranger_says_is_noted (void **state)
{
    relay_t *self = *state;
    ball_says (self, "ZHERD/2 AAAAAAAABI0 Mallory AAAAAAAAAC7 "
                     "AAAAAAAAAAB 0 0 BATCH 0 1 0 1000000000000\nAT\n");
    ball_says (self, "Mallory");
    assert_int_equal (flood_refused (self->members [ALFORD].flood), 2);
    assert_int_equal (relay_notes (self, ALFORD, "refused"), 2);
    assert_int_equal (relay_notes (self, ALFORD, "Mallory"), 0);
}


//  Who is refused is not heard

static void
what_may_be_logged_is_said_of_each_message (void **state)
{
    relay_t *self = *state;
    const effects_t *effects = self->members [ALFORD].effects;
    ball_says (self, "nonsense");
    for (size_t at = 0; at < effects_count (effects); at++)
        assert_int_equal (effects_at (effects, at)->kind, EFFECT_NOTE);
    size_t before = effects_count (effects);
    ball_says (self, BALL_SAYS "PUT\n" BALL_KIWI "\n");
    effect_t heard = *effects_at (effects, before);
    assert_int_equal (heard.kind, EFFECT_HEARD);
    assert_text (heard.text, "Ball");
}


static void
a_record_that_is_no_at_line_is_left_out (void **state)
{
    relay_t *self = *state;
    ball_says (self, BALL_SAYS "BATCH " LSN "0 9 0 1000000000000\n"
                               "AT Ball +0.000000000 one +1+1 100\n"
                               "IAMAT two +1+1 100\n"
                               "\n"
                               "AT Ball +0.0 three +1+1 100\n"
                               "AT Ball +0.000000000 four +91+1 100\n"
                               "AT Ball +0.000000000 five +1+1 100\r\n"
                               "AT Ball +0.000000000 six +1+1 100\n");
    assert_int_equal (table_count (s_table (self)), 2);
    assert_int_equal (flood_refused (self->members [ALFORD].flood), 5);
    assert_story (self->members [ALFORD].effects,
        "* refused a record that is no AT line, 18 bytes, from Ball, 1 so "
        "far\n");
    location_t location;
    assert_true (table_find (s_table (self), SPAN ("six"), &location));
}


//  Ball sends Alford one record; server and client are so many times a letter

static void
s_forge (relay_t *self, size_t server_size, size_t client_size)
{
    char text [2 * MESSAGE_HEAD_SIZE_MAX + 2000];
    char *at =
        spans_write (text, SPAN (BALL_SAYS "BATCH 0 0 0 1000000000000\nAT "));
    memset (at, 'S', server_size);
    at = spans_write (at + server_size, SPAN (" +0.000000000 "));
    memset (at, 'k', client_size);
    at = spans_write (at + client_size, SPAN (" +1+1 100\n"));
    relay_receive (self, ALFORD, (span_t){text, (size_t) (at - text)});
}


//  239 bytes of server and more once put the client where no byte can count to

static void
a_record_with_words_too_long_is_refused (void **state)
{
    relay_t *self = *state;
    static const size_t sizes [][2] = {{0, 4}, {65, 4}, {127, 4}, {128, 4},
        {238, 4}, {239, 4}, {240, 4}, {241, 4}, {250, 4}, {255, 4}, {256, 4},
        {500, 4}, {6, 0}, {6, 1025}, {64, 1025}, {6, 1500}};
    for (size_t row = 0; row < COUNT (sizes); row++) {
        s_forge (self, sizes [row][0], sizes [row][1]);
        assert_int_equal (
            flood_refused (self->members [ALFORD].flood), row + 1);
        assert_int_equal (table_count (s_table (self)), 0);
        assert_int_equal (table_lsn (s_table (self)), TABLE_LSN_BASE);
    }
    assert_int_equal (
        relay_notes (self, ALFORD, "refused a record that is no AT line"), 1);
    s_forge (self, 64, 1024);
    s_forge (self, 1, 1);
    assert_int_equal (table_count (s_table (self)), 2);
    assert_int_equal (
        flood_refused (self->members [ALFORD].flood), COUNT (sizes));
}


//  What was refused is no client's location: the next of it is its first

static void
what_is_refused_harms_no_client (void **state)
{
    relay_t *self = *state;
    for (size_t server_size = 65; server_size < 300; server_size++)
        s_forge (self, server_size, 4);
    relay_put (self, ALFORD, "AT Alford +0.000000000 kkkk +1+1 100");
    relay_put (self, ALFORD, "AT Alford +0.000000000 kkkk +1+1 101");
    assert_int_equal (table_count (s_table (self)), 1);
    assert_int_equal (table_lsn (s_table (self)), TABLE_LSN_BASE + 2);
    for (int turn = 0; turn < 20; turn++)
        assert_int_equal (table_scrub (s_table (self)), 0);
}


static void
records_there_is_no_memory_for_are_noted (void **state)
{
    relay_t *self = *state;
    self->size_max = 8000;
    relay_restart (self, ALFORD, "0123456789abcdef");
    for (int at = 0; at < 100; at++) {
        char text [256];
        snprintf (text, sizeof text,
            BALL_SAYS
            "BATCH 0 %d 0 1000000000000\nAT Ball +0.000000000 c%d +1+1 100\n",
            at + 1, at);
        ball_says (self, text);
    }
    assert_true (table_size (s_table (self)) <= 8000);
    assert_true (flood_refused (self->members [ALFORD].flood) > 50);
    assert_story (self->members [ALFORD].effects,
        "* refused a new location: the table is full, 33 bytes, from Ball, "
        "1 so far\n");
}


//  Both hear each other: Ball must name our process

static void
a_link_is_up_when_the_peer_names_our_process (void **state)
{
    relay_t *self = *state;
    static const char *const others [] = {"AAAAAAAAAAA", "AAAAAAAAACZ"};
    for (size_t at = 0; at < COUNT (others); at++) {
        char text [MESSAGE_HEAD_SIZE_MAX];
        snprintf (text, sizeof text,
            "ZHERD/2 AAAAAAAABI0 Ball AAAAAAAAAC7 %s 0 0 STATE " LSN
            "0 0 0 " LSN "0 0 AAAAAAAAAAA 0 -\n",
            others [at]);
        ball_says (self, text);
        assert_false (relay_link (self, ALFORD, BALL).up);
    }
    ball_says_state (self, 0, "-");
    assert_true (relay_link (self, ALFORD, BALL).up);
    assert_story (self->members [ALFORD].effects,
        "* link to Ball up\n* loaded: 0 clients known\n");
}


//  What was on its way when the connection broke does not bring the link up;
//  but should a notice be lost, it comes up all the same

static void
a_lost_connection_is_believed_for_6_beats (void **state)
{
    relay_t *self = *state;
    ball_says_state (self, 0, "-");
    relay_cut (self, ALFORD, BALL);
    for (int beat = 0; beat <= 6; beat++) {
        ball_says_state (self, 0, "-");
        assert_false (relay_link (self, ALFORD, BALL).up);
        self->clock_ms += beat == 6 ? 1 : 1000;
    }
    ball_says_state (self, 0, "-");
    assert_true (relay_link (self, ALFORD, BALL).up);
}


static void
a_connection_that_is_made_again_is_believed_at_once (void **state)
{
    relay_t *self = *state;
    ball_says_state (self, 0, "-");
    relay_cut (self, ALFORD, BALL);
    relay_step (self, EVENT_PEER_UP, ALFORD, BALL);
    assert_false (relay_link (self, ALFORD, BALL).up);
    ball_says_state (self, 0, "-");
    assert_true (relay_link (self, ALFORD, BALL).up);
}


//  Should it lack something, the audit finds it

static void
a_peer_that_has_more_than_there_is_has_all (void **state)
{
    relay_t *self = *state;
    relay_put_many (self, ALFORD, 7, 100);
    ball_says_state (self, 1000, "-");
    relay_turn (self);
    assert_int_equal (self->wires [ALFORD][BALL].records, 0);
    relay_put_many (self, ALFORD, 2, 101);
    relay_turn (self);
    assert_int_equal (self->wires [ALFORD][BALL].records, 2);
    ball_says_state (self, 1000, "-");
    ball_says_state (self, 1000, "nak");
    assert_int_equal (relay_link (self, ALFORD, BALL).behind, 2);
    assert_int_equal (relay_link (self, ALFORD, BALL).rewinds, 0);
}


//  An ack that does not move for 3 T rewinds to acked

static void
a_stream_whose_ack_stalls_goes_back (void **state)
{
    relay_t *self = *state;
    ball_says_state (self, 0, "-");
    relay_put_many (self, ALFORD, 5, 100);
    relay_run (self, 500);
    ball_says_state (self, 2, "-");
    assert_int_equal (relay_link (self, ALFORD, BALL).behind, 3);
    for (int beat = 0; beat < 3; beat++) {
        relay_run (self, 1000);
        ball_says_state (self, 2, "-");
        assert_int_equal (self->wires [ALFORD][BALL].records, 5);
    }
    effects_clear (self->members [ALFORD].effects);
    relay_run (self, 500);
    ball_says_state (self, 2, "-");
    relay_turn (self);
    assert_story (self->members [ALFORD].effects,
        "* stream to Ball goes back from " LSN "5 to " LSN "2\n");
    assert_int_equal (self->wires [ALFORD][BALL].records, 8);
    ball_says_state (self, 5, "-");
    relay_run (self, 2900);
    assert_int_equal (relay_link (self, ALFORD, BALL).rewinds, 1);
    assert_int_equal (relay_link (self, ALFORD, BALL).behind, 0);
}


//  But not while what was sent is still on its way: Ball tells how much of that
//  it has taken

static void
what_is_on_its_way_is_not_sent_again (void **state)
{
    relay_t *self = *state;
    ball_says_state (self, 0, "-");
    relay_run (self, 500);
    uint64_t taken = self->wires [ALFORD][BALL].sent;
    relay_put_many (self, ALFORD, 5, 100);
    for (int beat = 0; beat < 20; beat++) {
        relay_run (self, 1000);
        self->wires [ALFORD][BALL].sent = taken;
        ball_says_state (self, 0, "-");
    }
    assert_int_equal (relay_link (self, ALFORD, BALL).rewinds, 0);
    assert_int_equal (self->wires [ALFORD][BALL].records, 5);
    relay_run (self, 1000);
    ball_says_state (self, 0, "-");
    relay_turn (self);
    assert_int_equal (relay_link (self, ALFORD, BALL).rewinds, 1);
}


//  NAK rewinds the cursor

static void
a_nak_takes_the_stream_back_to_what_was_got (void **state)
{
    relay_t *self = *state;
    ball_says_state (self, 0, "-");
    relay_put_many (self, ALFORD, 5, 100);
    relay_turn (self);
    ball_says_state (self, 3, "nak");
    relay_turn (self);
    assert_int_equal (self->wires [ALFORD][BALL].records, 7);
    ball_says_state (self, 5, "nak");
    relay_turn (self);
    assert_int_equal (self->wires [ALFORD][BALL].records, 7);
    assert_int_equal (relay_link (self, ALFORD, BALL).rewinds, 1);
}


//  Who hears us and talks of another process than ours is no peer

static void
a_peer_that_talks_to_another_process_is_down (void **state)
{
    relay_t *self = *state;
    ball_says_state (self, 0, "-");
    effects_clear (self->members [ALFORD].effects);
    for (int beat = 0; beat < 60; beat++) {
        ball_lives (self, 0xbb, 0);
        relay_run (self, 1000);
        if (beat == 1)
            ball_says_state (self, 0, "-");
        assert_int_equal (relay_link (self, ALFORD, BALL).up, beat < 5);
    }
    assert_story (self->members [ALFORD].effects,
        "* link to Ball down: it talks to another process of our name\n"
        "* no peer speaks to this process: another has the name Alford, "
        "or they cannot reach us, or have no link to us\n");
}


//  While the link is down its stream does not go back and forth

static void
a_stream_to_nobody_does_not_stall (void **state)
{
    relay_t *self = *state;
    ball_says_state (self, 0, "-");
    relay_put_many (self, ALFORD, 5, 100);
    relay_turn (self);
    relay_cut (self, ALFORD, BALL);
    effects_clear (self->members [ALFORD].effects);
    for (int beat = 0; beat < 10; beat++) {
        ball_lives (self, 0xbb, 0);
        relay_run (self, 1000);
    }
    assert_story (self->members [ALFORD].effects, "");
}


//  Random, truncated, miscounted peer messages: no crash

static void
broken_messages_do_no_harm (void **state)
{
    relay_t *self = *state;
    chance_t chance = chance_new (16);
    static const span_t good [] = {
        BYTES (BALL_SAYS "STATE " LSN "3 2 4 " LSN "2 7 "
                         "0123456789abcdef 0 nak\n"),
        BYTES (BALL_SAYS "BATCH " LSN "3 2 0 1000000000000\n" BALL_KIWI
                         "\n" BALL_PLUM "\n")};
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
        relay_receive (self, ALFORD, (span_t){copy, size});
        free (copy);
        if (round % 20 == 0)
            relay_run (self, 100);
        effects_clear (self->members [ALFORD].effects);
    }
    assert_true (flood_refused (self->members [ALFORD].flood) > 1000);
}


//  A slow line may bring no STATE for long, but what it brings is to us

static void
any_message_to_our_process_proves_that_it_is_known (void **state)
{
    relay_t *self = *state;
    ball_says_state (self, 0, "-");
    for (int beat = 0; beat < 20; beat++) {
        ball_says (self, BALL_SAYS "BATCH " LSN "0 0 0 " LSN "0\n");
        relay_run (self, 1000);
        assert_true (relay_link (self, ALFORD, BALL).up);
    }
}


int
main (void)
{
    const struct CMUnitTest cases [] = {
        BALL_CASE (what_is_not_from_a_peer_is_refused),
        BALL_CASE (any_message_to_our_process_proves_that_it_is_known),
        BALL_CASE (a_kind_of_nonsense_is_noted_once_a_minute),
        BALL_CASE (nothing_that_a_stranger_says_is_noted),
        BALL_CASE (what_may_be_logged_is_said_of_each_message),
        BALL_CASE (a_record_that_is_no_at_line_is_left_out),
        BALL_CASE (a_record_with_words_too_long_is_refused),
        BALL_CASE (what_is_refused_harms_no_client),
        BALL_CASE (records_there_is_no_memory_for_are_noted),
        BALL_CASE (a_link_is_up_when_the_peer_names_our_process),
        BALL_CASE (a_lost_connection_is_believed_for_6_beats),
        BALL_CASE (a_connection_that_is_made_again_is_believed_at_once),
        BALL_CASE (a_peer_that_has_more_than_there_is_has_all),
        BALL_CASE (a_stream_whose_ack_stalls_goes_back),
        BALL_CASE (what_is_on_its_way_is_not_sent_again),
        BALL_CASE (a_nak_takes_the_stream_back_to_what_was_got),
        BALL_CASE (a_peer_that_talks_to_another_process_is_down),
        BALL_CASE (a_stream_to_nobody_does_not_stall),
        BALL_CASE (broken_messages_do_no_harm),
    };
    return cmocka_run_group_tests (cases, NULL, NULL);
}
