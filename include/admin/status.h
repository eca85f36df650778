/*  =========================================================================
    status - what a server knows of itself, in words
    =========================================================================
*/

#ifndef ADMIN_STATUS_H
#define ADMIN_STATUS_H

#include "admin/admin.h"
#include "admin/usage.h"
#include "base/endpoint.h"
#include "connections/connections.h"
#include "core/server.h"
#include "lookup/places.h"
#include "region/region_counts.h"
#include "store/store.h"
#include "web/web.h"

#include <jansson.h>

#define PROCESS_RELOADS "Reloads of the topology file, by outcome."

//  As base/metric has it.
#define PROCESS_METRICS(X)                                                     \
    X (GAUGE, pid, "process_id", NULL, "Process ID of the server.")            \
    X (GAUGE, started, "start_time_seconds", NULL,                             \
        "When it started, in POSIX time.")                                     \
    X (GAUGE, ttl_seconds, "ttl_seconds", NULL,                                \
        "Clients silent for longer are forgotten; 0 = none.")                  \
    X (COUNT, log_lines_lost, "log_lines_lost", NULL,                          \
        "Lines that could not be logged.")                                     \
    X (COUNT, reloads, "reloads", "outcome=\"done\"", PROCESS_RELOADS)         \
    X (COUNT, reloads_refused, "reloads", "outcome=\"refused\"",               \
        PROCESS_RELOADS)                                                       \
    X (TRUTH, stopping, "stopping", NULL, "It is stopping.")

typedef struct {
    PROCESS_METRICS (METRIC_FIELD)
} process_counts_t;

typedef struct {
    const char *server;               //  Its name
    const char *herd;                 //  The herd's name
    const endpoint_t *http;           //  Where the page is; NULL = nowhere
    process_counts_t process;         //  Of the process as a whole
    connection_counts_t connections;  //  Of clients
    places_counts_t places;           //  Lookups and what became of them
    store_counts_t store;             //  The table on disk
    web_counts_t web;                 //  Requests over HTTP
    region_counts_t region;           //  What passes between regions
    usage_t usage;                    //  Of the machine
} status_facts_t;

//  Return the text of the page, for the caller to free; *ready is whether the
//  server is ready for clients.
//
//  ADMIN_ROOT     HTML: a link to the live page
//  ADMIN_STATUS   JSON: the facts, process and version, all that metrics.h
//                 lists, and for each link its own
//  ADMIN_METRICS  metrics_text
//  ADMIN_READYZ   JSON: whether the server is "ready", the "reasons" why not,
//                 of "loading", "stopping" and "twin" (its peers know another
//                 process of its name), and, which is no reason, the peers
//                 whose "links_down" are
char *
status_text (admin_page_t page, const status_facts_t *facts,
    const server_t *server, bool *ready);

//  Return whether clients may come: what ADMIN_READYZ calls "ready".
bool
status_is_ready (const server_t *server, bool stopping);

#endif
