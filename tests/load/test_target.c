/*  =========================================================================
    test_target - a server to be loaded or asked

    What a target may be called, and which of its addresses is taken.
    =========================================================================
*/

#include "load/mock.h"
#include "unit/spans.h"

#include "load/target.h"

#include <dlfcn.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

//  A name whose first address nobody listens at
#define TWO "two.addresses"

typedef int (look_up_fn) (
    const char *, const char *, const struct addrinfo *, struct addrinfo **);


//  In libc's place

int
getaddrinfo (const char *host, const char *port, const struct addrinfo *hints,
    struct addrinfo **found)
{
    look_up_fn *look_up;
    *(void **) &look_up = dlsym (RTLD_NEXT, "getaddrinfo");
    if (strcmp (host, TWO) != 0)
        return look_up (host, port, hints, found);
    int code = look_up ("127.0.0.200", port, hints, found);
    return code ? code : look_up ("127.0.0.1", port, hints, &(*found)->ai_next);
}


static void
ports_hosts_and_brackets_are_read (void **state)
{
    (void) state;
    static const struct {
        const char *text;
        const char *name;
        int family;
        uint16_t port;
    } rows [] = {
        {"12000", "127.0.0.1:12000", AF_INET, 12000},
        {"1", "127.0.0.1:1", AF_INET, 1},
        {"65535", "127.0.0.1:65535", AF_INET, 65535},
        {"10.1.2.3:12000", "10.1.2.3:12000", AF_INET, 12000},
        {"[::1]:12000", "[::1]:12000", AF_INET6, 12000},
        {"[2001:db8::7]:80", "[2001:db8::7]:80", AF_INET6, 80},
        {"[::ffff:10.1.2.3]:80", "[::ffff:10.1.2.3]:80", AF_INET6, 80},
    };
    for (size_t at = 0; at < COUNT (rows); at++) {
        target_t target;
        assert_row (target_parse (&target, rows [at].text), rows [at].text);
        assert_string_equal (target.name, rows [at].name);
        assert_int_equal (target.address.ss_family, rows [at].family);
        struct sockaddr_in6 address;
        memcpy (&address, &target.address, sizeof (address));
        assert_int_equal (ntohs (address.sin6_port), rows [at].port);
    }
}


static void
anything_else_is_no_target (void **state)
{
    (void) state;
    static const char *const rows [] = {"", ":", "x", "0", "65536", "-1", "1x",
        " 1", ":12000", "10.1.2.3:", "10.1.2.3:0", "10.1.2.3:x", "::1",
        "::1:12000", "[::1]", "[::1]:", "[::1]12000", "[]:12000", "[::1:12000",
        "[10.1.2.3]:12000", "[::1]:1:2", "10.1.2.3:1:2", "[[::1]]:1"};
    for (size_t at = 0; at < COUNT (rows); at++) {
        target_t target;
        assert_row (!target_parse (&target, rows [at]), rows [at]);
    }
}


static void
a_name_stands_for_the_address_that_lets_us_in (void **state)
{
    (void) state;
    mock_t mock;
    target_t target;
    char text [64];
    mock_start (&mock, (mock_faults_t){0});
    snprintf (text, sizeof (text), TWO ":%u", mock.port);
    assert_true (target_parse (&target, text));
    int fd = target_connect (&target, 0);
    assert_true (fd >= 0);
    close (fd);
    mock_stop (&mock);

    //  Where nobody is, it still stands for one
    assert_true (target_parse (&target, text));
    assert_int_equal (target_connect (&target, 0), -1);
    assert_string_equal (target.name, text);
}


int
main (void)
{
    const struct CMUnitTest cases [] = {
        cmocka_unit_test (ports_hosts_and_brackets_are_read),
        cmocka_unit_test (anything_else_is_no_target),
        cmocka_unit_test (a_name_stands_for_the_address_that_lets_us_in),
    };
    return cmocka_run_group_tests (cases, NULL, NULL);
}
