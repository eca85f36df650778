/*  =========================================================================
    test_standing - what a gateway makes of answers of NATS

    There is no NATS: what it would say comes by hand, and so does time.
    =========================================================================
*/

#include "gateway/gateway.h"
#include "gateway/standing.h"

#include "io/config_case.h"

#include "loop/clock.h"

#define TOPOLOGY                                                               \
    "herd\n    name = test\n    region = east\n"                               \
    "servers\n    Gate\n        gateway = yes\n"                               \
    "        mesh = 127.0.0.1:1\n        admin = 127.0.0.1:2\n"                \
    "nats\n    url = nats://127.0.0.1:1\n"
#define MISSING "{\"error\":{\"err_code\":10059,\"description\":\"not found\"}}"

typedef struct {
    config_case_t *files;
    poller_t *poller;
    journal_t *journal;
    server_t *server;
    session_t *session;
} case_t;


static int
s_set_up (void **state)
{
    static const char *const names [] = {"Gate"};
    void *files = NULL;
    case_t *self = zmalloc (sizeof (case_t));
    assert_int_equal (config_case_new (&files), 0);
    self->files = files;
    self->poller = poller_new (NULL, NULL);
    self->journal = journal_new (
        &(journal_options_t){.file = "/dev/null", .server = "Gate"});
    self->server = server_new (&(server_options_t){.name = "Gate",
        .herd = "test",
        .secret = "",
        .incarnation = 7,
        .table_size_max = 1048576,
        .waiting_max = 1,
        .gateway = {"east", names, 1}});
    self->session = session_new (&(abroad_options_t){.poller = self->poller,
        .config = config_case_good (self->files, TOPOLOGY),
        .server = "Gate",
        .journal = self->journal});
    assert_non_null (self->session);
    session_serve (self->session, self->server);
    *state = self;
    return 0;
}


static int
s_tear_down (void **state)
{
    case_t *self = *state;
    void *files = self->files;
    session_destroy (&self->session);
    server_destroy (&self->server);
    journal_destroy (&self->journal);
    poller_destroy (&self->poller);
    config_case_free (&files);
    free (self);
    return 0;
}


static bool
s_said (const case_t *self, const char *piece)
{
    const recent_notice_t *notice;
    for (size_t index = 0; (notice = journal_recent (self->journal, index));
         index++)
        if (strstr (notice->text, piece))
            return true;
    return false;
}


static void
s_tell (case_t *self, const char *text, int64_t now_ms)
{
    letter_t letter = {.text = span_of (text)};
    standing_take_info (self->session, &letter, now_ms);
}


static void
a_stream_that_can_not_be_made_is_asked_for_later (void **state)
{
    case_t *self = *state;
    self->session->phase = PHASE_RESTS;
    standing_watch (self->session, 5000);
    assert_int_equal (self->session->phase, PHASE_ASKS);
    s_tell (self, MISSING, 5001);
    assert_int_equal (self->session->phase, PHASE_ASKS);
    assert_true (self->session->polling);
    s_tell (self, MISSING, 5002);
    assert_int_equal (self->session->phase, PHASE_RESTS);
    assert_false (self->session->polling);
    assert_true (s_said (self, "JetStream does not make it: not found"));
    standing_watch (self->session, 6001);
    assert_int_equal (self->session->phase, PHASE_RESTS);
    standing_watch (self->session, 6002);
    assert_int_equal (self->session->phase, PHASE_ASKS);
    s_tell (self, MISSING, 6003);
    assert_int_equal (self->session->phase, PHASE_ASKS);
}


static void
what_was_on_its_way_is_published_again (void **state)
{
    case_t *self = *state;
    trade_t *trade = self->session->trade;
    effects_t *effects = effects_new ();
    event_t event = {.kind = EVENT_CONNECTION_LINE,
        .connection = 1,
        .text = span_of ("IAMAT kiwi +1+2 1")};
    letter_t letter = {.text = span_of ("it went away")};
    trade_item_t item;
    size_t looks = 9;
    clock_stamp (&event);
    server_step (self->server, &event, effects);
    effects_destroy (&effects);
    assert_true (trade_next (trade, &item, &looks));
    assert_false (trade_next (trade, &item, &looks));
    standing_lose (self->session, &letter, 5000);
    assert_true (trade_next (trade, &item, &looks));
    assert_int_equal (trade_counts (trade).in_flight, 1);
}


static source_t *
s_add (case_t *self, int number, int64_t now_ms)
{
    char region [16];
    bool is_new;
    snprintf (region, sizeof region, "r%d", number);
    source_t *source = sources_add (
        &self->session->sources, span_of (region), now_ms, &is_new);
    assert_true (!source || strcmp (source->region, region) == 0);
    return source;
}


static void
a_region_that_is_silent_for_long_gives_up_its_place (void **state)
{
    case_t *self = *state;
    sources_t *sources = &self->session->sources;
    for (int number = 0; number < SOURCES_REGIONS_MAX; number++)
        assert_non_null (s_add (self, number, number));
    source_t *third = s_add (self, 3, 3);
    third->read = 77;
    for (int number = 0; number < SOURCES_REGIONS_MAX; number++)
        if (number != 3)
            s_add (self, number, 1000);
    assert_null (s_add (self, 200, SOURCES_SILENCE_MS + 2));
    assert_ptr_equal (s_add (self, 200, SOURCES_SILENCE_MS + 3), third);
    assert_int_equal (third->read, 0);
    assert_true (third->wanted);
    assert_int_equal (sources->count, SOURCES_MAX);
    assert_true (s_said (self, "region r3 is not read any more"));
    assert_null (s_add (self, 3, SOURCES_SILENCE_MS + 999));
}


static void
a_message_that_names_no_consumer_is_of_no_source (void **state)
{
    case_t *self = *state;
    jetstream_place_t place;
    letter_t letter = {.subject = "herd.r1.a",
        .reply = "$JS.ACK.herd..1.1.1.1795943408117366007.0",
        .text = span_of ("")};
    s_add (self, 1, 0);
    assert_null (sources_take (&self->session->sources, &letter, 0, &place));
    assert_int_equal (self->session->sources.errors, 0);
}


static void
what_can_not_be_read_is_told (void **state)
{
    case_t *self = *state;
    sources_t *sources = &self->session->sources;
    uint64_t pending;
    s_add (self, 1, 0);
    sources_tick (sources, 0);
    assert_true (sources->list [SOURCES_OTHERS].asked);
    sources_tick (sources, 30000);
    assert_false (s_said (self, "herd."));
    sources_tick (sources, 30001);
    assert_true (s_said (self, "herd.* is asked for again: no consumer"));
    assert_true (s_said (self, "herd.r1.* is asked for again: no consumer"));
    sources_tick (sources, 31001);
    char rest [32];
    snprintf (rest, sizeof rest, "c.2.%llu",
        (unsigned long long) sources->list [SOURCES_OTHERS].request);
    letter_t letter = {
        .text = span_of ("{\"error\":{\"description\":\"too many\"}}")};
    assert_null (
        sources_answer (sources, &letter, span_of (rest), 31002, &pending));
    assert_true (s_said (self, "herd.r1.* is asked for again: too many"));
}


#undef CASE
#define CASE(name) cmocka_unit_test_setup_teardown (name, s_set_up, s_tear_down)

int
main (void)
{
    const struct CMUnitTest tests [] = {
        CASE (a_stream_that_can_not_be_made_is_asked_for_later),
        CASE (what_was_on_its_way_is_published_again),
        CASE (a_region_that_is_silent_for_long_gives_up_its_place),
        CASE (a_message_that_names_no_consumer_is_of_no_source),
        CASE (what_can_not_be_read_is_told),
    };
    int failed = cmocka_run_group_tests (tests, NULL, NULL);
    gateway_end ();
    return failed;
}
