/*  =========================================================================
    test_region - which servers are gateways, and to which stream
    =========================================================================
*/

#include "io/config_case.h"

#include "config/difference.h"

#define GATE                                                                   \
    "    Gate\n        gateway = yes\n        mesh = 127.0.0.1:2009\n"         \
    "        admin = 127.0.0.1:3009\n"
#define REGION "herd\n    name = test\n    region = east\n"
#define EAST REGION SERVERS SERVER ("One", "001") GATE
#define NATS EAST "nats\n"


static void
a_gateway_has_no_clients_and_needs_the_name_of_its_region (void **state)
{
    config_t *config = config_case_good (*state, EAST);
    assert_true (config->servers [1].gateway);
    assert_false (config->servers [0].gateway);
    assert_int_equal (config->servers [1].clients.listen.port, 0);
    assert_string_equal (config->region, "east");
    config_case_bad (*state, HERD SERVERS SERVER ("One", "001") GATE,
        "herd/region: is missing: servers/Gate is a gateway");
    config_case_bad (*state, EAST "        clients = 127.0.0.1:1009\n",
        "servers/Gate/clients: a gateway has no clients of its own");
    config_case_bad (*state, EAST "        http = 127.0.0.1:4009\n",
        "servers/Gate/http: a gateway has no clients of its own");
    config_case_bad (*state,
        REGION SERVERS SERVER ("One", "001") "        gateway = maybe\n",
        "servers/One/gateway: must be yes or no");
    config = config_case_good (
        *state, REGION SERVERS SERVER ("One", "001") "        gateway = no\n");
    assert_false (config->servers [0].gateway);
}


static void
a_server_that_is_no_gateway_needs_its_clients (void **state)
{
    config_case_bad (*state,
        HERD SERVERS "    One\n        mesh = 127.0.0.1:2001\n"
                     "        admin = 127.0.0.1:3001\n",
        "servers/One/clients: is missing");
}


static void
the_stream_has_defaults (void **state)
{
    const config_nats_t *nats = &config_case_good (*state, EAST)->nats;
    assert_string_equal (nats->url, "nats://127.0.0.1:4222");
    assert_string_equal (nats->stream, "herd");
    assert_int_equal (nats->replicas, 1);
    assert_null (nats->credentials);
    assert_null (nats->nkey);
    assert_null (nats->seed);
    assert_null (nats->ca);
    assert_null (nats->cert);
    assert_null (nats->key);
}


static void
what_the_file_says_of_the_stream_is_read (void **state)
{
    config_case_t *self = *state;
    char path [64];
    const config_nats_t *nats = &config_case_good (self,
        NATS "    url = \"nats://a:4222 tls://[::1]:4223\"\n"
             "    stream = moves\n    replicas = 3\n"
             "    credentials = gate.creds\n    ca = /etc/ca.pem\n"
             "    cert = cert.pem\n    key = key.pem\n")
                                     ->nats;
    assert_string_equal (nats->url, "nats://a:4222 tls://[::1]:4223");
    assert_string_equal (nats->stream, "moves");
    assert_int_equal (nats->replicas, 3);
    snprintf (path, sizeof path, "%s/gate.creds", self->folder);
    assert_string_equal (nats->credentials, path);
    assert_string_equal (nats->ca, "/etc/ca.pem");
    nats = &config_case_good (self, NATS "    nkey = UABC\n    seed = a.seed\n")
                ->nats;
    assert_string_equal (nats->nkey, "UABC");
    snprintf (path, sizeof path, "%s/a.seed", self->folder);
    assert_string_equal (nats->seed, path);
}


static void
what_can_not_be_is_refused_by_its_key (void **state)
{
    static const struct {
        const char *text, *reason;
    } rows [] = {
        {"    url = 127.0.0.1:4222\n",
            "nats/url: each of the URLs, with blanks between, begins with "
            "nats:// or tls://"},
        {"    url = nats://\n",
            "nats/url: each of the URLs, with blanks between, begins with "
            "nats:// or tls://"},
        {"    stream = a.b\n",
            "nats/stream: a name is 1 to 32 of A-Z a-z 0-9 _ - and begins with "
            "a letter or digit"},
        {"    replicas = 0\n", "nats/replicas: must be a number from 1 to 5"},
        {"    replicas = 6\n", "nats/replicas: must be a number from 1 to 5"},
        {"    cert = a\n", "nats/cert: nats/cert and nats/key go together"},
        {"    key = a\n", "nats/key: nats/cert and nats/key go together"},
        {"    nkey = U\n", "nats/nkey: nats/nkey and nats/seed go together"},
        {"    seed = a\n", "nats/seed: nats/nkey and nats/seed go together"},
        {"    nkey = U\n    seed = a\n    credentials = b\n",
            "nats/nkey: nats/credentials says already who we are"},
        {"    password = a\n", "nats/password: there is no such key"}};
    for (size_t row = 0; row < sizeof rows / sizeof *rows; row++) {
        char text [1024];
        snprintf (text, sizeof text, "%s%s", NATS, rows [row].text);
        config_case_bad (*state, text, rows [row].reason);
    }
    config_case_bad (*state,
        "herd\n    name = test\n    region = eu.west\n" SERVERS SERVER (
            "One", "001"),
        "herd/region: a name is 1 to 32 of A-Z a-z 0-9 _ - and begins with a "
        "letter or digit");
}


//  The process has its region and its stream until it ends

static void
changes_of_it_count_from_the_next_start (void **state)
{
    config_case_t *self = *state;
    difference_t difference;
    config_case_read (self, EAST);
    config_t *before = self->config;
    self->config = NULL;
    assert_non_null (before);
    config_t *after = config_case_good (self,
        "herd\n    name = test\n    region = west\n" SERVERS SERVER (
            "One", "001") GATE "nats\n    stream = other\n    replicas = 3\n");
    difference_find (&difference, before, 1, after, 1);
    assert_string_equal (
        difference.fixed, "herd/region, nats/stream, nats/replicas");
    difference_keep (before, 1, after, 1);
    assert_string_equal (after->region, "east");
    assert_string_equal (after->nats.stream, "herd");
    assert_int_equal (after->nats.replicas, 1);
    config_destroy (&before);
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        CASE (a_gateway_has_no_clients_and_needs_the_name_of_its_region),
        CASE (a_server_that_is_no_gateway_needs_its_clients),
        CASE (the_stream_has_defaults),
        CASE (what_the_file_says_of_the_stream_is_read),
        CASE (what_can_not_be_is_refused_by_its_key),
        CASE (changes_of_it_count_from_the_next_start),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
