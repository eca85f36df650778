/*  =========================================================================
    test_number_map - things by their number

    Neighbours, and numbers of which only some bits differ.
    =========================================================================
*/

#include "base/number_map.h"

#include <setjmp.h>
#include <cmocka.h>

#define THINGS UINT64_C (10000)


static void
things_are_found_by_their_number (void **state)
{
    static uint64_t things [THINGS];
    zhashx_t *numbered = number_map_new ();
    (void) state;
    for (uint64_t at = 0; at < THINGS; at++) {
        //  Those of a third differ in their upper half, of another in their
        //  lower one only
        things [at] = at % 3 == 0 ? at << 32 : at % 3 == 1 ? at : ~at;
        assert_int_equal (
            zhashx_insert (numbered, things + at, things + at), 0);
    }
    for (uint64_t at = 0; at < THINGS; at++) {
        uint64_t number = things [at];
        assert_ptr_equal (zhashx_lookup (numbered, &number), things + at);
    }
    uint64_t other = THINGS * 3;
    assert_null (zhashx_lookup (numbered, &other));
    zhashx_delete (numbered, things + 1);
    assert_null (zhashx_lookup (numbered, things + 1));
    assert_int_equal (zhashx_size (numbered), THINGS - 1);
    zhashx_destroy (&numbered);
}


static void
keys_are_those_of_the_things (void **state)
{
    uint64_t thing = 7;
    zhashx_t *numbered = number_map_new ();
    (void) state;
    zhashx_insert (numbered, &thing, &thing);
    assert_ptr_equal (zhashx_first (numbered), &thing);
    assert_ptr_equal (zhashx_cursor (numbered), &thing);
    zhashx_destroy (&numbered);
    assert_int_equal (thing, 7);
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        cmocka_unit_test (things_are_found_by_their_number),
        cmocka_unit_test (keys_are_those_of_the_things),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
