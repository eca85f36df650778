/*  =========================================================================
    report - what came of a load, for people and for programs
    =========================================================================
*/

#ifndef LOAD_REPORT_H
#define LOAD_REPORT_H

#include "load/audience.h"
#include "load/flow.h"
#include "load/propagate.h"

//  What was asked for and seen; what was not asked for is -1.
typedef struct {
    const options_t *options;
    const flow_tally_t *tally;
    int64_t drained_ns;  //  From the first request until all servers knew all
    int64_t cpu_ns;      //  Of the processes, in this time
    int64_t memory_before;  //  Of the processes, in bytes
    int64_t memory_after;
    uint64_t errors;  //  Beyond those that the tally counts
} report_t;

//  Return how many errors there were.
uint64_t
report_errors (const report_t *self);

//  Show all on standard output, as a table or as JSON, and on standard error
//  what makes it doubtful.
void
report_show (const report_t *self);

//  The same for what propagate found.
void
report_show_propagation (const options_t *options, const propagation_t *found);

//  The same for what an audience heard.
void
report_show_audience (const options_t *options, const audience_heard_t *heard);

//  Show on standard error, in a line, how it goes: replies in the interval
//  since last_ns, when there were last_count.  Returns how many there are now.
uint64_t
report_progress (
    const flow_tally_t *tally, int64_t last_ns, uint64_t last_count);

#endif
