/*  =========================================================================
    test_streams_pace - how much listeners over HTTP have of a turn, and of time
    =========================================================================
*/

#include "io/web_case.h"

#include "loop/clock.h"


//  So many clients are there at this time

static void
s_tell_many (web_case_t *self, unsigned count, const char *place, unsigned time)
{
    for (unsigned client = 0; client < count; client++) {
        char id [16];
        snprintf (id, sizeof id, "c%u", client);
        web_case_tell (self, id, place, time);
    }
}


//  Events in what a listener gets at once
#define BLOCK_EVENTS (16384 / 180)


//  Each had as much as it takes at once, before anybody else had a turn

static void
a_turn_has_a_share_for_all_listeners (void **state)
{
    web_case_t *self = *state;
    wire_t *wires [WEB_CASE_LISTENERS];
    s_tell_many (self, 2000, "+1+2", 1);
    for (unsigned index = 0; index < WEB_CASE_LISTENERS; index++)
        wires [index] = web_case_listen (self, "/v1/events", "");
    for (unsigned index = 0; index < WEB_CASE_LISTENERS; index++)
        web_case_await (self, wires [index], "\"c0\"");
    assert_in_range (self->turn_events_most, 1, 4 * BLOCK_EVENTS);
    for (unsigned index = 0; index < WEB_CASE_LISTENERS; index++)
        wire_destroy (&wires [index]);
}


//  Though the share has more

static void
a_listener_has_one_block_of_a_turn (void **state)
{
    web_case_t *self = *state;
    s_tell_many (self, 2000, "+1+2", 1);
    wire_t *wire = web_case_listen (self, "/v1/events", "");
    web_case_await (self, wire, "\"c1999\"");
    assert_in_range (self->turn_events_most, 1, 2 * BLOCK_EVENTS);
    wire_destroy (&wire);
}


//  It is more than is looked at for one block

static void
who_has_much_to_pass_over_is_told_what_comes_then (void **state)
{
    web_case_t *self = *state;
    wire_t *wire = web_case_listen (self, "/v1/events?bbox=0,0,5,5", "");
    web_case_await (self, wire, "event: reset");
    s_tell_many (self, 12000, "+9+9", 1);
    web_case_tell (self, "kiwi", "+1+2", 1);
    //  It goes on in the next turn, and does not wait until it is due
    later_by (100);
    assert_true (web_turn (self->web, clock_ms ()));
    web_case_await (self, wire,
        "event: enter\ndata: {\"type\":\"Feature\",\"id\":\"kiwi\"");
    for (unsigned client = 0; client < 12000; client++) {
        char id [16];
        snprintf (id, sizeof id, "c%u", client);
        table_drop (self->table, span_of (id));
    }
    table_drop (self->table, span_of ("kiwi"));
    web_case_await (self, wire, "event: gone\ndata: {\"id\":\"kiwi\"}\n\n");
    wire_destroy (&wire);
}


//  They take all that a turn has for listeners

static void
who_hears_little_is_told_beside_those_who_hear_all (void **state)
{
    web_case_t *self = *state;
    wire_t *wires [4];
    wire_t *wire = web_case_listen (self, "/v1/events?bbox=0,0,5,5", "");
    web_case_await (self, wire, "event: reset");
    for (unsigned index = 0; index < 4; index++)
        wires [index] = web_case_listen (self, "/v1/feed", "");
    s_tell_many (self, 2000, "+9+9", 1);
    for (unsigned index = 0; index < 4; index++)
        web_case_await (self, wires [index], "\"c0\"");
    for (unsigned time = 2; time < 300 && !strstr (wire->in, "kiwi"); time++) {
        s_tell_many (self, 2000, "+9+9", time);
        web_case_tell (self, "kiwi", "+1+2", time);
        loop_case_spend (self->stage, 1);
    }
    assert_non_null (strstr (wire->in, "event: enter"));
    for (unsigned index = 0; index < 4; index++)
        wire_destroy (&wires [index]);
    wire_destroy (&wire);
}


//  However much changes meanwhile: the kernel has what it took, then comes what
//  is the newest

static void
who_reads_nothing_costs_no_memory_and_gets_the_newest (void **state)
{
    web_case_t *self = *state;
    wire_t *wire = wire_prepare (self->stage, 4096);
    wire_dial (wire, self->port);
    wire_say (wire, "GET /v1/feed HTTP/1.0\r\nHost: localhost\r\n\r\n");
    web_case_await (self, wire, "\r\n\r\n");
    wire_deafen (wire, true);
    for (unsigned time = 1; time <= 3000; time++) {
        web_case_tell (self, "kiwi", "+1+2", time);
        if (time % 10 == 0)
            loop_case_spend (self->stage, 1);
        later_by (20);
    }
    uint64_t told = web_counts (self->web).events;
    assert_in_range (told, 1, 1000);
    wire_deafen (wire, false);
    web_case_await (self, wire, "\"stamp\":\"3000\"");
    wire_destroy (&wire);
}


//  Not even what was there when it came

static void
who_takes_nothing_for_a_minute_is_cut (void **state)
{
    web_case_t *self = *state;
    s_tell_many (self, 500, "+1+2", 1);
    wire_t *wire = wire_prepare (self->stage, 4096);
    wire_dial (wire, self->port);
    wire_deafen (wire, true);
    wire_say (wire, "GET /v1/feed HTTP/1.0\r\nHost: localhost\r\n\r\n");
    loop_case_rest (self->stage);
    assert_int_equal (web_counts (self->web).streams, 1);
    later_by (59000);
    loop_case_spend (self->stage, 50);
    assert_int_equal (web_counts (self->web).streams, 1);
    later_by (2000);
    web_case_await_streams (self, 0);
    wire_destroy (&wire);
}


//  Longer than any request may take, and without a word

static void
a_listener_stays_and_gets_signs_of_life (void **state)
{
    web_case_t *self = *state;
    wire_t *wire = web_case_listen (self, "/v1/events?since=now", "");
    web_case_await (self, wire, "retry: ");
    for (int beat = 0; beat < 6; beat++) {
        later_by (16000);
        web_case_await (self, wire, &"\n:\n\n" [beat > 0]);
    }
    web_case_tell (self, "kiwi", "+1+2", 1);
    web_case_await (self, wire, "event: location\n");
    wire_destroy (&wire);
}


//  Nor does it matter what happens elsewhere

static void
who_is_told_nothing_gets_signs_of_life (void **state)
{
    web_case_t *self = *state;
    wire_t *wire = web_case_listen (self, "/v1/events?near=1,2&km=1", "");
    web_case_await (self, wire, "event: reset\ndata: {\"inside\":0}\n\n");
    unsigned time = 1;
    for (; time < 40 && !strstr (wire->in, ":\n\n"); time++) {
        web_case_tell (self, "fig", "+50+50", time);
        later_by (1000);
        loop_case_spend (self->stage, 20);
    }
    assert_in_range (time, 10, 39);
    wire_destroy (&wire);
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        CASE (a_turn_has_a_share_for_all_listeners),
        CASE (a_listener_has_one_block_of_a_turn),
        CASE (who_has_much_to_pass_over_is_told_what_comes_then),
        CASE (who_hears_little_is_told_beside_those_who_hear_all),
        CASE (who_reads_nothing_costs_no_memory_and_gets_the_newest),
        CASE (who_takes_nothing_for_a_minute_is_cut),
        CASE (a_listener_stays_and_gets_signs_of_life),
        CASE (who_is_told_nothing_gets_signs_of_life),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
