/*  =========================================================================
    usage - what the process has of its machine, as the system tells it

    The names are those of Prometheus' own libraries.
    =========================================================================
*/

#ifndef ADMIN_USAGE_H
#define ADMIN_USAGE_H

#include "base/metric.h"

//  As base/metric has it; the prefix of the names is process_, not zherd_.
#define USAGE_METRICS(X)                                                       \
    X (SPENT, cpu_ms, "cpu_seconds", NULL, "Processor time, of all threads.")  \
    X (SIZE, resident_bytes, "resident_memory_bytes", NULL, "Memory in RAM.")  \
    X (SIZE, virtual_bytes, "virtual_memory_bytes", NULL, "Virtual memory.")   \
    X (SIZE, open_fds, "open_fds", NULL, "Open file descriptors.")             \
    X (SIZE, max_fds, "max_fds", NULL, "Limit of open file descriptors.")      \
    X (SIZE, threads, "threads", NULL, "Threads, including those of libraries.")

typedef struct {
    USAGE_METRICS (METRIC_FIELD)
} usage_t;

//  Return the present usage; what the system does not tell is 0.
usage_t
usage_now (void);

//  Return resident_bytes alone.
uint64_t
usage_resident_bytes (void);

#endif
