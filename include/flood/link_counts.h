/*  =========================================================================
    link_counts - what is known of one link, and counted
    =========================================================================
*/

#ifndef FLOOD_LINK_COUNTS_H
#define FLOOD_LINK_COUNTS_H

#include "base/metric.h"

#define LINK_RECORDS                                                           \
    "Records that came from the peer, by how they stood to ours."
#define LINK_MESSAGES "Messages exchanged with the peer."
#define LINK_BYTES "Bytes exchanged with the peer."
#define LINK_AUDIT "Bytes of audits exchanged with the peer."

//  As base/metric has it: flood_link_t, /status and /metrics are made of this.
#define LINK_METRICS(X)                                                        \
    X (TRUTH, up, "peer_up", NULL, "We hear the peer, and it us.")             \
    X (TRUTH, in_sync, "peer_in_sync", NULL,                                   \
        "Tables are equal, but for what is on its way.")                       \
    X (GAUGE, heard, "peer_last_heard_timestamp_seconds", NULL,                \
        "POSIX time when the peer last spoke; 0 if it never did.")             \
    X (SIZE, behind, "peer_lag_records", NULL,                                 \
        "Records of ours that the peer may lack, at most.")                    \
    X (COUNT, records_out, "peer_records_out", NULL,                           \
        "Records sent to the peer in the stream.")                             \
    X (COUNT, records_new, "peer_records_in", "outcome=\"new\"", LINK_RECORDS) \
    X (COUNT, records_same, "peer_records_in", "outcome=\"same\"",             \
        LINK_RECORDS)                                                          \
    X (COUNT, records_old, "peer_records_in", "outcome=\"old\"", LINK_RECORDS) \
    X (COUNT, records_expired, "peer_records_in", "outcome=\"expired\"",       \
        LINK_RECORDS)                                                          \
    X (COUNT, messages_out, "peer_messages", "direction=\"out\"",              \
        LINK_MESSAGES)                                                         \
    X (COUNT, messages_in, "peer_messages", "direction=\"in\"", LINK_MESSAGES) \
    X (COUNT, bytes_out, "peer_bytes", "direction=\"out\"", LINK_BYTES)        \
    X (COUNT, bytes_in, "peer_bytes", "direction=\"in\"", LINK_BYTES)          \
    X (COUNT, naks, "peer_gaps", NULL, "Gaps seen in the peer's stream.")      \
    X (COUNT, recalls, "peer_recalls", NULL,                                   \
        "Times we asked the peer for lines that it had not sent because "      \
        "others were to send them.")                                           \
    X (COUNT, rewinds, "peer_rewinds", NULL, "Times our stream went back.")    \
    X (COUNT, resumes, "peer_resumes", NULL, "Times the link came up.")        \
    X (COUNT, audits, "peer_audits", NULL, "Audits begun by us.")              \
    X (COUNT, audit_out, "peer_audit_bytes", "direction=\"out\"", LINK_AUDIT)  \
    X (COUNT, audit_in, "peer_audit_bytes", "direction=\"in\"", LINK_AUDIT)    \
    X (COUNT, repairs, "peer_repairs", NULL,                                   \
        "Records that an audit brought from the peer.")                        \
    X (COUNT, roots_differ, "peer_roots_differ", NULL,                         \
        "Times tables differed with nothing to send.")                         \
    X (GAUGE, clock_difference_seconds, "peer_clock_difference_seconds", NULL, \
        "How far the peer's clock is ahead of ours.")

typedef struct {
    const char *name;  //  Of the peer, owned by the flood
    LINK_METRICS (METRIC_FIELD)
} flood_link_t;

#endif
