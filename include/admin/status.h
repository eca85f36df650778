/*  =========================================================================
    status - what a server knows of itself, in words
    =========================================================================
*/

#ifndef ADMIN_STATUS_H
#define ADMIN_STATUS_H

#include "admin/admin.h"
#include "connections/connections.h"
#include "core/server.h"
#include "lookup/places.h"
#include "store/store.h"
#include "web/web.h"

#include <jansson.h>

#define PROCESS_RELOADS "Topology files read again, by what came of it."

//  As base/metric has it.
#define PROCESS_METRICS(X)                                                     \
    X (GAUGE, pid, "process_id", NULL, "Of the server.")                       \
    X (GAUGE, started, "start_time_seconds", NULL,                             \
        "When it started, in POSIX time.")                                     \
    X (GAUGE, ttl_seconds, "ttl_seconds", NULL,                                \
        "Clients silent for longer are forgotten; 0 = none.")                  \
    X (COUNT, log_lines_lost, "log_lines_lost", NULL,                          \
        "Lines that could not be logged.")                                     \
    X (COUNT, reloads, "reloads", "outcome=\"done\"", PROCESS_RELOADS)         \
    X (COUNT, reloads_refused, "reloads", "outcome=\"refused\"",               \
        PROCESS_RELOADS)                                                       \
    X (TRUTH, stopping, "stopping", NULL, "It was told to end.")

typedef struct {
    PROCESS_METRICS (METRIC_FIELD)
} process_counts_t;

typedef struct {
    const char *server;               //  Its name
    const char *herd;                 //  The herd's name
    process_counts_t process;         //  Of the process as a whole
    connection_counts_t connections;  //  Of clients
    places_counts_t places;           //  Lookups and what became of them
    store_counts_t store;             //  The table on disk
    web_counts_t web;                 //  Requests over HTTP
} status_facts_t;

//  Return the text of the page, for the caller to free; *ready is whether the
//  server is ready for clients.
//
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

#endif
