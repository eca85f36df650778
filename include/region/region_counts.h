/*  =========================================================================
    region_counts - what a gateway counts of what passes between regions
    =========================================================================
*/

#ifndef REGION_REGION_COUNTS_H
#define REGION_REGION_COUNTS_H

#include "base/metric.h"

#define REGION_RECORDS                                                         \
    "Locations that other regions published, by how they stood to what was "   \
    "known."

//  As base/metric has it.  What is refused is listed in core/refusals.
#define REGION_METRICS(X)                                                      \
    X (TRUTH, on, "gateway_on", NULL, "It is a gateway to other regions.")     \
    X (TRUTH, connected, "gateway_connected", NULL,                            \
        "It uses a stream of NATS.")                                           \
    X (TRUTH, joined, "gateway_joined", NULL,                                  \
        "It has read all that its own region published before.")               \
    X (SIZE, regions, "gateway_regions", NULL, "Other regions that it reads.") \
    X (COUNT, published, "gateway_published", NULL,                            \
        "Locations published, including those published again.")               \
    X (COUNT, acknowledged, "gateway_acknowledged", NULL,                      \
        "Locations that the stream has acknowledged.")                         \
    X (SIZE, in_flight, "gateway_in_flight", NULL,                             \
        "Locations published and not acknowledged yet.")                       \
    X (SIZE, behind, "gateway_lag_records", NULL,                              \
        "Changes that it has not looked at yet, of all regions.")              \
    X (COUNT, delivered, "gateway_delivered", NULL,                            \
        "Locations of other regions that were delivered.")                     \
    X (COUNT, own, "gateway_own", NULL,                                        \
        "Locations of its own region, read to join the stream.")               \
    X (COUNT, records_new, "gateway_records", "outcome=\"new\"",               \
        REGION_RECORDS)                                                        \
    X (COUNT, records_same, "gateway_records", "outcome=\"same\"",             \
        REGION_RECORDS)                                                        \
    X (COUNT, records_old, "gateway_records", "outcome=\"old\"",               \
        REGION_RECORDS)                                                        \
    X (COUNT, records_expired, "gateway_records", "outcome=\"expired\"",       \
        REGION_RECORDS)                                                        \
    X (DURATIONS, age, "gateway_age_seconds", NULL,                            \
        "Age of locations of other regions that were news, since they were "   \
        "heard.")                                                              \
    X (COUNT, connects, "gateway_connects", NULL, "Connections made to NATS.") \
    X (COUNT, joins, "gateway_joins", NULL,                                    \
        "Times that it joined a stream that was new, or had lost messages.")   \
    X (COUNT, errors, "gateway_errors", NULL,                                  \
        "Requests that NATS refused, answered with an error, or did not "      \
        "answer in time, and announcements of regions that were not "          \
        "accepted.")

typedef struct {
    REGION_METRICS (METRIC_FIELD)
} region_counts_t;

#endif
