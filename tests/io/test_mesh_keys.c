/*  =========================================================================
    test_mesh_keys - links whose ends prove who they are

    Two rooms with keys of their own, One and Other, in one loop; and all who
    may be where a peer is expected: with no keys, with others, with old ones.
    =========================================================================
*/

#include "io/mesh_case.h"

#include "io/wire.h"
#include "keys/keysmith.h"
#include "mesh/dealer.h"

static const char *const s_names [] = {"One", "Other"};

//  A folder of keys, and what was read of it
static char s_folder [40];
static keys_t *s_read [8];
static size_t s_read_count;


//  Make or change keys; what it says of that is of no interest here

static void
s_work (bool (*change) (const char *, const char *), const char *name)
{
    FILE *output = stdout;
    stdout = fopen ("/dev/null", "we");
    assert_non_null (stdout);
    bool done =
        change ? change (s_folder, name) : keysmith_make (s_folder, s_names, 2);
    fclose (stdout);
    stdout = output;
    assert_true (done);
}


//  The keys of a room as they now are; good until the case ends.  Both rooms
//  share a zap, so each knows both

static const keys_t *
s_keys (const char *name)
{
    assert_true (s_read_count < 8);
    keys_t *keys = keys_new (&(keys_options_t){
        .folder = s_folder, .server = name, .peers = s_names, .peer_count = 2});
    assert_non_null (keys);
    s_read [s_read_count++] = keys;
    return keys;
}


//  Take the lines of a server out of herd.pub

static void
s_revoke (const char *name)
{
    char path [64], rest [1024] = "", line [128];
    snprintf (path, sizeof (path), "%s/herd.pub", s_folder);
    FILE *file = fopen (path, "r+e");
    assert_non_null (file);
    size_t size = 0;
    while (fgets (line, sizeof (line), file))
        if (strncmp (line, name, strlen (name)) != 0)
            size += (size_t) snprintf (
                rest + size, sizeof (rest) - size, "%s", line);
    fclose (file);
    file = fopen (path, "we");
    assert_non_null (file);
    fputs (rest, file);
    fclose (file);
}


static int
s_set_up (void **state)
{
    int rc = mesh_case_new (state);
    mesh_case_t *self = *state;
    snprintf (s_folder, sizeof (s_folder), "/tmp/zherd-keys-XXXXXX");
    assert_non_null (mkdtemp (s_folder));
    s_work (NULL, NULL);
    self->one.keys = s_keys ("One");
    self->one.peer = "Other";
    self->other.keys = s_keys ("Other");
    self->other.peer = "One";
    return rc;
}


static int
s_tear_down (void **state)
{
    int rc = mesh_case_free (state);
    while (s_read_count)
        keys_destroy (&s_read [--s_read_count]);
    zdir_t *folder = zdir_new (s_folder, NULL);
    assert_non_null (folder);
    zdir_remove (folder, true);
    zdir_destroy (&folder);
    return rc;
}


//  Call at the room once, with this pair, for that server's key, or with none

static zsock_t *
s_call (const mesh_room_t *room, zcert_t *pair, const char *server_key)
{
    zsock_t *caller = zsock_new (ZMQ_DEALER);
    zsock_set_reconnect_ivl (caller, -1);
    //  It may be refused before
    zsock_set_sndtimeo (caller, 0);
    if (pair) {
        zcert_apply (pair, caller);
        zsock_set_curve_serverkey (caller, server_key);
    }
    zsock_connect (caller, "tcp://127.0.0.1:%u", room->port);
    (void) zstr_send (caller, "let me in");
    return caller;
}


//  Be at the port where the room expects its peer, with this pair or with none.
//  Nobody asks our zap about that

static zsock_t *
s_impersonate (const mesh_room_t *peer, zcert_t *pair)
{
    zsock_t *impostor = zsock_new (ZMQ_ROUTER);
    if (pair) {
        zcert_apply (pair, impostor);
        zsock_set_curve_server (impostor, 1);
    }
    int rc = zsock_bind (impostor, "tcp://127.0.0.1:%u", peer->port);
    assert_int_equal (rc, peer->port);
    return impostor;
}


static bool
s_is_home (const address_t *caller)
{
    address_t home = address_of_v4 (0x7F000001);
    return address_equal (caller, &home);
}


//  Whoever is there is told nothing

static void
s_tells_nothing (mesh_case_t *self, zsock_t *impostor)
{
    loop_case_spend (self->stage, 200);
    assert_false (mesh_can_send (self->one.mesh, 0));
    mesh_send (self->one.mesh, 0, span_of ("a herd code, and records"));
    loop_case_spend (self->stage, 100);
    assert_int_equal (self->one.ups, 0);
    assert_false (zsock_events (impostor) & ZMQ_POLLIN);
}


static void
s_is_heard (mesh_case_t *self, mesh_room_t *from, mesh_room_t *to)
{
    size_t messages = to->messages;
    mesh_send (from->mesh, 0, span_of ("hello"));
    REACH (self->stage, &to->messages, messages + 1);
}


static void
each_message_comes_with_its_speaker (void **state)
{
    mesh_case_t *self = *state;
    mesh_case_pair (self);
    s_is_heard (self, &self->one, &self->other);
    assert_string_equal (self->other.speaker, "One");
    s_is_heard (self, &self->other, &self->one);
    assert_string_equal (self->one.speaker, "Other");
    assert_int_equal (self->one.others + self->other.others, 0);
    assert_int_equal (self->one.unmet + self->other.unmet, 0);
}


static void
a_key_that_is_no_peers_is_refused_and_named (void **state)
{
    mesh_case_t *self = *state;
    mesh_case_open (&self->one, self->other.port);
    zcert_t *pair = zcert_new ();
    zsock_t *caller = s_call (&self->one, pair, keys_public (self->one.keys));
    REACH (self->stage, &self->one.others, 1);
    assert_int_equal (self->one.why, EVENT_CALLER_UNKNOWN);
    assert_true (s_is_home (&self->one.caller));
    assert_int_equal (strlen (self->one.said), 8);
    assert_memory_equal (self->one.said, zcert_public_txt (pair), 8);
    loop_case_spend (self->stage, 50);
    assert_int_equal (self->one.messages, 0);
    zsock_destroy (&caller);
    zcert_destroy (&pair);
}


static void
who_calls_without_keys_is_refused_as_that (void **state)
{
    mesh_case_t *self = *state;
    mesh_case_open (&self->one, self->other.port);
    zsock_t *caller = s_call (&self->one, NULL, NULL);
    REACH (self->stage, &self->one.others, 1);
    assert_int_equal (self->one.why, EVENT_CALLER_UNMET);
    assert_string_equal (self->one.said, "it is plain, and we have keys");
    assert_int_equal (self->one.messages, 0);
    zsock_destroy (&caller);
}


static void
who_calls_a_plain_server_with_keys_is_refused_as_that (void **state)
{
    mesh_case_t *self = *state;
    const keys_t *keys = self->one.keys;
    self->one.keys = NULL;
    mesh_case_open (&self->one, self->other.port);
    zcert_t *pair = zcert_new ();
    zsock_t *caller = s_call (&self->one, pair, keys_public (keys));
    REACH (self->stage, &self->one.others, 1);
    assert_int_equal (self->one.why, EVENT_CALLER_UNMET);
    assert_string_equal (self->one.said, "it has keys, and we are plain");
    zsock_destroy (&caller);
    zcert_destroy (&pair);
}


static void
who_expects_another_key_of_ours_is_refused_as_that (void **state)
{
    mesh_case_t *self = *state;
    mesh_case_open (&self->one, self->other.port);
    zcert_t *pair = zcert_new ();
    zsock_t *caller = s_call (&self->one, pair, keys_public (self->other.keys));
    REACH (self->stage, &self->one.others, 1);
    assert_int_equal (self->one.why, EVENT_CALLER_UNMET);
    assert_string_equal (self->one.said, "it expects another key than ours");
    zsock_destroy (&caller);
    zcert_destroy (&pair);
}


//  It greets as who has keys, and goes on with parts of a message

static void
who_sends_no_handshake_is_refused_as_that (void **state)
{
    static const char bytes [64 + 3] = "\xff\0\0\0\0\0\0\0\0\x7f\3\0CURVE";
    mesh_case_t *self = *state;
    mesh_case_open (&self->one, self->other.port);
    zsock_t *caller = zsock_new_stream (NULL);
    zsock_connect (caller, "tcp://127.0.0.1:%u", self->one.port);
    zframe_t *id = zframe_recv (caller);
    assert_non_null (id);
    zframe_t *part = zframe_new (bytes, sizeof (bytes));
    zframe_send (&id, caller, ZFRAME_MORE);
    zframe_send (&part, caller, 0);
    REACH (self->stage, &self->one.others, 1);
    assert_int_equal (self->one.why, EVENT_CALLER_UNMET);
    assert_string_equal (self->one.said, "what it sends is no handshake");
    zsock_destroy (&caller);
}


static void
an_impostor_with_keys_of_its_own_is_told_nothing (void **state)
{
    mesh_case_t *self = *state;
    zcert_t *pair = zcert_new ();
    zsock_t *impostor = s_impersonate (&self->other, pair);
    mesh_case_open (&self->one, self->other.port);
    REACH (self->stage, &self->one.unmet, 1);
    assert_string_equal (
        self->one.said, "who is there has not its key, or does not answer");
    s_tells_nothing (self, impostor);
    zsock_destroy (&impostor);
    zcert_destroy (&pair);
}


//  That is said once, however often it is tried

static void
an_impostor_without_keys_is_told_nothing (void **state)
{
    mesh_case_t *self = *state;
    zsock_t *impostor = s_impersonate (&self->other, NULL);
    mesh_case_open (&self->one, self->other.port);
    REACH (self->stage, &self->one.unmet, 1);
    assert_string_equal (self->one.said, "it is plain, and we have keys");
    s_tells_nothing (self, impostor);
    assert_int_equal (self->one.unmet, 1);
    zsock_destroy (&impostor);
}


static void
a_plain_server_says_that_its_peer_has_keys (void **state)
{
    mesh_case_t *self = *state;
    self->one.keys = NULL;
    zcert_t *pair = zcert_new ();
    zsock_t *other = s_impersonate (&self->other, pair);
    mesh_case_open (&self->one, self->other.port);
    REACH (self->stage, &self->one.unmet, 1);
    assert_string_equal (self->one.said, "it has keys, and we are plain");
    zsock_destroy (&other);
    zcert_destroy (&pair);
}


//  One knows a new key, and Other has the old one yet

static void
of_two_keys_the_one_that_is_right_is_found (void **state)
{
    mesh_case_t *self = *state;
    s_work (keysmith_rotate, "Other");
    self->one.keys = s_keys ("One");
    mesh_case_open (&self->other, self->one.port);
    mesh_case_open (&self->one, self->other.port);
    REACH (self->stage, &self->one.ups, 1);
    REACH (self->stage, &self->other.ups, 1);
    s_is_heard (self, &self->one, &self->other);
    s_is_heard (self, &self->other, &self->one);
    assert_string_equal (self->one.speaker, "Other");
}


static void
keys_that_are_the_same_change_nothing (void **state)
{
    mesh_case_t *self = *state;
    mesh_case_pair (self);
    s_work (keysmith_rotate, "Other");
    mesh_rekey (self->one.mesh, s_keys ("One"));
    loop_case_spend (self->stage, 200);
    s_is_heard (self, &self->one, &self->other);
    s_is_heard (self, &self->other, &self->one);
    assert_int_equal (self->one.ups + self->other.ups, 2);
    assert_int_equal (self->one.downs + self->other.downs, 0);
}


//  Both links come back by themselves, with the new key

static void
our_own_key_changes_while_links_are_up (void **state)
{
    mesh_case_t *self = *state;
    mesh_case_pair (self);
    s_work (keysmith_rotate, "Other");
    mesh_rekey (self->one.mesh, s_keys ("One"));
    mesh_rekey (self->other.mesh, s_keys ("Other"));
    REACH (self->stage, &self->one.ups, 2);
    REACH (self->stage, &self->other.ups, 2);
    s_work (keysmith_retire, "Other");
    mesh_rekey (self->one.mesh, s_keys ("One"));
    s_is_heard (self, &self->one, &self->other);
    s_is_heard (self, &self->other, &self->one);
    assert_int_equal (self->one.ups, 2);
    assert_string_equal (self->one.speaker, "Other");
}


static void
a_crowd_is_held_back_though_our_own_key_changes (void **state)
{
    mesh_case_t *self = *state;
    enum { SILENT = 120, ROUNDS_MAX = 100 };
    wire_t *crowd [SILENT];
    if (!mesh_case_can_hold_back ())
        skip ();
    mesh_case_pair (self);
    for (int rounds = 0; !mesh_case_holds_back (self->other.port); rounds++) {
        assert_true (rounds < ROUNDS_MAX);
        for (size_t index = 0; index < SILENT; index++)
            crowd [index] = wire_connect (self->stage, self->other.port);
        loop_case_spend (self->stage, 100);
        for (size_t index = 0; index < SILENT; index++)
            wire_destroy (&crowd [index]);
    }
    s_work (keysmith_rotate, "Other");
    mesh_rekey (self->one.mesh, s_keys ("One"));
    mesh_rekey (self->other.mesh, s_keys ("Other"));
    REACH (self->stage, &self->one.ups, 2);
    int64_t end_ms = clock_ms () + 20000;
    while (!mesh_case_holds_back (self->other.port)) {
        assert_true (clock_ms () < end_ms);
        loop_case_spend (self->stage, 10);
    }
    assert_int_equal (self->other.held, 1);
    assert_int_equal (self->other.freed, 0);
}


//  Its connection to us lives until it speaks

static void
a_peer_whose_key_is_revoked_is_not_heard_and_told_nothing (void **state)
{
    mesh_case_t *self = *state;
    mesh_case_pair (self);
    s_revoke ("Other");
    mesh_rekey (self->one.mesh, s_keys ("One"));
    assert_int_equal (self->one.downs, 1);
    assert_false (mesh_can_send (self->one.mesh, 0));
    assert_true (mesh_can_send (self->other.mesh, 0));
    mesh_send (self->other.mesh, 0, span_of ("still here?"));
    REACH (self->stage, &self->one.others, 1);
    assert_int_equal (self->one.messages, 0);
    assert_true (s_is_home (&self->one.caller));
    //  It comes again, and is refused at the zap
    REACH (self->stage, &self->one.others, 2);
    assert_int_equal (self->one.why, EVENT_CALLER_UNKNOWN);
    assert_int_equal (self->one.messages, 0);
    assert_int_equal (self->one.ups, 1);
}


//  Wait until more has come than that, and return how much

static uint64_t
s_more_answers (mesh_case_t *self, uint64_t before)
{
    int64_t end_ms = clock_ms () + 20000;
    uint64_t after = before;
    while (after == before && clock_ms () < end_ms) {
        loop_case_spend (self->stage, 10);
        after = mesh_case_answers (self->other.port);
    }
    assert_true (after > before);
    return after;
}


//  Whoever sends more back is cut.  There is an answer a second

static void
a_heartbeats_answer_is_less_than_is_allowed (void **state)
{
    mesh_case_t *self = *state;
    mesh_case_pair (self);
    uint64_t before =
        s_more_answers (self, mesh_case_answers (self->other.port));
    for (int beat = 0; beat < 2; beat++) {
        uint64_t after = s_more_answers (self, before);
        assert_in_range (after - before, 1, DEALER_ANSWERS_PER_SECOND / 2);
        before = after;
    }
}


#define KEYS(name) cmocka_unit_test_setup_teardown (name, s_set_up, s_tear_down)


int
main (void)
{
    const struct CMUnitTest tests [] = {
        KEYS (each_message_comes_with_its_speaker),
        KEYS (a_key_that_is_no_peers_is_refused_and_named),
        KEYS (who_calls_without_keys_is_refused_as_that),
        KEYS (who_calls_a_plain_server_with_keys_is_refused_as_that),
        KEYS (who_expects_another_key_of_ours_is_refused_as_that),
        KEYS (who_sends_no_handshake_is_refused_as_that),
        KEYS (an_impostor_with_keys_of_its_own_is_told_nothing),
        KEYS (an_impostor_without_keys_is_told_nothing),
        KEYS (a_plain_server_says_that_its_peer_has_keys),
        KEYS (of_two_keys_the_one_that_is_right_is_found),
        KEYS (keys_that_are_the_same_change_nothing),
        KEYS (our_own_key_changes_while_links_are_up),
        KEYS (a_crowd_is_held_back_though_our_own_key_changes),
        KEYS (a_peer_whose_key_is_revoked_is_not_heard_and_told_nothing),
        KEYS (a_heartbeats_answer_is_less_than_is_allowed),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
