/*  =========================================================================
    zherd-load - how much a herd can bear, and how quickly it answers
    =========================================================================
*/

#include "io/clock.h"
#include "load/flow.h"

#include <czmq.h>
#include <jansson.h>

enum { EXIT_ERRORS = 1 };


static json_t *
s_latency (const histogram_t *latency)
{
    return json_pack ("{s:f,s:f,s:f,s:f,s:f,s:f}", "p50",
        (double) histogram_quantile (latency, 0.5) / 1e3, "p90",
        (double) histogram_quantile (latency, 0.9) / 1e3, "p99",
        (double) histogram_quantile (latency, 0.99) / 1e3, "p999",
        (double) histogram_quantile (latency, 0.999) / 1e3, "max",
        (double) histogram_max (latency) / 1e3, "mean",
        histogram_mean (latency) / 1e3);
}


static uint64_t
s_report (const options_t *options, const flow_tally_t *tally)
{
    uint64_t errors = tally->bad + tally->lost + tally->surplus + tally->failed;
    double seconds = (double) (tally->end_ns - tally->begin_ns) / 1e9;
    double throughput =
        seconds > 0 ? (double) (tally->replies + tally->bad) / seconds : 0;
    json_t *json = json_pack ("{s:s,s:s,s:I,s:I,s:I,s:f,s:I,s:I,s:f,s:o}",
        "workload", options_workload (options->workload), "speech",
        options_speech (options->speech), "connections",
        (json_int_t) options->connections, "depth", (json_int_t) options->depth,
        "ids", (json_int_t) options->ids, "seconds", seconds, "requests",
        (json_int_t) tally->requests, "errors", (json_int_t) errors,
        "throughput", throughput, "latency_us", s_latency (tally->latency));
    json_dumpf (json, stdout, JSON_INDENT (4) | JSON_REAL_PRECISION (9));
    putchar ('\n');
    json_decref (json);
    return errors;
}


int
main (int argc, char **argv)
{
    options_t options;
    int status = options_read (&options, argc, argv);
    if (status >= 0)
        return status;
    flow_t *flow = flow_new (&options);
    if (!flow)
        return EXIT_ERRORS;
    if (options.load_ids) {
        flow_begin_ids (flow);
        flow_go (flow, INT64_MAX);
    }
    flow_begin (flow);
    flow_go (flow, INT64_MAX);
    uint64_t errors = s_report (&options, flow_tally (flow));
    flow_destroy (&flow);
    return errors ? EXIT_ERRORS : 0;
}
