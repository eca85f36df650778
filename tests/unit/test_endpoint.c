/*  =========================================================================
    test_endpoint - where a server is reached: a host and a TCP port

    Tables of what operators may write, and what they may not.
    =========================================================================
*/

#include "unit/spans.h"

#include "base/endpoint.h"

#include <string.h>


static endpoint_t
s_read (const char *text)
{
    endpoint_t endpoint;
    const char *wrong = endpoint_read (&endpoint, span_of (text));
    if (wrong)
        fail_msg ("%s %s", text, wrong);
    return endpoint;
}


static void
an_endpoint_is_a_number_or_a_name_and_a_port (void **state)
{
    (void) state;
    static const struct {
        const char *text, *host, *again;
        uint16_t port;
        bool is_name, any;
    } rows [] = {
        {"127.0.0.1:13000", "127.0.0.1", NULL, 13000, false, false},
        {"0.0.0.0:1", "0.0.0.0", NULL, 1, false, true},
        {"[::1]:65535", "::1", NULL, 65535, false, false},
        {"[0:0::1]:7", "::1", "[::1]:7", 7, false, false},
        {"[::]:7", "::", NULL, 7, false, true},
        {"[::ffff:1.2.3.4]:7", "1.2.3.4", "1.2.3.4:7", 7, false, false},
        {"*:7", "*", NULL, 7, false, true},
        {"kiwi:7", "kiwi", NULL, 7, true, false},
        {"Kiwi.example:7", "Kiwi.example", NULL, 7, true, false},
        {"kiwi.example.:7", "kiwi.example.", NULL, 7, true, false},
        {"a-b_c.1.d2:7", "a-b_c.1.d2", NULL, 7, true, false},
        {"1.2.3.4.example:7", "1.2.3.4.example", NULL, 7, true, false},
        {"3dprinter:7", "3dprinter", NULL, 7, true, false},
        {"0xkiwi:7", "0xkiwi", NULL, 7, true, false},
    };
    for (size_t row = 0; row < COUNT (rows); row++) {
        char text [ENDPOINT_TEXT_SIZE];
        endpoint_t endpoint = s_read (rows [row].text);
        assert_string_equal (endpoint.host, rows [row].host);
        assert_int_equal (endpoint.port, rows [row].port);
        assert_row (endpoint.is_name == rows [row].is_name, rows [row].text);
        assert_row (
            endpoint_is_any (&endpoint) == rows [row].any, rows [row].text);
        assert_string_equal (endpoint_print (&endpoint, text),
            rows [row].again ? rows [row].again : rows [row].text);
    }
}


static void
anything_else_is_said_to_be_wrong (void **state)
{
    (void) state;
    static const struct {
        const char *text, *wrong;
    } rows [] = {
        {"", "HOST:PORT"},
        {":7", "HOST:PORT"},
        {"::1:7", "HOST:PORT"},
        {"127.0.0.1", "port from 1 to 65535"},
        {"127.0.0.1:", "port from 1 to 65535"},
        {"127.0.0.1:0", "port from 1 to 65535"},
        {"127.0.0.1:65536", "port from 1 to 65535"},
        {"kiwi:7 ", "port from 1 to 65535"},
        {"kiwi:http", "port from 1 to 65535"},
        {"[::1]", "port from 1 to 65535"},
        {"[::1:7", "port from 1 to 65535"},
        {"kiwi:7:8", "HOST:PORT"},
        {"[::1]7", "HOST:PORT"},
        {"[::1]x:7", "HOST:PORT"},
        {"[127.0.0.1]:7", "HOST:PORT"},
        {"[kiwi]:7", "HOST:PORT"},
        {"[*]:7", "HOST:PORT"},
        {"**:7", "HOST:PORT"},
        {"*.kiwi:7", "HOST:PORT"},
        {"256.0.0.1:7", "HOST:PORT"},
        {"1.2.3:7", "HOST:PORT"},
        {"127.1:7", "HOST:PORT"},
        {"kiwi.0x7f:7", "HOST:PORT"},
        {"7:7", "HOST:PORT"},
        {"-kiwi:7", "HOST:PORT"},
        {"kiwi-:7", "HOST:PORT"},
        {"kiwi..example:7", "HOST:PORT"},
        {".kiwi:7", "HOST:PORT"},
        {"ki wi:7", "HOST:PORT"},
        {"k\xC3\xAFwi:7", "HOST:PORT"},
        {"tcp://kiwi:7", "HOST:PORT"},
        {"[fe80::1]:7", "one link alone"},
        {"[fe80::1%lo]:7", "HOST:PORT"},
    };
    for (size_t row = 0; row < COUNT (rows); row++) {
        endpoint_t endpoint;
        const char *wrong =
            endpoint_read (&endpoint, span_of (rows [row].text));
        assert_row (wrong && strstr (wrong, rows [row].wrong), rows [row].text);
    }
}


//  63 bytes a label, 253 a name

static void
a_name_is_as_long_as_the_dns_allows (void **state)
{
    (void) state;
    for (size_t size = 1; size <= 300; size++) {
        char text [310], printed [ENDPOINT_TEXT_SIZE];
        endpoint_t endpoint;
        memset (text, 'k', size);
        memcpy (text + size, ":65535", 7);
        assert_int_equal (
            endpoint_read (&endpoint, span_of (text)) == NULL, size <= 63);
        for (size_t at = 63; at < size; at += 64)
            text [at] = '.';
        bool good = size <= ENDPOINT_HOST_SIZE_MAX;
        assert_int_equal (
            endpoint_read (&endpoint, span_of (text)) == NULL, good);
        if (good)
            assert_string_equal (endpoint_print (&endpoint, printed), text);
    }
}


static void
an_address_and_port_are_written_as_an_endpoint (void **state)
{
    (void) state;
    char text [ENDPOINT_TEXT_SIZE];
    endpoint_t endpoint = s_read ("[2001:db8::1]:1");
    assert_string_equal (
        endpoint_print_address (&endpoint.address, 7, text), "[2001:db8::1]:7");
    endpoint = s_read ("192.0.2.1:1");
    assert_string_equal (
        endpoint_print_address (&endpoint.address, 7, text), "192.0.2.1:7");
}


//  Whether one machine can listen at both

static void
who_listens_at_any_address_takes_all_of_its_kind (void **state)
{
    (void) state;
    static const struct {
        const char *one, *other;
        bool meet;
    } rows [] = {
        {"1.2.3.4:7", "1.2.3.4:7", true},
        {"1.2.3.4:7", "1.2.3.4:8", false},
        {"1.2.3.4:7", "1.2.3.5:7", false},
        {"kiwi:7", "KIWI:7", true},
        {"kiwi:7", "plum:7", false},
        {"kiwi:7", "1.2.3.4:7", false},
        {"*:7", "1.2.3.4:7", true},
        {"*:7", "1.2.3.4:8", false},
        {"*:7", "[::1]:7", true},
        {"*:7", "kiwi:7", true},
        {"*:7", "*:7", true},
        {"*:7", "[::]:7", true},
        {"*:7", "0.0.0.0:7", true},
        {"[::]:7", "1.2.3.4:7", true},
        {"0.0.0.0:7", "1.2.3.4:7", true},
        {"0.0.0.0:7", "kiwi:7", true},
        {"0.0.0.0:7", "[::1]:7", false},
    };
    for (size_t row = 0; row < COUNT (rows); row++) {
        endpoint_t one = s_read (rows [row].one);
        endpoint_t other = s_read (rows [row].other);
        assert_row (
            endpoint_meets (&one, &other) == rows [row].meet, rows [row].other);
        assert_row (
            endpoint_meets (&other, &one) == rows [row].meet, rows [row].other);
    }
}


int
main (void)
{
    const struct CMUnitTest cases [] = {
        cmocka_unit_test (an_endpoint_is_a_number_or_a_name_and_a_port),
        cmocka_unit_test (anything_else_is_said_to_be_wrong),
        cmocka_unit_test (a_name_is_as_long_as_the_dns_allows),
        cmocka_unit_test (an_address_and_port_are_written_as_an_endpoint),
        cmocka_unit_test (who_listens_at_any_address_takes_all_of_its_kind),
    };
    return cmocka_run_group_tests (cases, NULL, NULL);
}
