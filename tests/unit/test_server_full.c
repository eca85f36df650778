/*  =========================================================================
    test_server_full - one server's mind: who is refused

    When the table is full, or an address brings too many new clients, those
    that are known notice nothing.  Told as stories.
    =========================================================================
*/

#include "unit/shortage.h"
#include "unit/talk.h"

#include <stdio.h>


//  An event of a client at 0.0.0.address

static void
s_event_from (
    talk_t *self, uint32_t address, event_kind_t kind, const char *text)
{
    event_t event = {.kind = kind,
        .now = self->now,
        .clock_ms = self->clock_ms,
        .connection = 7,
        .address = address_of_v4 (address),
        .text = span_of (text)};
    server_step (self->alford, &event, self->effects);
}


static void
s_line_from (talk_t *self, uint32_t address, const char *line)
{
    s_event_from (self, address, EVENT_CONNECTION_LINE, line);
}


//  New ids refused with a clear reason, known ones updated

static void
s_check_full_table (talk_t *self)
{
    char line [80];
    char story [256];
    size_t refused;
    for (int at = 0;; at++) {
        snprintf (line, sizeof line, "IAMAT c%06d +1+1 1479413884", at);
        refused = server_status (self->alford).invalid;
        effects_clear (self->effects);
        s_line_from (self, 1, line);
        if (server_status (self->alford).invalid != refused)
            break;
        assert_true (at < 1000);
    }
    snprintf (story, sizeof story,
        "7> ? %s\n* refused a new location: the table is full, "
        "from 0.0.0.1, 1 so far\n",
        line);
    assert_story (self->effects, story);
    for (int at = 0; at < 1000; at++) {
        s_line_from (self, 1, line);
        assert_int_equal (effects_count (self->effects), 1);
        effects_clear (self->effects);
    }
    assert_int_equal (
        server_status (self->alford).refusals [REFUSED_FULL], 1001);
    size_t count = server_status (self->alford).clients_known;
    assert_int_equal (server_status (self->alford).iamats, count);

    talk_asks (self, "IAMAT c000000 +2+2 1479413885",
        "7> AT Alford -0.344112164 c000000 +2+2 1479413885\n");
    talk_asks (self, "IAMAT c000000 +3+3 1479413880",
        "7> AT Alford +4.655887836 c000000 +3+3 1479413880\n");
    assert_int_equal (server_status (self->alford).clients_known, count);
    assert_int_equal (server_status (self->alford).updates, count + 1);
}


static void
a_full_table_refuses_new_clients_and_updates_known_ones (void **state)
{
    talk_t *self = *state;
    talk_limit (self, 16384, 4);
    s_check_full_table (self);
    assert_true (server_status (self->alford).table_bytes <= 16384);
}


//  The table's requests are larger than others

static void
so_does_a_table_that_is_given_no_memory (void **state)
{
    talk_t *self = *state;
    talk_limit (self, (size_t) 1 << 30, 4);
    shortage_begin (0, 32768);
    s_check_full_table (self);
    assert_true (shortage_end () > 1000);
    talk_asks (self, "IAMAT newcomer +1+1 1479413884",
        "7> AT Alford +0.655887836 newcomer +1+1 1479413884\n");
}


//  Known clients, those of other addresses and those of peers do not count

static void
an_address_brings_so_many_new_clients_a_minute (void **state)
{
    talk_t *self = *state;
    server_destroy (&self->alford);
    self->alford = server_new (&(server_options_t){.name = "Alford",
        .herd = "test",
        .secret = "secret",
        .incarnation = 1,
        .table_size_max = 1 << 20,
        .waiting_max = 4,
        .new_clients_per_minute = 2});
    s_line_from (self, 1, "IAMAT a +1+1 1");
    s_line_from (self, 1, "IAMAT b +1+1 1");
    for (int count = 0; count < 10; count++) {
        s_line_from (self, 1, "IAMAT a +1+1 2");
        s_line_from (self, 1, "IAMAT nonsense");
        s_line_from (self, 1, "WHATSAT nobody 1 1");
    }
    effects_clear (self->effects);
    s_line_from (self, 1, "IAMAT c +1+1 1479413884");
    s_line_from (self, 1, "IAMAT a +1+1 1479413884");
    s_line_from (self, 2, "IAMAT c +1+1 1479413884");
    s_line_from (self, 1, "IAMAT c +2+2 1479413885");
    assert_story (self->effects,
        "7> ? IAMAT c +1+1 1479413884\n"
        "* refused a new client: one more than new_clients_per_minute, from "
        "0.0.0.1, 1 so far\n"
        "7> AT Alford +0.655887836 a +1+1 1479413884\n"
        "7> AT Alford +0.655887836 c +1+1 1479413884\n"
        "7> AT Alford -0.344112164 c +2+2 1479413885\n");
    self->clock_ms += 60000;
    s_line_from (self, 1, "IAMAT d +1+1 1479413884");
    assert_story (
        self->effects, "7> AT Alford +0.655887836 d +1+1 1479413884\n");
    server_status_t status = server_status (self->alford);
    assert_int_equal (status.refusals [REFUSED_NEWCOMER], 1);
    assert_int_equal (status.clients_known, 4);
}


static void
connections_that_were_refused_are_counted_and_noted (void **state)
{
    talk_t *self = *state;
    for (int count = 0; count < 3; count++)
        s_event_from (self, 9, EVENT_CONNECTIONS_FULL, "");
    s_event_from (self, 8, EVENT_ADDRESS_FULL, "");
    assert_story (self->effects,
        "* refused a connection: no room within connections_max, from 0.0.0.9, "
        "1 "
        "so far\n"
        "* refused a connection: one more than connections_per_address, from "
        "0.0.0.8, 1 so far\n");
    assert_int_equal (
        server_status (self->alford).refusals [REFUSED_CLIENT], 3);
    assert_int_equal (
        server_status (self->alford).refusals [REFUSED_ADDRESS], 1);
}


static void
so_are_those_that_were_no_peers (void **state)
{
    talk_t *self = *state;
    for (int count = 0; count < 2; count++)
        s_event_from (self, 9, EVENT_CALLER_STRANGE, "");
    for (int count = 0; count < 3; count++)
        s_event_from (self, 8, EVENT_CALLER_CROWDED, "");
    for (int count = 0; count < 4; count++)
        s_event_from (self, 7, EVENT_CALLER_ENDLESS, "");
    assert_story (self->effects,
        "* refused a connection to the mesh: no peer has this address, from "
        "0.0.0.9, 1 so far\n"
        "* refused a connection to the mesh: too many, and it was silent, from "
        "0.0.0.8, 1 so far\n"
        "* refused a connection to the mesh: much came and no message, from "
        "0.0.0.7, 1 so far\n");
    server_status_t status = server_status (self->alford);
    assert_int_equal (status.refusals [REFUSED_STRANGE], 2);
    assert_int_equal (status.refusals [REFUSED_CROWDED], 3);
    assert_int_equal (status.refusals [REFUSED_ENDLESS], 4);
    assert_int_equal (status.refused, 0);
}


//  A lookup names the address of who asks, also if the question waited, so that
//  Places can count; and if that has had its share, that is what is said

static void
a_lookup_beyond_its_address_s_share_is_refused (void **state)
{
    talk_t *self = *state;
    for (int round = 0; round < 2; round++) {
        talk_load (self, round ? 1000 : 0);
        if (round == 0)
            s_line_from (self, 5, KIWI);
        s_line_from (self, 6, "WHATSAT kiwi.cs.ucla.edu 10 5");
        if (round == 1)
            s_line_from (self, 5, KIWI);
        for (int tick = 0; tick < 4; tick++)
            s_event_from (self, 0, EVENT_TICK, "");
        size_t count = effects_count (self->effects);
        effect_t fetch = {.kind = EFFECT_NOTE};
        for (size_t at = 0; at < count && fetch.kind != EFFECT_FETCH; at++)
            fetch = *effects_at (self->effects, at);
        assert_int_equal (fetch.kind, EFFECT_FETCH);
        assert_int_equal (fetch.address.bytes [15], 6);
        effects_clear (self->effects);
    }
    event_t event = {.kind = EVENT_PLACES_RATIONED,
        .connection = 7,
        .request = 1,
        .address = address_of_v4 (6)};
    server_step (self->alford, &event, self->effects);
    assert_story (self->effects,
        "* refused a lookup: one more than places/per_client_per_minute, from "
        "0.0.0.6, 1 so far\n"
        "7> " KIWI_AT "\n{\n"
        "   \"error_message\" : \"Your address has had its Places requests of "
        "this minute.\",\n"
        "   \"html_attributions\" : [],\n"
        "   \"results\" : [],\n"
        "   \"status\" : \"OVER_QUERY_LIMIT\"\n}\n\n"
        "7> " KIWI_AT "\n");
    assert_int_equal (
        server_status (self->alford).refusals [REFUSED_LOOKUP], 1);
    assert_int_equal (server_status (self->alford).places_failed, 1);
}


int
main (void)
{
    const struct CMUnitTest cases [] = {
        TALK (a_full_table_refuses_new_clients_and_updates_known_ones),
        TALK (so_does_a_table_that_is_given_no_memory),
        TALK (an_address_brings_so_many_new_clients_a_minute),
        TALK (connections_that_were_refused_are_counted_and_noted),
        TALK (so_are_those_that_were_no_peers),
        TALK (a_lookup_beyond_its_address_s_share_is_refused),
    };
    return cmocka_run_group_tests (cases, NULL, NULL);
}
