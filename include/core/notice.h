/*  =========================================================================
    notice - the names of what a server may notice

    Each notice of the log has a name, which stays the same when its text
    changes, so that programs can look for it; and a level, which says how bad
    it is.  A new notice is a line in this list, and a call that notes it.
    =========================================================================
*/

#ifndef CORE_NOTICE_H
#define CORE_NOTICE_H

//  X (id, name, level)
#define NOTICE_LIST(X)                                                         \
    X (START, "start", "info")                                                 \
    X (STOP, "stop", "info")                                                   \
    X (END, "end", "info")                                                     \
    X (DRAIN_REPLIES, "drain-replies", "warning")                              \
    X (DRAIN_PEERS, "drain-peers", "warning")                                  \
    X (SECURITY, "security", "info")                                           \
    X (OLD_KEY, "old-key", "warning")                                          \
    X (RELOADED, "reloaded", "info")                                           \
    X (RELOAD_REFUSED, "reload-refused", "error")                              \
    X (RELOAD_WAITS, "reload-waits", "warning")                                \
    X (TOKENS_READ, "tokens-read", "info")                                     \
    X (TOKENS_WRONG, "tokens-wrong", "error")                                  \
    X (LINK_UP, "link-up", "info")                                             \
    X (LINK_DOWN, "link-down", "warning")                                      \
    X (LINK_FLAPS, "link-flaps", "warning")                                    \
    X (LINK_FAILS, "link-fails", "warning")                                    \
    X (LINK_ADDED, "link-added", "info")                                       \
    X (LINK_NOT_ADDED, "link-not-added", "error")                              \
    X (LINK_REMOVED, "link-removed", "info")                                   \
    X (LINK_MOVES, "link-moves", "info")                                       \
    X (PEER_NAME, "peer-name", "info")                                         \
    X (PEER_CLOCK, "peer-clock", "warning")                                    \
    X (PEER_TTL, "peer-ttl", "warning")                                        \
    X (TWIN, "twin", "error")                                                  \
    X (TWIN_GONE, "twin-gone", "info")                                         \
    X (LOADING, "loading", "info")                                             \
    X (LOADED, "loaded", "info")                                               \
    X (RESYNC, "resync", "info")                                               \
    X (RESYNC_DONE, "resync-done", "info")                                     \
    X (STREAM_BACK, "stream-back", "info")                                     \
    X (AUDIT, "audit", "info")                                                 \
    X (AUDIT_MENDED, "audit-mended", "warning")                                \
    X (MEMORY_ALTERED, "memory-altered", "error")                              \
    X (EXPIRED, "expired", "info")                                             \
    X (CLOCK_WRONG, "clock-wrong", "error")                                    \
    X (CLOCK_RIGHT, "clock-right", "info")                                     \
    X (CLOCK_IMPOSSIBLE, "clock-impossible", "error")                          \
    X (CLOCK_POSSIBLE, "clock-possible", "info")                               \
    X (REFUSED, "refused", "warning")                                          \
    X (CROWD, "crowd", "warning")                                              \
    X (CROWD_GONE, "crowd-gone", "info")                                       \
    X (CLIENTS, "clients", "info")                                             \
    X (CLIENT_OPENED, "client-opened", "info")                                 \
    X (CLIENT_CLOSED, "client-closed", "info")                                 \
    X (PLACES_FAILED, "places-failed", "warning")                              \
    X (PLACES_REFUSED, "places-refused", "warning")                            \
    X (PLACES_HELD, "places-held", "warning")                                  \
    X (DISK_READ, "disk-read", "info")                                         \
    X (DISK_BAD_RECORDS, "disk-bad-records", "warning")                        \
    X (DISK_DAMAGED, "disk-damaged", "error")                                  \
    X (DISK_TORN, "disk-torn", "warning")                                      \
    X (DISK_GENERATION, "disk-generation", "info")                             \
    X (DISK_FAILED, "disk-failed", "error")                                    \
    X (DISK_WORKS, "disk-works", "info")                                       \
    X (DISK_SLOW, "disk-slow", "warning")                                      \
    X (DISK_KEEPS_UP, "disk-keeps-up", "info")                                 \
    X (DISK_UNFINISHED, "disk-unfinished", "error")                            \
    X (STREAM_USED, "stream-used", "info")                                     \
    X (STREAM_FAILS, "stream-fails", "warning")                                \
    X (STREAM_WRONG, "stream-wrong", "error")                                  \
    X (STREAM_DENIED, "stream-denied", "error")                                \
    X (STREAM_TTL, "stream-ttl", "warning")                                    \
    X (STREAM_NEW, "stream-new", "warning")                                    \
    X (STREAM_JOINED, "stream-joined", "info")                                 \
    X (REGION_MET, "region-met", "info")                                       \
    X (REGION_FAILS, "region-fails", "warning")                                \
    X (REGION_LEFT_OUT, "region-left-out", "error")                            \
    X (REGION_NAMES, "region-names", "error")                                  \
    X (LOG_LOST, "log-lost", "error")                                          \
    X (LOG_REOPENED, "log-reopened", "info")                                   \
    X (LOG_NOT_REOPENED, "log-not-reopened", "error")

#define NOTICE_ID(id, name, level) NOTICE_##id,

typedef enum { NOTICE_LIST (NOTICE_ID) NOTICES } notice_t;

//  Return the name, of a-z and -, at most NOTICE_NAME_SIZE_MAX bytes.
#define NOTICE_NAME_SIZE_MAX 20
const char *
notice_name (notice_t notice);

//  Return how bad it is: "info", all is as it should be; "warning", the herd
//  copes, or somebody outside is wrong; "error", it does not pass by itself.
const char *
notice_level (notice_t notice);

#endif
