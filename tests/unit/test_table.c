/*  =========================================================================
    test_table - the newest location of every client

    The map by example: what is newer, who is known to have it, and what fits.
    =========================================================================
*/

#include "unit/table_case.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
s_expect (table_t *self, const char *line, int from, table_result_t result)
{
    assert_int_equal (table_case_put (self, line, from), result);
}


//  Return how often the table changed

static uint64_t
s_changes (table_t *self)
{
    return table_lsn (self) - TABLE_LSN_BASE;
}


static void
s_has (table_t *self, const char *client, const char *line)
{
    location_t location;
    assert_true (table_find (self, span_of (client), &location));
    assert_text (location.line, line);
    assert_text (location.client, client);
}


//  Return the record of the newest change

static table_record_t
s_newest (table_t *self)
{
    table_cursor_t cursor = table_cursor (self);
    table_record_t record;
    assert_true (table_seek (self, cursor, table_lsn (self) - 1, 1));
    assert_true (table_peek (self, cursor, &record));
    assert_int_equal (record.lsn, table_lsn (self));
    return record;
}


static void
an_empty_table_knows_nobody (void **state)
{
    location_t location;
    table_record_t record;
    assert_int_equal (table_count (*state), 0);
    assert_int_equal (table_lsn (*state), TABLE_LSN_BASE);
    assert_int_equal (digest_root (table_digest (*state)), 0);
    assert_false (table_find (*state, SPAN ("kiwi"), &location));
    assert_false (table_find (*state, SPAN (""), &location));
    table_cursor_t cursor = table_cursor (*state);
    assert_false (table_peek (*state, cursor, &record));
    assert_true (table_seek (*state, cursor, TABLE_LSN_BASE + 5, 1));
    assert_false (table_peek (*state, cursor, &record));
}


//  "giving the most recent location reported by the client": a later stamp
//  replaces an earlier one; an earlier one changes nothing

static void
keeps_the_newest (void **state)
{
    s_expect (*state, "AT Alford +0.100000000 kiwi +1+1 100.5", TABLE_DOOR,
        TABLE_STORED);
    uint64_t root = digest_root (table_digest (*state));
    s_expect (*state, "AT Ball +0.100000000 kiwi +2+2 100.51", 3, TABLE_STORED);
    assert_true (digest_root (table_digest (*state)) != root);
    root = digest_root (table_digest (*state));

    s_expect (*state, "AT Welsh +0.100000000 kiwi +3+3 99", 3, TABLE_OLDER);
    s_expect (
        *state, "AT Welsh +0.100000000 kiwi +3+3 99", TABLE_DOOR, TABLE_OLDER);
    s_expect (*state, "AT Ball +0.100000000 kiwi +2+2 100.51", 3, TABLE_SAME);
    assert_int_equal (table_count (*state), 1);
    assert_int_equal (s_changes (*state), 2);
    assert_true (digest_root (table_digest (*state)) == root);
    s_has (*state, "kiwi", "AT Ball +0.100000000 kiwi +2+2 100.51");
}


static void
clients_are_told_apart_by_every_byte (void **state)
{
    static const char *const lines [] = {"AT A +0.000000000 k +1+1 1",
        "AT A +0.000000000 ki +2+2 2", "AT A +0.000000000 K +3+3 3",
        "AT A +0.000000000 k. +4+4 4", "AT A +0.000000000 \xff +5+5 5",
        "AT A +0.000000000 +1+1 +6+6 6"};
    static const char *const clients [] = {
        "k", "ki", "K", "k.", "\xff", "+1+1"};
    for (size_t at = 0; at < COUNT (lines); at++)
        s_expect (*state, lines [at], 0, TABLE_STORED);
    for (size_t at = 0; at < COUNT (lines); at++)
        s_has (*state, clients [at], lines [at]);
    assert_int_equal (table_count (*state), COUNT (lines));
}


static void
the_line_is_copied (void **state)
{
    char line [] = "AT A +0.000000000 kiwi +1+1 1";
    table_case_put (*state, line, 0);
    memset (line, 'x', sizeof line);
    s_has (*state, "kiwi", "AT A +0.000000000 kiwi +1+1 1");
}


//  At the door an IAMAT whose stamp and location equal the stored ones is
//  answered but makes no new version

static void
at_the_door_a_repeated_message_is_no_news (void **state)
{
    table_case_put (*state, "AT A +0.100000000 kiwi +1+1 100", TABLE_DOOR);
    s_expect (
        *state, "AT A +0.200000000 kiwi +1+1 100", TABLE_DOOR, TABLE_SAME);
    s_expect (
        *state, "AT B +7.200000000 kiwi +1+1 100", TABLE_DOOR, TABLE_SAME);
    s_has (*state, "kiwi", "AT A +0.100000000 kiwi +1+1 100");
    assert_int_equal (s_changes (*state), 1);
}


static void
at_the_door_another_text_is_news (void **state)
{
    table_case_put (*state, "AT A +0.100000000 kiwi +1+1 100", TABLE_DOOR);
    s_expect (
        *state, "AT A +0.200000000 kiwi +1+1 100.0", TABLE_DOOR, TABLE_STORED);
    s_expect (
        *state, "AT A +0.300000000 kiwi +1+2 100.0", TABLE_DOOR, TABLE_STORED);
}


//  Two servers told at once: peers agree by the whole order

static void
from_a_peer_a_later_hearing_is_news (void **state)
{
    table_case_put (*state, "AT A +0.100000000 kiwi +1+1 100", TABLE_DOOR);
    s_expect (*state, "AT A +0.200000000 kiwi +1+1 100", 0, TABLE_STORED);
    s_expect (*state, "AT B +0.100000000 kiwi +1+1 100", 0, TABLE_OLDER);
    s_has (*state, "kiwi", "AT A +0.200000000 kiwi +1+1 100");
}


//  A set of bits, set only when the peer sent it to us, cleared when the
//  record changes

static void
who_sent_a_record_is_known_to_have_it (void **state)
{
    const char *line = "AT A +0.000000000 kiwi +1+1 100";
    table_case_put (*state, line, 0);
    assert_int_equal (s_newest (*state).known, 1);
    s_expect (*state, line, 63, TABLE_SAME);
    assert_int_equal (s_newest (*state).known, 1 | (uint64_t) 1 << 63);
    s_expect (*state, line, TABLE_DOOR, TABLE_SAME);
    assert_int_equal (s_newest (*state).known, 1 | (uint64_t) 1 << 63);

    table_case_put (*state, "AT A +0.000000000 kiwi +1+1 99", 5);
    assert_int_equal (s_newest (*state).known, 1 | (uint64_t) 1 << 63);
    table_case_put (*state, "AT A +0.000000000 kiwi +1+1 101", 2);
    assert_int_equal (s_newest (*state).known, 4);
    table_case_put (*state, "AT A +0.000000000 kiwi +1+1 102", TABLE_DOOR);
    assert_int_equal (s_newest (*state).known, 0);
    assert_int_equal (s_changes (*state), 3);
}


//  A line that does not fit where the old one stood goes elsewhere

static void
a_line_may_grow_and_shrink (void **state)
{
    static const int decimals [] = {1, 2, 9, 30, 1, 90, 120, 2, 119};
    char line [200];
    for (int at = 0; at < (int) COUNT (decimals); at++) {
        table_case_put (*state, "AT A +0.000000000 other +1+1 5", 0);
        snprintf (line, sizeof line, "AT A +0.000000000 kiwi +1+1.%0*d %d",
            decimals [at], 0, 100 + at);
        s_expect (*state, line, 0, TABLE_STORED);
        s_has (*state, "kiwi", line);
        s_has (*state, "other", "AT A +0.000000000 other +1+1 5");
    }

    //  What one line no longer needs serves for the next
    size_t size = table_size (*state);
    for (int at = 0; at < 100; at++) {
        snprintf (line, sizeof line, "AT A +0.000000000 kiwi +1+1.%0*d %d",
            at % 2 ? 120 : 30, 0, 200 + at);
        s_expect (*state, line, 0, TABLE_STORED);
    }
    assert_int_equal (table_size (*state), size);
}


//  Write the line of one of many clients

static const char *
s_line (char *line, int client, int stamp)
{
    snprintf (
        line, 80, "AT A +0.000000000 c%06d +1+1 %d", client, 1000 + stamp);
    return line;
}


//  The client of that number has that stamp

static void
s_has_stamp (table_t *self, int client, int stamp)
{
    char name [80];
    char line [80];
    snprintf (name, sizeof name, "c%06d", client);
    s_has (self, name, s_line (line, client, stamp));
}


static void
thousands_of_clients_are_found (void **state)
{
    char line [80];
    for (int at = 0; at < 5000; at++)
        s_expect (*state, s_line (line, at, at % 7), TABLE_DOOR, TABLE_STORED);
    assert_int_equal (table_count (*state), 5000);
    for (int at = 0; at < 5000; at++)
        s_has_stamp (*state, at, at % 7);
    location_t location;
    assert_false (table_find (*state, SPAN ("c005000"), &location));
}


//  Fill up with new clients; return how many there was room for

static int
s_fill (table_t *self, size_t size_max)
{
    char line [80];
    int count = 0;
    while (table_case_put (self, s_line (line, count, 0), 0) == TABLE_STORED) {
        assert_true (table_size (self) <= size_max);
        count++;
    }
    s_expect (self, line, 0, TABLE_FULL);
    return count;
}


//  "an empty table that holds at most size_max bytes"

static void
an_table_holds_no_more_than_it_may (void **state)
{
    (void) state;
    for (size_t size_max = 10000; size_max < 170000; size_max += 997) {
        table_t *table = table_case_new (size_max);
        int count = s_fill (table, size_max);
        assert_true ((size_t) count * 160 > size_max - 10000);
        assert_int_equal (table_count (table), count);
        assert_int_equal (s_changes (table), count);
        table_destroy (&table);
    }
}


//  New ids refused with a clear reason, known ones updated

static void
a_full_table_still_updates_whom_it_knows (void **state)
{
    (void) state;
    table_t *table = table_case_new (50000);
    int count = s_fill (table, 50000);
    uint64_t root = digest_root (table_digest (table));
    for (int at = 0; at < count; at += 7) {
        char line [80];
        s_expect (table, s_line (line, at, 1), TABLE_DOOR, TABLE_STORED);
        s_has_stamp (table, at, 1);
    }
    assert_true (digest_root (table_digest (table)) != root);
    assert_int_equal (table_count (table), count);
    s_expect (table, "AT A +0.000000000 newcomer +2+2 101", 0, TABLE_FULL);
    table_destroy (&table);
}


//  Known clients may grow into an extra eighth, no further; and who does not
//  fit into that stays where it was

static void
a_full_table_keeps_an_eighth_for_whom_it_knows (void **state)
{
    (void) state;
    size_t size_max = 80000;
    table_t *table = table_case_new (size_max);
    int count = s_fill (table, size_max);
    table_result_t result = TABLE_STORED;
    uint64_t root = 0;
    int moved = -1;
    while (result == TABLE_STORED && ++moved < count) {
        char line [200];
        snprintf (line, sizeof (line),
            "AT A +0.000000000 c%06d +1+1.%0120d 1001", moved, 0);
        root = digest_root (table_digest (table));
        result = table_case_put (table, line, TABLE_DOOR);
        assert_true (table_size (table) <= size_max + size_max / 8);
    }
    assert_int_equal (result, TABLE_FULL);
    assert_true (moved > 20 && table_size (table) > size_max);
    s_has_stamp (table, moved, 0);
    assert_int_equal (s_changes (table), count + moved);
    assert_true (digest_root (table_digest (table)) == root);
    s_expect (table, "AT A +0.000000000 newcomer +2+2 101", 0, TABLE_FULL);
    assert_int_equal (table_count (table), count);
    table_destroy (&table);
}


//  What was loaded in bulk is no change, but for a client that was known

static void
what_is_loaded_is_no_change (void **state)
{
    location_t location = spans_location ("AT A +0.000000000 kiwi +1+1 100");
    assert_int_equal (table_load (*state, &location, 5), TABLE_STORED);
    assert_int_equal (s_changes (*state), 0);
    assert_int_equal (table_load (*state, &location, 6), TABLE_SAME);
    table_record_t record;
    table_cursor_t cursor = table_cursor (*state);
    assert_true (table_peek (*state, cursor, &record));
    assert_int_equal (record.lsn, TABLE_LSN_BASE);
    assert_int_equal (record.known, 1 << 5 | 1 << 6);

    location = spans_location ("AT A +0.000000000 kiwi +1+1 101");
    assert_int_equal (table_load (*state, &location, 5), TABLE_STORED);
    assert_int_equal (s_changes (*state), 1);
    assert_int_equal (s_newest (*state).known, 1 << 5);
    location = spans_location ("AT A +0.000000000 kiwi +1+1 99");
    assert_int_equal (table_load (*state, &location, 5), TABLE_OLDER);
    assert_int_equal (table_count (*state), 1);
}


static void
who_is_dropped_is_not_known (void **state)
{
    location_t location;
    table_case_put (*state, "AT A +0.000000000 kiwi +1+1 100", TABLE_DOOR);
    table_case_put (*state, "AT A +0.000000000 plum +1+1 100", TABLE_DOOR);
    table_drop (*state, SPAN ("fig"));
    assert_int_equal (table_count (*state), 2);
    table_drop (*state, SPAN ("kiwi"));
    assert_int_equal (table_count (*state), 1);
    assert_int_equal (s_changes (*state), 2);
    assert_false (table_find (*state, SPAN ("kiwi"), &location));
    s_has (*state, "plum", "AT A +0.000000000 plum +1+1 100");
    s_expect (*state, "AT A +0.000000000 kiwi +1+1 99", 0, TABLE_STORED);
}


//  POSIX seconds of when it was heard, not of the client's stamp

static void
below_the_floor_nothing_is_taken (void **state)
{
    table_set_floor (*state, 1000);
    s_expect (*state, "AT A +899.999999999 a +1+1 100", 0, TABLE_EXPIRED);
    s_expect (*state, "AT A +900.000000000 b +1+1 100", 0, TABLE_STORED);
    s_expect (*state, "AT A -1000.000000001 c +1+1 2000", 0, TABLE_EXPIRED);
    s_expect (*state, "AT A +0.000000000 d +1+1 5", TABLE_DOOR, TABLE_EXPIRED);
    location_t location = spans_location ("AT A +0.000000000 e +1+1 999");
    assert_int_equal (table_load (*state, &location, 0), TABLE_EXPIRED);
    assert_int_equal (table_count (*state), 1);
    assert_int_equal (s_changes (*state), 1);
}


#define CASE(name)                                                             \
    cmocka_unit_test_setup_teardown (                                          \
        name, table_case_set_up, table_case_tear_down)

int
main (void)
{
    const struct CMUnitTest cases [] = {
        CASE (an_empty_table_knows_nobody),
        CASE (keeps_the_newest),
        CASE (clients_are_told_apart_by_every_byte),
        CASE (the_line_is_copied),
        CASE (at_the_door_a_repeated_message_is_no_news),
        CASE (at_the_door_another_text_is_news),
        CASE (from_a_peer_a_later_hearing_is_news),
        CASE (who_sent_a_record_is_known_to_have_it),
        CASE (a_line_may_grow_and_shrink),
        CASE (thousands_of_clients_are_found),
        cmocka_unit_test (an_table_holds_no_more_than_it_may),
        cmocka_unit_test (a_full_table_still_updates_whom_it_knows),
        cmocka_unit_test (a_full_table_keeps_an_eighth_for_whom_it_knows),
        CASE (what_is_loaded_is_no_change),
        CASE (who_is_dropped_is_not_known),
        CASE (below_the_floor_nothing_is_taken),
    };
    return cmocka_run_group_tests (cases, NULL, NULL);
}
