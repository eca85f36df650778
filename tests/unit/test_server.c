/*  =========================================================================
    test_server - one server's mind: what a client says, and the answer

    The client protocol, told as stories: a line in, the effects out.  What
    has to do with Places is in test_server_whatsat.
    =========================================================================
*/

#include "unit/talk.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>


//  "AT Alford +0.263873386 kiwi.cs.ucla.edu +34.068930-118.445127 1479..."

static void
the_example_iamat_is_answered_as_in_the_assignment (void **state)
{
    talk_t *self = *state;
    talk_asks (self, KIWI, "7> " KIWI_AT "\n");
    server_status_t status = server_status (self->alford);
    assert_int_equal (status.iamats, 1);
    assert_int_equal (status.updates, 1);
    assert_int_equal (status.clients_known, 1);
    assert_int_equal (status.changes, 1);
    assert_int_equal (status.invalid, 0);
    assert_true (status.root != 0 && status.table_bytes > 0);
}


//  "it might be negative if there was enough clock skew in that direction"

static void
a_client_ahead_of_us_gets_a_negative_difference (void **state)
{
    talk_asks (*state, "IAMAT k +1+1 1479413885",
        "7> AT Alford -0.344112164 k +1+1 1479413885\n");
}


//  "the remaining fields are a copy of the IAMAT data"

static void
fields_are_copied_byte_for_byte (void **state)
{
    talk_asks (*state,
        " \tIAMAT \xff%n\"\\ \v +007.50-0.0\f01479413884.0000 \r",
        "7> AT Alford +0.655887836 \xff%n\"\\ +007.50-0.0 01479413884.0000\n");
    talk_asks (*state, "IAMAT k +1+1 1479413884.39201445000000000000000009",
        "7> AT Alford +0.263873386 k +1+1 "
        "1479413884.39201445000000000000000009\n");
}


static void
any_years_stamp_is_answered (void **state)
{
    talk_asks (*state, "IAMAT a +1+1 0",
        "7> AT Alford +1479413884.655887836 a +1+1 0\n");
    talk_asks (*state, "IAMAT b +1+1 4102444800",
        "7> AT Alford -2623030915.344112164 b +1+1 4102444800\n");
    talk_asks (*state, "IAMAT c +1+1 9999999999",
        "7> AT Alford -8520586114.344112164 c +1+1 9999999999\n");
    talk_asks (*state, "IAMAT d +1+1 999999999999999.9",
        "7> AT Alford -999998520586115.244112164 d +1+1 999999999999999.9\n");
}


//  Make Alford and Ball know each other

static void
s_link (talk_t *self)
{
    talk_exchange (self);
    assert_true (server_link (self->alford, 0).up);
    assert_true (server_link (self->ball, 0).up);
}


//  When an AT reply reaches the client, the update is ready for every link

static void
an_update_is_for_the_peers_at_once (void **state)
{
    talk_t *self = *state;
    s_link (self);
    assert_false (server_has_next (self->alford, 0, self->clock_ms));
    talk_asks (self, KIWI, "7> " KIWI_AT "\n");
    assert_true (server_has_next (self->alford, 0, self->clock_ms));
    assert_int_equal (talk_exchange (self), 1);
    assert_int_equal (server_status (self->ball).clients_known, 1);
    assert_true (
        server_status (self->alford).root == server_status (self->ball).root);
}


//  A repeated IAMAT is answered with the data of this message; it changes
//  nothing and is not flooded

static void
a_repeated_iamat_is_answered_but_is_no_news (void **state)
{
    talk_t *self = *state;
    s_link (self);
    talk_asks (self, KIWI, "7> " KIWI_AT "\n");
    talk_exchange (self);
    uint64_t root = server_status (self->alford).root;
    self->now = (instant_t){1479413884, 755887836};
    talk_asks (self, KIWI,
        "7> AT Alford +0.363873386 kiwi.cs.ucla.edu +34.068930-118.445127 "
        "1479413884.392014450\n");
    server_status_t status = server_status (self->alford);
    assert_int_equal (status.iamats, 2);
    assert_int_equal (status.updates, 1);
    assert_int_equal (status.changes, 1);
    assert_true (status.root == root);
    assert_false (server_has_next (self->alford, 0, self->clock_ms));
    assert_int_equal (talk_exchange (self), 0);
}


static void
a_stale_iamat_is_answered_but_is_no_news (void **state)
{
    talk_t *self = *state;
    s_link (self);
    talk_asks (self, KIWI, "7> " KIWI_AT "\n");
    talk_exchange (self);
    talk_asks (self, "IAMAT kiwi.cs.ucla.edu +1+1 1479413883",
        "7> AT Alford +1.655887836 kiwi.cs.ucla.edu +1+1 1479413883\n");
    assert_int_equal (server_status (self->alford).updates, 1);
    assert_int_equal (server_status (self->alford).changes, 1);
    assert_int_equal (talk_exchange (self), 0);
    talk_asks (self, "WHATSAT kiwi.cs.ucla.edu 1 1",
        "7 fetch 1 1000000 mm +34.068930-118.445127\n");
}


//  So that a phone with a wrong year does not freeze

static void
a_phone_that_was_in_the_future_can_come_back (void **state)
{
    talk_t *self = *state;
    talk_line (self, 7, "IAMAT k +1+1 2479413884");
    self->now.seconds += 10;
    talk_line (self, 7, "IAMAT k +2+2 1479413893");
    effects_clear (self->effects);
    assert_int_equal (server_status (self->alford).updates, 2);
    talk_asks (self, "WHATSAT k 1 1", "7 fetch 1 1000000 mm +2+2\n");
}


static void
a_stamp_a_minute_ahead_is_believed (void **state)
{
    talk_t *self = *state;
    talk_line (self, 7, "IAMAT k +1+1 1479413944");
    talk_line (self, 7, "IAMAT k +2+2 1479413885");
    effects_clear (self->effects);
    talk_asks (self, "WHATSAT k 1 1", "7 fetch 1 1000000 mm +1+1\n");
}


//  "a line that contains a question mark (?), a space, and then a copy of the
//  invalid command"

static void
an_invalid_command_is_answered_by_its_copy (void **state)
{
    talk_t *self = *state;
    static const span_t lines [] = {BYTES ("hello"), BYTES ("?"),
        BYTES ("  two  blanks  "), BYTES ("\t\v\fx\f\v\t"), BYTES ("100%n%s"),
        BYTES ("\xff\xfe\x80"), BYTES ("caf\xc3\xa9"), BYTES ("\x1b[31m"),
        BYTES ("\0"), BYTES ("a\0b\0"), BYTES ("IAMAT k +1+1 5\0"),
        BYTES ("\0IAMAT k +1+1 5"), BYTES ("IAMAT k\rx +1+1 5"),
        BYTES ("WHATSAT nobody 10 5"), BYTES ("WHATSAT k 51 5"),
        BYTES ("iamat k +1+1 5"), BYTES ("IAMAT k +1+1 5 6 ")};
    for (size_t at = 0; at < COUNT (lines); at++) {
        char expected [128] = "7> ? ";
        memcpy (expected + 5, lines [at].data, lines [at].size);
        expected [5 + lines [at].size] = '\n';
        talk_event (self, EVENT_CONNECTION_LINE, 7, lines [at]);
        assert_int_equal (effects_count (self->effects), 1);
        assert_int_equal (effects_at (self->effects, 0)->open_size,
            effects_at (self->effects, 0)->text.size);
        story_check (self->effects, (span_t){expected, lines [at].size + 6},
            __FILE__, __LINE__);
        assert_int_equal (server_status (self->alford).invalid, at + 1);
    }
    assert_int_equal (server_status (self->alford).clients_known, 0);
}


//  Without its line end (LF or CR LF)

static void
of_a_line_end_of_cr_lf_both_are_left_out (void **state)
{
    talk_asks (*state, "hello\r", "7> ? hello\n");
    talk_asks (*state, "hello\r\r", "7> ? hello\r\n");
    talk_asks (*state, "hel\rlo", "7> ? hel\rlo\n");
    talk_asks (*state, "hello \r", "7> ? hello \n");
    talk_asks (*state, "WHATSAT nobody 1 1\r", "7> ? WHATSAT nobody 1 1\n");
}


static void
a_line_without_fields_is_ignored (void **state)
{
    talk_asks (*state, "", "");
    talk_asks (*state, "\r", "");
    talk_asks (*state, " \t\f\v\r", "");
    talk_event (*state, EVENT_CONNECTION_LINE, 7, (span_t){NULL, 0});
    talk_asks (*state, "\n", "");
    assert_int_equal (server_status (((talk_t *) *state)->alford).invalid, 0);
}


//  Anything else, AT from a client included

static void
a_client_cannot_speak_as_a_peer (void **state)
{
    talk_t *self = *state;
    talk_asks (self, KIWI_AT, "7> ? " KIWI_AT "\n");
    talk_asks (self, "AT Ball +0.000000000 k +1+1 5",
        "7> ? AT Ball +0.000000000 k +1+1 5\n");
    span_t text =
        server_next (self->ball, 0, self->clock_ms, self->buffer, self->others);
    talk_event (
        self, EVENT_CONNECTION_LINE, 7, (span_t){text.data, text.size - 1});
    assert_int_equal (effects_count (self->effects), 1);
    assert_memory_equal (
        effects_at (self->effects, 0)->text.data, "? ZHERD", 7);
    server_status_t status = server_status (self->alford);
    assert_int_equal (status.clients_known, 0);
    assert_int_equal (status.invalid, 3);
    assert_int_equal (server_link (self->alford, 0).messages_in, 0);
}


//  Write an IAMAT of so many bytes: its client takes what the rest leaves

static span_t
s_iamat (char *line, size_t size)
{
    static const char end [] = " +1+1 1479413884";
    memset (line, 'x', size);
    spans_write (line, SPAN ("IAMAT "));
    spans_write (line + size - strlen (end), span_of (end));
    return (span_t){line, size};
}


static void
a_client_id_may_have_1024_bytes (void **state)
{
    talk_t *self = *state;
    char line [1100];
    s_link (self);
    talk_event (self, EVENT_CONNECTION_LINE, 7, s_iamat (line, 6 + 1024 + 16));
    effect_t effect = *effects_at (self->effects, 0);
    assert_memory_equal (effect.text.data, "AT Alford +0.655887836 xxx", 26);
    assert_int_equal (effect.text.size, 23 + 1024 + 16 + 1);
    effects_clear (self->effects);
    assert_int_equal (talk_exchange (self), 1);
    assert_int_equal (server_status (self->ball).clients_known, 1);
}


//  A server may want less of its own clients, but takes all from its peer

static void
a_server_may_take_shorter_client_ids_only (void **state)
{
    talk_t *self = *state;
    const char *peer = "Ball";
    server_destroy (&self->alford);
    self->alford = server_new (&(server_options_t){.name = "Alford",
        .herd = "test",
        .secret = "secret",
        .incarnation = 3,
        .peers = &peer,
        .peer_count = 1,
        .table_size_max = 1 << 20,
        .waiting_max = 4,
        .client_size_max = 3});
    talk_asks (self, "IAMAT abcd +1+1 1479413884",
        "7> ? IAMAT abcd +1+1 1479413884\n");
    talk_asks (self, "WHATSAT abcd 1 1", "7> ? WHATSAT abcd 1 1\n");
    talk_asks (self, "IAMAT abc +1+1 1479413884",
        "7> AT Alford +0.655887836 abc +1+1 1479413884\n");
    assert_int_equal (server_status (self->alford).invalid, 2);

    s_link (self);
    event_t event = {.kind = EVENT_CONNECTION_LINE,
        .connection = 9,
        .now = self->now,
        .text = SPAN ("IAMAT abcd +1+1 1479413884")};
    server_step (self->ball, &event, self->others);
    talk_exchange (self);
    assert_int_equal (server_status (self->alford).clients_known, 2);
    assert_true (
        server_status (self->alford).root == server_status (self->ball).root);
}


//  What is too long is a word, never the line

static void
a_line_may_be_as_long_as_it_likes (void **state)
{
    talk_t *self = *state;
    char *line = malloc (65536);
    assert_non_null (line);
    span_t long_client = s_iamat (line, 65536);
    talk_event (self, EVENT_CONNECTION_LINE, 7, long_client);
    effect_t effect = *effects_at (self->effects, 0);
    assert_int_equal (effect.text.size, 2 + long_client.size + 1);
    assert_memory_equal (effect.text.data + 2, line, long_client.size);
    effects_clear (self->effects);

    memset (line, ' ', 65536);
    spans_write (line, SPAN ("IAMAT k"));
    spans_write (line + 65536 - 16, SPAN (" +1+1 1479413884"));
    talk_event (self, EVENT_CONNECTION_LINE, 7, (span_t){line, 65536});
    assert_story (
        self->effects, "7> AT Alford +0.655887836 k +1+1 1479413884\n");
    assert_int_equal (server_status (self->alford).clients_known, 1);
    free (line);
}


//  A longer one is answered by ? and its first 1 KiB, and the connection is
//  closed

static void
a_line_that_is_too_long_is_told_and_the_client_closed (void **state)
{
    talk_t *self = *state;
    char line [2000];
    char expected [2000] = "7> ? ";
    memset (line, 'y', sizeof line);
    spans_write (line, SPAN (KIWI));
    memcpy (expected + 5, line, SERVER_LONG_ECHO_SIZE);
    spans_write (expected + 5 + SERVER_LONG_ECHO_SIZE, SPAN ("\n7 close\n"));
    talk_event (self, EVENT_CONNECTION_LONG, 7, (span_t){line, sizeof line});
    story_check (self->effects, (span_t){expected, SERVER_LONG_ECHO_SIZE + 14},
        __FILE__, __LINE__);
    assert_int_equal (server_status (self->alford).clients_known, 0);
    assert_int_equal (server_status (self->alford).invalid, 1);

    talk_event (self, EVENT_CONNECTION_LONG, 8, SPAN ("short"));
    assert_story (self->effects, "8> ? short\n8 close\n");
}


static void
a_client_that_ends_is_closed (void **state)
{
    talk_t *self = *state;
    talk_event (self, EVENT_CONNECTION_OPENED, 7, SPAN ("10.0.0.1:5"));
    assert_story (self->effects, "");
    talk_line (self, 7, "x");
    talk_event (self, EVENT_CONNECTION_ENDED, 7, SPAN (""));
    assert_story (self->effects, "7> ? x\n7 close\n");
    talk_event (self, EVENT_CONNECTION_CLOSED, 7, SPAN ("done"));
    assert_story (self->effects, "");
}


//  Herds of another name or secret do not mix

static void
servers_of_another_herd_or_secret_are_refused (void **state)
{
    talk_t *self = *state;
    const char *peer = "Alford";
    static const char *const rows [][2] = {
        {"test", "secret"}, {"test", "other"}, {"other", "secret"}};
    for (size_t row = 0; row < COUNT (rows); row++) {
        server_t *ball = server_new (&(server_options_t){.name = "Ball",
            .herd = rows [row][0],
            .secret = rows [row][1],
            .incarnation = 9,
            .peers = &peer,
            .peer_count = 1,
            .table_size_max = 1 << 20,
            .waiting_max = 1});
        talk_begin (self, ball);
        span_t text =
            server_next (ball, 0, self->clock_ms, self->buffer, self->others);
        talk_event (self, EVENT_PEER_MESSAGE, 0, text);
        assert_int_equal (server_status (self->alford).refused, row);
        assert_int_equal (server_link (self->alford, 0).messages_in, 1);
        server_destroy (&ball);
    }
}


//  With keys we know who speaks, and believe no other name

static void
who_speaks_in_anothers_name_is_refused (void **state)
{
    talk_t *self = *state;
    span_t text =
        server_next (self->ball, 0, self->clock_ms, self->buffer, self->others);
    event_t event = {.kind = EVENT_PEER_MESSAGE,
        .clock_ms = self->clock_ms,
        .text = text,
        .speaker = "Hamilton"};
    server_step (self->alford, &event, self->effects);
    assert_int_equal (
        server_status (self->alford).refusals [REFUSED_SPEAKER], 1);
    assert_int_equal (server_link (self->alford, 0).messages_in, 0);
    assert_non_null (strstr (effects_at (self->effects, 0)->text.data,
        "refused a message in another's name than its key's"));
    assert_non_null (
        strstr (effects_at (self->effects, 0)->text.data, "from Hamilton"));
    event.speaker = "Ball";
    server_step (self->alford, &event, self->effects);
    assert_int_equal (
        server_status (self->alford).refusals [REFUSED_SPEAKER], 1);
    assert_int_equal (server_link (self->alford, 0).messages_in, 1);
}


//  A server that stops says so, and the peers do not alarm

static void
a_server_that_stops_is_said_to_have_left (void **state)
{
    talk_t *self = *state;
    s_link (self);
    talk_event (self, EVENT_STOP, 0, SPAN (""));
    talk_exchange (self);
    event_t lost = {.kind = EVENT_PEER_DOWN, .clock_ms = self->clock_ms};
    server_step (self->ball, &lost, self->others);
    assert_story (self->others, "* link to Alford down: it left\n");
}


int
main (void)
{
    const struct CMUnitTest cases [] = {
        TALK (the_example_iamat_is_answered_as_in_the_assignment),
        TALK (a_client_ahead_of_us_gets_a_negative_difference),
        TALK (fields_are_copied_byte_for_byte),
        TALK (any_years_stamp_is_answered),
        TALK (an_update_is_for_the_peers_at_once),
        TALK (a_repeated_iamat_is_answered_but_is_no_news),
        TALK (a_stale_iamat_is_answered_but_is_no_news),
        TALK (a_phone_that_was_in_the_future_can_come_back),
        TALK (a_stamp_a_minute_ahead_is_believed),
        TALK (an_invalid_command_is_answered_by_its_copy),
        TALK (of_a_line_end_of_cr_lf_both_are_left_out),
        TALK (a_line_without_fields_is_ignored),
        TALK (a_client_cannot_speak_as_a_peer),
        TALK (a_client_id_may_have_1024_bytes),
        TALK (a_server_may_take_shorter_client_ids_only),
        TALK (a_line_may_be_as_long_as_it_likes),
        TALK (a_line_that_is_too_long_is_told_and_the_client_closed),
        TALK (a_client_that_ends_is_closed),
        TALK (servers_of_another_herd_or_secret_are_refused),
        TALK (who_speaks_in_anothers_name_is_refused),
        TALK (a_server_that_stops_is_said_to_have_left),
    };
    return cmocka_run_group_tests (cases, NULL, NULL);
}
