/*  =========================================================================
    keep - keeps the table on disk up with the one in memory

    The writing half of store/store: when changes are handed over to the thread,
    when a generation is begun, and what becomes of either.
    =========================================================================
*/

#ifndef STORE_KEEP_H
#define STORE_KEEP_H

#include "store/store.h"
#include "store/worker.h"
#include "table/copy.h"

struct store_t {
    server_t *server;
    copy_t copies [2];  //  What is to be written to the present and the next
    poller_t *poller;
    event_fn *take;
    void *context;
    journal_t *journal;
    int64_t sync_ms;
    int64_t retry_ms;
    uint64_t spare_size;
    files_t folder;
    worker_t *worker;
    worker_state_t state;  //  As it was at the start of the turn
    watcher_t told;        //  By the thread
    bool loading;
    bool following;        //  There is a present generation, and it is good
    bool building;         //  The next is begun
    bool installing;       //  It is told to take the other's place
    bool failed;           //  A notice said that the table is not on the disk
    bool late;             //  A notice said that the disk is slow
    bool draining;         //  What changed is being handed over
    bool unmarked;         //  Some was, since the last mark
    unsigned present;      //  Which of the copies it is
    uint64_t number;       //  Of the newest generation that was begun
    uint64_t marks;        //  Handed over
    int64_t mark_ms;       //  When the last one was
    uint64_t mark_stored;  //  How often the table had stored then
    int64_t due_ms;        //  When changes are to be handed over again
    int64_t safe_ms;       //  What was acknowledged before is on the disk
    uint64_t safe_stored;  //  Of what the table stored, so much is
    int64_t failed_ms;     //  When something failed last
    int64_t installed_ms;  //  When a generation took its place last
    int64_t begin_ms;      //  When a generation may be begun again
    int64_t wait_ms;       //  From the next failure to that
    int64_t noted_ms;      //  When a notice told of a failure
    uint64_t unnoted;      //  Failures since then
    int64_t took_ms;       //  By the last sync
    int64_t synced_seconds;
    uint64_t failures [WORKER_FILES];  //  Taken notice of
};

//  See what became of what the thread was told.
void
keep_judge (store_t *self, int64_t now_ms);

//  Hand over what changed, at least twice in sync_ms, and have it synced.
void
keep_follow (store_t *self, int64_t now_ms);

//  Write the next generation, if one is wanted.
void
keep_build (store_t *self, int64_t now_ms);

//  Return true if more can be handed over at once, and not only when the thread
//  has done something.
bool
keep_has_more (const store_t *self);

//  Return how many records the table on disk may lack, at most.
uint64_t
keep_behind (const store_t *self);

//  Say it if the promise is not kept, or is again.
void
keep_watch (store_t *self, int64_t now_ms);

#endif
