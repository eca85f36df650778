/*  =========================================================================
    test_hops - how far a herd goes
    =========================================================================
*/

#include "unit/spans.h"

#include "config/hops.h"


//  Link the servers at the two indices

static void
s_link (config_server_t *servers, size_t one, size_t other)
{
    servers [one].peers |= (uint64_t) 1 << other;
    servers [other].peers |= (uint64_t) 1 << one;
}


static void
who_is_alone_reaches_nobody (void **state)
{
    (void) state;
    config_server_t servers [2] = {{.name = "A"}, {.name = "B"}};
    config_t config = {.servers = servers, .server_count = 2};
    assert_int_equal (hops_most (&config, 0), 0);
}


static void
a_ring_of_five_is_two_hops_wide (void **state)
{
    (void) state;
    config_server_t servers [5] = {{.name = "A"}};
    config_t config = {.servers = servers, .server_count = 5};
    for (size_t index = 0; index < 5; index++)
        s_link (servers, index, (index + 1) % 5);
    for (size_t index = 0; index < 5; index++)
        assert_int_equal (hops_most (&config, index), 2);
}


static void
a_row_of_64_is_63_hops_long (void **state)
{
    (void) state;
    config_server_t servers [64] = {{.name = "A"}};
    config_t config = {.servers = servers, .server_count = 64};
    for (size_t index = 0; index < 63; index++)
        s_link (servers, index, index + 1);
    assert_int_equal (hops_most (&config, 0), 63);
    assert_int_equal (hops_most (&config, 63), 63);
    assert_int_equal (hops_most (&config, 31), 32);
}


int
main (void)
{
    const struct CMUnitTest cases [] = {
        cmocka_unit_test (who_is_alone_reaches_nobody),
        cmocka_unit_test (a_ring_of_five_is_two_hops_wide),
        cmocka_unit_test (a_row_of_64_is_63_hops_long),
    };
    return cmocka_run_group_tests (cases, NULL, NULL);
}
