/*  =========================================================================
    test_endpoints - a server's ports, as the topology file has them

    Numbers and names, where servers listen, and which two may be the same.
    =========================================================================
*/

#include "io/config_case.h"

#define AT(name, clients, mesh, admin)                                         \
    "    " name "\n        clients = " clients "\n        mesh = " mesh        \
    "\n        admin = " admin "\n"
#define LISTEN(at) "            listen = " at
#define TEXT_SIZE ENDPOINT_TEXT_SIZE


static void
s_assert_endpoint (
    const config_endpoint_t *endpoint, const char *at, const char *listen)
{
    char text [TEXT_SIZE];
    assert_string_equal (endpoint_print (&endpoint->at, text), at);
    assert_string_equal (endpoint_print (&endpoint->listen, text), listen);
}


//  A name is listened for at all addresses: the resolver may be late or wrong

static void
a_server_listens_where_it_is_found_if_that_is_a_number (void **state)
{
    config_t *config = config_case_good (*state,
        HERD SERVERS AT ("One", "192.0.2.1:1", "[2001:db8::1]:2", "[::1]:3")
            AT ("Two", "two.example:1", "two.example:2", "0.0.0.0:3"));
    const config_server_t *one = &config->servers [0], *two = one + 1;
    s_assert_endpoint (&one->clients, "192.0.2.1:1", "192.0.2.1:1");
    s_assert_endpoint (&one->mesh, "[2001:db8::1]:2", "[2001:db8::1]:2");
    s_assert_endpoint (&one->admin, "[::1]:3", "[::1]:3");
    s_assert_endpoint (&two->clients, "two.example:1", "*:1");
    s_assert_endpoint (&two->mesh, "two.example:2", "*:2");
    s_assert_endpoint (&two->admin, "0.0.0.0:3", "0.0.0.0:3");
    assert_false (two->mesh.is_said);
}


static void
listen_says_where_it_listens_instead (void **state)
{
    config_t *config = config_case_good (
        *state, HERD SERVERS AT ("One", "one.example:1\n" LISTEN ("10.0.0.1:7"),
                    "203.0.113.1:2\n" LISTEN ("*:8"),
                    "203.0.113.1:3\n" LISTEN ("[::1]:9")));
    const config_server_t *one = &config->servers [0];
    s_assert_endpoint (&one->clients, "one.example:1", "10.0.0.1:7");
    s_assert_endpoint (&one->mesh, "203.0.113.1:2", "*:8");
    s_assert_endpoint (&one->admin, "203.0.113.1:3", "[::1]:9");
    assert_true (one->mesh.is_said);
}


static void
nothing_but_an_address_of_this_machine_can_be_listened_at (void **state)
{
    static const char *const rows [][2] = {
        {"one.example:1",
            "must be an address of this machine in numbers, or *"},
        {"*", "needs a port from 1 to 65535"},
        {"*:0", "needs a port from 1 to 65535"},
        {"", "must be HOST:PORT, with an IPv4 address, an IPv6 address in "
             "brackets or a name"},
    };
    for (size_t row = 0; row < sizeof rows / sizeof *rows; row++) {
        char *text = zsys_sprintf (HERD SERVERS
            "    One\n        clients = one.example:1\n" LISTEN ("%s"),
            rows [row][0]);
        char *reason =
            zsys_sprintf ("servers/One/clients/listen: %s", rows [row][1]);
        config_case_bad (*state, text, reason);
        zstr_free (&text);
        zstr_free (&reason);
    }
    config_case_bad (*state,
        HERD SERVERS "    One\n        clients = one.example:1\n"
                     "            lisen = *:1\n",
        "servers/One/clients/lisen: there is no such key");
}


//  Servers whose mesh is found at one host, or on loopback, share a machine

static void
two_cannot_listen_at_one_port_of_a_machine (void **state)
{
    config_case_bad (*state,
        HERD SERVERS AT ("One", "10.0.0.1:1", "10.0.0.1:2", "10.0.0.1:3")
            AT ("Two", "10.0.0.1:4", "10.0.0.1:5", "*:3"),
        "servers/Two/admin: listens where servers/One/admin does");
    config_case_bad (*state,
        HERD SERVERS AT ("One", "kiwi:1", "kiwi:2", "kiwi:3")
            AT ("Two", "plum:1", "Kiwi:4", "kiwi:5"),
        "servers/Two/clients: listens where servers/One/clients does");
    config_case_bad (*state,
        HERD SERVERS AT ("One", "*:1", "127.0.0.1:2", "127.0.0.1:3")
            AT ("Two", "127.0.0.2:1", "127.0.0.2:2", "127.0.0.2:3"),
        "servers/Two/clients: listens where servers/One/clients does");
    config_case_bad (*state,
        HERD SERVERS AT ("One", "kiwi:1", "kiwi:2", "127.0.0.1:1"),
        "servers/One/admin: listens where servers/One/clients does");
}


static void
on_two_machines_they_can (void **state)
{
    config_case_good (*state,
        HERD SERVERS AT ("One", "*:1", "10.0.0.1:2", "127.0.0.1:3")
            AT ("Two", "*:1", "10.0.0.2:2", "127.0.0.1:3")
                AT ("Three", "*:1", "three.example:2", "[::1]:3")
                    AT ("Four", "*:1", "[2001:db8::4]:2", "127.0.0.1:3"));
}


//  Whoever connects finds one of them alone, wherever that is

static void
two_meshes_cannot_be_found_at_one_place (void **state)
{
    config_case_bad (*state,
        HERD SERVERS AT ("One", "*:1", "kiwi:2", "*:3")
            AT ("Two", "*:4", "KIWI:2", "*:6"),
        "servers/Two/mesh: is the same as servers/One/mesh");
    config_case_bad (*state,
        HERD SERVERS AT ("One", "*:1", "10.0.0.1:2\n" LISTEN ("*:7"), "*:3")
            AT ("Two", "*:4", "10.0.0.1:2\n" LISTEN ("*:8"), "*:6"),
        "servers/Two/mesh: is the same as servers/One/mesh");
}


//  As it is read

static void
endpoints_are_printed_where_they_are_found (void **state)
{
    config_case_t *self = *state;
    config_case_good (
        self, HERD SERVERS AT ("One", "one.example:1", "[2001:db8:0::1]:2",
                  "*:3") "        http = [::1]:4\n");
    FILE *output = stdout;
    stdout = fmemopen (self->said, sizeof self->said, "w");
    assert_non_null (stdout);
    config_print (self->config);
    fclose (stdout);
    stdout = output;
    assert_string_equal (self->said,
        "places\t-\nkeys\t-\nserver\tclients\tmesh\tadmin\thttp\tpeers\n"
        "One\tone.example:1\t[2001:db8::1]:2\t*:3\t[::1]:4\t-\n");
}


int
main (void)
{
    const struct CMUnitTest cases [] = {
        CASE (a_server_listens_where_it_is_found_if_that_is_a_number),
        CASE (listen_says_where_it_listens_instead),
        CASE (nothing_but_an_address_of_this_machine_can_be_listened_at),
        CASE (two_cannot_listen_at_one_port_of_a_machine),
        CASE (on_two_machines_they_can),
        CASE (two_meshes_cannot_be_found_at_one_place),
        CASE (endpoints_are_printed_where_they_are_found),
    };
    return cmocka_run_group_tests (cases, NULL, NULL);
}
