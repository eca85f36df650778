/*  =========================================================================
    test_twins - keeping the tables of peers equal: two of one name

    Alford and two processes that both say they are Ball.  Both speak to
    Alford; Alford speaks to one of them, or to both in turn.
    =========================================================================
*/

#include "unit/relay.h"
#include "unit/story.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#define TWINS 3
#define STEP_MS 10

//  Whom Alford's messages reach: a twin's number, or
#define EACH_IN_TURN TWINS

typedef struct {
    table_t *table;
    flood_t *flood;
    effects_t *effects;
} server_t;

typedef struct {
    server_t alford;
    server_t twins [TWINS];  //  Without flood if it does not run
    unsigned target;
    size_t messages;  //  Alford's so far
    int64_t clock_ms;
    char *buffer;
} herd_t;

static herd_t s_herd;


static void
s_start (
    server_t *server, const char *name, const char *peer, uint64_t incarnation)
{
    server->table = table_new (
        (const unsigned char *) "0123456789abcdef", (size_t) 1 << 28);
    server->effects = effects_new ();
    server->flood = flood_new (&(flood_options_t){.name = name,
                                   .herd = RELAY_HERD,
                                   .incarnation = incarnation,
                                   .peers = &peer,
                                   .peer_count = 1},
        server->table);
    event_t event = {.kind = EVENT_PEER_UP, .clock_ms = s_herd.clock_ms};
    flood_step (server->flood, &event, server->effects);
}


static void
s_stop (server_t *server)
{
    flood_destroy (&server->flood);
    table_destroy (&server->table);
    effects_destroy (&server->effects);
}


static void
s_start_twin (herd_t *self, unsigned twin)
{
    s_start (&self->twins [twin], "Ball", "Alford", 11 + twin);
}


static int
s_setup (void **state)
{
    s_herd = (herd_t){.clock_ms = 1000000, .buffer = malloc (FLOOD_ROOM)};
    assert_non_null (s_herd.buffer);
    s_start (&s_herd.alford, "Alford", "Ball", 1);
    s_start_twin (&s_herd, 0);
    *state = &s_herd;
    return 0;
}


static int
s_teardown (void **state)
{
    herd_t *self = *state;
    s_stop (&self->alford);
    for (unsigned twin = 0; twin < TWINS; twin++)
        s_stop (&self->twins [twin]);
    free (self->buffer);
    return 0;
}


static void
s_step (
    const herd_t *self, const server_t *server, event_kind_t kind, span_t text)
{
    event_t event = {.kind = kind,
        .now = {self->clock_ms / 1000, self->clock_ms % 1000 * 1000000},
        .clock_ms = self->clock_ms,
        .text = text};
    flood_step (server->flood, &event, server->effects);
}


//  Pass a message on, if there is one

static bool
s_pass (herd_t *self, const server_t *from)
{
    span_t text = flood_next (
        from->flood, 0, self->clock_ms, self->buffer, from->effects);
    if (text.size == 0)
        return false;
    const server_t *to = &self->alford;
    if (from == to)
        to = &self->twins [self->target == EACH_IN_TURN
                               ? self->messages++ % TWINS
                               : self->target];
    if (to->flood)
        s_step (self, to, EVENT_PEER_MESSAGE, text);
    return true;
}


static void
s_turn (herd_t *self)
{
    bool some = true;
    for (int turns = 0; some; turns++) {
        assert (turns < 1000);
        some = s_pass (self, &self->alford);
        for (unsigned twin = 0; twin < TWINS; twin++)
            if (self->twins [twin].flood)
                some |= s_pass (self, &self->twins [twin]);
    }
}


static void
s_run (herd_t *self, int64_t ms)
{
    for (int64_t end_ms = self->clock_ms + ms; self->clock_ms < end_ms;) {
        self->clock_ms += STEP_MS;
        if (self->clock_ms % CORE_TICK_MS == 0) {
            s_step (self, &self->alford, EVENT_TICK, (span_t){NULL, 0});
            for (unsigned twin = 0; twin < TWINS; twin++)
                if (self->twins [twin].flood)
                    s_step (self, &self->twins [twin], EVENT_TICK,
                        (span_t){NULL, 0});
        }
        s_turn (self);
    }
}


static void
s_put (const server_t *server, const char *line)
{
    location_t location = spans_location (line);
    table_put (server->table, &location, TABLE_DOOR);
}


static bool
s_knows (const server_t *server, const char *client)
{
    location_t location;
    return table_find (server->table, span_of (client), &location);
}


static bool
s_is_up (const herd_t *self)
{
    return flood_link (self->alford.flood, 0).up;
}


//  Alford's connection breaks and is made again, as when a process ends

static void
s_reconnect (herd_t *self)
{
    s_step (self, &self->alford, EVENT_PEER_DOWN, (span_t){NULL, 0});
    s_step (self, &self->alford, EVENT_PEER_UP, (span_t){NULL, 0});
}


//  While Alford talks with one, no other takes its place; it is noted

static void
who_is_there_stays (void **state)
{
    herd_t *self = *state;
    s_run (self, 3000);
    assert_true (s_is_up (self));
    effects_clear (self->alford.effects);
    s_start_twin (self, 1);
    s_run (self, 3000);
    assert_int_equal (story_notes (self->alford.effects, ""), 1);
    assert_int_equal (story_notes (self->alford.effects,
                          "refused a message of a second server of one name, "),
        1);
    assert_int_equal (
        story_notes (self->alford.effects, " bytes, from Ball, 1 so far"), 1);
    s_put (&self->twins [0], "AT Ball +0.000000000 kiwi +1+1 100");
    s_put (&self->twins [1], "AT Ball +0.000000000 plum +1+1 100");
    s_put (&self->alford, "AT Alford +0.000000000 fig +1+1 100");
    s_run (self, 1000);
    assert_true (s_knows (&self->alford, "kiwi"));
    assert_true (s_knows (&self->twins [0], "fig"));
    assert_false (s_knows (&self->alford, "plum"));
    assert_false (s_knows (&self->twins [1], "fig"));
}


//  A connection that was lost is the chance of the latest: the other one is
//  refused from then on

static void
of_a_lost_connection_the_latest_has_the_good (void **state)
{
    herd_t *self = *state;
    s_run (self, 3000);
    effects_clear (self->alford.effects);
    self->target = 1;
    s_start_twin (self, 1);
    s_reconnect (self);
    s_run (self, 3000);
    assert_true (s_is_up (self));
    s_put (&self->twins [1], "AT Ball +0.000000000 kiwi +1+1 100");
    s_put (&self->twins [0], "AT Ball +0.000000000 plum +1+1 100");
    s_run (self, 1000);
    assert_true (s_knows (&self->alford, "kiwi"));
    assert_false (s_knows (&self->alford, "plum"));
    assert_true (story_notes (self->alford.effects, "") <= 8);
}


//  Wherever Alford's own messages go, there is no flapping

static void
twins_are_noted_once_a_minute (void **state)
{
    for (int told = 0; told < 2; told++)
        for (unsigned target = 0; target <= EACH_IN_TURN; target++) {
            s_setup (state);
            herd_t *self = *state;
            s_run (self, 3000);
            effects_clear (self->alford.effects);
            self->target = target;
            s_start_twin (self, 1);
            if (told)
                s_reconnect (self);
            s_run (self, 60000);
            assert_true (story_notes (self->alford.effects, "") <= 10);
            assert_true (flood_link (self->alford.flood, 0).resumes <= 3);
            assert_true (flood_refused (self->alford.flood) > 50);
            assert_true (flood_link (self->alford.flood, 0).rewinds <= 2);
            s_teardown (state);
        }
}


//  When the one has gone, the other is the peer, also if nobody notices

static void
the_other_comes_when_the_one_has_gone (void **state)
{
    herd_t *self = *state;
    s_run (self, 3000);
    s_start_twin (self, 1);
    s_run (self, 5000);
    s_stop (&self->twins [0]);
    self->target = 1;
    s_run (self, 2500);
    assert_int_equal (flood_link (self->alford.flood, 0).resumes, 1);
    s_run (self, 4000);
    assert_true (s_is_up (self));
    s_put (&self->twins [1], "AT Ball +0.000000000 plum +1+1 100");
    s_put (&self->alford, "AT Alford +0.000000000 kiwi +1+1 100");
    s_run (self, 1000);
    assert_true (s_knows (&self->alford, "plum"));
    assert_true (s_knows (&self->twins [1], "kiwi"));
    assert_int_equal (flood_link (self->alford.flood, 0).resumes, 2);
}


//  Three of one name, and a connection that breaks every 5 s: not a storm

static void
triplets_are_no_storm (void **state)
{
    herd_t *self = *state;
    s_run (self, 3000);
    s_start_twin (self, 1);
    s_start_twin (self, 2);
    effects_clear (self->alford.effects);
    uint64_t out = flood_link (self->alford.flood, 0).messages_out;
    for (int times = 0; times < 12; times++) {
        self->target = (unsigned) times % TWINS;
        s_reconnect (self);
        s_run (self, 5000);
    }
    assert_true (story_notes (self->alford.effects, "") <= 40);
    assert_true (flood_link (self->alford.flood, 0).messages_out - out <= 200);
    for (unsigned twin = 1; twin < TWINS; twin++)
        s_stop (&self->twins [twin]);
    self->target = 0;
    s_run (self, 10000);
    assert_true (s_is_up (self));
}


#define CASE(name) cmocka_unit_test_setup_teardown (name, s_setup, s_teardown)

int
main (void)
{
    const struct CMUnitTest cases [] = {
        CASE (who_is_there_stays),
        CASE (of_a_lost_connection_the_latest_has_the_good),
        cmocka_unit_test (twins_are_noted_once_a_minute),
        CASE (the_other_comes_when_the_one_has_gone),
        CASE (triplets_are_no_storm),
    };
    return cmocka_run_group_tests (cases, NULL, NULL);
}
