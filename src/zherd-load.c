/*  =========================================================================
    zherd-load - how much a herd can bear, and how quickly it answers

    One thread makes requests over many connections and counts what comes
    back; -h says what it can do.
    =========================================================================
*/

#include "load/audience.h"
#include "load/flow.h"
#include "load/propagate.h"
#include "load/report.h"
#include "load/settle.h"
#include "load/usage.h"
#include "loop/clock.h"

#include <czmq.h>
#include <sys/resource.h>

enum { EXIT_ERRORS = 1 };


//  Have as many descriptors as the system allows

static void
s_claim_descriptors (void)
{
    struct rlimit limit;
    getrlimit (RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit (RLIMIT_NOFILE, &limit);
}


//  Go on until all is done, and show how it goes

static void
s_go (flow_t *flow, double progress)
{
    const flow_tally_t *tally = flow_tally (flow);
    int64_t step_ns = progress > 0 ? (int64_t) (progress * 1e9) : INT64_MAX / 2;
    int64_t last_ns = clock_ns ();
    uint64_t count = 0;
    while (flow_go (flow, last_ns + step_ns)) {
        count = report_progress (tally, last_ns, count);
        last_ns = clock_ns ();
    }
}


//  Wait until all know all, if somebody asks for that.  Returns false, having
//  said why, if they don't.

static bool
s_settle (settle_t *settle)
{
    return settle == NULL || settle_wait (settle);
}


//  Load the servers and write what was seen into the report, which says what
//  couldn't be seen by an error

static void
s_measure (report_t *report, flow_t *flow, settle_t *settle)
{
    const options_t *options = report->options;
    if (options->load_ids) {
        flow_begin_ids (flow);
        s_go (flow, 0);
        report->errors += !s_settle (settle);
    }
    int64_t cpu_ns = usage_cpu_ns (options->pids, options->pid_count);
    flow_begin (flow);
    s_go (flow, options->progress);
    if (settle) {
        bool settled = s_settle (settle);
        report->errors += !settled;
        if (settled)
            report->drained_ns = clock_ns () - report->tally->begin_ns;
    }
    int64_t end_ns = usage_cpu_ns (options->pids, options->pid_count);
    report->memory_after = usage_memory (options->pids, options->pid_count);
    if (cpu_ns >= 0 && end_ns >= 0)
        report->cpu_ns = end_ns - cpu_ns;
    report->errors += options->pid_count && end_ns < 0;
    flow_part (flow);
}


static int
s_load (const options_t *options)
{
    report_t report = {.options = options, .drained_ns = -1, .cpu_ns = -1};
    report.memory_before = usage_memory (options->pids, options->pid_count);
    if (options->pid_count && report.memory_before < 0)
        return EXIT_ERRORS;
    flow_t *flow = flow_new (options);
    settle_t *settle =
        flow && options->settle.count ? settle_new (options) : NULL;
    bool good = flow && (settle || options->settle.count == 0);
    if (good) {
        report.tally = flow_tally (flow);
        s_measure (&report, flow, settle);
        report_show (&report);
        good = report_errors (&report) == 0;
    }
    settle_destroy (&settle);
    flow_destroy (&flow);
    return good ? 0 : EXIT_ERRORS;
}


static int
s_propagate (const options_t *options)
{
    propagation_t found;
    if (!propagate (options, &found))
        return EXIT_ERRORS;
    report_show_propagation (options, &found);
    return 0;
}


static int
s_listen (const options_t *options)
{
    audience_heard_t heard = {.age = histogram_new ()};
    bool good = audience_listen (options, &heard);
    if (good)
        report_show_audience (options, &heard);
    histogram_destroy (&heard.age);
    return good && !heard.failed ? 0 : EXIT_ERRORS;
}


int
main (int argc, char **argv)
{
    options_t options;
    int status = options_read (&options, argc, argv);
    if (status < 0) {
        s_claim_descriptors ();
        status = options.listen      ? s_listen (&options)
                 : options.propagate ? s_propagate (&options)
                                     : s_load (&options);
    }
    return program_end (&options_program, status);
}
