/*  =========================================================================
    connection_counts - what is counted of all connections
    =========================================================================
*/

#ifndef CONNECTIONS_CONNECTION_COUNTS_H
#define CONNECTIONS_CONNECTION_COUNTS_H

#include "base/metric.h"

//  As base/metric has it.
#define CONNECTION_METRICS(X)                                                  \
    X (SIZE, connections, "connections", NULL, "TCP connections of clients.")  \
    X (SIZE, waiting_bytes, "waiting_bytes", NULL,                             \
        "Commands and replies that wait for clients.")                         \
    X (COUNT, reading_pauses, "reading_pauses", NULL,                          \
        "Times a client was not read because all had too much waiting.")       \
    X (DURATIONS, command_time, "command_duration_seconds", NULL,              \
        "Time of commands over TCP, from when they were taken until replies "  \
        "of their turn were sent; a WHATSAT then waits for Places.")

typedef struct {
    CONNECTION_METRICS (METRIC_FIELD)
} connection_counts_t;

#endif
