/*  =========================================================================
    test_quota - how often an address may do something in a minute

    What an address may do in a minute, whatever others do.
    =========================================================================
*/

#include "base/key.h"
#include "base/quota.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <setjmp.h>
#include <cmocka.h>

static const unsigned char s_key [KEY_SIZE] = "0123456789abcde";

#define LIMIT 5
#define HOME 0x7F000001u
#define AWAY 0xC0A80109u


static int
s_setup (void **state)
{
    *state = quota_new (s_key, 7, LIMIT);
    return 0;
}


static int
s_teardown (void **state)
{
    quota_t *self = *state;
    quota_destroy (&self);
    return self != NULL;
}


//  How many of so many times it may be done

static unsigned
s_take (quota_t *self, uint32_t number, int64_t clock_ms, unsigned count)
{
    unsigned passed = 0;
    address_t address = address_of_v4 (number);
    for (unsigned at = 0; at < count; at++)
        passed += quota_take (self, &address, clock_ms);
    return passed;
}


static void
it_may_be_done_so_often_a_minute (void **state)
{
    assert_false (quota_is_open (*state));
    assert_int_equal (s_take (*state, HOME, 0, 100), LIMIT);
    assert_int_equal (s_take (*state, HOME, 59999, 100), 0);
    assert_int_equal (s_take (*state, HOME, 60000, 2), 2);
    assert_int_equal (s_take (*state, HOME, 119999, 100), LIMIT - 2);
    assert_int_equal (
        s_take (*state, HOME, INT64_C (60000) * 525600, 100), LIMIT);
}


static void
addresses_have_a_limit_each (void **state)
{
    assert_int_equal (s_take (*state, HOME, 60000, 100), LIMIT);
    assert_int_equal (s_take (*state, AWAY, 60000, 100), LIMIT);
    assert_int_equal (s_take (*state, 0, 60000, 100), LIMIT);
    assert_int_equal (s_take (*state, ~HOME, 60000, 100), LIMIT);
    assert_int_equal (s_take (*state, HOME, 60000, 100), 0);
}


//  Whoever has one address of a /64 has them all

static void
addresses_of_one_ipv6_network_have_a_limit_together (void **state)
{
    address_t address;
    unsigned passed = 0;
    for (unsigned at = 0; at < 100; at++) {
        char text [ADDRESS_TEXT_SIZE];
        snprintf (text, sizeof (text), "2001:db8::%x:%x", at, at);
        assert_true (address_read (&address, span_of (text)));
        passed += quota_take (*state, &address, 0);
    }
    assert_int_equal (passed, LIMIT);
    assert_true (address_read (&address, span_of ("2001:db8:0:1::")));
    assert_true (quota_take (*state, &address, 0));
}


//  The addresses that cannot do what they may, because others share their
//  count, are few, and other ones where the salt is another

static void
few_share_and_nobody_knows_who (void **state)
{
    enum { ADDRESSES = 2000 };
    static unsigned passed [2][ADDRESSES];
    unsigned short_of [2] = {0, 0};
    unsigned both = 0;
    (void) state;
    for (uint64_t salt = 0; salt < 2; salt++) {
        quota_t *quota = quota_new (s_key, salt, LIMIT);
        for (uint32_t at = 0; at < ADDRESSES; at++) {
            passed [salt][at] = s_take (quota, HOME + at, 0, LIMIT);
            short_of [salt] += passed [salt][at] < LIMIT;
        }
        quota_destroy (&quota);
    }
    for (uint32_t at = 0; at < ADDRESSES; at++)
        both += passed [0][at] < LIMIT && passed [1][at] < LIMIT;
    //  2000^2 / 2 / 65536 are to be expected
    assert_in_range (short_of [0], 10, 60);
    assert_in_range (short_of [1], 10, 60);
    assert_true (both < 10);
}


static void
without_a_limit_it_may_always_be_done (void **state)
{
    quota_t *quota = quota_new (s_key, 7, 0);
    (void) state;
    assert_true (quota_is_open (quota));
    assert_int_equal (s_take (quota, HOME, 0, 100000), 100000);
    quota_destroy (&quota);
    assert_null (quota);
    quota_destroy (&quota);
}


#define CASE(name) cmocka_unit_test_setup_teardown (name, s_setup, s_teardown)

int
main (void)
{
    const struct CMUnitTest cases [] = {
        CASE (it_may_be_done_so_often_a_minute),
        CASE (addresses_have_a_limit_each),
        CASE (addresses_of_one_ipv6_network_have_a_limit_together),
        CASE (few_share_and_nobody_knows_who),
        CASE (without_a_limit_it_may_always_be_done),
    };
    return cmocka_run_group_tests (cases, NULL, NULL);
}
