/*  =========================================================================
    test_flood_window - keeping the tables of peers equal: its pace

    Alford alone, with messages made by hand in Ball's name, and what it says to
    them, all of which is lost.
    =========================================================================
*/

#include "unit/ball.h"

#include "wire/window.h"


//  Whoever runs the herd is to know which is to be renewed
static void
another_version_is_refused_and_both_are_named (void **state)
{
    relay_t *self = *state;
    for (int times = 0; times < 3; times++)
        ball_says (self, "ZHERD/1 AAAAAAAABI0 Ball AAAAAAAAAC7 AAAAAAAAAAB "
                         "STATE " LSN "0 0 0 " LSN "0 0 AAAAAAAAAAA 0 -\n");
    assert_story (self->members [ALFORD].effects,
        "* refused a message of ZHERD/1: this server speaks ZHERD/2, 1 so "
        "far\n");
    assert_int_equal (flood_refused (self->members [ALFORD].flood), 3);
    assert_int_equal (relay_link (self, ALFORD, BALL).messages_in, 0);
}


//  Alford says no more than the line takes, and what is taken is told by any
//  message

static void
what_is_not_acknowledged_fills_the_window (void **state)
{
    relay_t *self = *state;
    const flood_t *flood = self->members [ALFORD].flood;
    ball_says_state (self, 0, "settled");
    relay_put_many (self, ALFORD, 2000, 100);
    relay_forget (self);
    relay_turn (self);
    const wire_t *wire = &self->wires [ALFORD][BALL];
    assert_in_range (wire->bytes, WINDOW_START / 2, WINDOW_START + 1024);
    assert_true (wire->body_max <= WINDOW_START);
    assert_false (flood_has_next (flood, 0, self->clock_ms));
    ball_says (self, BALL_SAYS "BATCH " LSN "0 0 0 " LSN "0\n");
    assert_true (flood_has_next (flood, 0, self->clock_ms));
    relay_turn (self);
    assert_true (wire->bytes > WINDOW_START + 1024);
}


//  ... at once, if there is more to come

static void
an_empty_batch_acknowledges (void **state)
{
    relay_t *self = *state;
    const flood_t *flood = self->members [ALFORD].flood;
    ball_says_state (self, 0, "settled");
    relay_run (self, 500);
    relay_forget (self);
    ball_says (self, BALL_SAYS "BATCH " LSN "0 1 0 " LSN "0\n" BALL_KIWI "\n");
    assert_int_equal (relay_pass (self), 0);
    ball_says (self, BALL_SAYS "BATCH " LSN "1 1 5 " LSN "0\n" BALL_PLUM "\n");
    assert_true (flood_has_next (flood, 0, self->clock_ms));
    message_t message;
    message_parse (
        &message, flood_next (self->members [ALFORD].flood, 0, self->clock_ms,
                      self->buffer, self->members [ALFORD].effects));
    assert_int_equal (message.kind, MESSAGE_BATCH);
    assert_int_equal (message.body.size, 0);
    assert_int_equal (message.got, TABLE_LSN_BASE + 2);
    assert_true (message.taken > 0);
}


int
main (void)
{
    const struct CMUnitTest cases [] = {
        BALL_CASE (another_version_is_refused_and_both_are_named),
        BALL_CASE (what_is_not_acknowledged_fills_the_window),
        BALL_CASE (an_empty_batch_acknowledges),
    };
    return cmocka_run_group_tests (cases, NULL, NULL);
}
