/*  =========================================================================
    test_hearsay - lines that a peer need not be passed on

    Whom a server asks to be spared what, what it makes of positions that skip
    lines, and what it leaves out itself.  Whole herds are in sim/test_mesh.
    =========================================================================
*/

#include "unit/circle.h"

#define ALFORD_KIWI "AT Alford +0.000000000 kiwi +1+1 100\n"

//  Of Alford and Ball
#define OTHERS (BIT (HAMILTON) | BIT (WELSH))


//  Return the value of a left that answers the last STATE to the peer

static uint64_t
s_left (const circle_t *self, unsigned peer)
{
    return self->peers [peer].told.sent + self->peers [peer].told_size;
}


static uint64_t
s_got (const circle_t *self, unsigned peer)
{
    return self->peers [peer].told.got - BASE;
}


//  What is known of it on our disk: "PEER name process got loaded"

static uint64_t
s_marked (const circle_t *self, unsigned peer)
{
    static char mark [FLOOD_MARK_SIZE_MAX];
    uint64_t got;
    span_t text = {mark, flood_mark (self->flood, mark)};
    span_t line;
    do
        line = span_until (&text, '\n');
    while (!span_equal (span_until (&line, ' '), span_of ("PEER")) || peer--);
    (void) span_until (&line, ' ');
    (void) span_until (&line, ' ');
    assert_true (span_number (span_until (&line, ' '), UINT64_MAX, &got));
    return got - BASE;
}


static void
s_assert_nak (const circle_t *self, unsigned peer, bool nak)
{
    assert_int_equal ((self->peers [peer].told.flags & MESSAGE_NAK) != 0, nak);
}


static void
a_peer_is_asked_for_those_that_both_hear (void **state)
{
    circle_t *self = *state;
    self->peers [BALL].hears = BIT (ALFORD) | BIT (WELSH);
    for (int beat = 0; beat < 8; beat++) {
        circle_beat (self, ALL);
        assert_int_equal (self->peers [BALL].spared, 0);
    }
    circle_warm (self, ALL);
    assert_int_equal (self->peers [BALL].spared, BIT (ALFORD) | BIT (WELSH));
    assert_int_equal (self->peers [ALFORD].spared, ALL & ~BIT (ALFORD));
}


//  Alford is late, though others are not; or all are, or Alford loads

static void
a_peer_that_is_late_or_loads_is_not_heard (void **state)
{
    static const struct {
        uint64_t late;
        bool loads;
        int beats;  //  That pass before it is not heard
    } rows [] = {{BIT (ALFORD), false, 5}, {ALL, false, 21}, {0, true, 1}};
    for (size_t row = 0; row < COUNT (rows); row++) {
        circle_setup (state);
        circle_t *self = *state;
        circle_warm (self, ALL);
        for (unsigned peer = 0; peer < PEERS; peer++)
            self->peers [peer].tail += rows [row].late >> peer & 1;
        self->peers [ALFORD].loaded = rows [row].loads;
        for (int beat = 0; beat < rows [row].beats; beat++) {
            assert_true (self->peers [BALL].spared & BIT (ALFORD));
            circle_beat (self, ALL);
        }
        circle_beat (self, ALL);
        circle_beat (self, ALL);
        assert_false (self->peers [BALL].spared & BIT (ALFORD));
        circle_teardown (state);
    }
}


static void
who_hears_two_asks_for_nothing (void **state)
{
    circle_t *self = *state;
    circle_warm (self, BIT (ALFORD) | BIT (BALL));
    assert_int_equal (self->peers [BALL].heard, 0);
    assert_int_equal (self->peers [BALL].spared, 0);
}


//  Alford has so much more that Holiday loads from it: the next STATE to Alford
//  asks for nothing.  Nor do those to others after a tick

static void
who_loads_asks_for_nothing (void **state)
{
    circle_t *self = *state;
    circle_warm (self, ALL);
    assert_int_not_equal (self->peers [ALFORD].spared, 0);
    self->peers [ALFORD].loaded = 10000;
    circle_say_state (self, ALFORD, 0, 0, 0);
    assert_true (flood_is_loading (self->flood));
    self->clock_ms += CORE_TICK_MS;
    circle_tell (self, ALFORD, true);
    assert_int_equal (self->peers [ALFORD].spared, 0);
    circle_beat (self, OTHERS | BIT (BALL));
    assert_true (flood_is_loading (self->flood));
    assert_int_equal (self->peers [BALL].heard, 0);
    assert_int_equal (self->peers [BALL].spared, 0);
}


//  Alford is lost.  What Ball left out before it knew, Holiday may lack, though
//  positions follow on each other

static void
an_older_request_makes_no_position_good (void **state)
{
    circle_t *self = *state;
    circle_warm (self, ALL);
    uint64_t older = s_left (self, BALL);
    circle_say_state (self, BALL, 0, 1, older);
    circle_tell (self, BALL, true);
    circle_beat (self, ALL);
    assert_int_equal (s_got (self, BALL), 1);

    circle_happens (self, EVENT_PEER_DOWN, ALFORD);
    self->clock_ms += CORE_TICK_MS;
    circle_tell (self, BALL, false);
    assert_int_equal (self->peers [BALL].spared & BIT (ALFORD), 0);
    assert_int_equal (s_got (self, BALL), 0);
    s_assert_nak (self, BALL, true);

    //  Ball has not taken that: it is not told again
    uint64_t naks = flood_link (self->flood, BALL).naks;
    circle_beat (self, OTHERS);
    circle_say_state (self, BALL, 0, 1, older);
    circle_tell (self, BALL, true);
    assert_int_equal (s_got (self, BALL), 0);
    assert_int_equal (flood_link (self->flood, BALL).naks, naks);
    circle_beat (self, OTHERS);
    circle_say_state (self, BALL, 0, 1, older);
    circle_tell (self, BALL, true);
    assert_int_equal (s_got (self, BALL), 0);
    assert_int_equal (flood_link (self->flood, BALL).naks, naks + 1);
    circle_beat (self, OTHERS);
    circle_say_state (self, BALL, 0, 1, s_left (self, BALL));
    circle_tell (self, BALL, true);
    assert_int_equal (s_got (self, BALL), 1);
}


//  When Alford is lost, what Ball left out long before is there; what it sent
//  before it was asked, too

static void
it_goes_back_to_what_is_sure (void **state)
{
    static const struct {
        bool asked;
        int beats;
        uint64_t got;
    } rows [] = {{true, 3, 0}, {true, 7, 1}, {false, 2, 1}};
    for (size_t row = 0; row < COUNT (rows); row++) {
        circle_setup (state);
        circle_t *self = *state;
        if (!rows [row].asked)
            self->peers [BALL].hears = 0;
        circle_warm (self, ALL);
        self->peers [BALL].hears = ALL & ~BIT (BALL);
        circle_say_state (
            self, BALL, 0, 1, rows [row].asked ? s_left (self, BALL) : 0);
        for (int beat = 0; beat < rows [row].beats; beat++)
            circle_beat (self, ALL);
        assert_int_equal (s_got (self, BALL), 1);
        assert_int_equal (s_marked (self, BALL), rows [row].got);
        circle_happens (self, EVENT_PEER_DOWN, ALFORD);
        self->clock_ms += CORE_TICK_MS;
        circle_tell (self, BALL, true);
        assert_int_equal (self->peers [BALL].spared & BIT (ALFORD), 0);
        assert_int_equal (s_got (self, BALL), rows [row].got);
        circle_teardown (state);
    }
}


//  Also if Ball says the same again before it is told anything

static void
it_goes_back_when_the_link_was_down (void **state)
{
    circle_t *self = *state;
    circle_warm (self, ALL);
    uint64_t older = s_left (self, BALL);
    circle_say_state (self, BALL, 0, 1, older);
    circle_beat (self, ALL);
    assert_int_equal (s_got (self, BALL), 1);
    circle_happens (self, EVENT_PEER_DOWN, BALL);
    circle_happens (self, EVENT_PEER_UP, BALL);
    circle_say_state (self, BALL, 0, 1, older);
    self->clock_ms += CORE_TICK_MS;
    circle_tell (self, BALL, true);
    assert_int_equal (s_got (self, BALL), 0);
}


//  Ball has said all only when it has also said what it left out

static void
a_peer_whose_link_is_to_end_is_asked_for_nothing (void **state)
{
    circle_t *self = *state;
    circle_warm (self, ALL);
    assert_int_not_equal (self->peers [BALL].spared, 0);
    circle_say_state (self, BALL, 0, 1, s_left (self, BALL));
    circle_happens (self, EVENT_PEER_REMOVED, BALL);
    self->clock_ms += CORE_TICK_MS;
    circle_tell (self, BALL, true);
    assert_int_equal (self->peers [BALL].spared, 0);
    assert_int_equal (s_got (self, BALL), 0);
    s_assert_nak (self, BALL, true);
    circle_tick (self);
    assert_non_null (flood_peer (self->flood, BALL));
    circle_say_state (self, BALL, 0, 1, 0);
    circle_tick (self);
    assert_null (flood_peer (self->flood, BALL));
}


//  Ball did not notice, and leaves out what the link before asked for

static void
a_link_that_is_added_again_knows_what_was_asked (void **state)
{
    circle_t *self = *state;
    circle_warm (self, ALL);
    uint64_t older = s_left (self, BALL);
    circle_happens (self, EVENT_PEER_DOWN, BALL);
    circle_happens (self, EVENT_PEER_REMOVED, BALL);
    circle_tick (self);
    assert_null (flood_peer (self->flood, BALL));
    circle_happens (self, EVENT_PEER_ADDED, BALL);
    circle_happens (self, EVENT_PEER_UP, BALL);
    circle_say_state (self, BALL, 0, 1, older);
    circle_tell (self, BALL, true);
    circle_beat (self, BIT (BALL));
    assert_int_equal (s_got (self, BALL), 0);
}


//  Ball has Alford's lines from the process that it hears, and no others

static void
another_process_of_a_name_is_not_whom_they_hear (void **state)
{
    static const struct {
        uint64_t incarnation;
        size_t records;  //  That Ball is sent
    } rows [] = {{0, 0}, {0xff, 1}};
    for (size_t row = 0; row < COUNT (rows); row++) {
        circle_setup (state);
        circle_t *self = *state;
        circle_warm (self, ALL);
        self->peers [BALL].spare = BIT (ALFORD);
        circle_beat (self, ALL);
        self->clock_ms += FLOOD_SILENCE_MS + 1;
        circle_say_line (self, ALFORD, rows [row].incarnation, ALFORD_KIWI);
        circle_tell (self, BALL, true);
        assert_int_equal (self->peers [BALL].records, rows [row].records);
        circle_teardown (state);
    }
}


//  Nor is Ball's socket asked to take anything.  When the stream goes back,
//  what was there before the request is sent

static void
what_was_asked_for_is_left_out_and_said_so (void **state)
{
    circle_t *self = *state;
    circle_warm (self, ALL);
    circle_say_line (self, ALFORD, 0, "AT Alford +0.000000000 emu +1+1 100\n");
    circle_tell (self, BALL, true);
    assert_int_equal (self->peers [BALL].records, 1);
    self->peers [BALL].spare = BIT (ALFORD);
    circle_beat (self, ALL);
    uint64_t asked = self->peers [BALL].sent;
    circle_say_line (self, ALFORD, 0, ALFORD_KIWI);
    assert_false (flood_has_next (self->flood, BALL, self->clock_ms));
    assert_int_equal (self->peers [BALL].left, 0);
    self->clock_ms += FLOOD_BEAT_MS;
    circle_tell (self, BALL, true);
    assert_int_equal (self->peers [BALL].records, 1);
    assert_int_equal (self->peers [BALL].left, asked);

    self->peers [BALL].left = 0;
    circle_say_line (self, WELSH, 0, "AT Welsh +0.000000000 kea +1+1 100\n");
    circle_tell (self, BALL, true);
    assert_int_equal (self->peers [BALL].records, 2);
    assert_int_equal (self->peers [BALL].left, 0);
    self->peers [BALL].lacks = true;
    circle_say_state (self, BALL, 0, 0, 0);
    circle_tell (self, BALL, true);
    assert_int_equal (self->peers [BALL].records, 4);
}


//  Though nothing is left to be sent, as Ball knows the last of it

static void
who_loads_is_told_at_once_that_this_was_all (void **state)
{
    circle_t *self = *state;
    circle_warm (self, ALL);
    self->peers [BALL].loads = true;
    circle_beat (self, ALL);
    circle_say_line (self, ALFORD, 0, ALFORD_KIWI);
    circle_tell (self, BALL, true);
    assert_int_equal (self->peers [BALL].records, 1);
    self->clock_ms += CORE_TICK_MS;
    circle_tell (self, BALL, true);
    circle_say_line (self, BALL, 0, "AT Ball +0.000000000 emu +1+1 100\n");
    self->clock_ms += CORE_TICK_MS;
    circle_tell (self, BALL, true);
    assert_int_equal (self->peers [BALL].records, 1);
    assert_int_equal (self->peers [BALL].told.last, table_lsn (self->table));
}


//  Ball has all positions, but not the line

static void
a_link_does_not_end_before_its_peer_asks_for_nothing (void **state)
{
    circle_t *self = *state;
    circle_warm (self, ALL);
    self->peers [BALL].spare = BIT (ALFORD);
    circle_beat (self, ALL);
    circle_say_line (self, ALFORD, 0, ALFORD_KIWI);
    circle_beat (self, ALL);
    circle_happens (self, EVENT_PEER_REMOVED, BALL);
    self->clock_ms += CORE_TICK_MS;
    circle_tell (self, BALL, true);
    circle_tick (self);
    assert_non_null (flood_peer (self->flood, BALL));
    assert_int_equal (self->peers [BALL].records, 0);
    self->peers [BALL].spare = 0;
    self->peers [BALL].lacks = true;
    circle_say_state (self, BALL, 0, 0, 0);
    circle_tell (self, BALL, true);
    assert_int_equal (self->peers [BALL].records, 1);
    self->peers [BALL].lacks = false;
    circle_say_state (self, BALL, 0, 0, 0);
    circle_tick (self);
    assert_null (flood_peer (self->flood, BALL));
}


#define CASE(name)                                                             \
    cmocka_unit_test_setup_teardown (name, circle_setup, circle_teardown)

int
main (void)
{
    const struct CMUnitTest tests [] = {
        CASE (a_peer_is_asked_for_those_that_both_hear),
        cmocka_unit_test (a_peer_that_is_late_or_loads_is_not_heard),
        CASE (who_hears_two_asks_for_nothing),
        CASE (who_loads_asks_for_nothing),
        CASE (an_older_request_makes_no_position_good),
        cmocka_unit_test (it_goes_back_to_what_is_sure),
        CASE (it_goes_back_when_the_link_was_down),
        CASE (a_peer_whose_link_is_to_end_is_asked_for_nothing),
        CASE (a_link_that_is_added_again_knows_what_was_asked),
        CASE (what_was_asked_for_is_left_out_and_said_so),
        CASE (who_loads_is_told_at_once_that_this_was_all),
        CASE (a_link_does_not_end_before_its_peer_asks_for_nothing),
        cmocka_unit_test (another_process_of_a_name_is_not_whom_they_hear),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
