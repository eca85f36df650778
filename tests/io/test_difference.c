/*  =========================================================================
    test_difference - what a topology file that is read again makes different
    =========================================================================
*/

#include "config/difference.h"
#include "config/zpl.h"
#include "io/config_case.h"

#define LINKS "links\n    One = Two Three\n"

typedef struct {
    config_case_t *files;
    config_t *after;
    difference_t found;
} case_t;


static config_t *
s_read (const case_t *self, const char *text)
{
    config_case_write (self->files->path, text, strlen (text), 0600);
    config_t *config = self->files->config ? config_reread (self->files->config)
                                           : config_new (self->files->path);
    assert_non_null (config);
    return config;
}


//  Find what One has to do when the file is another

static const difference_t *
s_find (case_t *self, const char *before, const char *after)
{
    config_destroy (&self->after);
    config_destroy (&self->files->config);
    self->files->config = s_read (self, before);
    self->after = s_read (self, after);
    difference_find (&self->found, self->files->config,
        (size_t) config_find (self->files->config, "One"), self->after,
        (size_t) config_find (self->after, "One"));
    return &self->found;
}


static int
s_new (void **state)
{
    case_t *self = zmalloc (sizeof (case_t));
    void *files;
    config_case_new (&files);
    self->files = files;
    *state = self;
    return 0;
}


static int
s_free (void **state)
{
    case_t *self = *state;
    void *files = self->files;
    config_destroy (&self->after);
    config_case_free (&files);
    free (self);
    return 0;
}


static void
the_same_file_makes_no_difference (void **state)
{
    const difference_t *found = s_find (*state, THREE LINKS, THREE LINKS);
    assert_int_equal (found->link_count, 0);
    assert_string_equal (found->keys, "");
    assert_string_equal (found->fixed, "");
}


//  Names count, not where in the file a server stands

static void
links_come_go_and_move (void **state)
{
    const difference_t *found = s_find (*state, THREE "links\n    One = Two\n",
        HERD SERVERS SERVER ("Three", "004") SERVER ("One", "001")
            SERVER ("Two", "002") "links\n    Three = One\n");
    assert_int_equal (found->link_count, 2);
    assert_int_equal (found->links [0].kind, DIFFERENCE_REMOVED);
    assert_string_equal (found->links [0].peer->name, "Two");
    assert_int_equal (found->links [1].kind, DIFFERENCE_ADDED);
    assert_string_equal (found->links [1].peer->name, "Three");
    found = s_find (*state, THREE LINKS,
        HERD SERVERS SERVER ("One", "001") SERVER ("Two", "002")
            SERVER ("Three", "005") LINKS);
    assert_int_equal (found->link_count, 1);
    assert_int_equal (found->links [0].kind, DIFFERENCE_MOVED);
    assert_string_equal (found->links [0].peer->name, "Three");
    assert_string_equal (found->keys, "");
}


//  Where clients and operators find a peer is nothing to us

static void
a_peer_moves_by_its_mesh_alone (void **state)
{
    const difference_t *found = s_find (*state, THREE LINKS,
        HERD SERVERS SERVER ("One", "001") SERVER (
            "Two", "002") "    Three\n        clients = 127.0.0.1:9001\n"
                          "        mesh = 127.0.0.1:2003\n"
                          "        admin = 127.0.0.1:9003\n" LINKS);
    assert_int_equal (found->link_count, 0);
    assert_string_equal (found->fixed, "");
}


static void
keys_with_other_values_are_named (void **state)
{
    const difference_t *found =
        s_find (*state, PLACES "limits\n    connections_max = 7\n",
            PLACES "    per_day = 9\nlog\n    level = notices\n");
    assert_string_equal (
        found->keys, "places/per_day, limits/connections_max, log/level");
    assert_string_equal (found->fixed, "");
    found = s_find (*state, PLACES, PLACES "log\n    format = json\n");
    assert_string_equal (found->keys, "");
    assert_string_equal (found->fixed, "log/format");
    found = s_find (*state, THREE, PLACES);
    assert_string_equal (found->keys, "places/url, places/provider");
}


//  It stays as it is, and is named each time the file is read

static void
what_we_are_bound_to_waits_for_the_next_start (void **state)
{
    case_t *self = *state;
    const char *other = "herd\n    name = other\n" SERVERS SERVER ("One", "009")
        SERVER ("Two", "002");
    for (int times = 0; times < 2; times++) {
        const difference_t *found = s_find (self, THREE, other);
        assert_string_equal (found->fixed,
            "herd/name, servers/One/clients, servers/One/mesh, "
            "servers/One/admin");
        assert_string_equal (found->keys, "");
        difference_keep (self->files->config, 0, self->after, 0);
        assert_string_equal (self->after->name, "test");
        assert_int_equal (self->after->servers [0].mesh.at.port, 2001);
        assert_int_equal (self->after->servers [1].mesh.at.port, 2002);
    }
}


static void
whether_to_keep_who_is_near_waits_for_it_too (void **state)
{
    case_t *self = *state;
    const difference_t *found =
        s_find (self, THREE, THREE "table\n    near = yes\n");
    assert_string_equal (found->fixed, "table/near");
    difference_keep (self->files->config, 0, self->after, 0);
    assert_false (self->after->servers [0].near);
}


static void
secrets_of_the_environment_are_kept (void **state)
{
    case_t *self = *state;
    setenv ("HERD_SECRET", SECRET, 1);
    setenv ("PLACES_API_KEY", "a-key", 1);
    const difference_t *found = s_find (self, THREE, PLACES);
    assert_null (getenv ("HERD_SECRET"));
    assert_string_equal (self->after->secret, SECRET);
    assert_string_equal (self->after->places.key, "a-key");
    assert_non_null (strstr (found->keys, "places/key_file"));
    assert_null (strstr (found->keys, "a-key"));
}


//  There is nothing then, and the stream has the line

static void
a_broken_file_is_no_config (void **state)
{
    case_t *self = *state;
    char *said = NULL;
    size_t size = 0;
    s_find (self, THREE, THREE);
    config_case_write (self->files->path, "herd\n   name = x\n", 17, 0600);
    FILE *stream = open_memstream (&said, &size);
    zpl_say_to (stream);
    assert_null (config_reread (self->files->config));
    zpl_say_to (NULL);
    fclose (stream);
    assert_non_null (strstr (said, "line 2: indent 4 spaces"));
    free (said);
}


#define CASE_OF(name) cmocka_unit_test_setup_teardown (name, s_new, s_free)


int
main (void)
{
    const struct CMUnitTest tests [] = {
        CASE_OF (the_same_file_makes_no_difference),
        CASE_OF (links_come_go_and_move),
        CASE_OF (a_peer_moves_by_its_mesh_alone),
        CASE_OF (keys_with_other_values_are_named),
        CASE_OF (what_we_are_bound_to_waits_for_the_next_start),
        CASE_OF (whether_to_keep_who_is_near_waits_for_it_too),
        CASE_OF (secrets_of_the_environment_are_kept),
        CASE_OF (a_broken_file_is_no_config),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
