/*  =========================================================================
    test_clue - one line of an audit

    Lines are read and written to the byte; a queue is compared with a list.
    What no line is, is also in test_audit_door.
    =========================================================================
*/

#include "unit/chance.h"
#include "unit/shortage.h"
#include "unit/spans.h"

#include "audit/clue.h"

#include <string.h>

#define CODE "AAAAAAAB"
#define CODES_4 CODE CODE CODE CODE
#define CODES_16 CODES_4 CODES_4 CODES_4 CODES_4

#define CLUES 300


//  A line that is read is written as it was

static void
a_line_is_read_and_written (void **state)
{
    (void) state;
    static const struct {
        message_kind_t kind;
        span_t line;
        unsigned level;
        uint64_t prefix;
        size_t count;
    } rows [] = {{MESSAGE_NODE, BYTES ("- " CODES_16 "\n"), 0, 0, 16},
        {MESSAGE_NODE, BYTES ("0 " CODES_16 "\n"), 1, 0, 16},
        {MESSAGE_NODE, BYTES ("00a " CODES_16 "\n"), 3, 10, 16},
        {MESSAGE_NODE, BYTES ("fedcba987654321 " CODES_16 "\n"), 15,
            0xfedcba987654321, 16},
        {MESSAGE_LEAF, BYTES ("beef \n"), 4, 0xbeef, 0},
        {MESSAGE_LEAF, BYTES ("fedcba9876543210 " CODE "\n"), 16,
            0xfedcba9876543210, 1},
        {MESSAGE_WANT, BYTES ("00000 " CODES_4 "\n"), 5, 0, 4}};
    for (size_t row = 0; row < COUNT (rows); row++) {
        clue_t clue;
        char buffer [CLUE_SIZE_MAX (CLUE_SUMS)];
        span_t line = rows [row].line;
        line.size--;
        assert_row (
            clue_parse (&clue, rows [row].kind, line), rows [row].line.data);
        assert_int_equal (clue.kind, rows [row].kind);
        assert_int_equal (clue.level, rows [row].level);
        assert_int_equal (clue.prefix, rows [row].prefix);
        assert_int_equal (clue.count, rows [row].count);
        for (size_t at = 0; at < clue.count; at++)
            assert_int_equal (clue.codes [at], 1);
        assert_span (
            ((span_t){buffer, clue_print (&clue, buffer)}), rows [row].line);
    }
}


//  Only the lines of an audit's messages

static void
other_messages_have_no_clues (void **state)
{
    (void) state;
    clue_t clue;
    static const message_kind_t kinds [] = {
        MESSAGE_BAD, MESSAGE_STATE, MESSAGE_BATCH, MESSAGE_PUT};
    for (size_t at = 0; at < COUNT (kinds); at++)
        assert_false (clue_parse (&clue, kinds [at], SPAN ("beef " CODE)));
}


static void
what_is_met_is_told_from_what_is_not (void **state)
{
    (void) state;
    clue_t clue = {.count = 7, .codes = {7, 3, 9, 3, 0, 7, 5}};
    clue_sort (&clue);
    assert_int_equal (clue.count, 5);
    for (int times = 0; times < 2; times++) {
        assert_true (clue_meet (&clue, 7) && clue_meet (&clue, 0));
        assert_false (clue_meet (&clue, 1) || clue_meet (&clue, 8));
    }
    clue_keep_unmet (&clue);
    static const uint64_t unmet [] = {3, 5, 9};
    assert_int_equal (clue.count, COUNT (unmet));
    assert_memory_equal (clue.codes, unmet, sizeof (unmet));
}


//  Any clue, made from its number

static void
s_make (clue_t *clue, uint64_t number)
{
    chance_t chance = chance_new (number);
    clue->kind = MESSAGE_NODE + (unsigned) chance_below (&chance, 3);
    clue->level = (unsigned) chance_below (&chance, 17);
    clue->prefix = chance_next (&chance);
    clue->count = chance_below (&chance, chance_below (&chance, 8) ? 20 : 1025);
    for (size_t at = 0; at < clue->count; at++)
        clue->codes [at] = clue_code (chance_next (&chance));
}


static void
s_take (clues_t *queue, uint64_t number)
{
    clue_t expected;
    clue_t clue;
    s_make (&expected, number);
    assert_int_equal (clues_kind (queue), expected.kind);
    clues_take (queue, &clue);
    assert_int_equal (clue.kind, expected.kind);
    assert_int_equal (clue.level, expected.level);
    assert_true (clue.prefix == expected.prefix);
    assert_int_equal (clue.count, expected.count);
    assert_memory_equal (
        clue.codes, expected.codes, clue.count * sizeof (uint64_t));
}


//  First in, first out; and it takes no more memory than its longest needed

static void
clues_wait_in_order (void **state)
{
    (void) state;
    chance_t chance = chance_new (1917);
    clues_t queue = {.words = NULL};
    uint64_t first = 0;
    uint64_t end = 0;
    for (int round = 0; round < 20000; round++) {
        clue_t clue;
        s_make (&clue, end);
        if (end - first < CLUES && chance_below (&chance, 2)) {
            assert_true (clues_put (&queue, &clue, SIZE_MAX));
            end++;
        }
        else if (first < end)
            s_take (&queue, first++);
        assert_int_equal (clues_size (&queue) == 0, first == end);
        assert_true (queue.room <= 1 << 17);
    }
    clues_clear (&queue);
    assert_int_equal (clues_kind (&queue), MESSAGE_BAD);
    assert_null (queue.words);
}


//  There is a limit, and memory may be another: what waits is as it was

static void
what_does_not_fit_is_left_out (void **state)
{
    (void) state;
    clues_t queue = {.words = NULL};
    clue_t clue = {.kind = MESSAGE_LEAF, .level = 4, .count = 8};
    for (int times = 0; times < 100; times++)
        assert_int_equal (clues_put (&queue, &clue, 99), times < 9);
    assert_int_equal (clues_size (&queue), 90);
    shortage_begin (0, 1);
    int count = 9;
    while (clues_put (&queue, &clue, SIZE_MAX))
        count++;
    assert_in_range (shortage_end (), 1, 1);
    assert_int_equal (clues_size (&queue), 10 * count);
    for (; count; count--)
        clues_take (&queue, &clue);
    assert_null (queue.words);
}


int
main (void)
{
    const struct CMUnitTest cases [] = {
        cmocka_unit_test (a_line_is_read_and_written),
        cmocka_unit_test (other_messages_have_no_clues),
        cmocka_unit_test (what_is_met_is_told_from_what_is_not),
        cmocka_unit_test (clues_wait_in_order),
        cmocka_unit_test (what_does_not_fit_is_left_out),
    };
    return cmocka_run_group_tests (cases, NULL, NULL);
}
