/*  =========================================================================
    test_overview - how this server and its herd are, for a page
    =========================================================================
*/

#include "admin/overview.h"
#include "io/config_case.h"

#include <jansson.h>


//  Of a server with a config, in one line

static json_t *
s_overview (const config_t *config, const char *peer)
{
    server_t *server = server_new (&(server_options_t){.name = "One",
        .herd = "test",
        .secret = "",
        .incarnation = 1,
        .peers = &peer,
        .peer_count = 1,
        .table_size_max = 1 << 20,
        .waiting_max = 1});
    status_facts_t facts = {
        .server = "One", .herd = "test", .process.started = 7};
    journal_t *journal = journal_new (
        &(journal_options_t){.file = "/dev/null", .server = "One"});
    journal_at (journal, (instant_t){7, 8});
    journal_notice (journal, NOTICE_LINK_UP, "link to %s \"up\"", peer);
    char *text = overview_text (&facts, server, config, journal);
    journal_destroy (&journal);
    json_t *json = json_loads (text, 0, NULL);
    assert_non_null (json);
    assert_null (strchr (text, '\n'));
    free (text);
    server_destroy (&server);
    return json;
}


static void
s_check (json_t *json, const char *key, const char *expected)
{
    char *text = json_dumps (
        json_object_get (json, key), JSON_COMPACT | JSON_ENCODE_ANY);
    assert_string_equal (text, expected);
    free (text);
}


static void
it_has_servers_links_the_state_of_our_own_and_notices (void **state)
{
    config_t *config = config_case_good (
        *state, THREE "links\n    One = Two\n    Two = Three\n");
    json_t *json = s_overview (config, "Two");
    s_check (json, "server", "\"One\"");
    s_check (json, "herd", "\"test\"");
    s_check (json, "started", "7");
    s_check (json, "clients", "0");
    s_check (json, "loading", "true");
    s_check (json, "servers", "[\"One\",\"Two\",\"Three\"]");
    s_check (json, "links", "[[0,1],[1,2]]");
    s_check (json, "peers",
        "[{\"name\":\"Two\",\"up\":false,\"behind\":0,"
        "\"clock_difference_seconds\":0,\"repairs\":0,\"resumes\":0,"
        "\"bytes_out\":0,\"bytes_in\":0}]");
    assert_true (
        json_integer_value (json_object_get (json, "memory_bytes")) > 65536);
    s_check (json, "notices",
        "[{\"time\":\"1970-01-01T00:00:07.000000008Z\",\"name\":\"link-up\","
        "\"level\":\"info\",\"text\":\"link to Two \\\"up\\\"\",\"count\":1}]");
    assert_null (json_object_get (json, "tiles"));
    json_decref (json);
}


static void
it_has_the_tiles_of_the_topology (void **state)
{
    config_t *config = config_case_good (*state, THREE
        "http\n    tiles = \"https://h.example/{z}/{x}/{y}.png by <us>\"\n");
    json_t *json = s_overview (config, "Two");
    s_check (json, "tiles",
        "{\"url\":\"https://h.example/{z}/{x}/{y}.png\","
        "\"credit\":\"by <us>\"}");
    json_decref (json);
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        CASE (it_has_servers_links_the_state_of_our_own_and_notices),
        CASE (it_has_the_tiles_of_the_topology),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
