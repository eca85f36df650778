/*  =========================================================================
    test_session - the use of one stream of a real server of NATS

    Gate, of region east, and West, of region west, in one loop.
    =========================================================================
*/

#include "gateway/dialer.h"
#include "gateway/gateway.h"
#include "gateway/standing.h"

#include "io/loop_case.h"
#include "io/nats.h"
#include "io/nats_case.h"

#include "loop/clock.h"

#include <nats/nats.h>
#include <sys/stat.h>
#include <unistd.h>

#define PORT_BASE 24300

#define NEED(program)                                                          \
    if (access (program, X_OK) == -1)                                          \
    skip ()

typedef struct {
    config_t *config;
    server_t *server;
    effects_t *effects;
    journal_t *journal;
    session_t *session;
} side_t;

typedef struct {
    const variant_t *variant;
    loop_case_t *stage;
    char folder [32];
    uint16_t port;
    pid_t nats;
    side_t sides [2];
    size_t joined;   //  Sessions that are
    size_t absent;   //  Sessions that do not use the stream
    size_t known;    //  Clients that both sides know
    size_t equal;    //  1 if tables are
    size_t told;     //  Sessions that said what they were to
    size_t joins;    //  Of east
    size_t calm;     //  1 if east knows how the stream is, and said that it is
                     //  there, and is not about to do so again
    size_t emptied;  //  1 if east knows nobody
    size_t crowded;  //  1 if east said that it does not read a region
} case_t;

enum { EAST, WEST };


static void
s_take (void *context, const event_t *event)
{
    side_t *side = context;
    effects_clear (side->effects);
    server_step (side->server, event, side->effects);
}


static const char *
s_or (const char *text, const char *other)
{
    return text ? text : other;
}


//  What the side said contains the piece

static bool
s_said (const side_t *side, const char *piece)
{
    const recent_notice_t *notice;
    for (size_t index = 0; (notice = journal_recent (side->journal, index));
         index++)
        if (strstr (notice->text, piece))
            return true;
    return false;
}


static void
s_turn (void *context)
{
    case_t *self = context;
    size_t known [2];
    uint64_t roots [2];
    self->joined = self->absent = self->told = 0;
    for (int index = 0; index < 2; index++) {
        side_t *side = &self->sides [index];
        (void) session_turn (side->session, clock_ms ());
        region_counts_t counts = session_counts (side->session);
        self->joined += counts.joined && counts.connected;
        self->absent += !counts.connected;
        self->told += s_said (side, s_or (self->variant->says, ""));
        known [index] = table_count (server_table (side->server));
        roots [index] =
            digest_root (table_digest (server_table (side->server)));
    }
    self->known = known [0] < known [1] ? known [0] : known [1];
    self->equal = roots [0] == roots [1];
    const session_t *east = self->sides [EAST].session;
    int64_t polled_ms = clock_ms () - east->polled_ms;
    self->calm = !east->polling && polled_ms >= 200 && polled_ms < 400 &&
                 clock_ms () - east->announced_ms >= 200;
    self->joins = session_counts (east).joins;
    self->emptied = known [EAST] == 0;
    self->crowded = s_said (&self->sides [EAST], "region r127 is not read");
}


static void
s_tick (void *context)
{
    case_t *self = context;
    for (int index = 0; index < 2; index++) {
        event_t event = {.kind = EVENT_TICK};
        clock_stamp (&event);
        s_take (&self->sides [index], &event);
    }
}


static void
s_write (const char *folder, const char *name, const char *text)
{
    char path [64];
    snprintf (path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen (path, "w");
    assert_non_null (file);
    assert_int_equal (fchmod (fileno (file), S_IRUSR | S_IWUSR), 0);
    assert_true (fputs (text, file) >= 0);
    assert_int_equal (fclose (file), 0);
}


static void
s_open_side (case_t *self, int index, const char *region, const char *name)
{
    side_t *side = &self->sides [index];
    char text [1024], path [64];
    snprintf (text, sizeof text,
        "herd\n    name = test\n    region = %s\n    ttl_seconds = %u\n"
        "servers\n    %s\n        gateway = yes\n"
        "        mesh = 127.0.0.1:1\n        admin = 127.0.0.1:2\n"
        "nats\n    url = %s:%u\n%s",
        region, self->variant->ttl_seconds [index], name,
        s_or (self->variant->url [index], "nats://127.0.0.1"), self->port,
        s_or (self->variant->keys [index], ""));
    s_write (self->folder, region, text);
    snprintf (path, sizeof path, "%s/%s", self->folder, region);
    side->config = config_new (path);
    assert_non_null (side->config);
    side->effects = effects_new ();
    side->journal =
        journal_new (&(journal_options_t){.file = "/dev/null", .server = name});
    side->server = server_new (&(server_options_t){.name = name,
        .herd = "test",
        .secret = "",
        .incarnation = 7,
        .table_size_max = 16777216,
        .waiting_max = 1,
        .ttl_seconds = (int64_t) side->config->ttl_seconds,
        .gateway = {region, &name, 1}});
    side->session =
        session_new (&(abroad_options_t){.poller = self->stage->poller,
            .config = side->config,
            .server = name,
            .journal = side->journal,
            .take = s_take,
            .context = side});
    assert_non_null (side->session);
    session_serve (side->session, side->server);
}


static int
s_set_up (void **state)
{
    case_t *self = zmalloc (sizeof (case_t));
    char text [4096];
    self->variant = *state ? *state : &s_plain;
    snprintf (self->folder, sizeof self->folder, "/tmp/zherd-nats-XXXXXX");
    assert_non_null (mkdtemp (self->folder));
    self->stage = loop_case_new (PORT_BASE);
    self->port = loop_case_port (self->stage);
    self->stage->turn = s_turn;
    self->stage->tick = s_tick;
    self->stage->context = self;
    snprintf (text, sizeof text,
        "host: 127.0.0.1\nport: %u\njetstream { store_dir: \"%s/store\" }\n%s",
        self->port, self->folder, s_or (self->variant->nats, ""));
    s_write (self->folder, "nats.conf", text);
    s_write (self->folder, "seed", SEED);
    s_write (self->folder, "user", CREDENTIALS (JWT_USER));
    s_write (self->folder, "stranger", CREDENTIALS (JWT_STRANGER));
    if (self->variant->keys [EAST]) {
        snprintf (text, sizeof text, CERTIFY_ALL, self->folder);
        (void) !system (text);  //  NOLINT(cert-env33-c): our own words
    }
    if (self->variant != &s_plain && access (NATS_PROGRAM, X_OK) == 0)
        self->nats = nats_start (self->folder);
    s_open_side (self, EAST, "east", "Gate");
    s_open_side (self, WEST, "west", "West");
    *state = self;
    return 0;
}


static int
s_tear_down (void **state)
{
    case_t *self = *state;
    for (int index = 0; index < 2; index++) {
        side_t *side = &self->sides [index];
        session_destroy (&side->session);
        server_destroy (&side->server);
        effects_destroy (&side->effects);
        journal_destroy (&side->journal);
        config_destroy (&side->config);
    }
    if (self->nats)
        nats_kill (self->nats);
    loop_case_destroy (&self->stage);
    zdir_t *folder = zdir_new (self->folder, NULL);
    zdir_remove (folder, true);
    zdir_destroy (&folder);
    free (self);
    return 0;
}


//  Clients of these numbers tell the side's server where they are

static void
s_tell (case_t *self, int index, int first, int end, int stamp)
{
    for (int number = first; number < end; number++) {
        char line [64];
        snprintf (line, sizeof line, "IAMAT c.%d +1+2 %d", number, stamp);
        event_t event = {.kind = EVENT_CONNECTION_LINE,
            .connection = 1,
            .text = span_of (line)};
        clock_stamp (&event);
        s_take (&self->sides [index], &event);
    }
}


static region_counts_t
s_counts (const case_t *self, int index)
{
    return session_counts (self->sides [index].session);
}


static void
what_one_region_hears_the_other_knows (void **state)
{
    case_t *self = *state;
    NEED (NATS_PROGRAM);
    s_tell (self, EAST, 0, 100, 1);
    self->nats = nats_start (self->folder);
    REACH (self->stage, &self->joined, 2);
    s_tell (self, WEST, 100, 3000, 1);
    REACH (self->stage, &self->known, 3000);
    REACH (self->stage, &self->equal, 1);
    assert_int_equal (s_counts (self, EAST).published, 100);
    assert_int_equal (s_counts (self, EAST).delivered, 2900);
    assert_int_equal (s_counts (self, WEST).published, 2900);
    assert_int_equal (s_counts (self, WEST).delivered, 100);
    //  More is asked for as messages come, not as time passes
    self->sides [WEST].session->watched_ms = INT64_MAX;
    s_tell (self, EAST, 3000, 20000, 1);
    REACH (self->stage, &self->known, 20000);
}


static void
who_was_killed_is_used_again (void **state)
{
    case_t *self = *state;
    NEED (NATS_PROGRAM);
    self->nats = nats_start (self->folder);
    REACH (self->stage, &self->joined, 2);
    s_tell (self, EAST, 0, 2000, 1);
    REACH (self->stage, &self->known, 2000);
    s_tell (self, WEST, 1000, 3000, 2);
    nats_kill (self->nats);
    REACH (self->stage, &self->absent, 2);
    s_tell (self, EAST, 500, 1500, 3);
    self->nats = nats_start (self->folder);
    REACH (self->stage, &self->joined, 2);
    REACH (self->stage, &self->known, 3000);
    REACH (self->stage, &self->equal, 1);
}


//  Nobody waits for what is not there

static void
a_session_ends_without_a_server (void **state)
{
    case_t *self = *state;
    REACH (self->stage, &self->absent, 2);
    s_tell (self, EAST, 0, 1000, 1);
    assert_false (session_has_output (self->sides [EAST].session));
    assert_int_equal (s_counts (self, EAST).published, 0);
}


//  Connect to NATS as this side does

static natsConnection *
s_connect (const case_t *self, int index)
{
    natsConnection *connection;
    natsOptions *options = dialer_options (self->sides [index].config, "test");
    assert_non_null (options);
    assert_int_equal (natsConnection_Connect (&connection, options), NATS_OK);
    natsOptions_Destroy (options);
    return connection;
}


static void
a_region_that_is_one_too_many_is_named (void **state)
{
    case_t *self = *state;
    NEED (NATS_PROGRAM);
    self->nats = nats_start (self->folder);
    REACH (self->stage, &self->joined, 2);
    natsConnection *connection = s_connect (self, EAST);
    for (int number = 0; number < SOURCES_REGIONS_MAX; number++) {
        char subject [32];
        snprintf (subject, sizeof subject, "herd.r%d", number);
        natsConnection_PublishString (connection, subject, "Rhea");
    }
    natsConnection_Destroy (connection);
    REACH (self->stage, &self->crowded, 1);
}


//  It has no other trace, as messages of this stream may expire

static void
a_purge_is_seen_before_an_announcement_hides_it (void **state)
{
    case_t *self = *state;
    NEED (NATS_PROGRAM);
    REACH (self->stage, &self->joined, 2);
    natsConnection *connection = s_connect (self, EAST);
    for (int round = 0; round < 2; round++) {
        natsMsg *answer;
        REACH (self->stage, &self->calm, 1);
        size_t joins = self->joins;
        assert_int_equal (natsConnection_RequestString (&answer, connection,
                              "$JS.API.STREAM.PURGE.herd", "", 10000),
            NATS_OK);
        natsMsg_Destroy (answer);
        REACH (self->stage, &self->joins, joins + 1);
    }
    natsConnection_Destroy (connection);
}


static void
each_may_publish_its_own_region_alone (void **state)
{
    case_t *self = *state;
    NEED (NATS_PROGRAM);
    NEED (OPENSSL);
    s_tell (self, EAST, 0, 100, 1);
    s_tell (self, WEST, 100, 200, 1);
    REACH (self->stage, &self->joined, 2);
    REACH (self->stage, &self->known, 200);
    REACH (self->stage, &self->equal, 1);
    for (int index = 0; index < 2; index++) {
        const char *why = "";
        natsConnection *connection = s_connect (self, index);
        natsConnection_PublishString (
            connection, index == EAST ? "herd.west.c" : "herd.east.c", "");
        natsConnection_Flush (connection);
        natsConnection_GetLastError (connection, &why);
        assert_non_null (strstr (why, "Permissions Violation for Publish"));
        natsConnection_Destroy (connection);
    }
}


static void
a_server_that_another_vouches_for_is_refused (void **state)
{
    case_t *self = *state;
    NEED (NATS_PROGRAM);
    NEED (OPENSSL);
    REACH (self->stage, &self->told, 2);
    assert_true (s_said (&self->sides [EAST], "hostname mismatch"));
    assert_true (s_said (&self->sides [WEST], "unable to get local issuer"));
    assert_int_equal (self->absent, 2);
}


//  An account that no operator vouches for can't vouch for a user

static void
who_has_an_accounts_credentials_is_let_in (void **state)
{
    case_t *self = *state;
    NEED (NATS_PROGRAM);
    REACH (self->stage, &self->joined, 1);
    REACH (self->stage, &self->told, 1);
    assert_true (s_counts (self, EAST).joined);
    assert_false (s_counts (self, WEST).joined);
    assert_true (s_said (&self->sides [WEST], "Authorization Violation"));
}


static void
what_nats_refuses_is_told (void **state)
{
    case_t *self = *state;
    NEED (NATS_PROGRAM);
    REACH (self->stage, &self->told, 2);
}


//  East forgets after two seconds, and the stream, which west made, or east,
//  may keep for longer

static void
what_has_expired_is_not_brought_back (void **state)
{
    case_t *self = *state;
    NEED (NATS_PROGRAM);
    REACH (self->stage, &self->joined, 2);
    s_tell (self, EAST, 0, 10, (int) time (NULL));
    s_tell (self, WEST, 10, 20, (int) time (NULL));
    REACH (self->stage, &self->known, 20);
    REACH (self->stage, &self->emptied, 1);
    nats_kill (self->nats);
    REACH (self->stage, &self->absent, 2);
    self->nats = nats_start (self->folder);
    REACH (self->stage, &self->joined, 2);
    s_tell (self, WEST, 20, 21, (int) time (NULL));
    REACH (self->stage, &self->known, 1);
    assert_int_equal (
        table_count (server_table (self->sides [WEST].server)), 21);
    assert_int_equal (
        table_count (server_table (self->sides [EAST].server)), 1);
    assert_true (s_said (&self->sides [EAST], "herd/ttl_seconds") ||
                 s_said (&self->sides [WEST], "herd/ttl_seconds"));
}


#define CASE(name) cmocka_unit_test_setup_teardown (name, s_set_up, s_tear_down)
#define CASE_OF(name, variant)                                                 \
    cmocka_unit_test_prestate_setup_teardown (                                 \
        name, s_set_up, s_tear_down, &(variant))

int
main (void)
{
    const struct CMUnitTest tests [] = {
        CASE (what_one_region_hears_the_other_knows),
        CASE (who_was_killed_is_used_again),
        CASE (a_session_ends_without_a_server),
        CASE (a_region_that_is_one_too_many_is_named),
        CASE_OF (a_purge_is_seen_before_an_announcement_hides_it, s_brief),
        CASE_OF (each_may_publish_its_own_region_alone, s_secured),
        CASE_OF (a_server_that_another_vouches_for_is_refused, s_distrusted),
        CASE_OF (who_has_an_accounts_credentials_is_let_in, s_vouched),
        CASE_OF (what_nats_refuses_is_told, s_unknown),
        CASE_OF (what_nats_refuses_is_told, s_denied),
        CASE_OF (what_has_expired_is_not_brought_back, s_uneven),
    };
    int failed = cmocka_run_group_tests (tests, NULL, NULL);
    gateway_end ();
    return failed;
}
