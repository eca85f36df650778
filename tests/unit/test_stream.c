/*  =========================================================================
    test_stream - the changes of one server on their way to one peer

    Our stream against a table that changes, and the peer's by the
    numbers alone.
    =========================================================================
*/

#include "unit/chance.h"
#include "unit/spans.h"

#include "wire/message.h"
#include "wire/stream.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

//  The peer of the stream under test
#define NEIGHBOUR 7
#define BASE TABLE_LSN_BASE

typedef struct {
    table_t *table;
    stream_t stream;
    char *buffer;
} case_t;

static case_t s_case;


static int
s_setup (void **state)
{
    s_case.table = table_new (
        (const unsigned char *) "0123456789abcdef", (size_t) 1 << 30);
    s_case.buffer = malloc (MESSAGE_BODY_SIZE_MAX);
    assert_non_null (s_case.buffer);
    stream_init (&s_case.stream, s_case.table, NEIGHBOUR);
    *state = &s_case;
    return 0;
}


static int
s_teardown (void **state)
{
    case_t *self = *state;
    table_destroy (&self->table);
    free (self->buffer);
    return 0;
}


static void
s_put (case_t *self, int client, int stamp, int from)
{
    char line [80];
    snprintf (
        line, sizeof (line), "AT A +0.000000000 c%d +1+1 %d", client, stamp);
    location_t location = spans_location (line);
    table_put (self->table, &location, from);
}


static void
s_load (case_t *self, int client, int from)
{
    char line [80];
    snprintf (line, sizeof (line), "AT A +0.000000000 c%d +1+1 1", client);
    location_t location = spans_location (line);
    assert_int_equal (table_load (self->table, &location, from), TABLE_STORED);
}


//  The stream writes just this

static void
s_writes (case_t *self, const char *text)
{
    uint64_t records = 0;
    size_t size = stream_write (
        &self->stream, MESSAGE_BODY_SIZE_MAX, self->buffer, &records);
    assert_span (((span_t){self->buffer, size}), span_of (text));
    uint64_t lines = 0;
    for (; *text; text++)
        lines += *text == '\n';
    assert_int_equal (records, lines);
    assert_false (stream_has_next (&self->stream));
    assert_int_equal (self->stream.position, table_lsn (self->table));
}


static void
changes_are_written_once_in_their_order (void **state)
{
    case_t *self = *state;
    stream_seek (&self->stream, BASE, 0);
    s_writes (self, "");
    s_put (self, 1, 100, TABLE_DOOR);
    s_put (self, 2, 100, 3);
    assert_true (stream_has_next (&self->stream));
    s_writes (self, "AT A +0.000000000 c1 +1+1 100\n"
                    "AT A +0.000000000 c2 +1+1 100\n");
    s_writes (self, "");
}


//  Superseded versions vanish by themselves

static void
of_a_client_only_the_newest_is_written (void **state)
{
    case_t *self = *state;
    stream_seek (&self->stream, BASE, 0);
    s_put (self, 1, 100, TABLE_DOOR);
    s_put (self, 2, 100, TABLE_DOOR);
    s_put (self, 1, 101, TABLE_DOOR);
    s_writes (self, "AT A +0.000000000 c2 +1+1 100\n"
                    "AT A +0.000000000 c1 +1+1 101\n");
}


//  Of whom the peer hears, who sent us this line of its own; but not its lines
//  that others sent, nor others' lines that it sent, nor those of before

static void
lines_that_the_peer_hears_elsewhere_are_left_out (void **state)
{
    case_t *self = *state;
    const char *names [TABLE_PEERS_MAX] = {
        [NEIGHBOUR - 2] = "Ab", [NEIGHBOUR - 1] = "A"};
    stream_seek (&self->stream, BASE, 0);
    s_put (self, 1, 100, NEIGHBOUR - 1);
    self->stream.names = names;
    self->stream.spared = 3 << (NEIGHBOUR - 2);
    self->stream.spared_from = table_lsn (self->table);
    self->stream.spared_by = 99;
    s_writes (self, "AT A +0.000000000 c1 +1+1 100\n");
    assert_int_equal (self->stream.left_by, 0);

    s_put (self, 2, 100, NEIGHBOUR - 1);
    stream_pass (&self->stream);
    assert_false (stream_has_next (&self->stream));
    s_put (self, 3, 100, NEIGHBOUR - 2);
    stream_pass (&self->stream);
    assert_true (stream_has_next (&self->stream));
    s_put (self, 2, 102, NEIGHBOUR - 1);
    s_put (self, 4, 100, NEIGHBOUR + 1);
    s_put (self, 5, 100, TABLE_DOOR);
    s_writes (self, "AT A +0.000000000 c3 +1+1 100\n"
                    "AT A +0.000000000 c4 +1+1 100\n"
                    "AT A +0.000000000 c5 +1+1 100\n");
    assert_int_equal (self->stream.left_by, 99);

    //  Another request does not say that the first lines were left out by it
    self->stream.spared_by = 100;
    s_put (self, 2, 103, NEIGHBOUR - 1);
    s_writes (self, "");
    assert_int_equal (self->stream.left_by, 99);
    stream_seek (&self->stream, table_lsn (self->table) - 1, 0);
    assert_int_equal (self->stream.left_by, 0);
    stream_pass (&self->stream);
    assert_true (stream_has_next (&self->stream));
    s_writes (self, "");
}


//  Split horizon: what it sent us is not written; but what others sent is

static void
what_the_peer_has_is_left_out (void **state)
{
    case_t *self = *state;
    stream_seek (&self->stream, BASE, 0);
    s_put (self, 1, 100, NEIGHBOUR);
    s_put (self, 2, 100, NEIGHBOUR - 1);
    s_put (self, 3, 100, NEIGHBOUR);
    s_writes (self, "AT A +0.000000000 c2 +1+1 100\n");
    s_put (self, 4, 100, NEIGHBOUR);
    assert_true (stream_has_next (&self->stream));
    s_writes (self, "");
}


//  What the peer had in an earlier life does not count

static void
what_it_had_in_an_earlier_life_is_written (void **state)
{
    case_t *self = *state;
    s_put (self, 1, 100, NEIGHBOUR);
    stream_renew (&self->stream, BASE);
    s_put (self, 2, 100, NEIGHBOUR);
    stream_seek (&self->stream, BASE, 0);
    s_writes (self, "AT A +0.000000000 c1 +1+1 100\n");
}


//  What was loaded is no change: only who asks for all is sent it

static void
what_was_loaded_goes_to_who_asks_for_all (void **state)
{
    case_t *self = *state;
    stream_seek (&self->stream, BASE, 0);
    s_load (self, 1, 3);
    s_load (self, 2, 3);
    assert_int_equal (table_lsn (self->table), BASE);
    assert_false (stream_has_next (&self->stream));
    s_put (self, 3, 100, TABLE_DOOR);
    s_writes (self, "AT A +0.000000000 c3 +1+1 100\n");
    stream_seek (&self->stream, 0, 0);
    assert_true (stream_has_next (&self->stream));
    s_writes (self, "AT A +0.000000000 c2 +1+1 1\n"
                    "AT A +0.000000000 c1 +1+1 1\n"
                    "AT A +0.000000000 c3 +1+1 100\n");
}


static void
a_body_is_closed_before_it_is_too_large (void **state)
{
    case_t *self = *state;
    stream_seek (&self->stream, BASE, 0);
    for (int client = 0; client < 5000; client++)
        s_put (self, client, 100, TABLE_DOOR);
    uint64_t records = 0;
    uint64_t position = BASE;
    while (stream_has_next (&self->stream)) {
        uint64_t before = records;
        size_t size = stream_write (
            &self->stream, MESSAGE_BODY_SIZE_MAX, self->buffer, &records);
        assert_true (size <= MESSAGE_BODY_SIZE_MAX);
        assert_int_equal (self->stream.position - position, records - before);
        position = self->stream.position;
    }
    assert_int_equal (records, 5000);
}


//  The last numbers may be of records that were dropped

static void
dropped_records_hold_nothing_up (void **state)
{
    case_t *self = *state;
    stream_seek (&self->stream, BASE, 0);
    for (int client = 0; client < 4; client++)
        s_put (self, client, 100, TABLE_DOOR);
    table_drop (self->table, SPAN ("c1"));
    table_drop (self->table, SPAN ("c3"));
    s_writes (self, "AT A +0.000000000 c0 +1+1 100\n"
                    "AT A +0.000000000 c2 +1+1 100\n");
    table_drop (self->table, SPAN ("c0"));
    stream_seek (&self->stream, BASE, 0);
    s_writes (self, "AT A +0.000000000 c2 +1+1 100\n");
}


static void
a_stream_goes_on_behind_what_is_sought (void **state)
{
    case_t *self = *state;
    for (int client = 0; client < 9; client++)
        s_put (self, client, 100, TABLE_DOOR);
    stream_seek (&self->stream, BASE + 8, 0);
    s_writes (self, "AT A +0.000000000 c8 +1+1 100\n");
    stream_seek (&self->stream, BASE + 7, 0);
    s_writes (self, "AT A +0.000000000 c7 +1+1 100\n"
                    "AT A +0.000000000 c8 +1+1 100\n");
    stream_seek (&self->stream, UINT64_MAX, 0);
    assert_int_equal (self->stream.position, BASE + 9);
    s_writes (self, "");
}


//  An ack that does not move is a stall, but not if there is nothing to ack

static void
who_acknowledges_nothing_for_long_has_stalled (void **state)
{
    case_t *self = *state;
    stream_seek (&self->stream, BASE, 1000);
    assert_false (stream_is_stalled (&self->stream, 9000, 3000));
    s_put (self, 1, 100, TABLE_DOOR);
    s_put (self, 2, 100, TABLE_DOOR);
    assert_false (stream_is_stalled (&self->stream, 20000, 3000));
    s_writes (self, "AT A +0.000000000 c1 +1+1 100\n"
                    "AT A +0.000000000 c2 +1+1 100\n");
    assert_false (stream_is_stalled (&self->stream, 23000, 3000));
    assert_true (stream_is_stalled (&self->stream, 23001, 3000));
    stream_acknowledge (&self->stream, BASE + 1, 23001);
    assert_false (stream_is_stalled (&self->stream, 26001, 3000));
    assert_true (stream_is_stalled (&self->stream, 26002, 3000));
    stream_acknowledge (&self->stream, BASE + 2, 26002);
    assert_false (stream_is_stalled (&self->stream, 99999, 3000));
}


static void
an_acknowledgement_is_of_what_there_is (void **state)
{
    case_t *self = *state;
    stream_seek (&self->stream, BASE, 0);
    for (int client = 0; client < 5; client++)
        s_put (self, client, 100, TABLE_DOOR);
    stream_acknowledge (&self->stream, BASE + 6, 0);
    assert_int_equal (self->stream.acked, BASE);
    uint64_t records = 0;
    stream_write (&self->stream, MESSAGE_BODY_SIZE_MAX, self->buffer, &records);
    static const uint64_t acks [] = {3, 2, 9, 5, 4};
    static const uint64_t acked [] = {3, 3, 3, 5, 5};
    for (size_t at = 0; at < COUNT (acks); at++) {
        stream_acknowledge (&self->stream, BASE + acks [at], 0);
        assert_int_equal (self->stream.acked, BASE + acked [at]);
    }
}


//  previous <= got: got := max (got, last).  Otherwise something is missing

static void
a_gap_shows_in_the_numbers (void **state)
{
    case_t *self = *state;
    static const struct {
        uint64_t previous;
        uint64_t last;
        bool whole;
        uint64_t got;
    } rows [] = {{0, 5, true, 5}, {5, 5, true, 5}, {7, 9, false, 5},
        {6, 6, false, 5}, {2, 4, true, 5}, {4, 9, true, 9}, {9, 10, true, 10}};
    stream_renew (&self->stream, BASE);
    for (size_t row = 0; row < COUNT (rows); row++) {
        bool whole = stream_hear (
            &self->stream, BASE + rows [row].previous, BASE + rows [row].last);
        assert_int_equal (whole, rows [row].whole);
        assert_int_equal (self->stream.got, BASE + rows [row].got);
    }
}


//  Whatever is put, dropped, sought and lost: once all is sent, the other has
//  the newest of all that still are there

static void
what_is_written_in_the_end_is_all (void **state)
{
    case_t *self = *state;
    chance_t chance = chance_new (31);
    table_t *other = table_new (
        (const unsigned char *) "0123456789abcdef", (size_t) 1 << 30);
    stream_seek (&self->stream, BASE, 0);
    for (int round = 0; round < 20000; round++) {
        int client = (int) chance_below (&chance, 50);
        if (chance_below (&chance, 3))
            s_put (self, client, 100 + round, (int) chance_below (&chance, 3));
        else if (chance_below (&chance, 50) == 0)
            stream_seek (&self->stream,
                BASE + chance_below (&chance, self->stream.position - BASE + 1),
                0);
        if (chance_below (&chance, 5))
            continue;
        uint64_t records = 0;
        span_t body = {
            self->buffer, stream_write (&self->stream, MESSAGE_BODY_SIZE_MAX,
                              self->buffer, &records)};
        while (body.size) {
            location_t location;
            assert_true (location_parse (&location, span_until (&body, '\n')));
            table_put (other, &location, 0);
        }
        if (!stream_has_next (&self->stream))
            assert_true (digest_root (table_digest (other)) ==
                         digest_root (table_digest (self->table)));
    }
    table_destroy (&other);
}


#define CASE(name) cmocka_unit_test_setup_teardown (name, s_setup, s_teardown)

//  A link came up anew with an old got, though much that was sent before is
//  still on its way: what arrives is not sent again

static void
an_acknowledgement_beyond_what_was_sent_is_gone_on_from (void **state)
{
    case_t *self = *state;
    stream_seek (&self->stream, BASE, 0);
    for (int client = 0; client < 5; client++)
        s_put (self, client, 100, TABLE_DOOR);
    stream_acknowledge (&self->stream, BASE + 3, 7);
    assert_int_equal (self->stream.acked, BASE + 3);
    assert_int_equal (self->stream.position, BASE + 3);
    assert_int_equal (self->stream.previous, BASE + 3);
    uint64_t records = 0;
    stream_write (&self->stream, MESSAGE_BODY_SIZE_MAX, self->buffer, &records);
    assert_int_equal (records, 2);
    assert_int_equal (self->stream.position, BASE + 5);
}


int
main (void)
{
    const struct CMUnitTest cases [] = {
        CASE (changes_are_written_once_in_their_order),
        CASE (of_a_client_only_the_newest_is_written),
        CASE (what_the_peer_has_is_left_out),
        CASE (lines_that_the_peer_hears_elsewhere_are_left_out),
        CASE (what_it_had_in_an_earlier_life_is_written),
        CASE (what_was_loaded_goes_to_who_asks_for_all),
        CASE (a_body_is_closed_before_it_is_too_large),
        CASE (dropped_records_hold_nothing_up),
        CASE (a_stream_goes_on_behind_what_is_sought),
        CASE (who_acknowledges_nothing_for_long_has_stalled),
        CASE (an_acknowledgement_is_of_what_there_is),
        CASE (an_acknowledgement_beyond_what_was_sent_is_gone_on_from),
        CASE (a_gap_shows_in_the_numbers),
        CASE (what_is_written_in_the_end_is_all),
    };
    return cmocka_run_group_tests (cases, NULL, NULL);
}
