/*  =========================================================================
    test_host - whose name a request's Host is
    =========================================================================
*/

#include "http/host.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <setjmp.h>
#include <cmocka.h>


static void
s_check (bool expected, const char *const *hosts)
{
    for (; *hosts; hosts++)
        if (host_is_own (*hosts, "Alford", "alford.example") != expected)
            fail_msg ("%s", *hosts);
}


static void
addresses_and_own_names_are_own (void **state)
{
    char machine [256] = "";
    char with_port [300];
    assert_int_equal (gethostname (machine, sizeof (machine) - 1), 0);
    snprintf (with_port, sizeof (with_port), "%s:15000", machine);
    const char *const hosts [] = {"127.0.0.1", "127.0.0.1:15000", "192.0.2.7:1",
        "[::1]", "[::1]:15000", "[2001:db8::7]:65535", "localhost",
        "LocalHost:15000", "Alford", "alford:15000", "alford.example",
        "Alford.Example:15000", "127.0.0.1:", machine, with_port, NULL};
    (void) state;
    s_check (true, hosts);
}


//  Names that others can have, in all that they can be mistaken for

static void
other_names_are_not (void **state)
{
    char longest [1024];
    memset (longest, 'a', sizeof (longest) - 1);
    longest [sizeof (longest) - 1] = '\0';
    const char *const hosts [] = {"", ":15000", "evil.example",
        "evil.example:15000", "localhost.evil.example",
        "127.0.0.1.evil.example", "evil.example:15000:15000",
        "Alford.evil.example", "Alfor", "Alfordd", "localhost:x",
        "localhost:65536", "localhost:-1", "127.0.0.1:80 ", " 127.0.0.1",
        "127.0.0.1@evil.example", "evil.example@127.0.0.1", "127.1",
        "127.0.0.256", "0x7f.0.0.1", "::1", "[::1", "[::1]x", "[]",
        "[evil.example]", "[127.0.0.1]", "[Alford]", longest, NULL};
    (void) state;
    s_check (false, hosts);
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        cmocka_unit_test (addresses_and_own_names_are_own),
        cmocka_unit_test (other_names_are_not),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
