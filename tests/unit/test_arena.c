/*  =========================================================================
    test_arena - many small pieces of memory, 4 bytes a reference

    Against a model: pieces of all sizes are taken, filled, given back and
    taken again, and each must keep what was written to it.
    =========================================================================
*/

#include "unit/chance.h"
#include "unit/spans.h"

#include "core/arena.h"

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
    static const size_t sizes [] = {0, 1, 8, 9, 100, 2048, 2049, 5000, 65536};
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
    for (size_t size = 0; size < 70000; size += 1 + size / 7) {
        size_t used = arena_used (arena);
        size_t growth = arena_growth (arena, size);
        assert_true (growth >= size && growth % 8 == 0);
        arena_take (arena, size);
        assert_int_equal (arena_used (arena), used + growth);
    }
    arena_destroy (&arena);
}


static void
pieces_of_up_to_2048_bytes_waste_less_than_8 (void **state)
{
    (void) state;
    arena_t *arena = arena_new ();
    for (size_t size = 1; size <= 2048; size++)
        assert_true (arena_growth (arena, size) - size < 8);
    for (size_t size = 2049; size <= 100000; size += 13)
        assert_true (arena_growth (arena, size) < 2 * size);
    arena_destroy (&arena);
}


//  "true if a piece taken for one size serves for the other as it is"

static void
sizes_of_the_same_room_grow_alike (void **state)
{
    (void) state;
    arena_t *arena = arena_new ();
    static const size_t sizes [] = {0, 1, 7, 8, 9, 15, 16, 17, 2040, 2041, 2047,
        2048, 2049, 4095, 4096, 4097, 8192, 8193, 65535, 65536, 65537};
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
            size_t size_max = chance_below (&chance, 20) ? 200 : 9000;
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


int
main (void)
{
    const struct CMUnitTest cases [] = {
        cmocka_unit_test (a_piece_is_aligned_and_has_a_name),
        cmocka_unit_test (what_was_given_back_serves_again),
        cmocka_unit_test (growth_is_told_beforehand),
        cmocka_unit_test (pieces_of_up_to_2048_bytes_waste_less_than_8),
        cmocka_unit_test (sizes_of_the_same_room_grow_alike),
        cmocka_unit_test (pieces_keep_what_is_in_them),
    };
    return cmocka_run_group_tests (cases, NULL, NULL);
}
