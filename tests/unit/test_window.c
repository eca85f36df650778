/*  =========================================================================
    test_window - how much may be on its way to a peer

    One end of a line, told by hand what is sent and what arrives.
    =========================================================================
*/

#include "unit/spans.h"

#include "wire/window.h"

#define SECOND INT64_C (1000)


static window_t
s_open (void)
{
    window_t window;
    window_init (&window);
    window_open (&window);
    return window;
}


//  Fill the window, and let all of it arrive so much later

static void
s_fill (window_t *window, int64_t *clock_ms, int64_t took_ms)
{
    size_t room;
    while ((room = window_room (window)))
        window_send (window, room, *clock_ms);
    window_limit (window, *clock_ms);
    *clock_ms += took_ms;
    window_acknowledge (window, window->sent, *clock_ms);
}


static void
nothing_is_sent_beyond_the_window (void **state)
{
    (void) state;
    window_t window = s_open ();
    assert_int_equal (window_room (&window), WINDOW_START);
    window_send (&window, WINDOW_START / 2, 0);
    assert_int_equal (window_room (&window), WINDOW_START / 2);
    window_send (&window, WINDOW_START, 0);
    assert_int_equal (window_room (&window), 0);
}


//  A message of a few bytes is not worth its head

static void
a_little_room_is_none (void **state)
{
    (void) state;
    window_t window = s_open ();
    window_send (&window, WINDOW_START - WINDOW_START / 8, 0);
    assert_int_equal (window_room (&window), 0);
    window_acknowledge (&window, WINDOW_START / 4, 1);
    assert_int_equal (
        window_room (&window), WINDOW_START / 8 + WINDOW_START / 4);
}


static void
a_quick_line_gets_more_with_each_round_trip (void **state)
{
    (void) state;
    window_t window = s_open ();
    int64_t clock_ms = 0;
    for (size_t size = WINDOW_START; size < WINDOW_MOST; size *= 2) {
        assert_int_equal (window.size, size);
        s_fill (&window, &clock_ms, 300);
    }
    for (int trips = 0; trips < 10; trips++)
        s_fill (&window, &clock_ms, 300);
    assert_int_equal (window.size, WINDOW_MOST);
}


static void
a_window_that_is_no_limit_does_not_grow (void **state)
{
    (void) state;
    window_t window = s_open ();
    for (int64_t clock_ms = 0; clock_ms < 10 * SECOND; clock_ms += 10) {
        window_send (&window, 100, clock_ms);
        window_acknowledge (&window, window.sent, clock_ms + 5);
    }
    assert_int_equal (window.size, WINDOW_START);
}


//  A line of 100 kB/s and no delay: what is on its way takes about a second

static void
a_slow_line_is_sent_about_a_second_of_what_it_takes (void **state)
{
    (void) state;
    window_t window = s_open ();
    int64_t clock_ms = 0;
    window_send (&window, 100, 0);
    window_acknowledge (&window, 100, 1);
    for (int trips = 0; trips < 100; trips++) {
        s_fill (&window, &clock_ms, (int64_t) window.size / 100);
        assert_true (window.size <= 150000);
        assert_true (trips < 5 || window.size >= 40000);
    }
}


//  Acknowledgements are quick on an idle line; what was sent behind them says
//  how quick it is

static void
a_small_message_does_not_prove_a_quick_line (void **state)
{
    (void) state;
    window_t window = s_open ();
    window_send (&window, 100, 0);
    window_send (&window, window_room (&window), 0);
    window_limit (&window, 0);
    window_acknowledge (&window, 100, 1);
    assert_int_equal (window.size, WINDOW_START);
    window_acknowledge (&window, window.sent, SECOND);
    assert_int_equal (window.size, WINDOW_START * 2);
    window_send (&window, 100, SECOND);
    window_send (&window, window_room (&window), SECOND);
    window_limit (&window, SECOND);
    window_acknowledge (&window, window.sent - 1, SECOND + 1);
    window_acknowledge (&window, window.sent, 3 * SECOND + 1);
    assert_int_equal (window.size, WINDOW_START * SECOND / (SECOND + 1));
}


//  Satellites are slow to answer, and quick

static void
a_delay_that_was_always_there_is_no_queue (void **state)
{
    (void) state;
    window_t window = s_open ();
    int64_t clock_ms = 0;
    for (int trips = 0; trips < 3; trips++)
        s_fill (&window, &clock_ms, 3 * SECOND);
    assert_int_equal (window.size, 8 * WINDOW_START);
}


static void
what_waits_for_long_makes_it_shrink_but_not_to_nothing (void **state)
{
    (void) state;
    window_t window = s_open ();
    int64_t clock_ms = 0;
    s_fill (&window, &clock_ms, 1);
    assert_int_equal (window.size, 2 * WINDOW_START);
    s_fill (&window, &clock_ms, 4 * SECOND + 1);
    assert_int_equal (window.size, WINDOW_START / 4);
    for (int trips = 0; trips < 10; trips++)
        s_fill (&window, &clock_ms, 60 * SECOND);
    assert_int_equal (window.size, WINDOW_LEAST);
    for (int trips = 0; trips < 3; trips++)
        s_fill (&window, &clock_ms, 1);
    assert_int_equal (window.size, 8 * WINDOW_LEAST);
}


static void
more_than_was_sent_is_not_believed (void **state)
{
    (void) state;
    window_t window = s_open ();
    window_send (&window, 1000, 0);
    window_acknowledge (&window, 1001, 1);
    assert_int_equal (window.taken, 0);
    window_acknowledge (&window, 600, 1);
    window_acknowledge (&window, 500, 1);
    assert_int_equal (window.taken, 600);
}


//  Bytes are counted from the start, so whatever arrives tells of what went
//  before

static void
what_is_lost_blocks_nothing_for_ever (void **state)
{
    (void) state;
    window_t here = s_open ();
    window_t there = s_open ();
    window_send (&here, WINDOW_START, 0);
    assert_int_equal (window_room (&here), 0);
    uint64_t before = here.sent;
    window_send (&here, 100, SECOND);
    window_hear (&there, before, 100);
    window_acknowledge (&here, window_tell (&there), SECOND);
    assert_int_equal (window_room (&here), here.size);
}


static void
what_comes_late_takes_nothing_back (void **state)
{
    (void) state;
    window_t window = s_open ();
    window_hear (&window, 500, 100);
    window_hear (&window, 100, 100);
    window_hear (&window, UINT64_MAX - 50, 100);
    assert_int_equal (window_tell (&window), 600);
}


static void
a_little_is_acknowledged_within_50_ms (void **state)
{
    (void) state;
    window_t window = s_open ();
    assert_false (window_is_due (&window, SECOND));
    window_hear (&window, 0, 100);
    window_owe (&window, false, 7);
    window_hear (&window, 100, 100);
    window_owe (&window, false, 40);
    assert_false (window_is_due (&window, 56));
    assert_true (window_is_due (&window, 57));
    window_tell (&window);
    assert_false (window_is_due (&window, SECOND));
}


static void
much_is_acknowledged_at_once (void **state)
{
    (void) state;
    window_t window = s_open ();
    window_hear (&window, 0, WINDOW_ACK_SIZE - 1);
    window_owe (&window, false, 7);
    assert_false (window_is_due (&window, 7));
    window_hear (&window, WINDOW_ACK_SIZE - 1, 1);
    window_owe (&window, false, 7);
    assert_true (window_is_due (&window, 7));
}


static void
who_waits_for_it_is_told_at_once (void **state)
{
    (void) state;
    window_t window = s_open ();
    window_hear (&window, 0, 100);
    window_owe (&window, true, 7);
    assert_true (window_is_due (&window, 7));
}


//  Late words of a dead process may have us meet it, and then the living one
//  again, which has counted what it got from us before

static void
who_is_met_again_is_believed (void **state)
{
    (void) state;
    window_t here = s_open ();
    window_t there = s_open ();
    window_send (&here, 5000, 0);
    window_hear (&there, 0, 5000);
    window_renew (&here);
    window_renew (&here);
    window_open (&here);
    uint64_t before = here.sent;
    window_send (&here, WINDOW_START, 0);
    window_hear (&there, before, WINDOW_START);
    window_acknowledge (&here, window_tell (&there), 1);
    assert_int_equal (window_room (&here), here.size);
}


//  Nobody knows what became of what was on its way when the link went down

static void
a_link_that_comes_up_begins_anew (void **state)
{
    (void) state;
    window_t window = s_open ();
    int64_t clock_ms = 0;
    for (int trips = 0; trips < 5; trips++)
        s_fill (&window, &clock_ms, 1);
    while (window_room (&window))
        window_send (&window, window_room (&window), clock_ms);
    window_open (&window);
    assert_int_equal (window_room (&window), WINDOW_START);
}


int
main (void)
{
    const struct CMUnitTest cases [] = {
        cmocka_unit_test (nothing_is_sent_beyond_the_window),
        cmocka_unit_test (a_little_room_is_none),
        cmocka_unit_test (a_quick_line_gets_more_with_each_round_trip),
        cmocka_unit_test (a_window_that_is_no_limit_does_not_grow),
        cmocka_unit_test (a_slow_line_is_sent_about_a_second_of_what_it_takes),
        cmocka_unit_test (a_delay_that_was_always_there_is_no_queue),
        cmocka_unit_test (
            what_waits_for_long_makes_it_shrink_but_not_to_nothing),
        cmocka_unit_test (more_than_was_sent_is_not_believed),
        cmocka_unit_test (what_is_lost_blocks_nothing_for_ever),
        cmocka_unit_test (what_comes_late_takes_nothing_back),
        cmocka_unit_test (a_little_is_acknowledged_within_50_ms),
        cmocka_unit_test (much_is_acknowledged_at_once),
        cmocka_unit_test (who_waits_for_it_is_told_at_once),
        cmocka_unit_test (a_small_message_does_not_prove_a_quick_line),
        cmocka_unit_test (who_is_met_again_is_believed),
        cmocka_unit_test (a_link_that_comes_up_begins_anew),
    };
    return cmocka_run_group_tests (cases, NULL, NULL);
}
