/*  =========================================================================
    test_expiry - forgetting clients that were not heard of for long

    A table and a clock that is set by hand: when the floor rises, what it
    takes with it, and what is believed of a peer's.
    =========================================================================
*/

#include "unit/chance.h"
#include "unit/crowd.h"
#include "unit/spans.h"

#include "table/expiry.h"

#include <stdio.h>

#define TTL 1600
#define STEP (TTL / EXPIRY_STEPS)

//  A sweep of what there is here is done after so many ticks
#define SWEEP_TICKS 64

typedef struct {
    table_t *table;
    expiry_t *expiry;
} case_t;

static case_t s_case;


static int
s_setup (void **state)
{
    s_case.table = table_new (
        (const unsigned char *) "0123456789abcdef", (size_t) 1 << 30);
    s_case.expiry = expiry_new (s_case.table, TTL);
    *state = &s_case;
    return 0;
}


static int
s_teardown (void **state)
{
    case_t *self = *state;
    expiry_destroy (&self->expiry);
    table_destroy (&self->table);
    return self->expiry != NULL;
}


static table_result_t
s_put_named (case_t *self, const char *name, int client, int64_t heard)
{
    char line [80];
    snprintf (line, sizeof (line), "AT A +5.000000000 %s%d +1+1 %lld", name,
        client, (long long) (heard - 5));
    location_t location = spans_location (line);
    return table_put (self->table, &location, TABLE_DOOR);
}


static table_result_t
s_put (case_t *self, int client, int64_t heard)
{
    return s_put_named (self, "c", client, heard);
}


static bool
s_has (const case_t *self, int client)
{
    char name [16];
    location_t location;
    snprintf (name, sizeof (name), "c%d", client);
    return table_find (self->table, span_of (name), &location);
}


static size_t
s_tick (case_t *self, int64_t now, int ticks)
{
    size_t dropped = 0;
    while (ticks-- > 0)
        dropped += expiry_tick (self->expiry, (instant_t){now, 999999999});
    return dropped;
}


//  0 = never

static void
without_a_time_to_live_nobody_is_forgotten (void **state)
{
    case_t *self = *state;
    expiry_t *never = expiry_new (self->table, 0);
    s_put (self, 1, 1000);
    for (int tick = 0; tick < 1000; tick++)
        assert_int_equal (expiry_tick (never, (instant_t){INT64_MAX, 0}), 0);
    assert_int_equal (expiry_join (never, 5000, (instant_t){1000, 0}), 0);
    assert_int_equal (expiry_floor (never), 0);
    assert_int_equal (s_put (self, 2, 1000), TABLE_STORED);
    assert_int_equal (table_count (self->table), 2);
    expiry_destroy (&never);
}


//  "records whose recv is below a floor (now - TTL, rounded down) are dropped"

static void
who_was_heard_before_the_floor_is_forgotten (void **state)
{
    case_t *self = *state;
    for (int client = 0; client < 1000; client++)
        s_put (self, client, 10000 + client);
    int64_t floor = 10500;
    size_t dropped = s_tick (self, floor + TTL, SWEEP_TICKS);
    assert_int_equal (expiry_floor (self->expiry), floor);
    assert_int_equal (dropped, 500);
    for (int client = 0; client < 1000; client++)
        assert_int_equal (s_has (self, client), client >= 500);
    assert_int_equal (table_count (self->table), 500);
}


static void
the_floor_rises_in_sixteenths (void **state)
{
    case_t *self = *state;
    int64_t last = 0;
    for (int64_t now = 100000; now < 100000 + TTL; now += 7) {
        s_tick (self, now, SWEEP_TICKS);
        int64_t floor = expiry_floor (self->expiry);
        assert_int_equal (floor % STEP, 0);
        assert_true (floor <= now - TTL && floor > now - TTL - STEP);
        assert_true (floor >= last);
        last = floor;
    }
}


//  A clock that goes back takes nothing back

static void
the_floor_never_falls (void **state)
{
    case_t *self = *state;
    s_tick (self, 50000, SWEEP_TICKS);
    int64_t floor = expiry_floor (self->expiry);
    s_tick (self, 20000, 2 * SWEEP_TICKS);
    assert_int_equal (expiry_floor (self->expiry), floor);
    assert_int_equal (s_put (self, 1, floor - 1), TABLE_EXPIRED);
    s_tick (self, 0, SWEEP_TICKS);
    s_tick (self, -5, SWEEP_TICKS);
    assert_int_equal (expiry_floor (self->expiry), floor);
}


//  Return the most hashes computed in a tick of a sweep

static size_t
s_sweep (case_t *self, size_t *dropped)
{
    size_t most = 0;
    *dropped = 0;
    crowd_hashes ();
    do {
        *dropped += s_tick (self, 50000, 1);
        size_t hashes = crowd_hashes ();
        if (hashes > most)
            most = hashes;
        assert_int_equal (expiry_floor (self->expiry),
            expiry_is_sweeping (self->expiry) ? 0 : 50000 - TTL);
    } while (expiry_is_sweeping (self->expiry));
    return most;
}


//  The floor counts as ours only when all below it is dropped; and no tick does
//  more than the one before, wherever in the table clients want to stand

static void
a_sweep_is_spread_over_ticks (void **state)
{
    case_t *self = &s_case;
    static const char *const names [] = {"c", CROWD};
    for (size_t at = 0; at < COUNT (names); at++) {
        s_setup (state);
        size_t dropped;
        for (int client = 0; client < 12000; client++)
            s_put_named (self, names [at], client, client % 4 ? 1000 : 49000);
        assert_true (s_sweep (self, &dropped) <= 10000);
        assert_int_equal (dropped, 9000);
        assert_int_equal (table_count (self->table), 3000);
        assert_int_equal (s_tick (self, 50000, 1000), 0);
        s_teardown (state);
    }
}


//  A record is looked at once, if it stays

static void
a_sweep_looks_at_nothing_twice (void **state)
{
    case_t *self = *state;
    for (int client = 0; client < 20000; client++)
        s_put (self, client, 49000);
    s_tick (self, 50000, 1);
    assert_true (expiry_is_sweeping (self->expiry));
    for (int tick = 0; tick < 2; tick++) {
        //  What changes meanwhile is above the floor
        for (int client = 0; client < 10000; client++)
            s_put (self, client, 49001 + tick);
        s_tick (self, 50000, 1);
    }
    assert_false (expiry_is_sweeping (self->expiry));
    assert_int_equal (table_count (self->table), 20000);
}


//  While a sweep goes on, nobody comes in behind it

static void
who_is_below_the_floor_is_not_taken (void **state)
{
    case_t *self = *state;
    int64_t floor = 50000 - TTL;
    s_put (self, 1, floor - 1);
    s_put (self, 2, floor + 10);
    s_tick (self, 50000, 1);
    assert_int_equal (s_put (self, 3, floor - 1), TABLE_EXPIRED);
    assert_int_equal (s_put (self, 4, floor), TABLE_STORED);
    assert_int_equal (s_put (self, 2, floor - 1), TABLE_EXPIRED);
    assert_true (s_has (self, 2));
    s_tick (self, 50000, SWEEP_TICKS);
    assert_false (s_has (self, 1) || s_has (self, 3));
    assert_true (s_has (self, 2) && s_has (self, 4));
}


//  Joined by max, if our own clock allows it

static void
a_peers_floor_is_taken_over (void **state)
{
    case_t *self = *state;
    instant_t now = {50090, 0};
    s_tick (self, now.seconds, SWEEP_TICKS);
    int64_t floor = expiry_floor (self->expiry);
    assert_int_equal (floor, 48400);
    assert_int_equal (expiry_join (self->expiry, floor - STEP, now), 0);
    s_tick (self, now.seconds, SWEEP_TICKS);
    assert_int_equal (expiry_floor (self->expiry), floor);

    s_put (self, 1, floor + 50);
    assert_int_equal (expiry_join (self->expiry, 48490, now), 0);
    assert_int_equal (expiry_floor (self->expiry), floor);
    assert_int_equal (s_tick (self, now.seconds, SWEEP_TICKS), 1);
    assert_int_equal (expiry_floor (self->expiry), 48490);
}


static void
a_floor_of_the_future_is_not_believed (void **state)
{
    case_t *self = *state;
    instant_t now = {50000, 0};
    s_put (self, 1, 48399);
    s_put (self, 2, 48401);
    assert_int_equal (expiry_join (self->expiry, 48400, now), 0);
    assert_int_equal (expiry_join (self->expiry, 48401, now), 1);
    assert_int_equal (expiry_join (self->expiry, 148400, now), 100000);
    assert_true (expiry_join (self->expiry, INT64_MAX, now) > 0);
    s_tick (self, now.seconds, SWEEP_TICKS);
    assert_int_equal (expiry_floor (self->expiry), 48400);
    assert_true (s_has (self, 2));
    assert_false (s_has (self, 1));
}


//  A peer's floor that rises while a sweep goes on is swept up to after it

static void
a_sweep_in_between_does_not_forget_the_first_parts (void **state)
{
    case_t *self = *state;
    chance_t chance = chance_new (808);
    for (int client = 0; client < 30000; client++)
        s_put (self, client, 48000 + (int64_t) chance_below (&chance, 1000));
    s_tick (self, 50000, 1);
    assert_true (expiry_is_sweeping (self->expiry));
    assert_int_equal (
        expiry_join (self->expiry, 48450, (instant_t){50050, 0}), 0);
    s_tick (self, 50050, 2 * SWEEP_TICKS);
    int64_t floor = expiry_floor (self->expiry);
    assert_int_equal (floor, 48450);
    table_walk_t walk = {.level = 0};
    size_t kept = 0;
    while (table_step (self->table, &walk)) {
        location_t location = {.line = {NULL, 0}};
        location_reread (&location, walk.line);
        assert_true (location.heard.seconds >= floor);
        kept++;
    }
    assert_in_range (kept, 16000, 17000);
}


//  Before 1970 and a time to live later there is nothing to forget

static void
an_early_clock_has_no_floor (void **state)
{
    case_t *self = *state;
    s_put (self, 1, 5);
    s_tick (self, TTL - 1, 2 * SWEEP_TICKS);
    assert_int_equal (expiry_floor (self->expiry), 0);
    s_tick (self, -1000, 2 * SWEEP_TICKS);
    assert_int_equal (expiry_floor (self->expiry), 0);
    assert_true (s_has (self, 1));
}


//  Seconds are not divided

static void
a_short_time_to_live_has_steps_of_a_second (void **state)
{
    case_t *self = *state;
    expiry_t *expiry = expiry_new (self->table, 3);
    s_put (self, 1, 1000);
    for (int tick = 0; tick < SWEEP_TICKS; tick++)
        expiry_tick (expiry, (instant_t){1003, 0});
    assert_int_equal (expiry_floor (expiry), 1000);
    assert_true (s_has (self, 1));
    for (int tick = 0; tick < SWEEP_TICKS; tick++)
        expiry_tick (expiry, (instant_t){1004, 0});
    assert_int_equal (expiry_floor (expiry), 1001);
    assert_false (s_has (self, 1));
    expiry_destroy (&expiry);
}


//  Servers told the same have the same floor soon, so that audits go on

static void
a_longer_time_to_live_lets_the_floor_sink (void **state)
{
    case_t *self = *state;
    s_put (self, 1, 10000);
    s_tick (self, 10500 + TTL, SWEEP_TICKS);
    assert_int_equal (expiry_floor (self->expiry), 10500);
    expiry_set_ttl (self->expiry, (int64_t) 2 * TTL);
    s_tick (self, 10500 + TTL, 1);
    assert_int_equal (expiry_floor (self->expiry), 8800);
    assert_false (expiry_is_sweeping (self->expiry));
    assert_int_equal (s_put (self, 1, 10000), TABLE_STORED);
}


static void
a_shorter_one_lets_it_rise (void **state)
{
    case_t *self = *state;
    s_put (self, 1, 10000);
    expiry_set_ttl (self->expiry, TTL / 2);
    s_tick (self, 10500 + TTL / 2, SWEEP_TICKS);
    assert_int_equal (expiry_floor (self->expiry), 10500);
    assert_false (s_has (self, 1));
}


//  No sweep goes on for ever

static void
without_one_any_more_there_is_no_floor (void **state)
{
    case_t *self = *state;
    for (int client = 0; client < 20000; client++)
        s_put (self, client, 10000);
    s_tick (self, 10500 + TTL, 1);
    assert_true (expiry_is_sweeping (self->expiry));
    expiry_set_ttl (self->expiry, 0);
    s_tick (self, 10500 + TTL, 1);
    assert_false (expiry_is_sweeping (self->expiry));
    assert_int_equal (expiry_floor (self->expiry), 0);
    assert_int_equal (s_put (self, 1, 5), TABLE_STORED);
}


#define CASE(name) cmocka_unit_test_setup_teardown (name, s_setup, s_teardown)

int
main (void)
{
    const struct CMUnitTest cases [] = {
        CASE (without_a_time_to_live_nobody_is_forgotten),
        CASE (who_was_heard_before_the_floor_is_forgotten),
        CASE (the_floor_rises_in_sixteenths),
        CASE (the_floor_never_falls),
        cmocka_unit_test (a_sweep_is_spread_over_ticks),
        CASE (a_sweep_looks_at_nothing_twice),
        CASE (who_is_below_the_floor_is_not_taken),
        CASE (a_peers_floor_is_taken_over),
        CASE (a_floor_of_the_future_is_not_believed),
        CASE (a_sweep_in_between_does_not_forget_the_first_parts),
        CASE (an_early_clock_has_no_floor),
        CASE (a_short_time_to_live_has_steps_of_a_second),
        CASE (a_longer_time_to_live_lets_the_floor_sink),
        CASE (a_shorter_one_lets_it_rise),
        CASE (without_one_any_more_there_is_no_floor),
    };
    return cmocka_run_group_tests (cases, NULL, NULL);
}
