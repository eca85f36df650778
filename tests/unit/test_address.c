/*  =========================================================================
    test_address - an Internet address

    Tables of texts; what they are, and how they are written again.
    =========================================================================
*/

#include "unit/spans.h"

#include "base/address.h"

#include <string.h>


static address_t
s_read (const char *text)
{
    address_t address;
    if (!address_read (&address, span_of (text)))
        fail_msg ("%s is not read", text);
    return address;
}


static void
an_address_is_written_in_one_way (void **state)
{
    (void) state;
    static const char *const rows [][2] = {
        {"127.0.0.1", "127.0.0.1"},
        {"0.0.0.0", "0.0.0.0"},
        {"255.255.255.255", "255.255.255.255"},
        {"::ffff:1.2.3.4", "1.2.3.4"},
        {"::FFFF:0102:0304", "1.2.3.4"},
        {"::", "::"},
        {"::1", "::1"},
        {"0:0:0:0:0:0:0:1", "::1"},
        {"2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},
        {"fe80::1", "fe80::1"},
        {"1111:2222:3333:4444:5555:6666:7777:8888",
            "1111:2222:3333:4444:5555:6666:7777:8888"},
    };
    for (size_t row = 0; row < COUNT (rows); row++) {
        char text [ADDRESS_TEXT_SIZE];
        address_t address = s_read (rows [row][0]);
        assert_string_equal (address_print (&address, text), rows [row][1]);
        address_t again = s_read (text);
        assert_true (address_equal (&address, &again));
    }
}


static void
anything_else_is_no_address (void **state)
{
    (void) state;
    static const span_t rows [] = {{NULL, 0}, {"", 0}, {"1.2.3", 5},
        {"1.2.3.4 ", 8}, {" 1.2.3.4", 8}, {"1.2.3.256", 9}, {"01.2.3.4", 8},
        {"1.2.3.4\0", 8}, {"1.2.3.4.5", 9}, {"[::1]", 5}, {"fe80::1%lo", 10},
        {":::", 3}, {"1::2::3", 7}, {"12345::", 7}, {"kiwi", 4},
        {"0x7f.0.0.1", 10},
        {"1111:2222:3333:4444:5555:6666:7777:8888:9999:0000:1111", 54}};
    for (size_t row = 0; row < COUNT (rows); row++) {
        address_t address = s_read ("9.9.9.9");
        assert_row (!address_read (&address, rows [row]), rows [row].data);
        address_t before = s_read ("9.9.9.9");
        assert_true (address_equal (&address, &before));
    }
}


static void
an_address_is_known_for_what_it_is (void **state)
{
    (void) state;
    static const struct {
        const char *text;
        bool four, any, loopback, link_local;
    } rows [] = {
        {"0.0.0.0", true, true, false, false},
        {"::", false, true, false, false},
        {"127.0.0.1", true, false, true, false},
        {"127.255.0.9", true, false, true, false},
        {"::ffff:127.0.0.1", true, false, true, false},
        {"::1", false, false, true, false},
        {"::2", false, false, false, false},
        {"128.0.0.1", true, false, false, false},
        {"fe80::1", false, false, false, true},
        {"febf::1", false, false, false, true},
        {"fec0::1", false, false, false, false},
        {"254.128.0.1", true, false, false, false},
    };
    for (size_t row = 0; row < COUNT (rows); row++) {
        address_t address = s_read (rows [row].text);
        assert_row (
            address_is_v4 (&address) == rows [row].four, rows [row].text);
        assert_row (
            address_is_any (&address) == rows [row].any, rows [row].text);
        assert_row (address_is_loopback (&address) == rows [row].loopback,
            rows [row].text);
        assert_row (address_is_link_local (&address) == rows [row].link_local,
            rows [row].text);
    }
    address_t number = address_of_v4 (0x7F000009);
    address_t text = s_read ("127.0.0.9");
    assert_true (address_equal (&number, &text));
}


//  Whoever has one address of a /64 has them all

static void
limits_count_a_network_of_ipv6_as_one (void **state)
{
    (void) state;
    static const struct {
        const char *one, *other;
        bool together;
    } rows [] = {
        {"1.2.3.4", "1.2.3.4", true},
        {"1.2.3.4", "1.2.3.5", false},
        {"0.0.0.0", "0.0.0.1", false},
        {"2001:db8:1:2::", "2001:db8:1:2:ffff:ffff:ffff:ffff", true},
        {"2001:db8:1:2::1", "2001:db8:1:3::1", false},
        {"2001:db8:1:2::1", "2001:db8:0:2::1", false},
        {"::1", "1.2.3.4", false},
    };
    for (size_t row = 0; row < COUNT (rows); row++) {
        address_t one = s_read (rows [row].one);
        address_t other = s_read (rows [row].other);
        assert_row ((address_group (&one) == address_group (&other)) ==
                        rows [row].together,
            rows [row].other);
    }
}


int
main (void)
{
    const struct CMUnitTest cases [] = {
        cmocka_unit_test (an_address_is_written_in_one_way),
        cmocka_unit_test (anything_else_is_no_address),
        cmocka_unit_test (an_address_is_known_for_what_it_is),
        cmocka_unit_test (limits_count_a_network_of_ipv6_as_one),
    };
    return cmocka_run_group_tests (cases, NULL, NULL);
}
