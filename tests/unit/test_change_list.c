/*  =========================================================================
    test_change_list - the records of a table in the order they changed

    Against a model that is a plain list of numbers: records are appended,
    prepended, moved and removed under cursors that walk.
    =========================================================================
*/

#include "unit/chance.h"
#include "unit/spans.h"

#include "table/change_list.h"

#define RECORDS 40
#define CURSORS 5

//  lsns of records that are in the ring, 0 for others; and the lsn up to which
//  each cursor saw all
typedef struct {
    arena_t *arena;
    change_list_t changes;
    arena_ref_t refs [RECORDS];
    uint64_t lsns [RECORDS];
    arena_ref_t cursors [CURSORS];
    uint64_t seen [CURSORS];
    uint64_t first;
    uint64_t last;
} ring_t;

static ring_t s_ring;


static int
s_setup (void **state)
{
    s_ring = (ring_t){.arena = arena_new (),
        .first = CHANGE_LIST_BASE + 1,
        .last = CHANGE_LIST_BASE};
    change_list_init (&s_ring.changes, s_ring.arena);
    for (size_t at = 0; at < RECORDS; at++) {
        s_ring.refs [at] = arena_take (s_ring.arena, sizeof (change_t) + 1);
        changes_at (&s_ring.changes, s_ring.refs [at])->size = 1;
    }
    for (size_t at = 0; at < CURSORS; at++)
        s_ring.cursors [at] = change_list_cursor (&s_ring.changes);
    *state = &s_ring;
    return 0;
}


static int
s_teardown (void **state)
{
    ring_t *self = *state;
    arena_destroy (&self->arena);
    return 0;
}


static uint64_t
s_next_lsn (const ring_t *self, uint64_t after)
{
    uint64_t next = UINT64_MAX;
    for (size_t at = 0; at < RECORDS; at++)
        if (self->lsns [at] > after && self->lsns [at] < next)
            next = self->lsns [at];
    return next;
}


static void
s_append (ring_t *self, size_t at)
{
    change_list_append (&self->changes, self->refs [at]);
    self->lsns [at] = ++self->last;
    assert_int_equal (self->changes.last, self->last);
}


//  What goes before all goes before all cursors too: only who seeks there sees
//  it

static void
s_prepend (ring_t *self, size_t at)
{
    change_list_prepend (&self->changes, self->refs [at]);
    self->lsns [at] = --self->first;
    assert_int_equal (self->changes.last, self->last);
    for (size_t cursor = 0; cursor < CURSORS; cursor++)
        if (self->seen [cursor] < self->first)
            self->seen [cursor] = self->first;
}


static void
s_remove (ring_t *self, size_t at)
{
    change_list_remove (&self->changes, self->refs [at]);
    self->lsns [at] = 0;
}


//  Return how many calls it took

static size_t
s_seek_by (ring_t *self, size_t cursor, uint64_t lsn, size_t steps)
{
    size_t calls = 1;
    while (
        !change_list_seek (&self->changes, self->cursors [cursor], lsn, steps))
        assert_true (++calls <= RECORDS);
    self->seen [cursor] = lsn;
    return calls;
}


static void
s_seek (ring_t *self, size_t cursor, uint64_t lsn)
{
    assert_int_equal (s_seek_by (self, cursor, lsn, RECORDS), 1);
}


static void
s_advance (ring_t *self, size_t cursor)
{
    uint64_t next = s_next_lsn (self, self->seen [cursor]);
    if (next == UINT64_MAX)
        return;
    change_list_advance (&self->changes, self->cursors [cursor]);
    self->seen [cursor] = next;
}


static void
s_check (const ring_t *self)
{
    for (size_t at = 0; at < CURSORS; at++) {
        uint64_t next = s_next_lsn (self, self->seen [at]);
        arena_ref_t ref =
            change_list_after (&self->changes, self->cursors [at]);
        assert_int_equal (ref != 0, next != UINT64_MAX);
        if (ref)
            assert_int_equal (changes_at (&self->changes, ref)->lsn, next);
    }
    uint64_t lsn = 0;
    for (arena_ref_t ref =
             change_list_after (&self->changes, self->changes.end);
         ref; ref = change_list_after (&self->changes, ref)) {
        lsn = s_next_lsn (self, lsn);
        assert_int_equal (changes_at (&self->changes, ref)->lsn, lsn);
    }
    assert_true (s_next_lsn (self, lsn) == UINT64_MAX);
}


static void
an_empty_ring_has_nothing_after_anything (void **state)
{
    ring_t *self = *state;
    assert_int_equal (self->changes.last, CHANGE_LIST_BASE);
    s_check (self);
    s_seek (self, 0, 0);
    s_seek (self, 1, CHANGE_LIST_BASE);
    s_seek (self, 2, UINT64_MAX);
    s_check (self);
}


static void
changes_are_counted_up_and_loads_down (void **state)
{
    ring_t *self = *state;
    s_append (self, 0);
    s_prepend (self, 1);
    s_append (self, 2);
    s_prepend (self, 3);
    static const uint64_t lsns [] = {CHANGE_LIST_BASE + 1, CHANGE_LIST_BASE,
        CHANGE_LIST_BASE + 2, CHANGE_LIST_BASE - 1};
    for (size_t at = 0; at < COUNT (lsns); at++)
        assert_int_equal (
            changes_at (&self->changes, self->refs [at])->lsn, lsns [at]);
    assert_int_equal (self->changes.last, CHANGE_LIST_BASE + 2);
    s_check (self);
}


//  Who has all changes is not sent what was loaded; who asks for all is

static void
what_is_loaded_is_seen_from_before_all (void **state)
{
    ring_t *self = *state;
    s_append (self, 0);
    s_seek (self, 0, CHANGE_LIST_BASE);
    s_seek (self, 1, CHANGE_LIST_BASE + 1);
    for (size_t at = 1; at < 10; at++)
        s_prepend (self, at);
    s_check (self);
    s_seek (self, 2, CHANGE_LIST_BASE);
    s_seek (self, 3, 0);
    s_seek (self, 4, CHANGE_LIST_BASE - 5);
    s_check (self);
    size_t seen = 0;
    for (; change_list_after (&self->changes, self->cursors [3]); seen++)
        s_advance (self, 3);
    assert_int_equal (seen, 10);
    s_check (self);
}


//  Nothing that happens to a record can lose a cursor

static void
a_cursor_stays_when_its_record_goes (void **state)
{
    ring_t *self = *state;
    for (size_t at = 0; at < 6; at++)
        s_append (self, at);
    for (size_t cursor = 0; cursor < CURSORS; cursor++)
        s_seek (self, cursor, CHANGE_LIST_BASE + 3);
    s_remove (self, 2);
    s_remove (self, 3);
    s_check (self);
    s_append (self, 2);
    s_check (self);
    for (size_t at = 0; at < 6; at++)
        if (self->lsns [at])
            s_remove (self, at);
    s_check (self);
    s_append (self, 3);
    s_check (self);
}


//  A step is a record passed, and the nearest end is where it begins

static void
a_seek_goes_so_far_a_call_from_the_nearest_end (void **state)
{
    ring_t *self = *state;
    for (size_t at = 0; at < RECORDS; at++)
        s_append (self, at);
    static const struct {
        uint64_t from;
        uint64_t to;
        size_t calls;  //  Of 4 steps
    } rows [] = {{0, 0, 1}, {0, 4, 1}, {0, 5, 2}, {0, 8, 2}, {0, 20, 5},
        {0, 21, 5}, {0, 35, 2}, {0, 36, 1}, {0, 40, 1}, {0, 99, 1}, {40, 0, 1},
        {40, 20, 5}, {40, 19, 5}, {40, 4, 1}, {40, 5, 2}, {20, 19, 1},
        {20, 21, 1}, {20, 25, 2}, {20, 15, 2}, {20, 30, 3}, {20, 31, 3},
        {20, 9, 3}, {20, 3, 1}, {20, 37, 1}};
    for (size_t row = 0; row < COUNT (rows); row++) {
        s_seek (self, 0, CHANGE_LIST_BASE + rows [row].from);
        assert_int_equal (
            s_seek_by (self, 0, CHANGE_LIST_BASE + rows [row].to, 4),
            rows [row].calls);
        s_check (self);
    }
}


//  Between two calls anything may happen, also that the place becomes another

static void
a_seek_may_be_interrupted (void **state)
{
    ring_t *self = *state;
    chance_t chance = chance_new (4242);
    for (int round = 0; round < 2000; round++) {
        for (size_t at = 0; at < RECORDS; at++)
            if (!self->lsns [at])
                s_append (self, at);
        uint64_t lsn =
            self->last - chance_below (&chance, (size_t) 2 * RECORDS);
        size_t calls = 0;
        while (!change_list_seek (&self->changes, self->cursors [0], lsn, 2)) {
            assert_true (++calls <= RECORDS);
            size_t at = chance_below (&chance, RECORDS);
            if (self->lsns [at])
                s_remove (self, at);
            if (chance_below (&chance, 2))
                s_append (self, at);
            else
                s_prepend (self, at);
        }
        self->seen [0] = lsn;
        s_check (self);
    }
}


static void
s_act (ring_t *self, chance_t *chance)
{
    size_t at = chance_below (chance, RECORDS);
    size_t cursor = chance_below (chance, CURSORS);
    switch (chance_below (chance, 6)) {
    case 0:
        if (self->lsns [at])
            s_remove (self, at);
        s_append (self, at);
        break;
    case 1:
        if (self->lsns [at])
            s_remove (self, at);
        else if (chance_below (chance, 3) == 0)
            s_prepend (self, at);
        break;
    case 2:
        s_seek_by (self, cursor,
            self->first - 2 +
                chance_below (chance, self->last - self->first + 5),
            1 + chance_below (chance, 8));
        if (chance_below (chance, 8) == 0)
            s_seek (self, cursor, chance_below (chance, 2) ? 0 : UINT64_MAX);
        break;
    default:
        s_advance (self, cursor);
    }
}


static void
cursors_see_what_a_plain_list_would_show (void **state)
{
    ring_t *self = *state;
    chance_t chance = chance_new (12345);
    for (int round = 0; round < 20000; round++) {
        s_act (self, &chance);
        s_check (self);
        //  Beyond the newest there is nothing to have seen yet
        for (size_t at = 0; at < CURSORS; at++)
            if (self->seen [at] > self->last)
                self->seen [at] = self->last;
    }
}


#define CASE(name) cmocka_unit_test_setup_teardown (name, s_setup, s_teardown)

int
main (void)
{
    const struct CMUnitTest cases [] = {
        CASE (an_empty_ring_has_nothing_after_anything),
        CASE (changes_are_counted_up_and_loads_down),
        CASE (what_is_loaded_is_seen_from_before_all),
        CASE (a_cursor_stays_when_its_record_goes),
        CASE (a_seek_goes_so_far_a_call_from_the_nearest_end),
        CASE (a_seek_may_be_interrupted),
        CASE (cursors_see_what_a_plain_list_would_show),
    };
    return cmocka_run_group_tests (cases, NULL, NULL);
}
