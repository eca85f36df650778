/*  =========================================================================
    test_security - whether links between servers have keys, or are plain
    =========================================================================
*/

#include "config/security.h"

#include "io/config_case.h"

#define ONE_AT(address)                                                        \
    HERD SERVERS "    One\n        clients = 127.0.0.1:1001\n"                 \
                 "        mesh = " address ":2001\n"                           \
                 "        admin = 127.0.0.1:3001\n"

static bool s_permitted;


static void
s_ask (config_case_t *self, const char *path)
{
    (void) path;
    s_permitted = security_permits (self->config);
}


static void
a_folder_of_keys_is_relative_to_the_file (void **state)
{
    config_case_t *self = *state;
    config_case_good (self, THREE "mesh\n    keys = my/keys\n");
    char *path = zsys_sprintf ("%s/my/keys", self->folder);
    assert_string_equal (self->config->keys, path);
    zstr_free (&path);
    config_case_good (self, THREE "mesh\n    keys = /my/keys\n");
    assert_string_equal (self->config->keys, "/my/keys");
    assert_false (self->config->plain);
}


static void
an_option_names_another_folder (void **state)
{
    config_case_t *self = *state;
    config_case_good (self, THREE "mesh\n    keys = these\n");
    assert_true (security_use_keys (self->config, "those"));
    assert_string_equal (self->config->keys, "those");
    assert_true (security_permits (self->config));
}


static void
links_are_plain_or_have_keys (void **state)
{
    config_case_bad (*state, THREE "mesh\n    keys = k\n    security = plain\n",
        "mesh/security: is plain, and mesh/keys names keys");
    config_case_bad (*state, THREE "mesh\n    security = curve\n",
        "mesh/security: can be plain alone; leave it out, and mesh/keys says "
        "where the keys are");
    config_case_bad (
        *state, THREE "mesh\n    keys =\n", "mesh/keys: names no folder");
}


static void
s_use (config_case_t *self, const char *path)
{
    s_permitted = security_use_keys (self->config, path);
}


static void
keys_are_not_given_to_a_plain_herd (void **state)
{
    config_case_t *self = *state;
    config_case_good (self, THREE "mesh\n    security = plain\n");
    assert_true (self->config->plain);
    config_case_listen (self, s_use, "k");
    assert_false (s_permitted);
    assert_null (self->config->keys);
    assert_non_null (strstr (self->said, "herd.zpl: line 17: mesh/security: is "
                                         "plain, and keys in k are given\n"));
}


static void
on_loopback_links_may_be_plain (void **state)
{
    config_case_t *self = *state;
    config_case_good (self, ONE_AT ("127.8.9.10"));
    config_case_listen (self, s_ask, NULL);
    assert_true (s_permitted);
    assert_string_equal (self->said, "");
}


static void
off_loopback_plain_links_must_be_asked_for (void **state)
{
    config_case_t *self = *state;
    config_case_good (self, ONE_AT ("192.0.2.1"));
    config_case_listen (self, s_ask, NULL);
    assert_false (s_permitted);
    char *line = zsys_sprintf (
        "zherd: %s: line 6: servers/One/mesh: 192.0.2.1 is not loopback, and "
        "there are "
        "no keys: make them with \"zherd keys %s\" and name their folder as "
        "mesh/keys, or say mesh/security = plain, and who can read that "
        "network reads and forges locations\n",
        self->path, self->path);
    assert_string_equal (self->said, line);
    zstr_free (&line);

    static const char *const ways [] = {
        ONE_AT ("192.0.2.1") "mesh\n    security = plain\n",
        ONE_AT ("192.0.2.1") "mesh\n    keys = k\n"};
    for (size_t way = 0; way < 2; way++) {
        config_case_good (self, ways [way]);
        config_case_listen (self, s_ask, NULL);
        assert_true (s_permitted);
        assert_string_equal (self->said, "");
    }
}


//  Only who said it is reminded of it

static void
a_mesh_off_loopback_is_warned_of_if_it_is_plain (void **state)
{
    config_case_warns (*state, ONE_AT ("192.0.2.1") "mesh\n    keys = k\n", "");
    config_case_warns (*state,
        ONE_AT ("192.0.2.1") "mesh\n    security = plain\n",
        "servers/One/mesh: warning: 192.0.2.1 is not loopback: who can read "
        "that network reads every location, and can forge them");
}


int
main (void)
{
    const struct CMUnitTest cases [] = {
        CASE (a_folder_of_keys_is_relative_to_the_file),
        CASE (an_option_names_another_folder),
        CASE (links_are_plain_or_have_keys),
        CASE (keys_are_not_given_to_a_plain_herd),
        CASE (on_loopback_links_may_be_plain),
        CASE (off_loopback_plain_links_must_be_asked_for),
        CASE (a_mesh_off_loopback_is_warned_of_if_it_is_plain),
    };
    return cmocka_run_group_tests (cases, NULL, NULL);
}
