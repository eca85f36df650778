/*  =========================================================================
    test_audit - finding what two tables do not share, and mending it

    Two tables that differ, and two audits that are given each other's messages
    until both are silent: then the tables are equal, at a bounded cost.
    Messages that are no good are in test_audit_door.
    =========================================================================
*/

#include "unit/chance.h"
#include "unit/spans.h"

#include "audit/audit.h"

#include <stdio.h>
#include <stdlib.h>

#define ROOM MESSAGE_BODY_SIZE_MAX

typedef struct {
    table_t *tables [2];
    audit_t *audits [2];
    char *buffer;
    size_t bytes;     //  Heads included
    size_t messages;  //
    size_t body_max;  //
} pair_t;

static pair_t s_pair;


static int
s_setup (void **state)
{
    s_pair = (pair_t){.buffer = malloc (ROOM)};
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


static void
s_put (pair_t *self, int side, size_t client, int stamp)
{
    char line [112];
    snprintf (line, sizeof (line),
        "AT Alford +0.263873386 c%zu.cs.ucla.edu +34.068930-118.445127 "
        "14794138%02d.392014450",
        client, stamp);
    location_t location = spans_location (line);
    table_put (self->tables [side], &location, TABLE_DOOR);
}


static void
s_put_both (pair_t *self, size_t first, size_t end)
{
    for (size_t client = first; client < end; client++)
        for (int side = 0; side < 2; side++)
            s_put (self, side, client, 10);
}


static void
s_take_put (pair_t *self, int side, span_t body)
{
    while (body.size) {
        location_t location;
        assert_true (location_parse (&location, span_until (&body, '\n')));
        table_put (self->tables [side], &location, 0);
    }
}


//  Give what one side says to the other; return false if it says nothing

static bool
s_pass (pair_t *self, int from)
{
    char head [MESSAGE_HEAD_SIZE_MAX];
    message_t message = {.sender = SPAN ("Alford"), .incarnation = 1};
    bool may = audit_has_next (self->audits [from]);
    span_t body = {self->buffer,
        audit_next (self->audits [from], &message.kind, self->buffer)};
    if (body.size == 0)
        return false;
    assert_true (may && body.data [body.size - 1] == '\n');
    self->bytes += body.size + message_print (&message, head);
    self->messages++;
    if (body.size > self->body_max)
        self->body_max = body.size;
    if (message.kind == MESSAGE_PUT)
        s_take_put (self, !from, body);
    else
        assert_int_equal (
            audit_receive (self->audits [!from], message.kind, body), 0);
    return true;
}


static bool
s_has_next (const pair_t *self)
{
    return audit_has_next (self->audits [0]) ||
           audit_has_next (self->audits [1]);
}


//  One side begins; until both are silent.  Return the bytes it took

static size_t
s_audit (pair_t *self, int from)
{
    self->bytes = self->messages = self->body_max = 0;
    audit_begin (self->audits [from]);
    for (int turns = 0; s_has_next (self); turns++) {
        s_pass (self, from);
        s_pass (self, !from);
        assert_true (turns < 10000);
    }
    assert_true (self->body_max <= MESSAGE_BODY_SIZE_MAX);
    return self->bytes;
}


static bool
s_agree (const pair_t *self)
{
    const digest_t *one = table_digest (self->tables [0]);
    const digest_t *other = table_digest (self->tables [1]);
    return digest_root (one) == digest_root (other) &&
           table_count (self->tables [0]) == table_count (self->tables [1]);
}


static void
equal_tables_have_nothing_to_say (void **state)
{
    pair_t *self = *state;
    assert_true (s_audit (self, 0) < 250);
    assert_int_equal (self->messages, 1);
    s_put_both (self, 0, 20000);
    assert_true (s_audit (self, 1) < 250);
    assert_int_equal (self->messages, 1);
    assert_true (s_agree (self));
}


//  One difference, about 1 KB

static void
one_difference_is_cheap (void **state)
{
    pair_t *self = *state;
    s_put_both (self, 0, 20000);
    for (size_t client = 0; client < 40; client++) {
        int side = client % 2 != 0;
        if (client % 4 < 2)
            s_put (self, side, client, 20);
        else
            s_put (self, side, 100000 + client, 20);
        assert_false (s_agree (self));
        assert_true (s_audit (self, client % 8 < 4) <= 1300);
        assert_true (s_agree (self));
    }
}


//  Two servers that differ in a thousand of a hundred thousand: 0.6 MB

static void
a_thousand_differences_cost_less_than_the_table (void **state)
{
    pair_t *self = *state;
    s_put_both (self, 0, 100000);
    for (int from = 0; from < 2; from++) {
        for (size_t client = 0; client < 1000; client++)
            s_put (self, 0, client * 97, 20 + from);
        assert_true (s_audit (self, from) <= 720000);
        assert_true (s_agree (self));
    }
}


//  Any of: common to both, on one side only, newer on one side

typedef struct {
    size_t common;
    size_t only [2];
    size_t newer [2];
} shape_t;

static void
s_make (pair_t *self, const shape_t *shape)
{
    s_put_both (self, 0, shape->common);
    size_t client = 0;
    for (int side = 0; side < 2; side++) {
        for (size_t count = 0; count < shape->newer [side]; count++)
            s_put (self, side, client++, 20);
        for (size_t count = 0; count < shape->only [side]; count++)
            s_put (self, side, 100000 + 100000 * (size_t) side + count, 10);
    }
}


static void
whatever_differs_is_mended (void **state)
{
    static const shape_t shapes [] = {{0, {0, 0}, {0, 0}}, {0, {1, 0}, {0, 0}},
        {0, {0, 1}, {0, 0}}, {1, {0, 0}, {1, 0}}, {20000, {0, 0}, {0, 0}},
        {20000, {1, 0}, {0, 0}}, {20000, {1000, 0}, {0, 0}},
        {20000, {0, 0}, {500, 500}}, {20000, {300, 300}, {200, 200}},
        {0, {5000, 0}, {0, 0}}, {0, {0, 5000}, {0, 0}},
        {0, {5000, 5000}, {0, 0}}, {5000, {0, 0}, {2500, 2500}},
        {300, {5000, 7}, {100, 100}}};
    for (size_t at = 0; at < COUNT (shapes); at++)
        for (int from = (int) at % 2; from < 2; from++) {
            s_setup (state);
            pair_t *self = *state;
            s_make (self, &shapes [at]);
            s_audit (self, from);
            assert_true (s_agree (self));
            assert_int_equal (table_count (self->tables [0]),
                shapes [at].common + shapes [at].only [0] +
                    shapes [at].only [1]);
            s_teardown (state);
        }
}


static void
any_tables_are_made_equal (void **state)
{
    chance_t chance = chance_new (6502);
    for (int round = 0; round < 60; round++) {
        s_setup (state);
        pair_t *self = *state;
        size_t clients = (size_t) 1 << chance_below (&chance, 13);
        for (size_t count = chance_below (&chance, 3 * clients); count; count--)
            s_put (self, (int) chance_below (&chance, 2),
                chance_below (&chance, clients),
                (int) chance_below (&chance, 3));
        s_audit (self, (int) chance_below (&chance, 2));
        assert_true (s_agree (self));
        s_teardown (state);
    }
}


//  What is lost, or changes meanwhile, is found by the next audit

static void
lost_messages_leave_work_for_the_next (void **state)
{
    pair_t *self = *state;
    chance_t chance = chance_new (68000);
    s_make (self, &(shape_t){4000, {700, 300}, {400, 600}});
    int audits = 0;
    for (; !s_agree (self); audits++) {
        assert_true (audits < 200);
        audit_begin (self->audits [0]);
        while (s_has_next (self)) {
            message_kind_t kind;
            int from = (int) chance_below (&chance, 2);
            s_put (self, from, chance_below (&chance, 4000), 30 + audits % 60);
            if (chance_below (&chance, 8) == 0)
                audit_next (self->audits [from], &kind, self->buffer);
            s_pass (self, from);
            s_pass (self, !from);
        }
        if (audits > 50)
            s_audit (self, 0);
    }
}


//  A PUT goes before the WANTs that were found with it: so what it makes
//  obsolete over there is no longer found

static void
what_is_put_goes_before_what_is_wanted (void **state)
{
    pair_t *self = *state;
    s_put_both (self, 0, 5);
    s_put (self, 0, 0, 20);
    s_put (self, 1, 1, 20);
    s_put (self, 1, 7, 20);
    message_kind_t kind = MESSAGE_BAD;
    audit_begin (self->audits [0]);
    while (kind != MESSAGE_LEAF) {
        for (int from = 0; from < 2 && kind != MESSAGE_LEAF; from++) {
            size_t size = audit_next (self->audits [from], &kind, self->buffer);
            if (size)
                audit_receive (
                    self->audits [!from], kind, (span_t){self->buffer, size});
        }
    }
    int order [2] = {0, 0};
    for (int side = 0; side < 2; side++) {
        int place = 0;
        while (audit_next (self->audits [side], &kind, self->buffer) &&
               kind != MESSAGE_NODE && kind != MESSAGE_LEAF) {
            place++;
            if (kind == MESSAGE_PUT)
                order [0] = place;
            else
                order [1] = place;
        }
    }
    assert_int_equal (order [0], 1);
    assert_int_equal (order [1], 2);
}


static void
what_was_dropped_meanwhile_is_not_put (void **state)
{
    pair_t *self = *state;
    s_put (self, 0, 0, 10);
    audit_begin (self->audits [1]);
    while (table_count (self->tables [0])) {
        message_kind_t kind = MESSAGE_BAD;
        for (int from = 1; from >= 0; from--) {
            size_t size = audit_next (self->audits [from], &kind, self->buffer);
            if (size == 0)
                continue;
            if (kind == MESSAGE_LEAF)
                table_drop (self->tables [0], SPAN ("c0.cs.ucla.edu"));
            audit_receive (
                self->audits [!from], kind, (span_t){self->buffer, size});
        }
    }
    while (s_has_next (self)) {
        s_pass (self, 0);
        s_pass (self, 1);
    }
    assert_int_equal (table_count (self->tables [1]), 0);
}


static void
what_waits_may_be_forgotten (void **state)
{
    pair_t *self = *state;
    message_kind_t kind;
    audit_begin (self->audits [0]);
    assert_true (audit_has_next (self->audits [0]));
    audit_clear (self->audits [0]);
    assert_false (audit_has_next (self->audits [0]));
    assert_int_equal (audit_next (self->audits [0], &kind, self->buffer), 0);
    s_make (self, &(shape_t){100, {5, 5}, {0, 0}});
    s_audit (self, 0);
    assert_true (s_agree (self));
}


#define CASE(name) cmocka_unit_test_setup_teardown (name, s_setup, s_teardown)

int
main (void)
{
    const struct CMUnitTest cases [] = {
        CASE (equal_tables_have_nothing_to_say),
        CASE (one_difference_is_cheap),
        CASE (a_thousand_differences_cost_less_than_the_table),
        cmocka_unit_test (whatever_differs_is_mended),
        cmocka_unit_test (any_tables_are_made_equal),
        CASE (lost_messages_leave_work_for_the_next),
        CASE (what_is_put_goes_before_what_is_wanted),
        CASE (what_was_dropped_meanwhile_is_not_put),
        CASE (what_waits_may_be_forgotten),
    };
    return cmocka_run_group_tests (cases, NULL, NULL);
}
