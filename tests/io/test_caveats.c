/*  =========================================================================
    test_caveats - what a topology may say, and its author may not have meant

    A case reads a topology that is right, and compares what is said about it.
    =========================================================================
*/

#include "io/config_case.h"


static void
of_a_whole_herd_on_loopback_there_is_nothing_to_say (void **state)
{
    config_case_warns (*state, THREE "links\n    Two = One Three\n", "");
    config_case_warns (*state, HERD SERVERS SERVER ("One", "001"), "");
}


//  Ports that the kernel hands out are worth a line, and no more than one

static void
a_port_of_the_kernel_s_is_warned_of (void **state)
{
    char range [64] = "";
    char *end = NULL;
    FILE *file = fopen ("/proc/sys/net/ipv4/ip_local_port_range", "re");
    assert_non_null (file);
    assert_non_null (fgets (range, sizeof range, file));
    fclose (file);
    unsigned long least = strtoul (range, &end, 10);
    unsigned long most = strtoul (end, NULL, 10);

    char *text = zsys_sprintf (HERD SERVERS
        "    One\n        clients = 127.0.0.1:1\n"
        "        mesh = 127.0.0.1:%lu\n        admin = 127.0.0.1:%lu\n",
        least, most);
    char *line = zsys_sprintf ("servers/One/mesh: warning: outgoing "
                               "connections may take port %lu (they get %lu "
                               "to %lu)",
        least, least, most);
    config_case_warns (*state, text, line);
    zstr_free (&line);
    zstr_free (&text);
}


static void
a_server_without_links_is_named (void **state)
{
    config_case_warns (*state, THREE "links\n    One = Three\n",
        "links/Two: warning: no link: what it hears stays with it");
}


//  Those without links are named already

static void
parts_that_no_link_connects_are_told (void **state)
{
    config_case_warns (*state,
        THREE SERVER ("Four", "004") "links\n    One = Three\n    Two = Four\n",
        "links: warning: the herd is in 2 parts that do not hear of each "
        "other: One Three; Two Four");
    config_case_warns (*state,
        THREE SERVER ("Four", "004")
            SERVER ("Five", "005") "links\n    One = Five\n    Two = Four\n"
                                   "    Three = Two\n",
        "links: warning: the herd is in 2 parts that do not hear of each "
        "other: One Five; Two Three Four");
}


//  A chain whose links lead to and fro through the file is one part

static void
a_chain_is_no_two_parts (void **state)
{
    config_case_warns (*state,
        THREE SERVER ("Four", "004") "links\n    One = Four\n    Four = Two\n"
                                     "    Two = Three\n",
        "");
}


#define AT(name, number, mesh)                                                 \
    "    " name "\n        clients = 0.0.0.0:1" number "\n"                    \
    "        mesh = " mesh ":2" number "\n        admin = 127.0.0.1:3" number  \
    "\n"

static void
a_mesh_off_loopback_is_warned_of_once (void **state)
{
    config_case_warns (*state,
        HERD SERVERS AT ("One", "001", "127.3.0.1")
            AT ("Two", "002", "192.0.2.7") "links\n    One = Two\n",
        "servers/Two/mesh: warning: 192.0.2.7 is not loopback: who can read "
        "that network reads every location, and can forge them");
    config_case_warns (*state,
        HERD SERVERS AT ("One", "001", "10.0.0.1") AT ("Two", "002", "10.0.0.2")
            AT ("Three", "003", "128.0.0.1") "links\n    Two = One Three\n",
        "servers/One/mesh: warning: 10.0.0.1 (and 2 more) is not loopback: who "
        "can read that network reads every location, and can forge them");
}


static void
the_old_name_of_a_key_is_warned_of (void **state)
{
    config_case_warns (*state,
        THREE "links\n    Two = One Three\nlimits\n    clients_max = 5\n",
        "limits/clients_max: warning: its name is limits/connections_max now");
}


#define SIX                                                                    \
    THREE SERVER ("Four", "004") SERVER ("Five", "005") SERVER ("Six", "006")
#define TWELVE                                                                 \
    SIX SERVER ("Seven", "007") SERVER ("Eight", "008") SERVER ("Nine", "009") \
        SERVER ("Ten", "010") SERVER ("Eleven", "011")                         \
            SERVER ("Twelve", "012")
#define EVEN " = Two Four Six Eight Ten Twelve\n"

static void
more_links_than_a_herd_needs_are_warned_of (void **state)
{
    config_case_warns (*state,
        TWELVE "links\n"
               "    One" EVEN "    Three" EVEN "    Five" EVEN "    Seven" EVEN
               "    Nine" EVEN "    Eleven" EVEN,
        "links: warning: over 36 links each location is sent 61 times, where "
        "11 would do: with 18 links, three a server, it is sent 25 times");
    config_case_warns (*state,
        TWELVE "links\n"
               "    One" EVEN "    Three" EVEN "    Five" EVEN
               "    Seven = Eight Ten Twelve\n    Nine = Ten Twelve\n"
               "    Eleven = Twelve Two\n",
        "");
}


//  Where all are peers of all, what one is told goes to each once

static void
a_full_mesh_has_no_more_links_than_it_needs (void **state)
{
    config_case_warns (*state,
        SIX "links\n"
            "    One = Two Three Four Five Six\n"
            "    Two = Three Four Five Six\n"
            "    Three = Four Five Six\n"
            "    Four = Five Six\n"
            "    Five = Six\n",
        "");
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        CASE (of_a_whole_herd_on_loopback_there_is_nothing_to_say),
        CASE (a_port_of_the_kernel_s_is_warned_of),
        CASE (the_old_name_of_a_key_is_warned_of),
        CASE (a_server_without_links_is_named),
        CASE (parts_that_no_link_connects_are_told),
        CASE (a_chain_is_no_two_parts),
        CASE (a_mesh_off_loopback_is_warned_of_once),
        CASE (more_links_than_a_herd_needs_are_warned_of),
        CASE (a_full_mesh_has_no_more_links_than_it_needs),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
