/*  =========================================================================
    test_table_large - the newest location of every client, when there are many

    Beyond a million and a half clients the digest gets another level, if there
    is memory for it.  It is
    the slowest of the unit tests: some seconds under sanitizers.
    =========================================================================
*/

#include "unit/shortage.h"
#include "unit/spans.h"

#include "table/table.h"

#include <stdio.h>
#include <string.h>

//  The digest gets its fifth level from enough clients on
#define CLIENTS_FEW 1400000
#define CLIENTS_ENOUGH 1500000
#define CLIENTS_MANY 1600000


//  They differ in seven digits: nothing else is to be read again

static void
s_put (table_t *self, int client)
{
    static char line [] = "AT A +0.000000000 c0000000 +1+1 5";
    static location_t location;
    if (!location.line.data)
        location_reread (&location, span_of (line));
    for (char *digit = line + 25; digit > line + 18; digit--, client /= 10)
        *digit = (char) ('0' + client % 10);
    assert_int_equal (table_put (self, &location, TABLE_DOOR), TABLE_STORED);
}


//  Scrub so often, or until the digest is as deep.  Return how often

static int
s_scrub (table_t *self, int most, unsigned depth)
{
    int turns = 0;
    while (turns < most && digest_depth (table_digest (self)) < depth) {
        assert_int_equal (table_scrub (self), 0);
        turns++;
    }
    return turns;
}


//  Leaves and their sum are those of the records found there

static void
s_check_leaves (table_t *self, unsigned level)
{
    for (uint64_t prefix = 0; prefix < 16; prefix++) {
        uint64_t place = prefix * 0xfed % ((uint64_t) 1 << 4 * level);
        uint64_t sum = 0;
        table_walk_t walk = {.level = level, .prefix = place};
        while (table_step (self, &walk))
            sum += walk.line.size ? walk.check : 0;
        assert_true (sum == digest_sum (table_digest (self), level, place));
    }
}


//  Without memory for a deeper digest the one there is serves on; and all of it
//  is still scrubbed

static void
s_scrub_without_memory (table_t *self)
{
    const digest_t *kept = table_digest (self);
    uint64_t root = digest_root (kept);
    digest_t *digest;
    memcpy (&digest, &kept, sizeof (void *));
    digest_add (digest, UINT64_MAX, 7);
    size_t wrong = 0;
    shortage_begin (0, (size_t) 1 << 20);
    for (int turn = 0; turn < 1000; turn++)
        wrong += table_scrub (self);
    assert_true (shortage_end () > 100);
    assert_int_equal (wrong, 1);
    assert_int_equal (digest_depth (table_digest (self)), 4);
    assert_true (digest_root (table_digest (self)) == root);
}


static void
a_large_table_has_a_deeper_digest (void **state)
{
    (void) state;
    table_t *table = table_new (
        (const unsigned char *) "0123456789abcdef", (size_t) 1 << 30);
    int client = 0;
    for (; client < CLIENTS_FEW; client++)
        s_put (table, client);
    assert_int_equal (s_scrub (table, 1000, 5), 1000);
    s_check_leaves (table, 4);
    //  The deeper one is made little by little, while clients come
    for (; client < CLIENTS_MANY; client++) {
        if (client == CLIENTS_ENOUGH)
            s_scrub_without_memory (table);
        s_put (table, client);
        if (client % 500 == 0)
            table_scrub (table);
    }
    //  Some thousand records a turn: in 200 turns the most was done
    assert_in_range (s_scrub (table, 1000, 5), 160, 180);
    assert_int_equal (table_count (table), CLIENTS_MANY);
    s_check_leaves (table, 4);
    s_check_leaves (table, 5);

    //  It keeps it when it shrinks
    uint64_t root = digest_root (table_digest (table));
    for (client = 0; client < 1000; client++) {
        char name [16];
        snprintf (name, sizeof (name), "c%07d", client);
        table_drop (table, span_of (name));
    }
    assert_true (digest_root (table_digest (table)) != root);
    for (client = 0; client < 1000; client++)
        s_put (table, client);
    assert_int_equal (digest_depth (table_digest (table)), 5);
    assert_true (digest_root (table_digest (table)) == root);
    s_check_leaves (table, 5);

    //  128 bytes a client are enough
    assert_true (table_size (table) / CLIENTS_MANY <= 128);
    table_destroy (&table);
}


int
main (void)
{
    const struct CMUnitTest cases [] = {
        cmocka_unit_test (a_large_table_has_a_deeper_digest),
    };
    return cmocka_run_group_tests (cases, NULL, NULL);
}
