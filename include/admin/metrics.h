/*  =========================================================================
    metrics - what a server counts and measures: one list

    /status shows it as JSON, /metrics as text for Prometheus, and herd status
    reads the latter.  A new figure is a line in metrics.c, and nowhere else.
    =========================================================================
*/

#ifndef ADMIN_METRICS_H
#define ADMIN_METRICS_H

#include "admin/status.h"
#include "core/server.h"

typedef enum {
    METRIC_COUNTER,  //  Since the start
    METRIC_GAUGE,    //  As it is now
    METRIC_TRUTH,    //  A gauge that is 0 or 1
} metric_kind_t;

typedef struct {
    const char *section;  //  Of the JSON, or NULL
    const char *key;      //  In JSON
    const char *name;     //  For Prometheus, without "zherd_"; metrics of a
                          //  name stand together
    const char *label;    //  Like: outcome="new"; or NULL
    metric_kind_t kind;   //
    const char *help;     //  What it is; all metrics of a name have one
    int64_t value;        //
} metric_t;

#define METRICS_MAX 64

//  Write the metrics of a server, or of one of its links, to the list.  Returns
//  how many there are.
size_t
metrics_of_server (const status_facts_t *facts, const server_status_t *status,
    metric_t list [METRICS_MAX]);

size_t
metrics_of_link (const flood_link_t *link, metric_t list [METRICS_MAX]);

//  Return what /metrics shows, in Prometheus' text format, for the caller to
//  free: the lists, and as labels of zherd_build_info what the server is.
char *
metrics_text (const status_facts_t *facts, const server_t *server);

#endif
