/*  =========================================================================
    test_share - how much each client may have waiting

    A table of what waits for all, what one has of it, and whether that is too
    much.
    =========================================================================
*/

#include "connections/share.h"

#include <stdarg.h>

#include <setjmp.h>
#include <cmocka.h>

#define SIZE_MAX_OF_ALL 1000000


//  What the core keeps: client 7 has half of it

static size_t
s_kept (void *context, uint64_t connection)
{
    const size_t *kept = context;
    return connection == 0 ? *kept : connection == 7 ? *kept / 2 : 0;
}


static void
each_may_have_what_is_left_for_all (void **state)
{
    static const struct {
        size_t all;
        size_t own;
        bool over;
    } rows [] = {
        {0, 0, false},
        //  Nobody can have more than is left, nor need that be asked for
        {500000, 500000, false},
        {500001, 499999, false},
        {500001, 500000, true},
        {900000, 100000, false},
        {900000, 100001, true},
        {995904, SHARE_LEAST, false},
        {995904, SHARE_LEAST + 1, true},
        //  However much there is
        {995905, SHARE_LEAST, false},
        {1000000, SHARE_LEAST, false},
        {1000000, SHARE_LEAST + 1, true},
        {2000000, SHARE_LEAST, false},
        {2000000, SHARE_LEAST + 1, true},
        {2000000, 0, false},
    };
    (void) state;
    for (size_t row = 0; row < sizeof rows / sizeof rows [0]; row++) {
        share_t share = {.size_max = SIZE_MAX_OF_ALL, .size = rows [row].all};
        assert_int_equal (share_used (&share), rows [row].all);
        assert_int_equal (
            share_is_tight (&share), rows [row].all > SIZE_MAX_OF_ALL / 2);
        assert_int_equal (
            share_is_over (&share, 1, rows [row].own), rows [row].over);
    }
}


static void
what_the_core_keeps_counts (void **state)
{
    size_t kept = 600000;
    share_t share = {.size_max = SIZE_MAX_OF_ALL,
        .size = 100000,
        .kept = s_kept,
        .context = &kept};
    (void) state;
    assert_int_equal (share_used (&share), 700000);
    assert_true (share_is_over (&share, 7, 1));
    assert_false (share_is_over (&share, 7, 0));
    assert_false (share_is_over (&share, 8, 300000));
    assert_true (share_is_over (&share, 8, 300001));
    kept = 0;
    assert_false (share_is_over (&share, 7, 100000));
}


int
main (void)
{
    const struct CMUnitTest cases [] = {
        cmocka_unit_test (each_may_have_what_is_left_for_all),
        cmocka_unit_test (what_the_core_keeps_counts),
    };
    return cmocka_run_group_tests (cases, NULL, NULL);
}
