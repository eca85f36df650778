/*  =========================================================================
    test_config - the topology file, read and checked

    What servers and links there may be, and what is taken for that which the
    file doesn't say.  Every rule is a case.
    =========================================================================
*/

#include "io/config_case.h"


//  The assignment's herd: five servers, each with two peers

static void
the_ring_is_read (void **state)
{
    //  One bit a server: Alford, Ball, Hamilton, Holiday, Welsh
    static const uint64_t peers [5] = {0x14, 0x18, 0x09, 0x06, 0x03};
    config_case_t *self = *state;
    config_case_load (self, "topology/herd.zpl");
    assert_string_equal (self->said, "");
    config_t *config = self->config;
    assert_non_null (config);
    assert_string_equal (config->name, "zherd");
    assert_int_equal (config->server_count, 5);
    for (int index = 0; index < 5; index++) {
        config_server_t *server = &config->servers [index];
        assert_int_equal (config_find (config, server->name), index);
        assert_int_equal (server->clients.at.port, 12000 + index);
        assert_int_equal (server->mesh.at.port, 13000 + index);
        assert_int_equal (server->admin.at.port, 15000 + index);
        assert_string_equal (server->clients.at.host, "127.0.0.1");
        assert_int_equal (server->peers, peers [index]);
    }
    assert_int_equal (config_find (config, "alford"), -1);
}


static void
the_pair_is_read (void **state)
{
    config_case_t *self = *state;
    config_case_load (self, "topology/pair.zpl");
    assert_string_equal (self->said, "");
    assert_non_null (self->config);
    assert_int_equal (self->config->server_count, 2);
}


static void
what_is_not_said_has_a_preset (void **state)
{
    config_t *config = config_case_good (*state, THREE);
    assert_int_equal (config->limits.line_size_max, 65536);
    assert_int_equal (config->limits.output_size_max, 1048576);
    assert_int_equal (config->limits.output_stall_seconds, 10);
    assert_int_equal (config->limits.idle_seconds, 0);
    assert_int_equal (config->limits.connections_max, 100000);
    assert_int_equal (config->limits.connections_per_address, 0);
    assert_int_equal (config->limits.new_clients_per_minute, 0);
    assert_int_equal (config->limits.client_size_max, 1024);
    assert_int_equal (config->limits.waiting_max, 64);
    assert_int_equal (config->limits.waiting_size_max, 268435456);
    assert_int_equal (config->limits.table_size_max, 1073741824);
    assert_int_equal (config->limits.drain_ms, 5000);
    assert_int_equal (config->limits.loading_wait_ms, 5000);
    assert_int_equal (config->places.timeout_ms, 5000);
    assert_int_equal (config->places.body_size_max, 2097152);
    assert_int_equal (config->places.connections_max, 8);
    assert_int_equal (config->places.queue_max, 1024);
    assert_int_equal (config->places.per_second, 0);
    assert_int_equal (config->places.per_day, 0);
    assert_int_equal (config->places.per_client_per_minute, 0);
    assert_int_equal (config->places.cache_seconds, 0);
    assert_int_equal (config->places.cache_size_max, 16777216);
    assert_int_equal (config->reconnect_ms, 100);
    assert_null (config->store_folder);
    assert_int_equal (config->store_sync_ms, 1000);
    assert_true (config->log_full);
    assert_false (config->log_json);
    assert_int_equal (config->log_size_max, 1073741824);
    assert_null (config->places.url);
    assert_null (config->places.key);
    assert_string_equal (config->secret, "");
}


static void
what_is_said_is_taken (void **state)
{
    setenv ("HERD_SECRET", "open sesame", 1);
    config_t *config = config_case_good (*state,
        PLACES "    timeout_ms = 50\n    per_second = 1000000\n"
               "    per_client_per_minute = 1000000000\n"
               "    per_day = 1000000000\n    cache_seconds = 86400\n"
               "    cache_size_max = 65536\n"
               "limits\n    line_size_max = 64\n"
               "    client_size_max = 1\n    idle_seconds = 604800\n"
               "    connections_per_address = 1000000\n"
               "    new_clients_per_minute = 1000000000\n"
               "    waiting_size_max = 1048576\n"
               "log\n    level = notices\n    size_max = 0\n    format = json\n"
               "mesh\n    reconnect_ms = 60000\n"
               "store\n    folder = tables\n    sync_ms = 100\n");
    assert_string_equal (config->places.url, URL);
    assert_int_equal (config->places.timeout_ms, 50);
    assert_int_equal (config->places.per_second, 1000000);
    assert_int_equal (config->places.per_day, 1000000000);
    assert_int_equal (config->places.per_client_per_minute, 1000000000);
    assert_int_equal (config->places.cache_seconds, 86400);
    assert_int_equal (config->places.cache_size_max, 65536);
    assert_int_equal (config->limits.line_size_max, 64);
    assert_int_equal (config->limits.client_size_max, 1);
    assert_int_equal (config->limits.idle_seconds, 604800);
    assert_int_equal (config->limits.connections_per_address, 1000000);
    assert_int_equal (config->limits.new_clients_per_minute, 1000000000);
    assert_int_equal (config->limits.waiting_size_max, 1048576);
    assert_int_equal (config->reconnect_ms, 60000);
    assert_string_equal (config->store_folder, "tables");
    assert_int_equal (config->store_sync_ms, 100);
    assert_false (config->log_full);
    assert_true (config->log_json);
    assert_int_equal (config->log_size_max, 0);
    assert_string_equal (config->secret, "open sesame");
    assert_null (getenv ("HERD_SECRET"));
}


//  One less than the least, or one more than the most, is refused

static void
the_numbers_of_places_have_their_range (void **state)
{
    static const char *const cases [][3] = {
        {"timeout_ms", "49", "50 to 60000"},
        {"timeout_ms", "60001", "50 to 60000"},
        {"connections_max", "0", "1 to 256"},
        {"connections_max", "257", "1 to 256"},
        {"queue_max", "0", "1 to 65536"},
        {"queue_max", "65537", "1 to 65536"},
        {"body_size_max", "1023", "1024 to 67108864"},
        {"body_size_max", "67108865", "1024 to 67108864"},
        {"per_second", "1000001", "0 to 1000000"},
        {"per_second", "-1", "0 to 1000000"},
        {"per_second", "0.5", "0 to 1000000"},
        {"per_day", "1000000001", "0 to 1000000000"},
        {"per_client_per_minute", "1000000001", "0 to 1000000000"},
        {"cache_seconds", "86401", "0 to 86400"},
        {"cache_size_max", "65535", "65536 to 1073741824"},
        {"cache_size_max", "1073741825", "65536 to 1073741824"},
        {"cache_size_max", "16M", "65536 to 1073741824"},
    };
    for (size_t at = 0; at < sizeof cases / sizeof cases [0]; at++) {
        char *text =
            zsys_sprintf (PLACES "    %s = %s\n", cases [at][0], cases [at][1]);
        char *reason = zsys_sprintf ("places/%s: must be a number from %s",
            cases [at][0], cases [at][2]);
        config_case_bad (*state, text, reason);
        zstr_free (&text);
        zstr_free (&reason);
    }
}


//  More than the protocol's maximum would be a client that peers refuse

static void
a_clients_size_has_the_protocols_range (void **state)
{
    static const char *const reason =
        "limits/client_size_max: must be a number from 1 to 1024";
    config_case_bad (*state, THREE "limits\n    client_size_max = 0\n", reason);
    config_case_bad (
        *state, THREE "limits\n    client_size_max = 1025\n", reason);
}


//  A link is good for both ends, wherever the servers are said

static void
a_link_works_both_ways (void **state)
{
    config_t *config =
        config_case_good (*state, "links\n    Three = One  Two\n" THREE);
    assert_int_equal (config->servers [0].peers, 4);
    assert_int_equal (config->servers [1].peers, 4);
    assert_int_equal (config->servers [2].peers, 3);
}


static void
a_herd_of_one_is_a_herd (void **state)
{
    config_t *config =
        config_case_good (*state, HERD SERVERS SERVER ("One", "001"));
    assert_int_equal (config->server_count, 1);
    assert_int_equal (config->servers [0].peers, 0);
}


static void
a_limit_is_read_by_its_old_name (void **state)
{
    config_t *config =
        config_case_good (*state, THREE "limits\n    clients_max = 5\n");
    assert_int_equal (config->limits.connections_max, 5);
    config_case_bad (*state,
        THREE "limits\n    clients_max = 5\n    connections_max = 5\n",
        "limits/clients_max: is the old name of limits/connections_max, which "
        "is there, too");
}


static void
a_missing_key_is_refused (void **state)
{
    config_case_bad (
        *state, SERVERS SERVER ("One", "001"), "herd/name: is missing");
    config_case_bad (*state, HERD, "servers: there is none");
    config_case_bad (*state, HERD SERVERS, "servers: there is none");
    config_case_bad (
        *state, HERD SERVERS "    One\n", "servers/One/clients: is missing");
    config_case_bad (*state,
        HERD SERVERS "    One\n        clients = 127.0.0.1:1\n"
                     "        mesh = 127.0.0.1:2\n",
        "servers/One/admin: is missing");
    config_case_bad (*state, THREE "places\n    timeout_ms = 1000\n",
        "places/url: is missing");
}


//  Names stand in log lines, protocols and file names

static void
an_unfit_name_is_refused (void **state)
{
#define NO_NAME                                                                \
    ": a name is 1 to 64 of A-Z a-z 0-9 _ - . and begins with a letter or "    \
    "digit"
#define TEN "0123456789"
    config_case_bad (
        *state, "herd\n    name = two words\n", "herd/name" NO_NAME);
    config_case_bad (*state, "herd\n    name =\n", "herd/name" NO_NAME);
    config_case_bad (
        *state, HERD SERVERS SERVER ("-n", "001"), "servers/-n" NO_NAME);
    config_case_bad (
        *state, HERD SERVERS SERVER (".", "001"), "servers/." NO_NAME);
    config_case_bad (
        *state, HERD SERVERS SERVER ("A+B", "001"), "servers/A+B" NO_NAME);
    config_case_bad (*state,
        HERD SERVERS SERVER (TEN TEN TEN TEN TEN TEN "01234", "001"),
        "servers/" TEN TEN TEN TEN TEN TEN "01234" NO_NAME);
    config_case_good (
        *state, HERD SERVERS SERVER (TEN TEN TEN TEN TEN TEN "0123", "001"));
}


static void
an_unfit_endpoint_is_refused (void **state)
{
#define SHAPE                                                                  \
    "must be HOST:PORT, with an IPv4 address, an IPv6 address in brackets or " \
    "a name"
    static const char *cases [][2] = {
        {"127.1:1", SHAPE},
        {"127.0.0.1.1111111:1", SHAPE},
        {"::1:1", SHAPE},
        {":1", SHAPE},
        {"", SHAPE},
        {"127.0.0.1", "needs a port from 1 to 65535"},
        {"127.0.0.1:", "needs a port from 1 to 65535"},
        {"127.0.0.1:0", "needs a port from 1 to 65535"},
        {"127.0.0.1:65536", "needs a port from 1 to 65535"},
        {"127.0.0.1:4294967297", "needs a port from 1 to 65535"},
        {"127.0.0.1:18446744073709551617", "needs a port from 1 to 65535"},
        {"127.0.0.1:+1", "needs a port from 1 to 65535"},
        {"127.0.0.1:0x1", "needs a port from 1 to 65535"},
        {"127.0.0.1:1:1", SHAPE},
        {"127.0.0.1: 1", "needs a port from 1 to 65535"},
        {"0.0.0.0:1",
            "peers can't connect to 0.0.0.0: say where they find this machine, "
            "and below that listen = 0.0.0.0:1"},
        {"[::]:7",
            "peers can't connect to ::: say where they find this machine, and "
            "below that listen = [::]:7"},
    };
    for (size_t at = 0; at < sizeof cases / sizeof cases [0]; at++) {
        char *text = zsys_sprintf (HERD SERVERS
            "    One\n        clients = 127.0.0.1:9\n        mesh = %s\n",
            cases [at][0]);
        char *reason = zsys_sprintf ("servers/One/mesh: %s", cases [at][1]);
        config_case_bad (*state, text, reason);
        zstr_free (&text);
        zstr_free (&reason);
    }
}


static void
two_endpoints_cannot_be_the_same (void **state)
{
    config_case_bad (*state, THREE SERVER ("Four", "002"),
        "servers/Four/clients: is the same as servers/Two/clients");
    config_case_bad (*state,
        HERD SERVERS "    One\n        clients = 127.0.0.1:1\n"
                     "        mesh = 127.0.0.1:2\n"
                     "        admin = 127.0.0.1:1\n",
        "servers/One/admin: is the same as servers/One/clients");
}


static void
one_port_at_two_addresses_is_fine (void **state)
{
    config_case_good (*state,
        HERD SERVERS "    One\n        clients = 127.0.0.1:1\n"
                     "        mesh = 127.0.0.2:1\n"
                     "        admin = 127.0.0.3:1\n");
}


static void
a_link_needs_two_servers_that_exist (void **state)
{
    config_case_bad (*state, THREE "links\n    Four = One\n",
        "links/Four: there is no such server");
    config_case_bad (*state, THREE "links\n    One = Two Four\n",
        "links/One: there is no server Four");
    config_case_bad (
        *state, THREE "links\n    One = One\n", "links/One: a link to itself");
    config_case_bad (
        *state, THREE "links\n    One =\n", "links/One: names no server");
}


static void
a_link_is_said_once (void **state)
{
    config_case_bad (*state, THREE "links\n    One = Two Two\n",
        "links/One: the link to Two is there twice");
    config_case_bad (*state,
        THREE "links\n    One = Two\n    Two = Three One\n",
        "links/Two: the link to One is there twice");
}


//  64 are read, each linked with each; 65 are too many

static void
a_herd_has_64_servers_at_most (void **state)
{
    for (int count = 64; count <= 65; count++) {
        FILE *file = fopen (((config_case_t *) *state)->path, "we");
        assert_non_null (file);
        fputs (HERD SERVERS, file);
        for (int index = 0; index < count; index++)
            fprintf (file,
                "    s%d\n        clients = 127.0.0.1:1%03d\n"
                "        mesh = 127.0.0.1:2%03d\n"
                "        admin = 127.0.0.1:3%03d\n",
                index, index, index, index);
        fputs ("links\n", file);
        for (int index = 0; index + 1 < count; index++) {
            fprintf (file, "    s%d =", index);
            for (int peer = index + 1; peer < count; peer++)
                fprintf (file, " s%d", peer);
            fputs ("\n", file);
        }
        fclose (file);
        config_case_load (*state, ((config_case_t *) *state)->path);
        if (count == 65) {
            config_case_refused (*state, ((config_case_t *) *state)->path,
                "servers/s64: there are more than 64");
            break;
        }
        config_t *config = ((config_case_t *) *state)->config;
        assert_non_null (config);
        assert_int_equal (config->servers [0].peers, UINT64_MAX - 1);
        assert_int_equal (config->servers [63].peers, UINT64_MAX >> 1);
    }
}


static void
a_log_has_two_levels (void **state)
{
    config_case_bad (*state, THREE "log\n    level = loud\n",
        "log/level: must be full or notices");
    config_case_bad (*state, THREE "log\n    format = xml\n",
        "log/format: must be text or json");
}


//  What scripts read: zherd -n

static void
a_config_prints_as_a_table (void **state)
{
    config_case_t *self = *state;
    config_case_good (self, PLACES "links\n    Two = One Three\n");
    FILE *output = stdout;
    stdout = fmemopen (self->said, sizeof self->said, "w");
    assert_non_null (stdout);
    config_print (self->config);
    fclose (stdout);
    stdout = output;
    assert_string_equal (self->said,
        "places\t" URL "\n"
        "keys\t-\n"
        "server\tclients\tmesh\tadmin\thttp\tpeers\n"
        "One\t127.0.0.1:1001\t127.0.0.1:2001\t127.0.0.1:3001\t-\tTwo\n"
        "Two\t127.0.0.1:1002\t127.0.0.1:2002\t127.0.0.1:3002\t-\t"
        "One,Three\n"
        "Three\t127.0.0.1:1003\t127.0.0.1:2003\t127.0.0.1:3003\t-\tTwo\n");
}


int
main (void)
{
    const struct CMUnitTest cases [] = {
        CASE (the_ring_is_read),
        CASE (the_pair_is_read),
        CASE (what_is_not_said_has_a_preset),
        CASE (what_is_said_is_taken),
        CASE (the_numbers_of_places_have_their_range),
        CASE (a_clients_size_has_the_protocols_range),
        CASE (a_link_works_both_ways),
        CASE (a_herd_of_one_is_a_herd),
        CASE (a_limit_is_read_by_its_old_name),
        CASE (a_missing_key_is_refused),
        CASE (an_unfit_name_is_refused),
        CASE (an_unfit_endpoint_is_refused),
        CASE (two_endpoints_cannot_be_the_same),
        CASE (one_port_at_two_addresses_is_fine),
        CASE (a_link_needs_two_servers_that_exist),
        CASE (a_link_is_said_once),
        CASE (a_herd_has_64_servers_at_most),
        CASE (a_log_has_two_levels),
        CASE (a_config_prints_as_a_table),
    };
    return cmocka_run_group_tests (cases, NULL, NULL);
}
