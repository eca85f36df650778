/*  =========================================================================
    test_server_restored - clients of a server whose floor is from its disk

    Whatever its clock and its time to live were before and are now, what it
    acknowledges it keeps.
    =========================================================================
*/

#include "core/server.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <cmocka.h>

#define NOW 1479413884
#define TTL 1600
#define TICKS 5

typedef struct {
    server_t *server;
    effects_t *effects;
    int64_t clock_ms;
    int64_t now;  //  By its clock, seconds
} case_t;


static void
s_step (case_t *self, event_kind_t kind, const char *text)
{
    effects_clear (self->effects);
    server_step (self->server,
        &(event_t){.kind = kind,
            .connection = 7,
            .text = span_of (text),
            .now = {self->now, 0},
            .clock_ms = self->clock_ms},
        self->effects);
}


//  Start a server with a disk that has this floor and a client heard then

static void
s_start (case_t *self, int64_t now, int64_t floor, int64_t ttl_seconds)
{
    char text [80];
    *self = (case_t){.effects = effects_new (), .clock_ms = 1000, .now = now};
    self->server = server_new (&(server_options_t){.name = "Alford",
        .herd = "zherd",
        .secret = "",
        .incarnation = 1,
        .table_size_max = 1 << 26,
        .waiting_max = 1,
        .ttl_seconds = ttl_seconds,
        .restoring = true});
    snprintf (text, sizeof text, "AT Alford +0.000000000 old +1+1 %lld\n",
        (long long) floor);
    s_step (self, EVENT_DISK_RECORDS, text);
    snprintf (text, sizeof text, "FLOOR %lld\n", (long long) floor);
    s_step (self, EVENT_DISK_MARK, text);
    s_step (self, EVENT_DISK_END, "");
}


static void
s_tick (case_t *self)
{
    for (int tick = 0; tick < TICKS; tick++) {
        self->clock_ms += 1000;
        self->now++;
        s_step (self, EVENT_TICK, "");
    }
}


//  A client is heard, and known from then on

static void
s_hear (case_t *self, const char *client)
{
    char line [80];
    location_t location;
    snprintf (line, sizeof line, "IAMAT %s +1+1 %d", client, NOW);
    s_step (self, EVENT_CONNECTION_LINE, line);
    assert_true (
        table_find (server_table (self->server), span_of (client), &location));
    s_tick (self);
    assert_true (
        table_find (server_table (self->server), span_of (client), &location));
}


static void
s_end (case_t *self)
{
    server_destroy (&self->server);
    effects_destroy (&self->effects);
}


//  The clock is before the floor, or the floor is of a clock that was ahead; at
//  once, and when the clock was looked at

static void
what_is_acknowledged_under_a_wrong_clock_is_kept (void **state)
{
    (void) state;
    static const int64_t clocks [] = {5, NOW - 100000, NOW + 100000};
    for (size_t row = 0; row < sizeof clocks / sizeof *clocks; row++) {
        case_t self;
        s_start (&self, clocks [row], NOW - TTL, TTL);
        s_hear (&self, "one");
        s_tick (&self);
        s_hear (&self, "two");
        self.now = NOW;
        s_tick (&self);
        s_hear (&self, "three");
        s_end (&self);
    }
}


static void
a_time_to_live_that_was_raised_lets_the_floor_sink (void **state)
{
    (void) state;
    case_t self;
    s_start (&self, NOW, NOW - TTL, (int64_t) 100 * TTL);
    assert_int_equal (server_status (self.server).floor, 0);
    s_tick (&self);
    int64_t floor = server_status (self.server).floor;
    assert_true (floor <= NOW - (int64_t) 100 * TTL + TICKS);
    assert_int_equal (table_floor (server_table (self.server)), floor);
    s_hear (&self, "one");
    s_end (&self);
}


//  A time is no floor that no clock shows

static void
a_floor_of_no_time_is_passed_over (void **state)
{
    (void) state;
    case_t self;
    s_start (&self, NOW, INT64_C (253402300800), TTL);
    assert_int_equal (table_floor (server_table (self.server)), 0);
    s_end (&self);
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        cmocka_unit_test (what_is_acknowledged_under_a_wrong_clock_is_kept),
        cmocka_unit_test (a_time_to_live_that_was_raised_lets_the_floor_sink),
        cmocka_unit_test (a_floor_of_no_time_is_passed_over),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
