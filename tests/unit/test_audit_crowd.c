/*  =========================================================================
    test_audit_crowd - finding what two tables do not share: crowds

    Thousands of clients whose hashes share their first bits, so that a leaf of
    the digest is too full for a line: audits go deeper there.  What lines make
    us do is counted in hashes, two for each record looked at: no call does more
    than a little, and a line costs no more than its leaf.
    =========================================================================
*/

#include "unit/ball.h"
#include "unit/crowd.h"
#include "unit/spans.h"

#include "audit/audit.h"
#include "audit/clue.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

//  A leaf of half of them is already too full for one line
#define CLIENTS 6000
#define HALF (CLIENTS / 2)
#define CODE "AAAAAAAA"
#define CODES_4 CODE CODE CODE CODE
#define CODES_16 CODES_4 CODES_4 CODES_4 CODES_4

//  What no call can go through
#define MANY (3 * AUDIT_LOOKS_MAX)

//  In a call a hash for each record looked at and one for its check: for the
//  most, and as many in the leaf that is just looked at
#define CALL_HASHES_MAX ((size_t) 4 * AUDIT_LOOKS_MAX)

typedef struct {
    table_t *tables [2];
    audit_t *audits [2];
    char *buffer;
    size_t bytes;
    size_t call_hashes;  //  The most that one call took
} pair_t;

static pair_t s_pair;


static int
s_setup (void **state)
{
    s_pair = (pair_t){.buffer = malloc (MESSAGE_BODY_SIZE_MAX)};
    assert_non_null (s_pair.buffer);
    for (int side = 0; side < 2; side++) {
        s_pair.tables [side] = table_new (
            (const unsigned char *) "0123456789abcdef", (size_t) 1 << 30);
        s_pair.audits [side] = audit_new (s_pair.tables [side]);
    }
    *state = &s_pair;
    return 0;
}


static int
s_teardown (void **state)
{
    pair_t *self = *state;
    for (int side = 0; side < 2; side++) {
        audit_destroy (&self->audits [side]);
        table_destroy (&self->tables [side]);
    }
    free (self->buffer);
    return 0;
}


//  Put clients of the crowd from one number up to another, each so many on

static void
s_put (pair_t *self, int side, int first, int end, int step, int stamp)
{
    for (int client = first; client < end; client += step) {
        char line [80];
        snprintf (line, sizeof (line), "AT A +0.000000000 " CROWD "%d +1+1 %d",
            client, stamp);
        location_t location = spans_location (line);
        table_put (self->tables [side], &location, TABLE_DOOR);
    }
}


//  Sums are made when they are asked for: do that before the count begins

static void
s_settle (const pair_t *self)
{
    for (int side = 0; side < 2; side++)
        table_digest (self->tables [side]);
    crowd_hashes ();
}


static void
s_count_call (pair_t *self)
{
    size_t hashes = crowd_hashes ();
    if (hashes > self->call_hashes)
        self->call_hashes = hashes;
}


static void
s_take_put (pair_t *self, int side, span_t body)
{
    while (body.size) {
        location_t location;
        assert_true (location_parse (&location, span_until (&body, '\n')));
        table_put (self->tables [side], &location, 0);
    }
    s_settle (self);
}


static void
s_pass (pair_t *self, int from)
{
    message_kind_t kind = MESSAGE_BAD;
    size_t size = audit_next (self->audits [from], &kind, self->buffer);
    span_t body = {self->buffer, size};
    s_count_call (self);
    self->bytes += size;
    if (kind == MESSAGE_PUT)
        s_take_put (self, !from, body);
    else if (size)
        assert_int_equal (audit_receive (self->audits [!from], kind, body), 0);
    s_count_call (self);
}


static bool
s_agree (const pair_t *self)
{
    return digest_root (table_digest (self->tables [0])) ==
           digest_root (table_digest (self->tables [1]));
}


//  One audit from end to end.  Return the bytes it took

static size_t
s_audit (pair_t *self)
{
    self->bytes = self->call_hashes = 0;
    s_settle (self);
    audit_begin (self->audits [0]);
    while (audit_has_next (self->audits [0]) ||
           audit_has_next (self->audits [1])) {
        s_pass (self, 0);
        s_pass (self, 1);
    }
    assert_true (self->call_hashes <= CALL_HASHES_MAX);
    return self->bytes;
}


//  Whatever differs, also where both have more than a line can hold

static void
a_crowd_is_made_equal (void **state)
{
    static const struct {
        int first [2];
        int step [2];
        int stamp [2];
    } rows [] = {{{0, HALF}, {1, 1}, {5, 5}}, {{HALF, 0}, {1, 1}, {5, 5}},
        {{0, 0}, {1, 2}, {5, 5}}, {{0, 1}, {2, 2}, {5, 5}},
        {{0, 0}, {1, 1}, {5, 6}}, {{0, 0}, {2, 3}, {6, 5}},
        {{0, HALF / 2}, {1, 1}, {5, 5}}, {{HALF - 1, 0}, {1, 1}, {5, 5}}};
    for (size_t row = 0; row < COUNT (rows); row++) {
        s_setup (state);
        pair_t *self = *state;
        for (int side = 0; side < 2; side++)
            s_put (self, side, rows [row].first [side], HALF,
                rows [row].step [side], rows [row].stamp [side]);
        assert_false (s_agree (self));
        //  A table that grows moves its records: those may be overlooked once
        for (int audits = 0; !s_agree (self); audits++) {
            assert_true (audits < 2);
            s_audit (self);
        }
        s_teardown (state);
    }
}


//  The sums lead to a few hundred records

static void
one_difference_in_a_crowd_is_cheap (void **state)
{
    pair_t *self = *state;
    for (int side = 0; side < 2; side++)
        s_put (self, side, 0, HALF, 1, 5);
    for (int side = 0; side < 2; side++) {
        s_put (self, side, 77 + side, 78 + side, 1, 6);
        assert_true (s_audit (self) <= 6000);
        assert_true (s_agree (self));
    }
}


//  Fill one body with a line, and return it; to be freed with s_free

static span_t
s_fill (span_t line)
{
    size_t count = MESSAGE_BODY_SIZE_MAX / line.size;
    char *body = malloc (count * line.size);
    assert_non_null (body);
    for (size_t at = 0; at < count; at++)
        spans_write (body + at * line.size, line);
    return (span_t){body, count * line.size};
}


static void
s_free (span_t body)
{
    char *text;
    memcpy (&text, &body.data, sizeof (text));
    free (text);
}


//  A peer asks again and again for what is dear: hearing it costs no look at
//  the table, no call costs more than another, and no line more than its leaf

static void
what_is_asked_for_is_answered_bit_by_bit (void **state)
{
    pair_t *self = *state;
    s_put (self, 0, 0, MANY, 1, 5);
    s_settle (self);
    static char want [5 + 1024 * 8 + 1];
    memset (want, 'z', sizeof (want));
    spans_write (want, SPAN (CROWD_LEAF_DIGITS " "));
    want [sizeof (want) - 1] = '\n';
    const struct {
        message_kind_t kind;
        span_t line;
    } rows [] = {{MESSAGE_NODE, SPAN ("- " CODES_16 "\n")},
        {MESSAGE_NODE, SPAN ("bee " CODES_16 "\n")},
        {MESSAGE_NODE, SPAN ("beef " CODES_16 "\n")},
        {MESSAGE_NODE, SPAN ("beef012 " CODES_16 "\n")},
        {MESSAGE_LEAF, SPAN ("beef \n")}, {MESSAGE_LEAF, SPAN ("beef7 \n")},
        {MESSAGE_WANT, SPAN ("beef " CODE "\n")},
        {MESSAGE_WANT, {want, sizeof (want)}},
        {MESSAGE_LEAF, {want, sizeof (want)}}};
    for (size_t row = 0; row < COUNT (rows); row++) {
        span_t body = s_fill (rows [row].line);
        assert_int_equal (
            audit_receive (self->audits [0], rows [row].kind, body), 0);
        assert_int_equal (crowd_hashes (), 0);
        message_kind_t kind;
        for (int calls = 0; calls < 200; calls++) {
            audit_next (self->audits [0], &kind, self->buffer);
            s_count_call (self);
        }
        assert_true (self->call_hashes <= CALL_HASHES_MAX);
        s_free (body);
        audit_clear (self->audits [0]);
    }
}


//  A line is answered by going through its leaf once, however many codes it has

static void
a_line_costs_what_its_leaf_does (void **state)
{
    pair_t *self = *state;
    static char line [5 + 1024 * 8 + 1];
    static const message_kind_t kinds [] = {MESSAGE_WANT, MESSAGE_LEAF};
    s_put (self, 0, 0, HALF, 1, 5);
    s_settle (self);
    memset (line, 'z', sizeof (line));
    spans_write (line, SPAN (CROWD_LEAF_DIGITS " "));
    for (size_t code = 0; code < 1024; code++)
        line [5 + code * 8] = (char) ('A' + code % 26);
    line [sizeof (line) - 1] = '\n';
    for (size_t at = 0; at < COUNT (kinds); at++) {
        message_kind_t kind;
        audit_receive (
            self->audits [0], kinds [at], (span_t){line, sizeof (line)});
        while (audit_has_next (self->audits [0]))
            audit_next (self->audits [0], &kind, self->buffer);
        assert_int_equal (crowd_hashes (), 2 * HALF);
    }
}


//  Return the lines that one call writes

static size_t
s_next_lines (pair_t *self, message_kind_t *kind)
{
    size_t lines = 0;
    span_t body = {self->buffer, 0};
    for (body.size = audit_next (self->audits [0], kind, self->buffer);
         body.size; lines++)
        span_until (&body, '\n');
    return lines;
}


//  Set *clue to a LEAF with some of the records in the crowd's

static void
s_make_leaf (const pair_t *self, clue_t *clue, size_t count)
{
    table_walk_t walk = {.level = 4, .prefix = CROWD_LEAF};
    *clue = (clue_t){.kind = MESSAGE_LEAF, .level = 4, .prefix = CROWD_LEAF};
    while (clue->count < count && table_step (self->tables [0], &walk))
        if (walk.line.size)
            clue->codes [clue->count++] = clue_code (walk.check);
    assert_int_equal (clue->count, count);
}


//  A leaf of ordinary size is never left in the middle: what moves in the table
//  until the next call would be overlooked

static void
an_ordinary_leaf_is_answered_in_one_call (void **state)
{
    pair_t *self = *state;
    static char line [CLUE_SIZE_MAX (CLUE_CODES_MAX)];
    static clue_t leaf;
    s_put (self, 0, 0, 100, 1, 5);
    for (size_t missing = 1; missing <= 100; missing += 9) {
        s_make_leaf (self, &leaf, 100 - missing);
        span_t body = s_fill ((span_t){line, clue_print (&leaf, line)});
        audit_receive (self->audits [0], MESSAGE_LEAF, body);
        while (audit_has_next (self->audits [0])) {
            message_kind_t kind = MESSAGE_PUT;
            size_t lines = s_next_lines (self, &kind);
            assert_int_equal (kind, MESSAGE_PUT);
            assert_int_equal (lines % missing, 0);
        }
        s_free (body);
    }
}


//  ... nor are codes cheap that lead nowhere

static void
many_codes_are_work_too (void **state)
{
    pair_t *self = *state;
    static char line [5 + 1024 * 8 + 1];
    memset (line, 'z', sizeof (line));
    spans_write (line, SPAN ("0000 "));
    line [sizeof (line) - 1] = '\n';
    span_t body = s_fill ((span_t){line, sizeof (line)});
    audit_receive (self->audits [0], MESSAGE_LEAF, body);
    for (int calls = 0; calls < 10; calls++) {
        message_kind_t kind = MESSAGE_WANT;
        assert_true (s_next_lines (self, &kind) <= AUDIT_LOOKS_MAX / 1024);
        assert_int_equal (kind, MESSAGE_WANT);
    }
    s_free (body);
}


//  Clients of a crowd come to Alford while Ball sleeps; more of them than any
//  line can hold are only found by an audit

static void
what_a_sleeper_missed_is_made_equal (void **state)
{
    relay_t *self = *state;
    relay_settle (self);
    for (int client = 0; client < CLIENTS; client++) {
        char line [96];
        snprintf (line, sizeof (line),
            "AT Alford +0.000000000 " CROWD "%d +1+1 100", client);
        relay_put (self, ALFORD, line);
    }
    relay_run (self, 3000);
    assert_true (relay_agrees (self));
    for (int client = 0; client < CLIENTS; client++) {
        char name [24];
        snprintf (name, sizeof (name), CROWD "%d", client);
        int server = client % 5 ? BALL : ALFORD;
        table_drop (self->members [server].table, span_of (name));
    }
    assert_false (relay_agrees (self));
    relay_run (self, 10000);
    assert_true (relay_agrees (self));
    assert_int_equal (table_count (self->members [BALL].table), CLIENTS);
}


#define CASE(name) cmocka_unit_test_setup_teardown (name, s_setup, s_teardown)

int
main (void)
{
    const struct CMUnitTest cases [] = {
        cmocka_unit_test (a_crowd_is_made_equal),
        CASE (one_difference_in_a_crowd_is_cheap),
        CASE (what_is_asked_for_is_answered_bit_by_bit),
        CASE (a_line_costs_what_its_leaf_does),
        CASE (an_ordinary_leaf_is_answered_in_one_call),
        CASE (many_codes_are_work_too),
        PAIR (what_a_sleeper_missed_is_made_equal),
    };
    return cmocka_run_group_tests (cases, NULL, NULL);
}
