/*  =========================================================================
    report - what came of a load, for people and for programs
    =========================================================================
*/

#include "load/report.h"

#include "io/clock.h"

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


//  Replies of both kinds, a second

static double
s_rate (const flow_tally_t *tally, int64_t time_ns)
{
    double replies = (double) histogram_count (tally->latency);
    return time_ns > 0 ? replies / ((double) time_ns / 1e9) : 0;
}


static int64_t
s_time_ns (const flow_tally_t *tally)
{
    return tally->end_ns - tally->begin_ns;
}


//  CPU seconds of a hundred thousand replies, or -1

static double
s_cost (const report_t *self)
{
    double replies = (double) histogram_count (self->tally->latency);
    return self->cpu_ns < 0 || replies <= 0
               ? -1
               : (double) self->cpu_ns / 1e9 / (replies / 1e5);
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
    json_t *json = json_object ();
    json_object_set_new (
        json, "workload", json_string (options_workload (options->workload)));
    json_object_set_new (
        json, "speech", json_string (options_speech (options->speech)));
    s_set_count (json, "connections", options->connections);
    s_set_count (json, "depth", options->depth);
    s_set_count (json, "ids", options->ids);
    s_set_real (json, "rate", options->rate > 0 ? options->rate : -1);
    s_set_real (json, "seconds", (double) s_time_ns (tally) / 1e9);
    s_set_count (json, "requests", (int64_t) tally->requests);
    s_set_count (json, "errors", (int64_t) report_errors (self));
    s_set_count (json, "late", (int64_t) tally->late);
    s_set_count (json, "unsent", (int64_t) tally->unsent);
    s_set_real (json, "throughput", s_rate (tally, s_time_ns (tally)));
    s_set_real (json, "drained_seconds",
        self->drained_ns < 0 ? -1 : (double) self->drained_ns / 1e9);
    s_set_real (json, "drained_throughput",
        self->drained_ns < 0 ? -1 : s_rate (tally, self->drained_ns));
    json_object_set_new (json, "latency_us", s_latency (tally->latency));
    s_set_real (json, "cpu_seconds",
        self->cpu_ns < 0 ? -1 : (double) self->cpu_ns / 1e9);
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
s_show_time (const char *label, double time_ns)
{
    if (time_ns < 1e6)
        printf ("  %-18s %10.1f us\n", label, time_ns / 1e3);
    else
        printf ("  %-18s %10.2f ms\n", label, time_ns / 1e6);
}


static void
s_show_latency (const histogram_t *latency)
{
    char label [32];
    for (size_t at = 0; at < QUANTILES; at++) {
        snprintf (label, sizeof (label), "latency %s", s_quantiles [at].name);
        s_show_time (label,
            (double) histogram_quantile (latency, s_quantiles [at].part));
    }
    s_show_time ("latency max", (double) histogram_max (latency));
    s_show_time ("latency mean", histogram_mean (latency));
}


static void
s_show_usage (const report_t *self)
{
    if (self->drained_ns >= 0) {
        printf ("  %-18s %10.3f s\n", "all know all after",
            (double) self->drained_ns / 1e9);
        printf ("  %-18s %10s /s\n", "drained",
            s_grouped ((uint64_t) s_rate (self->tally, self->drained_ns)));
    }
    if (self->cpu_ns >= 0)
        printf ("  %-18s %10.3f s\n", "CPU time", (double) self->cpu_ns / 1e9);
    if (s_cost (self) >= 0)
        printf ("  %-18s %10.3f s\n", "CPU per 100,000", s_cost (self));
    if (self->memory_before >= 0 && self->memory_after >= 0) {
        printf ("  %-18s %10s bytes\n", "memory before",
            s_grouped ((uint64_t) self->memory_before));
        printf ("  %-18s %10s bytes\n", "memory after",
            s_grouped ((uint64_t) self->memory_after));
        if (self->options->workload == WORKLOAD_IDLE)
            printf ("  %-18s %10.0f bytes\n", "each connection",
                (double) (self->memory_after - self->memory_before) /
                    self->options->connections);
    }
}


static void
s_show_table (const report_t *self)
{
    const options_t *options = self->options;
    const flow_tally_t *tally = self->tally;
    bool is_idle = options->workload == WORKLOAD_IDLE;
    printf ("%s, %" PRIu32 " connections, %" PRIu32 " deep, %s ids\n\n",
        options_workload (options->workload), options->connections,
        options->depth, s_grouped (options->ids));
    printf ("  %-18s %10s\n", "errors", s_grouped (report_errors (self)));
    if (!is_idle) {
        printf ("  %-18s %10s\n", "requests", s_grouped (tally->requests));
        printf ("  %-18s %10.3f s\n", "time", (double) s_time_ns (tally) / 1e9);
        printf ("  %-18s %10s /s\n", "throughput",
            s_grouped ((uint64_t) s_rate (tally, s_time_ns (tally))));
        s_show_latency (tally->latency);
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


void
report_show_propagation (const options_t *options, const propagation_t *found)
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
    printf ("  %-18s %10s\n", "samples", s_grouped (found->samples));
    s_show_time ("known after, p50", (double) found->p50_ns);
    s_show_time ("known after, p90", (double) found->p90_ns);
    s_show_time ("round trip", (double) found->round_trip_ns);
}


uint64_t
report_progress (
    const flow_tally_t *tally, int64_t last_ns, uint64_t last_count)
{
    int64_t now_ns = clock_ns ();
    uint64_t count = histogram_count (tally->latency);
    double seconds = (double) (now_ns - last_ns) / 1e9;
    fprintf (stderr, "%6.1f s  %10s /s",
        (double) (now_ns - tally->begin_ns) / 1e9,
        s_grouped ((uint64_t) ((double) (count - last_count) / seconds)));
    fprintf (stderr, "  p99 %9.3f ms  %s errors\n",
        (double) histogram_quantile (tally->latency, 0.99) / 1e6,
        s_grouped (s_errors (tally)));
    return count;
}
