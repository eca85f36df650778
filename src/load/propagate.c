/*  =========================================================================
    propagate - how long until another server knows
    =========================================================================
*/

#include "load/propagate.h"

#include "load/dialogue.h"
#include "load/histogram.h"
#include "load/staircase.h"
#include "loop/clock.h"

#include <czmq.h>
#include <errno.h>
#include <inttypes.h>
#include <sys/prctl.h>

#define SECOND_NS 1000000000
#define RATE 100.0
#define GUESS_NS 1000000
#define SPIN_NS 60000

//  Questions later than this, and a tenth, tell of a delay we did not look for
#define LATE_NS 10000
#define LATE_PART 10

//  Staircases of each kind; the median of what they find counts
#define STAIRS 3

//  How often we try to have enough
#define ATTEMPTS (UINT64_C (3) * PROPAGATE_ENOUGH)

//  Two of three updates are for the higher quantile, which learns more slowly
#define TURNS 3

#define UNKNOWN "WHATSAT unknown.cs.ucla.edu 0 0\n"

typedef struct {
    dialogue_t from;
    dialogue_t to;
    staircase_t halves [STAIRS];  //  Looking for p50
    staircase_t tenths [STAIRS];  //  For p90
    histogram_t *round_trips;
    uint64_t updates;
    uint64_t samples;
    uint64_t chance;
    int64_t begin_ns;  //  Monotonic times: of the first update,
    int64_t shown_ns;  //  of the latest line of progress
} probe_t;


static void
s_sleep_until (int64_t time_ns)
{
    struct timespec wake = {time_ns / SECOND_NS, time_ns % SECOND_NS};
    while (
        clock_nanosleep (CLOCK_MONOTONIC, TIMER_ABSTIME, &wake, NULL) == EINTR)
        ;
}


static void
s_spin_until (int64_t time_ns)
{
    s_sleep_until (time_ns - SPIN_NS);
    while (clock_ns () < time_ns)
        ;
}


static staircase_t *
s_choose (probe_t *self)
{
    uint64_t turn = self->updates++;
    uint64_t round = turn / TURNS;
    if (turn % TURNS == 0)
        return &self->halves [round % STAIRS];
    return &self->tenths [(round * (TURNS - 1) + turn % TURNS) % STAIRS];
}


//  Tell one server of a new client, and ask the other for it

static bool
s_update (probe_t *self)
{
    staircase_t *stairs = s_choose (self);
    int64_t delay_ns = staircase_delay_ns (stairs);
    char iamat [192], whatsat [128];
    instant_t now = clock_now ();
    snprintf (iamat, sizeof (iamat),
        "IAMAT c%" PRId64 ".%09" PRId64 " +34.068930-118.445127 %" PRId64
        ".%09" PRId64 "\n",
        now.seconds, now.nanoseconds, now.seconds, now.nanoseconds);
    snprintf (whatsat, sizeof (whatsat),
        "WHATSAT c%" PRId64 ".%09" PRId64 " 0 0\n", now.seconds,
        now.nanoseconds);

    int64_t told_ns = clock_ns ();
    if (!dialogue_say (&self->from, iamat))
        return false;
    s_spin_until (told_ns + delay_ns);
    int64_t asked_ns = clock_ns () - told_ns;
    if (!dialogue_say (&self->to, whatsat))
        return false;
    reply_result_t answer = dialogue_hear (&self->to, REPLY_PLACES);
    if (answer == REPLY_MORE ||
        dialogue_hear (&self->from, REPLY_AT) == REPLY_MORE)
        return false;
    if (asked_ns <= delay_ns + delay_ns / LATE_PART + LATE_NS) {
        staircase_answer (stairs, asked_ns, answer == REPLY_GOOD);
        self->samples++;
    }
    return true;
}


static bool
s_round_trip (probe_t *self)
{
    int64_t asked_ns = clock_ns ();
    if (!dialogue_say (&self->to, UNKNOWN) ||
        dialogue_hear (&self->to, REPLY_PLACES) == REPLY_MORE)
        return false;
    histogram_record (self->round_trips, clock_ns () - asked_ns);
    return true;
}


//  Return half to one and a half of the mean time between two updates: at
//  even intervals we might always meet the same beat of something else

static int64_t
s_interval_ns (probe_t *self, double rate)
{
    self->chance = self->chance * 6364136223846793005u + 1442695040888963407u;
    double part = (double) (self->chance >> 11) / (double) (UINT64_C (1) << 53);
    return (int64_t) ((0.5 + part) * SECOND_NS / rate);
}


static int
s_compare (const void *one, const void *other)
{
    const int64_t *left = one, *right = other;
    return (*left > *right) - (*left < *right);
}


static int64_t
s_median_ns (const staircase_t *stairs)
{
    int64_t found_ns [STAIRS];
    for (size_t at = 0; at < STAIRS; at++)
        found_ns [at] = staircase_found_ns (&stairs [at]);
    qsort (found_ns, STAIRS, sizeof (*found_ns), s_compare);
    return found_ns [STAIRS / 2];
}


static propagation_t
s_found (const probe_t *self)
{
    int64_t round_trip_ns = histogram_quantile (self->round_trips, 0.5);
    return (propagation_t){.samples = self->samples,
        .p50_ns = s_median_ns (self->halves) + round_trip_ns / 2,
        .p90_ns = s_median_ns (self->tenths) + round_trip_ns / 2,
        .round_trip_ns = round_trip_ns};
}


//  Has every staircase found something?

static bool
s_is_settled (const probe_t *self)
{
    for (size_t at = 0; at < STAIRS; at++)
        if (!staircase_is_settled (&self->halves [at]) ||
            !staircase_is_settled (&self->tenths [at]))
            return false;
    return true;
}


//  Show how it goes, if that is due

static void
s_show_progress (probe_t *self, int64_t now_ns, double progress)
{
    if (progress <= 0 ||
        (double) (now_ns - self->shown_ns) < progress * SECOND_NS)
        return;
    self->shown_ns = now_ns;
    fprintf (stderr, "%6.1f s  %6" PRIu64 " updates counted, %d are enough",
        (double) (now_ns - self->begin_ns) / SECOND_NS, self->samples,
        PROPAGATE_ENOUGH);
    if (s_is_settled (self)) {
        propagation_t found = s_found (self);
        fprintf (stderr, "  p50 %.3f ms  p90 %.3f ms",
            (double) found.p50_ns / 1e6, (double) found.p90_ns / 1e6);
    }
    fputc ('\n', stderr);
}


static bool
s_is_over (const probe_t *self, const options_t *options)
{
    double time_ns = (double) (clock_ns () - self->begin_ns);
    if (options->seconds > 0 && time_ns >= options->seconds * SECOND_NS)
        return true;
    if (options->requests)
        return self->updates >= options->requests;
    return options->seconds <= 0 &&
           (self->samples >= PROPAGATE_ENOUGH || self->updates >= ATTEMPTS);
}


static bool
s_run (probe_t *self, const options_t *options)
{
    double rate = options->rate > 0 ? options->rate : RATE;
    int64_t due_ns = clock_ns ();
    self->begin_ns = self->shown_ns = due_ns;
    while (!s_is_over (self, options)) {
        int64_t interval_ns = s_interval_ns (self, rate);
        s_sleep_until (due_ns + interval_ns / 2);
        if (!s_round_trip (self))
            return false;
        due_ns += interval_ns;
        s_sleep_until (due_ns);
        if (!s_update (self))
            return false;
        if (clock_ns () > due_ns)
            due_ns = clock_ns ();
        s_show_progress (self, due_ns, options->progress);
    }
    if (!s_is_settled (self))
        fprintf (stderr,
            "zherd-load: %" PRIu64 " updates counted, which tells too little: "
            "%d are enough to be sure\n",
            self->samples, PROPAGATE_ENOUGH);
    return s_is_settled (self);
}


bool
propagate (const options_t *options, propagation_t *found)
{
    probe_t probe = {
        .from.fd = -1, .to.fd = -1, .chance = (uint64_t) clock_ns ()};
    probe.round_trips = histogram_new ();
    prctl (PR_SET_TIMERSLACK, 1, 0, 0, 0);
    for (size_t at = 0; at < STAIRS; at++) {
        staircase_init (&probe.halves [at], 0.5, GUESS_NS);
        staircase_init (&probe.tenths [at], 0.9, GUESS_NS);
    }
    bool good = dialogue_open (&probe.from, &options->targets.list [0]) &&
                dialogue_open (&probe.to, &options->targets.list [1]) &&
                s_run (&probe, options);
    *found = s_found (&probe);
    dialogue_close (&probe.from);
    dialogue_close (&probe.to);
    histogram_destroy (&probe.round_trips);
    return good;
}
