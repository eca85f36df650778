/*  =========================================================================
    test_flow - requests and replies over many connections

    With a server that counts what it hears, and is wrong in known ways: what
    we count is exactly what happened.
    =========================================================================
*/

#include "load/mock.h"
#include "unit/spans.h"

#include "load/flow.h"
#include "loop/clock.h"

#include <czmq.h>
#include <getopt.h>
#include <sys/resource.h>

#define WORDS_MAX 32

//  A load, and who bears it
typedef struct {
    mock_t mock;
    options_t options;
    flow_t *flow;
    const flow_tally_t *tally;
} load_t;

static load_t s_load;


//  Read options as from the command line, the server's port being the last

static void
s_read_options (load_t *self, const char *words)
{
    static char text [256];
    char *argv [WORDS_MAX] = {NULL}, *rest = text;
    int argc = 0;
    snprintf (text, sizeof (text), "zherd-load %s %u", words, self->mock.port);
    while (argc < WORDS_MAX - 1 && (argv [argc] = strsep (&rest, " ")))
        argc++;
    optind = 0;
    assert_int_equal (options_read (&self->options, argc, argv), -1);
}


//  Run the load and part; then what happened can be looked at

static void
s_run (load_t *self, const char *words, mock_faults_t faults)
{
    mock_start (&self->mock, faults);
    s_read_options (self, words);
    self->flow = flow_new (&self->options);
    assert_non_null (self->flow);
    self->tally = flow_tally (self->flow);
    if (self->options.load_ids) {
        flow_begin_ids (self->flow);
        assert_false (flow_go (self->flow, INT64_MAX));
    }
    flow_begin (self->flow);
    assert_false (flow_go (self->flow, INT64_MAX));
    flow_part (self->flow);
    mock_stop (&self->mock);
}


static void
s_end (load_t *self)
{
    flow_destroy (&self->flow);
    assert_null (self->flow);
}


static void
s_check_no_errors (const flow_tally_t *tally)
{
    assert_int_equal (tally->bad, 0);
    assert_int_equal (tally->lost, 0);
    assert_int_equal (tally->surplus, 0);
    assert_int_equal (tally->failed, 0);
}


static void
every_reply_is_counted (void **state)
{
    load_t *self = *state;
    s_run (self, "-n 5000 -c 7 -d 13", (mock_faults_t){0});
    s_check_no_errors (self->tally);
    assert_int_equal (self->tally->requests, 5000);
    assert_int_equal (self->tally->replies, 5000);
    assert_int_equal (histogram_count (self->tally->latency), 5000);
    assert_int_equal (self->mock.lines, 5000);
    assert_int_equal (self->mock.connections, 7);
    assert_true (self->tally->end_ns > self->tally->begin_ns);
    s_end (self);
}


//  They are no replies to be proud of: neither their number nor their time

static void
wrong_replies_are_errors (void **state)
{
    load_t *self = *state;
    s_run (self, "-n 5000 -c 7 -d 13", (mock_faults_t){.bad_each = 10});
    assert_int_equal (self->tally->bad, 500);
    assert_int_equal (self->tally->replies, 4500);
    assert_int_equal (histogram_count (self->tally->latency), 4500);
    s_end (self);
}


//  Whenever they come: among the others, and when all have come

static void
surplus_replies_are_errors (void **state)
{
    load_t *self = *state;
    s_run (self, "-n 5000 -c 7 -d 13", (mock_faults_t){.more_each = 100});
    assert_int_equal (self->tally->replies, 5000);
    assert_int_equal (self->tally->surplus, 50);
    s_end (self);
    s_run (self, "-n 100 -c 7", (mock_faults_t){.farewell = 2});
    assert_int_equal (self->tally->replies, 100);
    assert_int_equal (self->tally->surplus, 14);
    s_end (self);
}


//  Each connection has ten replies, and what else was sent on it is lost

static void
lost_replies_are_errors (void **state)
{
    load_t *self = *state;
    s_run (self, "-n 5000 -c 7 -d 4", (mock_faults_t){.closes_at = 10});
    assert_int_equal (self->tally->failed, 7);
    assert_int_equal (
        self->tally->replies + self->tally->lost, self->tally->requests);
    assert_in_range (self->tally->lost, 7, 7 * 4);
    s_end (self);
}


static void
each_id_is_told_once_before (void **state)
{
    load_t *self = *state;
    s_run (self, "-n 10 -c 7 -k 1000 -w iamat --load-ids", (mock_faults_t){0});
    s_check_no_errors (self->tally);
    assert_int_equal (self->tally->requests, 10);
    assert_int_equal (histogram_count (self->tally->latency), 10);
    assert_int_equal (self->mock.lines, 1010);
    for (unsigned id = 0; id < 1000; id++)
        assert_in_range (self->mock.told [id], 1, 3);
    assert_int_equal (self->mock.told [1000], 0);
    s_end (self);
}


//  The last one is due after 0.199 s; it may be late, but never early

static void
a_rate_is_kept (void **state)
{
    load_t *self = *state;
    s_run (self, "-n 200 -r 1000 -c 8", (mock_faults_t){0});
    s_check_no_errors (self->tally);
    assert_int_equal (self->tally->requests, 200);
    assert_int_equal (self->tally->unsent, 0);
    assert_true (self->tally->end_ns - self->tally->begin_ns >= 199000000);
    s_end (self);
}


static void
time_ends_it (void **state)
{
    load_t *self = *state;
    int64_t begin_ns = clock_ns ();
    s_run (self, "-t 0.2 -c 3", (mock_faults_t){0});
    s_check_no_errors (self->tally);
    assert_int_equal (self->tally->requests, self->tally->replies);
    assert_int_equal (self->tally->requests, self->mock.lines);
    assert_true (clock_ns () - begin_ns >= 200000000);
    s_end (self);
}


//  Those that were opened at first make no request

static void
churn_has_a_connection_for_each (void **state)
{
    load_t *self = *state;
    s_run (self, "-n 500 -c 5 -w churn", (mock_faults_t){0});
    s_check_no_errors (self->tally);
    assert_int_equal (self->tally->replies, 500);
    assert_int_equal (self->mock.lines, 500);
    assert_int_equal (self->mock.connections, 505);
    s_end (self);
}


//  Each request is answered or lost, and each that is lost is one failure

static void
churn_goes_on_after_a_reset (void **state)
{
    load_t *self = *state;
    s_run (self, "-n 500 -c 5 -w churn", (mock_faults_t){.reset_each = 10});
    assert_int_equal (self->tally->requests, 500);
    assert_int_equal (self->tally->lost, 50);
    assert_int_equal (self->tally->failed, 50);
    assert_int_equal (self->tally->replies, 450);
    assert_int_equal (self->mock.connections, 505);
    s_end (self);
}


//  Every request is one that is lost, so it ends

static void
churn_ends_where_nobody_is (void **state)
{
    load_t *self = *state;
    mock_start (&self->mock, (mock_faults_t){0});
    s_read_options (self, "-n 50 -c 5 -w churn");
    self->flow = flow_new (&self->options);
    assert_non_null (self->flow);
    mock_stop (&self->mock);
    self->tally = flow_tally (self->flow);
    flow_begin (self->flow);
    assert_false (flow_go (self->flow, INT64_MAX));
    assert_int_equal (self->tally->requests, 50);
    assert_int_equal (self->tally->lost, 50);
    assert_int_equal (self->tally->failed, 50);
    s_end (self);
}


static void
locations_are_put_over_http (void **state)
{
    load_t *self = *state;
    s_run (self, "-n 500 -c 5 -d 3 -k 100 -w http", (mock_faults_t){0});
    s_check_no_errors (self->tally);
    assert_int_equal (self->tally->replies, 500);
    assert_int_equal (self->mock.lines, 500);
    assert_int_equal (self->mock.connections, 5);
    for (unsigned id = 0; id < 100; id++)
        assert_in_range (self->mock.told [id], 4, 6);
    s_end (self);
    s_run (self, "-n 500 -c 5 -w http", (mock_faults_t){.bad_each = 10});
    assert_int_equal (self->tally->bad, 50);
    assert_int_equal (self->tally->replies, 450);
    s_end (self);
}


static void
who_is_near_is_asked_on_kept_connections (void **state)
{
    load_t *self = *state;
    s_run (self, "-n 500 -c 5 -k 100 -w near --load-ids", (mock_faults_t){0});
    s_check_no_errors (self->tally);
    assert_int_equal (self->tally->replies, 500);
    assert_int_equal (self->mock.lines, 600);
    assert_int_equal (self->mock.connections, 5);
    s_end (self);
}


//  At their pace each has a connection for each report, and no other

static void
phones_report_in_turns (void **state)
{
    load_t *self = *state;
    s_run (self, "-n 200 -r 1000 -c 8 -k 40 -w phones", (mock_faults_t){0});
    s_check_no_errors (self->tally);
    assert_int_equal (self->tally->requests, 200);
    assert_int_equal (self->tally->replies, 200);
    assert_int_equal (self->tally->unsent, 0);
    assert_int_equal (self->mock.connections, 208);
    for (unsigned id = 0; id < 40; id++)
        assert_int_equal (self->mock.told [id], 5);
    assert_true (self->tally->end_ns - self->tally->begin_ns >= 199000000);
    s_end (self);
}


//  Those that are due while a connection is to be opened anew are made late

static void
phones_report_on_after_a_reset (void **state)
{
    load_t *self = *state;
    s_run (self, "-n 200 -r 1000 -c 8 -k 40 -w phones",
        (mock_faults_t){.reset_each = 50});
    assert_in_range (self->tally->failed, 3, 5);
    assert_int_equal (
        self->tally->requests, self->tally->replies + self->tally->lost);
    assert_int_equal (self->tally->requests, 200);
    assert_true (self->tally->replies > 20);
    s_end (self);
}


static void
idle_connections_say_nothing (void **state)
{
    load_t *self = *state;
    s_run (self, "-t 0.1 -c 20 -w idle", (mock_faults_t){0});
    s_check_no_errors (self->tally);
    assert_int_equal (self->tally->requests, 0);
    assert_int_equal (self->mock.lines, 0);
    assert_int_equal (self->mock.connections, 20);
    assert_int_equal (self->tally->opened, 20);
    assert_int_equal (self->tally->open, 20);
    s_end (self);
}


//  As many as the system gives descriptors for, or servers take

static void
idle_connections_that_cannot_be_opened_are_counted (void **state)
{
    load_t *self = *state;
    struct rlimit limit, few;
    mock_start (&self->mock, (mock_faults_t){0});
    s_read_options (self, "-t 0.1 -c 50 -w idle");
    getrlimit (RLIMIT_NOFILE, &limit);
    few = (struct rlimit){.rlim_cur = 32, .rlim_max = limit.rlim_max};
    setrlimit (RLIMIT_NOFILE, &few);
    self->flow = flow_new (&self->options);
    setrlimit (RLIMIT_NOFILE, &limit);
    assert_non_null (self->flow);
    self->tally = flow_tally (self->flow);
    assert_in_range (self->tally->opened, 1, 32);
    assert_int_equal (self->tally->open, self->tally->opened);
    assert_int_equal (self->tally->failed, 50 - self->tally->opened);
    flow_begin (self->flow);
    assert_false (flow_go (self->flow, INT64_MAX));
    assert_int_equal (self->tally->open, self->tally->opened);
    s_end (self);
    mock_stop (&self->mock);
}


static void
nobody_there_is_said (void **state)
{
    load_t *self = *state;
    mock_start (&self->mock, (mock_faults_t){0});
    mock_stop (&self->mock);
    s_read_options (self, "-n 1");
    assert_null (flow_new (&self->options));
}


static int
s_setup (void **state)
{
    *state = &s_load;
    return 0;
}


int
main (void)
{
    const struct CMUnitTest cases [] = {
        cmocka_unit_test (every_reply_is_counted),
        cmocka_unit_test (wrong_replies_are_errors),
        cmocka_unit_test (surplus_replies_are_errors),
        cmocka_unit_test (lost_replies_are_errors),
        cmocka_unit_test (each_id_is_told_once_before),
        cmocka_unit_test (a_rate_is_kept),
        cmocka_unit_test (time_ends_it),
        cmocka_unit_test (churn_has_a_connection_for_each),
        cmocka_unit_test (churn_goes_on_after_a_reset),
        cmocka_unit_test (churn_ends_where_nobody_is),
        cmocka_unit_test (locations_are_put_over_http),
        cmocka_unit_test (who_is_near_is_asked_on_kept_connections),
        cmocka_unit_test (phones_report_in_turns),
        cmocka_unit_test (phones_report_on_after_a_reset),
        cmocka_unit_test (idle_connections_say_nothing),
        cmocka_unit_test (idle_connections_that_cannot_be_opened_are_counted),
        cmocka_unit_test (nobody_there_is_said),
    };
    return cmocka_run_group_tests (cases, s_setup, NULL);
}
