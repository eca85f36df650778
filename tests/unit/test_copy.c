/*  =========================================================================
    test_copy - what is to be written to a copy of the table

    A table changes in all ways there are, and what a copy of it is written
    goes into a second table.  Whenever the copy lacks nothing, each record of
    the first is in the second.
    =========================================================================
*/

#include "unit/chance.h"
#include "unit/spans.h"

#include "table/copy.h"

#include <stdio.h>

#define PLENTY ((size_t) 1 << 30)
#define CLIENTS 60
#define STEPS 20000

//  Two lines fit, three don't
#define ROOM 90

static const unsigned char s_key [] = "0123456789abcdef";

typedef struct {
    table_t *table;
    table_t *kept;  //  What was written to the copy
    copy_t copy;
    chance_t chance;
    char line [80];
} stage_t;


static int
s_setup (void **state)
{
    static stage_t stage;
    stage = (stage_t){
        .table = table_new (s_key, PLENTY), .kept = table_new (s_key, PLENTY)};
    copy_init (&stage.copy, stage.table);
    *state = &stage;
    return 0;
}


static int
s_teardown (void **state)
{
    stage_t *self = *state;
    table_destroy (&self->table);
    table_destroy (&self->kept);
    return 0;
}


//  A line of a client, at a time

static location_t
s_line (stage_t *self, size_t client, size_t time)
{
    snprintf (self->line, sizeof self->line, "AT A +0.000000000 c%zu +1+1 %zu",
        client, time);
    return spans_location (self->line);
}


//  Write once; returns what was written to the copy, in bytes

static size_t
s_write (stage_t *self)
{
    char buffer [ROOM];
    uint64_t records = 0;
    size_t size = copy_write (&self->copy, ROOM, buffer, &records);
    span_t text = {buffer, size};
    while (text.size) {
        location_t location;
        assert_true (location_parse (&location, span_until (&text, '\n')));
        table_restore (self->kept, &location);
        records--;
    }
    assert_int_equal (records, 0);
    return size;
}


static void
s_check (stage_t *self)
{
    table_walk_t walk = {.level = 0};
    size_t seen = 0;
    while (table_step (self->table, &walk)) {
        location_t mine;
        location_t kept;
        if (walk.line.size == 0)
            continue;
        location_reread (&mine, walk.line);
        assert_true (table_find (self->kept, mine.client, &kept));
        assert_span (kept.line, mine.line);
        seen++;
    }
    assert_int_equal (seen, table_count (self->table));
    assert_false (copy_has_next (&self->copy));
}


static void
s_change (stage_t *self, size_t time)
{
    size_t client = chance_below (&self->chance, CLIENTS);
    location_t location = s_line (self, client, time);
    switch (chance_below (&self->chance, 4)) {
    case 0:
        table_put (self->table, &location, TABLE_DOOR);
        break;
    case 1:
        table_load (self->table, &location, 3);
        break;
    case 2:
        table_restore (self->table, &location);
        break;
    default:
        table_drop (self->table, location.client);
        table_drop (self->kept, location.client);
        break;
    }
}


static void
a_copy_that_lacks_nothing_has_each_record (void **state)
{
    stage_t *self = *state;
    self->chance = chance_new (14);
    size_t whole = 0;
    for (size_t step = 0; step < STEPS; step++) {
        size_t choice = chance_below (&self->chance, 100);
        if (choice < 50)
            s_change (self, 1000 + step);
        else if (choice < 99)
            s_write (self);
        else {
            copy_restart (&self->copy);
            table_destroy (&self->kept);
            self->kept = table_new (s_key, PLENTY);
        }
        if (copy_has_next (&self->copy))
            continue;
        assert_int_equal (s_write (self), 0);
        s_check (self);
        whole++;
    }
    assert_true (whole > 100);
}


//  Wherever it was, a copy that comes back has what it had, and no more

static void
a_copy_goes_on_from_a_position (void **state)
{
    stage_t *self = *state;
    copy_t other;
    copy_position_t position = copy_nothing (&self->copy);
    self->chance = chance_new (15);
    copy_init (&other, self->table);
    for (size_t step = 0; step < STEPS; step++) {
        table_record_t record;
        size_t choice = chance_below (&self->chance, 100);
        if (choice < 40)
            s_change (self, 1000 + step);
        else if (choice < 90 && copy_take (&self->copy, &record, &position)) {
            location_t location;
            location_reread (&location, record.line);
            table_restore (self->kept, &location);
        }
        else {
            table_record_t expected = {.lsn = 0};
            while (!copy_seek (&other, position, 3))
                continue;
            bool found = copy_peek (&self->copy, &expected);
            assert_int_equal (copy_peek (&other, &record), found);
            assert_true (!found || record.lsn == expected.lsn);
        }
        if (!copy_has_next (&self->copy))
            s_check (self);
    }
}


static void
a_copy_that_has_everything_is_told_what_is_new (void **state)
{
    stage_t *self = *state;
    location_t location = s_line (self, 1, 1);
    table_restore (self->table, &location);
    location = s_line (self, 2, 1);
    table_put (self->table, &location, TABLE_DOOR);
    assert_true (copy_seek (&self->copy, copy_everything (&self->copy), 1));
    assert_false (copy_has_next (&self->copy));
    location = s_line (self, 3, 1);
    table_put (self->table, &location, TABLE_DOOR);
    location = s_line (self, 4, 1);
    table_load (self->table, &location, 0);
    s_write (self);
    assert_int_equal (table_count (self->kept), 2);
}


static void
a_client_that_moves_often_is_written_once (void **state)
{
    stage_t *self = *state;
    for (size_t time = 1; time <= 9; time++) {
        location_t location = s_line (self, 7, time);
        table_put (self->table, &location, TABLE_DOOR);
    }
    assert_true (copy_has_next (&self->copy));
    assert_true (s_write (self) > 0);
    assert_false (copy_has_next (&self->copy));
}


//  What a copy was read from is no news to it

static void
what_was_loaded_can_be_skipped (void **state)
{
    stage_t *self = *state;
    location_t location = s_line (self, 1, 1);
    table_restore (self->table, &location);
    location = s_line (self, 2, 1);
    table_put (self->table, &location, TABLE_DOOR);
    location = s_line (self, 1, 2);
    table_restore (self->table, &location);
    copy_skip_loaded (&self->copy);
    s_write (self);
    assert_false (copy_has_next (&self->copy));
    assert_int_equal (table_count (self->kept), 1);
    location = s_line (self, 3, 1);
    table_load (self->table, &location, 0);
    s_write (self);
    assert_int_equal (table_count (self->kept), 2);
}


//  "what is no change stays none when it is replaced"; a change stays one

static void
what_is_restored_makes_no_change (void **state)
{
    stage_t *self = *state;
    for (size_t time = 1; time <= 3; time++) {
        location_t location = s_line (self, 1, time);
        assert_int_equal (table_restore (self->table, &location), TABLE_STORED);
    }
    assert_int_equal (table_lsn (self->table), TABLE_LSN_BASE);
    location_t location = s_line (self, 2, 1);
    table_put (self->table, &location, 4);
    location = s_line (self, 2, 2);
    table_restore (self->table, &location);
    assert_int_equal (table_lsn (self->table), TABLE_LSN_BASE + 2);
    location = s_line (self, 2, 1);
    assert_int_equal (table_restore (self->table, &location), TABLE_OLDER);
}


//  Of two that heard the same stamp and place, one is newer all the same

static void
what_is_restored_is_joined (void **state)
{
    stage_t *self = *state;
    static const char early [] = "AT A +0.000000000 c +1+1 5";
    static const char late [] = "AT A +1.000000000 c +1+1 5";
    location_t location = spans_location (early);
    table_put (self->table, &location, 0);
    location = spans_location (late);
    assert_int_equal (table_restore (self->table, &location), TABLE_STORED);
    assert_int_equal (table_lines_size (self->table), sizeof late);
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        cmocka_unit_test_setup_teardown (
            a_copy_that_lacks_nothing_has_each_record, s_setup, s_teardown),
        cmocka_unit_test_setup_teardown (
            a_copy_goes_on_from_a_position, s_setup, s_teardown),
        cmocka_unit_test_setup_teardown (
            a_copy_that_has_everything_is_told_what_is_new, s_setup,
            s_teardown),
        cmocka_unit_test_setup_teardown (
            a_client_that_moves_often_is_written_once, s_setup, s_teardown),
        cmocka_unit_test_setup_teardown (
            what_was_loaded_can_be_skipped, s_setup, s_teardown),
        cmocka_unit_test_setup_teardown (
            what_is_restored_makes_no_change, s_setup, s_teardown),
        cmocka_unit_test_setup_teardown (
            what_is_restored_is_joined, s_setup, s_teardown),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
