/*  =========================================================================
    test_flood - keeping the tables of peers equal

    Two or three floods, wired by hand: how changes stream, and how what was
    lost is made up for.  Links are in test_flood_link, and messages that should
    not have come in test_flood_door.
    =========================================================================
*/

#include "unit/chance.h"
#include "unit/relay.h"

#include <stdio.h>
#include <string.h>

#define KIWI "AT Alford +0.000000000 kiwi +1+1 100"


static void
a_change_reaches_the_peer_at_once (void **state)
{
    relay_t *self = *state;
    relay_settle (self);
    relay_put (self, ALFORD, KIWI);
    relay_turn (self);
    assert_true (relay_agrees (self));
    assert_string_equal (self->wires [ALFORD][BALL].batch, KIWI "\n");
    assert_int_equal (relay_link (self, ALFORD, BALL).records_out, 1);
    assert_int_equal (relay_link (self, BALL, ALFORD).records_new, 1);
}


//  "the other servers will learn of the location after one or two interserver
//  transmissions"

static void
a_change_goes_on_to_the_peers_peer (void **state)
{
    relay_t *self = *state;
    relay_settle (self);
    relay_put (self, ALFORD, KIWI);
    relay_turn (self);
    assert_true (relay_agrees (self));
    assert_string_equal (self->wires [BALL][HOLIDAY].batch, KIWI "\n");
}


//  Split horizon: who sent it to us is known to have it

static void
a_change_is_not_sent_back (void **state)
{
    relay_t *self = *state;
    relay_settle (self);
    relay_put (self, ALFORD, KIWI);
    relay_run (self, 10000);
    assert_int_equal (self->wires [ALFORD][BALL].records, 1);
    assert_int_equal (self->wires [BALL][ALFORD].records, 0);
    assert_int_equal (relay_link (self, BALL, ALFORD).behind, 0);
    assert_int_equal (relay_link (self, BALL, ALFORD).rewinds, 0);
}


//  Copies of one update on V servers and E links: at most 2E - (V - 1)

static void
in_a_triangle_a_change_is_sent_four_times_at_most (void **state)
{
    relay_t *self = *state;
    relay_settle (self);
    relay_put (self, ALFORD, KIWI);
    relay_run (self, 10000);
    size_t copies = 0;
    for (unsigned one = 0; one < 3; one++)
        for (unsigned other = 0; other < 3; other++)
            copies += self->wires [one][other].records;
    assert_true (relay_agrees (self));
    assert_true (copies >= 2 && copies <= 4);
}


//  Whatever came in during one turn leaves as one message, and of a client only
//  the newest

static void
changes_of_one_turn_leave_as_one_message (void **state)
{
    relay_t *self = *state;
    relay_settle (self);
    for (int stamp = 0; stamp < 20; stamp++)
        relay_put_many (self, ALFORD, 10, 100 + stamp);
    relay_turn (self);
    assert_int_equal (self->wires [ALFORD][BALL].batches, 1);
    assert_int_equal (self->wires [ALFORD][BALL].records, 10);
    assert_null (strstr (self->wires [ALFORD][BALL].batch, " 118\n"));
    assert_true (relay_agrees (self));
}


//  A peer acknowledges by telling in its next STATE how far it has our log

static void
what_arrived_is_acknowledged (void **state)
{
    relay_t *self = *state;
    relay_settle (self);
    relay_put_many (self, ALFORD, 10, 100);
    assert_int_equal (relay_link (self, ALFORD, BALL).behind, 10);
    relay_turn (self);
    assert_int_equal (relay_link (self, ALFORD, BALL).behind, 10);
    relay_run (self, 1100);
    assert_int_equal (relay_link (self, ALFORD, BALL).behind, 0);
    relay_run (self, 10000);
    assert_int_equal (relay_link (self, ALFORD, BALL).rewinds, 0);
    assert_int_equal (self->wires [ALFORD][BALL].records, 10);
    assert_story (self->members [ALFORD].effects, "");
    assert_story (self->members [BALL].effects, "");
}


//  Who comes back with nothing lacks what there is, and not what there was

static void
a_peer_is_behind_by_no_more_than_the_table (void **state)
{
    relay_t *self = *state;
    relay_settle (self);
    relay_put_many (self, ALFORD, 10, 100);
    relay_put_many (self, ALFORD, 10, 200);
    size_t size = table_count (self->members [ALFORD].table);
    assert_int_equal (relay_link (self, ALFORD, BALL).behind, size);
    relay_run (self, 2000);
    relay_restart (self, BALL, RELAY_KEY);
    uint64_t most = 0;
    for (int count = 0; count < 200; count++) {
        uint64_t behind = relay_link (self, ALFORD, BALL).behind;
        most = behind > most ? behind : most;
        relay_turn (self);
        relay_run (self, 10);
    }
    assert_int_equal (most, size);
    assert_int_equal (relay_link (self, ALFORD, BALL).behind, 0);
}


//  A gap in the stream is complained of; the stream goes back to before it

static void
a_lost_message_is_sent_again (void **state)
{
    relay_t *self = *state;
    relay_settle (self);
    relay_lose (self, ALFORD, BALL, true);
    relay_put (self, ALFORD, KIWI);
    relay_turn (self);
    relay_lose (self, ALFORD, BALL, false);
    relay_put (self, ALFORD, "AT Alford +0.000000000 plum +1+1 100");
    relay_turn (self);
    assert_int_equal (relay_link (self, BALL, ALFORD).naks, 1);
    relay_run (self, 100);
    assert_true (relay_agrees (self));
    assert_int_equal (relay_link (self, ALFORD, BALL).rewinds, 1);
    assert_story (self->members [ALFORD].effects,
        "* stream to Ball goes back from 1000000000002 to "
        "1000000000000\n");
    relay_run (self, 10000);
    assert_int_equal (relay_link (self, BALL, ALFORD).naks, 1);
    assert_int_equal (relay_link (self, ALFORD, BALL).behind, 0);
    assert_int_equal (self->wires [ALFORD][BALL].records, 4);
}


static void
a_lost_message_shows_in_the_next_heartbeat (void **state)
{
    relay_t *self = *state;
    relay_settle (self);
    relay_lose (self, ALFORD, BALL, true);
    relay_put (self, ALFORD, KIWI);
    relay_turn (self);
    relay_lose (self, ALFORD, BALL, false);
    relay_run (self, 1200);
    assert_true (relay_agrees (self));
}


//  The stream goes on at the cost of the distinct changed records

static void
a_link_that_comes_back_resumes_where_it_was (void **state)
{
    relay_t *self = *state;
    relay_put_many (self, ALFORD, 500, 100);
    relay_settle (self);
    relay_cut (self, ALFORD, BALL);
    for (int stamp = 101; stamp < 150; stamp++)
        relay_put_many (self, ALFORD, 10, stamp);
    relay_run (self, 30000);
    assert_story (self->members [ALFORD].effects,
        "* link to Ball down: connection lost\n");
    relay_forget (self);
    relay_mend (self, ALFORD, BALL);
    relay_run (self, 1000);
    assert_true (relay_agrees (self));
    assert_int_equal (self->wires [ALFORD][BALL].records, 10);
    assert_int_equal (self->wires [BALL][ALFORD].records, 0);
    assert_story (self->members [ALFORD].effects,
        "* link to Ball up\n"
        "* resync to Ball starts: 490 changes\n"
        "* resync to Ball done: 10 records\n");
    assert_int_equal (relay_notes (self, BALL, "link to Alford up"), 1);
    assert_int_equal (relay_notes (self, BALL, "down"), 0);
}


static void
both_sides_of_a_cut_are_joined (void **state)
{
    relay_t *self = *state;
    relay_settle (self);
    relay_cut (self, ALFORD, BALL);
    relay_put_many (self, ALFORD, 20, 100);
    relay_put_many (self, BALL, 10, 101);
    relay_put_many (self, HOLIDAY, 30, 99);
    relay_run (self, 5000);
    assert_false (relay_agrees (self));
    relay_mend (self, ALFORD, BALL);
    relay_run (self, 2000);
    assert_true (relay_agrees (self));
    assert_int_equal (table_count (self->members [ALFORD].table), 30);
}


//  A server that was away knows everything again within moments of coming back

static void
a_server_that_starts_anew_gets_the_whole_table (void **state)
{
    relay_t *self = *state;
    relay_put_many (self, ALFORD, 300, 100);
    relay_settle (self);
    relay_restart (self, BALL, RELAY_KEY);
    relay_run (self, 1500);
    assert_true (relay_agrees (self));
    assert_int_equal (table_count (self->members [BALL].table), 300);
    assert_int_equal (self->wires [ALFORD][BALL].records, 300);
    assert_story (self->members [ALFORD].effects,
        "* link to Ball down: connection lost\n"
        "* link to Ball up\n"
        "* resync to Ball starts: all 300 clients\n"
        "* resync to Ball done: 300 records\n");
}


//  What it had in an earlier life does not count

static void
a_server_gets_back_what_it_once_sent (void **state)
{
    relay_t *self = *state;
    relay_settle (self);
    relay_put_many (self, BALL, 40, 100);
    relay_run (self, 2000);
    assert_int_equal (self->wires [ALFORD][BALL].records, 0);
    relay_restart (self, BALL, RELAY_KEY);
    relay_run (self, 1500);
    assert_true (relay_agrees (self));
    assert_int_equal (table_count (self->members [BALL].table), 40);
}


//  Messages of a process that ended may come after those of its successor

static const char s_late_batch [] =
    "ZHERD/2 AAAAAAAABI0 Ball AAAAAAAAAAC AAAAAAAAAAB 0 0 "
    "BATCH 1000000000000 1 0 1000000000000\n"
    "AT Ball +0.000000000 plum +1+1 100\n";

static const char s_late_state [] =
    "ZHERD/2 AAAAAAAABI0 Ball AAAAAAAAAAC AAAAAAAAAAB 0 0 "
    "STATE 1000000000000 0 7 1000000000001 9 "
    "AAAAAAAAAAA 0 leaving\n";


//  While a link is up, no other process speaks for the peer

static void
a_late_message_of_an_earlier_life_is_refused (void **state)
{
    relay_t *self = *state;
    relay_settle (self);
    for (uint64_t lives = 0; lives < 2; lives++) {
        relay_restart (self, BALL, RELAY_KEY);
        relay_settle (self);
        relay_receive (self, ALFORD, SPAN (s_late_batch));
        relay_receive (self, ALFORD, SPAN (s_late_state));
        assert_int_equal (
            flood_refused (self->members [ALFORD].flood), 2 * lives + 2);
        assert_int_equal (table_count (self->members [ALFORD].table), 0);
        assert_true (relay_link (self, ALFORD, BALL).up);
    }
    relay_put (self, ALFORD, KIWI);
    relay_run (self, 100);
    assert_true (relay_agrees (self));
}


//  What it brings is good; but that it had it then does not count

static void
a_late_message_of_an_earlier_life_proves_nothing (void **state)
{
    relay_t *self = *state;
    relay_settle (self);
    for (int lives = 0; lives < 2; lives++) {
        relay_restart (self, BALL, RELAY_KEY);
        relay_settle (self);
    }
    relay_cut (self, ALFORD, BALL);
    relay_receive (self, ALFORD, SPAN (s_late_batch));
    relay_mend (self, ALFORD, BALL);
    relay_run (self, 100);
    assert_int_equal (flood_refused (self->members [ALFORD].flood), 0);
    assert_int_equal (table_count (self->members [ALFORD].table), 1);
    assert_int_equal (self->wires [ALFORD][BALL].records, 1);
    assert_true (relay_agrees (self));
}


//  Who it was then seems to be the latest; not for longer than it is heard

static void
a_late_state_is_believed_for_3_beats_at_most (void **state)
{
    relay_t *self = *state;
    relay_settle (self);
    for (int lives = 0; lives < 2; lives++) {
        relay_restart (self, BALL, RELAY_KEY);
        relay_settle (self);
    }
    relay_cut (self, ALFORD, BALL);
    relay_receive (self, ALFORD, SPAN (s_late_state));
    relay_mend (self, ALFORD, BALL);
    relay_put (self, ALFORD, KIWI);
    relay_put (self, BALL, "AT Ball +0.000000000 plum +1+1 100");
    relay_run (self, 5000);
    assert_true (relay_link (self, ALFORD, BALL).up);
    assert_true (relay_link (self, BALL, ALFORD).up);
    assert_true (relay_agrees (self));
}


//  Its end was not noticed: the new process must wait until the old one has not
//  been heard for three beats

static void
a_server_may_start_anew_unnoticed (void **state)
{
    relay_t *self = *state;
    relay_settle (self);
    relay_put_many (self, ALFORD, 300, 100);
    relay_run (self, 1000);
    relay_replace (self, BALL, RELAY_KEY);
    relay_run (self, 2000);
    assert_int_equal (table_count (self->members [BALL].table), 0);
    relay_run (self, 3500);
    assert_true (relay_link (self, ALFORD, BALL).up);
    assert_int_equal (table_count (self->members [BALL].table), 300);
    assert_true (relay_agrees (self));
}


//  A body is closed before it grows beyond 64 KiB

static void
messages_are_bounded (void **state)
{
    relay_t *self = *state;
    relay_settle (self);
    relay_put_many (self, ALFORD, 5000, 100);
    relay_turn (self);
    const wire_t *wire = &self->wires [ALFORD][BALL];
    assert_true (relay_agrees (self));
    assert_int_equal (wire->records, 5000);
    assert_true (wire->batches >= 3);
    assert_true (wire->body_max <= MESSAGE_BODY_SIZE_MAX);
    assert_true (wire->body_max > MESSAGE_BODY_SIZE_MAX - 100);
    assert_true (wire->size_max <= MESSAGE_SIZE_MAX);
}


static void
the_longest_client_travels (void **state)
{
    relay_t *self = *state;
    char line [LOCATION_LINE_SIZE_MAX];
    snprintf (line, sizeof (line), "AT Alford +0.000000000 %0*d +1+1 100",
        LOCATION_CLIENT_SIZE_MAX, 0);
    relay_settle (self);
    relay_put (self, ALFORD, line);
    relay_turn (self);
    assert_true (relay_agrees (self));
    assert_int_equal (table_count (self->members [BALL].table), 1);
}


//  Anything may go wrong; once it does not any more, all agree

static void
after_any_faults_all_agree (void **state)
{
    relay_t *self = *state;
    chance_t chance = chance_new (2328);
    for (int round = 0; round < 400; round++) {
        unsigned one = (unsigned) chance_below (&chance, 3);
        unsigned other = (one + 1 + (unsigned) chance_below (&chance, 2)) % 3;
        switch (chance_below (&chance, 8)) {
        case 0:
            relay_cut (self, one, other);
            break;
        case 1:
        case 2:
            relay_mend (self, one, other);
            break;
        case 3:
            relay_lose (self, one, other, chance_below (&chance, 3) == 0);
            break;
        case 4:
            if (chance_below (&chance, 8) == 0)
                relay_restart (self, one, RELAY_KEY);
            break;
        default:
            relay_put_many (self, one, (int) chance_below (&chance, 20),
                (int) chance_below (&chance, 1000));
        }
        relay_run (self, (int64_t) chance_below (&chance, 40) * 10);
        relay_forget (self);
    }
    relay_mend (self, ALFORD, BALL);
    relay_mend (self, BALL, HOLIDAY);
    relay_mend (self, HOLIDAY, ALFORD);
    relay_run (self, 8000);
    assert_true (relay_agrees (self));
}


//  Seen by the memory that cells take; whoever asks has little left to do

static void
who_moved_is_put_into_cells_on_the_next_tick (void **state)
{
    relay_t *self = *state;
    table_t *table = self->members [ALFORD].table;
    table_keep_near (table);
    relay_put_many (self, ALFORD, 100, 1);
    size_t before = table_size (table);
    relay_step (self, EVENT_TICK, ALFORD, ALFORD);
    assert_true (table_size (table) > before);
}


int
main (void)
{
    const struct CMUnitTest cases [] = {
        PAIR (a_change_reaches_the_peer_at_once),
        ROW (a_change_goes_on_to_the_peers_peer),
        PAIR (a_change_is_not_sent_back),
        TRIANGLE (in_a_triangle_a_change_is_sent_four_times_at_most),
        PAIR (changes_of_one_turn_leave_as_one_message),
        PAIR (what_arrived_is_acknowledged),
        PAIR (a_peer_is_behind_by_no_more_than_the_table),
        PAIR (a_lost_message_is_sent_again),
        PAIR (a_lost_message_shows_in_the_next_heartbeat),
        PAIR (a_link_that_comes_back_resumes_where_it_was),
        ROW (both_sides_of_a_cut_are_joined),
        PAIR (a_server_that_starts_anew_gets_the_whole_table),
        PAIR (a_server_gets_back_what_it_once_sent),
        PAIR (a_late_message_of_an_earlier_life_is_refused),
        PAIR (a_server_may_start_anew_unnoticed),
        PAIR (a_late_state_is_believed_for_3_beats_at_most),
        PAIR (a_late_message_of_an_earlier_life_proves_nothing),
        PAIR (messages_are_bounded),
        PAIR (the_longest_client_travels),
        TRIANGLE (after_any_faults_all_agree),
        PAIR (who_moved_is_put_into_cells_on_the_next_tick),
    };
    return cmocka_run_group_tests (cases, NULL, NULL);
}
