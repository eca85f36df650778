/*  =========================================================================
    test_http_port - who may use the HTTP port, as the topology file has it
    =========================================================================
*/

#include "config/http_port.h"
#include "io/config_case.h"

#define WITH(http)                                                             \
    HERD SERVERS SERVER ("One", "001") "        http = " http                  \
                                       "\n" SERVER ("Two", "002")


static void
a_server_need_not_have_one (void **state)
{
    config_t *config = config_case_good (*state, WITH ("127.0.0.1:4001"));
    assert_true (config->servers [0].has_http);
    assert_int_equal (config->servers [0].http.at.port, 4001);
    assert_false (config->servers [1].has_http);
    assert_int_equal (config->http.connections_max, 1024);
    assert_int_equal (config->http.listeners_max, 1000);
    assert_int_equal (config->http.inside_max, 10000);
    assert_string_equal (config->http.hosts, "");
    assert_false (config->http.open);
}


//  Nobody asks those that have none

static void
a_server_with_one_keeps_who_is_near_if_nothing_else_is_said (void **state)
{
    config_t *config = config_case_good (*state, WITH ("127.0.0.1:4001"));
    assert_true (config->servers [0].near);
    assert_false (config->servers [1].near);
    config = config_case_good (
        *state, WITH ("127.0.0.1:4001") "table\n    near = no\n");
    assert_false (config->servers [0].near);
    config = config_case_good (
        *state, WITH ("127.0.0.1:4001") "table\n    near = yes\n");
    assert_true (config->servers [1].near);
    config_case_bad (*state,
        WITH ("127.0.0.1:4001") "table\n    near = maybe\n",
        "table/near: must be yes or no");
}


static void
its_address_is_as_good_as_others (void **state)
{
    config_case_bad (*state, WITH ("127.0.0.1"),
        "servers/One/http: needs a port from 1 to 65535");
    config_case_bad (*state, WITH ("127.0.0.1:1001"),
        "servers/One/http: is the same as servers/One/clients");
}


//  Whoever reaches it can say where any client is

static void
off_loopback_it_is_refused_unless_it_may_be_open (void **state)
{
    static const char *const addresses [] = {"192.0.2.1", "0.0.0.0"};
    config_case_t *self = *state;
    for (size_t index = 0; index < 2; index++) {
        char text [1024];
        char reason [512];
        snprintf (text, sizeof (text),
            HERD SERVERS SERVER ("One", "001") "        http = %s:4001\n",
            addresses [index]);
        snprintf (reason, sizeof (reason),
            "servers/One/http: %s is not loopback, and who reaches it can say "
            "where any client is: name a file as http/tokens and put tokens "
            "into it with \"zherd token add %s\", or say http/open = yes if "
            "all may",
            addresses [index], self->path);
        config_case_bad (self, text, reason);
    }
    config_case_good (*state, WITH ("192.0.2.1:4001") "http\n    open = yes\n");
    config_case_bad (*state, WITH ("127.0.0.1:4001") "http\n    open = maybe\n",
        "http/open: must be yes or no");
}


static void
tokens_are_beside_the_topology (void **state)
{
    config_case_t *self = *state;
    config_t *config = config_case_good (
        self, WITH ("192.0.2.1:4001") "http\n    tokens = tokens\n");
    assert_memory_equal (
        config->http.tokens, self->folder, strlen (self->folder));
    assert_non_null (strstr (config->http.tokens, "/tokens"));
    config = config_case_good (
        self, WITH ("192.0.2.1:4001") "http\n    tokens = /etc/tokens\n");
    assert_string_equal (config->http.tokens, "/etc/tokens");
    config_case_bad (self,
        WITH ("192.0.2.1:4001") "http\n    tokens = a\n    open = yes\n",
        "http/open: is yes, and http/tokens names tokens");
}


static void
s_miss_tokens (config_case_t *self, const char *path)
{
    (void) path;
    assert_false (http_port_has_tokens (self->config, false));
}


static void
tokens_that_are_not_there_are_named_and_how_to_make_them (void **state)
{
    config_case_t *self = *state;
    config_case_good (self, WITH ("127.0.0.1:4001"));
    assert_true (http_port_has_tokens (self->config, false));
    config_case_good (
        self, WITH ("127.0.0.1:4001") "http\n    tokens = none\n");
    config_case_listen (self, s_miss_tokens, NULL);
    char *line = zsys_sprintf (
        "zherd: %s: line 14: http/tokens: there is no %s/none: make it with "
        "\"zherd token add %s NAME write\", or copy it from another machine\n",
        self->path, self->folder, self->path);
    assert_string_equal (self->said, line);
    zstr_free (&line);
    config_case_good (
        self, WITH ("127.0.0.1:4001") "http\n    tokens = herd.zpl\n");
    assert_true (http_port_has_tokens (self->config, false));
}


static void
hosts_are_names (void **state)
{
#define HOSTS(names) WITH ("127.0.0.1:4001") "http\n    hosts = " names "\n"
    config_t *config =
        config_case_good (*state, HOSTS ("herd.example  a-1.Example"));
    assert_string_equal (config->http.hosts, "herd.example  a-1.Example");
    config_case_bad (*state, HOSTS ("herd.example:443"),
        "http/hosts: herd.example:443 is no name of a host: names have blanks "
        "between them, and no port");
    config_case_bad (*state, HOSTS ("a,b"),
        "http/hosts: a,b is no name of a host: names have blanks between them, "
        "and no port");
}


static void
pages_have_origins_and_proxies_addresses (void **state)
{
#define HTTP(keys) WITH ("127.0.0.1:4001") "http\n" keys
    config_t *config = config_case_good (*state,
        HTTP ("    cors = https://map.example http://localhost:8000\n"
              "    proxies = 127.0.0.1 2001:db8::1\n    per_minute = 60\n"));
    assert_string_equal (
        config->http.cors, "https://map.example http://localhost:8000");
    assert_string_equal (config->http.proxies, "127.0.0.1 2001:db8::1");
    assert_int_equal (config->http.per_minute, 60);
    config = config_case_good (*state, HTTP ("    cors = *\n"));
    assert_string_equal (config->http.cors, "*");
    config_case_bad (*state, HTTP ("    cors = map.example\n"),
        "http/cors: map.example is no origin: http://HOST or https://HOST, "
        "with a port or without, blanks between them, or * for all");
    config_case_bad (*state, HTTP ("    cors = https://map.example/\n"),
        "http/cors: https://map.example/ is no origin: http://HOST or "
        "https://HOST, with a port or without, blanks between them, or * for "
        "all");
    config_case_bad (*state, HTTP ("    proxies = proxy.example\n"),
        "http/proxies: proxy.example is no address in numbers: addresses have "
        "blanks between them");
}


//  The page may load pictures from where they are, and nowhere else

static void
tiles_are_at_a_host_and_have_a_place_in_their_url (void **state)
{
#define TILES(text) WITH ("127.0.0.1:4001") "http\n    tiles = " text "\n"
    static const char *const bad [] = {"tiles.example/{z}/{x}/{y}.png",
        "ftp://tiles.example/{z}/{x}/{y}.png", "https:///{z}/{x}/{y}.png",
        "https://{s}.tiles.example/{z}/{x}/{y}.png",
        "https://tiles.example/{z}/{x}.png",
        "\"https://tiles.example;script-src/{z}/{x}/{y}.png\"",
        "\"https://tiles.example'/{z}/{x}/{y}.png\""};
    config_t *config = config_case_good (
        *state, TILES ("\"https://tiles.example:8/{z}/{x}/{y}.png (c) us\""));
    assert_string_equal (
        config->http.tiles, "https://tiles.example:8/{z}/{x}/{y}.png (c) us");
    config = config_case_good (*state, WITH ("127.0.0.1:4001"));
    assert_null (config->http.tiles);
    for (size_t index = 0; index < sizeof bad / sizeof *bad; index++) {
        char text [1024];
        snprintf (text, sizeof text, TILES ("%s"), bad [index]);
        config_case_bad (*state, text,
            "http/tiles: must begin with a URL of tiles: "
            "https://HOST/{z}/{x}/{y}.png, at most 256 bytes");
    }
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        CASE (a_server_need_not_have_one),
        CASE (a_server_with_one_keeps_who_is_near_if_nothing_else_is_said),
        CASE (its_address_is_as_good_as_others),
        CASE (off_loopback_it_is_refused_unless_it_may_be_open),
        CASE (tokens_are_beside_the_topology),
        CASE (tokens_that_are_not_there_are_named_and_how_to_make_them),
        CASE (tiles_are_at_a_host_and_have_a_place_in_their_url),
        CASE (hosts_are_names),
        CASE (pages_have_origins_and_proxies_addresses),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
