/*  =========================================================================
    store - the table on disk

    One more reader of the changes, which writes them to a file.  A generation
    is the whole table and what changed since; when it has become much larger
    than the table, the next is written beside it, and takes its place when it
    has all and is on the disk.  That is 8 MB a second at most, so that clients
    and the disk notice little of it; or as much as the disk takes, while it has
    no good generation.  What changed is written at least twice in
    sync_ms, and synced: so what was acknowledged more than sync_ms ago survives
    a power cut, as long as the disk syncs within half of that.

    At the start the present generation is read, a part at a turn, while the
    server serves.  Whatever fails costs no more than the disk: the server goes
    on without, a notice says so, and a new generation is begun.
    =========================================================================
*/

#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/metric.h"
#include "core/server.h"
#include "log/journal.h"
#include "loop/poller.h"
#include "store/calls.h"

//  After a failure a generation is begun at once, after a second in a row when
//  that long has passed, then twice as long each time, a minute at most.
#define STORE_RETRY_MS 5000

//  A generation may be twice the table, and so many bytes.
#define STORE_SPARE_SIZE 67108864

#define STORE_WHY_SIZE 320

typedef struct store_t store_t;

typedef struct {
    const char *folder;    //  Made if it is not there
    const char *herd;      //  Names: the tables of others are refused
    const char *server;    //
    int64_t sync_ms;       //
    int64_t retry_ms;      //  0 = STORE_RETRY_MS
    uint64_t spare_size;   //  0 = STORE_SPARE_SIZE
    const calls_t *calls;  //  NULL = the system's; borrowed
    journal_t *journal;    //  For notices; borrowed
} store_options_t;

//  As base/metric has it.
#define STORE_METRICS(X)                                                       \
    X (TRUTH, on, "store_on", NULL, "There is a table on disk.")               \
    X (TRUTH, good, "store_good", NULL,                                        \
        "The table on disk follows the changes.")                              \
    X (SIZE, generation, "store_generation", NULL,                             \
        "Number of the table on disk; 0 if none is good.")                     \
    X (SIZE, bytes, "store_bytes", NULL, "Bytes of the table on disk.")        \
    X (SIZE, behind, "store_lag_records", NULL,                                \
        "Records that the table on disk may lack, at most.")                   \
    X (GAUGE, synced, "store_synced_timestamp_seconds", NULL,                  \
        "POSIX time when all changes were last on the disk; 0 if never.")      \
    X (TIME, sync_ms, "store_sync_seconds", NULL,                              \
        "How long the last sync of the disk took.")                            \
    X (COUNT, written, "store_written_bytes", NULL,                            \
        "Bytes written to tables on disk.")                                    \
    X (COUNT, errors, "store_errors", NULL, "Calls of the disk that failed.")

typedef struct {
    STORE_METRICS (METRIC_FIELD)
    bool safe;  //  All that the server knows is on the disk
} store_counts_t;

//  Open the folder, lock it, and begin to read what there is.  Events that this
//  brings, EVENT_DISK_*, go to take.  Returns NULL, and one line without its
//  end in why, if it can't be had or is another's.
store_t *
store_new (poller_t *poller, const store_options_t *options, event_fn *take,
    void *context, char why [STORE_WHY_SIZE]);

//  Close the folder, with no more written than the thread was told, and set
//  *self_p to NULL.
void
store_destroy (store_t **self_p);

//  Keep the table of this server, which is borrowed: to be called before the
//  server's first event.
void
store_serve (store_t *self, server_t *server);

//  Return true until all that there was on the disk was taken.
bool
store_is_loading (const store_t *self);

//  Do what is due with the server's table: to be called at the end of every
//  turn.  Returns true if another turn is wanted at once.
bool
store_turn (store_t *self, int64_t now_ms);

//  Have all that the server knows on the disk, and wait for it: no longer than
//  patience_ms.  A notice says if that was not enough.
void
store_finish (store_t *self, int64_t patience_ms);

//  Return the counts; NULL is no store.
store_counts_t
store_counts (const store_t *self);

#endif
