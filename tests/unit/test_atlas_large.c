/*  =========================================================================
    test_atlas_large - the newest location of every client, when there are many

    Beyond a million and a half clients the digest gets another level, if there
    is memory for it.  It is
    the slowest of the unit tests: some seconds under sanitizers.
    =========================================================================
*/

#include "unit/shortage.h"
#include "unit/spans.h"

#include "table/atlas.h"

#include <stdio.h>
#include <string.h>

//  The digest gets its fifth level from enough clients on
#define CLIENTS_FEW 1400000
#define CLIENTS_ENOUGH 1500000
#define CLIENTS_MANY 1600000


static void
s_put (atlas_t *self, int client)
{
    char line [80];
    int size =
        snprintf (line, sizeof (line), "AT A +0.000000000 c%d +1+1 5", client);
    location_t location;
    location_reread (&location, (span_t){line, (size_t) size});
    assert_int_equal (atlas_put (self, &location, ATLAS_DOOR), ATLAS_STORED);
}


//  Scrub so often, or until the digest is as deep.  Return how often

static int
s_scrub (atlas_t *self, int most, unsigned depth)
{
    int turns = 0;
    while (turns < most && digest_depth (atlas_digest (self)) < depth) {
        assert_int_equal (atlas_scrub (self), 0);
        turns++;
    }
    return turns;
}


//  Leaves and their sum are those of the records found there

static void
s_check_leaves (atlas_t *self, unsigned level)
{
    for (uint64_t prefix = 0; prefix < 16; prefix++) {
        uint64_t place = prefix * 0xfed % ((uint64_t) 1 << 4 * level);
        uint64_t sum = 0;
        atlas_walk_t walk = {.level = level, .prefix = place};
        while (atlas_step (self, &walk))
            sum += walk.line.size ? walk.check : 0;
        assert_true (sum == digest_sum (atlas_digest (self), level, place));
    }
}


//  Without memory for a deeper digest the one there is serves on; and all of it
//  is still scrubbed

static void
s_scrub_without_memory (atlas_t *self)
{
    const digest_t *kept = atlas_digest (self);
    uint64_t root = digest_root (kept);
    digest_t *digest;
    memcpy (&digest, &kept, sizeof (void *));
    digest_add (digest, UINT64_MAX, 7);
    size_t wrong = 0;
    shortage_begin (0, (size_t) 1 << 20);
    for (int turn = 0; turn < 1000; turn++)
        wrong += atlas_scrub (self);
    assert_true (shortage_end () > 100);
    assert_int_equal (wrong, 1);
    assert_int_equal (digest_depth (atlas_digest (self)), 4);
    assert_true (digest_root (atlas_digest (self)) == root);
}


static void
a_large_table_has_a_deeper_digest (void **state)
{
    (void) state;
    atlas_t *atlas = atlas_new (
        (const unsigned char *) "0123456789abcdef", (size_t) 1 << 30);
    int client = 0;
    for (; client < CLIENTS_FEW; client++)
        s_put (atlas, client);
    assert_int_equal (s_scrub (atlas, 1000, 5), 1000);
    s_check_leaves (atlas, 4);
    //  The deeper one is made little by little, while clients come
    for (; client < CLIENTS_MANY; client++) {
        if (client == CLIENTS_ENOUGH)
            s_scrub_without_memory (atlas);
        s_put (atlas, client);
        if (client % 500 == 0)
            atlas_scrub (atlas);
    }
    //  Some thousand records a turn: in 200 turns the most was done
    assert_in_range (s_scrub (atlas, 1000, 5), 160, 180);
    assert_int_equal (atlas_count (atlas), CLIENTS_MANY);
    s_check_leaves (atlas, 4);
    s_check_leaves (atlas, 5);

    //  It keeps it when it shrinks
    uint64_t root = digest_root (atlas_digest (atlas));
    for (client = 0; client < 1000; client++) {
        char name [16];
        snprintf (name, sizeof (name), "c%d", client);
        atlas_drop (atlas, span_of (name));
    }
    assert_true (digest_root (atlas_digest (atlas)) != root);
    for (client = 0; client < 1000; client++)
        s_put (atlas, client);
    assert_int_equal (digest_depth (atlas_digest (atlas)), 5);
    assert_true (digest_root (atlas_digest (atlas)) == root);
    s_check_leaves (atlas, 5);

    //  128 bytes a client are enough
    assert_true (atlas_size (atlas) / CLIENTS_MANY <= 128);
    atlas_destroy (&atlas);
}


int
main (void)
{
    const struct CMUnitTest cases [] = {
        cmocka_unit_test (a_large_table_has_a_deeper_digest),
    };
    return cmocka_run_group_tests (cases, NULL, NULL);
}
