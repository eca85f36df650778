/*  =========================================================================
    test_digest - the fingerprint of a table, as a tree of sums

    Sums against those of a plain list of records.
    =========================================================================
*/

#include "unit/chance.h"
#include "unit/shortage.h"
#include "unit/spans.h"

#include "base/spare.h"
#include "table/digest.h"

#define RECORDS 200

typedef struct {
    uint64_t hash;
    uint64_t check;
} record_t;


static void
an_empty_table_has_sums_of_zero (void **state)
{
    (void) state;
    for (unsigned depth = 1; depth <= 5; depth++) {
        digest_t *digest = digest_new (depth);
        assert_int_equal (digest_depth (digest), depth);
        assert_int_equal (digest_root (digest), 0);
        assert_int_equal (digest_sum (digest, 0, 0), 0);
        assert_int_equal (digest_sum (digest, depth, 0), 0);
        digest_destroy (&digest);
        assert_null (digest);
    }
    digest_t *none = NULL;
    digest_destroy (&none);
}


//  Records at both ends of every level's first and last branch

static void
a_record_counts_where_its_hash_says (void **state)
{
    (void) state;
    for (unsigned depth = 1; depth <= 5; depth++) {
        digest_t *digest = digest_new (depth);
        digest_add (digest, 0, 5);
        digest_add (digest, UINT64_MAX, 7);
        assert_int_equal (digest_root (digest), 12);
        assert_int_equal (digest_sum (digest, 0, 0), 12);
        for (unsigned level = 1; level <= depth; level++) {
            uint64_t last = ((uint64_t) 1 << 4 * level) - 1;
            assert_int_equal (digest_sum (digest, level, 0), 5);
            assert_int_equal (digest_sum (digest, level, last), 7);
            assert_int_equal (digest_sum (digest, level, 1), 0);
        }
        digest_destroy (&digest);
    }
}


//  "kept up to date by one subtraction and one addition, whatever the order of
//  changes"

static void
the_order_of_changes_does_not_matter (void **state)
{
    (void) state;
    chance_t chance = chance_new (5905);
    record_t records [RECORDS];
    size_t order [RECORDS];
    digest_t *one = digest_new (4);
    digest_t *other = digest_new (4);
    for (size_t at = 0; at < RECORDS; at++) {
        records [at] = (record_t){chance_next (&chance), chance_next (&chance)};
        digest_add (one, records [at].hash, records [at].check);
        digest_add (other, records [at].hash, records [at].check + at + 1);
    }
    chance_shuffle (&chance, order, RECORDS);
    for (size_t at = 0; at < RECORDS; at++) {
        const record_t *record = &records [order [at]];
        assert_true (digest_root (one) != digest_root (other));
        digest_add (other, record->hash, 0 - (record->check + order [at] + 1));
        digest_add (other, record->hash, record->check);
    }
    assert_true (digest_root (one) == digest_root (other));
    for (uint64_t prefix = 0; prefix < 65536; prefix++)
        assert_true (
            digest_sum (one, 4, prefix) == digest_sum (other, 4, prefix));
    digest_destroy (&one);
    digest_destroy (&other);
}


static void
s_check_branches (const digest_t *digest, const record_t *records)
{
    for (unsigned level = 0; level <= digest_depth (digest); level++)
        for (size_t of = 0; of < RECORDS; of++) {
            unsigned shift = 64 - 4 * level;
            uint64_t prefix = level ? records [of].hash >> shift : 0;
            uint64_t sum = 0;
            for (size_t at = 0; at < RECORDS; at++)
                if (level == 0 || records [at].hash >> shift == prefix)
                    sum += records [at].check;
            assert_true (digest_sum (digest, level, prefix) == sum);
        }
}


static void
a_branch_is_the_sum_of_its_records (void **state)
{
    (void) state;
    chance_t chance = chance_new (2328);
    for (unsigned depth = 1; depth <= 5; depth++) {
        record_t records [RECORDS];
        digest_t *digest = digest_new (depth);
        for (size_t at = 0; at < RECORDS; at++) {
            uint64_t hash = chance_next (&chance) >> at % 8;
            records [at] = (record_t){hash, chance_next (&chance)};
            digest_add (digest, hash, records [at].check);
        }
        s_check_branches (digest, records);
        digest_destroy (&digest);
    }
}


//  Neither half of one, nor one that would leave the rest too little

//  Leaves at both ends of a range, just outside of it, and none

static void
leaves_that_differ_are_counted_where_they_are_asked_for (void **state)
{
    (void) state;
    digest_t *digest = digest_new (2);
    digest_t *other = digest_new (2);
    for (uint64_t leaf = 0; leaf < 256; leaf++) {
        digest_add (digest, leaf << 56, 5);
        digest_add (other, leaf << 56, 5);
    }
    assert_int_equal (digest_differences (digest, other, 0, 256), 0);
    static const uint64_t altered [] = {0, 19, 20, 29, 30, 255};
    for (size_t at = 0; at < COUNT (altered); at++)
        digest_add (other, altered [at] << 56, 1);
    assert_int_equal (digest_differences (digest, other, 0, 256), 6);
    assert_int_equal (digest_differences (other, digest, 20, 10), 2);
    assert_int_equal (digest_differences (digest, other, 21, 8), 0);
    assert_int_equal (digest_differences (digest, other, 255, 1), 1);
    assert_int_equal (digest_differences (digest, other, 256, 0), 0);
    digest_destroy (&digest);
    digest_destroy (&other);
}


static void
without_memory_there_is_no_digest (void **state)
{
    (void) state;
    for (size_t few = 0; few < 2; few++) {
        shortage_begin (few, 0);
        assert_null (digest_new (4));
        assert_int_equal (shortage_end (), few + 1);
    }
    shortage_begin (0, SPARE_SIZE);
    assert_null (digest_new (5));
    shortage_end ();
}


int
main (void)
{
    const struct CMUnitTest cases [] = {
        cmocka_unit_test (an_empty_table_has_sums_of_zero),
        cmocka_unit_test (a_record_counts_where_its_hash_says),
        cmocka_unit_test (the_order_of_changes_does_not_matter),
        cmocka_unit_test (a_branch_is_the_sum_of_its_records),
        cmocka_unit_test (
            leaves_that_differ_are_counted_where_they_are_asked_for),
        cmocka_unit_test (without_memory_there_is_no_digest),
    };
    return cmocka_run_group_tests (cases, NULL, NULL);
}
