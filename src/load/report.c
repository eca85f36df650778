/*  =========================================================================
    report - what came of a load, for people and for programs
    =========================================================================
*/

#include "load/report.h"

#include "loop/clock.h"

#include <czmq.h>
#include <inttypes.h>
#include <jansson.h>

static const struct {
    const char *key;
    const char *name;
    double part;
} s_quantiles [] = {
    {"p50", "p50", 0.5},
    {"p90", "p90", 0.9},
    {"p99", "p99", 0.99},
    {"p999", "p99.9", 0.999},
};

#define QUANTILES (sizeof (s_quantiles) / sizeof (*s_quantiles))


static uint64_t
s_errors (const flow_tally_t *tally)
{
    return tally->bad + tally->lost + tally->surplus + tally->failed;
}


uint64_t
report_errors (const report_t *self)
{
    return s_errors (self->tally) + self->errors;
}


//  What was not seen, or not asked for, is -1

static double
s_seconds (int64_t time_ns)
{
    return time_ns < 0 ? -1 : (double) time_ns / 1e9;
}


//  Time until the last reply

static int64_t
s_time_ns (const flow_tally_t *tally)
{
    int64_t time_ns = tally->end_ns - tally->begin_ns;
    return time_ns > 0 ? time_ns : -1;
}


//  Replies a second in that time.  Those that are wrong do not count.

static double
s_rate (const flow_tally_t *tally, int64_t time_ns)
{
    if (s_time_ns (tally) < 0 || time_ns < 0)
        return -1;
    return (double) tally->replies / s_seconds (time_ns);
}


//  CPU seconds of a hundred thousand replies

static double
s_cost (const report_t *self)
{
    double replies = (double) self->tally->replies;
    bool is_known = self->cpu_ns >= 0 && replies > 0;
    return is_known ? s_seconds (self->cpu_ns) / (replies / 1e5) : -1;
}


//  JSON

static void
s_set_count (json_t *json, const char *key, int64_t count)
{
    json_object_set_new (
        json, key, count < 0 ? json_null () : json_integer (count));
}


static void
s_set_real (json_t *json, const char *key, double number)
{
    json_object_set_new (
        json, key, number < 0 ? json_null () : json_real (number));
}


//  Of latencies, or ages

static json_t *
s_latency (const histogram_t *latency)
{
    json_t *json = json_object ();
    for (size_t at = 0; at < QUANTILES; at++)
        s_set_real (json, s_quantiles [at].key,
            (double) histogram_quantile (latency, s_quantiles [at].part) / 1e3);
    s_set_real (json, "max", (double) histogram_max (latency) / 1e3);
    s_set_real (json, "mean", histogram_mean (latency) / 1e3);
    return json;
}


static json_t *
s_json (const report_t *self)
{
    const options_t *options = self->options;
    const flow_tally_t *tally = self->tally;
    bool is_idle = options->workload == WORKLOAD_IDLE;
    json_t *json = json_object ();
    json_object_set_new (
        json, "workload", json_string (options_workload (options->workload)));
    json_object_set_new (
        json, "speech", json_string (options_speech (options->speech)));
    s_set_count (json, "connections", options->connections);
    s_set_count (json, "opened", is_idle ? (int64_t) tally->opened : -1);
    s_set_count (json, "open", is_idle ? (int64_t) tally->open : -1);
    s_set_count (json, "depth", options->depth);
    s_set_count (json, "ids", options->ids);
    s_set_real (json, "rate", options->rate > 0 ? options->rate : -1);
    s_set_real (json, "seconds", s_seconds (s_time_ns (tally)));
    s_set_count (json, "requests", (int64_t) tally->requests);
    s_set_count (json, "errors", (int64_t) report_errors (self));
    s_set_count (json, "late", (int64_t) tally->late);
    s_set_count (json, "unsent", (int64_t) tally->unsent);
    s_set_real (json, "throughput", s_rate (tally, s_time_ns (tally)));
    s_set_real (json, "drained_seconds", s_seconds (self->drained_ns));
    s_set_real (json, "drained_throughput", s_rate (tally, self->drained_ns));
    json_object_set_new (json, "latency_us", s_latency (tally->latency));
    s_set_real (json, "cpu_seconds", s_seconds (self->cpu_ns));
    s_set_real (json, "cpu_seconds_per_100k", s_cost (self));
    s_set_count (json, "rss_before", self->memory_before);
    s_set_count (json, "rss_after", self->memory_after);
    return json;
}


//  Show it, and free it

static void
s_show_json (json_t *json)
{
    json_dumpf (json, stdout, JSON_INDENT (4) | JSON_REAL_PRECISION (9));
    putchar ('\n');
    json_decref (json);
}


//  The table

//  Write the number with a comma between thousands, good until the next call

static const char *
s_grouped (uint64_t number)
{
    static char text [32];
    char *to = text + sizeof (text) - 1;
    for (int digits = 1; number || digits == 1; digits++) {
        *--to = (char) ('0' + number % 10);
        number /= 10;
        if (digits % 3 == 0 && number)
            *--to = ',';
    }
    return to;
}


static void
s_show_count (const char *label, uint64_t count, const char *unit)
{
    printf ("  %-18s %10s%s\n", label, s_grouped (count), unit);
}


static void
s_show_none (const char *label)
{
    printf ("  %-18s %10s\n", label, "-");
}


static void
s_show_rate (const char *label, double rate)
{
    if (rate < 0)
        s_show_none (label);
    else
        s_show_count (label, (uint64_t) rate, " /s");
}


static void
s_show_seconds (const char *label, double seconds)
{
    if (seconds < 0)
        s_show_none (label);
    else
        printf ("  %-18s %10.3f s\n", label, seconds);
}


static void
s_show_time (const char *label, double time_ns)
{
    if (time_ns < 0)
        s_show_none (label);
    else if (time_ns < 1e6)
        printf ("  %-18s %10.1f us\n", label, time_ns / 1e3);
    else
        printf ("  %-18s %10.2f ms\n", label, time_ns / 1e6);
}


static void
s_show_times (const char *what, const histogram_t *times)
{
    char label [32];
    for (size_t at = 0; at < QUANTILES; at++) {
        snprintf (label, sizeof (label), "%s %s", what, s_quantiles [at].name);
        s_show_time (
            label, (double) histogram_quantile (times, s_quantiles [at].part));
    }
    snprintf (label, sizeof (label), "%s max", what);
    s_show_time (label, (double) histogram_max (times));
    snprintf (label, sizeof (label), "%s mean", what);
    s_show_time (label, histogram_mean (times));
}


static void
s_show_usage (const report_t *self)
{
    if (self->drained_ns >= 0) {
        s_show_seconds ("all know all after", s_seconds (self->drained_ns));
        s_show_rate ("drained", s_rate (self->tally, self->drained_ns));
    }
    if (self->cpu_ns >= 0)
        s_show_seconds ("CPU time", s_seconds (self->cpu_ns));
    if (s_cost (self) >= 0)
        s_show_seconds ("CPU per 100,000", s_cost (self));
    if (self->memory_before >= 0 && self->memory_after >= 0) {
        s_show_count (
            "memory before", (uint64_t) self->memory_before, " bytes");
        s_show_count ("memory after", (uint64_t) self->memory_after, " bytes");
        if (self->tally->open && self->options->workload == WORKLOAD_IDLE)
            printf ("  %-18s %10.0f bytes\n", "each connection",
                (double) (self->memory_after - self->memory_before) /
                    (double) self->tally->open);
    }
}


static void
s_show_table (const report_t *self)
{
    const options_t *options = self->options;
    const flow_tally_t *tally = self->tally;
    printf ("%s, %" PRIu32 " connections, %" PRIu32 " deep, %s ids\n\n",
        options_workload (options->workload), options->connections,
        options->depth, s_grouped (options->ids));
    s_show_count ("errors", report_errors (self), "");
    if (options->workload == WORKLOAD_IDLE) {
        s_show_count ("connections opened", tally->opened, "");
        s_show_count ("open at the end", tally->open, "");
    }
    else {
        s_show_count ("requests", tally->requests, "");
        s_show_seconds ("time", s_seconds (s_time_ns (tally)));
        s_show_rate ("throughput", s_rate (tally, s_time_ns (tally)));
        s_show_times ("latency", tally->latency);
    }
    s_show_usage (self);
}


void
report_show (const report_t *self)
{
    const flow_tally_t *tally = self->tally;
    if (self->options->json)
        s_show_json (s_json (self));
    else
        s_show_table (self);
    fflush (stdout);
    if (s_errors (tally))
        fprintf (stderr,
            "zherd-load: %" PRIu64 " wrong replies, %" PRIu64
            " missing, %" PRIu64 " too many, %" PRIu64 " connections failed\n",
            tally->bad, tally->lost, tally->surplus, tally->failed);
    if (tally->late > tally->requests / 100)
        fprintf (stderr,
            "zherd-load: made %" PRIu64 " requests more than 1 ms after they "
            "were due: this machine is too busy to measure\n",
            tally->late);
    if (tally->unsent)
        fprintf (stderr,
            "zherd-load: %" PRIu64 " requests were due and never sent: "
            "replies came too slowly for this rate\n",
            tally->unsent);
}


static void
s_show_propagation (const options_t *options, const propagation_t *found)
{
    if (options->json) {
        json_t *json = json_object ();
        s_set_count (json, "samples", (int64_t) found->samples);
        s_set_real (json, "p50_us", (double) found->p50_ns / 1e3);
        s_set_real (json, "p90_us", (double) found->p90_ns / 1e3);
        s_set_real (json, "round_trip_us", (double) found->round_trip_ns / 1e3);
        s_show_json (json);
        return;
    }
    printf ("updates at %s, asked for at %s\n\n",
        options->targets.list [0].name, options->targets.list [1].name);
    s_show_count ("updates counted", found->samples, "");
    s_show_time ("known after, p50", (double) found->p50_ns);
    s_show_time ("known after, p90", (double) found->p90_ns);
    s_show_time ("round trip", (double) found->round_trip_ns);
}


void
report_show_propagation (const options_t *options, const propagation_t *found)
{
    s_show_propagation (options, found);
    fflush (stdout);
    if (found->samples < PROPAGATE_ENOUGH)
        fprintf (stderr,
            "zherd-load: %" PRIu64 " updates counted: it takes %d to be sure\n",
            found->samples, PROPAGATE_ENOUGH);
}


static void
s_show_heard (const options_t *options, const audience_heard_t *heard)
{
    double seconds = s_seconds (heard->time_ns);
    printf ("%" PRIu32 " listeners, %" PRIu32 " of them deaf\n\n",
        options->connections, options->deaf);
    s_show_count ("errors", heard->failed, "");
    s_show_count ("streams begun", heard->begun, "");
    s_show_count ("events", heard->events, "");
    s_show_rate ("rate", (double) heard->events / seconds);
    s_show_rate ("bytes", (double) heard->bytes / seconds);
    s_show_times ("age", heard->age);
    if (heard->memory_first >= 0 && heard->memory_last >= 0) {
        s_show_count (
            "memory before", (uint64_t) heard->memory_first, " bytes");
        s_show_count ("memory after", (uint64_t) heard->memory_last, " bytes");
    }
}


void
report_show_audience (const options_t *options, const audience_heard_t *heard)
{
    if (options->json) {
        json_t *json = json_object ();
        s_set_count (json, "listeners", options->connections);
        s_set_count (json, "deaf", options->deaf);
        s_set_count (json, "errors", (int64_t) heard->failed);
        s_set_count (json, "begun", (int64_t) heard->begun);
        s_set_count (json, "events", (int64_t) heard->events);
        s_set_count (json, "bytes", (int64_t) heard->bytes);
        s_set_real (json, "seconds", s_seconds (heard->time_ns));
        json_object_set_new (json, "age_us", s_latency (heard->age));
        s_set_count (json, "rss_before", heard->memory_first);
        s_set_count (json, "rss_after", heard->memory_last);
        s_show_json (json);
    }
    else
        s_show_heard (options, heard);
    fflush (stdout);
}


uint64_t
report_progress (
    const flow_tally_t *tally, int64_t last_ns, uint64_t last_count)
{
    int64_t now_ns = clock_ns ();
    uint64_t count = tally->replies;
    double seconds = (double) (now_ns - last_ns) / 1e9;
    int64_t p99_ns = histogram_quantile (tally->latency, 0.99);
    fprintf (stderr, "%6.1f s  %10s /s  p99 ",
        (double) (now_ns - tally->begin_ns) / 1e9,
        s_grouped ((uint64_t) ((double) (count - last_count) / seconds)));
    if (p99_ns < 0)
        fprintf (stderr, "%9s", "-");
    else
        fprintf (stderr, "%9.3f ms", (double) p99_ns / 1e6);
    fprintf (stderr, "  %s errors\n", s_grouped (s_errors (tally)));
    return count;
}
