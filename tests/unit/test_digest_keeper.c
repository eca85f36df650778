/*  =========================================================================
    test_digest_keeper - the digest of a table, kept up with its changes

    Memory is altered behind a table's back, a record's or a sum's, and is to be
    found; and where nothing was altered, nothing is.
    =========================================================================
*/

#include "unit/chance.h"
#include "unit/crowd.h"
#include "unit/spans.h"

#include "table/table.h"

#include <stdio.h>
#include <string.h>

//  All records are seen in so many turns; what is altered just after that is
//  found the next time
#define TURNS 162


static int
s_setup (void **state)
{
    *state = table_new (
        (const unsigned char *) "0123456789abcdef", (size_t) 1 << 30);
    return 0;
}


static int
s_teardown (void **state)
{
    table_t *self = *state;
    table_destroy (&self);
    return 0;
}


static void
s_put_named (table_t *self, const char *name, size_t client, int stamp)
{
    char line [80];
    snprintf (line, sizeof (line), "AT A +0.000000000 %s%zu +1+1 %d", name,
        client, stamp);
    location_t location = spans_location (line);
    if (stamp % 3)
        table_put (self, &location, TABLE_DOOR);
    else
        table_load (self, &location, TABLE_DOOR);
}


static void
s_put (table_t *self, size_t client, int stamp)
{
    s_put_named (self, "c", client, stamp);
}


static void
s_fill (table_t *self, size_t clients)
{
    for (size_t client = 0; client < clients; client++)
        s_put (self, client, 100);
}


//  Return how many sums are found wrong until all records were surely seen

static size_t
s_scrub (table_t *self)
{
    size_t wrong = 0;
    for (int turn = 0; turn < 2 * TURNS; turn++)
        wrong += table_scrub (self);
    return wrong;
}


static uint64_t
s_root (table_t *self)
{
    return digest_root (table_digest (self));
}


//  Return the sum over all records as they are

static uint64_t
s_sum (const table_t *self)
{
    table_walk_t walk = {.level = 0};
    uint64_t sum = 0;
    while (table_step (self, &walk))
        sum += walk.check;
    return sum;
}


//  The client is where nobody said it was

static void
s_flip (const table_t *self, span_t client)
{
    location_t location;
    assert_true (table_find (self, client, &location));
    spans_alter (location.place);
}


static void
a_record_that_was_altered_is_found (void **state)
{
    table_t *self = *state;
    s_fill (self, 3000);
    uint64_t root = s_root (self);
    s_flip (self, SPAN ("c7"));
    assert_true (s_root (self) == root);
    assert_true (s_sum (self) != root);
    assert_int_equal (s_scrub (self), 1);
    assert_true (s_root (self) == s_sum (self));
    assert_int_equal (s_scrub (self), 0);

    s_flip (self, SPAN ("c7"));
    assert_int_equal (s_scrub (self), 1);
    assert_true (s_root (self) == root);
}


static void
a_sum_that_was_altered_is_set_right (void **state)
{
    table_t *self = *state;
    s_fill (self, 3000);
    uint64_t root = s_root (self);
    const digest_t *kept = table_digest (self);
    digest_t *digest;
    memcpy (&digest, &kept, sizeof (void *));
    digest_add (digest, 0, 5);
    digest_add (digest, UINT64_MAX, 7);
    assert_int_equal (s_scrub (self), 2);
    assert_true (s_root (self) == root);
}


static void
what_was_not_altered_is_not_found (void **state)
{
    chance_t chance = chance_new (1203);
    for (int stamp = 0; stamp < 60000; stamp++) {
        size_t client = chance_below (&chance, 9000);
        if (chance_below (&chance, 10))
            s_put (*state, client, stamp);
        else {
            char name [24];
            snprintf (name, sizeof (name), "c%zu", client);
            table_drop (*state, span_of (name));
        }
        if (chance_below (&chance, 16) == 0)
            assert_int_equal (table_scrub (*state), 0);
        if (stamp % 1000 == 0)
            assert_true (s_root (*state) == s_sum (*state));
    }
    assert_true (s_root (*state) == s_sum (*state));
}


//  A turn sees a small part: clients wait for its end

static void
a_turn_is_short (void **state)
{
    table_t *self = *state;
    s_fill (self, 300000);
    s_flip (self, SPAN ("c7"));
    while (table_scrub (self) == 0)
        ;
    s_flip (self, SPAN ("c7"));
    size_t turns = 1;
    while (table_scrub (self) == 0)
        turns++;
    assert_in_range (turns, TURNS - 2, TURNS);
}


//  ... also if half of all clients want one place in the table

static void
a_crowd_makes_no_turn_longer (void **state)
{
    table_t *self = *state;
    s_fill (self, 5000);
    for (size_t client = 0; client < 5000; client++)
        s_put_named (self, CROWD, client, 100);
    assert_int_equal (table_scrub (self), 0);
    crowd_hashes ();
    for (int turn = 1; turn < TURNS; turn++) {
        assert_int_equal (table_scrub (self), 0);
        assert_true (crowd_hashes () <= (size_t) 2 * (10000 / 160 + 1));
    }
    assert_true (s_root (self) == s_sum (self));
}


#define CASE(name) cmocka_unit_test_setup_teardown (name, s_setup, s_teardown)

int
main (void)
{
    const struct CMUnitTest cases [] = {
        CASE (a_record_that_was_altered_is_found),
        CASE (a_sum_that_was_altered_is_set_right),
        CASE (what_was_not_altered_is_not_found),
        CASE (a_turn_is_short),
        CASE (a_crowd_makes_no_turn_longer),
    };
    return cmocka_run_group_tests (cases, NULL, NULL);
}
