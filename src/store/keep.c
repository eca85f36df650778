/*  =========================================================================
    keep - keeps the table on disk up with the one in memory
    =========================================================================
*/

#include "store/keep.h"

#include "loop/clock.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

//  Chunks that a turn fills for the present generation, and those that the next
//  one leaves to it
#define SLICE_PRESENT 4
#define FREE_PRESENT 32

//  Bytes that a turn hands over for the next one, a millisecond's share, as it
//  takes many turns: a hundred records, or some 30 microseconds, for which a
//  client has to wait.  In a hurry it fills so many chunks: more than clients
//  change meanwhile, or it would never have all
#define SLICE_NEXT_SIZE 8192
#define SLICE_HURRIED 16

//  Chunks that an INSTALL takes, with the marks before it
#define INSTALL_CHUNKS 3

//  A generation is at most so many times the table; if it has grown to so many
//  times that all the same, the next is written in a hurry
#define SIZE_TIMES 2
#define HURRY_TIMES 2

//  A try waits at most so many times as long as the first that waits
#define RETRY_TIMES 12


static int64_t
s_most_ms (const store_t *self)
{
    return RETRY_TIMES * self->retry_ms;
}


//  The first failure is noticed, and that what was good is so no more; then one
//  a while, with how many there were

static void
s_note_failure (store_t *self, const worker_failure_t *failure, int64_t now_ms)
{
    char count [48] = "";
    bool is_new = self->following ? self->wait_ms == 0 : !self->failed;
    self->failed |= !self->following;
    self->unnoted++;
    if (!is_new && now_ms - self->noted_ms < s_most_ms (self))
        return;
    if (self->unnoted > 1)
        snprintf (count, sizeof count, " (last of %" PRIu64 ")", self->unnoted);
    self->unnoted = 0;
    self->noted_ms = now_ms;
    journal_notice (self->journal, NOTICE_DISK_FAILED,
        "table on disk: %s: %s: %s%s",
        self->following ? "no new generation"
                        : "what is acknowledged now is not on it",
        failure->call, strerror (failure->error), count);
}


//  The next try is at once, or waits, twice as long each time, lest a disk that
//  has room for a generation, and for no more, is written full again and again

static void
s_fail (store_t *self, unsigned file, int64_t now_ms)
{
    const worker_failure_t *failure = &self->state.failures [file];
    bool was_good = self->installed_ms > self->failed_ms &&
                    now_ms - self->installed_ms >= s_most_ms (self);
    self->failures [file] = failure->count;
    if (file == WORKER_NEXT)
        self->building = self->installing = false;
    else
        self->following = false;
    if (was_good)
        self->wait_ms = 0;
    s_note_failure (self, failure, now_ms);
    self->begin_ms = now_ms + self->wait_ms;
    self->failed_ms = now_ms;
    self->wait_ms = self->wait_ms ? 2 * self->wait_ms : self->retry_ms;
    if (self->wait_ms > s_most_ms (self))
        self->wait_ms = s_most_ms (self);
}


//  All up to there is on the disk

static void
s_secure (store_t *self, int64_t ms)
{
    self->safe_ms = ms;
    self->safe_stored = self->mark_stored;
    self->synced_seconds = clock_now ().seconds;
}


static void
s_installed (store_t *self, int64_t now_ms)
{
    self->building = self->installing = false;
    self->following = self->state.number == self->number;
    if (!self->following)
        return;
    s_secure (self, self->mark_ms);
    self->installed_ms = now_ms;
    journal_notice (self->journal,
        self->failed ? NOTICE_DISK_WORKS : NOTICE_DISK_GENERATION,
        "table on disk%s: generation %" PRIu64 ", %" PRIu64 " bytes",
        self->failed ? " again" : "", self->number, self->state.size);
    self->failed = false;
}


void
keep_judge (store_t *self, int64_t now_ms)
{
    bool pending = self->marks != self->state.marks;
    self->state = worker_state (self->worker);
    for (unsigned file = 0; file < WORKER_FILES; file++)
        if (self->failures [file] != self->state.failures [file].count)
            s_fail (self, file, now_ms);
    if (self->installing && self->state.answered == self->number)
        s_installed (self, now_ms);
    else if (pending && self->marks == self->state.marks && self->following) {
        self->took_ms = now_ms - self->mark_ms;
        s_secure (self, self->mark_ms);
    }
}


//  Return how large a generation may grow

static uint64_t
s_most (const store_t *self)
{
    return SIZE_TIMES * table_lines_size (self->copies [0].table) +
           self->spare_size;
}


//  Return true if the next generation is to be written in a hurry: there is no
//  good one, or that grows, since clients change more than others are written

static bool
s_hurries (const store_t *self)
{
    return !self->following || self->state.size > HURRY_TIMES * s_most (self);
}


//  Hand over the next records.  Returns false if there are none, or no room

static bool
s_fill (store_t *self, copy_t *copy, bool next)
{
    bool paced = next && !s_hurries (self);
    uint64_t records = 0;
    chunks_t *chunks = worker_write (self->worker);
    chunk_t *chunk = copy_has_next (copy) ? chunks_room (chunks, false) : NULL;
    if (!chunk)
        return false;
    chunk->kind = CHUNK_RECORDS;
    chunk->next = next;
    chunk->paced = paced;
    chunk->size = copy_write (copy,
        paced ? SLICE_NEXT_SIZE : BLOCK_TEXT_SIZE_MAX, chunk->text, &records);
    chunks_put (chunks);
    self->unmarked |= !next;
    return true;
}


//  Tell the thread something else; there must be room for it

static void
s_order (store_t *self, chunk_kind_t kind, bool next)
{
    chunks_t *chunks = worker_write (self->worker);
    chunk_t *chunk = chunks_room (chunks, false);
    assert (chunk);
    chunk->kind = kind;
    chunk->next = next;
    chunk->number = self->number;
    chunk->room = table_lines_size (self->copies [0].table);
    if (kind == CHUNK_MARK)
        chunk->size = server_mark (self->server, chunk->text);
    chunks_put (chunks);
}


static void
s_mark (store_t *self, int64_t now_ms)
{
    s_order (self, CHUNK_MARK, false);
    self->marks++;
    self->mark_ms = now_ms;
    self->mark_stored = table_stored (self->copies [0].table);
    self->unmarked = false;
}


//  A sync may take half of sync_ms.  Within the other half all is handed over:
//  the turn that does it comes no more than a tick after it is due

static int64_t
s_pause_ms (const store_t *self)
{
    int64_t pause_ms = self->sync_ms / 2 - CORE_TICK_MS;
    return pause_ms > 0 ? pause_ms : 0;
}


//  A sync is asked for when all is handed over and the one before is done

void
keep_follow (store_t *self, int64_t now_ms)
{
    copy_t *copy = &self->copies [self->present];
    if (!self->following || self->marks != self->state.marks)
        return;
    self->draining |= now_ms >= self->due_ms;
    for (int count = 0; self->draining && count < SLICE_PRESENT; count++)
        if (!s_fill (self, copy, false))
            break;
    if (!self->draining || copy_has_next (copy) ||
        chunks_free (worker_write (self->worker)) == 0)
        return;
    self->draining = false;
    self->due_ms = now_ms + s_pause_ms (self);
    if (self->unmarked)
        s_mark (self, now_ms);
    else {
        self->safe_ms = now_ms;
        self->safe_stored = table_stored (copy->table);
    }
}


//  The next generation has all.  When the present one has, too, the first copy
//  or the other may follow whichever of the two it will be

static void
s_install (store_t *self, int64_t now_ms)
{
    copy_t *present = &self->copies [self->present];
    if (self->following) {
        if (self->marks != self->state.marks)
            return;
        while (s_fill (self, present, false))
            ;
        if (copy_has_next (present))
            return;
    }
    if (chunks_free (worker_write (self->worker)) < INSTALL_CHUNKS)
        return;
    if (self->following)
        s_mark (self, now_ms);
    s_order (self, CHUNK_MARK, true);
    s_order (self, CHUNK_INSTALL, true);
    self->mark_ms = now_ms;
    self->mark_stored = table_stored (present->table);
    self->present = !self->present;
    self->installing = true;
}


//  Begin a generation if there is none that is good, or it has grown large

static void
s_begin (store_t *self, int64_t now_ms)
{
    bool wanted = !self->following || self->state.damaged_size ||
                  self->state.size > s_most (self);
    if (!wanted || now_ms < self->begin_ms ||
        chunks_free (worker_write (self->worker)) == 0)
        return;
    self->number++;
    copy_restart (&self->copies [!self->present]);
    s_order (self, CHUNK_BEGIN, true);
    self->building = true;
}


//  While there is a good one that is not too large, the next has time: the
//  thread rests after each chunk of it, and then a turn fills another

void
keep_build (store_t *self, int64_t now_ms)
{
    copy_t *next = &self->copies [!self->present];
    if (!self->building) {
        s_begin (self, now_ms);
        return;
    }
    if (self->installing)
        return;
    unsigned least = self->following ? FREE_PRESENT : 1;
    int slice = s_hurries (self) ? SLICE_HURRIED : 1;
    for (int count = 0; count < slice; count++)
        if (chunks_free (worker_write (self->worker)) < least ||
            !s_fill (self, next, true))
            break;
    if (!copy_has_next (next))
        s_install (self, now_ms);
}


bool
keep_has_more (const store_t *self)
{
    bool hurries = !self->following && self->building && !self->installing;
    bool drains = self->draining && self->marks == self->state.marks;
    return (hurries || drains) &&
           chunks_free (worker_write (self->worker)) >= INSTALL_CHUNKS;
}


void
keep_watch (store_t *self, int64_t now_ms)
{
    int64_t age_ms = now_ms - self->safe_ms;
    if (!self->following)
        return;
    if (!self->late && age_ms > self->sync_ms)
        journal_notice (self->journal, NOTICE_DISK_SLOW,
            "table on disk: the disk is slow: what was acknowledged %" PRId64
            " ms ago is not on it",
            age_ms);
    else if (self->late && age_ms <= self->sync_ms / 2)
        journal_notice (self->journal, NOTICE_DISK_KEEPS_UP,
            "table on disk: the disk keeps up again");
    self->late = age_ms > (self->late ? self->sync_ms / 2 : self->sync_ms);
}


//  What newer locations made obsolete counts in that

uint64_t
keep_behind (const store_t *self)
{
    const table_t *table = self->copies [0].table;
    uint64_t most = table_count (table);
    uint64_t behind = table_stored (table) - self->safe_stored;
    bool knows = self->loading || self->following;
    return knows && behind < most ? behind : most;
}
