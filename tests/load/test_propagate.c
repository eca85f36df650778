/*  =========================================================================
    test_propagate - how long until another server knows

    With a server that knows a location a given time after it was told; the
    one that is told and the one that is asked are the same.  Time is what we
    make it: it goes by when somebody sleeps, and when somebody looks at the
    clock, and no machine is too slow.
    =========================================================================
*/

#include "load/mock.h"
#include "unit/spans.h"

#include "load/propagate.h"

#include <getopt.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define SLOW_NS 1000000
#define LOOK_NS 500
#define LATE_NS 2000000
#define SECOND_NS 1000000000

static _Atomic int64_t s_clock_ns = INT64_C (1479413884) * SECOND_NS;

//  How long it takes to look at the clock
static _Atomic int64_t s_look_ns = LOOK_NS;


//  In libc's place

int
clock_gettime (clockid_t clock, struct timespec *time)
{
    int64_t now_ns = atomic_fetch_add (&s_clock_ns, s_look_ns);
    (void) clock;
    *time = (struct timespec){now_ns / SECOND_NS, now_ns % SECOND_NS};
    return 0;
}


int
clock_nanosleep (clockid_t clock, int flags, const struct timespec *until,
    struct timespec *left)
{
    int64_t wake_ns = until->tv_sec * SECOND_NS + until->tv_nsec;
    (void) clock;
    (void) flags;
    (void) left;
    if (s_clock_ns < wake_ns)
        s_clock_ns = wake_ns;
    return 0;
}


//  Measure the server with the faults; of words, each is one argument

static bool
s_run (propagation_t *found, const char *words, mock_faults_t faults)
{
    mock_t mock;
    options_t options;
    char line [128], *argv [16], *rest = line;
    int argc = 0;
    mock_start (&mock, faults);
    snprintf (line, sizeof (line), "zherd-load propagate%s %u %u", words,
        mock.port, mock.port);
    while ((argv [argc] = strsep (&rest, " ")))
        argc++;
    optind = 0;
    assert_int_equal (options_read (&options, argc, argv), -1);
    options.progress = 0;
    bool good = propagate (&options, found);
    mock_stop (&mock);
    return good;
}


//  Three of four are known after a millisecond, the fourth after five

static void
finds_both_quantiles (void **state)
{
    (void) state;
    propagation_t found;
    assert_true (s_run (&found, " -n1000",
        (mock_faults_t){.slow_ns = SLOW_NS, .five_each = 4}));
    printf ("# p50 %ld us, p90 %ld us, round trip %ld us, %lu samples\n",
        (long) found.p50_ns / 1000, (long) found.p90_ns / 1000,
        (long) found.round_trip_ns / 1000, (unsigned long) found.samples);
    assert_in_range (found.p50_ns, SLOW_NS * 9 / 10, SLOW_NS * 11 / 10);
    assert_in_range (found.p90_ns, SLOW_NS * 45 / 10, SLOW_NS * 55 / 10);
    assert_in_range (found.samples, 100, 1000);
    assert_true (found.round_trip_ns > 0);
}


static void
enough_updates_are_made_by_themselves (void **state)
{
    (void) state;
    propagation_t found;
    assert_true (s_run (&found, "", (mock_faults_t){.slow_ns = SLOW_NS}));
    assert_int_equal (found.samples, PROPAGATE_ENOUGH);
}


//  On a machine that is always late nothing counts, but there is an end

static void
late_questions_are_not_made_for_ever (void **state)
{
    (void) state;
    propagation_t found;
    s_look_ns = LATE_NS;
    assert_false (s_run (&found, "", (mock_faults_t){.slow_ns = SLOW_NS}));
    s_look_ns = LOOK_NS;
    assert_int_equal (found.samples, 0);
}


static void
few_updates_tell_nothing (void **state)
{
    (void) state;
    propagation_t found;
    assert_false (s_run (&found, " -n20", (mock_faults_t){.slow_ns = SLOW_NS}));
}


static void
a_server_that_leaves_is_said (void **state)
{
    (void) state;
    propagation_t found;
    assert_false (s_run (&found, " -n1000", (mock_faults_t){.closes_at = 10}));
}


int
main (void)
{
    const struct CMUnitTest cases [] = {
        cmocka_unit_test (finds_both_quantiles),
        cmocka_unit_test (enough_updates_are_made_by_themselves),
        cmocka_unit_test (late_questions_are_not_made_for_ever),
        cmocka_unit_test (few_updates_tell_nothing),
        cmocka_unit_test (a_server_that_leaves_is_said),
    };
    return cmocka_run_group_tests (cases, NULL, NULL);
}
