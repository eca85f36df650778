/*  =========================================================================
    test_audit_door - finding what two tables do not share: what is no good

    One audit that is given lines made by hand: which are passed over and
    counted, that what waits is bounded, and that nothing asked for makes a
    message larger than there may be.
    =========================================================================
*/

#include "unit/chance.h"
#include "unit/spans.h"

#include "audit/audit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROOM MESSAGE_BODY_SIZE_MAX

//  Codes: 48 bits in 8 letters
#define CODE "AAAAAAAA"
#define CODES_4 CODE CODE CODE CODE
#define CODES_15 CODES_4 CODES_4 CODES_4 CODE CODE CODE
#define CODES_16 CODES_4 CODES_4 CODES_4 CODES_4

typedef struct {
    table_t *table;
    audit_t *audit;
    char *buffer;
} case_t;

static case_t s_case;


static int
s_setup (void **state)
{
    s_case.table = table_new (
        (const unsigned char *) "0123456789abcdef", (size_t) 1 << 30);
    s_case.audit = audit_new (s_case.table);
    s_case.buffer = malloc (ROOM);
    assert_non_null (s_case.buffer);
    *state = &s_case;
    return 0;
}


static int
s_teardown (void **state)
{
    case_t *self = *state;
    audit_destroy (&self->audit);
    table_destroy (&self->table);
    free (self->buffer);
    return 0;
}


static void
s_put (case_t *self, int client)
{
    char line [80];
    snprintf (line, sizeof (line), "AT A +0.000000000 c%d +1+1 5", client);
    location_t location = spans_location (line);
    table_put (self->table, &location, TABLE_DOOR);
}


//  Count what waits, by kind, while it is taken out

typedef struct {
    size_t bodies [MESSAGE_PUT + 1];
    size_t lines [MESSAGE_PUT + 1];
    size_t body_max;
} drain_t;

static drain_t
s_drain (case_t *self)
{
    drain_t drain = {.body_max = 0};
    message_kind_t kind = MESSAGE_BAD;
    while (audit_has_next (self->audit)) {
        size_t size = audit_next (self->audit, &kind, self->buffer);
        drain.bodies [kind] += size > 0;
        if (size > drain.body_max)
            drain.body_max = size;
        span_t body = {self->buffer, size};
        for (; body.size; drain.lines [kind]++)
            span_until (&body, '\n');
    }
    return drain;
}


static void
lines_that_make_no_sense_are_counted (void **state)
{
    case_t *self = *state;
    static const struct {
        message_kind_t kind;
        const char *line;
    } rows [] = {{MESSAGE_NODE, ""}, {MESSAGE_NODE, "-"}, {MESSAGE_NODE, "- "},
        {MESSAGE_NODE, "- " CODES_15}, {MESSAGE_NODE, "- " CODES_16 CODE},
        {MESSAGE_NODE, "- " CODES_15 "AAAAAAA"},
        {MESSAGE_NODE, "- " CODES_15 "AAAAAAA="},
        {MESSAGE_NODE, "- " CODES_15 "AAAA+AAA"},
        {MESSAGE_NODE, "- " CODES_15 "AAAAAAA\r"}, {MESSAGE_NODE, " " CODES_16},
        {MESSAGE_NODE, "-0 " CODES_16}, {MESSAGE_NODE, "g " CODES_16},
        {MESSAGE_NODE, "A " CODES_16},
        {MESSAGE_NODE, "0123456789abcdef " CODES_16},
        {MESSAGE_NODE, "0123456789abcdef0 " CODES_16},
        {MESSAGE_NODE, "-  " CODES_16}, {MESSAGE_NODE, "- " CODES_16 " "},
        {MESSAGE_LEAF, ""}, {MESSAGE_LEAF, "- "}, {MESSAGE_LEAF, "000 " CODE},
        {MESSAGE_LEAF, "0000"}, {MESSAGE_LEAF, "0000 A"},
        {MESSAGE_LEAF, "0123456789abcdef0 " CODE},
        {MESSAGE_LEAF, "0000 AAAAAAA!"}, {MESSAGE_LEAF, "0000 " CODE " " CODE},
        {MESSAGE_LEAF, "00x0 " CODE}, {MESSAGE_LEAF, "\xff\xff\xff\xff " CODE},
        {MESSAGE_WANT, ""}, {MESSAGE_WANT, "- " CODE},
        {MESSAGE_WANT, "000 " CODE}, {MESSAGE_WANT, "0000 AAAA"},
        {MESSAGE_WANT, "0000 "}, {MESSAGE_WANT, "0000 AAAAAAA " CODE},
        {MESSAGE_WANT, "-000 " CODE}};
    for (int client = 0; client < 100; client++)
        s_put (self, client);
    for (size_t row = 0; row < COUNT (rows); row++) {
        char text [512];
        int size = snprintf (
            text, sizeof (text), "%s\n%s\n", rows [row].line, rows [row].line);
        assert_row (audit_receive (self->audit, rows [row].kind,
                        (span_t){text, (size_t) size}) == 2,
            rows [row].line);
        audit_clear (self->audit);
    }
}


//  A NUL is no letter

static void
a_nul_in_a_code_makes_no_sense (void **state)
{
    case_t *self = *state;
    assert_int_equal (
        audit_receive (self->audit, MESSAGE_LEAF, SPAN ("0000 AAA\0AAAA\n")),
        1);
    assert_int_equal (
        audit_receive (self->audit, MESSAGE_LEAF, SPAN ("00\0000 AAAAAAAA\n")),
        1);
    assert_false (audit_has_next (self->audit));
}


static void
good_lines_among_bad_ones_count (void **state)
{
    case_t *self = *state;
    assert_int_equal (
        audit_receive (self->audit, MESSAGE_LEAF,
            SPAN ("zz\n0000 AAAAAAAB\n\n0001 AAAAAAACAAAAAAAD\n")),
        2);
    message_kind_t kind;
    size_t size = audit_next (self->audit, &kind, self->buffer);
    assert_int_equal (kind, MESSAGE_WANT);
    assert_span (((span_t){self->buffer, size}),
        SPAN ("0000 AAAAAAAB\n0001 AAAAAAACAAAAAAAD\n"));
}


//  Return the prefix of the first client's leaf

static unsigned
s_leaf (const case_t *self)
{
    table_walk_t walk = {.level = 0};
    assert_true (table_step (self->table, &walk));
    return (unsigned) (walk.hash >> 48);
}


//  An empty table's sums and checks, and one record's: the bytes that travel

static void
lines_are_written_to_the_byte (void **state)
{
    case_t *self = *state;
    message_kind_t kind;
    audit_begin (self->audit);
    size_t size = audit_next (self->audit, &kind, self->buffer);
    assert_int_equal (kind, MESSAGE_NODE);
    assert_span (((span_t){self->buffer, size}), SPAN ("- " CODES_16 "\n"));

    s_put (self, 1);
    char text [64];
    snprintf (text, sizeof (text), "%04x \n", s_leaf (self));
    assert_int_equal (
        audit_receive (self->audit, MESSAGE_LEAF, span_of (text)), 0);
    size = audit_next (self->audit, &kind, self->buffer);
    assert_int_equal (kind, MESSAGE_PUT);
    assert_span (
        ((span_t){self->buffer, size}), SPAN ("AT A +0.000000000 c1 +1+1 5\n"));
}


//  A line is heard so often

static void
s_hear (case_t *self, message_kind_t kind, span_t line, int times)
{
    while (times--)
        assert_int_equal (audit_receive (self->audit, kind, line), 0);
}


//  More is left to the next audit; and what is answered makes room again

static void
what_waits_is_bounded (void **state)
{
    case_t *self = *state;
    for (int times = 0; times < 2; times++) {
        s_hear (self, MESSAGE_LEAF, SPAN ("0000 " CODE "\n"), 200000);
        drain_t drain = s_drain (self);
        assert_int_equal (drain.lines [MESSAGE_WANT], AUDIT_WAITING_MAX / 3);
        assert_true (drain.body_max <= ROOM);
    }
    s_hear (self, MESSAGE_LEAF, SPAN ("0000 " CODES_16 "\n"), 200000);
    audit_clear (self->audit);
    audit_begin (self->audit);
    assert_int_equal (s_drain (self).lines [MESSAGE_NODE], 1);
}


//  Whoever ends an audit knows whether it told all; until the next begins, at
//  either side

static void
what_was_left_out_is_known (void **state)
{
    case_t *self = *state;
    s_hear (self, MESSAGE_LEAF, SPAN ("0000 " CODES_16 "\n"), 10000);
    s_drain (self);
    assert_false (audit_left_out (self->audit));
    for (int times = 0; times < 3; times++) {
        s_hear (self, MESSAGE_LEAF, SPAN ("0000 " CODES_16 "\n"), 50000);
        s_drain (self);
        s_hear (self, MESSAGE_LEAF, SPAN ("0000 " CODES_16 "\n"), 1);
        s_drain (self);
        assert_true (audit_left_out (self->audit));
        if (times == 0)
            audit_clear (self->audit);
        else if (times == 1)
            audit_begin (self->audit);
        else
            s_hear (self, MESSAGE_NODE, SPAN ("- " CODES_16 "\n"), 1);
        assert_false (audit_left_out (self->audit));
        s_drain (self);
    }
}


//  A line of few bytes asks for many records: they are found when they are sent

static void
what_is_asked_for_often_is_bounded_too (void **state)
{
    case_t *self = *state;
    char text [32];
    s_put (self, 1);
    snprintf (text, sizeof (text), "%04x \n", s_leaf (self));
    s_hear (self, MESSAGE_LEAF, span_of (text), 300000);
    drain_t drain = s_drain (self);
    assert_int_equal (drain.lines [MESSAGE_PUT], AUDIT_WAITING_MAX / 2);
    assert_true (drain.body_max <= MESSAGE_BODY_SIZE_MAX);
}


//  An audit may begin again and again

static void
beginning_often_is_bounded (void **state)
{
    case_t *self = *state;
    for (int times = 0; times < 10000; times++)
        audit_begin (self->audit);
    assert_in_range (s_drain (self).lines [MESSAGE_NODE], 1, 1000);
}


//  Where there are more records than this NODEs are said

static void
a_huge_leaf_makes_no_sense (void **state)
{
    case_t *self = *state;
    static const message_kind_t kinds [] = {MESSAGE_LEAF, MESSAGE_WANT};
    for (size_t codes = 1023; codes <= 1026; codes++) {
        char *text = malloc (6 + codes * 8);
        assert_non_null (text);
        spans_write (text, SPAN ("0000 "));
        memset (text + 5, 'z', codes * 8);
        text [5 + codes * 8] = '\n';
        span_t line = {text, 6 + codes * 8};
        for (size_t at = 0; at < COUNT (kinds); at++)
            assert_int_equal (
                audit_receive (self->audit, kinds [at], line), codes > 1024);
        //  What is named twice is wanted once
        drain_t drain = s_drain (self);
        assert_int_equal (drain.lines [MESSAGE_WANT], codes <= 1024);
        assert_int_equal (drain.body_max, codes <= 1024 ? 14 : 0);
        free (text);
    }
}


//  Put a client whose ID is as long as may be

static void
s_put_long (case_t *self, int client)
{
    char line [LOCATION_LINE_SIZE_MAX];
    int size = snprintf (line, sizeof (line), "AT A +0.000000000 %0*d +1+1 5",
        LOCATION_CLIENT_SIZE_MAX, client);
    location_t location;
    assert_true (location_parse (&location, (span_t){line, (size_t) size}));
    assert_int_equal (
        table_put (self->table, &location, TABLE_DOOR), TABLE_STORED);
}


//  Long records, and more of them than go into one message

static void
long_records_keep_messages_within_bounds (void **state)
{
    case_t *self = *state;
    for (int client = 0; client < 200; client++)
        s_put_long (self, client);
    table_walk_t walk = {.level = 0};
    while (table_step (self->table, &walk)) {
        char text [32];
        snprintf (text, sizeof (text), "%04x \n", (unsigned) (walk.hash >> 48));
        audit_receive (self->audit, MESSAGE_LEAF, span_of (text));
    }
    drain_t drain = s_drain (self);
    assert_int_equal (drain.lines [MESSAGE_PUT], 200);
    assert_true (drain.body_max > MESSAGE_BODY_SIZE_MAX - 10000);
    assert_true (drain.body_max <= ROOM);
}


//  Cut and change good ones: whatever comes of it is read within its bounds

static void
broken_lines_do_no_harm (void **state)
{
    case_t *self = *state;
    chance_t chance = chance_new (8086);
    static const span_t good [] = {BYTES ("- " CODES_16 "\nab " CODES_16 "\n"),
        BYTES ("0000 " CODES_4 "\nabcd \n"), BYTES ("7fff " CODE "\n")};
    for (int client = 0; client < 1000; client++)
        s_put (self, client);
    for (int round = 0; round < 6000; round++) {
        span_t from = good [chance_below (&chance, COUNT (good))];
        size_t size = chance_below (&chance, 3)
                          ? from.size
                          : chance_below (&chance, from.size) + 1;
        char *copy = malloc (size);
        assert_non_null (copy);
        memcpy (copy, from.data, size);
        for (size_t edits = chance_below (&chance, 5); edits; edits--)
            copy [chance_below (&chance, size)] =
                "07af-_Az \n\xff=" [chance_below (&chance, 12)];
        audit_receive (self->audit,
            (message_kind_t) (MESSAGE_NODE + chance_below (&chance, 3)),
            (span_t){copy, size});
        free (copy);
        if (round % 50 == 0)
            assert_true (s_drain (self).body_max <= ROOM);
    }
}


#define CASE(name) cmocka_unit_test_setup_teardown (name, s_setup, s_teardown)

int
main (void)
{
    const struct CMUnitTest cases [] = {
        CASE (lines_that_make_no_sense_are_counted),
        CASE (a_nul_in_a_code_makes_no_sense),
        CASE (good_lines_among_bad_ones_count),
        CASE (lines_are_written_to_the_byte),
        CASE (what_waits_is_bounded),
        CASE (what_was_left_out_is_known),
        CASE (what_is_asked_for_often_is_bounded_too),
        CASE (beginning_often_is_bounded),
        CASE (a_huge_leaf_makes_no_sense),
        CASE (long_records_keep_messages_within_bounds),
        CASE (broken_lines_do_no_harm),
    };
    return cmocka_run_group_tests (cases, NULL, NULL);
}
