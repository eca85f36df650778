/*  =========================================================================
    test_arena - many small pieces of memory, 4 bytes a reference

    Against a model: pieces of all sizes are taken, filled, given back and
    taken again, and each must keep what was written to it; also when there is
    no memory for more.
    =========================================================================
*/

#include "unit/chance.h"
#include "unit/shortage.h"
#include "unit/spans.h"

#include "table/arena.h"

#include <string.h>

#define PIECES 300


static void
a_piece_is_aligned_and_has_a_name (void **state)
{
    (void) state;
    arena_t *arena = arena_new ();
    for (size_t size = 0; size < 100; size++) {
        arena_ref_t ref = arena_take (arena, size);
        assert_int_not_equal (ref, 0);
        void *piece = arena_at (arena, ref);
        assert_int_equal ((uintptr_t) piece % 8, 0);
        memset (piece, 0xAA, size);
    }
    arena_destroy (&arena);
    assert_null (arena);
    arena_destroy (&arena);
}


static void
what_was_given_back_serves_again (void **state)
{
    (void) state;
    static const size_t sizes [] = {0, 1, 8, 9, 100, 2040, 2041, 2048};
    arena_t *arena = arena_new ();
    for (size_t at = 0; at < COUNT (sizes); at++) {
        size_t size = sizes [at];
        arena_ref_t one = arena_take (arena, size);
        arena_ref_t other = arena_take (arena, size);
        assert_int_not_equal (one, other);
        size_t used = arena_used (arena);
        arena_give (arena, one, size);
        arena_give (arena, other, size);
        assert_int_equal (arena_growth (arena, size), 0);
        arena_ref_t again = arena_take (arena, size);
        assert_true (again == one || again == other);
        assert_int_equal (arena_used (arena), used);
    }
    arena_destroy (&arena);
}


//  "Return how many bytes arena_used would grow by for a piece of this size"

static void
growth_is_told_beforehand (void **state)
{
    (void) state;
    arena_t *arena = arena_new ();
    for (size_t size = 0; size <= ARENA_SIZE_MAX; size += 1 + size / 7) {
        size_t used = arena_used (arena);
        size_t growth = arena_growth (arena, size);
        assert_true (growth >= size && growth % 8 == 0);
        arena_take (arena, size);
        assert_int_equal (arena_used (arena), used + growth);
    }
    arena_destroy (&arena);
}


static void
a_piece_wastes_less_than_8_bytes (void **state)
{
    (void) state;
    arena_t *arena = arena_new ();
    for (size_t size = 1; size <= ARENA_SIZE_MAX; size++)
        assert_true (arena_growth (arena, size) - size < 8);
    arena_destroy (&arena);
}


//  "true if a piece taken for one size serves for the other as it is"

static void
sizes_of_the_same_room_grow_alike (void **state)
{
    (void) state;
    arena_t *arena = arena_new ();
    static const size_t sizes [] = {
        0, 1, 7, 8, 9, 15, 16, 17, 2040, 2041, 2047, 2048};
    for (size_t one = 0; one < COUNT (sizes); one++)
        for (size_t other = 0; other < COUNT (sizes); other++)
            assert_int_equal (arena_same_room (sizes [one], sizes [other]),
                arena_growth (arena, sizes [one]) ==
                    arena_growth (arena, sizes [other]));
    arena_destroy (&arena);
}


typedef struct {
    size_t size;
    arena_ref_t ref;
    int filling;
} piece_t;


static void
s_check (const arena_t *arena, const piece_t *piece)
{
    const unsigned char *bytes = arena_at (arena, piece->ref);
    for (size_t at = 0; at < piece->size; at++)
        assert_int_equal (bytes [at], piece->filling);
}


static void
pieces_keep_what_is_in_them (void **state)
{
    (void) state;
    chance_t chance = chance_new (4096);
    arena_t *arena = arena_new ();
    piece_t pieces [PIECES] = {{0, 0, 0}};
    for (int round = 0; round < 20000; round++) {
        piece_t *piece = &pieces [chance_below (&chance, PIECES)];
        if (piece->ref) {
            s_check (arena, piece);
            arena_give (arena, piece->ref, piece->size);
            piece->ref = 0;
        }
        else {
            size_t size_max = chance_below (&chance, 20) ? 200 : ARENA_SIZE_MAX;
            piece->size = chance_below (&chance, size_max);
            piece->filling = (int) chance_below (&chance, 256);
            piece->ref = arena_take (arena, piece->size);
            memset (arena_at (arena, piece->ref), piece->filling, piece->size);
        }
    }
    for (size_t at = 0; at < PIECES; at++)
        if (pieces [at].ref)
            s_check (arena, &pieces [at]);
    arena_destroy (&arena);
}


//  Take pieces of so many bytes until no more can be had.  Return how many

static size_t
s_take_all (arena_t *arena, size_t size)
{
    size_t pieces = 0;
    for (; arena_reserve (arena, size, 0); pieces++)
        memset (arena_at (arena, arena_take (arena, size)), 0x55, size);
    return pieces;
}


//  A piece that stays where it is shows that all is as it was

static void
without_memory_an_arena_does_not_grow (void **state)
{
    (void) state;
    arena_t *arena = arena_new ();
    shortage_begin (0, 0);
    assert_false (arena_reserve (arena, 1, 0));
    shortage_end ();
    arena_ref_t ref = arena_take (arena, 100);
    memset (arena_at (arena, ref), 0xAA, 100);
    for (size_t few = 0; few < 4; few++) {
        shortage_begin (few, 0);
        size_t pieces = s_take_all (arena, 1000);
        assert_true (pieces >= 30);
        size_t used = arena_used (arena);
        assert_false (arena_reserve (arena, 1000, 0));
        assert_int_equal (arena_used (arena), used);
        shortage_end ();
        s_check (arena, &(piece_t){100, ref, 0xAA});
    }
    assert_true (arena_reserve (arena, 1000, 0));
    arena_destroy (&arena);
}


//  What was given back serves, and what is to be left is counted

static void
what_is_reserved_can_be_taken (void **state)
{
    (void) state;
    arena_t *arena = arena_new ();
    arena_ref_t ref = arena_take (arena, 100);
    shortage_begin (0, 0);
    size_t more = 0;
    while (arena_reserve (arena, 100, more))
        more += 104;
    for (; more > 104; more -= 104)
        arena_take (arena, 100);
    assert_true (arena_reserve (arena, 100, 0));
    arena_take (arena, 100);
    assert_false (arena_reserve (arena, 100, 0));
    arena_give (arena, ref, 100);
    assert_true (arena_reserve (arena, 100, (size_t) 1 << 40));
    assert_int_equal (arena_take (arena, 100), ref);
    shortage_end ();
    arena_destroy (&arena);
}


//  Nothing is allocated for it: it is refused before that

static void
an_arena_is_no_larger_than_its_references_reach (void **state)
{
    (void) state;
    arena_t *arena = arena_new ();
    arena_take (arena, 100);
    size_t used = arena_used (arena);
    shortage_begin (SIZE_MAX, 0);
    assert_false (arena_reserve (arena, 100, (size_t) 32 << 30));
    assert_int_equal (shortage_end (), 0);
    assert_int_equal (arena_used (arena), used);
    arena_destroy (&arena);
}


int
main (void)
{
    const struct CMUnitTest cases [] = {
        cmocka_unit_test (a_piece_is_aligned_and_has_a_name),
        cmocka_unit_test (what_was_given_back_serves_again),
        cmocka_unit_test (growth_is_told_beforehand),
        cmocka_unit_test (a_piece_wastes_less_than_8_bytes),
        cmocka_unit_test (sizes_of_the_same_room_grow_alike),
        cmocka_unit_test (pieces_keep_what_is_in_them),
        cmocka_unit_test (without_memory_an_arena_does_not_grow),
        cmocka_unit_test (what_is_reserved_can_be_taken),
        cmocka_unit_test (an_arena_is_no_larger_than_its_references_reach),
    };
    return cmocka_run_group_tests (cases, NULL, NULL);
}
