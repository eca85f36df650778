/*  =========================================================================
    metrics - what a server counts and measures, of all rooms

    /status shows it as JSON, /metrics as text for Prometheus, and herd status
    reads the latter.  Each room has a list of its numbers, as base/metric has
    it; a new number is a line there, and nothing here.
    =========================================================================
*/

#ifndef ADMIN_METRICS_H
#define ADMIN_METRICS_H

#include "admin/status.h"
#include "base/metric.h"
#include "core/server.h"

//  The metrics of a room.
typedef struct {
    const char *section;    //  Of the JSON, or NULL
    const char *prefix;     //  Of the names for Prometheus
    const metric_t *list;   //
    size_t count;           //
    const void *structure;  //  With their values
} metrics_t;

#define METRICS_GROUPS 8

//  Write the metrics of a server, room by room, to the groups; they borrow
//  facts and status.
void
metrics_of_server (const status_facts_t *facts, const server_status_t *status,
    metrics_t groups [METRICS_GROUPS]);

//  Return those of one of its links, which is borrowed.
metrics_t
metrics_of_link (const flood_link_t *link);

//  Return what /metrics shows, in Prometheus' text format, for the caller to
//  free: the lists, and as labels of zherd_build_info what the server is.
char *
metrics_text (const status_facts_t *facts, const server_t *server);

#endif
