/*  =========================================================================
    server_status - counters and state of a server's mind
    =========================================================================
*/

#ifndef CORE_SERVER_STATUS_H
#define CORE_SERVER_STATUS_H

#include "base/metric.h"
#include "core/refusals.h"

#define SERVER_COMMANDS "Lines of clients, by command."
#define SERVER_REPORTS                                                         \
    "IAMATs of clients, also by HTTP, by how they stood to what was known."

//  As base/metric has it: server_status_t, /status and /metrics are made of
//  this.  What is refused is listed in core/refusals, and shown behind the last
//  line here, which it shares a name with.
#define SERVER_METRICS(X)                                                      \
    X (SIZE, clients_known, "records", NULL, "Clients in the table.")          \
    X (SIZE, table_bytes, "table_bytes", NULL,                                 \
        "Bytes of locations in the table.")                                    \
    X (SIZE, table_size_max, "table_limit_bytes", NULL,                        \
        "Bytes of locations beyond which new clients are refused.")            \
    X (COUNT, wrong_sums, "wrong_sums", NULL,                                  \
        "Sums of the table found wrong and set right.")                        \
    X (COUNT, changes, "changes", NULL, "Changes of the table.")               \
    X (TRUTH, loading, "loading", NULL, "It loads the table from its peers.")  \
    X (TRUTH, twin, "twin", NULL, "Another process has its name.")             \
    X (GAUGE, floor, "floor_timestamp_seconds", NULL,                          \
        "Clients last heard of before this POSIX time are forgotten.")         \
    X (COUNT, iamats, "commands", "command=\"iamat\"", SERVER_COMMANDS)        \
    X (COUNT, whatsats, "commands", "command=\"whatsat\"", SERVER_COMMANDS)    \
    X (COUNT, invalid, "commands", "command=\"invalid\"", SERVER_COMMANDS)     \
    X (COUNT, updates, "reports", "outcome=\"new\"", SERVER_REPORTS)           \
    X (COUNT, reports_same, "reports", "outcome=\"same\"", SERVER_REPORTS)     \
    X (COUNT, reports_old, "reports", "outcome=\"old\"", SERVER_REPORTS)       \
    X (COUNT, places_failed, "whatsats_failed", NULL,                          \
        "WHATSATs without an answer from Places.")                             \
    X (SIZE, waiting, "waiting_replies", NULL,                                 \
        "Replies that wait for Places.")                                       \
    X (DURATIONS, flood_age, "flood_age_seconds", NULL,                        \
        "Age of locations that peers' streams brought as news, since they "    \
        "were heard.")                                                         \
    X (COUNT, refused, REFUSALS_NAME, "reason=\"message\"", REFUSALS_HELP)

//  Changes do not count what was loaded in bulk.
typedef struct {
    SERVER_METRICS (METRIC_FIELD)
    uint64_t refusals [REFUSALS];  //  The list of core/refusals, counted
    uint64_t root;                 //  Of the table's digest
    bool passed_on;                //  As flood_is_passed_on
} server_status_t;

#endif
