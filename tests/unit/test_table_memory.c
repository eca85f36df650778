/*  =========================================================================
    test_table_memory - the newest location of every client, without memory

    A table that is given no memory refuses whom it has none for, and is
    otherwise as it was: beside one that has plenty, whatever request it is that
    fails first.
    =========================================================================
*/

#include "unit/chance.h"
#include "unit/shortage.h"
#include "unit/spans.h"

#include "base/spare.h"
#include "table/table.h"

#include <stdio.h>

#define PLENTY ((size_t) 1 << 30)

//  What the table asks for when it grows is more than this; a probe of what is
//  left is more than SPARE_SIZE
#define LARGE 4096

#define CLIENTS 4000


static table_t *
s_table (void)
{
    return table_new ((const unsigned char *) "0123456789abcdef", PLENTY);
}


//  A client says where it is; the more decimals, the longer its record

static table_result_t
s_put (table_t *self, int client, int decimals, int stamp)
{
    char line [LOCATION_LINE_SIZE_MAX];
    int size = snprintf (line, sizeof (line),
        "AT A +0.000000000 c%06d +1+1.%0*d %d", client, decimals, 0, stamp);
    location_t location;
    location_reread (&location, (span_t){line, (size_t) size});
    return table_put (self, &location, TABLE_DOOR);
}


static bool
s_knows (const table_t *self, int client)
{
    char name [16];
    location_t location;
    snprintf (name, sizeof (name), "c%06d", client);
    return table_find (self, span_of (name), &location);
}


static uint64_t
s_root (table_t *self)
{
    return digest_root (table_digest (self));
}


//  New clients come until there is no memory.  Return how many came

static int
s_fill (table_t *self, int first)
{
    int count = 0;
    while (s_put (self, first + count, 1, 1000) == TABLE_STORED)
        count++;
    return count;
}


//  New ids are refused, and a full table is the same however often it is asked

static void
whom_there_is_no_memory_for_is_refused (void **state)
{
    (void) state;
    table_t *table = s_table ();
    shortage_begin (2, LARGE);
    int count = s_fill (table, 0);
    assert_in_range (count, 400, 2000);
    size_t size = table_size (table);
    uint64_t root = s_root (table);
    for (int client = count; client < count + 100; client++) {
        assert_int_equal (s_put (table, client, 1, 1000), TABLE_FULL);
        assert_false (s_knows (table, client));
    }
    assert_int_equal (table_count (table), count);
    assert_int_equal (table_lsn (table), TABLE_LSN_BASE + (uint64_t) count);
    assert_int_equal (table_size (table), size);
    assert_true (s_root (table) == root);
    for (int client = 0; client < count; client++)
        assert_true (s_knows (table, client));

    shortage_end ();
    assert_true (s_put (table, count, 1, 1000) == TABLE_STORED);
    assert_true (s_knows (table, count));
    table_destroy (&table);
}


//  An eighth is kept for those who are known: in place, and where they need
//  more

static void
who_is_known_still_moves (void **state)
{
    (void) state;
    table_t *table = s_table ();
    shortage_begin (2, LARGE);
    int count = s_fill (table, 0);
    for (int client = 0; client < count; client++)
        assert_int_equal (s_put (table, client, 1, 1001), TABLE_STORED);
    int moved = 0;
    while (s_put (table, moved, 100, 1002) == TABLE_STORED)
        moved++;
    assert_in_range (moved, count / 18, count / 8);

    //  Who finds no more room stays; and may move again within what it has
    assert_int_equal (s_put (table, moved, 1, 1003), TABLE_STORED);
    assert_int_equal (s_put (table, 0, 100, 1003), TABLE_STORED);
    assert_int_equal (table_count (table), count);

    //  A client who goes makes room for one who comes
    assert_int_equal (s_put (table, count, 1, 1000), TABLE_FULL);
    table_drop (table, SPAN ("c000000"));
    assert_int_equal (s_put (table, count, 100, 1000), TABLE_STORED);
    shortage_end ();
    table_destroy (&table);
}


static void
s_drop (table_t *self, int client)
{
    char name [16];
    snprintf (name, sizeof (name), "c%06d", client);
    table_drop (self, span_of (name));
}


//  The same happens to both, but for what the one has no memory for.  Return
//  how often that was

static int
s_live (table_t *poor, table_t *rich, int rounds)
{
    chance_t chance = chance_new (2101);
    int refused = 0;
    for (int round = 0; round < rounds; round++) {
        int client = (int) chance_below (&chance, CLIENTS);
        int decimals = chance_below (&chance, 8) ? 1 : 60;
        uint64_t lsn = table_lsn (poor);
        size_t count = table_count (poor);
        table_result_t result = s_put (poor, client, decimals, 1000 + round);
        if (result == TABLE_FULL) {
            assert_true (table_lsn (poor) == lsn);
            assert_true (table_count (poor) == count);
            assert_int_equal (s_knows (poor, client), s_knows (rich, client));
            refused++;
            continue;
        }
        assert_int_equal (result, TABLE_STORED);
        s_put (rich, client, decimals, 1000 + round);
        if (round % 3 == 0) {
            s_drop (poor, client);
            s_drop (rich, client);
        }
    }
    return refused;
}


static void
whatever_request_fails_the_table_is_right (void **state)
{
    (void) state;
    size_t requests = 1;
    for (size_t few = 0; few <= requests; few++) {
        table_t *poor = s_table ();
        table_t *rich = s_table ();
        //  The rich one has grown before
        for (int client = 0; client < CLIENTS; client++)
            s_put (rich, client, 60, 1);
        for (int client = 0; client < CLIENTS; client++)
            s_drop (rich, client);
        shortage_begin (few, LARGE);
        int refused = s_live (poor, rich, 2 * CLIENTS);
        requests = shortage_end ();
        assert_int_equal (refused > 0, few < requests);
        assert_int_equal (table_count (poor), table_count (rich));
        assert_true (s_root (poor) == s_root (rich));
        for (int scrub = 0; scrub < 400; scrub++)
            assert_int_equal (table_scrub (poor), 0);
        table_destroy (&poor);
        table_destroy (&rich);
    }
    assert_in_range (requests, 4, 40);
}


//  What is asked for beside what is needed is the spare

static void
the_last_memory_is_left_to_others (void **state)
{
    (void) state;
    table_t *table = s_table ();
    shortage_begin (0, SPARE_SIZE);
    int count = s_fill (table, 0);
    shortage_end ();
    //  From so much on the table asks whether it leaves any
    assert_true (table_size (table) > SPARE_FREE_SIZE);
    assert_true (table_size (table) < 4 * SPARE_FREE_SIZE);
    assert_int_equal (s_put (table, count, 1, 1000), TABLE_STORED);
    table_destroy (&table);
}


//  Nor is there room for more than the table would take

static void
who_is_expected_is_put_where_he_stays (void **state)
{
    (void) state;
    table_t *table = s_table ();
    assert_int_equal (s_put (table, 0, 1, 1000), TABLE_STORED);
    table_expect (table, CLIENTS);
    size_t others = table_size (table);
    for (int client = 1; client < CLIENTS; client++)
        s_put (table, client, 1, 1000);
    size_t records = table_size (table) - others;
    size_t each = records / (CLIENTS - 1);
    assert_int_equal (records, each * (CLIENTS - 1));
    for (int client = 0; client < CLIENTS; client++)
        assert_true (s_knows (table, client));
    table_set_size_max (table, (size_t) 1 << 20);
    table_expect (table, UINT64_MAX);
    assert_true (table_size (table) < others + records + ((size_t) 1 << 18));
    table_destroy (&table);
}


//  What stands before each record takes room, too

static void
fewer_are_expected_where_it_is_kept_who_is_near (void **state)
{
    (void) state;
    table_t *plain = s_table ();
    table_t *near = s_table ();
    table_keep_near (near);
    table_expect (plain, UINT64_MAX);
    table_expect (near, UINT64_MAX);
    assert_true (table_size (near) < table_size (plain));
    table_destroy (&plain);
    table_destroy (&near);
}


static void
who_is_expected_may_find_no_memory (void **state)
{
    (void) state;
    table_t *table = s_table ();
    shortage_begin (0, LARGE);
    table_expect (table, CLIENTS);
    shortage_end ();
    assert_int_equal (s_put (table, 0, 1, 1000), TABLE_STORED);
    assert_true (s_knows (table, 0));
    table_destroy (&table);
}


int
main (void)
{
    const struct CMUnitTest cases [] = {
        cmocka_unit_test (whom_there_is_no_memory_for_is_refused),
        cmocka_unit_test (who_is_known_still_moves),
        cmocka_unit_test (whatever_request_fails_the_table_is_right),
        cmocka_unit_test (who_is_expected_is_put_where_he_stays),
        cmocka_unit_test (fewer_are_expected_where_it_is_kept_who_is_near),
        cmocka_unit_test (who_is_expected_may_find_no_memory),
        cmocka_unit_test (the_last_memory_is_left_to_others),
    };
    return cmocka_run_group_tests (cases, NULL, NULL);
}
