/*  =========================================================================
    test_timing - what peers say of clocks and of the time to live

    Floods wired by hand, whose wall clocks are wrong, or that differ in what
    they forget.
    =========================================================================
*/

#include "unit/relay.h"

#include "flood/entry.h"

#include <stdio.h>

#define HOUR_MS 3600000


static instant_t
s_wall (const relay_t *self, unsigned server)
{
    return (instant_t){self->clock_ms / 1000 + self->skew_seconds [server], 0};
}


//  By how many seconds a server hears its clients later than its clock shows

static int64_t
s_moved (const relay_t *self, unsigned server)
{
    event_t event = {.now = s_wall (self, server), .clock_ms = self->clock_ms};
    return flood_heard (self->members [server].flood, &event).seconds -
           event.now.seconds;
}


static void
s_put_now (relay_t *self, unsigned server, const char *client, int64_t seconds)
{
    char line [96];
    snprintf (line, sizeof (line), "AT Ball +0.000000000 %s +1+1 %d", client,
        (int) (self->clock_ms / 1000 + seconds));
    relay_put (self, server, line);
}


static bool
s_knows (const relay_t *self, unsigned server, const char *client)
{
    location_t location;
    return table_find (
        self->members [server].table, span_of (client), &location);
}


//  Until an event brings the time, there is none to tell peers of

static void
who_has_no_time_yet_says_nothing (void **state)
{
    relay_t *self = *state;
    const char *peer = "Ball";
    table_t *table = table_new (
        (const unsigned char *) "0123456789abcdef", (size_t) 1 << 20);
    flood_t *flood = flood_new (&(flood_options_t){.name = "Alford",
                                    .herd = RELAY_HERD,
                                    .incarnation = 1,
                                    .peers = &peer,
                                    .peer_count = 1},
        table);
    effects_t *effects = effects_new ();
    char buffer [FLOOD_ROOM];
    event_t event = {.kind = EVENT_TICK,
        .now = s_wall (self, ALFORD),
        .clock_ms = self->clock_ms};
    message_t message;
    assert_false (flood_has_next (flood, 0, event.clock_ms));
    assert_int_equal (
        flood_next (flood, 0, event.clock_ms, buffer, effects).size, 0);
    flood_step (flood, &event, effects);
    assert_true (flood_has_next (flood, 0, event.clock_ms));
    message_parse (
        &message, flood_next (flood, 0, event.clock_ms, buffer, effects));
    assert_int_equal (message.kind, MESSAGE_STATE);
    assert_int_equal (message.clock_ms, event.now.seconds * 1000);
    effects_destroy (&effects);
    flood_destroy (&flood);
    table_destroy (&table);
}


//  Of what streams bring as news alone, by herd time

static void
what_comes_is_counted_by_its_age (void **state)
{
    relay_t *self = *state;
    relay_settle (self);
    const durations_t *ages = flood_ages (self->members [BALL].flood);
    uint64_t before = durations_count (ages);
    s_put_now (self, ALFORD, "kiwi", -3);
    relay_settle (self);
    assert_int_equal (durations_count (ages), before + 1);
    assert_true (ages->seconds >= 3 && ages->seconds < 5);
    s_put_now (self, ALFORD, "plum", -900);
    relay_settle (self);
    assert_int_equal (durations_count (ages), before + 2);
    assert_true (ages->seconds >= 903 && ages->seconds < 910);
    s_put_now (self, BALL, "kiwi", 0);
    relay_settle (self);
    assert_int_equal (durations_count (ages), before + 2);
}


//  And of what another region published

static void
what_no_peer_sent_is_as_old_as_herd_time_says (void **state)
{
    relay_t *self = *state;
    char line [96];
    location_t location;
    int64_t age_ns;
    self->skew_seconds [ALFORD] = -60;
    relay_run (self, 3000);
    snprintf (line, sizeof (line), "AT Reno +0.000000000 plum +1+1 %d",
        (int) (self->clock_ms / 1000 - 3));
    assert_true (location_parse (&location, span_of (line)));
    event_t event = {.now = s_wall (self, ALFORD), .clock_ms = self->clock_ms};
    assert_int_equal (entry_take (self->members [ALFORD].flood, &location,
                          &event, TABLE_ABROAD, &age_ns),
        ENTRY_STORED);
    assert_in_range (age_ns / 1000000, 2000, 5000);
}


//  Whoever publishes may name any second up to the last that can be written

static void
an_age_is_between_a_year_either_way (void **state)
{
    const int64_t year_ns = INT64_C (31536000) * 1000000000;
    const instant_t now = {1700000000, 5};
    location_t location = {.heard = {INT64_MAX, 999999999}};
    (void) state;
    assert_int_equal (entry_age_ns (&location, now), -year_ns);
    location.heard = (instant_t){0, 0};
    assert_int_equal (entry_age_ns (&location, now), year_ns);
    location.heard = (instant_t){1700000001, 0};
    assert_int_equal (entry_age_ns (&location, now), -999999995);
}


//  Two clocks that differ: nobody knows who is right

static void
of_two_clocks_that_differ_none_moves (void **state)
{
    relay_t *self = *state;
    self->skew_seconds [BALL] = 3600;
    relay_run (self, 3000);
    assert_int_equal (s_moved (self, ALFORD), 0);
    assert_int_equal (s_moved (self, BALL), 0);
    assert_int_equal (relay_notes (self, ALFORD, "our clock"), 0);
    assert_int_equal (
        relay_notes (self, ALFORD, "the clock of Ball is 3600 s ahead of ours"),
        1);
    assert_int_equal (
        relay_notes (self, BALL, "the clock of Alford is 3600 s behind ours"),
        1);
}


static void
a_clock_that_differs_is_noted_at_once_and_hourly (void **state)
{
    relay_t *self = *state;
    self->step_ms = CORE_TICK_MS;
    relay_settle (self);
    self->skew_seconds [BALL] = -7;
    relay_run (self, 3000);
    assert_int_equal (relay_notes (self, ALFORD, "the clock of Ball"), 1);
    relay_run (self, HOUR_MS - 4000);
    assert_int_equal (relay_notes (self, ALFORD, "the clock of Ball"), 1);
    relay_run (self, 4000);
    assert_int_equal (relay_notes (self, ALFORD, "the clock of Ball"), 2);
    assert_int_equal (
        relay_link (self, ALFORD, BALL).clock_difference_seconds, -7);
    //  It is set, and wrong again
    self->skew_seconds [BALL] = 0;
    relay_run (self, 3000);
    self->skew_seconds [BALL] = 9;
    relay_run (self, 3000);
    assert_int_equal (relay_notes (self, ALFORD, "the clock of Ball"), 3);
}


static void
clocks_about_as_far_apart_as_is_noted_are_noted_once (void **state)
{
    relay_t *self = *state;
    relay_settle (self);
    for (int at = 0; at < 20; at++) {
        self->skew_seconds [BALL] = at % 2 ? 6 : 4;
        relay_run (self, 2000);
    }
    assert_int_equal (relay_notes (self, ALFORD, "the clock of Ball"), 1);
}


//  The lower median of three

static void
one_wrong_clock_in_three_moves_nobody_but_itself (void **state)
{
    relay_t *self = *state;
    static const int64_t skews [] = {3600, -3600, 31536000};
    relay_settle (self);
    for (size_t at = 0; at < COUNT (skews); at++) {
        self->skew_seconds [HOLIDAY] = skews [at];
        relay_run (self, 3000);
        assert_int_equal (s_moved (self, ALFORD), 0);
        assert_int_equal (s_moved (self, BALL), 0);
        assert_int_equal (s_moved (self, HOLIDAY), -skews [at]);
    }
    assert_int_equal (relay_notes (self, ALFORD, "our clock"), 0);
    assert_int_equal (relay_notes (self, HOLIDAY, "our clock is 3600 s"), 1);
    self->skew_seconds [HOLIDAY] = 0;
    relay_run (self, 3000);
    assert_int_equal (s_moved (self, HOLIDAY), 0);
    assert_int_equal (
        relay_notes (self, HOLIDAY, "our clock agrees with the herd's"), 1);
}


//  Not from the next tick on: a location of the future would stay for an hour

static void
a_step_of_our_clock_is_seen_at_once (void **state)
{
    relay_t *self = *state;
    relay_settle (self);
    self->skew_seconds [HOLIDAY] = 3600;
    assert_int_equal (s_moved (self, HOLIDAY), -3600);
}


//  Without a majority our clock is what there is, whatever it showed before

static void
a_step_of_one_of_two_clocks_moves_none (void **state)
{
    relay_t *self = *state;
    relay_settle (self);
    self->skew_seconds [BALL] = -600;
    assert_int_equal (s_moved (self, BALL), 0);
    self->skew_seconds [BALL] = 600;
    assert_int_equal (s_moved (self, BALL), 0);
}


//  What is a little wrong is right: it is by its own clock that a server hears

static void
a_clock_that_is_a_little_wrong_is_believed (void **state)
{
    relay_t *self = *state;
    self->skew_seconds [HOLIDAY] = 5;
    relay_run (self, 5000);
    assert_int_equal (s_moved (self, HOLIDAY), 0);
}


static void
a_clock_before_the_program_was_made_has_no_vote (void **state)
{
    relay_t *self = *state;
    self->clock_least_seconds = 900;
    for (unsigned server = 0; server < 2; server++)
        relay_restart (self, server, RELAY_KEY);
    //  Ball's shows 1970; it takes the only clock there is
    self->skew_seconds [BALL] = -self->clock_ms / 1000;
    relay_run (self, 3000);
    assert_int_equal (s_moved (self, ALFORD), 0);
    assert_true (s_moved (self, BALL) > 900);
}


//  ... also if it is two of three

static void
clocks_without_a_vote_are_no_majority (void **state)
{
    relay_t *self = *state;
    self->clock_least_seconds = 900;
    for (unsigned server = 0; server < 3; server++)
        relay_restart (self, server, RELAY_KEY);
    self->skew_seconds [BALL] = -self->clock_ms / 1000;
    self->skew_seconds [HOLIDAY] = -self->clock_ms / 1000;
    relay_run (self, 3000);
    assert_int_equal (s_moved (self, ALFORD), 0);
    assert_true (s_moved (self, BALL) > 900);
    assert_true (s_moved (self, HOLIDAY) > 900);
}


//  Refused, counted, said; delayed, not lost

static void
what_was_heard_in_the_future_comes_when_its_time_has_come (void **state)
{
    relay_t *self = *state;
    self->step_ms = CORE_TICK_MS;
    relay_settle (self);
    s_put_now (self, BALL, "early", 590);
    s_put_now (self, BALL, "late", 700);
    relay_run (self, 2000);
    assert_true (s_knows (self, ALFORD, "early"));
    assert_false (s_knows (self, ALFORD, "late"));
    assert_true (
        flood_refusals (self->members [ALFORD].flood)->counts [REFUSED_FUTURE] >
        0);
    assert_int_equal (relay_notes (self, ALFORD,
                          "refused a location that was heard in the future"),
        1);
    assert_int_equal (relay_notes (self, ALFORD, "from Ball"), 1);
    //  Audits that mend nothing are 256 s apart at most
    relay_run (self, 400000);
    assert_true (s_knows (self, ALFORD, "late"));
    assert_true (relay_agrees (self));
}


//  A forger cannot freeze a client: who was refused is not in the way

static void
what_is_true_wins_over_what_is_refused (void **state)
{
    relay_t *self = *state;
    relay_settle (self);
    s_put_now (self, BALL, "kiwi", 31536000);
    relay_run (self, 2000);
    assert_false (s_knows (self, ALFORD, "kiwi"));
    s_put_now (self, ALFORD, "kiwi", 0);
    relay_run (self, 2000);
    assert_true (s_knows (self, ALFORD, "kiwi"));
}


//  Never silently different digests

static void
different_times_to_live_are_noted_with_both (void **state)
{
    relay_t *self = *state;
    self->step_ms = CORE_TICK_MS;
    self->ttl_seconds = 60;
    relay_restart (self, BALL, RELAY_KEY);
    relay_run (self, 3000);
    assert_int_equal (relay_notes (self, ALFORD,
                          "Ball forgets clients after 60 s, we after 0 s"),
        1);
    assert_int_equal (relay_notes (self, BALL,
                          "Alford forgets clients after 0 s, we after 60 s"),
        1);
    relay_run (self, HOUR_MS);
    assert_int_equal (relay_notes (self, ALFORD, "Ball forgets clients"), 2);
}


int
main (void)
{
    const struct CMUnitTest cases [] = {
        PAIR (who_has_no_time_yet_says_nothing),
        PAIR (what_comes_is_counted_by_its_age),
        TRIANGLE (what_no_peer_sent_is_as_old_as_herd_time_says),
        cmocka_unit_test (an_age_is_between_a_year_either_way),
        PAIR (of_two_clocks_that_differ_none_moves),
        PAIR (a_clock_that_differs_is_noted_at_once_and_hourly),
        PAIR (clocks_about_as_far_apart_as_is_noted_are_noted_once),
        TRIANGLE (one_wrong_clock_in_three_moves_nobody_but_itself),
        TRIANGLE (a_step_of_our_clock_is_seen_at_once),
        PAIR (a_step_of_one_of_two_clocks_moves_none),
        TRIANGLE (a_clock_that_is_a_little_wrong_is_believed),
        PAIR (a_clock_before_the_program_was_made_has_no_vote),
        TRIANGLE (clocks_without_a_vote_are_no_majority),
        PAIR (what_was_heard_in_the_future_comes_when_its_time_has_come),
        PAIR (what_is_true_wins_over_what_is_refused),
        PAIR (different_times_to_live_are_noted_with_both),
    };
    return cmocka_run_group_tests (cases, NULL, NULL);
}
